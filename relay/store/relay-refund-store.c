/* relay/store/relay-refund-store.c — refunds.
 * Layer: relay/store. */
#include "relay-refund-store.h"

#include "cobro-wire-refund.h"
#include "relay-list.h"
#include "relay-row.h"

#define COLUMNS                                                                                                        \
  "row, merchant_id, id, payment_id, livemode, currency, amount, state, origin, reason, provider_refund_id, "          \
  "failure_message, next_try_at, tries, created_at, updated_at"

#define LIST_MAX 100

static const char *const origin_names[] = { "merchant", "automatic", "provider" };

void
relay_refund_record_free (RelayRefundRecord *record)
{
  if (record == NULL)
    return;
  cobro_refund_unref (record->refund);
  g_free (record);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayRefundRecord *
read_row (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayRefundRecord) record = g_new0 (RelayRefundRecord, 1);
  CobroRefund *refund = record->refund = cobro_refund_new ();
  const char *origin = cobro_db_column_text (statement, "origin");
  CobroCurrency currency;

  if (!relay_row_currency (statement, "currency", &currency, error) ||
      !relay_row_enum (statement, "state", cobro_refund_state_from_name, &refund->state, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (origin_names); i++)
    if (g_strcmp0 (origin, origin_names[i]) == 0)
      record->origin = (RelayRefundOrigin)i;
  record->row = cobro_db_column_int64 (statement, "row");
  record->merchant_id = cobro_db_column_id (statement, "merchant_id");
  record->next_try_at = cobro_db_column_time (statement, "next_try_at");
  record->tries = cobro_db_column_int64 (statement, "tries");
  refund->id = cobro_db_column_id (statement, "id");
  refund->payment_id = cobro_db_column_id (statement, "payment_id");
  refund->livemode = cobro_db_column_bool (statement, "livemode");
  refund->amount = cobro_db_column_money (statement, "amount", currency);
  relay_row_text (statement, "reason", &refund->reason);
  relay_row_text (statement, "provider_refund_id", &refund->provider_refund_id);
  relay_row_text (statement, "failure_message", &refund->failure_message);
  refund->created_at = cobro_db_column_time (statement, "created_at");
  refund->updated_at = cobro_db_column_time (statement, "updated_at");
  return g_steal_pointer (&record);
}

static RelayRefundRecord *
read_one (CobroDbStatement *statement, GError **error)
{
  return relay_row_found (statement, "refund", error) ? read_row (statement, error) : NULL;
}

static GPtrArray *
read_all (CobroDbStatement *statement, GError **error)
{
  return relay_row_all (statement, (RelayRowRead)read_row, (GDestroyNotify)relay_refund_record_free, error);
}

RelayRefundRecord *
relay_refund_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT " COLUMNS " FROM refund WHERE merchant_id = :merchant AND id = :id AND livemode = :livemode", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  return read_one (statement, error);
}

RelayRefundRecord *
relay_refund_find_for_fact (CobroDb *db, const RelayPaymentRecord *payment, const char *provider_refund_id,
                            CobroMoney amount, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM refund WHERE merchant_id = :merchant AND payment_id = :payment AND "
                      "((:object <> '' AND provider_refund_id = :object) OR "
                      " (state = 'pending' AND provider_refund_id = '' AND (amount = :amount OR :amount IS NULL))) "
                      "ORDER BY provider_refund_id = :object DESC, row LIMIT 1",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":payment", &payment->payment->id);
  cobro_db_bind_text (statement, ":object", provider_refund_id);
  cobro_db_bind_money (statement, ":amount", amount);
  return read_one (statement, error);
}

GPtrArray *
relay_refund_list (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT " COLUMNS " FROM refund WHERE merchant_id = :merchant AND payment_id = :payment ORDER BY row", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  return read_all (statement, error);
}

static RelayListFilter
make_filter (const RelayScope *scope, const RelayRefundQuery *query)
{
  RelayListFilter filter = { .scope = scope, .start = query->start, .end = query->end, .cursor = query->cursor };

  if (query->state >= 0)
    filter.state = cobro_refund_state_name ((CobroRefundState)query->state);
  if (query->payment_id != NULL)
    {
      filter.parent_column = "payment_id";
      filter.parent = query->payment_id->text;
    }
  return filter;
}

