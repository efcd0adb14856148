/* src/model/cobro-developers.c — orders to the relay, and the lists that show what became of them.
 * Layer: model. Main thread. */
#include "cobro-developers.h"

#include "cobro-error.h"
#include "cobro-relay-keys.h"
#include "cobro-text.h"

#define DELIVERIES   "/v1/deliveries?limit=50"
#define DEAD_LETTERS DELIVERIES "&status=abandoned"
G_STATIC_ASSERT (COBRO_RELAY_PAGE == 50);

struct _CobroDevelopers
{
  GObject parent_instance;
  CobroSyncEngine *engine;
  CobroConnection *connection;
  CobroUndo *undo;
  CobroAsked *endpoints, *deliveries, *dead_letters, *keys, *devices, *state;
};

G_DEFINE_FINAL_TYPE (CobroDevelopers, cobro_developers, G_TYPE_OBJECT)

enum
{
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── The lists ── */

static const char *
endpoint_id (gconstpointer record)
{
  return ((const CobroWebhookEndpoint *)record)->id.text;
}

static const char *
delivery_id (gconstpointer record)
{
  return ((const CobroWebhookDelivery *)record)->id.text;
}

static const char *
key_id (gconstpointer record)
{
  return ((const CobroApiKey *)record)->id;
}

static const char *
device_id (gconstpointer record)
{
  return ((const CobroDevice *)record)->id;
}

static const char *
state_id (gconstpointer record)
{
  return "state"; /* there is one */
}

typedef gpointer (*Ref) (gpointer record);

static const CobroAskedSpec endpoints_spec = {
  "/v1/webhook-endpoints",          "developers-endpoints",
  cobro_relay_hooks_read_endpoints, endpoint_id,
  (Ref)cobro_webhook_endpoint_ref,  (GDestroyNotify)cobro_webhook_endpoint_unref
};
static const CobroAskedSpec deliveries_spec = { DELIVERIES,
                                                NULL,
                                                cobro_relay_hooks_read_deliveries,
                                                delivery_id,
                                                (Ref)cobro_webhook_delivery_ref,
                                                (GDestroyNotify)cobro_webhook_delivery_unref };
static const CobroAskedSpec dead_letters_spec = { DEAD_LETTERS,
                                                  NULL,
                                                  cobro_relay_hooks_read_deliveries,
                                                  delivery_id,
                                                  (Ref)cobro_webhook_delivery_ref,
                                                  (GDestroyNotify)cobro_webhook_delivery_unref };
static const CobroAskedSpec keys_spec = { "/v1/api-keys", "developers-keys",      cobro_relay_keys_read,
                                          key_id,         (Ref)cobro_api_key_ref, (GDestroyNotify)cobro_api_key_unref };
static const CobroAskedSpec devices_spec = { "/v1/devices", "developers-devices",  cobro_relay_keys_read_devices,
                                             device_id,     (Ref)cobro_device_ref, (GDestroyNotify)cobro_device_unref };
static const CobroAskedSpec state_spec = { "/v1/status",
                                           NULL,
                                           cobro_relay_hooks_read_state,
                                           state_id,
                                           (Ref)cobro_relay_state_ref,
                                           (GDestroyNotify)cobro_relay_state_unref };

CobroConnection *
cobro_developers_get_connection (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->connection;
}

CobroAsked *
cobro_developers_get_endpoints (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->endpoints;
}

CobroAsked *
cobro_developers_get_deliveries (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->deliveries;
}

CobroAsked *
cobro_developers_get_dead_letters (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->dead_letters;
}

CobroAsked *
cobro_developers_get_keys (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->keys;
}

CobroAsked *
cobro_developers_get_devices (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->devices;
}

CobroAsked *
cobro_developers_get_state (CobroDevelopers *self)
{
  g_return_val_if_fail (COBRO_IS_DEVELOPERS (self), NULL);

  return self->state;
}

/* ── Orders: what is asked on the thread of the call ── */

void
cobro_developer_answer_free (CobroDeveloperAnswer *answer)
{
  if (answer == NULL)
    return;
  if (answer->secret)
    cobro_text_wipe (answer->secret);
  cobro_webhook_delivery_unref (answer->delivery);
  g_strfreev (answer->dead_letters);
  g_free (answer);
}

typedef struct _Order Order;
typedef gboolean (*Carry) (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer,
                           GCancellable *cancellable, GError **error);

struct _Order
{
  Carry carry;
  CobroId id;
  char *text;  /* (nullable) an address, a name, the id of a key */
  GStrv words; /* (nullable) events, scopes, ids */
  gint is_active;
  CobroReplay *replay; /* lent (nullable) */
};

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->text);
  g_strfreev (order->words);
  g_free (order);
}

