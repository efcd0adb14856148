/* src/store/cobro-statement-store.c — statements and aged receivables, out of documents and payments.
 * Layer: store. */
#include "config.h"
#include "cobro-statement-store.h"
#include "cobro-error.h"
#include "cobro-store-private.h"

void
cobro_aged_customer_free (CobroAgedCustomer *aged)
{
  if (aged == NULL)
    return;
  g_free (aged->name);
  g_free (aged);
}

/* ── A statement ────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroId customer_id;
  CobroCurrency currency;
  CobroDay from, to;
} StatementJob;

/* Rows of (kind, day or at, text, amount). Credit that pays for something is no money: it came with an earlier payment.
 */
#define DOCUMENTS                                                                                                      \
  "SELECT kind, issue_day AS day, number AS text, total AS amount FROM invoice WHERE customer_id = :id AND currency "  \
  "= :currency AND decision <> 0 AND sample = 0 AND issue_day <= :to ORDER BY issue_day, row"
#define PAYMENTS                                                                                                       \
  "SELECT 2 AS kind, p.paid_at AS at, p.document AS document, coalesce (p.received, p.amount) AS amount "              \
  "FROM payment AS p JOIN invoice AS i ON i.link_id = p.link_id "                                                      \
  "WHERE i.customer_id = :id AND i.currency = :currency AND i.sample = 0 AND p.state = 7 AND p.manual <> 2 "           \
  "AND coalesce (p.received_currency, p.currency) = :currency AND p.paid_at < :end ORDER BY p.paid_at, p.row"
#define REFUNDS                                                                                                        \
  "SELECT 3 AS kind, r.created_at AS at, i.number AS text, r.amount AS amount FROM refund AS r "                       \
  "JOIN payment AS p ON p.id = r.payment_id JOIN invoice AS i ON i.link_id = p.link_id "                               \
  "WHERE i.customer_id = :id AND i.currency = :currency AND i.sample = 0 AND p.manual <> 2 AND r.state = 1 "           \
  "AND r.currency = :currency AND r.created_at < :end ORDER BY r.created_at, r.row"
#define LOSSES                                                                                                         \
  "SELECT 3 AS kind, p.updated_at AS at, i.number AS text, p.lost AS amount FROM payment AS p "                        \
  "JOIN invoice AS i ON i.link_id = p.link_id WHERE i.customer_id = :id AND i.currency = :currency "                   \
  "AND i.sample = 0 AND p.lost > 0 AND p.updated_at < :end ORDER BY p.updated_at, p.row"

static CobroDbStatement *
prepare (CobroStoreTx *tx, const char *sql, const StatementJob *job, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", job->customer_id.text);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (job->currency));
  return statement;
}

static gboolean
add_documents (CobroStoreTx *tx, const StatementJob *job, CobroStatement *statement, GError **error)
{
  g_autoptr (CobroDbStatement) rows = prepare (tx, DOCUMENTS, job, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":to", job->to);
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    {
      gboolean credit = cobro_db_column_int64 (rows, "kind") == COBRO_INVOICE_CREDIT_NOTE;

      if (!cobro_statement_add (statement, credit ? COBRO_STATEMENT_CREDIT_NOTE : COBRO_STATEMENT_INVOICE,
                                (CobroDay)cobro_db_column_int64 (rows, "day"), cobro_db_column_text (rows, "text"),
                                cobro_db_column_money (rows, "amount", job->currency), error))
        return FALSE;
    }
  return step == COBRO_DB_DONE;
}

/* (transfer full) how it was paid: "card", "visa •••• 4242", "bank". */
static char *
describe_payment (CobroStoreTx *tx, const char *document)
{
  g_autoptr (CobroPayment) payment = tx->codec->read_payment (document, NULL);

  if (payment == NULL)
    return g_strdup ("");
  if (payment->method[0] != '\0' && payment->method_detail[0] != '\0')
    return g_strdup_printf ("%s, %s", payment->method, payment->method_detail);
  return g_strdup (payment->method[0] != '\0' ? payment->method : payment->gateway);
}

