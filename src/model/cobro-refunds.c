/* src/model/cobro-refunds.c — giving money back.
 * Layer: model. Main thread. */
#include "cobro-refunds.h"

#include "cobro-error.h"
#include "cobro-sync-refund.h"

/* The relay was reached and could not say: it is asked again after this. */
#define AGAIN_SECONDS 5

struct _CobroRefunds
{
  GObject parent_instance;
  CobroStore *store;
  CobroSyncEngine *engine;
  CobroConnection *connection;
  GCancellable *cancellable;
  GHashTable *asking; /* (element-type utf8) ids of orders that the relay is being asked for */
  guint again_id;
  gboolean was_reachable;
};

G_DEFINE_FINAL_TYPE (CobroRefunds, cobro_refunds, G_TYPE_OBJECT)

void
cobro_refund_outcome_free (CobroRefundOutcome *outcome)
{
  if (!outcome)
    return;

  g_free (outcome->problem);
  g_clear_pointer (&outcome->refund, cobro_refund_unref);
  g_free (outcome);
}

static CobroRefundOutcome *
outcome_new (CobroRefundOrderState state, const char *problem, CobroRefund *take_refund)
{
  CobroRefundOutcome *outcome = g_new0 (CobroRefundOutcome, 1);

  *outcome = (CobroRefundOutcome){ .state = state, .problem = g_strdup (problem), .refund = take_refund };
  return outcome;
}

CobroId
cobro_refunds_new_id (CobroRefunds *self)
{
  return cobro_id_new (COBRO_ID_OPERATION, cobro_store_get_clock (self->store), cobro_store_get_random (self->store));
}

gboolean
cobro_refunds_can_ask (CobroRefunds *self)
{
  CobroConnectionState state;

  g_return_val_if_fail (COBRO_IS_REFUNDS (self), FALSE);

  state = cobro_connection_get_state (self->connection);
  return state == COBRO_CONNECTION_ONLINE || state == COBRO_CONNECTION_SYNCING;
}

/* ── Asking (on the call's thread) ── */

typedef struct
{
  CobroStore *store;
  CobroId id;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->store);
  g_free (asking);
}

static gpointer
ask (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Asking *asking = data;
  CobroRefund *refund = NULL;
  g_autoptr (CobroRefundOrder) order =
    cobro_sync_refund_once (asking->store, client, &asking->id, &refund, cancellable, error);
  CobroRefundOutcome *outcome;

  if (!order)
    return NULL;
  outcome = outcome_new (order->state, order->problem, refund);
  outcome->noted = cobro_id_is_set (&order->note_id);
  return outcome;
}

static void
ask_async (CobroRefunds *self, const CobroId *id, GAsyncReadyCallback callback, gpointer user_data)
{
  Asking *asking = g_new0 (Asking, 1);

  *asking = (Asking){ .store = g_object_ref (self->store), .id = *id };
  g_hash_table_add (self->asking, g_strdup (id->text));
  cobro_sync_engine_call_async (self->engine, ask, asking, asking_free, (GDestroyNotify)cobro_refund_outcome_free,
                                self->cancellable, callback, user_data);
}

/* ── What was left open ── */

static void take_up (CobroRefunds *self);

static gboolean
on_again_cb (gpointer data)
{
  CobroRefunds *self = data;

  self->again_id = 0;
  take_up (self);
  return G_SOURCE_REMOVE;
}

static void
take_up_later (CobroRefunds *self)
{
  if (self->again_id == 0 && !g_cancellable_is_cancelled (self->cancellable))
    self->again_id = g_timeout_add_seconds (AGAIN_SECONDS, on_again_cb, self);
}

typedef struct
{
  CobroRefunds *refunds;
  CobroId id;
} TakenUp;

static void
on_taken_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree TakenUp *taken = user_data;
  g_autoptr (CobroRefunds) self = taken->refunds;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroRefundOutcome) outcome = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  g_hash_table_remove (self->asking, taken->id.text);
  if (!outcome || outcome->state == COBRO_REFUND_ORDER_ASKED)
    take_up_later (self);
}

