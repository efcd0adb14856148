/* src/view/pages/cobro-invoices-list.h — the place "Invoices": what its list shows, filters and sorts by, and what is
 * done with several invoices at once. Layer: view. Main thread. */
#pragma once
#include "cobro-invoices.h"
#include "cobro-list-page.h"

G_BEGIN_DECLS

/* Once. */
void cobro_invoices_list_set_up (CobroListPage *page, CobroInvoices *invoices, CobroConnection *connection);

G_END_DECLS
