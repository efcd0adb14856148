/* relay/store/relay-product-store.h — products, kept for the desktops of one merchant and for invoices made over the
 * API. Layer: relay/store. */
#pragma once
#include "cobro-product.h"
#include "relay-store.h"

/* Makes or replaces; rev as given. @edited: (nullable). */
gboolean relay_product_put (RelayTx *tx, const CobroId *merchant_id, const CobroProduct *product, const char *edited,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. @out_edited: (optional) (nullable). */
CobroProduct *relay_product_find (CobroDb *db, const CobroId *merchant_id, const CobroId *id, char **out_edited,
                                  GError **error);
