/* relay/store/relay-limit-store.c — limits that the books know of.
 * Layer: relay/store. */
#include "relay-limit-store.h"

#include <string.h>

#include "cobro-wire.h"
#include "relay-alarm.h"
#include "relay-event-store.h"
#include "relay-row.h"

#define ONE          (1 << 20) /* a token */
#define WINDOW       (10 * COBRO_MINUTE)
#define ENDED_MIN    50
#define FAILED_SHARE 70 /* per cent */
#define STAYS        (30 * COBRO_MINUTE)

/* ── Shared buckets ─────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *lane;
  CobroTokenHash key;
  guint capacity;
  gint64 period;
  gboolean passed;
  guint wait;
} Take;

static gboolean
read_tokens (RelayTx *tx, const Take *take, gint64 *out_tokens, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT tokens, filled_at FROM rate_bucket WHERE lane = :lane AND key = :key", error);
  gint64 full = (gint64)take->capacity * ONE, gained;
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":lane", take->lane);
  cobro_db_bind_hash (statement, ":key", &take->key);
  *out_tokens = full;
  if ((step = cobro_db_step (statement, error)) != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  gained = CLAMP (tx->now - cobro_db_column_int64 (statement, "filled_at"), 0, take->period);
  *out_tokens = MIN (full, cobro_db_column_int64 (statement, "tokens") + gained * full / take->period);
  return TRUE;
}

static gboolean
write_tokens (RelayTx *tx, const Take *take, gint64 tokens, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO rate_bucket (lane, key, tokens, filled_at) VALUES (:lane, :key, :tokens, :now) "
                      "ON CONFLICT (lane, key) DO UPDATE SET tokens = :tokens, filled_at = :now",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":lane", take->lane);
  cobro_db_bind_hash (statement, ":key", &take->key);
  cobro_db_bind_int64 (statement, ":tokens", tokens);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

static gboolean
take_work (RelayTx *tx, gpointer data, GError **error)
{
  Take *take = data;
  gint64 tokens;

  if (!read_tokens (tx, take, &tokens, error))
    return FALSE;
  take->passed = tokens >= ONE;
  take->wait = take->passed ? 0 : 1 + (ONE - tokens) * take->period / take->capacity / ONE / COBRO_SECOND;
  return !take->passed || write_tokens (tx, take, tokens - ONE, error);
}

gboolean
relay_limit_take (RelayStore *store, const CobroId *merchant_id, const char *lane, const char *key, guint capacity,
                  gint64 period, gboolean *out_passed, guint *out_wait, GError **error)
{
  Take take = { .lane = lane, .capacity = capacity, .period = period };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n = sizeof take.key.bytes;

  g_checksum_update (checksum, (const guchar *)key, -1);
  g_checksum_get_digest (checksum, take.key.bytes, &n);
  if (!relay_store_write_for (store, merchant_id, take_work, &take, error))
    return FALSE;
  *out_passed = take.passed;
  *out_wait = take.wait;
  return TRUE;
}

/* ── Card testing ───────────────────────────────────────────────────────────────────────────────────────────── */

/* Ids sort by time: the lowest id that a payment begun at @time can have. */
static CobroId
id_at (CobroTime time)
{
  static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  CobroId id = { "pay_00000000000000000000000000" };
  guint64 ms = (guint64)(time / 1000);

  for (int i = 9; i >= 0; i--, ms >>= 5)
    id.text[4 + i] = digits[ms & 31];
  return id;
}

/* What is known of one merchant in one mode. */
typedef struct
{
  RelayScope scope;
  CobroTime now, until;
  gint64 ended, failed, per_hour;
} Look;

