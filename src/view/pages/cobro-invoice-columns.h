/* src/view/pages/cobro-invoice-columns.h — the columns of the list of invoices and what their cells show.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-invoices.h"

G_BEGIN_DECLS

/* Adds all columns to @view. */
void cobro_invoice_columns_add (GtkColumnView *view);
/* Shows one column with everything in it (narrow), or all of them. */
void cobro_invoice_columns_arrange (GtkColumnView *view, gboolean narrow);
/* What the headers' arrows say. FALSE when no column sorts. */
gboolean cobro_invoice_columns_get_sort (GtkColumnView *view, CobroInvoiceSort *out_sort, gboolean *out_descending);

G_END_DECLS
