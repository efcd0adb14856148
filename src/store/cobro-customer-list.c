/* src/store/cobro-customer-list.c — lists of customers, what each of them owes, and type-ahead.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-plain-private.h"
#include "cobro-store-list.h"

CobroCustomerRecord *
cobro_customer_record_ref (CobroCustomerRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_customer_record_unref (CobroCustomerRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  g_clear_pointer (&record->customer, cobro_customer_unref);
  g_array_unref (record->sums);
  g_free (record->reason);
  g_free (record->path);
  g_free (record);
}

/* ── What they owe ──────────────────────────────────────────────────────────────────────────────────────────────── */

#define SUMS                                                                                                           \
  "SELECT currency, sum (owed) AS open, sum (CASE WHEN late_day < :today THEN owed ELSE 0 END) AS overdue, "           \
  "  sum (credit) AS credit FROM invoice WHERE customer_id = :id AND sample = 0 GROUP BY currency "                    \
  "ORDER BY sum (sort_owed) DESC, currency"
/* Credit that paid for something. */
#define USED                                                                                                           \
  "SELECT coalesce (sum (p.amount - p.refunded), 0) AS used FROM payment AS p "                                        \
  "WHERE p.customer_id = :id AND p.manual = 2 AND p.state = 7 AND p.currency = :currency"
#define CREDIT                                                                                                         \
  "SELECT coalesce (sum (credit), 0) AS credit FROM invoice "                                                          \
  "WHERE customer_id = :id AND currency = :currency AND credit > 0 AND sample = 0"

static gboolean
count_used (CobroStoreTx *tx, const char *id, const char *currency, gint64 *out_used, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, USED, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":currency", currency);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_used = cobro_db_column_int64 (statement, "used");
  return TRUE;
}

gboolean
cobro_customer_store_credit (CobroStoreTx *tx, const CobroId *id, CobroCurrency currency, CobroMoney *out_credit,
                             GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, CREDIT, error);
  gint64 credit, used;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id->text);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (currency));
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  credit = cobro_db_column_int64 (statement, "credit");
  if (!count_used (tx, id->text, cobro_currency_code (currency), &used, error))
    return FALSE;
  *out_credit = cobro_money (MAX (credit - used, 0), currency);
  return TRUE;
}

static gboolean
append_sum (CobroStoreTx *tx, const char *id, CobroDbStatement *row, GArray *sums, GError **error)
{
  CobroCurrency currency;
  CobroCustomerSum sum;
  gint64 used;

  if (!cobro_currency_from_code (cobro_db_column_text (row, "currency"), &currency, error) ||
      !count_used (tx, id, cobro_currency_code (currency), &used, error))
    return FALSE;
  sum.open = cobro_db_column_money (row, "open", currency);
  sum.overdue = cobro_db_column_money (row, "overdue", currency);
  sum.credit = cobro_money (MAX (cobro_db_column_int64 (row, "credit") - used, 0), currency);
  if (!cobro_money_is_zero (sum.open) || !cobro_money_is_zero (sum.credit))
    g_array_append_val (sums, sum);
  return TRUE;
}

static GArray *
read_sums (CobroStoreTx *tx, const char *id, GError **error)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (CobroCustomerSum));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SUMS, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_int64 (statement, ":today", tx->today);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!append_sum (tx, id, statement, sums, error))
      return NULL;
  return step == COBRO_DB_DONE ? g_steal_pointer (&sums) : NULL;
}

