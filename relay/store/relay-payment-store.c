/* relay/store/relay-payment-store.c — payments and their slots.
 * Layer: relay/store. */
#include "relay-payment-store.h"

#include "cobro-wire-payment.h"
#include "relay-payment-row.h"
#include "relay-row.h"

/* ── Finding ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayPaymentRecord *
read_one (CobroDbStatement *statement, GError **error)
{
  return relay_row_found (statement, "payment", error) ? relay_payment_row_read (statement, error) : NULL;
}

static GPtrArray *
read_all (CobroDbStatement *statement, GError **error)
{
  return relay_row_all (statement, (RelayRowRead)relay_payment_row_read, (GDestroyNotify)relay_payment_record_free,
                        error);
}

RelayPaymentRecord *
relay_payment_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment "
                      "WHERE merchant_id = :merchant AND id = :id AND livemode = :livemode",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  return read_one (statement, error);
}

RelayPaymentRecord *
relay_payment_find_by_object (CobroDb *db, const char *gateway, const char *account, gboolean livemode,
                              const char *provider_payment_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment WHERE gateway = :gateway AND account = :account "
                      "AND livemode = :livemode AND provider_payment_id = :object AND provider_payment_id <> ''",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":gateway", gateway);
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_bool (statement, ":livemode", livemode);
  cobro_db_bind_text (statement, ":object", provider_payment_id);
  return read_one (statement, error);
}

/* By what holds the money: of an object that we made, or the object itself. */
static RelayPaymentRecord *
find_by_charge (CobroDb *db, const CobroFact *fact, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment WHERE gateway = :gateway AND account = :account "
                      "AND livemode = :livemode AND charge_id = :charge AND charge_id <> ''",
                      error);
  RelayPaymentRecord *record;
  GError *failure = NULL;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":gateway", fact->provider);
  cobro_db_bind_text (statement, ":account", fact->account);
  cobro_db_bind_bool (statement, ":livemode", fact->livemode);
  cobro_db_bind_text (statement, ":charge", fact->charge_id);
  record = read_one (statement, &failure);
  if (record != NULL || !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      if (failure != NULL)
        g_propagate_error (error, failure);
      return record;
    }
  g_error_free (failure);
  return relay_payment_find_by_object (db, fact->provider, fact->account, fact->livemode, fact->charge_id, error);
}

/* A charge is one payment's: a second charge that was taken over has the first one's object, too. */
static void
prefer (RelayPaymentRecord *take_record, RelayPaymentRecord **record)
{
  if (take_record == NULL)
    return;
  relay_payment_record_free (*record);
  *record = take_record;
}

gboolean
relay_payment_find_for_fact (CobroDb *db, const RelayScope *scope, const CobroFact *fact,
                             RelayPaymentRecord **out_record, GError **error)
{
  GError *failure = NULL;
  CobroId id;

  *out_record = NULL;
  if (*fact->provider_payment_id != '\0')
    *out_record = relay_payment_find_by_object (db, fact->provider, fact->account, fact->livemode,
                                                fact->provider_payment_id, &failure);
  if (!cobro_error_forgive_not_found (failure, error))
    return FALSE;
  failure = NULL;
  if (*fact->charge_id != '\0' && (*out_record == NULL || !g_str_equal ((*out_record)->charge_id, fact->charge_id)))
    prefer (find_by_charge (db, fact, &failure), out_record);
  if (!cobro_error_forgive_not_found (failure, error))
    return FALSE;
  failure = NULL;
  if (*out_record == NULL && cobro_id_parse (COBRO_ID_PAYMENT, fact->reference, &id, NULL))
    *out_record = relay_payment_find (db, scope, &id, &failure);
  return cobro_error_forgive_not_found (failure, error);
}

gboolean
relay_payment_is_anywhere (CobroDb *db, const CobroId *id, gboolean *out_is, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT count(*) AS n FROM payment WHERE id = :id", error);
  gint64 n = 0;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  if (!relay_row_count (statement, &n, error))
    return FALSE;
  *out_is = n > 0;
  return TRUE;
}

GPtrArray *
relay_payment_list_after (CobroDb *db, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment WHERE row > :row ORDER BY row", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  return read_all (statement, error);
}

RelayPaymentRecord *
relay_payment_find_by_payer (CobroDb *db, const CobroId *merchant_id, const CobroId *link_id,
                             const CobroTokenHash *payer, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment WHERE merchant_id = :merchant AND "
                      "link_id = :link AND payer = :payer ORDER BY row DESC LIMIT 1",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":link", link_id);
  cobro_db_bind_hash (statement, ":payer", payer);
  return read_one (statement, error);
}

GPtrArray *
relay_payment_list_of_link (CobroDb *db, const CobroId *merchant_id, const CobroId *link_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment WHERE merchant_id = :merchant AND "
                      "link_id = :link ORDER BY row",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":link", link_id);
  return read_all (statement, error);
}

