/* src/store/cobro-invoice-list.c — lists of invoices: rows in order, counts, pages. Whether one is overdue is never
 * stored; the rest of its standing is, beside the row, as cobro_invoice_view() said it.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-invoice-store.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

/* The statements below name statuses by number. */
G_STATIC_ASSERT (COBRO_INVOICE_IS_OPEN == 1 && COBRO_INVOICE_IS_PARTIALLY_PAID == 4 && COBRO_INVOICE_IS_PAID == 5);
G_STATIC_ASSERT (COBRO_INVOICE_IS_OVERPAID == 6 && COBRO_INVOICE_IS_REFUNDED == 8 && COBRO_INVOICE_IS_VOID == 9);
G_STATIC_ASSERT (COBRO_INVOICE_IS_UNCOLLECTIBLE == 10 && COBRO_INVOICE_IS_CREDIT_NOTE == 11);

static const char *
filter_predicate (CobroInvoiceFilter filter)
{
  switch (filter)
    {
    case COBRO_INVOICE_FILTER_ALL:
      return "1";
    case COBRO_INVOICE_FILTER_DRAFT:
      return "standing = 0";
    case COBRO_INVOICE_FILTER_UNPAID:
      return "standing IN (1, 2, 3, 4)";
    case COBRO_INVOICE_FILTER_OVERDUE:
      return "standing IN (1, 2, 3, 4) AND late_day < :today";
    case COBRO_INVOICE_FILTER_PARTLY_PAID:
      return "standing = 4";
    case COBRO_INVOICE_FILTER_PAID:
      return "standing IN (5, 6)";
    case COBRO_INVOICE_FILTER_CLOSED:
      return "standing IN (8, 9, 10)";
    case COBRO_INVOICE_FILTER_CREDIT_NOTE:
      return "standing = 11";
    case COBRO_INVOICE_FILTER_WAITING:
      return "waiting = 1";
    case COBRO_INVOICE_FILTER_ATTENTION:
      return "attention = 1";
    }
  return "1";
}

static const char *
sort_key (CobroInvoiceSort sort)
{
  switch (sort)
    {
    case COBRO_INVOICE_SORT_CREATED:
      return NULL;
    case COBRO_INVOICE_SORT_NUMBER:
      return "invoice.number";
    case COBRO_INVOICE_SORT_CUSTOMER:
      return "sort_buyer";
    case COBRO_INVOICE_SORT_ISSUED:
      return "issue_day";
    case COBRO_INVOICE_SORT_DUE:
      return "due_day";
    case COBRO_INVOICE_SORT_TOTAL:
      return "sort_total";
    }
  return NULL;
}

GArray *
cobro_invoice_store_list (CobroStoreTx *tx, const CobroInvoiceQuery *query, guint limit, GError **error)
{
  g_autoptr (GString) predicate = g_string_new (filter_predicate (query->filter));
  CobroStoreTx then = *tx;

  if (cobro_id_is_set (&query->customer_id))
    g_string_append (predicate, " AND customer_id = :customer");
  if (query->from != 0)
    g_string_append (predicate, " AND issue_day >= :from");
  if (query->to != 0)
    g_string_append (predicate, " AND issue_day <= :to ");
  if (query->now != 0)
    then.today = cobro_day_of_time (query->now, tx->zone);
  return cobro_list_run (&then,
                         &(CobroListPlan){ .table = "invoice",
                                           .predicate = predicate->str,
                                           .key = sort_key (query->sort),
                                           .descending = query->descending,
                                           .search = query->search,
                                           .limit = limit,
                                           .customer = query->customer_id.text,
                                           .from = query->from,
                                           .to = query->to },
                         error);
}

gboolean
cobro_invoice_store_count (CobroStoreTx *tx, CobroTime now, CobroInvoiceCounts *out_counts, GError **error)
{
  CobroInvoiceCounts counts = { { 0 } };
  CobroStoreTx then = *tx;

  if (now != 0)
    then.today = cobro_day_of_time (now, tx->zone);
  for (int filter = 0; filter < COBRO_INVOICE_N_FILTERS; filter++)
    if ((counts.n[filter] = cobro_list_count (&then, "invoice", filter_predicate ((CobroInvoiceFilter)filter), error)) <
        0)
      return FALSE;
  *out_counts = counts;
  return TRUE;
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static GArray *
list (CobroStoreTx *tx, gconstpointer query, guint limit, GError **error)
{
  return cobro_invoice_store_list (tx, query, limit, error);
}

static gpointer
load (CobroStoreTx *tx, gint64 row, GError **error)
{
  return cobro_invoice_row_load (tx, row, error);
}

static void
unref_or_null (gpointer record)
{
  cobro_invoice_record_unref (record);
}

static const CobroListNoun noun = { sizeof (CobroInvoiceQuery), list, load, unref_or_null };

void
cobro_invoice_store_list_async (CobroStore *store, const CobroInvoiceQuery *query, guint limit,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_async (store, &noun, query, limit, cancellable, callback, user_data);
}

GArray *
cobro_invoice_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

void
cobro_invoice_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_load_rows_async (store, &noun, rows, n, cancellable, callback, user_data);
}

GPtrArray *
cobro_invoice_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

CobroStorePage *
cobro_invoice_store_first_page (CobroStore *store, const CobroInvoiceQuery *query, guint limit, GError **error)
{
  return cobro_list_first_page (store, &noun, query, limit, error);
}

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_find (tx, data, error);
}

void
cobro_invoice_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_load, g_memdup2 (id, sizeof *id), g_free, unref_or_null, cancellable, callback,
                          user_data);
}

CobroInvoiceRecord *
cobro_invoice_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_list_credits (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroId *id = data;
  CobroListPlan plan = { .table = "invoice", .predicate = "corrects_id = :customer", .customer = id->text };
  g_autoptr (GArray) rows = cobro_list_run (tx, &plan, error);

  return rows != NULL ? cobro_list_load_rows (tx, &noun, (const gint64 *)(gpointer)rows->data, rows->len, error) : NULL;
}

void
cobro_invoice_store_list_credits_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_list_credits, g_memdup2 (id, sizeof *id), g_free, (GDestroyNotify)g_ptr_array_unref,
                          cancellable, callback, user_data);
}
