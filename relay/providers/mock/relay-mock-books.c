/* relay/providers/mock/relay-mock-books.c — the gateway's tables: rows in, rows out.
 * Layer: relay/providers (mock). Inside a transaction, on the writer's thread. */
#include "relay-mock-private.h"

#include "cobro-db-migration.h"
#include "cobro-error.h"
#include "relay-mock-resources.h"

void
relay_mock_payment_free (RelayMockPayment *payment)
{
  if (payment == NULL)
    return;
  g_free (payment->id);
  g_free (payment->account);
  g_free (payment->reference);
  g_free (payment->key);
  g_free (payment->brand);
  g_free (payment->last4);
  g_free (payment->failure_code);
  g_free (payment->dispute);
  g_free (payment->description);
  g_free (payment->return_url);
  g_free (payment->language);
  g_free (payment);
}

void
relay_mock_refund_free (RelayMockRefund *refund)
{
  if (refund == NULL)
    return;
  g_free (refund->id);
  g_free (refund);
}

void
relay_mock_delivery_free (RelayMockDelivery *delivery)
{
  if (delivery == NULL)
    return;
  g_free (delivery->account);
  g_free (delivery->body);
  g_free (delivery->variant);
  g_free (delivery->url);
  g_free (delivery->secret);
  g_free (delivery);
}

GPtrArray *
relay_mock_books_migrations (CobroDb *db, GError **error)
{
  const char *folder =
    cobro_db_is_postgres (db) ? "/app/cobro/relay/mock/schema-postgres" : "/app/cobro/relay/mock/schema";

  return cobro_db_migrations_from_resource (relay_mock_get_resource (), folder, error);
}

gboolean
relay_mock_books_visit (CobroDb *db, const char *account, const char *reference, RelayCallKind kind, gint64 *out_number,
                        gint64 *out_count, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "INSERT INTO visits (account, reference, begins, queries)"
                                " VALUES (:account, :reference, :begins, :queries)"
                                " ON CONFLICT (account, reference) DO UPDATE SET"
                                " begins = visits.begins + excluded.begins, queries = visits.queries + excluded.queries"
                                " RETURNING number, begins, queries",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_text (statement, ":reference", reference);
  cobro_db_bind_int64 (statement, ":begins", kind == RELAY_CALL_BEGIN);
  cobro_db_bind_int64 (statement, ":queries", kind == RELAY_CALL_QUERY);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_number = cobro_db_column_int64 (statement, "number");
  *out_count = cobro_db_column_int64 (statement, kind == RELAY_CALL_QUERY ? "queries" : "begins");
  return TRUE;
}

gboolean
relay_mock_books_set_endpoint (CobroDb *db, const char *account, const char *url, const char *secret,
                               const char *options, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "INSERT INTO endpoints (account, url, secret, options)"
                                " VALUES (:account, :url, :secret, :options) ON CONFLICT (account) DO UPDATE SET"
                                " url = excluded.url, secret = excluded.secret, options = excluded.options"
                                " WHERE endpoints.url <> excluded.url OR endpoints.secret <> excluded.secret"
                                " OR endpoints.options <> excluded.options",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_text (statement, ":url", url);
  cobro_db_bind_text (statement, ":secret", secret);
  cobro_db_bind_text (statement, ":options", options);
  return cobro_db_run (statement, error);
}