gboolean
relay_payment_make_due (RelayTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE payment SET next_poll_at = :now WHERE state NOT IN ('succeeded', 'failed', 'cancelled')", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

GPtrArray *
relay_payment_list_due (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_PAYMENT_COLUMNS " FROM payment WHERE next_poll_at <= :now AND "
                      "next_poll_at IS NOT NULL ORDER BY next_poll_at, row LIMIT :limit",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return read_all (statement, error);
}

gboolean
relay_payment_claim (RelayTx *tx, gint64 row, CobroTime seen, CobroTime until, gboolean *out_mine, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE payment SET next_poll_at = :until WHERE row = :row AND next_poll_at = :seen", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  cobro_db_bind_int64 (statement, ":seen", seen);
  cobro_db_bind_int64 (statement, ":until", until);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_mine = cobro_db_changes (tx->db) == 1;
  return TRUE;
}

gboolean
relay_payment_count_disputed (CobroDb *db, const RelayPaymentRecord *payment, gint64 *out_count, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT count(*) AS n FROM payment WHERE merchant_id = :merchant AND link_id = :link AND "
                      "row <> :row AND (flags & :disputed) <> 0",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":link", &payment->payment->link_id);
  cobro_db_bind_int64 (statement, ":row", payment->row);
  cobro_db_bind_int64 (statement, ":disputed", COBRO_FLAG_DISPUTED);
  return relay_row_count (statement, out_count, error);
}

gboolean
relay_payment_count_unknown (CobroDb *db, CobroTime before, gint64 *out_count, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT count(*) AS n FROM payment WHERE next_poll_at IS NOT NULL AND state = 'unknown' AND "
                      "created_at < :before",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":before", before);
  return relay_row_count (statement, out_count, error);
}

/* ── Slots ──────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_payment_paid_to_slot (CobroDb *db, const CobroId *merchant_id, const CobroLink *link, gint64 slot,
                            CobroMoney *out_paid, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT coalesce (sum (received), 0) AS n FROM payment WHERE merchant_id = :merchant AND "
                      "link_id = :link AND state = 'succeeded' AND slot = :slot",
                      error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":link", &link->id);
  cobro_db_bind_int64 (statement, ":slot", slot);
  if (!relay_row_count (statement, &n, error))
    return FALSE;
  *out_paid = cobro_money (n, link->currency);
  return TRUE;
}

gboolean
relay_payment_present_use (CobroDb *db, const RelayLinkRecord *link, gint64 *out_slot, CobroMoney *out_paid,
                           GError **error)
{
  *out_slot = 1;
  /* An invoice is paid towards its total, whichever way the money comes. */
  if (cobro_id_is_set (&link->link->invoice_id))
    return relay_link_net (link, out_paid, error);
  if (link->link->partial != COBRO_PARTIAL_OFF)
    return relay_payment_paid_to_slot (db, &link->merchant_id, link->link, 1, out_paid, error);
  *out_paid = cobro_money_zero (link->link->currency);
  return TRUE;
}

/* When the first of the open attempts in the way ends; 0 when there is none. */
static gboolean
first_lease_end (CobroDb *db, const RelayLinkRecord *link, CobroTime *out_until, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT coalesce (min (lease_until), 0) AS n FROM payment WHERE merchant_id = :merchant AND "
                      "link_id = :link AND state NOT IN ('succeeded', 'failed', 'cancelled')",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &link->merchant_id);
  cobro_db_bind_id (statement, ":link", &link->link->id);
  return relay_row_count (statement, out_until, error);
}

