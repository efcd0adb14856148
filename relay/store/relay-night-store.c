/* relay/store/relay-night-store.c — rows of nightly reconciliation, and the clock's high mark.
 * Layer: relay/store. */
#include "relay-night-store.h"

#include "relay-row.h"

void
relay_night_free (RelayNight *night)
{
  if (night == NULL)
    return;
  g_free (night->provider);
  g_free (night->account);
  g_free (night->cursor);
  g_free (night);
}

/* ── Nights ─────────────────────────────────────────────────────────────────────────────────────────────────── */

#define FIND_OPEN                                                                                                      \
  "SELECT merchant_id, id, provider, livemode, created_at FROM account WHERE provider <> 'manual' AND (enabled = 1 "   \
  "OR :all = 1) AND NOT "                                                                                              \
  "EXISTS (SELECT 1 FROM reconciliation r WHERE r.account = account.id AND r.day = :day AND (r.finished_at IS NOT "    \
  "NULL OR r.lease_until > :now)) ORDER BY row LIMIT 1"

static gboolean
find_open (RelayTx *tx, gboolean all, RelayNight *night, gboolean *out_found, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, FIND_OPEN, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":day", night->day);
  cobro_db_bind_bool (statement, ":all", all);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      night->merchant_id = cobro_db_column_id (statement, "merchant_id");
      night->account = relay_row_dup_text (statement, "id");
      night->provider = relay_row_dup_text (statement, "provider");
      night->livemode = cobro_db_column_bool (statement, "livemode");
      night->since = cobro_db_column_time (statement, "created_at");
      *out_found = TRUE;
      return TRUE;
    case COBRO_DB_DONE:
      *out_found = FALSE;
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

/* Where the last night that was done began, if there was one. */
static gboolean
find_last (RelayTx *tx, const RelayNight *night, CobroTime *out_started, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT coalesce (max (started_at), 0) AS started FROM reconciliation WHERE account = :account "
                      "AND finished_at IS NOT NULL",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":account", night->account);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_started = cobro_db_column_int64 (statement, "started");
  return TRUE;
}

#define TAKE                                                                                                           \
  "INSERT INTO reconciliation (merchant_id, account, day, since, turn, lease_until, started_at) VALUES (:merchant, "   \
  ":account, :day, :since, 1, :until, :now) ON CONFLICT (account, day) DO UPDATE SET turn = reconciliation.turn + 1, " \
  "lease_until = :until WHERE reconciliation.finished_at IS NULL AND reconciliation.lease_until <= :now "              \
  "RETURNING since, turn, next_cursor"

/* @out_taken: FALSE when another relay was faster. */
static gboolean
take (RelayTx *tx, RelayNight *night, gint64 lease, gboolean *out_taken, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, TAKE, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &night->merchant_id);
  cobro_db_bind_text (statement, ":account", night->account);
  cobro_db_bind_int64 (statement, ":day", night->day);
  cobro_db_bind_int64 (statement, ":since", night->since);
  cobro_db_bind_int64 (statement, ":until", tx->now + lease);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      night->since = cobro_db_column_int64 (statement, "since");
      night->turn = cobro_db_column_int64 (statement, "turn");
      night->cursor = g_strdup (cobro_db_column_text (statement, "next_cursor"));
      *out_taken = TRUE;
      return TRUE;
    case COBRO_DB_DONE:
      *out_taken = FALSE;
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

gboolean
relay_night_claim (RelayTx *tx, gint64 day, gint64 lease, gint64 overlap, gboolean all, RelayNight **out_night,
                   GError **error)
{
  g_autoptr (RelayNight) night = g_new0 (RelayNight, 1);
  gboolean found = FALSE, taken = FALSE;
  CobroTime last = 0;

  *out_night = NULL;
  night->day = day;
  if (!find_open (tx, all, night, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  if (!find_last (tx, night, &last, error))
    return FALSE;
  if (last != 0)
    night->since = last - overlap;
  if (!take (tx, night, lease, &taken, error))
    return FALSE;
  if (taken)
    *out_night = g_steal_pointer (&night);
  return TRUE;
}

gboolean
relay_night_advance (RelayTx *tx, const RelayNight *night, const char *next, gint64 lease, const RelayNightCount *count,
                     GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE reconciliation SET next_cursor = :next, lease_until = :until, finished_at = :finished, "
                      "seen = seen + :seen, added = added + :added, parked = parked + :parked, "
                      "mismatched = mismatched + :mismatched "
                      "WHERE account = :account AND day = :day AND turn = :turn AND finished_at IS NULL",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":next", next);
  cobro_db_bind_int64 (statement, ":until", tx->now + lease);
  cobro_db_bind_time (statement, ":finished", next == NULL ? tx->now : 0);
  cobro_db_bind_int64 (statement, ":seen", count->seen);
  cobro_db_bind_int64 (statement, ":added", count->added);
  cobro_db_bind_int64 (statement, ":parked", count->parked);
  cobro_db_bind_int64 (statement, ":mismatched", count->mismatched);
  cobro_db_bind_text (statement, ":account", night->account);
  cobro_db_bind_int64 (statement, ":day", night->day);
  cobro_db_bind_int64 (statement, ":turn", night->turn);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) == 1 ||
         cobro_error_set (error, COBRO_ERROR_STATE, "another relay has taken over this night");
}

GPtrArray *
relay_night_list_unread (CobroDb *db, CobroTime since, GError **error)
{
  g_autoptr (GPtrArray) unread = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT provider, id FROM account WHERE provider <> 'manual' AND NOT EXISTS (SELECT 1 FROM reconciliation r WHERE "
    "r.account = account.id AND r.finished_at >= :since) ORDER BY row",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":since", since);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    g_ptr_array_add (unread, g_strdup_printf ("%s %s", cobro_db_column_text (statement, "provider"),
                                              cobro_db_column_text (statement, "id")));
  return step == COBRO_DB_DONE ? g_steal_pointer (&unread) : NULL;
}

gboolean
relay_night_count_late (CobroDb *db, CobroTime before, gint64 *out_count, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT count(*) AS n FROM reconciliation WHERE finished_at IS NULL AND started_at < :before", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":before", before);
  return relay_row_count (statement, out_count, error);
}

/* ── The clock ──────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_clock_mark_get (CobroDb *db, CobroTime *out_high, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT coalesce (max (high), 0) AS n FROM clock_mark", error);

  return statement != NULL && relay_row_count (statement, out_high, error);
}

gboolean
relay_clock_mark_raise (RelayTx *tx, CobroTime high, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO clock_mark (one, high) VALUES (1, :high) ON CONFLICT (one) DO UPDATE SET "
                      "high = :high WHERE clock_mark.high < :high",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":high", high);
  return cobro_db_run (statement, error);
}
