/* src/view/pages/cobro-payments-list.h — the place "Payments": all money that came, of links and invoices, online and
 * recorded by hand. Layer: view. Main thread. */
#pragma once
#include "cobro-list-page.h"
#include "cobro-payments.h"

G_BEGIN_DECLS

/* Once. */
void cobro_payments_list_set_up (CobroListPage *page, CobroPayments *payments, CobroConnection *connection);
/* (transfer full) how it was paid: "Cash", "visa •••• 4242", "Card". */
char *cobro_payments_list_how_text (const CobroPayment *payment);
/* Shows the money of a period, which @name names: "October 2026". */
void cobro_payments_list_show_period (CobroListPage *page, CobroPayments *payments, CobroTime from, CobroTime to,
                                      const char *name);

G_END_DECLS
