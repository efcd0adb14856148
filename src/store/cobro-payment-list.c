/* src/store/cobro-payment-list.c — every payment in one list.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-payment-list.h"
#include "cobro-error.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

CobroPaymentRecord *
cobro_payment_record_ref (CobroPaymentRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_payment_record_unref (CobroPaymentRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  cobro_payment_unref (record->payment);
  g_free (record->title);
  g_free (record->number);
  g_free (record->customer);
  g_free (record);
}

/* ── Records ────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define SELECT_RECORD                                                                                                  \
  "SELECT p.row AS row, p.document AS document, p.paid_at AS paid_at, p.refunded AS refunded, "                        \
  "  p.customer_id AS customer_id, l.title AS title, l.customer AS link_customer, i.id AS invoice_id, "                \
  "  i.number AS number, c.name AS customer, "                                                                         \
  "  EXISTS (SELECT 1 FROM outbox WHERE object_id = p.id AND kind = 'payment.record') AS waiting "                     \
  "FROM payment AS p LEFT JOIN link AS l ON l.id = p.link_id LEFT JOIN invoice AS i ON i.link_id = p.link_id "         \
  "LEFT JOIN customer AS c ON c.id = p.customer_id WHERE p.row = :row"

/* (transfer full) the first of them that says anything. */
static char *
first_text (const char *a, const char *b, const char *c)
{
  if (a != NULL && a[0] != '\0')
    return g_strdup (a);
  return g_strstrip (g_strdup (b != NULL && b[0] != '\0' ? b : c));
}

static CobroPaymentRecord *
read_record (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  CobroPayment *payment = tx->codec->read_payment (cobro_db_column_text (statement, "document"), error);
  CobroPaymentRecord *record;
  const char *title, *number;

  if (payment == NULL)
    return NULL;
  title = cobro_db_column_text (statement, "title");
  number = cobro_db_column_text (statement, "number");
  payment->refunded = cobro_db_column_money (statement, "refunded", cobro_money_currency (payment->amount));
  record = g_new0 (CobroPaymentRecord, 1);
  record->ref_count = 1;
  record->row = cobro_db_column_int64 (statement, "row");
  record->payment = payment;
  record->paid_at = cobro_db_column_time (statement, "paid_at");
  record->title = g_strdup (title != NULL ? title : "");
  record->invoice_id = cobro_db_column_id (statement, "invoice_id");
  record->number = g_strdup (number != NULL ? number : "");
  record->customer_id = cobro_db_column_id (statement, "customer_id");
  record->customer =
    first_text (cobro_db_column_text (statement, "customer"), cobro_db_column_text (statement, "link_customer"),
                payment->payer_name[0] != '\0' ? payment->payer_name : payment->payer_email);
  record->waiting = cobro_db_column_bool (statement, "waiting");
  return record;
}

static gpointer
load (CobroStoreTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD, error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? read_record (tx, statement, error) : NULL;
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The statements below name states by number. */
G_STATIC_ASSERT (COBRO_PAYMENT_UNKNOWN == 4 && COBRO_PAYMENT_FAILED == 5 && COBRO_PAYMENT_CANCELLED == 6);
G_STATIC_ASSERT (COBRO_PAYMENT_SUCCEEDED == 7);

static const char *
filter_predicate (CobroPaymentFilter filter)
{
  switch (filter)
    {
    case COBRO_PAYMENT_FILTER_ALL:
      return "1";
    case COBRO_PAYMENT_FILTER_SUCCEEDED:
      return "state = 7";
    case COBRO_PAYMENT_FILTER_PENDING:
      return "state < 5";
    case COBRO_PAYMENT_FILTER_FAILED:
      return "state IN (5, 6)";
    case COBRO_PAYMENT_FILTER_REFUNDED:
      return "refunded > 0";
    case COBRO_PAYMENT_FILTER_MANUAL:
      return "manual > 0";
    case COBRO_PAYMENT_FILTER_ATTENTION:
      return "(flags <> 0 OR state = 4)";
    }
  return "1";
}

static GArray *
list (CobroStoreTx *tx, gconstpointer data, guint limit, GError **error)
{
  const CobroPaymentQuery *query = data;
  g_autoptr (GString) predicate = g_string_new (filter_predicate (query->filter));

  if (cobro_id_is_set (&query->customer_id))
    g_string_append (predicate, " AND customer_id = :customer");
  if (query->to != 0)
    g_string_append (predicate,
                     " AND state = 7 AND manual <> 2 AND sample = 0 AND paid_at >= :from AND paid_at < :to ");
  return cobro_list_run (tx,
                         &(CobroListPlan){ .table = "payment",
                                           .predicate = predicate->str,
                                           .key = query->sort == COBRO_PAYMENT_SORT_AMOUNT ? "sort_amount"
                                                  : query->to != 0                         ? "paid_at"
                                                                                           : "created_at",
                                           .descending = query->descending,
                                           .search = query->search,
                                           .limit = limit,
                                           .customer = query->customer_id.text,
                                           .from = query->from,
                                           .to = query->to },
                         error);
}

static void
unref_or_null (gpointer record)
{
  cobro_payment_record_unref (record);
}

static const CobroListNoun noun = { sizeof (CobroPaymentQuery), list, load, unref_or_null };

void
cobro_payment_store_list_all_async (CobroStore *store, const CobroPaymentQuery *query, guint limit,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_async (store, &noun, query, limit, cancellable, callback, user_data);
}

GArray *
cobro_payment_store_list_all_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

void
cobro_payment_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_load_rows_async (store, &noun, rows, n, cancellable, callback, user_data);
}

GPtrArray *
cobro_payment_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

CobroStorePage *
cobro_payment_store_first_page (CobroStore *store, const CobroPaymentQuery *query, guint limit, GError **error)
{
  return cobro_list_first_page (store, &noun, query, limit, error);
}
