/* src/store/cobro-customer-store.h — customers in the books, with what they owe.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-invoice-store.h"

/* What stands between a customer and the merchant, in one currency. */
typedef struct
{
  CobroMoney open;    /* due of issued invoices, overdue or not */
  CobroMoney overdue; /* of that: late */
  CobroMoney credit;  /* overpaid and not used yet */
} CobroCustomerSum;

/* One customer as the books have it. */
typedef struct
{
  gint ref_count; /* private */
  gint64 row;
  CobroCustomer *customer; /* rev is the relay's */
  GArray *sums;    /* (element-type CobroCustomerSum) one per currency in which anything is not zero, most owed first */
  gint64 invoices; /* how many documents name this customer */
  CobroRecordState state;
  char *reason; /* REJECTED: in words, else "" */
  char *path;
} CobroCustomerRecord;
CobroCustomerRecord *cobro_customer_record_ref (CobroCustomerRecord *record);
void cobro_customer_record_unref (CobroCustomerRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroCustomerRecord, cobro_customer_record_unref)

/* Stores and uploads it; one without id is new. COBRO_ERROR_INVALID with the path. Archiving: put with archived set. */
void cobro_customer_store_put_async (CobroStore *store, CobroCustomer *customer, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
CobroCustomer *cobro_customer_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* One of a batch (cobro-store-batch.h). */
gboolean cobro_customer_store_take (CobroStoreTx *tx, gpointer customer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type CobroCustomer) for type-ahead, at most @limit: first those whose name begins with @text (case and
 * accents do not count), by name; then those of whom every word of @text begins a word of name, contact, e-mail, tax
 * number or place. None that is archived. */
void cobro_customer_store_search_async (CobroStore *store, const char *text, guint limit, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_customer_store_search_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef enum
{
  COBRO_CUSTOMER_FILTER_ALL, /* not archived */
  COBRO_CUSTOMER_FILTER_OWING,
  COBRO_CUSTOMER_FILTER_OVERDUE,
  COBRO_CUSTOMER_FILTER_CREDIT,
  COBRO_CUSTOMER_FILTER_ARCHIVED,
  COBRO_CUSTOMER_FILTER_ATTENTION, /* rejected, or in conflict */
} CobroCustomerFilter;
#define COBRO_CUSTOMER_N_FILTERS (COBRO_CUSTOMER_FILTER_ATTENTION + 1)

typedef enum
{
  COBRO_CUSTOMER_SORT_NAME,
  COBRO_CUSTOMER_SORT_CREATED,
  COBRO_CUSTOMER_SORT_OPEN, /* what is due, in major units whatever the currency */
} CobroCustomerSort;

typedef struct
{
  const char *search; /* NULL or words, as cobro_customer_store_search_async() */
  CobroCustomerFilter filter;
  CobroCustomerSort sort;
  gboolean descending;
  CobroTime now; /* 0: the store's clock */
} CobroCustomerQuery;

/* As those of cobro-invoice-store.h; (element-type CobroCustomerRecord). */
void cobro_customer_store_list_async (CobroStore *store, const CobroCustomerQuery *query, guint limit,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *cobro_customer_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
void cobro_customer_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_customer_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error);
CobroStorePage *cobro_customer_store_first_page (CobroStore *store, const CobroCustomerQuery *query, guint limit,
                                                 GError **error);
/* One customer with sums; COBRO_ERROR_NOT_FOUND. */
void cobro_customer_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
CobroCustomerRecord *cobro_customer_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* ── Inside a job ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) */
CobroCustomer *cobro_customer_store_put (CobroStoreTx *tx, CobroCustomer *customer, GError **error);
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroCustomer *cobro_customer_store_find (CobroStoreTx *tx, const CobroId *id, GError **error);
/* What the customer overpaid and has not used, in @currency. */
gboolean cobro_customer_store_credit (CobroStoreTx *tx, const CobroId *id, CobroCurrency currency,
                                      CobroMoney *out_credit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
