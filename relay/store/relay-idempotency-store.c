/* relay/store/relay-idempotency-store.c — the same request twice has one effect and one answer.
 * Layer: relay/store. */
#include "relay-idempotency-store.h"

#include <string.h>

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

static CobroDbStatement *
prepare_find (RelayTx *tx, const RelayScope *scope, const char *key, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db,
                      "SELECT fingerprint, state, lease_until, status, body FROM idempotency "
                      "WHERE merchant_id = :merchant AND livemode = :livemode AND key = :key",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":key", key);
  return statement;
}

/* New, or left behind by somebody whose lease is over. */
static gboolean
write_claim (RelayTx *tx, const RelayScope *scope, const RelayIdempotency *request, CobroTime lease_until,
             GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO idempotency (merchant_id, livemode, key, fingerprint, state, lease_until, "
                      "created_at) VALUES (:merchant, :livemode, :key, :fingerprint, 'running', :lease, :now) "
                      "ON CONFLICT (merchant_id, livemode, key) DO UPDATE SET lease_until = :lease",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":key", request->key);
  cobro_db_bind_blob (statement, ":fingerprint", request->fingerprint, sizeof request->fingerprint);
  cobro_db_bind_int64 (statement, ":lease", lease_until);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_idempotency_claim (RelayTx *tx, const RelayScope *scope, const RelayIdempotency *request, CobroTime lease_until,
                         RelayIdempotencyAnswer *out_answer, RelayStoredAnswer *out_stored, GError **error)
{
  g_autoptr (CobroDbStatement) found = NULL;
  guint8 fingerprint[32];

  if (!check_key (request->key, error) || !(found = prepare_find (tx, scope, request->key, error)))
    return FALSE;
  switch (cobro_db_step (found, error))
    {
    case COBRO_DB_FAILED:
      return FALSE;
    case COBRO_DB_DONE:
      *out_answer = RELAY_IDEMPOTENCY_NEW;
      return write_claim (tx, scope, request, lease_until, error);
    case COBRO_DB_ROW:
      break;
    }
  if (!relay_row_bytes (found, "fingerprint", fingerprint, sizeof fingerprint, error))
    return FALSE;
  if (memcmp (fingerprint, request->fingerprint, sizeof fingerprint) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_REUSED, "Idempotency-Key", "was used for another request");
  if (g_strcmp0 (cobro_db_column_text (found, "state"), "done") == 0)
    {
      out_stored->status = (guint)cobro_db_column_int64 (found, "status");
      out_stored->body = relay_row_dup_text (found, "body");
      *out_answer = RELAY_IDEMPOTENCY_REPLAY;
      return TRUE;
    }
  if (cobro_db_column_time (found, "lease_until") > tx->now)
    return cobro_error_set (error, COBRO_ERROR_BUSY, "the request with this key is still running");
  *out_answer = RELAY_IDEMPOTENCY_NEW;
  return write_claim (tx, scope, request, lease_until, error);
}

gboolean
relay_idempotency_finish (RelayTx *tx, const RelayScope *scope, const char *key, guint status, const char *body,
                          GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE idempotency SET state = 'done', lease_until = NULL, status = :status, body = :body "
                      "WHERE merchant_id = :merchant AND livemode = :livemode AND key = :key",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":status", status);
  cobro_db_bind_text (statement, ":body", body);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":key", key);
  return cobro_db_run (statement, error);
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
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":key", key);
  return cobro_db_run (statement, error);
}
