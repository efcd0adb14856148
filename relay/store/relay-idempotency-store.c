/* relay/store/relay-idempotency-store.c — the same request twice has one effect and one answer.
 * Layer: relay/store. */
#include "relay-idempotency-store.h"

#include <string.h>

#include "relay-metrics.h"
#include "relay-row.h"

#define KEY_MAX  255
#define KEPT_FOR (30 * COBRO_DAY)

void
relay_stored_answer_clear (RelayStoredAnswer *answer)
{
  g_clear_pointer (&answer->body, g_free);
  answer->status = 0;
}

static gboolean
check_key (const char *key, GError **error)
{
  gsize n = strlen (key);

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isgraph (key[i]))
      n = 0;
  return (n >= 1 && n <= KEY_MAX) || cobro_error_set_at (error, COBRO_ERROR_INVALID, "Idempotency-Key",
                                                         "must be 1 to %d visible ASCII characters", KEY_MAX);
}

static void
bind_key (CobroDbStatement *statement, const RelayScope *scope, const char *key)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":key", key);
}

/* Answers are sealed: that of a new link holds its token. */
static RelayPlace
body_place (const RelayScope *scope, const char *key)
{
  return (RelayPlace){ "idempotency", "body", key, &scope->merchant_id, scope->livemode };
}

static gboolean
read_body (RelayStore *store, CobroDb *db, CobroDbStatement *row, const RelayScope *scope, const char *key,
           RelayStoredAnswer *out_stored, GError **error)
{
  RelayPlace place = body_place (scope, key);
  g_autoptr (GError) failure = NULL;
  gsize n;
  gconstpointer sealed = cobro_db_column_blob (row, "body", &n);
  char *body = relay_store_unseal (store, db, &place, sealed, n, &failure);

  if (body == NULL)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT, "a stored answer does not open: %s", failure->message);
  out_stored->status = (guint)cobro_db_column_int64 (row, "status");
  out_stored->body = body;
  return TRUE;
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The key as it stands in the books. */
typedef struct
{
  gboolean is_there;
  RelayIdempotencyAnswer answer;
  CobroId object_id;
} Found;

/* What the row under @statement means for @request. */
static gboolean
judge (CobroDbStatement *statement, const RelayIdempotency *request, CobroTime now, Found *found, GError **error)
{
  guint8 fingerprint[32];

  if (!relay_row_bytes (statement, "fingerprint", fingerprint, sizeof fingerprint, error))
    return FALSE;
  if (memcmp (fingerprint, request->fingerprint, sizeof fingerprint) != 0)
    {
      relay_count (RELAY_METRIC_IDEMPOTENCY, "reused");
      return cobro_error_set_at (error, COBRO_ERROR_REUSED, "Idempotency-Key", "was used for another request");
    }
  if (g_strcmp0 (cobro_db_column_text (statement, "state"), "done") == 0)
    {
      found->answer = RELAY_IDEMPOTENCY_REPLAY;
      relay_count (RELAY_METRIC_IDEMPOTENCY, "replayed");
      return TRUE;
    }
  if (cobro_db_column_time (statement, "lease_until") > now)
    {
      relay_count (RELAY_METRIC_IDEMPOTENCY, "in_progress");
      return cobro_error_set (error, COBRO_ERROR_RUNNING, "the request with this key is still running");
    }
  found->object_id = cobro_db_column_id (statement, "object_id");
  found->answer = cobro_id_is_set (&found->object_id) ? RELAY_IDEMPOTENCY_RESUME : RELAY_IDEMPOTENCY_NEW;
  return TRUE;
}

