/* src/model/cobro-business.c — who is paid: the merchant's profile, live.
 * Layer: model. Main thread. */
#include "cobro-business.h"

#include "cobro-forward.h"
#include "cobro-logo-store.h"
#include "cobro-profile-store.h"

struct _CobroBusiness
{
  GObject parent_instance;
  CobroStore *store;
  CobroMerchant *merchant;
  GCancellable *cancellable;
  guint writing; /* writes under way: what they bring back is older than what is here */
};

G_DEFINE_FINAL_TYPE (CobroBusiness, cobro_business, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
take_merchant (CobroBusiness *self, CobroMerchant *merchant)
{
  g_clear_pointer (&self->merchant, cobro_merchant_unref);
  self->merchant = merchant;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  CobroBusiness *self = user_data;
  CobroMerchant *merchant;

  if (!(change->kinds & COBRO_STORE_MERCHANT) || self->writing > 0)
    return;

  merchant = cobro_merchant_store_load (store, NULL);
  if (merchant)
    take_merchant (self, merchant);
}

static void
on_merchant_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBusiness) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroMerchant *stored = cobro_merchant_store_put_finish (COBRO_STORE (source), result, &error);

  self->writing--;
  if (stored && self->writing == 0)
    take_merchant (self, stored);
  else if (stored)
    cobro_merchant_unref (stored);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
cobro_business_dispose (GObject *object)
{
  CobroBusiness *self = COBRO_BUSINESS (object);

  g_cancellable_cancel (self->cancellable);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_business_parent_class)->dispose (object);
}

static void
cobro_business_finalize (GObject *object)
{
  CobroBusiness *self = COBRO_BUSINESS (object);

  g_clear_pointer (&self->merchant, cobro_merchant_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_business_parent_class)->finalize (object);
}

static void
cobro_business_class_init (CobroBusinessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_business_dispose;
  object_class->finalize = cobro_business_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_BUSINESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_BUSINESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_business_init (CobroBusiness *self)
{
  self->cancellable = g_cancellable_new ();
}

CobroBusiness *
cobro_business_new (CobroStore *store)
{
  CobroBusiness *self = g_object_new (COBRO_TYPE_BUSINESS, NULL);

  self->store = g_object_ref (store);
  self->merchant = cobro_merchant_store_load (store, NULL);
  if (!self->merchant)
    self->merchant = cobro_merchant_new ();
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
  return self;
}

const CobroMerchant *
cobro_business_get_merchant (CobroBusiness *self)
{
  g_return_val_if_fail (COBRO_IS_BUSINESS (self), NULL);

  return self->merchant;
}

gboolean
cobro_business_set_merchant (CobroBusiness *self, CobroMerchant *merchant, GError **error)
{
  g_return_val_if_fail (COBRO_IS_BUSINESS (self), FALSE);

  if (!cobro_merchant_validate (merchant, error))
    return FALSE;

  self->writing++;
  cobro_merchant_store_put_async (self->store, merchant, self->cancellable, on_merchant_put_cb, g_object_ref (self));
  take_merchant (self, cobro_merchant_ref (merchant));
  return TRUE;
}

CobroCurrency
cobro_business_get_currency (CobroBusiness *self)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  g_return_val_if_fail (COBRO_IS_BUSINESS (self), COBRO_CURRENCY_NONE);

  if (*self->merchant->currency && cobro_currency_from_code (self->merchant->currency, &currency, NULL))
    return currency;
  return COBRO_CURRENCY_NONE;
}

CobroMerchant *
cobro_business_dup_merchant (CobroBusiness *self)
{
  g_return_val_if_fail (COBRO_IS_BUSINESS (self), NULL);

  return cobro_merchant_copy (self->merchant);
}

CobroDay
cobro_business_get_today (CobroBusiness *self)
{
  g_return_val_if_fail (COBRO_IS_BUSINESS (self), 0);

  return cobro_day_of_time (cobro_clock_now (cobro_store_get_clock (self->store)), self->merchant->time_zone);
}

/* ── Logo and numbers ── */

GBytes *
cobro_business_dup_logo (CobroBusiness *self)
{
  g_return_val_if_fail (COBRO_IS_BUSINESS (self), NULL);

  return cobro_logo_store_load (self->store, NULL);
}

static gpointer
finish_logo (CobroStore *store, GAsyncResult *result, GError **error)
{
  return GINT_TO_POINTER (cobro_logo_store_put_finish (store, result, error));
}

void
cobro_business_put_logo_async (CobroBusiness *self, GBytes *picture, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_BUSINESS (self));

  cobro_logo_store_put_async (self->store, picture, cancellable, cobro_forward_cb,
                              cobro_forward_new (self, cancellable, finish_logo, NULL, callback, user_data));
}

gboolean
cobro_business_put_logo_finish (CobroBusiness *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error) != NULL;
}

static GTask *
forward_number (CobroBusiness *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  return cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_series_store_finish,
                            (GDestroyNotify)cobro_numbering_free, callback, user_data);
}

void
cobro_business_peek_number_async (CobroBusiness *self, CobroInvoiceKind kind, const char *pattern,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_BUSINESS (self));

  cobro_series_store_peek_async (self->store, kind, pattern, cancellable, cobro_forward_cb,
                                 forward_number (self, cancellable, callback, user_data));
}

void
cobro_business_set_next_async (CobroBusiness *self, CobroInvoiceKind kind, gint64 next, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_BUSINESS (self));

  cobro_series_store_set_next_async (self->store, kind, next, cancellable, cobro_forward_cb,
                                     forward_number (self, cancellable, callback, user_data));
}

void
cobro_business_set_prefix_async (CobroBusiness *self, CobroInvoiceKind kind, const char *prefix,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_BUSINESS (self));

  cobro_series_store_set_prefix_async (self->store, kind, prefix, cancellable, cobro_forward_cb,
                                       forward_number (self, cancellable, callback, user_data));
}

CobroNumbering *
cobro_business_number_finish (CobroBusiness *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}
