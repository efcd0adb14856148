/* src/view/pages/cobro-customer-page.h — one customer: what they owe, how to reach them, their documents and payments.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-customers.h"
#include "cobro-invoices.h"
#include "cobro-payments.h"

G_BEGIN_DECLS

#define COBRO_TYPE_CUSTOMER_PAGE (cobro_customer_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroCustomerPage, cobro_customer_page, COBRO, CUSTOMER_PAGE, AdwBin)

/* Once. */
void cobro_customer_page_set_models (CobroCustomerPage *self, CobroInvoices *invoices, CobroPayments *payments);
/* Shows one, live; NULL lets go of it. */
void cobro_customer_page_set_item (CobroCustomerPage *self, CobroCustomerItem *item);

G_END_DECLS