gboolean
relay_refund_count (CobroDb *db, const RelayScope *scope, const RelayRefundQuery *query, gint64 *out_total,
                    gboolean *out_is_minimum, GError **error)
{
  RelayListFilter filter = make_filter (scope, query);

  return relay_list_count (db, "refund", &filter, COBRO_ID_REFUND, out_total, out_is_minimum, error);
}

GPtrArray *
relay_refund_list_page (CobroDb *db, const RelayScope *scope, const RelayRefundQuery *query, char **out_cursor,
                        GError **error)
{
  RelayListFilter filter = make_filter (scope, query);
  guint limit = CLAMP (query->limit, 1, LIST_MAX);
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autoptr (GPtrArray) records = NULL;
  CobroId cursor;

  if (query->cursor != NULL && !cobro_id_parse (COBRO_ID_REFUND, query->cursor, &cursor, NULL))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "cursor", "is not one that this list gave");
      return NULL;
    }
  statement = relay_list_prepare (db, COLUMNS, "refund", &filter, COBRO_ID_REFUND, limit,
                                  query->cursor != NULL ? 0 : MAX (query->offset, 0), error);
  if (statement == NULL || !(records = read_all (statement, error)))
    return NULL;
  *out_cursor = NULL;
  if (records->len > limit)
    {
      g_ptr_array_set_size (records, (int)limit);
      *out_cursor = g_strdup (((RelayRefundRecord *)records->pdata[limit - 1])->refund->id.text);
    }
  return g_steal_pointer (&records);
}

GPtrArray *
relay_refund_list_due (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM refund WHERE next_try_at <= :now AND next_try_at IS NOT NULL "
                      "ORDER BY next_try_at, row LIMIT :limit",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return read_all (statement, error);
}

gboolean
relay_refund_claim (RelayTx *tx, gint64 row, CobroTime seen, CobroTime until, gboolean *out_mine, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE refund SET next_try_at = :until WHERE row = :row AND next_try_at = :seen", error);

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
relay_refund_sum (CobroDb *db, const RelayPaymentRecord *payment, CobroMoney *out_sum, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT coalesce (sum (amount), 0) AS n FROM refund WHERE merchant_id = :merchant AND "
                      "payment_id = :payment AND state <> 'failed'",
                      error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":payment", &payment->payment->id);
  if (!relay_row_count (statement, &n, error))
    return FALSE;
  *out_sum = cobro_money (n, cobro_money_currency (payment->payment->amount));
  return TRUE;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_refund_rest (CobroDb *db, const RelayPaymentRecord *payment, CobroMoney *out_rest, GError **error)
{
  const CobroPayment *paid = payment->payment;
  CobroMoney sum, rest;

  if (paid->state != COBRO_PAYMENT_SUCCEEDED)
    return cobro_error_set (error, COBRO_ERROR_STATE, "only a payment that succeeded can be refunded");
  if (!relay_refund_sum (db, payment, &sum, error) || !cobro_money_subtract (paid->received, sum, &rest, error) ||
      (cobro_money_is_set (paid->lost) && !cobro_money_subtract (rest, paid->lost, &rest, error)))
    return FALSE;
  *out_rest = rest;
  return TRUE;
}

static gboolean
check_rest (RelayTx *tx, const RelayPaymentRecord *payment, CobroMoney amount, GError **error)
{
  CobroMoney rest;

  if (!relay_refund_rest (tx->db, payment, &rest, error))
    return FALSE;
  if (cobro_money_currency (amount) != cobro_money_currency (rest))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be in \"%s\"", cobro_money_code (rest));
  if (!cobro_money_is_positive (amount) || cobro_money_compare (amount, rest) > 0)
    {
      g_autofree char *text = cobro_money_to_decimal (rest);

      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be above zero and at most %s", text);
    }
  return TRUE;
}