static gboolean
carry_put (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
           GError **error)
{
  CobroHookWish wish = {
    .id = order->id, .url = order->text, .events = (const char *const *)order->words, .is_active = order->is_active
  };
  g_autoptr (CobroWebhookEndpoint) endpoint =
    cobro_relay_hooks_put (client, &wish, &answer->secret, cancellable, error);

  if (endpoint == NULL)
    return FALSE;
  answer->endpoint_id = endpoint->id;
  return TRUE;
}

static gboolean
carry_rotate (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
              GError **error)
{
  answer->secret = cobro_relay_hooks_rotate (client, &order->id, &answer->old_until, cancellable, error);
  return answer->secret != NULL;
}

static gboolean
carry_test (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
            GError **error)
{
  return cobro_relay_hooks_test (client, &order->id, &answer->delivery_id, cancellable, error);
}

static gboolean
carry_delete (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
              GError **error)
{
  return cobro_relay_hooks_delete (client, &order->id, cancellable, error);
}

static gboolean
carry_restore (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
               GError **error)
{
  return cobro_relay_hooks_restore (client, &order->id, cancellable, error);
}

static gboolean
carry_look (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
            GError **error)
{
  answer->delivery = cobro_relay_hooks_get_delivery (client, &order->id, cancellable, error);
  return answer->delivery != NULL;
}

/* One that cannot be sent keeps no other from it. */
static gboolean
carry_retry (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
             GError **error)
{
  for (guint i = 0; order->words[i] != NULL && !(order->replay && g_atomic_int_get (&order->replay->stop)); i++)
    {
      g_autoptr (GError) failure = NULL;
      CobroId id;

      if (!cobro_id_parse (COBRO_ID_DELIVERY, order->words[i], &id, error))
        return FALSE;
      if (cobro_relay_hooks_retry (client, &id, cancellable, &failure))
        answer->n++;
      else if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_STATE) ||
               g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
        answer->refused++;
      else
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (order->replay)
        g_atomic_int_inc (&order->replay->done);
    }
  return TRUE;
}

/* One page of them. */
static gboolean
read_dead_letters (CobroRelayClient *client, const char *path, GPtrArray *ids, char **out_next,
                   GCancellable *cancellable, GError **error)
{
  g_autofree char *text = cobro_relay_hooks_get (client, path, cancellable, error);
  g_autoptr (GPtrArray) page = text != NULL ? cobro_relay_hooks_read_deliveries (text, out_next, error) : NULL;

  for (guint i = 0; page != NULL && i < page->len; i++)
    g_ptr_array_add (ids, g_strdup (delivery_id (page->pdata[i])));
  return page != NULL;
}

static gboolean
carry_list_dead_letters (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free); /* the newest first */
  g_autofree char *path = g_strdup (DEAD_LETTERS);

  while (path != NULL)
    {
      g_autofree char *next = NULL;

      if (!read_dead_letters (client, path, ids, &next, cancellable, error))
        return FALSE;
      g_free (path);
      path = next != NULL ? g_strconcat (DEAD_LETTERS, "&cursor=", next, NULL) : NULL;
    }
  answer->dead_letters = g_new0 (char *, ids->len + 1);
  for (guint i = 0; i < ids->len; i++)
    answer->dead_letters[i] = g_strdup (ids->pdata[ids->len - 1 - i]);
  return TRUE;
}

static gboolean
carry_make_key (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
                GError **error)
{
  answer->secret = cobro_relay_keys_make (client, order->text, (const char *const *)order->words, cancellable, error);
  return answer->secret != NULL;
}

static gboolean
carry_revoke_key (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer, GCancellable *cancellable,
                  GError **error)
{
  return cobro_relay_keys_revoke (client, order->text, cancellable, error);
}

