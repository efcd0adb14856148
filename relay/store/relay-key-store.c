/* relay/store/relay-key-store.c — API keys and device keys: made, found, succeeded, revoked.
 * Layer: relay/store. */
#include "relay-key-store.h"

#include <gio/gio.h>
#include <string.h>

#include "relay-key-text.h"
#include "relay-row.h"

#define VALID_FOR (365 * COBRO_DAY)
#define COLUMNS                                                                                                        \
  "id, merchant_id, livemode, name, scopes, networks, created_by, successor, used_on, created_at, expires_at, "        \
  "revoked_at"

void
relay_key_holder_clear (RelayKeyHolder *holder)
{
  g_clear_pointer (&holder->key_id, g_free);
  g_clear_pointer (&holder->scopes, g_free);
  g_clear_pointer (&holder->networks, g_free);
}

void
relay_key_record_free (RelayKeyRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->id);
  g_free (record->name);
  g_free (record->scopes);
  g_free (record->networks);
  g_free (record->created_by);
  g_free (record->successor);
  g_free (record);
}

char *
relay_key_text_dup_id (const RelayKeyText *key)
{
  RelayKeyParts parts;

  return relay_key_text_parse (key->text, &parts) ? g_strdup (parts.id) : NULL;
}

/* ── What a key may ─────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_key_scopes_within (const char *some, const char *all)
{
  g_auto (GStrv) wanted = g_strsplit (some, " ", -1);
  g_auto (GStrv) had = g_strsplit (all, " ", -1);

  for (guint i = 0; wanted[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *)had, wanted[i]))
      return FALSE;
  return TRUE;
}

gboolean
relay_key_check_scopes (const char *scopes, GError **error)
{
  if (*scopes == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "scopes", "at least one is needed");
  if (!relay_key_scopes_within (scopes, RELAY_KEY_ALL_SCOPES))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "scopes", "each must be one of %s", RELAY_KEY_ALL_SCOPES);
  return TRUE;
}

gboolean
relay_key_check_networks (const char *networks, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (networks, " ", -1);

  if (g_strv_length (parts) > RELAY_KEY_NETWORKS_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "networks", "must be at most %d", RELAY_KEY_NETWORKS_MAX);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (parts[i], NULL);

      if (mask == NULL)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "networks",
                                   "must be addresses or networks such as 192.0.2.0/24, not \"%s\"", parts[i]);
    }
  return TRUE;
}

/* ::ffff:192.0.2.1 is 192.0.2.1. */
static GInetAddress *
parse_address (const char *text)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  const guint8 *bytes = address != NULL ? g_inet_address_to_bytes (address) : NULL;

  if (address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      memcmp (bytes, mapped, sizeof mapped) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  return g_steal_pointer (&address);
}

gboolean
relay_key_is_in_networks (const char *networks, const char *address)
{
  g_auto (GStrv) parts = g_strsplit (networks, " ", -1);
  g_autoptr (GInetAddress) parsed = parse_address (address);

  for (guint i = 0; parsed != NULL && parts[i] != NULL; i++)
    {
      g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (parts[i], NULL);

      if (mask != NULL && g_inet_address_mask_matches (mask, parsed))
        return TRUE;
    }
  return FALSE;
}

/* ── Made ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
insert_row (RelayTx *tx, const RelayScope *scope, const RelayKeyParts *parts, const RelayKeyOrder *order,
            GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO api_key (id, merchant_id, livemode, hash, name, scopes, networks, device_id, "
                      "created_by, created_at, expires_at) VALUES (:id, :merchant, :livemode, :hash, :name, :scopes, "
                      ":networks, :device, :created_by, :now, :expires)",
                      error);
  CobroTime a_year = order->device_id != NULL ? 0 : tx->now + VALID_FOR;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", parts->id);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_hash (statement, ":hash", &parts->hash);
  cobro_db_bind_text (statement, ":name", order->name);
  cobro_db_bind_text (statement, ":scopes", order->scopes);
  cobro_db_bind_text (statement, ":networks", order->networks);
  cobro_db_bind_text (statement, ":device", order->device_id != NULL ? order->device_id->text : NULL);
  cobro_db_bind_text (statement, ":created_by", order->created_by);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  /* A paired desktop stays paired until it is revoked. */
  cobro_db_bind_time (statement, ":expires", order->expires_at != 0 ? order->expires_at : a_year);
  return cobro_db_run (statement, error);
}

