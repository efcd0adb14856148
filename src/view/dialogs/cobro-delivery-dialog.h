/* src/view/dialogs/cobro-delivery-dialog.h — one event on its way to one endpoint: every try, and what was answered.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-developers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_DELIVERY_DIALOG (cobro_delivery_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroDeliveryDialog, cobro_delivery_dialog, COBRO, DELIVERY_DIALOG, AdwWindow)

/* @id: of the delivery. */
CobroDeliveryDialog *cobro_delivery_dialog_new (GtkWindow *parent, CobroDevelopers *developers, const char *id);

G_END_DECLS
