/* src/view/dialogs/cobro-connect-dialog.h — connects with a relay, and says which of address, certificate, version,
 * clock, code and keyring was wrong. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"

G_BEGIN_DECLS

#define COBRO_TYPE_CONNECT_DIALOG (cobro_connect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroConnectDialog, cobro_connect_dialog, COBRO, CONNECT_DIALOG, AdwWindow)

/* Signal "connected".
 * @relay, @code: (nullable): what a pairing link says that somebody clicked */
CobroConnectDialog *cobro_connect_dialog_new (GtkWindow *parent, CobroConnection *connection, const char *relay,
                                              const char *code);

G_END_DECLS
