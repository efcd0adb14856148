/* relay/store/relay-endpoint-store.c — endpoints and when they are looked at.
 * Layer: relay/store. */
#include "relay-endpoint-store.h"

#include <string.h>

#include "cobro-names.h"
#include "relay-event-store.h"
#include "relay-row.h"

#define COLUMNS                                                                                                        \
  "merchant_id, id, livemode, url, types, policy, is_active, disabled_reason, reason_before, old_until, since, "       \
  "failures, failing_since, opened, pause_until, next_at, created_at, updated_at"

static const char *const policy_names[] = {
  [RELAY_POLICY_EXPONENTIAL] = "exponential",
  [RELAY_POLICY_LINEAR] = "linear",
  [RELAY_POLICY_POLYNOMIAL] = "polynomial",
};

COBRO_DEFINE_NAMES (RelayPolicy, relay_policy, policy_names)

RelayEndpoint *
relay_endpoint_new (void)
{
  RelayEndpoint *endpoint = g_new0 (RelayEndpoint, 1);

  endpoint->ref_count = 1;
  endpoint->url = g_strdup ("");
  endpoint->types = g_strdup ("*");
  endpoint->is_active = TRUE;
  endpoint->disabled_reason = g_strdup ("");
  endpoint->reason_before = g_strdup ("");
  return endpoint;
}

RelayEndpoint *
relay_endpoint_dup (const RelayEndpoint *endpoint)
{
  RelayEndpoint *copy = g_new (RelayEndpoint, 1);

  *copy = *endpoint;
  copy->ref_count = 1;
  copy->url = g_strdup (endpoint->url);
  copy->types = g_strdup (endpoint->types);
  copy->disabled_reason = g_strdup (endpoint->disabled_reason);
  copy->reason_before = g_strdup (endpoint->reason_before);
  copy->secret = copy->old_secret = NULL;
  return copy;
}

RelayEndpoint *
relay_endpoint_ref (RelayEndpoint *endpoint)
{
  g_atomic_int_inc (&endpoint->ref_count);
  return endpoint;
}

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

void
relay_endpoint_unref (RelayEndpoint *endpoint)
{
  if (endpoint == NULL || !g_atomic_int_dec_and_test (&endpoint->ref_count))
    return;
  wipe (&endpoint->secret);
  wipe (&endpoint->old_secret);
  g_free (endpoint->url);
  g_free (endpoint->types);
  g_free (endpoint->disabled_reason);
  g_free (endpoint->reason_before);
  g_free (endpoint);
}

gboolean
relay_endpoint_wants (const char *types, const char *type)
{
  g_autofree char *word = NULL;

  if (types[0] == '*')
    return TRUE;
  word = g_strconcat (" ", type, " ", NULL);
  return strstr (types, word) != NULL;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayPlace
place_of (const RelayEndpoint *endpoint, const char *column)
{
  return (RelayPlace){ "endpoint", column, endpoint->id.text, &endpoint->merchant_id, endpoint->livemode };
}

static GBytes *
seal (RelayTx *tx, const RelayEndpoint *endpoint, const char *column, const char *secret, GError **error)
{
  RelayPlace place = place_of (endpoint, column);

  return relay_store_seal (tx->store, tx->db, &place, secret, error);
}

static void
bind_sealed (CobroDbStatement *statement, const char *name, GBytes *sealed)
{
  gsize n;
  gconstpointer bytes = g_bytes_get_data (sealed, &n);

  cobro_db_bind_blob (statement, name, bytes, n);
}

static void
bind_settings (CobroDbStatement *statement, const RelayEndpoint *endpoint)
{
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":id", &endpoint->id);
  cobro_db_bind_text (statement, ":url", endpoint->url);
  cobro_db_bind_text (statement, ":types", endpoint->types);
  cobro_db_bind_text (statement, ":policy", relay_policy_name (endpoint->policy));
  cobro_db_bind_bool (statement, ":active", endpoint->is_active);
  cobro_db_bind_text (statement, ":reason", endpoint->disabled_reason);
  cobro_db_bind_int64 (statement, ":since", endpoint->since);
}