static gboolean
find (RelayStore *store, CobroDb *db, const RelayScope *scope, const RelayIdempotency *request, CobroTime now,
      Found *out_found, RelayStoredAnswer *out_stored, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT fingerprint, state, lease_until, object_id, status, body FROM idempotency "
                      "WHERE merchant_id = :merchant AND livemode = :livemode AND key = :key",
                      error);

  *out_found = (Found){ .answer = RELAY_IDEMPOTENCY_NEW };
  if (statement == NULL)
    return FALSE;
  bind_key (statement, scope, request->key);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_FAILED:
      return FALSE;
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_ROW:
      break;
    }
  out_found->is_there = TRUE;
  return judge (statement, request, now, out_found, error) &&
         (out_found->answer != RELAY_IDEMPOTENCY_REPLAY ||
          read_body (store, db, statement, scope, request->key, out_stored, error));
}

gboolean
relay_idempotency_look (RelayStore *store, CobroDb *db, const RelayScope *scope, const RelayIdempotency *request,
                        CobroTime now, RelayIdempotencyAnswer *out_answer, RelayStoredAnswer *out_stored,
                        GError **error)
{
  Found found;

  if (!check_key (request->key, error) || !find (store, db, scope, request, now, &found, out_stored, error))
    return FALSE;
  *out_answer = found.answer;
  return TRUE;
}

/* ── Claiming ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* @out_new: nobody had it. */
static gboolean
insert_claim (RelayTx *tx, const RelayScope *scope, const RelayIdempotency *request, const CobroId *object_id,
              gboolean *out_new, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO idempotency (merchant_id, livemode, key, fingerprint, state, lease_until, "
                      "object_id, created_at) VALUES (:merchant, :livemode, :key, :fingerprint, 'running', :lease, "
                      ":object, :now) ON CONFLICT (merchant_id, livemode, key) DO NOTHING",
                      error);

  if (statement == NULL)
    return FALSE;
  bind_key (statement, scope, request->key);
  cobro_db_bind_blob (statement, ":fingerprint", request->fingerprint, sizeof request->fingerprint);
  cobro_db_bind_int64 (statement, ":lease", tx->now + RELAY_IDEMPOTENCY_LEASE);
  cobro_db_bind_text (statement, ":object", object_id != NULL ? object_id->text : NULL);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_new = cobro_db_changes (tx->db) > 0;
  return TRUE;
}

/* Left behind by somebody whose lease is over. */
static gboolean
renew_claim (RelayTx *tx, const RelayScope *scope, const char *key, const CobroId *object_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE idempotency SET lease_until = :lease, object_id = :object "
                      "WHERE merchant_id = :merchant AND livemode = :livemode AND key = :key",
                      error);

  if (statement == NULL)
    return FALSE;
  bind_key (statement, scope, key);
  cobro_db_bind_int64 (statement, ":lease", tx->now + RELAY_IDEMPOTENCY_LEASE);
  cobro_db_bind_text (statement, ":object", object_id != NULL && cobro_id_is_set (object_id) ? object_id->text : NULL);
  return cobro_db_run (statement, error);
}

gboolean
relay_idempotency_claim (RelayTx *tx, const RelayScope *scope, const RelayIdempotency *request,
                         const CobroId *object_id, RelayIdempotencyAnswer *out_answer, CobroId *out_object_id,
                         RelayStoredAnswer *out_stored, GError **error)
{
  gboolean is_new;
  Found found;

  *out_answer = RELAY_IDEMPOTENCY_NEW;
  if (out_object_id != NULL)
    *out_object_id = COBRO_ID_NONE;
  if (!check_key (request->key, error) || !insert_claim (tx, scope, request, object_id, &is_new, error))
    return FALSE;
  if (is_new)
    {
      relay_tx_count (tx, RELAY_METRIC_IDEMPOTENCY, 1, "new", NULL);
      return TRUE;
    }
  if (!find (tx->store, tx->db, scope, request, tx->now, &found, out_stored, error))
    return FALSE;
  *out_answer = found.answer;
  if (found.answer == RELAY_IDEMPOTENCY_REPLAY)
    return TRUE;
  if (found.answer == RELAY_IDEMPOTENCY_RESUME)
    object_id = &found.object_id;
  if (found.answer == RELAY_IDEMPOTENCY_RESUME && out_object_id != NULL)
    *out_object_id = found.object_id;
  return renew_claim (tx, scope, request->key, object_id, error);
}

