/* src/store/cobro-statement-store.h — accounts out of the books: a customer's statement, and aged receivables.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-invoice-store.h"
#include "cobro-statement.h"

/**
 * cobro_statement_store_load_async:
 * @from, @to: civil days in the merchant's zone, both included
 *
 * Issued invoices (void ones, too: their credit notes stand beside them), credit notes, money that came and went back,
 * of one customer in one currency; closed, with the ageing of what was open at the end of @to.
 */
void cobro_statement_store_load_async (CobroStore *store, const CobroId *customer_id, CobroCurrency currency,
                                       CobroDay from, CobroDay to, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
CobroStatement *cobro_statement_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* What one customer owes in one currency, by age. */
typedef struct
{
  CobroId customer_id; /* none: documents without a customer of the books, together by name */
  char *name;
  CobroAgeing ageing;
} CobroAgedCustomer;
void cobro_aged_customer_free (CobroAgedCustomer *aged);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroAgedCustomer, cobro_aged_customer_free)
/* (element-type CobroAgedCustomer) everybody who owes something now, by currency, then by name. */
void cobro_ageing_store_list_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *cobro_ageing_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
