/* src/view/rows/cobro-invoice-line-row.h — one line of an invoice that is being written.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-invoice-form.h"
#include "cobro-suggest.h"
#include "cobro-tax-choices.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICE_LINE_ROW (cobro_invoice_line_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoiceLineRow, cobro_invoice_line_row, COBRO, INVOICE_LINE_ROW, GtkListBoxRow)

/* Signals: "finished": Enter in the last entry: on to the next line; "removed": its button was pressed;
 * "wanted" (char *): products that begin so are to be suggested. */

/* @line belongs to @form and outlives the row. */
GtkWidget *cobro_invoice_line_row_new (CobroInvoiceForm *form, CobroInvoiceLine *line, CobroTaxChoices *taxes);
CobroInvoiceLine *cobro_invoice_line_row_get_line (CobroInvoiceLineRow *self);
/* Little room: numbers stand below the description. */
void cobro_invoice_line_row_set_narrow (CobroInvoiceLineRow *self, gboolean narrow);
/* Shows what the line comes to. Cheap when it is the same as before. */
void cobro_invoice_line_row_show_total (CobroInvoiceLineRow *self);
/* Whether every entry can be understood. */
gboolean cobro_invoice_line_row_get_valid (CobroInvoiceLineRow *self);
void cobro_invoice_line_row_focus (CobroInvoiceLineRow *self);
/* (nullable) type-ahead of the description, once it had the keyboard. */
CobroSuggest *cobro_invoice_line_row_get_suggest (CobroInvoiceLineRow *self);

G_END_DECLS