static gboolean
read_settings (CobroDb *db, Look *look, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT (SELECT attempts_per_hour FROM merchant_limit WHERE merchant_id = :merchant) AS per_hour, "
    "(SELECT until FROM card_testing WHERE merchant_id = :merchant AND livemode = :livemode) AS until",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &look->scope.merchant_id);
  cobro_db_bind_bool (statement, ":livemode", look->scope.livemode);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  look->per_hour = cobro_db_column_int64 (statement, "per_hour");
  look->until = cobro_db_column_time (statement, "until");
  if (look->per_hour == 0)
    look->per_hour = RELAY_LIMIT_ATTEMPTS_PER_HOUR;
  return TRUE;
}

static gboolean
read_counts (CobroDb *db, Look *look, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT coalesce (CAST (sum (CASE WHEN state = 'failed' OR state = 'succeeded' THEN 1 ELSE 0 END) "
    "AS BIGINT), 0) AS ended, coalesce (CAST (sum (CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS "
    "BIGINT), 0) AS failed FROM payment WHERE merchant_id = :merchant AND id > :since AND livemode = "
    ":livemode AND link_id IS NOT NULL",
    error);
  CobroId since = id_at (look->now - WINDOW);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &look->scope.merchant_id);
  cobro_db_bind_bool (statement, ":livemode", look->scope.livemode);
  cobro_db_bind_id (statement, ":since", &since);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  look->ended = cobro_db_column_int64 (statement, "ended");
  look->failed = cobro_db_column_int64 (statement, "failed");
  return TRUE;
}

static gboolean
is_attack (const Look *look)
{
  return look->ended > ENDED_MIN && look->failed * 100 > look->ended * FAILED_SHARE;
}

static gboolean
append_event (RelayTx *tx, const Look *look, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", look->scope.merchant_id.text);
  cobro_wire_put_int64 (writer, "ended", look->ended);
  cobro_wire_put_int64 (writer, "failed", look->failed);
  cobro_wire_put_time (writer, "until", tx->now + STAYS);
  cobro_wire_end_object (writer);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &look->scope, COBRO_EVENT_MERCHANT_CARD_TESTING, &look->scope.merchant_id, object,
                             error);
}

static gboolean
challenge_work (RelayTx *tx, gpointer data, GError **error)
{
  Look *look = data;
  g_autoptr (CobroDbStatement) statement = NULL;

  /* Somebody else may have been faster: one beginning is one event. */
  if (!read_settings (tx->db, look, error) ||
      !(statement = cobro_db_prepare (tx->db,
                                      "INSERT INTO card_testing (merchant_id, livemode, since, until) VALUES "
                                      "(:merchant, :livemode, :now, :until) ON CONFLICT (merchant_id, livemode) DO "
                                      "UPDATE SET since = CASE WHEN card_testing.until > :now THEN card_testing.since "
                                      "ELSE :now END, until = :until",
                                      error)))
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &look->scope.merchant_id);
  cobro_db_bind_bool (statement, ":livemode", look->scope.livemode);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":until", tx->now + STAYS);
  return cobro_db_run (statement, error) && (look->until > tx->now || append_event (tx, look, error));
}

gboolean
relay_limit_look (RelayStore *store, const RelayScope *scope, guint *out_attempts_per_hour, gboolean *out_challenged,
                  GError **error)
{
  Look look = { .scope = *scope, .now = cobro_clock_now (relay_store_clock (store)) };
  g_autoptr (RelayReader) reader = relay_store_read (store, error);

  if (reader == NULL || !read_settings (reader->db, &look, error) || !read_counts (reader->db, &look, error))
    return FALSE;
  g_clear_pointer (&reader, relay_reader_release);
  *out_attempts_per_hour = (guint)look.per_hour;
  *out_challenged = look.until > look.now;
  /* Written at the beginning, and when half of the time is over. */
  if (!is_attack (&look) || look.until > look.now + STAYS / 2)
    return TRUE;
  if (!*out_challenged)
    relay_alarm ("card_testing", "merchant %s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " payments failed in 10 min",
                 scope->merchant_id.text, look.failed, look.ended);
  *out_challenged = TRUE;
  return relay_store_write_for (store, &scope->merchant_id, challenge_work, &look, error);
}
