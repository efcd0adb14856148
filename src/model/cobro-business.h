/* src/model/cobro-business.h — who is paid: the merchant's profile, live.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-civil.h"
#include "cobro-merchant.h"
#include "cobro-series-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BUSINESS (cobro_business_get_type ())
G_DECLARE_FINAL_TYPE (CobroBusiness, cobro_business, COBRO, BUSINESS, GObject)

/* Signals: "changed"; "failed" (GError): it could not be kept. */

CobroBusiness *cobro_business_new (CobroStore *store);
/* Lent until "changed". Never NULL; the name may be "" before anybody gave one. */
const CobroMerchant *cobro_business_get_merchant (CobroBusiness *self);
/* Keeps a changed copy (made by cobro_business_dup_merchant()), at once here and soon in the books. FALSE with the path
 * when a field breaks a rule. */
gboolean cobro_business_set_merchant (CobroBusiness *self, CobroMerchant *merchant, GError **error);
/* (transfer full) a copy that may be written. */
CobroMerchant *cobro_business_dup_merchant (CobroBusiness *self);
/* The currency that a new link begins with; none when nobody chose one yet. */
CobroCurrency cobro_business_get_currency (CobroBusiness *self);
/* The merchant's civil date. */
CobroDay cobro_business_get_today (CobroBusiness *self);

/* (transfer full) (nullable) the picture for documents. Reads the books. */
GBytes *cobro_business_dup_logo (CobroBusiness *self);
/* Keeps another one (PNG or JPEG); NULL takes it away. COBRO_ERROR_INVALID, _TOO_LARGE. */
void cobro_business_put_logo_async (CobroBusiness *self, GBytes *picture, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_business_put_logo_finish (CobroBusiness *self, GAsyncResult *result, GError **error);

/* How documents of a kind are numbered here; @pattern: (nullable): one that is being typed. Free it with
 * cobro_numbering_free(). */
void cobro_business_peek_number_async (CobroBusiness *self, CobroInvoiceKind kind, const char *pattern,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The next number; COBRO_ERROR_INVALID when it was given out already. */
void cobro_business_set_next_async (CobroBusiness *self, CobroInvoiceKind kind, gint64 next, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* Of both. (transfer full) */
/* As cobro_series_store_set_prefix_async(). */
void cobro_business_set_prefix_async (CobroBusiness *self, CobroInvoiceKind kind, const char *prefix,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
CobroNumbering *cobro_business_number_finish (CobroBusiness *self, GAsyncResult *result, GError **error);

G_END_DECLS
