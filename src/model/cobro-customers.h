/* src/model/cobro-customers.h — the merchant's customers as a service: look up, change, archive; what they owe, their
 * statements, and who owes how long. Layer: model. Main thread. */
#pragma once
#include "cobro-customer-store.h"
#include "cobro-row-list.h"
#include "cobro-statement-store.h"
#include "cobro-undo.h"

G_BEGIN_DECLS

#define COBRO_TYPE_CUSTOMER_ITEM (cobro_customer_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroCustomerItem, cobro_customer_item, COBRO, CUSTOMER_ITEM, CobroRowItem)

/* Lent until "changed". An item that is not filled is of nobody. */
const CobroCustomer *cobro_customer_item_get_customer (CobroCustomerItem *self);
/* Lent for the item's life; "" before it is filled. */
const char *cobro_customer_item_get_id (CobroCustomerItem *self);
/* (element-type CobroCustomerSum) lent until "changed": per currency in which anything is open, most owed first. */
GArray *cobro_customer_item_get_sums (CobroCustomerItem *self);
/* How many documents name them. */
gint64 cobro_customer_item_get_n_invoices (CobroCustomerItem *self);
CobroRecordState cobro_customer_item_get_state (CobroCustomerItem *self);
/* Why the relay refused it, or what a conflict did; "". */
const char *cobro_customer_item_get_reason (CobroCustomerItem *self);

#define COBRO_TYPE_CUSTOMERS (cobro_customers_get_type ())
G_DECLARE_FINAL_TYPE (CobroCustomers, cobro_customers, COBRO, CUSTOMERS, CobroRowSource)

/* Items are CobroCustomerItem. Signal "failed" (GError): something that nobody waits for went wrong. */

/* Keeps both. @undo is the window's: archiving is taken back there. */
CobroCustomers *cobro_customers_new (CobroStore *store, CobroUndo *undo);
/* The merchant's civil date. */
CobroDay cobro_customers_get_today (CobroCustomers *self);

/* (transfer full) all that are not archived, by name; and another question for such a list. */
CobroRowList *cobro_customers_list (CobroCustomers *self);
void cobro_customers_ask (CobroCustomers *self, CobroRowList *list, const char *search, CobroCustomerFilter filter,
                          CobroCustomerSort sort, gboolean descending);

/* (transfer full) one customer, live for as long as somebody holds it. */
void cobro_customers_load_async (CobroCustomers *self, const char *id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
CobroCustomerItem *cobro_customers_load_finish (CobroCustomers *self, GAsyncResult *result, GError **error);
/* Stores and uploads; one without id is new. (transfer full) as it is then; COBRO_ERROR_INVALID with the path. */
void cobro_customers_put_async (CobroCustomers *self, CobroCustomer *customer, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
CobroCustomer *cobro_customers_put_finish (CobroCustomers *self, GAsyncResult *result, GError **error);
/* Offers it no more, or again; one step that can be taken back. */
void cobro_customers_archive (CobroCustomers *self, const CobroCustomer *customer, gboolean archived,
                              const char *done_text);

/* (transfer full) what was asked, came and is left between two days, both included. */
void cobro_customers_state_async (CobroCustomers *self, const CobroId *id, CobroCurrency currency, CobroDay from,
                                  CobroDay to, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
CobroStatement *cobro_customers_state_finish (CobroCustomers *self, GAsyncResult *result, GError **error);
/* (transfer full) (element-type CobroAgedCustomer) everybody who owes something, by currency, then by name. */
void cobro_customers_age_async (CobroCustomers *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *cobro_customers_age_finish (CobroCustomers *self, GAsyncResult *result, GError **error);

G_END_DECLS