static CobroDbStatement *
prepare_insert (RelayTx *tx, const RelayPaymentRecord *payment, RelayRefundRecord *record, GError **error)
{
  const CobroRefund *refund = record->refund;
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO refund (merchant_id, id, payment_id, livemode, currency, amount, state, origin, reason, account, "
    "gateway, provider_refund_id, next_try_at, created_at, updated_at) VALUES (:merchant, :id, :payment, :livemode, "
    ":currency, :amount, 'pending', :origin, :reason, :account, :gateway, :object, :next, :now, :now) RETURNING row",
    error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &record->merchant_id);
  cobro_db_bind_id (statement, ":id", &refund->id);
  cobro_db_bind_id (statement, ":payment", &refund->payment_id);
  cobro_db_bind_bool (statement, ":livemode", refund->livemode);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (refund->amount));
  cobro_db_bind_money (statement, ":amount", refund->amount);
  cobro_db_bind_text (statement, ":origin", origin_names[record->origin]);
  cobro_db_bind_text (statement, ":reason", refund->reason);
  cobro_db_bind_text (statement, ":account", payment->account);
  cobro_db_bind_text (statement, ":gateway", payment->payment->gateway);
  cobro_db_bind_text (statement, ":object", refund->provider_refund_id);
  cobro_db_bind_time (statement, ":next", record->next_try_at);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return statement;
}

/* What the provider did by itself needs no call from us. */
static CobroTime
first_try (RelayRefundOrigin origin, CobroTime now)
{
  switch (origin)
    {
    case RELAY_REFUND_BY_MERCHANT:
      return now + RELAY_REFUND_HEADSTART;
    case RELAY_REFUND_AUTOMATIC:
      return now;
    case RELAY_REFUND_BY_PROVIDER:
      return 0;
    }
  g_return_val_if_reached (0);
}

RelayRefundRecord *
relay_refund_insert (RelayTx *tx, const RelayPaymentRecord *payment, CobroMoney amount, RelayRefundOrigin origin,
                     const char *reason, const char *provider_refund_id, GError **error)
{
  g_autoptr (RelayRefundRecord) record = g_new0 (RelayRefundRecord, 1);
  g_autoptr (CobroDbStatement) statement = NULL;
  CobroRefund *refund = record->refund = cobro_refund_new ();

  if (!check_rest (tx, payment, amount, error))
    return NULL;
  record->merchant_id = payment->merchant_id;
  record->origin = origin;
  record->next_try_at = first_try (origin, tx->now);
  refund->id = cobro_id_new (COBRO_ID_REFUND, relay_store_clock (tx->store), relay_store_random (tx->store));
  refund->payment_id = payment->payment->id;
  refund->amount = amount;
  refund->livemode = payment->payment->livemode;
  cobro_link_set_text (&refund->reason, reason);
  cobro_link_set_text (&refund->provider_refund_id, provider_refund_id);
  refund->created_at = refund->updated_at = tx->now;
  if (!(statement = prepare_insert (tx, payment, record, error)) || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return NULL;
  record->row = cobro_db_column_int64 (statement, "row");
  return g_steal_pointer (&record);
}

gboolean
relay_refund_save (RelayTx *tx, RelayRefundRecord *record, GError **error)
{
  CobroRefund *refund = record->refund;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE refund SET state = :state, provider_refund_id = :object, failure_message = :failure, "
                      "next_try_at = :next, tries = :tries, updated_at = :now WHERE row = :row",
                      error);

  if (statement == NULL)
    return FALSE;
  refund->updated_at = tx->now;
  cobro_db_bind_text (statement, ":state", cobro_refund_state_name (refund->state));
  cobro_db_bind_text (statement, ":object", refund->provider_refund_id);
  cobro_db_bind_text (statement, ":failure", refund->failure_message);
  cobro_db_bind_time (statement, ":next", record->next_try_at);
  cobro_db_bind_int64 (statement, ":tries", record->tries);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":row", record->row);
  return cobro_db_run (statement, error);
}

gboolean
relay_refund_append_event (RelayTx *tx, const RelayRefundRecord *record, CobroEventType type, GError **error)
{
  RelayScope scope = { record->merchant_id, record->refund->livemode };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_refund_write (writer, NULL, record->refund);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &scope, type, &record->refund->id, object, error);
}