static void
take_up (CobroRefunds *self)
{
  g_autoptr (GPtrArray) orders = NULL;

  if (!cobro_refunds_can_ask (self) || !(orders = cobro_refund_order_list_open (self->store, NULL)))
    return;

  for (guint i = 0; i < orders->len; i++)
    {
      const CobroRefundOrder *order = orders->pdata[i];
      TakenUp *taken;

      if (g_hash_table_contains (self->asking, order->id.text))
        continue;
      if (order->due > cobro_clock_now (cobro_store_get_clock (self->store)))
        {
          take_up_later (self);
          continue;
        }
      taken = g_new0 (TakenUp, 1);
      *taken = (TakenUp){ .refunds = g_object_ref (self), .id = order->id };
      ask_async (self, &order->id, on_taken_up_cb, taken);
    }
}

static void
on_connection_changed_cb (CobroRefunds *self)
{
  gboolean reachable = cobro_refunds_can_ask (self);
  gboolean came_back = reachable && !self->was_reachable;

  self->was_reachable = reachable;
  if (came_back)
    take_up (self);
}

void
cobro_refunds_take_up (CobroRefunds *self)
{
  g_return_if_fail (COBRO_IS_REFUNDS (self));

  take_up (self);
}

/* ── Giving an order ── */

static void
on_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroRefunds *self = g_task_get_source_object (task);
  const CobroId *id = g_task_get_task_data (task);
  GError *error = NULL;
  CobroRefundOutcome *outcome = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  g_hash_table_remove (self->asking, id->text);
  if (!outcome)
    return g_task_return_error (task, error);
  if (outcome->state == COBRO_REFUND_ORDER_ASKED)
    take_up_later (self);
  g_task_return_pointer (task, outcome, (GDestroyNotify)cobro_refund_outcome_free);
}

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroRefunds *self = g_task_get_source_object (task);
  const CobroId *id = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cobro_refund_order_finish (COBRO_STORE (source), result, &error))
    return g_task_return_error (task, error);
  if (cobro_refunds_can_ask (self) && !g_hash_table_contains (self->asking, id->text))
    return ask_async (self, id, on_asked_cb, g_object_ref (task));
  g_task_return_pointer (task, outcome_new (COBRO_REFUND_ORDER_WAITING, "", NULL),
                         (GDestroyNotify)cobro_refund_outcome_free);
}

void
cobro_refunds_give_async (CobroRefunds *self, const CobroRefundOrder *order, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_REFUNDS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_refunds_give_async);
  g_task_set_task_data (task, g_memdup2 (&order->id, sizeof order->id), g_free);
  g_task_set_check_cancellable (task, FALSE);
  cobro_refund_order_put_async (self->store, order, self->cancellable, on_put_cb, task);
}

CobroRefundOutcome *
cobro_refunds_give_finish (CobroRefunds *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_dropped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cobro_refund_order_finish (COBRO_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
cobro_refunds_drop_async (CobroRefunds *self, const CobroId *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_REFUNDS (self));

  cobro_refund_order_drop_async (self->store, id, self->cancellable, on_dropped_cb,
                                 g_task_new (self, self->cancellable, callback, user_data));
}

gboolean
cobro_refunds_drop_finish (CobroRefunds *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ── The object ── */

static void
cobro_refunds_dispose (GObject *object)
{
  CobroRefunds *self = COBRO_REFUNDS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->again_id, g_source_remove);
  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_refunds_parent_class)->dispose (object);
}

static void
cobro_refunds_finalize (GObject *object)
{
  CobroRefunds *self = COBRO_REFUNDS (object);

  g_hash_table_unref (self->asking);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_refunds_parent_class)->finalize (object);
}

static void
cobro_refunds_class_init (CobroRefundsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_refunds_dispose;
  object_class->finalize = cobro_refunds_finalize;
}

static void
cobro_refunds_init (CobroRefunds *self)
{
  self->cancellable = g_cancellable_new ();
  self->asking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CobroRefunds *
cobro_refunds_new (CobroLinks *links, CobroSyncEngine *engine, CobroConnection *connection)
{
  CobroRefunds *self = g_object_new (COBRO_TYPE_REFUNDS, NULL);

  self->store = g_object_ref (cobro_links_get_store (links));
  self->engine = g_object_ref (engine);
  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (on_connection_changed_cb), self);
  on_connection_changed_cb (self);
  return self;
}
