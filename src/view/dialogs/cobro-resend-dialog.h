/* src/view/dialogs/cobro-resend-dialog.h — a mail that came back: to which address it goes now.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-attention.h"

G_BEGIN_DECLS

#define COBRO_TYPE_RESEND_DIALOG (cobro_resend_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroResendDialog, cobro_resend_dialog, COBRO, RESEND_DIALOG, AdwWindow)

/* Signal "chosen" (char *): the address. Keeps @item. */
CobroResendDialog *cobro_resend_dialog_new (GtkWindow *parent, CobroAttentionItem *item);
/* Lent. */
CobroAttentionItem *cobro_resend_dialog_get_item (CobroResendDialog *self);

G_END_DECLS
