/* src/view/dialogs/cobro-endpoint-dialog.h — a webhook endpoint: added, changed, tried, given a new secret, deleted.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-developers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ENDPOINT_DIALOG (cobro_endpoint_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroEndpointDialog, cobro_endpoint_dialog, COBRO, ENDPOINT_DIALOG, AdwWindow)

/* @item: (nullable): of CobroWebhookEndpoint; a new one. */
CobroEndpointDialog *cobro_endpoint_dialog_new (GtkWindow *parent, CobroDevelopers *developers, CobroAskedItem *item);

G_END_DECLS
