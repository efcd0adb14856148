/* src/store/cobro-payment-list.h — every payment of the books in one list: online and recorded by hand, of links and of
 * invoices.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-invoice-store.h"

/* One payment, with what it was for. */
typedef struct
{
  gint ref_count; /* private */
  gint64 row;
  CobroPayment *payment;
  CobroTime paid_at; /* when the money came: of a recorded payment the date that was typed; else its success, or 0 */
  char *title;       /* of its link, or the invoice's number; "" without a link */
  CobroId invoice_id;
  char *number; /* of the invoice, else "" */
  CobroId customer_id;
  char *customer;   /* the buyer of invoice or link, else the payer; "" when nobody is known */
  gboolean waiting; /* recorded here and not uploaded yet */
} CobroPaymentRecord;
CobroPaymentRecord *cobro_payment_record_ref (CobroPaymentRecord *record);
void cobro_payment_record_unref (CobroPaymentRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroPaymentRecord, cobro_payment_record_unref)

typedef enum
{
  COBRO_PAYMENT_FILTER_ALL,
  COBRO_PAYMENT_FILTER_SUCCEEDED,
  COBRO_PAYMENT_FILTER_PENDING,   /* not final */
  COBRO_PAYMENT_FILTER_FAILED,    /* failed or cancelled */
  COBRO_PAYMENT_FILTER_REFUNDED,  /* something went back */
  COBRO_PAYMENT_FILTER_MANUAL,    /* recorded by hand */
  COBRO_PAYMENT_FILTER_ATTENTION, /* flagged, or its answer is not known */
} CobroPaymentFilter;
#define COBRO_PAYMENT_N_FILTERS (COBRO_PAYMENT_FILTER_ATTENTION + 1)

typedef enum
{
  COBRO_PAYMENT_SORT_WHEN,   /* when it was begun */
  COBRO_PAYMENT_SORT_AMOUNT, /* in major units whatever the currency */
} CobroPaymentSort;

typedef struct
{
  const char *search; /* NULL or words: every one begins a word of payer, title, number, id at the provider */
  CobroPaymentFilter filter;
  CobroPaymentSort sort;
  gboolean descending;
  CobroId customer_id; /* unset: all */
  CobroTime from, to;  /* not 0: money that came at or after @from and before @to, no credit and no samples */
} CobroPaymentQuery;

/* As those of cobro-invoice-store.h; (element-type CobroPaymentRecord). */
void cobro_payment_store_list_all_async (CobroStore *store, const CobroPaymentQuery *query, guint limit,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *cobro_payment_store_list_all_finish (CobroStore *store, GAsyncResult *result, GError **error);
void cobro_payment_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_payment_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error);
CobroStorePage *cobro_payment_store_first_page (CobroStore *store, const CobroPaymentQuery *query, guint limit,
                                                GError **error);