static gboolean
carry_revoke_device (CobroRelayClient *client, const Order *order, CobroDeveloperAnswer *answer,
                     GCancellable *cancellable, GError **error)
{
  return cobro_relay_keys_revoke_device (client, order->text, cancellable, error);
}

static gpointer
carry_out (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  const Order *order = data;
  CobroDeveloperAnswer *answer = g_new0 (CobroDeveloperAnswer, 1);

  if (order->carry (client, order, answer, cancellable, error))
    return answer;
  cobro_developer_answer_free (answer);
  return NULL;
}

/* ── Orders: on the main thread ── */

static void
refresh_all (CobroDevelopers *self)
{
  CobroAsked *all[] = { self->endpoints, self->deliveries, self->dead_letters, self->keys, self->devices, self->state };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (cobro_asked_get_known (all[i]))
      cobro_asked_refresh (all[i]);
}

static void
on_carried_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroDevelopers *self = g_task_get_source_object (task);
  GError *error = NULL;
  CobroDeveloperAnswer *answer = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  if (!answer)
    return g_task_return_error (task, error);
  if (!answer->delivery && !answer->dead_letters) /* these were only looked at */
    refresh_all (self);
  g_task_return_pointer (task, answer, (GDestroyNotify)cobro_developer_answer_free);
}

/* Takes @order. */
static void
send_order (CobroDevelopers *self, Order *order, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cobro_developers_finish);
  g_task_set_check_cancellable (task, FALSE); /* a secret that was made is told: it exists only here */
  cobro_sync_engine_call_async (self->engine, carry_out, order, order_free, (GDestroyNotify)cobro_developer_answer_free,
                                cancellable, on_carried_out_cb, task);
}

static Order *
order_new (Carry carry, const char *text, const char *const *words)
{
  Order *order = g_new0 (Order, 1);

  *order = (Order){ .carry = carry, .text = g_strdup (text), .words = g_strdupv ((GStrv)words), .is_active = -1 };
  return order;
}

static Order *
order_about (Carry carry, CobroIdKind kind, const char *id)
{
  Order *order = order_new (carry, NULL, NULL);

  if (!cobro_id_parse (kind, id, &order->id, NULL))
    g_critical ("this is no id of that kind: %s", id);
  return order;
}

void
cobro_developers_put_endpoint_async (CobroDevelopers *self, const char *id, const char *url, const char *const *events,
                                     gint is_active, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  Order *order;

  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  order = id ? order_about (carry_put, COBRO_ID_WEBHOOK, id) : order_new (carry_put, NULL, NULL);
  order->text = g_strdup (url);
  order->words = g_strdupv ((GStrv)events);
  order->is_active = is_active;
  send_order (self, order, cancellable, callback, user_data);
}

void
cobro_developers_rotate_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_about (carry_rotate, COBRO_ID_WEBHOOK, id), cancellable, callback, user_data);
}

void
cobro_developers_test_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_about (carry_test, COBRO_ID_WEBHOOK, id), cancellable, callback, user_data);
}

void
cobro_developers_get_delivery_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_about (carry_look, COBRO_ID_DELIVERY, id), cancellable, callback, user_data);
}

void
cobro_developers_retry_async (CobroDevelopers *self, const char *const *ids, CobroReplay *replay,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Order *order;

  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  order = order_new (carry_retry, NULL, ids);
  order->replay = replay;
  send_order (self, order, cancellable, callback, user_data);
}

void
cobro_developers_list_dead_letters_async (CobroDevelopers *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_new (carry_list_dead_letters, NULL, NULL), cancellable, callback, user_data);
}

void
cobro_developers_make_key_async (CobroDevelopers *self, const char *name, const char *const *scopes,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_new (carry_make_key, name, scopes), cancellable, callback, user_data);
}

void
cobro_developers_revoke_key_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_new (carry_revoke_key, id, NULL), cancellable, callback, user_data);
}

void
cobro_developers_revoke_device_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  send_order (self, order_new (carry_revoke_device, id, NULL), cancellable, callback, user_data);
}

CobroDeveloperAnswer *
cobro_developers_finish (CobroDevelopers *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_developers_finish), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ── Deleting, and taking that back ── */

