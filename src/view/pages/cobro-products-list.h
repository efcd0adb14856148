/* src/view/pages/cobro-products-list.h — the place "Products": what its list shows, filters and sorts by.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-list-page.h"
#include "cobro-products.h"

G_BEGIN_DECLS

/* Once. */
void cobro_products_list_set_up (CobroListPage *page, CobroProducts *products, CobroConnection *connection);
/* (transfer full) "€75.00", "EUR 0.0075" where it has a fraction of a cent, with "/ hour" where there is a unit. */
char *cobro_products_list_price_text (const CobroProduct *product);

G_END_DECLS
