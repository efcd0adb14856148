/* src/view/dialogs/cobro-provider-dialog.h — one payment provider: keys, webhook, trying it out, switching it on and
 * off, taking it away. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-providers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PROVIDER_DIALOG (cobro_provider_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroProviderDialog, cobro_provider_dialog, COBRO, PROVIDER_DIALOG, AdwWindow)

/* Follows @item for as long as it is open. */
CobroProviderDialog *cobro_provider_dialog_new (GtkWindow *parent, CobroProviders *providers, CobroProviderItem *item);

G_END_DECLS