gboolean
relay_endpoint_insert (RelayTx *tx, RelayEndpoint *endpoint, GError **error)
{
  RelayScope scope = { endpoint->merchant_id, endpoint->livemode };
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autoptr (GBytes) sealed = NULL;

  if ((endpoint->since = relay_event_head (tx->db, &scope, error)) < 0 ||
      !(statement = cobro_db_prepare (tx->db,
                                      "INSERT INTO endpoint (merchant_id, id, livemode, url, types, policy, is_active, "
                                      "disabled_reason, sealed, since, created_at, updated_at) VALUES (:merchant, :id, "
                                      ":livemode, :url, :types, :policy, :active, :reason, :sealed, :since, :now, "
                                      ":now)",
                                      error)))
    return FALSE;
  endpoint->id = cobro_id_new (COBRO_ID_WEBHOOK, relay_store_clock (tx->store), relay_store_random (tx->store));
  endpoint->created_at = endpoint->updated_at = tx->now;
  if (!(sealed = seal (tx, endpoint, "sealed", endpoint->secret, error)))
    return FALSE;
  bind_settings (statement, endpoint);
  cobro_db_bind_bool (statement, ":livemode", endpoint->livemode);
  bind_sealed (statement, ":sealed", sealed);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

static void
bind_health (CobroDbStatement *statement, const RelayEndpoint *endpoint)
{
  cobro_db_bind_int64 (statement, ":failures", endpoint->failures);
  cobro_db_bind_time (statement, ":failing", endpoint->failing_since);
  cobro_db_bind_int64 (statement, ":opened", endpoint->opened);
  cobro_db_bind_time (statement, ":pause", endpoint->pause_until);
}

gboolean
relay_endpoint_save (RelayTx *tx, const RelayEndpoint *endpoint, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE endpoint SET url = :url, types = :types, policy = :policy, is_active = :active, "
    "disabled_reason = :reason, reason_before = :before, since = :since, failures = :failures, "
    "failing_since = :failing, "
    "opened = :opened, pause_until = :pause, updated_at = :now, "
    "next_at = CASE WHEN CAST (:active AS BIGINT) = 1 THEN next_at END WHERE merchant_id = :merchant AND id = :id",
    error);

  if (statement == NULL)
    return FALSE;
  bind_settings (statement, endpoint);
  cobro_db_bind_text (statement, ":before", endpoint->reason_before);
  bind_health (statement, endpoint);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_endpoint_save_health (RelayTx *tx, const RelayEndpoint *endpoint, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE endpoint SET failures = :failures, failing_since = :failing, opened = :opened, "
                      "pause_until = :pause WHERE merchant_id = :merchant AND id = :id",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":id", &endpoint->id);
  bind_health (statement, endpoint);
  return cobro_db_run (statement, error);
}

gboolean
relay_endpoint_save_secret (RelayTx *tx, RelayEndpoint *endpoint, const char *secret, CobroTime old_until,
                            GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE endpoint SET sealed = :sealed, old_sealed = :old, old_until = :until, updated_at = :now "
                      "WHERE merchant_id = :merchant AND id = :id",
                      error);
  g_autoptr (GBytes) sealed = NULL, old = NULL;

  if (statement == NULL)
    return FALSE;
  if (!(sealed = seal (tx, endpoint, "sealed", secret, error)) ||
      (old_until != 0 && !(old = seal (tx, endpoint, "old_sealed", endpoint->secret, error))))
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":id", &endpoint->id);
  bind_sealed (statement, ":sealed", sealed);
  cobro_db_bind_time (statement, ":until", old_until);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_null (statement, ":old");
  if (old != NULL)
    bind_sealed (statement, ":old", old);
  if (!cobro_db_run (statement, error))
    return FALSE;
  wipe (&endpoint->old_secret);
  endpoint->old_secret = g_steal_pointer (&endpoint->secret);
  if (old_until == 0)
    wipe (&endpoint->old_secret);
  endpoint->secret = g_strdup (secret);
  endpoint->old_until = old_until;
  endpoint->updated_at = tx->now;
  return TRUE;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayEndpoint *
read_row (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayEndpoint) endpoint = relay_endpoint_new ();

  endpoint->merchant_id = cobro_db_column_id (statement, "merchant_id");
  endpoint->id = cobro_db_column_id (statement, "id");
  endpoint->livemode = cobro_db_column_bool (statement, "livemode");
  relay_row_text (statement, "url", &endpoint->url);
  relay_row_text (statement, "types", &endpoint->types);
  if (!relay_row_enum (statement, "policy", relay_policy_from_name, &endpoint->policy, error))
    return NULL;
  endpoint->is_active = cobro_db_column_bool (statement, "is_active");
  relay_row_text (statement, "disabled_reason", &endpoint->disabled_reason);
  relay_row_text (statement, "reason_before", &endpoint->reason_before);
  endpoint->old_until = cobro_db_column_time (statement, "old_until");
  endpoint->since = cobro_db_column_int64 (statement, "since");
  endpoint->failures = (guint)cobro_db_column_int64 (statement, "failures");
  endpoint->failing_since = cobro_db_column_time (statement, "failing_since");
  endpoint->opened = (guint)cobro_db_column_int64 (statement, "opened");
  endpoint->pause_until = cobro_db_column_time (statement, "pause_until");
  endpoint->next_at = cobro_db_column_time (statement, "next_at");
  endpoint->created_at = cobro_db_column_time (statement, "created_at");
  endpoint->updated_at = cobro_db_column_time (statement, "updated_at");
  return g_steal_pointer (&endpoint);
}

static RelayEndpoint *
read_one (CobroDbStatement *statement, GError **error)
{
  return relay_row_found (statement, "webhook endpoint", error) ? read_row (statement, error) : NULL;
}

static GPtrArray *
read_all (CobroDbStatement *statement, GError **error)
{
  return relay_row_all (statement, (RelayRowRead)read_row, (GDestroyNotify)relay_endpoint_unref, error);
}