/* The lowest slot in 1 … @limit that nobody leases; 0 when there is none. */
static gboolean
free_slot (CobroDb *db, const RelayLinkRecord *link, gint64 limit, gint64 *out_slot, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT coalesce (min (candidate), 0) AS n FROM ("
                      " SELECT 1 AS candidate UNION ALL SELECT slot + 1 FROM payment "
                      " WHERE merchant_id = :merchant AND link_id = :link AND leased = 1) AS candidates WHERE "
                      "candidate <= :limit AND NOT EXISTS ("
                      " SELECT 1 FROM payment AS other WHERE other.merchant_id = :merchant AND other.link_id = :link "
                      " AND other.slot = candidate AND other.leased = 1)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &link->merchant_id);
  cobro_db_bind_id (statement, ":link", &link->link->id);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return relay_row_count (statement, out_slot, error);
}

gboolean
relay_payment_look_for_slot (CobroDb *db, const RelayLinkRecord *link, gint64 *out_slot, CobroTime *out_until,
                             GError **error)
{
  gint64 limit = cobro_link_use_limit (link->link);
  gint64 slot = 0;

  *out_until = 0;
  if (limit == G_MAXINT64)
    {
      *out_slot = 0;
      return TRUE;
    }
  /* Uses from before the link was limited have no slot, and count. Slots are given upwards; only when all were given
   * once, the ones that came back are looked for. */
  if (link->tally.uses + link->tally.open_attempts < limit)
    {
      if (link->slots_given < limit)
        slot = link->slots_given + 1;
      else if (!free_slot (db, link, limit, &slot, error))
        return FALSE;
    }
  if (slot == 0 && !first_lease_end (db, link, out_until, error))
    return FALSE;
  *out_slot = slot > 0 ? slot : -1;
  return TRUE;
}

gboolean
relay_payment_take_slot (RelayTx *tx, RelayLinkRecord *link, gint64 *out_slot, CobroTime *out_until, GError **error)
{
  gint64 slot;
  CobroTime until;

  if (!relay_payment_look_for_slot (tx->db, link, &slot, &until, error))
    return FALSE;
  if (slot >= 0)
    {
      link->slots_given = MAX (link->slots_given, slot);
      *out_slot = slot;
      return TRUE;
    }
  if (until == 0)
    return cobro_error_set (error, COBRO_ERROR_GONE, "every use of this link is taken");
  *out_until = until;
  return cobro_error_set (error, COBRO_ERROR_BUSY, "somebody else is paying this right now");
}

gboolean
relay_payment_evict (RelayTx *tx, const RelayLinkRecord *link, gint64 *out_slot, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE payment SET leased = 0, lease_until = :now, next_poll_at = :now WHERE row = (SELECT row FROM payment "
    "WHERE merchant_id = :merchant AND link_id = :link AND leased = 1 AND "
    "state NOT IN ('succeeded', 'failed', 'cancelled') ORDER BY row LIMIT 1) RETURNING slot",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", &link->merchant_id);
  cobro_db_bind_id (statement, ":link", &link->link->id);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  *out_slot = step == COBRO_DB_ROW ? cobro_db_column_int64 (statement, "slot") : 0;
  return TRUE;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

#define CHANGES                                                                                                        \
  "state, received, refunded, lost, flags, dispute_due, provider_payment_id, charge_id, receipt, method_detail, "      \
  "failure_code, "                                                                                                     \
  "failure_message, "                                                                                                  \
  "slot, leased, lease_until, next_poll_at, polls, next, next_url, next_sealed, next_details, updated_at, "            \
  "succeeded_at"
#define CHANGE_VALUES                                                                                                  \
  ":state, :received, :refunded, :lost, :flags, :dispute_due, :provider_payment_id, :charge_id, :receipt, "            \
  ":method_detail, "                                                                                                   \
  ":failure_code, "                                                                                                    \
  ":failure_message, :slot, :leased, :lease_until, :next_poll_at, :polls, :next, :next_url, :next_sealed, "            \
  ":next_details, :updated_at, :succeeded_at"

static gboolean
explain (GError *failure, GError **error)
{
  if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_EXISTS))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);
  return cobro_error_set (error, COBRO_ERROR_BUSY, "somebody else is paying this right now");
}

gboolean
relay_payment_insert (RelayTx *tx, RelayPaymentRecord *record, GError **error)
{
  GError *failure = NULL;
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!relay_row_next (tx->db, "payment", &record->row, error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "INSERT INTO payment (row, merchant_id, id, link_id, livemode, currency, amount, gateway, account, "
          "idempotency_key, metadata, payer_name, payer_email, payer_phone, payer_fields, method, "
          "quantities, payer, second_of, created_at, " CHANGES
          ") VALUES (:row, :merchant, :id, :link_id, :livemode, :currency, :amount, :gateway, :account, "
          ":idempotency_key, :metadata, :payer_name, :payer_email, :payer_phone, :payer_fields, :method, "
          ":quantities, :payer, :second_of, :created_at, " CHANGE_VALUES ")",
          error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", record->row);
  relay_payment_row_bind_fixed (statement, record);
  relay_payment_row_bind_changes (statement, record);
  relay_tx_count (tx, RELAY_METRIC_PAYMENTS, 1, record->payment->gateway,
                  cobro_payment_state_name (record->payment->state));
  return cobro_db_run (statement, &failure) || explain (failure, error);
}

gboolean
relay_payment_save (RelayTx *tx, RelayPaymentRecord *record, GError **error)
{
  GError *failure = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE payment SET (" CHANGES ") = (" CHANGE_VALUES ") WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  record->payment->updated_at = tx->now;
  relay_payment_row_bind_changes (statement, record);
  cobro_db_bind_int64 (statement, ":row", record->row);
  return cobro_db_run (statement, &failure) || explain (failure, error);
}

gboolean
relay_payment_append_event (RelayTx *tx, const RelayPaymentRecord *record, CobroEventType type, GError **error)
{
  RelayScope scope = { record->merchant_id, record->payment->livemode };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_payment_write (writer, NULL, record->payment);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &scope, type, &record->payment->id, object, error);
}
