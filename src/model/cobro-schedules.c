/* src/model/cobro-schedules.c — invoices that are issued again and again: the schedules, as a service.
 * Layer: model. Main thread. */
#include "cobro-schedules.h"

#include "cobro-forward.h"

struct _CobroSchedules
{
  GObject parent_instance;
  CobroStore *store;
};

G_DEFINE_FINAL_TYPE (CobroSchedules, cobro_schedules, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  if (change->kinds & (COBRO_STORE_RECURRING | COBRO_STORE_INVOICES))
    g_signal_emit (user_data, signals[CHANGED], 0);
}

static void
cobro_schedules_dispose (GObject *object)
{
  CobroSchedules *self = COBRO_SCHEDULES (object);

  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_schedules_parent_class)->dispose (object);
}

static void
cobro_schedules_class_init (CobroSchedulesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cobro_schedules_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_SCHEDULES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_schedules_init (CobroSchedules *self)
{
}

CobroSchedules *
cobro_schedules_new (CobroStore *store)
{
  CobroSchedules *self = g_object_new (COBRO_TYPE_SCHEDULES, NULL);

  self->store = g_object_ref (store);
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
  return self;
}

CobroDay
cobro_schedules_get_today (CobroSchedules *self)
{
  g_return_val_if_fail (COBRO_IS_SCHEDULES (self), 0);

  return cobro_store_today (self->store);
}

void
cobro_schedules_list_async (CobroSchedules *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (COBRO_IS_SCHEDULES (self));

  cobro_recurring_store_list_async (
    self->store, cancellable, cobro_forward_cb,
    cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_recurring_store_list_finish,
                       (GDestroyNotify)g_ptr_array_unref, callback, user_data));
}

GPtrArray *
cobro_schedules_list_finish (CobroSchedules *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}

void
cobro_schedules_put_async (CobroSchedules *self, const CobroRecurring *recurring, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_SCHEDULES (self));

  cobro_recurring_store_put_async (
    self->store, recurring, cancellable, cobro_forward_cb,
    cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_recurring_store_put_finish,
                       (GDestroyNotify)cobro_recurring_record_unref, callback, user_data));
}

CobroRecurringRecord *
cobro_schedules_put_finish (CobroSchedules *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}
