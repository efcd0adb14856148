/* src/view/pages/cobro-invoice-editor.h — writing an invoice: buyer, lines, what it comes to, sending. What is written
 * is kept as a draft by itself. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-invoice-form.h"
#include "cobro-invoices.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICE_EDITOR (cobro_invoice_editor_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoiceEditor, cobro_invoice_editor, COBRO, INVOICE_EDITOR, AdwBin)

/* Signals: "issued" (CobroInvoiceItem *, gboolean send): it has its number; "discarded": there is nothing to show any
 * more; "preview" (CobroInvoice *, a pointer): as it would be issued now. Action "editor.send" is Ctrl+Enter. */

/* Keeps them; called once. */
void cobro_invoice_editor_set_models (CobroInvoiceEditor *self, CobroInvoices *invoices, CobroBusiness *business);
/* Begins a new invoice (@draft %NULL), perhaps for somebody known, or goes on with a draft. What was shown before is
 * kept. */
void cobro_invoice_editor_open (CobroInvoiceEditor *self, const CobroInvoice *draft, const CobroCustomer *customer);
/* The page is left: what is written is kept as a draft, if there is anything. */
void cobro_invoice_editor_leave (CobroInvoiceEditor *self);
/* (nullable) the form behind it. Lent. For tests and benchmarks. */
CobroInvoiceForm *cobro_invoice_editor_get_form (CobroInvoiceEditor *self);

G_END_DECLS
