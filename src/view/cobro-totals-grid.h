/* src/view/cobro-totals-grid.h — what an invoice comes to, as a table: subtotal, taxes by rate, total.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-invoice.h"

G_BEGIN_DECLS

/* Shows it in @grid, in the place of what was there. @totals: (nullable): nothing. @inclusive: prices are with tax.
 * @paid, @due: (unset): left out. */
void cobro_totals_grid_show (GtkGrid *grid, const CobroInvoiceTotals *totals, gboolean inclusive, CobroMoney paid,
                             CobroMoney due);

G_END_DECLS
