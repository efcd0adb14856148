/* relay/store/relay-attempt-store.c — calls to providers.
 * Layer: relay/store. */
#include "relay-attempt-store.h"

#include "relay-row.h"

static const char *const kind_names[] = { "begin", "query", "cancel", "refund" };
static const char *const outcome_names[] = {
  "prepared", "sent", "answered", "refused", "no_answer", "not_found", "lost"
};

const char *
relay_attempt_kind_name (RelayAttemptKind kind)
{
  return kind_names[kind];
}

const char *
relay_attempt_outcome_name (RelayAttemptOutcome outcome)
{
  return outcome_names[outcome];
}

static gboolean
find_name (const char *const *names, gsize n, const char *name, gsize *out_index)
{
  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *out_index = i;
        return TRUE;
      }
  return FALSE;
}

void
relay_attempt_free (RelayAttempt *attempt)
{
  if (attempt == NULL)
    return;
  g_free (attempt->provider_key);
  g_free (attempt->error_code);
  g_free (attempt->error_message);
  g_free (attempt);
}

gboolean
relay_attempt_start (RelayTx *tx, const RelayPaymentRecord *payment, RelayAttemptKind kind, const CobroId *refund_id,
                     const char *provider_key, gint64 *out_number, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO attempt (merchant_id, payment_id, number, kind, refund_id, outcome, provider_key, started_at) "
    "VALUES (:merchant, :payment, 1 + (SELECT coalesce (max (number), 0) FROM attempt WHERE merchant_id = :merchant "
    "AND payment_id = :payment), :kind, :refund, 'sent', :key, :now) RETURNING number",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":payment", &payment->payment->id);
  cobro_db_bind_text (statement, ":kind", kind_names[kind]);
  cobro_db_bind_text (statement, ":refund", refund_id != NULL ? refund_id->text : NULL);
  cobro_db_bind_text (statement, ":key", provider_key);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_number = cobro_db_column_int64 (statement, "number");
  return TRUE;
}

gboolean
relay_attempt_finish (RelayTx *tx, const CobroId *merchant_id, const CobroId *payment_id, gint64 number,
                      RelayAttemptOutcome outcome, const GError *failure, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE attempt SET outcome = :outcome, error_code = :code, error_message = :message, "
                      "finished_at = :now WHERE merchant_id = :merchant AND payment_id = :payment AND "
                      "number = :number AND outcome IN ('prepared', 'sent', 'lost')",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":outcome", outcome_names[outcome]);
  cobro_db_bind_text (statement, ":code",
                      failure == NULL                  ? ""
                      : failure->domain == COBRO_ERROR ? cobro_error_code_name ((CobroError)failure->code)
                                                       : "INTERNAL");
  cobro_db_bind_text (statement, ":message", failure != NULL ? failure->message : "");
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  cobro_db_bind_int64 (statement, ":number", number);
  return cobro_db_run (statement, error);
}

gboolean
relay_attempt_first_key (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id, RelayAttemptKind kind,
                         const CobroId *refund_id, char **out_key, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT provider_key FROM attempt WHERE merchant_id = :merchant AND payment_id = :payment AND "
                      "kind = :kind AND refund_id IS NOT DISTINCT FROM :refund ORDER BY number LIMIT 1",
                      error);
  CobroDbStep step;

  *out_key = NULL;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  cobro_db_bind_text (statement, ":kind", kind_names[kind]);
  cobro_db_bind_text (statement, ":refund", refund_id != NULL ? refund_id->text : NULL);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    *out_key = relay_row_dup_text (statement, "provider_key");
  return step == COBRO_DB_ROW || step == COBRO_DB_DONE;
}

static RelayAttempt *
read_attempt (CobroDbStatement *statement, const CobroId *payment_id, GError **error)
{
  g_autoptr (RelayAttempt) attempt = g_new0 (RelayAttempt, 1);
  gsize kind, outcome;

  if (!find_name (kind_names, G_N_ELEMENTS (kind_names), cobro_db_column_text (statement, "kind"), &kind) ||
      !find_name (outcome_names, G_N_ELEMENTS (outcome_names), cobro_db_column_text (statement, "outcome"), &outcome))
    {
      relay_row_broken (error, "kind or outcome", cobro_db_column_text (statement, "outcome"));
      return NULL;
    }
  attempt->payment_id = *payment_id;
  attempt->refund_id = cobro_db_column_id (statement, "refund_id");
  attempt->number = cobro_db_column_int64 (statement, "number");
  attempt->kind = (RelayAttemptKind)kind;
  attempt->outcome = (RelayAttemptOutcome)outcome;
  attempt->provider_key = relay_row_dup_text (statement, "provider_key");
  attempt->error_code = relay_row_dup_text (statement, "error_code");
  attempt->error_message = relay_row_dup_text (statement, "error_message");
  attempt->started_at = cobro_db_column_time (statement, "started_at");
  attempt->finished_at = cobro_db_column_time (statement, "finished_at");
  return g_steal_pointer (&attempt);
}

GPtrArray *
relay_attempt_list (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id, GError **error)
{
  g_autoptr (GPtrArray) attempts = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_attempt_free);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT number, kind, refund_id, outcome, provider_key, error_code, error_message, started_at, "
    "finished_at FROM attempt WHERE merchant_id = :merchant AND payment_id = :payment ORDER BY number",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayAttempt *attempt = read_attempt (statement, payment_id, error);

      if (attempt == NULL)
        return NULL;
      g_ptr_array_add (attempts, attempt);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&attempts) : NULL;
}

gboolean
relay_attempt_mark_lost (RelayTx *tx, CobroTime started_before, gint64 *out_count, GError **error)
{
  g_autoptr (CobroDbStatement) due = NULL;
  g_autoptr (CobroDbStatement) statement = NULL;

  /* Their payments are asked about first: once marked, the rows are no longer found. */
  due = cobro_db_prepare (tx->db,
                          "UPDATE payment SET next_poll_at = :now FROM attempt WHERE outcome IN ('prepared', 'sent') "
                          "AND started_at < :before AND attempt.merchant_id = payment.merchant_id AND "
                          "attempt.payment_id = payment.id AND state NOT IN ('succeeded', 'failed', 'cancelled')",
                          error);
  if (due == NULL)
    return FALSE;
  cobro_db_bind_int64 (due, ":now", tx->now);
  cobro_db_bind_int64 (due, ":before", started_before);
  if (!cobro_db_run (due, error) ||
      !(statement = cobro_db_prepare (tx->db,
                                      "UPDATE attempt SET outcome = 'lost', finished_at = :now WHERE outcome IN "
                                      "('prepared', 'sent') AND started_at < :before",
                                      error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":before", started_before);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_count = cobro_db_changes (tx->db);
  return TRUE;
}
