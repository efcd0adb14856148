/* src/view/dialogs/cobro-repeat-dialog.h — an invoice that shall be issued again and again: how often, from when.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-schedules.h"

G_BEGIN_DECLS

#define COBRO_TYPE_REPEAT_DIALOG (cobro_repeat_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroRepeatDialog, cobro_repeat_dialog, COBRO, REPEAT_DIALOG, AdwWindow)

/* Signal "saved". @invoice: what is repeated; begins a month from today. */
CobroRepeatDialog *cobro_repeat_dialog_new (GtkWindow *parent, CobroSchedules *schedules, const CobroInvoice *invoice);

G_END_DECLS
