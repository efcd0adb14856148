/* src/model/cobro-business.h — who is paid: the merchant's profile, live.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-civil.h"
#include "cobro-merchant.h"
#include "cobro-store.h"

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

G_END_DECLS