char *
relay_mock_books_dup_options (CobroDb *db, const char *account, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT options FROM endpoints WHERE account = :account", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":account", account);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return g_strdup (cobro_db_column_text (statement, "options"));
    case COBRO_DB_DONE:
      return g_strdup ("");
    case COBRO_DB_FAILED:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayMockPayment *
read_payment (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayMockPayment) payment = g_new0 (RelayMockPayment, 1);
  CobroCurrency currency;

  if (!cobro_currency_from_code (cobro_db_column_text (statement, "currency"), &currency, error))
    return NULL;
  if (!cobro_fact_kind_from_name (cobro_db_column_text (statement, "state"), &payment->state))
    {
      cobro_error_set (error, COBRO_ERROR_CORRUPT, "unknown state \"%s\"", cobro_db_column_text (statement, "state"));
      return NULL;
    }
  payment->number = cobro_db_column_int64 (statement, "number");
  payment->id = g_strdup (cobro_db_column_text (statement, "id"));
  payment->account = g_strdup (cobro_db_column_text (statement, "account"));
  payment->reference = g_strdup (cobro_db_column_text (statement, "reference"));
  payment->key = g_strdup (cobro_db_column_text (statement, "idempotency_key"));
  payment->amount = cobro_db_column_money (statement, "amount", currency);
  payment->captured = cobro_db_column_money (statement, "captured", currency);
  payment->brand = g_strdup (cobro_db_column_text (statement, "brand"));
  payment->last4 = g_strdup (cobro_db_column_text (statement, "last4"));
  payment->failure_code = g_strdup (cobro_db_column_text (statement, "failure_code"));
  payment->dispute = g_strdup (cobro_db_column_text (statement, "dispute"));
  payment->description = g_strdup (cobro_db_column_text (statement, "description"));
  payment->return_url = g_strdup (cobro_db_column_text (statement, "return_url"));
  payment->language = g_strdup (cobro_db_column_text (statement, "language"));
  payment->due_at = cobro_db_column_time (statement, "due_at");
  payment->created_at = cobro_db_column_time (statement, "created_at");
  payment->updated_at = cobro_db_column_time (statement, "updated_at");
  return g_steal_pointer (&payment);
}

static RelayMockPayment *
step_payment (CobroDbStatement *statement, GError **error)
{
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return read_payment (statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

RelayMockPayment *
relay_mock_books_find (CobroDb *db, const char *account, const char *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement =
    cobro_db_prepare (db, "SELECT * FROM payments WHERE id = :id AND (:account IS NULL OR account = :account)", error);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":account", account);
  return step_payment (statement, error);
}

RelayMockPayment *
relay_mock_books_find_reference (CobroDb *db, const char *account, const char *reference, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement =
    cobro_db_prepare (db, "SELECT * FROM payments WHERE account = :account AND reference = :reference", error);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_text (statement, ":reference", reference);
  return step_payment (statement, error);
}

RelayMockPayment *
relay_mock_books_find_due (CobroDb *db, CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement =
    cobro_db_prepare (db, "SELECT * FROM payments WHERE due_at <= :now ORDER BY due_at, number LIMIT 1", error);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_time (statement, ":now", now);
  return step_payment (statement, error);
}

gboolean
relay_mock_books_insert (CobroDb *db, const RelayMockPayment *payment, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (
    db,
    "INSERT INTO payments (id, number, account, reference, idempotency_key, currency, amount, state, description,"
    " return_url, language, created_at, updated_at)"
    " VALUES (:id, :number, :account, :reference, :key, :currency, :amount, :state, :description, :return_url, "
    ":language,"
    " :created_at, :created_at)",
    error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", payment->id);
  cobro_db_bind_int64 (statement, ":number", payment->number);
  cobro_db_bind_text (statement, ":account", payment->account);
  cobro_db_bind_text (statement, ":reference", payment->reference);
  cobro_db_bind_text (statement, ":key", payment->key);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (payment->amount));
  cobro_db_bind_money (statement, ":amount", payment->amount);
  cobro_db_bind_text (statement, ":state", cobro_fact_kind_name (payment->state));
  cobro_db_bind_text (statement, ":description", payment->description);
  cobro_db_bind_text (statement, ":return_url", payment->return_url);
  cobro_db_bind_text (statement, ":language", payment->language);
  cobro_db_bind_time (statement, ":created_at", payment->created_at);
  return cobro_db_run (statement, error);
}

gboolean
relay_mock_books_update (CobroDb *db, const RelayMockPayment *payment, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement =
    cobro_db_prepare (db,
                      "UPDATE payments SET captured = :captured, state = :state, brand = :brand, last4 = :last4,"
                      " failure_code = :failure_code, dispute = :dispute, due_at = :due_at, updated_at = :updated_at"
                      " WHERE id = :id",
                      error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_money (statement, ":captured", payment->captured);
  cobro_db_bind_text (statement, ":state", cobro_fact_kind_name (payment->state));
  cobro_db_bind_text (statement, ":brand", payment->brand);
  cobro_db_bind_text (statement, ":last4", payment->last4);
  cobro_db_bind_text (statement, ":failure_code", payment->failure_code);
  cobro_db_bind_text (statement, ":dispute", payment->dispute);
  cobro_db_bind_time (statement, ":due_at", payment->due_at);
  cobro_db_bind_time (statement, ":updated_at", payment->updated_at);
  cobro_db_bind_text (statement, ":id", payment->id);
  return cobro_db_run (statement, error);
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────────── */

RelayMockRefund *
relay_mock_books_find_refund (CobroDb *db, const RelayMockPayment *payment, const char *id, const char *key,
                              GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autoptr (RelayMockRefund) refund = NULL;
  CobroDbStep step;

  statement =
    cobro_db_prepare (db,
                      "SELECT id, amount, state = 'succeeded' AS succeeded FROM refunds"
                      " WHERE payment_id = :payment_id AND (id = :id OR (:id = '' AND idempotency_key = :key))",
                      error);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":payment_id", payment->id);
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":key", key);
  step = cobro_db_step (statement, error);
  if (step == COBRO_DB_DONE)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such refund");
  if (step != COBRO_DB_ROW)
    return NULL;
  refund = g_new0 (RelayMockRefund, 1);
  refund->id = g_strdup (cobro_db_column_text (statement, "id"));
  refund->amount = cobro_db_column_money (statement, "amount", cobro_money_currency (payment->amount));
  refund->succeeded = cobro_db_column_bool (statement, "succeeded");
  return g_steal_pointer (&refund);
}

gboolean
relay_mock_books_sum_refunds (CobroDb *db, const RelayMockPayment *payment, CobroMoney *out_sum, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "SELECT coalesce (sum (amount), 0) AS total FROM refunds"
                                " WHERE payment_id = :payment_id AND state = 'succeeded'",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":payment_id", payment->id);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_sum = cobro_db_column_money (statement, "total", cobro_money_currency (payment->amount));
  return TRUE;
}