/* ── Records ────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define SELECT_RECORD                                                                                                  \
  "SELECT row, id, document, rev, trouble, reason, path, "                                                             \
  "  EXISTS (SELECT 1 FROM outbox WHERE object_id = customer.id) AS waiting, "                                         \
  "  (SELECT count(*) FROM invoice WHERE customer_id = customer.id) AS invoices FROM customer "

static CobroCustomerRecord *
read_record (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  g_autoptr (CobroCustomer) customer = tx->codec->read_customer (cobro_db_column_text (statement, "document"), error);
  g_autoptr (GArray) sums = NULL;
  CobroCustomerRecord *record;

  if (customer == NULL || !(sums = read_sums (tx, cobro_db_column_text (statement, "id"), error)))
    return NULL;
  customer->rev = cobro_db_column_int64 (statement, "rev");
  record = g_new0 (CobroCustomerRecord, 1);
  record->ref_count = 1;
  record->row = cobro_db_column_int64 (statement, "row");
  record->customer = g_steal_pointer (&customer);
  record->sums = g_steal_pointer (&sums);
  record->invoices = cobro_db_column_int64 (statement, "invoices");
  record->state = cobro_plain_read_state (statement);
  record->reason = g_strdup (cobro_db_column_text (statement, "reason"));
  record->path = g_strdup (cobro_db_column_text (statement, "path"));
  return record;
}

static gpointer
load (CobroStoreTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE row = :row", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? read_record (tx, statement, error) : NULL;
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define HAS_CREDIT                                                                                                     \
  "archived = 0 AND id IN (SELECT customer_id FROM invoice AS i WHERE credit > 0 AND sample = 0 "                      \
  "GROUP BY customer_id, currency HAVING sum (credit) > coalesce ((SELECT sum (p.amount - p.refunded) "                \
  "FROM payment AS p WHERE p.customer_id = i.customer_id AND p.manual = 2 AND p.state = 7 "                            \
  "AND p.currency = i.currency), 0))"

static const char *
filter_predicate (CobroCustomerFilter filter)
{
  switch (filter)
    {
    case COBRO_CUSTOMER_FILTER_ALL:
      return "archived = 0";
    case COBRO_CUSTOMER_FILTER_OWING:
      return "id IN (SELECT customer_id FROM invoice WHERE owed > 0 AND sample = 0)";
    case COBRO_CUSTOMER_FILTER_OVERDUE:
      return "id IN (SELECT customer_id FROM invoice WHERE owed > 0 AND late_day < :today AND sample = 0)";
    case COBRO_CUSTOMER_FILTER_CREDIT:
      return HAS_CREDIT;
    case COBRO_CUSTOMER_FILTER_ARCHIVED:
      return "archived = 1";
    case COBRO_CUSTOMER_FILTER_ATTENTION:
      return "trouble <> 0";
    }
  return "1";
}

static const char *
sort_key (CobroCustomerSort sort)
{
  switch (sort)
    {
    case COBRO_CUSTOMER_SORT_NAME:
      return "sort_name";
    case COBRO_CUSTOMER_SORT_CREATED:
      return "created_at";
    case COBRO_CUSTOMER_SORT_OPEN:
      return "(SELECT coalesce (sum (sort_owed), 0) FROM invoice WHERE customer_id = customer.id AND owed > 0)";
    }
  return "sort_name";
}

static GArray *
list (CobroStoreTx *tx, gconstpointer data, guint limit, GError **error)
{
  const CobroCustomerQuery *query = data;
  CobroStoreTx then = *tx;

  if (query->now != 0)
    then.today = cobro_day_of_time (query->now, tx->zone);
  return cobro_list_run (&then,
                         &(CobroListPlan){ .table = "customer",
                                           .predicate = filter_predicate (query->filter),
                                           .key = sort_key (query->sort),
                                           .descending = query->descending,
                                           .search = query->search,
                                           .limit = limit },
                         error);
}

static void
unref_or_null (gpointer record)
{
  cobro_customer_record_unref (record);
}

static const CobroListNoun noun = { sizeof (CobroCustomerQuery), list, load, unref_or_null };

void
cobro_customer_store_list_async (CobroStore *store, const CobroCustomerQuery *query, guint limit,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_async (store, &noun, query, limit, cancellable, callback, user_data);
}

GArray *
cobro_customer_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

void
cobro_customer_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_load_rows_async (store, &noun, rows, n, cancellable, callback, user_data);
}

GPtrArray *
cobro_customer_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

CobroStorePage *
cobro_customer_store_first_page (CobroStore *store, const CobroCustomerQuery *query, guint limit, GError **error)
{
  return cobro_list_first_page (store, &noun, query, limit, error);
}

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroId *id = data;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id->text);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return read_record (tx, statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no customer “%s”", id->text);
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

void
cobro_customer_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_load, g_memdup2 (id, sizeof *id), g_free, unref_or_null, cancellable, callback,
                          user_data);
}

CobroCustomerRecord *
cobro_customer_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Type-ahead ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
append_rows (CobroStoreTx *tx, GArray *rows, GPtrArray *customers, guint limit, GError **error)
{
  for (guint i = 0; i < rows->len && customers->len < limit; i++)
    {
      g_autoptr (CobroDbStatement) statement =
        cobro_db_prepare (tx->db, "SELECT document, rev FROM customer WHERE row = :row", error);
      CobroCustomer *customer;

      if (statement == NULL)
        return FALSE;
      cobro_db_bind_int64 (statement, ":row", g_array_index (rows, gint64, i));
      if (cobro_db_step (statement, error) != COBRO_DB_ROW ||
          !(customer = tx->codec->read_customer (cobro_db_column_text (statement, "document"), error)))
        return FALSE;
      customer->rev = cobro_db_column_int64 (statement, "rev");
      g_ptr_array_add (customers, customer);
    }
  return TRUE;
}

static gpointer
do_search (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroListWords *words = data;
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  g_autoptr (GArray) rows = cobro_list_type_ahead (tx, "customer", "archived = 0", words, error);

  return rows != NULL && append_rows (tx, rows, customers, words->limit, error) ? g_steal_pointer (&customers) : NULL;
}

void
cobro_customer_store_search_async (CobroStore *store, const char *text, guint limit, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_search, cobro_list_words_new (text, NULL, limit), cobro_list_words_free,
                          (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cobro_customer_store_search_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
