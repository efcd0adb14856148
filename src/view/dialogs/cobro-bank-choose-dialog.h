/* src/view/dialogs/cobro-bank-choose-dialog.h — which invoice or link a transfer is for: what fits first, and
 * everything that is open by typing. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-bank-statement.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BANK_CHOOSE_DIALOG (cobro_bank_choose_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroBankChooseDialog, cobro_bank_choose_dialog, COBRO, BANK_CHOOSE_DIALOG, AdwWindow)

/* It tells @statement what was chosen by itself. @index: of the line, one with a verdict that can be recorded. */
CobroBankChooseDialog *cobro_bank_choose_dialog_new (GtkWindow *parent, CobroBankStatement *statement, guint index);

G_END_DECLS