gboolean
relay_mock_books_insert_refund (CobroDb *db, const RelayMockPayment *payment, const RelayMockRefund *refund,
                                const char *key, CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "INSERT INTO refunds (id, payment_id, idempotency_key, amount, state, created_at)"
                                " VALUES (:id, :payment_id, :key, :amount, :state, :created_at)",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", refund->id);
  cobro_db_bind_text (statement, ":payment_id", payment->id);
  cobro_db_bind_text (statement, ":key", key);
  cobro_db_bind_money (statement, ":amount", refund->amount);
  cobro_db_bind_text (statement, ":state", refund->succeeded ? "succeeded" : "failed");
  cobro_db_bind_time (statement, ":created_at", now);
  return cobro_db_run (statement, error);
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define LIST_PAYMENTS                                                                                                  \
  "SELECT * FROM payments WHERE account = :account AND updated_at >= :since AND "                                      \
  "(updated_at > :after OR (updated_at = :after AND id > :after_id)) ORDER BY updated_at, id LIMIT :limit"
#define LIST_REFUNDS                                                                                                   \
  "SELECT p.*, r.id AS refund_id, r.amount AS refund_amount, r.state = 'succeeded' AS refund_succeeded, "              \
  "r.created_at AS refund_at FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.account = :account AND "    \
  "r.created_at >= :since AND (r.created_at > :after OR (r.created_at = :after AND r.id > :after_id)) "                \
  "ORDER BY r.created_at, r.id LIMIT :limit"

static RelayMockRefund *
read_listed_refund (CobroDbStatement *statement, const RelayMockPayment *payment)
{
  RelayMockRefund *refund = g_new0 (RelayMockRefund, 1);

  refund->id = g_strdup (cobro_db_column_text (statement, "refund_id"));
  refund->amount = cobro_db_column_money (statement, "refund_amount", cobro_money_currency (payment->amount));
  refund->succeeded = cobro_db_column_bool (statement, "refund_succeeded");
  refund->created_at = cobro_db_column_time (statement, "refund_at");
  return refund;
}

GPtrArray *
relay_mock_books_list (CobroDb *db, const RelayMockPage *page, GPtrArray **out_refunds, GError **error)
{
  g_autoptr (GPtrArray) payments = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_mock_payment_free);
  g_autoptr (GPtrArray) refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_mock_refund_free);
  g_autoptr (CobroDbStatement) statement =
    page->refunds ? cobro_db_prepare (db, LIST_REFUNDS, error) : cobro_db_prepare (db, LIST_PAYMENTS, error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":account", page->account);
  cobro_db_bind_int64 (statement, ":since", page->since);
  cobro_db_bind_int64 (statement, ":after", page->after);
  cobro_db_bind_text (statement, ":after_id", page->after_id);
  cobro_db_bind_int64 (statement, ":limit", page->limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayMockPayment *payment = read_payment (statement, error);

      if (payment == NULL)
        return NULL;
      g_ptr_array_add (payments, payment);
      if (page->refunds)
        g_ptr_array_add (refunds, read_listed_refund (statement, payment));
    }
  if (step != COBRO_DB_DONE)
    return NULL;
  *out_refunds = page->refunds ? g_steal_pointer (&refunds) : NULL;
  return g_steal_pointer (&payments);
}