static gboolean
add_money (CobroStoreTx *tx, const char *sql, const StatementJob *job, CobroStatement *statement, GError **error)
{
  g_autoptr (CobroDbStatement) rows = prepare (tx, sql, job, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":end", cobro_day_begins_at (job->to + 1, tx->zone));
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    {
      CobroStatementKind kind = (CobroStatementKind)cobro_db_column_int64 (rows, "kind");
      g_autofree char *text = kind == COBRO_STATEMENT_PAYMENT
                                ? describe_payment (tx, cobro_db_column_text (rows, "document"))
                                : g_strdup (cobro_db_column_text (rows, "text"));

      if (!cobro_statement_add (statement, kind, cobro_day_of_time (cobro_db_column_time (rows, "at"), tx->zone), text,
                                cobro_db_column_money (rows, "amount", job->currency), error))
        return FALSE;
    }
  return step == COBRO_DB_DONE;
}
G_STATIC_ASSERT (COBRO_STATEMENT_PAYMENT == 2 && COBRO_STATEMENT_REFUND == 3);

/* ── How old what was open at the end of a day was ──────────────────────────────────────────────────────────────── */

/* What was asked, less what had been credited and had come by then; credit that paid for it counts here. */
#define OPEN_THEN                                                                                                      \
  "SELECT i.document AS document, "                                                                                    \
  "  coalesce ((SELECT sum (n.total) FROM invoice AS n WHERE n.corrects_id = i.id AND n.decision <> 0 "                \
  "    AND n.issue_day <= :to), 0) AS credited, "                                                                      \
  "  coalesce ((SELECT sum (coalesce (p.received, p.amount)) FROM payment AS p WHERE p.link_id = i.link_id "           \
  "    AND p.state = 7 AND coalesce (p.received_currency, p.currency) = i.currency AND p.paid_at < :end), 0) "         \
  "  - coalesce ((SELECT sum (p.lost) FROM payment AS p WHERE p.link_id = i.link_id AND p.lost > 0 "                   \
  "    AND p.updated_at < :end), 0) "                                                                                  \
  "  - coalesce ((SELECT sum (r.amount) FROM refund AS r JOIN payment AS p ON p.id = r.payment_id "                    \
  "    WHERE p.link_id = i.link_id AND r.state = 1 AND r.created_at < :end), 0) AS paid "                              \
  "FROM invoice AS i WHERE i.customer_id = :id AND i.currency = :currency AND i.kind = 0 AND i.decision = 1 "          \
  "AND i.sample = 0 AND i.issue_day <= :to"

static gboolean
add_age (CobroStoreTx *tx, CobroDbStatement *row, const StatementJob *job, CobroAgeing *ageing, GError **error)
{
  g_autoptr (CobroInvoice) invoice = tx->codec->read_invoice (cobro_db_column_text (row, "document"), error);
  CobroMoney paid = cobro_db_column_money (row, "paid", job->currency), due;
  CobroDay day;

  if (invoice == NULL ||
      !cobro_money_subtract (cobro_invoice_asked (invoice, cobro_db_column_money (row, "credited", job->currency)),
                             paid, &due, error))
    return FALSE;
  if (!cobro_money_is_positive (due) || !cobro_invoice_late_after (invoice, paid, &day))
    return TRUE;
  return cobro_ageing_add (ageing, due, day, job->to, error);
}