static gboolean
check_count (RelayTx *tx, const RelayScope *scope, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT count(*) AS n FROM api_key WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "device_id IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)",
                      error);
  gint64 n;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!relay_row_count (statement, &n, error))
    return FALSE;
  return n < RELAY_KEY_COUNT_MAX ||
         cobro_error_set (error, COBRO_ERROR_STATE, "there are %d keys already: revoke one first", RELAY_KEY_COUNT_MAX);
}

gboolean
relay_key_insert (RelayTx *tx, const RelayScope *scope, const RelayKeyOrder *order, RelayKeyText *out_key,
                  GError **error)
{
  RelayKeyText key = relay_key_text_new (scope->livemode, relay_store_random (tx->store));
  RelayKeyParts parts;

  if (!relay_key_text_parse (key.text, &parts))
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "a key was made that cannot be read");
  if ((order->device_id == NULL && !check_count (tx, scope, error)) || !insert_row (tx, scope, &parts, order, error))
    return FALSE;
  *out_key = key;
  return TRUE;
}

gboolean
relay_key_insert_literal (RelayTx *tx, const CobroId *merchant_id, const char *text, GError **error)
{
  static const char all[] = "links:rw invoices:rw payments:r payments:w refunds:w webhooks:rw providers:rw keys:admin";
  RelayScope scope = { *merchant_id, FALSE };
  RelayKeyOrder order = { .name = text, .scopes = all, .created_by = "operator" };
  RelayKeyParts parts;

  if (strlen (text) > RELAY_KEY_LITERAL_MAX || !relay_key_text_parse (text, &parts))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "such a key has at most %d of a-z and 0-9",
                            RELAY_KEY_LITERAL_MAX);
  return insert_row (tx, &scope, &parts, &order, error);
}

/* ── Found ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One text for everything that can be wrong: nobody learns which ids exist. */
static gboolean
refuse_key (GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the API key is not valid");
}

static gboolean
is_good (CobroDbStatement *row, const RelayKeyParts *parts, const CobroTokenHash *kept, CobroTime now)
{
  CobroTime expires = cobro_db_column_time (row, "expires_at");

  return cobro_token_hash_equal (&parts->hash, kept) && cobro_db_column_is_null (row, "revoked_at") &&
         (expires == 0 || expires > now) && cobro_db_column_bool (row, "livemode") == parts->livemode;
}

gboolean
relay_key_find (CobroDb *db, const char *key, CobroTime now, RelayKeyHolder *out_holder, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  CobroTokenHash kept;
  RelayKeyParts parts;
  CobroDbStep step;

  if (!relay_key_text_parse (key, &parts))
    return refuse_key (error);
  if (!(statement = cobro_db_prepare (db,
                                      "SELECT merchant_id, livemode, hash, scopes, networks, device_id, used_on, "
                                      "expires_at, revoked_at FROM api_key WHERE id = :id",
                                      error)))
    return FALSE;
  cobro_db_bind_text (statement, ":id", parts.id);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  if (step == COBRO_DB_DONE)
    return refuse_key (error);
  if (!relay_row_bytes (statement, "hash", kept.bytes, sizeof kept.bytes, error))
    return FALSE;
  if (!is_good (statement, &parts, &kept, now))
    return refuse_key (error);
  out_holder->scope.merchant_id = cobro_db_column_id (statement, "merchant_id");
  out_holder->scope.livemode = cobro_db_column_bool (statement, "livemode");
  out_holder->device_id = cobro_db_column_id (statement, "device_id");
  out_holder->scopes = relay_row_dup_text (statement, "scopes");
  out_holder->networks = relay_row_dup_text (statement, "networks");
  out_holder->used_on = cobro_db_column_int64 (statement, "used_on");
  out_holder->key_id = g_strdup (parts.id);
  return TRUE;
}