gboolean
relay_idempotency_bind (RelayTx *tx, const RelayScope *scope, const char *key, const CobroId *object_id, GError **error)
{
  return renew_claim (tx, scope, key, object_id, error);
}

/* ── Ending ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The answer that somebody else has stored; ours when the key is not there any more. */
static gboolean
read_answer (RelayTx *tx, const RelayScope *scope, const char *key, RelayStoredAnswer *answer, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT status, body FROM idempotency WHERE merchant_id = :merchant AND livemode = :livemode "
                      "AND key = :key AND state = 'done'",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  bind_key (statement, scope, key);
  if ((step = cobro_db_step (statement, error)) != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  relay_stored_answer_clear (answer);
  return read_body (tx->store, tx->db, statement, scope, key, answer, error);
}

gboolean
relay_idempotency_finish (RelayTx *tx, const RelayScope *scope, const char *key, RelayStoredAnswer *answer,
                          GError **error)
{
  RelayPlace place = body_place (scope, key);
  g_autoptr (GBytes) sealed = relay_store_seal (tx->store, tx->db, &place, answer->body, error);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE idempotency SET state = 'done', lease_until = NULL, status = :status, body = :body "
                      "WHERE merchant_id = :merchant AND livemode = :livemode AND key = :key AND state = 'running'",
                      error);

  if (statement == NULL || sealed == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":status", answer->status);
  cobro_db_bind_blob (statement, ":body", g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  bind_key (statement, scope, key);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 || read_answer (tx, scope, key, answer, error);
}

gboolean
relay_idempotency_prune (RelayTx *tx, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "DELETE FROM idempotency WHERE row IN (SELECT row FROM idempotency WHERE created_at < :before "
                      "ORDER BY created_at LIMIT :limit)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":before", tx->now - KEPT_FOR);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return cobro_db_run (statement, error);
}

gboolean
relay_idempotency_release (RelayTx *tx, const RelayScope *scope, const char *key, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "DELETE FROM idempotency WHERE merchant_id = :merchant AND livemode = :livemode AND key = :key "
                      "AND state = 'running'",
                      error);

  if (statement == NULL)
    return FALSE;
  bind_key (statement, scope, key);
  return cobro_db_run (statement, error);
}

/* ── Left behind ────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_left_key_free (RelayLeftKey *left)
{
  if (left == NULL)
    return;
  g_free (left->key);
  g_free (left);
}

GPtrArray *
relay_idempotency_list_left (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_left_key_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT merchant_id, livemode, key, object_id FROM idempotency WHERE state = 'running' AND "
                      "lease_until <= :now AND object_id IS NOT NULL ORDER BY lease_until LIMIT :limit",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayLeftKey *left = g_new0 (RelayLeftKey, 1);

      left->scope.merchant_id = cobro_db_column_id (statement, "merchant_id");
      left->scope.livemode = cobro_db_column_bool (statement, "livemode");
      left->key = relay_row_dup_text (statement, "key");
      left->object_id = cobro_db_column_id (statement, "object_id");
      g_ptr_array_add (all, left);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&all) : NULL;
}

gboolean
relay_idempotency_take_over (RelayTx *tx, const RelayLeftKey *left, gboolean *out_claimed, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE idempotency SET lease_until = :lease WHERE merchant_id = :merchant AND "
                      "livemode = :livemode AND key = :key AND state = 'running' AND lease_until <= :now",
                      error);

  if (statement == NULL)
    return FALSE;
  bind_key (statement, &left->scope, left->key);
  cobro_db_bind_int64 (statement, ":lease", tx->now + RELAY_IDEMPOTENCY_LEASE);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_claimed = cobro_db_changes (tx->db) > 0;
  return TRUE;
}

gboolean
relay_idempotency_end_leases (RelayTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE idempotency SET lease_until = :now WHERE state = 'running'", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}
