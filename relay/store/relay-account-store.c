/* relay/store/relay-account-store.c — provider accounts, sealed.
 * Layer: relay/store. */
#include "relay-account-store.h"

#include <string.h>

#include "cobro-wire.h"
#include "relay-row.h"

#define COLUMNS     "merchant_id, id, provider, livemode, enabled, position, rules, notice, sealed"
#define SECRETS_MAX 8

RelayAccountRecord *
relay_account_record_new (void)
{
  RelayAccountRecord *record = g_new0 (RelayAccountRecord, 1);

  record->id = g_strdup ("");
  record->provider = g_strdup ("");
  record->notice = g_strdup ("");
  record->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  record->webhook_secrets = g_ptr_array_new_with_free_func (g_free);
  record->set_at = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  record->rules = g_array_new (FALSE, TRUE, sizeof (RelayAccountRule));
  record->enabled = TRUE;
  return record;
}

void
relay_account_note_set (RelayAccountRecord *record, const char *name, CobroTime when)
{
  gint64 *noted = g_new (gint64, 1);

  *noted = when;
  g_hash_table_replace (record->set_at, g_strdup (name), noted);
}

CobroTime
relay_account_get_set (const RelayAccountRecord *record, const char *name)
{
  const gint64 *noted = g_hash_table_lookup (record->set_at, name);

  return noted != NULL ? *noted : 0;
}

void
relay_account_record_free (RelayAccountRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->id);
  g_free (record->provider);
  g_free (record->notice);
  g_clear_pointer (&record->settings, g_hash_table_unref);
  g_clear_pointer (&record->webhook_secrets, g_ptr_array_unref);
  g_clear_pointer (&record->set_at, g_hash_table_unref);
  g_clear_pointer (&record->rules, g_array_unref);
  g_free (record);
}

static RelayPlace
account_place (const RelayAccountRecord *record)
{
  return (RelayPlace){ "account", "sealed", record->id, &record->merchant_id, record->livemode };
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* name → time as text, in the sealed JSON. */
static gboolean
read_set_at (CobroWireObject *object, RelayAccountRecord *record, GError **error)
{
  g_autoptr (GHashTable) times = NULL;
  GHashTableIter iter;
  gpointer name, text;
  CobroTime when;

  if (!cobro_wire_get_map (object, "setAt", &times, error))
    return FALSE;
  g_hash_table_iter_init (&iter, times);
  while (g_hash_table_iter_next (&iter, &name, &text))
    if (cobro_time_from_text (text, &when, NULL))
      relay_account_note_set (record, name, when);
  return TRUE;
}

static gboolean
open_secrets (RelayStore *store, CobroDb *db, CobroDbStatement *statement, RelayAccountRecord *record, GError **error)
{
  RelayPlace place = account_place (record);
  g_autofree char *json = NULL;
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (GPtrArray) secrets = NULL;
  GHashTable *settings = NULL;
  gsize n;
  gconstpointer blob = cobro_db_column_blob (statement, "sealed", &n);

  if (!(json = relay_store_unseal (store, db, &place, blob, n, error)) ||
      !(object = cobro_wire_parse (json, -1, error)) ||
      !cobro_wire_get_texts (object, "webhookSecrets", SECRETS_MAX, &secrets, error) ||
      !cobro_wire_get_time (object, "oldSecretUntil", &record->old_secret_until, error) ||
      !read_set_at (object, record, error) || !cobro_wire_get_map (object, "settings", &settings, error))
    {
      g_prefix_error (error, "account %s: ", record->id);
      return FALSE;
    }
  explicit_bzero (json, strlen (json));
  g_hash_table_unref (record->settings);
  record->settings = settings;
  g_ptr_array_unref (record->webhook_secrets);
  record->webhook_secrets = g_steal_pointer (&secrets);
  return TRUE;
}

static RelayAccountRecord *
read_row (RelayStore *store, CobroDb *db, CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayAccountRecord) record = relay_account_record_new ();
  const char *rules = cobro_db_column_is_null (statement, "rules") ? NULL : cobro_db_column_text (statement, "rules");

  record->merchant_id = cobro_db_column_id (statement, "merchant_id");
  relay_row_text (statement, "id", &record->id);
  relay_row_text (statement, "provider", &record->provider);
  relay_row_text (statement, "notice", &record->notice);
  record->livemode = cobro_db_column_bool (statement, "livemode");
  record->enabled = cobro_db_column_bool (statement, "enabled");
  record->position = cobro_db_column_int64 (statement, "position");
  g_clear_pointer (&record->rules, g_array_unref);
  if (!(record->rules = relay_account_rules_from_json (rules, error)))
    return NULL;
  if (store != NULL && !open_secrets (store, db, statement, record, error))
    return NULL;
  return g_steal_pointer (&record);
}

