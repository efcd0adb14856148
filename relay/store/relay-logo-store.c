/* relay/store/relay-logo-store.c — the picture on documents.
 * Layer: relay/store. */
#include "relay-logo-store.h"

#include <string.h>

#include "relay-row.h"

static const struct
{
  const char *media_type;
  const char *first; /* bytes */
  gsize n;
} kinds[] = {
  { "image/png", "\x89PNG\r\n\x1a\n", 8 },
  { "image/jpeg", "\xff\xd8\xff", 3 },
};

static gboolean
check (const char *media_type, GBytes *bytes, GError **error)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);

  if (n == 0 || n > RELAY_LOGO_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "data", "must have 1 to %d bytes", RELAY_LOGO_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (media_type, kinds[i].media_type))
      return (n >= kinds[i].n && memcmp (data, kinds[i].first, kinds[i].n) == 0) ||
             cobro_error_set_at (error, COBRO_ERROR_INVALID, "data", "is no picture of the type %s", media_type);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "mediaType", "must be \"image/png\" or \"image/jpeg\"");
}

gboolean
relay_logo_put (RelayTx *tx, const CobroId *merchant_id, const char *media_type, GBytes *bytes, GError **error)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!check (media_type, bytes, error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "INSERT INTO logo (merchant_id, hash, media_type, bytes, updated_at) VALUES (:merchant, :hash, :media_type, "
          ":bytes, :now) ON CONFLICT (merchant_id) DO UPDATE SET hash = :hash, media_type = :media_type, bytes = "
          ":bytes, updated_at = :now",
          error)))
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":hash", hash);
  cobro_db_bind_text (statement, ":media_type", media_type);
  cobro_db_bind_blob (statement, ":bytes", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_logo_remove (RelayTx *tx, const CobroId *merchant_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "DELETE FROM logo WHERE merchant_id = :merchant", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  return cobro_db_run (statement, error);
}

GBytes *
relay_logo_find (CobroDb *db, const CobroId *merchant_id, char **out_media_type, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT media_type, bytes FROM logo WHERE merchant_id = :merchant", error);
  gconstpointer data;
  gsize n;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  if (!relay_row_found (statement, "logo", error))
    return NULL;
  data = cobro_db_column_blob (statement, "bytes", &n);
  if (out_media_type != NULL)
    *out_media_type = relay_row_dup_text (statement, "media_type");
  return g_bytes_new (data, n);
}
