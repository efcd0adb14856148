/* src/view/dialogs/cobro-void-dialog.h — an invoice is taken back: a credit note over what is left, and nobody can pay
 * it any more. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-invoices.h"

G_BEGIN_DECLS

#define COBRO_TYPE_VOID_DIALOG (cobro_void_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroVoidDialog, cobro_void_dialog, COBRO, VOID_DIALOG, AdwWindow)

/* Signal "voided" (CobroInvoiceItem *). */
CobroVoidDialog *cobro_void_dialog_new (GtkWindow *parent, CobroInvoices *invoices, CobroInvoiceItem *item);

G_END_DECLS
