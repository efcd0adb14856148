/* src/view/dialogs/cobro-invite-dialog.h — a code, a link and a QR code for the merchant's next computer.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVITE_DIALOG (cobro_invite_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroInviteDialog, cobro_invite_dialog, COBRO, INVITE_DIALOG, AdwWindow)

/* Asks the relay for a code at once. */
CobroInviteDialog *cobro_invite_dialog_new (GtkWindow *parent, CobroConnection *connection);

G_END_DECLS