static gboolean
add_ageing (CobroStoreTx *tx, const StatementJob *job, CobroAgeing *ageing, GError **error)
{
  g_autoptr (CobroDbStatement) rows = prepare (tx, OPEN_THEN, job, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":to", job->to);
  cobro_db_bind_int64 (rows, ":end", cobro_day_begins_at (job->to + 1, tx->zone));
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    if (!add_age (tx, rows, job, ageing, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

static gpointer
do_statement (CobroStoreTx *tx, gpointer data, GError **error)
{
  const StatementJob *job = data;
  g_autoptr (CobroStatement) statement = cobro_statement_new (job->currency, job->from, job->to);

  statement->ageing = cobro_ageing_new (job->currency);
  if (!add_documents (tx, job, statement, error) || !add_money (tx, PAYMENTS, job, statement, error) ||
      !add_money (tx, REFUNDS, job, statement, error) || !add_money (tx, LOSSES, job, statement, error) ||
      !add_ageing (tx, job, &statement->ageing, error) || !cobro_statement_close (statement, error))
    return NULL;
  return g_steal_pointer (&statement);
}

void
cobro_statement_store_load_async (CobroStore *store, const CobroId *customer_id, CobroCurrency currency, CobroDay from,
                                  CobroDay to, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  StatementJob *job = g_new0 (StatementJob, 1);

  *job = (StatementJob){ *customer_id, currency, from, to };
  cobro_store_read_async (store, do_statement, job, g_free, (GDestroyNotify)cobro_statement_free, cancellable, callback,
                          user_data);
}

CobroStatement *
cobro_statement_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Aged receivables ───────────────────────────────────────────────────────────────────────────────────────────── */

#define OWED                                                                                                           \
  "SELECT i.currency AS currency, i.customer_id AS id, coalesce (c.name, i.buyer) AS name, "                           \
  "  coalesce (c.sort_name, i.sort_buyer) AS sort_name, i.owed AS owed, i.late_day AS late_day "                       \
  "FROM invoice AS i LEFT JOIN customer AS c ON c.id = i.customer_id WHERE i.owed > 0 AND i.sample = 0 "               \
  "ORDER BY i.currency, sort_name, coalesce (i.customer_id, ''), name"

static gboolean
is_of (const CobroAgedCustomer *aged, CobroDbStatement *row, CobroCurrency currency)
{
  CobroId id = cobro_db_column_id (row, "id");

  return cobro_money_currency (aged->ageing.total) == currency && cobro_id_equal (&aged->customer_id, &id) &&
         (cobro_id_is_set (&id) || g_strcmp0 (aged->name, cobro_db_column_text (row, "name")) == 0);
}

static gboolean
add_owed (CobroStoreTx *tx, CobroDbStatement *row, GPtrArray *all, GError **error)
{
  CobroAgedCustomer *aged = all->len > 0 ? all->pdata[all->len - 1] : NULL;
  CobroCurrency currency;
  CobroDay late;

  if (!cobro_currency_from_code (cobro_db_column_text (row, "currency"), &currency, error))
    return FALSE;
  if (aged == NULL || !is_of (aged, row, currency))
    {
      aged = g_new0 (CobroAgedCustomer, 1);
      aged->customer_id = cobro_db_column_id (row, "id");
      aged->name = g_strdup (cobro_db_column_text (row, "name"));
      aged->ageing = cobro_ageing_new (currency);
      g_ptr_array_add (all, aged);
    }
  late = cobro_db_column_is_null (row, "late_day") ? tx->today : (CobroDay)cobro_db_column_int64 (row, "late_day");
  return cobro_ageing_add (&aged->ageing, cobro_db_column_money (row, "owed", currency), late, tx->today, error);
}

static gpointer
do_list_aged (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_aged_customer_free);
  g_autoptr (CobroDbStatement) rows = cobro_db_prepare (tx->db, OWED, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return NULL;
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    if (!add_owed (tx, rows, all, error))
      return NULL;
  return step == COBRO_DB_DONE ? g_steal_pointer (&all) : NULL;
}

void
cobro_ageing_store_list_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  cobro_store_list_async (store, do_list_aged, NULL, NULL, (GDestroyNotify)g_ptr_array_unref, cancellable, callback,
                          user_data);
}

GPtrArray *
cobro_ageing_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