static RelayAccountRecord *
read_one (RelayStore *store, CobroDb *db, CobroDbStatement *statement, GError **error)
{
  return relay_row_found (statement, "account", error) ? read_row (store, db, statement, error) : NULL;
}

RelayAccountRecord *
relay_account_find (RelayStore *store, CobroDb *db, const char *provider, const char *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT " COLUMNS " FROM account WHERE id = :id AND provider = :provider", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":provider", provider);
  return read_one (store, db, statement, error);
}

RelayAccountRecord *
relay_account_find_for (RelayStore *store, CobroDb *db, const RelayScope *scope, const char *provider, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM account WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "provider = :provider",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":provider", provider);
  return read_one (store, db, statement, error);
}

gboolean
relay_account_get_owner (CobroDb *db, const char *provider, const char *id, RelayScope *out_scope, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT merchant_id, livemode FROM account WHERE id = :id AND provider = :provider", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":provider", provider);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      out_scope->merchant_id = cobro_db_column_id (statement, "merchant_id");
      out_scope->livemode = cobro_db_column_bool (statement, "livemode");
      return TRUE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such account");
    case COBRO_DB_FAILED:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

GPtrArray *
relay_account_list (RelayStore *store, CobroDb *db, const RelayScope *scope, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_account_record_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM account WHERE merchant_id = :merchant AND livemode = :livemode "
                      "AND provider <> 'manual' ORDER BY position, row",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayAccountRecord *record = read_row (store, db, statement, error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&records) : NULL;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
write_set_at (CobroWireWriter *writer, const RelayAccountRecord *record)
{
  g_autoptr (GHashTable) times = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GHashTableIter iter;
  gpointer name, when;

  g_hash_table_iter_init (&iter, record->set_at);
  while (g_hash_table_iter_next (&iter, &name, &when))
    g_hash_table_insert (times, name, cobro_time_to_text (*(gint64 *)when));
  cobro_wire_put_map (writer, "setAt", times);
}

static GBytes *
seal_secrets (RelayTx *tx, const RelayAccountRecord *record, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  RelayPlace place = account_place (record);
  g_autofree char *json = NULL;
  GBytes *sealed;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_map (writer, "settings", record->settings);
  cobro_wire_begin_array (writer, "webhookSecrets");
  for (guint i = 0; i < record->webhook_secrets->len; i++)
    cobro_wire_put_text (writer, NULL, record->webhook_secrets->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_put_time (writer, "oldSecretUntil", record->old_secret_until);
  write_set_at (writer, record);
  cobro_wire_end_object (writer);
  json = cobro_wire_writer_take (writer);
  sealed = relay_store_seal (tx->store, tx->db, &place, json, error);
  explicit_bzero (json, strlen (json));
  return sealed;
}

static char *
new_account_id (CobroRandom *random)
{
  guint8 bytes[16];
  GString *text = g_string_sized_new (32);

  cobro_random_fill (random, bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

gboolean
relay_account_put (RelayTx *tx, RelayAccountRecord *record, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *rules = relay_account_rules_to_json (record->rules);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO account (merchant_id, id, provider, livemode, enabled, position, rules, sealed, created_at, "
    "updated_at) VALUES (:merchant, :id, :provider, :livemode, :enabled, :position, :rules, :sealed, :now, "
    ":now) "
    "ON CONFLICT (merchant_id, id) DO UPDATE SET enabled = :enabled, position = :position, rules = :rules, sealed = "
    ":sealed, "
    "updated_at = :now WHERE account.provider = :provider AND account.livemode = :livemode",
    error);

  if (statement == NULL)
    return FALSE;
  if (record->webhook_secrets->len > SECRETS_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "webhookSecrets", "must be at most %d", SECRETS_MAX);
  if (*record->id == '\0')
    {
      g_free (record->id);
      record->id = new_account_id (relay_store_random (tx->store));
    }
  if (!(sealed = seal_secrets (tx, record, error)))
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &record->merchant_id);
  cobro_db_bind_text (statement, ":id", record->id);
  cobro_db_bind_text (statement, ":provider", record->provider);
  cobro_db_bind_bool (statement, ":livemode", record->livemode);
  cobro_db_bind_bool (statement, ":enabled", record->enabled);
  cobro_db_bind_int64 (statement, ":position", record->position);
  cobro_db_bind_text (statement, ":rules", rules);
  cobro_db_bind_blob (statement, ":sealed", g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_account_set_notice (RelayTx *tx, const CobroId *merchant_id, const char *id, const char *notice, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE account SET notice = :notice WHERE merchant_id = :merchant AND id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":notice", notice);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":id", id);
  return cobro_db_run (statement, error);
}
