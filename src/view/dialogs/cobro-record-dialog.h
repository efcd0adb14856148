/* src/view/dialogs/cobro-record-dialog.h — money came another way: cash, bank, cheque, or the customer's credit. The
 * amount that is due and today are filled in. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-invoices.h"

G_BEGIN_DECLS

#define COBRO_TYPE_RECORD_DIALOG (cobro_record_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroRecordDialog, cobro_record_dialog, COBRO, RECORD_DIALOG, AdwWindow)

/* Signal "recorded" (CobroInvoiceItem *). One dialog records once, however often its button is pressed. */
CobroRecordDialog *cobro_record_dialog_new (GtkWindow *parent, CobroInvoices *invoices, CobroInvoiceItem *item);

G_END_DECLS
