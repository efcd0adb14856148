/* src/view/cobro-sync-button.h — the line to the relay in the header: a symbol that says how it stands, and a popover
 * that says it in words with what can be done. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"

G_BEGIN_DECLS

#define COBRO_TYPE_SYNC_BUTTON (cobro_sync_button_get_type ())
G_DECLARE_FINAL_TYPE (CobroSyncButton, cobro_sync_button, COBRO, SYNC_BUTTON, AdwBin)

/* Keeps @connection. */
void cobro_sync_button_set_connection (CobroSyncButton *self, CobroConnection *connection);

G_END_DECLS