RelayEndpoint *
relay_endpoint_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM endpoint WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "id = :id AND disabled_reason <> 'deleted'",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_id (statement, ":id", id);
  return read_one (statement, error);
}

RelayEndpoint *
relay_endpoint_hold (CobroDb *db, const CobroId *merchant_id, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT " COLUMNS " FROM endpoint WHERE merchant_id = :merchant AND id = :id " COBRO_DB_FOR_UPDATE, error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  return read_one (statement, error);
}

GPtrArray *
relay_endpoint_list (CobroDb *db, const RelayScope *scope, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM endpoint WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "disabled_reason <> 'deleted' ORDER BY id",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  return read_all (statement, error);
}

gboolean
relay_endpoint_count (CobroDb *db, const RelayScope *scope, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT count(*) AS n FROM endpoint WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "disabled_reason <> 'deleted'",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  return relay_row_count (statement, out_n, error);
}

static gboolean
unseal (RelayStore *store, CobroDb *db, const RelayEndpoint *endpoint, GBytes *sealed, const char *column,
        char **out_secret, GError **error)
{
  RelayPlace place = place_of (endpoint, column);
  gsize n;
  gconstpointer blob = g_bytes_get_data (sealed, &n);

  wipe (out_secret);
  return (*out_secret = relay_store_unseal (store, db, &place, blob, n, error)) != NULL;
}

/* (nullable) */
static GBytes *
dup_blob (CobroDbStatement *statement, const char *column)
{
  gsize n;
  gconstpointer blob = cobro_db_column_blob (statement, column, &n);

  return blob != NULL ? g_bytes_new (blob, n) : NULL;
}

static gboolean
read_sealed (CobroDb *db, const RelayEndpoint *endpoint, GBytes **out_sealed, GBytes **out_old, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT sealed, old_sealed FROM endpoint WHERE merchant_id = :merchant AND id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":id", &endpoint->id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      *out_sealed = dup_blob (statement, "sealed");
      *out_old = dup_blob (statement, "old_sealed");
      return TRUE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such webhook endpoint");
    case COBRO_DB_FAILED:
      break;
    }
  return FALSE;
}

gboolean
relay_endpoint_open_secrets (RelayStore *store, CobroDb *db, RelayEndpoint *endpoint, GError **error)
{
  g_autoptr (GBytes) sealed = NULL, old = NULL;

  return read_sealed (db, endpoint, &sealed, &old, error) &&
         unseal (store, db, endpoint, sealed, "sealed", &endpoint->secret, error) &&
         (old == NULL || unseal (store, db, endpoint, old, "old_sealed", &endpoint->old_secret, error));
}

/* ── Due ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A secret that does not open is the trouble of its endpoint alone: it is left out, and sending fails for want of it.
 */
static gboolean
open_all (RelayTx *tx, GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      GError *failure = NULL;

      if (relay_endpoint_open_secrets (tx->store, tx->db, list->pdata[i], &failure))
        continue;
      if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_SIGNATURE))
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_clear_error (&failure);
    }
  return TRUE;
}

/* Merchants take turns: the first endpoint of each comes before the second of any. */
GPtrArray *
relay_endpoint_list_due (RelayTx *tx, guint limit, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT " COLUMNS " FROM endpoint WHERE (merchant_id, id) IN (SELECT merchant_id, id FROM "
                      "(SELECT merchant_id, id, next_at, row_number() OVER (PARTITION BY merchant_id ORDER BY next_at) "
                      "AS turn FROM endpoint WHERE next_at <= :now) AS due ORDER BY turn, next_at LIMIT :limit) "
                      "ORDER BY next_at " COBRO_DB_SKIP_LOCKED,
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  list = read_all (statement, error);
  return list != NULL && open_all (tx, list, error) ? g_steal_pointer (&list) : NULL;
}

gboolean
relay_endpoint_next_due (CobroDb *db, CobroTime *out_next, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT min (next_at) AS n FROM endpoint WHERE next_at IS NOT NULL", error);

  return statement != NULL && relay_row_count (statement, out_next, error);
}

gboolean
relay_endpoint_wake_at (RelayTx *tx, const RelayEndpoint *endpoint, CobroTime next_at, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE endpoint SET next_at = :next WHERE merchant_id = :merchant AND id = :id AND is_active = 1", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":id", &endpoint->id);
  cobro_db_bind_time (statement, ":next", next_at);
  return cobro_db_run (statement, error);
}

/* The earliest of what waits, and never before the pause is over. What is leased is not waiting: its end comes here
 * again. */
gboolean
relay_endpoint_refresh (RelayTx *tx, const CobroId *merchant_id, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE endpoint SET next_at = (SELECT CASE WHEN min (next_at) < pause_until THEN pause_until "
                      "ELSE min (next_at) END FROM delivery WHERE delivery.merchant_id = :merchant AND "
                      "delivery.endpoint_id = :id AND delivery.next_at IS NOT NULL) "
                      "WHERE merchant_id = :merchant AND id = :id AND is_active = 1",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  return cobro_db_run (statement, error);
}
