/* relay/store/relay-fact-store.c — facts and the ledger: rows that are written once.
 * Layer: relay/store. Declared in relay-payment-store.h. */
#include "relay-payment-store.h"
#include "relay-row.h"

const char *
relay_verdict_name (RelayVerdict verdict)
{
  static const char *const names[] = { "applied", "no_change", "duplicate", "unmatched", "quarantined" };

  return names[verdict];
}

gboolean
relay_fact_is_known (CobroDb *db, const CobroFact *fact, gboolean *out_known, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT count(*) AS n FROM fact WHERE provider = :provider AND account = :account AND "
                      "livemode = :livemode AND event_id = :event",
                      error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":provider", fact->provider);
  cobro_db_bind_text (statement, ":account", fact->account);
  cobro_db_bind_bool (statement, ":livemode", fact->livemode);
  cobro_db_bind_text (statement, ":event", fact->event_id);
  if (!relay_row_count (statement, &n, error))
    return FALSE;
  *out_known = n > 0;
  return TRUE;
}

gboolean
relay_fact_dispute_closed_since (CobroDb *db, const RelayPaymentRecord *payment, CobroTime since, gboolean *out_closed,
                                 GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT count(*) AS n FROM fact WHERE merchant_id = :merchant AND payment_id = :payment AND verdict <> "
    "'quarantined' AND (kind = 'dispute_won' OR kind = 'dispute_lost') AND (occurred_at IS NULL OR occurred_at >= "
    ":since)",
    error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":payment", &payment->payment->id);
  cobro_db_bind_int64 (statement, ":since", since);
  if (!relay_row_count (statement, &n, error))
    return FALSE;
  *out_closed = n > 0;
  return TRUE;
}

static void
bind_fact (CobroDbStatement *statement, const CobroFact *fact)
{
  cobro_db_bind_text (statement, ":provider", fact->provider);
  cobro_db_bind_text (statement, ":account", fact->account);
  cobro_db_bind_bool (statement, ":livemode", fact->livemode);
  cobro_db_bind_text (statement, ":event", fact->event_id);
  cobro_db_bind_text (statement, ":source", cobro_fact_source_name (fact->source));
  cobro_db_bind_text (statement, ":kind", cobro_fact_kind_name (fact->kind));
  cobro_db_bind_text (statement, ":object", fact->provider_payment_id);
  cobro_db_bind_text (statement, ":charge", fact->charge_id);
  cobro_db_bind_text (statement, ":receipt", fact->receipt);
  cobro_db_bind_text (statement, ":reference", fact->reference);
  cobro_db_bind_money (statement, ":amount", fact->amount);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (fact->amount));
  cobro_db_bind_text (statement, ":refund", fact->refund_id);
  cobro_db_bind_text (statement, ":failure_code", fact->failure_code);
  cobro_db_bind_text (statement, ":failure_message", fact->failure_message);
  cobro_db_bind_text (statement, ":method_detail", fact->method_detail);
  cobro_db_bind_time (statement, ":occurred_at", fact->occurred_at);
  cobro_db_bind_time (statement, ":due_at", fact->due_at);
}

gboolean
relay_fact_insert (RelayTx *tx, const CobroId *merchant_id, const CobroFact *fact, const CobroId *payment_id,
                   RelayVerdict verdict, const char *reason, gboolean *out_known, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO fact (merchant_id, provider, account, livemode, event_id, source, kind, payment_id, "
    "provider_payment_id, charge_id, receipt, reference, amount, currency, refund_id, failure_code, failure_message, "
    "method_detail, "
    "verdict, reason, occurred_at, due_at, recorded_at) VALUES (:merchant, :provider, :account, :livemode, :event, "
    ":source, "
    ":kind, :payment, :object, :charge, :receipt, :reference, :amount, :currency, :refund, :failure_code, "
    ":failure_message, "
    ":method_detail, :verdict, :reason, :occurred_at, :due_at, :now) "
    "ON CONFLICT (provider, account, livemode, event_id) DO NOTHING",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  bind_fact (statement, fact);
  cobro_db_bind_id (statement, ":payment", payment_id);
  cobro_db_bind_text (statement, ":verdict", relay_verdict_name (verdict));
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_known = cobro_db_changes (tx->db) == 0;
  return TRUE;
}

gboolean
relay_ledger_append (RelayTx *tx, const RelayPaymentRecord *payment, RelayLedgerKind kind, CobroMoney amount,
                     const char *source, GError **error)
{
  static const char *const kinds[] = { "payment", "refund", "dispute" };
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO ledger (merchant_id, link_id, payment_id, kind, amount, currency, source, booked_at) "
    "VALUES (:merchant, :link, :payment, :kind, :amount, :currency, :source, :now)",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":link", &payment->payment->link_id);
  cobro_db_bind_id (statement, ":payment", &payment->payment->id);
  cobro_db_bind_text (statement, ":kind", kinds[kind]);
  cobro_db_bind_money (statement, ":amount", amount);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (amount));
  cobro_db_bind_text (statement, ":source", source);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}
