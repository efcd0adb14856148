/* relay/store/relay-delivery-list.c — deliveries listed, found, counted, replayed.
 * Layer: relay/store. Their life stands in relay-delivery-store.c. */
#include "relay-delivery-private.h"
#include "relay-row.h"

/* The bit of a row's state, as in RelayDeliveryQuery.states. */
#define STATE_BIT                                                                                                      \
  "CASE state WHEN 'pending' THEN 1 WHEN 'leased' THEN 2 WHEN 'delivered' THEN 4 WHEN 'retry' THEN 8 "                 \
  "WHEN 'exhausted' THEN 16 ELSE 32 END"
#define AT_REST (1u << RELAY_DELIVERY_DELIVERED | 1u << RELAY_DELIVERY_EXHAUSTED | 1u << RELAY_DELIVERY_CANCELLED)

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
read_all (CobroDbStatement *statement, GError **error)
{
  return relay_row_all (statement, (RelayRowRead)relay_delivery_read, (GDestroyNotify)relay_delivery_free, error);
}

static void
bind_scope (CobroDbStatement *statement, const RelayScope *scope)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
}

/* An endpoint's deliveries have an index of their own, and so have the dead letters: they are what is looked for. */
GPtrArray *
relay_delivery_list (CobroDb *db, const RelayScope *scope, const RelayDeliveryQuery *query, GError **error)
{
#define SELECT "SELECT " RELAY_DELIVERY_COLUMNS " FROM delivery WHERE merchant_id = :merchant AND livemode = :livemode "
#define FILTER "AND (:type = '' OR type = :type) AND (:before = 0 OR row < :before) "
#define STATES "AND (:states = 0 OR (" STATE_BIT " & :states) <> 0) "
  gboolean dead = query->states == 1u << RELAY_DELIVERY_EXHAUSTED && query->endpoint_id == NULL;
  g_autoptr (CobroDbStatement) statement = NULL;

  if (dead)
    statement = cobro_db_prepare (db, SELECT "AND state = 'exhausted' " FILTER "ORDER BY row DESC LIMIT :limit", error);
  else if (query->endpoint_id != NULL)
    statement = cobro_db_prepare (
      db, SELECT "AND endpoint_id = :endpoint " FILTER STATES "ORDER BY sequence DESC LIMIT :limit", error);
  else
    statement = cobro_db_prepare (db, SELECT FILTER STATES "ORDER BY row DESC LIMIT :limit", error);
  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_text (statement, ":type", query->type != NULL ? query->type : "");
  cobro_db_bind_int64 (statement, ":before", query->before);
  cobro_db_bind_int64 (statement, ":limit", query->limit);
  if (!dead)
    cobro_db_bind_int64 (statement, ":states", query->states);
  if (query->endpoint_id != NULL)
    cobro_db_bind_id (statement, ":endpoint", query->endpoint_id);
  return read_all (statement, error);
#undef SELECT
#undef FILTER
#undef STATES
}

RelayDelivery *
relay_delivery_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_DELIVERY_COLUMNS " FROM delivery WHERE merchant_id = :merchant AND "
                      "livemode = :livemode AND id = :id",
                      error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return relay_delivery_read (statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such delivery");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

static RelayDeliveryAttempt *
read_attempt (CobroDbStatement *statement)
{
  RelayDeliveryAttempt *attempt = g_new0 (RelayDeliveryAttempt, 1);
  gsize n;
  gconstpointer bytes = cobro_db_column_blob (statement, "answer", &n);

  attempt->number = (guint)cobro_db_column_int64 (statement, "number");
  attempt->started_at = cobro_db_column_time (statement, "started_at");
  attempt->duration = cobro_db_column_int64 (statement, "duration");
  attempt->status = (gint)cobro_db_column_int64 (statement, "status");
  relay_row_text (statement, "error", &attempt->error);
  relay_row_text (statement, "headers", &attempt->headers);
  attempt->answer = g_bytes_new (bytes, n);
  return attempt;
}

GPtrArray *
relay_delivery_list_attempts (CobroDb *db, const RelayDelivery *delivery, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_delivery_attempt_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT number, started_at, duration, status, error, headers, answer FROM delivery_attempt "
                      "WHERE merchant_id = :merchant AND delivery_id = :delivery ORDER BY number",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &delivery->merchant_id);
  cobro_db_bind_id (statement, ":delivery", &delivery->id);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    g_ptr_array_add (list, read_attempt (statement));
  return step == COBRO_DB_DONE ? g_steal_pointer (&list) : NULL;
}

/* ── Replaying ──────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_delivery_replay (RelayTx *tx, const RelayScope *scope, const RelayReplay *replay, gint64 *out_n, gint64 *out_last,
                       GError **error)
{
  guint states = replay->states != 0 ? replay->states & AT_REST : 1u << RELAY_DELIVERY_EXHAUSTED;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE delivery SET state = CASE WHEN tries = 0 THEN 'pending' ELSE 'retry' END, step = 0, began_at = :now, "
    "next_at = :now, updated_at = :now WHERE row IN (SELECT row FROM delivery WHERE merchant_id = :merchant AND "
    "livemode = :livemode AND row > :after AND (" STATE_BIT " & :states) <> 0 AND (:id = '' OR id = :id) "
    "AND (:endpoint = '' OR endpoint_id = :endpoint) AND (:type = '' OR type = :type) AND (:from = 0 OR occurred_at >= "
    ":from) AND "
    "(:until = 0 OR occurred_at < :until) AND (:first = 0 OR sequence >= :first) AND (:last = 0 OR sequence <= :last) "
    "AND EXISTS (SELECT 1 FROM endpoint WHERE endpoint.merchant_id = delivery.merchant_id AND "
    "endpoint.id = delivery.endpoint_id AND endpoint.is_active = 1) ORDER BY row LIMIT :limit) "
    "RETURNING row, merchant_id, endpoint_id",
    error);

  if (statement == NULL)
    return FALSE;
  bind_scope (statement, scope);
  cobro_db_bind_int64 (statement, ":after", replay->after);
  cobro_db_bind_int64 (statement, ":states", states);
  cobro_db_bind_text (statement, ":id", replay->id != NULL ? replay->id->text : "");
  cobro_db_bind_text (statement, ":endpoint", replay->endpoint_id != NULL ? replay->endpoint_id->text : "");
  cobro_db_bind_text (statement, ":type", replay->type != NULL ? replay->type : "");
  cobro_db_bind_int64 (statement, ":from", replay->from);
  cobro_db_bind_int64 (statement, ":until", replay->until);
  cobro_db_bind_int64 (statement, ":first", replay->first);
  cobro_db_bind_int64 (statement, ":last", replay->last);
  cobro_db_bind_int64 (statement, ":limit", replay->limit);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!relay_delivery_collect (statement, tx, out_n, out_last, error))
    return FALSE;
  relay_tx_touch (tx, "delivery", &scope->merchant_id);
  return TRUE;
}

gboolean
relay_delivery_send_now (RelayTx *tx, const RelayDelivery *delivery, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE delivery SET next_at = :now, updated_at = :now WHERE row = :row AND next_at > :now", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":row", delivery->row);
  if (!cobro_db_run (statement, error) ||
      !relay_endpoint_refresh (tx, &delivery->merchant_id, &delivery->endpoint_id, error))
    return FALSE;
  relay_tx_touch (tx, "delivery", &delivery->merchant_id);
  return TRUE;
}