gboolean
relay_key_note_use (RelayTx *tx, const CobroId *merchant_id, const char *key_id, gint64 day, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE api_key SET used_on = :day WHERE merchant_id = :merchant AND id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":day", day);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":id", key_id);
  return cobro_db_run (statement, error);
}

static RelayKeyRecord *
read_record (CobroDbStatement *row)
{
  RelayKeyRecord *record = g_new0 (RelayKeyRecord, 1);

  record->id = relay_row_dup_text (row, "id");
  record->name = relay_row_dup_text (row, "name");
  record->scopes = relay_row_dup_text (row, "scopes");
  record->networks = relay_row_dup_text (row, "networks");
  record->created_by = relay_row_dup_text (row, "created_by");
  record->successor = relay_row_dup_text (row, "successor");
  record->livemode = cobro_db_column_bool (row, "livemode");
  record->used_on = cobro_db_column_int64 (row, "used_on");
  record->created_at = cobro_db_column_time (row, "created_at");
  record->expires_at = cobro_db_column_time (row, "expires_at");
  record->revoked_at = cobro_db_column_time (row, "revoked_at");
  return record;
}

GPtrArray *
relay_key_list (CobroDb *db, const RelayScope *scope, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_key_record_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM api_key WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "device_id IS NULL ORDER BY created_at, id",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    g_ptr_array_add (keys, read_record (statement));
  return step == COBRO_DB_DONE ? g_steal_pointer (&keys) : NULL;
}

RelayKeyRecord *
relay_key_read (CobroDb *db, const RelayScope *scope, const char *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM api_key WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "device_id IS NULL AND id = :id",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return read_record (statement);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such key");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

/* ── Succeeded and revoked ──────────────────────────────────────────────────────────────────────────────────── */

static gboolean
end_with (RelayTx *tx, const RelayScope *scope, const char *id, const char *successor, CobroTime end, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE api_key SET successor = :successor, expires_at = CASE WHEN expires_at IS NOT NULL AND "
                      "expires_at < :end THEN expires_at ELSE :end END WHERE merchant_id = :merchant AND id = :id",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":successor", successor);
  cobro_db_bind_int64 (statement, ":end", end);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_text (statement, ":id", id);
  return cobro_db_run (statement, error);
}

gboolean
relay_key_rotate (RelayTx *tx, const RelayScope *scope, const char *id, gint64 overlap, const char *created_by,
                  RelayKeyText *out_key, GError **error)
{
  g_autoptr (RelayKeyRecord) old = relay_key_read (tx->db, scope, id, error);
  g_autofree char *successor = NULL;
  RelayKeyOrder order;
  RelayKeyText key;

  g_return_val_if_fail (overlap >= 0 && overlap <= RELAY_KEY_OVERLAP_MAX, FALSE);

  if (old == NULL)
    return FALSE;
  if (old->revoked_at != 0 || (old->expires_at != 0 && old->expires_at <= tx->now))
    return cobro_error_set (error, COBRO_ERROR_STATE, "this key is not valid any more: make a new one");
  if (old->successor != NULL)
    return cobro_error_set (error, COBRO_ERROR_STATE, "this key has a successor already: rotate %s", old->successor);
  order =
    (RelayKeyOrder){ .name = old->name, .scopes = old->scopes, .networks = old->networks, .created_by = created_by };
  if (!relay_key_insert (tx, scope, &order, &key, error))
    return FALSE;
  successor = relay_key_text_dup_id (&key);
  if (!end_with (tx, scope, id, successor, tx->now + overlap, error))
    return FALSE;
  *out_key = key;
  return TRUE;
}

gboolean
relay_key_revoke (RelayTx *tx, const RelayScope *scope, const char *key_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE api_key SET revoked_at = coalesce (revoked_at, :now) WHERE merchant_id = :merchant AND livemode = "
    ":livemode AND id = :id AND device_id IS NULL",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":id", key_id);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 || cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such key");
}
