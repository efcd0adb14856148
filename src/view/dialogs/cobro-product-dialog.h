/* src/view/dialogs/cobro-product-dialog.h — a product: written down, or changed.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-products.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PRODUCT_DIALOG (cobro_product_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroProductDialog, cobro_product_dialog, COBRO, PRODUCT_DIALOG, AdwWindow)

/* @product: (nullable): what is changed; NULL: something new. @business: whose rates and currency it begins with. */
CobroProductDialog *cobro_product_dialog_new (GtkWindow *parent, CobroProducts *products, CobroBusiness *business,
                                              const CobroProduct *product);
/* The relay did not take it: says why, until something is changed. */
void cobro_product_dialog_say_refused (CobroProductDialog *self, const char *reason);

G_END_DECLS
