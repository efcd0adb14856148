/* src/store/cobro-logo-store.c — the merchant's picture.
 * Layer: store. */
#include "config.h"
#include "cobro-logo-store.h"
#include "cobro-error.h"
#include "cobro-logo-sync-store.h"
#include "cobro-outbox.h"
#include "cobro-profile-store.h"
#include "cobro-store-private.h"

#include <string.h>

const char *
cobro_logo_media_type (GBytes *picture)
{
  gsize n;
  const guchar *bytes = g_bytes_get_data (picture, &n);

  if (n >= 8 && memcmp (bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "image/png";
  return n >= 3 && memcmp (bytes, "\xff\xd8\xff", 3) == 0 ? "image/jpeg" : NULL;
}

/* ── The row ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static GBytes *
read_picture (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, "SELECT picture FROM logo", error);
  gconstpointer bytes;
  gsize n;

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return NULL;
  bytes = cobro_db_column_blob (statement, "picture", &n);
  return g_bytes_new (bytes, n);
}

static gboolean
write_picture (CobroStoreTx *tx, GBytes *picture, GError **error)
{
  CobroDbStatement *statement;
  gconstpointer bytes;
  gsize n;

  if (picture == NULL)
    return cobro_db_exec (tx->db, "DELETE FROM logo", error);
  bytes = g_bytes_get_data (picture, &n);
  statement = cobro_db_prepare (tx->db,
                                "INSERT INTO logo (row, media_type, picture) VALUES (1, :type, :picture) "
                                "ON CONFLICT (row) DO UPDATE SET media_type = excluded.media_type, "
                                "  picture = excluded.picture",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":type", cobro_logo_media_type (picture));
  cobro_db_bind_blob (statement, ":picture", bytes, n);
  return cobro_db_run (statement, error);
}

/* ── Uploading ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
queue_picture (CobroStoreTx *tx, GBytes *picture, GError **error)
{
  g_autofree char *data = NULL;
  g_autofree char *body = NULL;
  gconstpointer bytes = NULL;
  gsize n = 0;

  if (picture != NULL)
    bytes = g_bytes_get_data (picture, &n);
  data = picture != NULL ? g_base64_encode (bytes, n) : g_strdup ("");
  body = g_strdup_printf ("{\"mediaType\":\"%s\",\"data\":\"%s\"}",
                          picture != NULL ? cobro_logo_media_type (picture) : "", data);
  return cobro_outbox_put (tx, "logo.put", COBRO_LOGO_OBJECT, body, "{}", 0, error);
}

gboolean
cobro_logo_sync_publish (CobroStoreTx *tx, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) picture = read_picture (tx, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return picture == NULL || queue_picture (tx, picture, error);
}

/* (transfer full) */
static char *
hash_of (GBytes *picture)
{
  return picture != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, picture) : g_strdup ("");
}

gboolean
cobro_logo_sync_is_missing (CobroStoreTx *tx, gboolean *out_missing, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);
  g_autoptr (GBytes) picture = merchant != NULL ? read_picture (tx, NULL) : NULL;
  g_autofree char *hash = hash_of (picture);

  if (merchant == NULL)
    return FALSE;
  *out_missing = merchant->logo[0] != '\0' && strcmp (merchant->logo, hash) != 0;
  return TRUE;
}

gboolean
cobro_logo_sync_take (CobroStoreTx *tx, GBytes *picture, GError **error)
{
  tx->change->kinds |= COBRO_STORE_MERCHANT;
  return cobro_logo_media_type (picture) == NULL || g_bytes_get_size (picture) > COBRO_LOGO_BYTES_MAX ||
         write_picture (tx, picture, error);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  GBytes *picture = data;
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);
  g_autoptr (CobroMerchant) stored = NULL;
  g_autofree char *hash = hash_of (picture);

  if (merchant == NULL)
    return NULL;
  cobro_link_set_text (&merchant->logo, hash);
  return GINT_TO_POINTER (write_picture (tx, picture, error) && queue_picture (tx, picture, error) &&
                          (stored = cobro_merchant_store_put (tx, merchant, error)) != NULL);
}

static gboolean
check_picture (GBytes *picture, GError **error)
{
  if (picture == NULL)
    return TRUE;
  if (g_bytes_get_size (picture) > COBRO_LOGO_BYTES_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_TOO_LARGE, "logo", "must be at most %d KiB",
                               COBRO_LOGO_BYTES_MAX / 1024);
  return cobro_logo_media_type (picture) != NULL ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "logo", "must be a PNG or JPEG picture");
}

static gpointer
do_check_and_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return check_picture (data, error) ? do_put (tx, data, error) : NULL;
}

static void
bytes_unref_or_null (gpointer picture)
{
  if (picture != NULL)
    g_bytes_unref (picture);
}

void
cobro_logo_store_put_async (CobroStore *store, GBytes *picture, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  cobro_store_write_async (store, do_check_and_put, picture != NULL ? g_bytes_ref (picture) : NULL, bytes_unref_or_null,
                           NULL, cancellable, callback, user_data);
}

gboolean
cobro_logo_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  return read_picture (tx, error);
}

GBytes *
cobro_logo_store_load (CobroStore *store, GError **error)
{
  return cobro_store_read (store, do_load, NULL, error);
}
