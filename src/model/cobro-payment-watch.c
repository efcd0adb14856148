/* src/model/cobro-payment-watch.c — one payment with its refunds, read again whenever the books hear something.
 * Layer: model. Main thread. */
#include "cobro-payment-watch.h"

struct _CobroPaymentWatch
{
  GObject parent_instance;
  CobroStore *store;
  CobroId payment_id;
  CobroPaymentDetail *detail;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroPaymentWatch, cobro_payment_watch, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroPaymentWatch) self = user_data;
  CobroPaymentDetail *detail = cobro_payment_detail_finish (COBRO_STORE (source), result, NULL);

  if (!detail)
    return;
  if (g_cancellable_is_cancelled (self->cancellable))
    return cobro_payment_detail_free (detail);

  g_clear_pointer (&self->detail, cobro_payment_detail_free);
  self->detail = detail;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
read_again (CobroPaymentWatch *self)
{
  cobro_payment_detail_async (self->store, &self->payment_id, self->cancellable, on_read_cb, g_object_ref (self));
}

static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  if (change->kinds & COBRO_STORE_PAYMENTS)
    read_again (user_data);
}

static void
cobro_payment_watch_dispose (GObject *object)
{
  CobroPaymentWatch *self = COBRO_PAYMENT_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_payment_watch_parent_class)->dispose (object);
}

static void
cobro_payment_watch_finalize (GObject *object)
{
  CobroPaymentWatch *self = COBRO_PAYMENT_WATCH (object);

  g_clear_pointer (&self->detail, cobro_payment_detail_free);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_payment_watch_parent_class)->finalize (object);
}

static void
cobro_payment_watch_class_init (CobroPaymentWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_payment_watch_dispose;
  object_class->finalize = cobro_payment_watch_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_PAYMENT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_payment_watch_init (CobroPaymentWatch *self)
{
  self->cancellable = g_cancellable_new ();
}

CobroPaymentWatch *
cobro_payment_watch_new (CobroLinks *links, const CobroId *payment_id)
{
  CobroPaymentWatch *self = g_object_new (COBRO_TYPE_PAYMENT_WATCH, NULL);

  self->store = g_object_ref (cobro_links_get_store (links));
  self->payment_id = *payment_id;
  g_signal_connect (self->store, "changed", G_CALLBACK (on_store_changed_cb), self);
  read_again (self);
  return self;
}

const CobroPaymentDetail *
cobro_payment_watch_get_detail (CobroPaymentWatch *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_WATCH (self), NULL);

  return self->detail;
}