/* ── Events and their deliveries ────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_mock_books_insert_event (CobroDb *db, const char *id, const RelayMockPayment *payment, const char *body,
                               CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "INSERT INTO events (id, payment_id, account, body, created_at)"
                                " VALUES (:id, :payment_id, :account, :body, :created_at)",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":payment_id", payment->id);
  cobro_db_bind_text (statement, ":account", payment->account);
  cobro_db_bind_text (statement, ":body", body);
  cobro_db_bind_time (statement, ":created_at", now);
  return cobro_db_run (statement, error);
}

gboolean
relay_mock_books_insert_delivery (CobroDb *db, const char *event_id, const char *variant, CobroTime due_at,
                                  GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "INSERT INTO deliveries (event_id, variant, due_at)"
                                " VALUES (:event_id, :variant, :due_at)",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":event_id", event_id);
  cobro_db_bind_text (statement, ":variant", variant);
  cobro_db_bind_time (statement, ":due_at", due_at);
  return cobro_db_run (statement, error);
}

RelayMockDelivery *
relay_mock_books_find_delivery (CobroDb *db, CobroTime now, const char *payment_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autoptr (RelayMockDelivery) delivery = NULL;
  CobroDbStep step;

  statement = cobro_db_prepare (db,
                                "SELECT d.id, e.account, e.body, d.variant, d.tries, e.created_at, p.url, p.secret"
                                " FROM deliveries d JOIN events e ON e.id = d.event_id"
                                " LEFT JOIN endpoints p ON p.account = e.account"
                                " WHERE d.state = 'waiting' AND d.due_at <= :now"
                                " AND (:payment_id IS NULL OR e.payment_id = :payment_id)"
                                " ORDER BY d.due_at, d.id LIMIT 1",
                                error);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_time (statement, ":now", now);
  cobro_db_bind_text (statement, ":payment_id", payment_id);
  step = cobro_db_step (statement, error);
  if (step == COBRO_DB_DONE)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "nothing to send");
  if (step != COBRO_DB_ROW)
    return NULL;
  delivery = g_new0 (RelayMockDelivery, 1);
  delivery->id = cobro_db_column_int64 (statement, "id");
  delivery->account = g_strdup (cobro_db_column_text (statement, "account"));
  delivery->body = g_strdup (cobro_db_column_text (statement, "body"));
  delivery->variant = g_strdup (cobro_db_column_text (statement, "variant"));
  delivery->url = g_strdup (cobro_db_column_text (statement, "url"));
  delivery->secret = g_strdup (cobro_db_column_text (statement, "secret"));
  delivery->tries = cobro_db_column_int64 (statement, "tries");
  delivery->created_at = cobro_db_column_time (statement, "created_at");
  return g_steal_pointer (&delivery);
}

gboolean
relay_mock_books_update_delivery (CobroDb *db, gint64 id, const char *state, gint64 tries, CobroTime due_at,
                                  GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "UPDATE deliveries SET state = :state, tries = :tries, due_at = :due_at"
                                " WHERE id = :id AND state = 'waiting'",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":state", state);
  cobro_db_bind_int64 (statement, ":tries", tries);
  cobro_db_bind_int64 (statement, ":due_at", due_at);
  cobro_db_bind_int64 (statement, ":id", id);
  return cobro_db_run (statement, error);
}

gboolean
relay_mock_books_next_due (CobroDb *db, CobroTime *out_due, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  statement = cobro_db_prepare (db,
                                "SELECT min (due_at) AS due_at FROM"
                                " (SELECT min (due_at) AS due_at FROM payments WHERE due_at IS NOT NULL"
                                "  UNION ALL SELECT min (due_at) FROM deliveries WHERE state = 'waiting') AS due",
                                error);
  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_due = cobro_db_column_time (statement, "due_at");
  return TRUE;
}
