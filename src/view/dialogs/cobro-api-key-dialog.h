/* src/view/dialogs/cobro-api-key-dialog.h — a new key for a program of the merchant's: its name, what it may, and then
 * its text, this once. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-developers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_API_KEY_DIALOG (cobro_api_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroApiKeyDialog, cobro_api_key_dialog, COBRO, API_KEY_DIALOG, AdwWindow)

/* Keeps @developers. */
CobroApiKeyDialog *cobro_api_key_dialog_new (GtkWindow *parent, CobroDevelopers *developers);

G_END_DECLS