/* What was deleted. Weak, for the steps that can be taken back are kept as long as the models are. */
typedef struct
{
  GWeakRef self;
  char *id;
} Deleted;

static void
deleted_free (gpointer data)
{
  Deleted *deleted = data;

  g_weak_ref_clear (&deleted->self);
  g_free (deleted->id);
  g_free (deleted);
}

static void
on_restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroDevelopers *self = COBRO_DEVELOPERS (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (self, result, &error);

  if (!answer)
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
restore (gpointer data)
{
  Deleted *deleted = data;
  g_autoptr (CobroDevelopers) self = g_weak_ref_get (&deleted->self);

  if (self)
    send_order (self, order_about (carry_restore, COBRO_ID_WEBHOOK, deleted->id), NULL, on_restored_cb, NULL);
}

/* On its way. */
typedef struct
{
  GTask *task;
  char *id, *done;
} Deletion;

static void
on_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroDevelopers *self = COBRO_DEVELOPERS (source);
  g_autofree Deletion *deletion = user_data;
  g_autoptr (GTask) task = deletion->task;
  g_autofree char *done = deletion->done;
  GError *error = NULL;
  CobroDeveloperAnswer *answer = cobro_developers_finish (self, result, &error);
  Deleted *deleted;

  if (!answer)
    {
      g_free (deletion->id);
      return g_task_return_error (task, error);
    }
  deleted = g_new0 (Deleted, 1);
  g_weak_ref_init (&deleted->self, self);
  deleted->id = deletion->id;
  cobro_undo_push (self->undo, done, restore, deleted, deleted_free);
  g_task_return_pointer (task, answer, (GDestroyNotify)cobro_developer_answer_free);
}

void
cobro_developers_delete_endpoint_async (CobroDevelopers *self, const char *id, const char *done,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Deletion *deletion;

  g_return_if_fail (COBRO_IS_DEVELOPERS (self));

  deletion = g_new (Deletion, 1);
  *deletion = (Deletion){ .task = g_task_new (self, cancellable, callback, user_data),
                          .id = g_strdup (id),
                          .done = g_strdup (done) };
  g_task_set_source_tag (deletion->task, cobro_developers_finish);
  g_task_set_check_cancellable (deletion->task, FALSE); /* it is gone, whoever looks */
  send_order (self, order_about (carry_delete, COBRO_ID_WEBHOOK, id), cancellable, on_deleted_cb, deletion);
}

/* ── The object ── */

static void
cobro_developers_dispose (GObject *object)
{
  CobroDevelopers *self = COBRO_DEVELOPERS (object);

  g_clear_object (&self->endpoints);
  g_clear_object (&self->deliveries);
  g_clear_object (&self->dead_letters);
  g_clear_object (&self->keys);
  g_clear_object (&self->devices);
  g_clear_object (&self->state);
  g_clear_object (&self->undo);
  g_clear_object (&self->connection);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (cobro_developers_parent_class)->dispose (object);
}

static void
cobro_developers_class_init (CobroDevelopersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cobro_developers_dispose;
  signals[FAILED] = g_signal_new ("failed", COBRO_TYPE_DEVELOPERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_ERROR);
}

static void
cobro_developers_init (CobroDevelopers *self)
{
}

CobroDevelopers *
cobro_developers_new (CobroStore *store, CobroSyncEngine *engine, CobroConnection *connection, CobroUndo *undo)
{
  CobroDevelopers *self = g_object_new (COBRO_TYPE_DEVELOPERS, NULL);

  self->engine = g_object_ref (engine);
  self->connection = g_object_ref (connection);
  self->undo = g_object_ref (undo);
  self->endpoints = cobro_asked_new (&endpoints_spec, store, engine, connection);
  self->deliveries = cobro_asked_new (&deliveries_spec, store, engine, connection);
  self->dead_letters = cobro_asked_new (&dead_letters_spec, store, engine, connection);
  self->keys = cobro_asked_new (&keys_spec, store, engine, connection);
  self->devices = cobro_asked_new (&devices_spec, store, engine, connection);
  self->state = cobro_asked_new (&state_spec, store, engine, connection);
  return self;
}
