/* src/view/pages/cobro-customers-list.h — the place "Customers": what its list shows, filters and sorts by.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-customers.h"
#include "cobro-list-page.h"

G_BEGIN_DECLS

/* Once. */
void cobro_customers_list_set_up (CobroListPage *page, CobroCustomers *customers, CobroConnection *connection);
/* (transfer full) what is open, and of that overdue or to their credit, of every currency: "€120.00, $5.00"; "" for
 * nothing. @which: 0 open, 1 overdue, 2 credit. */
char *cobro_customers_list_sum_text (GArray *sums, int which);

G_END_DECLS
