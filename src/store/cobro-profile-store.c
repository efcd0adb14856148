/* src/store/cobro-profile-store.c — the merchant's profile, and the relay these books are paired with.
 * Layer: store. */
#include "config.h"
#include "cobro-profile-store.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-store-private.h"

#include <string.h>

#define PRACTICE_URL "practice-url"

/* ── Profile ────────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroMerchant *
cobro_merchant_store_find (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, "SELECT document, rev FROM merchant", error);
  CobroMerchant *merchant;

  if (statement == NULL)
    return NULL;
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      if ((merchant = tx->codec->read_merchant (cobro_db_column_text (statement, "document"), error)) != NULL)
        merchant->rev = cobro_db_column_int64 (statement, "rev");
      return merchant;
    case COBRO_DB_DONE:
      return cobro_merchant_new ();
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

static gboolean
write_row (CobroStoreTx *tx, const char *document, gint64 rev, const char *base, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO merchant (row, document, rev, base) VALUES (1, :document, :rev, nullif(:base, :document)) "
    "ON CONFLICT (row) DO UPDATE SET document = excluded.document, rev = excluded.rev, base = excluded.base, "
    "  trouble = 0, reason = '', path = ''",
    error);

  tx->change->kinds |= COBRO_STORE_MERCHANT;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":rev", rev);
  cobro_db_bind_text (statement, ":base", base);
  return cobro_db_run (statement, error);
}

CobroMerchant *
cobro_merchant_store_put (CobroStoreTx *tx, CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroMerchant) before = cobro_merchant_store_find (tx, error);
  g_autofree char *old = NULL;
  g_autofree char *document = NULL;

  if (before == NULL)
    return NULL;
  /* Before the first pairing it has an id of its own, which the relay's takes the place of. */
  merchant->id = cobro_id_is_set (&before->id) ? before->id : cobro_id_new (COBRO_ID_MERCHANT, tx->clock, tx->random);
  merchant->rev = before->rev;
  merchant->created_at = before->created_at != 0 ? before->created_at : tx->now;
  merchant->updated_at = tx->now;
  if (!cobro_merchant_validate (merchant, error))
    return NULL;
  old = tx->codec->write_merchant (before);
  document = tx->codec->write_merchant (merchant);
  if (!write_row (tx, document, before->rev, before->rev > 0 ? old : NULL, error) ||
      !cobro_outbox_put (tx, "merchant.put", "", document, "{}", 0, error))
    return NULL;
  return cobro_merchant_ref (merchant);
}

static gboolean
is_waiting (CobroStoreTx *tx, gboolean *out_waiting, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT count(*) AS n FROM outbox WHERE kind = 'merchant.put'", error);

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_waiting = cobro_db_column_int64 (statement, "n") > 0;
  return TRUE;
}

gboolean
cobro_merchant_sync_heard (CobroStoreTx *tx, const CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroMerchant) ours = cobro_merchant_store_find (tx, error);
  g_autofree char *theirs = tx->codec->write_merchant (merchant);
  gboolean waiting = FALSE;

  if (ours == NULL || !is_waiting (tx, &waiting, error))
    return FALSE;
  return waiting || merchant->rev <= ours->rev || write_row (tx, theirs, merchant->rev, theirs, error);
}

gboolean
cobro_merchant_sync_adopt (CobroStoreTx *tx, const CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroMerchant) ours = cobro_merchant_store_find (tx, error);
  g_autofree char *theirs = tx->codec->write_merchant (merchant);
  g_autofree char *document = NULL;

  if (ours == NULL)
    return FALSE;
  if (ours->name[0] == '\0' || cobro_id_equal (&ours->id, &merchant->id))
    return write_row (tx, theirs, merchant->rev, theirs, error);

  ours->id = merchant->id;
  ours->rev = merchant->rev;
  ours->created_at = merchant->created_at;
  document = tx->codec->write_merchant (ours);
  return write_row (tx, document, merchant->rev, theirs, error) &&
         cobro_outbox_put (tx, "merchant.put", "", document, "{}", 0, error);
}

gboolean
cobro_merchant_sync_sides (CobroStoreTx *tx, char **out_ours, char **out_base, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, "SELECT document, base FROM merchant", error);

  if (statement == NULL)
    return FALSE;
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no profile");
  *out_ours = g_strdup (cobro_db_column_text (statement, "document"));
  *out_base = g_strdup (cobro_db_column_text (statement, "base"));
  return TRUE;
}

gboolean
cobro_merchant_sync_merged (CobroStoreTx *tx, const char *merged, const char *theirs, gint64 rev, GError **error)
{
  return write_row (tx, merged, rev, theirs, error) &&
         (strcmp (merged, theirs) == 0 || cobro_outbox_put (tx, "merchant.put", "", merged, "{}", 0, error));
}

gboolean
cobro_merchant_sync_publish (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);
  g_autofree char *document = NULL;

  if (merchant == NULL)
    return FALSE;
  if (merchant->name[0] == '\0')
    return TRUE;
  document = tx->codec->write_merchant (merchant);
  return cobro_outbox_put (tx, "merchant.put", "", document, "{}", 0, error);
}

gboolean
cobro_merchant_sync_applied (CobroStoreTx *tx, gint64 rev, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db, "UPDATE merchant SET rev = :rev, base = NULL, trouble = 0, reason = '', path = ''", error);

  tx->change->kinds |= COBRO_STORE_MERCHANT;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":rev", rev);
  return cobro_db_run (statement, error);
}

gboolean
cobro_merchant_sync_rejected (CobroStoreTx *tx, const char *reason, const char *path, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "UPDATE merchant SET trouble = 1, reason = :reason, path = :path", error);

  tx->change->kinds |= COBRO_STORE_MERCHANT;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_text (statement, ":path", path);
  return cobro_db_run (statement, error);
}

static gpointer
do_find (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_merchant_store_find (tx, error);
}

CobroMerchant *
cobro_merchant_store_load (CobroStore *store, GError **error)
{
  return cobro_store_read (store, do_find, NULL, error);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_merchant_store_put (tx, data, error);
}

void
cobro_merchant_store_put_async (CobroStore *store, CobroMerchant *merchant, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_put, cobro_merchant_ref (merchant), (GDestroyNotify)cobro_merchant_unref,
                           (GDestroyNotify)cobro_merchant_unref, cancellable, callback, user_data);
}

CobroMerchant *
cobro_merchant_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Pairing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_pairing_free (CobroPairing *pairing)
{
  if (pairing == NULL)
    return;
  g_free (pairing->address);
  g_free (pairing->public_url);
  g_strfreev (pairing->gateways);
  g_free (pairing->last_hash);
  g_free (pairing);
}

CobroPairing *
cobro_pairing_find (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT device_id, merchant_id, address, public_url, livemode, gateways, methods, mail, "
                      "paired_at, cursor, last_hash "
                      "FROM pairing",
                      error);
  CobroPairing *pairing;

  if (statement == NULL)
    return NULL;
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_FAILED:
      return NULL;
    case COBRO_DB_DONE:
      pairing = g_new0 (CobroPairing, 1);
      pairing->address = g_strdup ("");
      pairing->public_url = g_strdup ("");
      pairing->gateways = g_new0 (char *, 1);
      pairing->last_hash = g_strdup ("");
      return pairing;
    case COBRO_DB_ROW:
      break;
    }
  pairing = g_new0 (CobroPairing, 1);
  pairing->device_id = cobro_db_column_id (statement, "device_id");
  pairing->merchant_id = cobro_db_column_id (statement, "merchant_id");
  pairing->address = g_strdup (cobro_db_column_text (statement, "address"));
  pairing->public_url = g_strdup (cobro_db_column_text (statement, "public_url"));
  pairing->livemode = cobro_db_column_bool (statement, "livemode");
  pairing->gateways = g_strsplit (cobro_db_column_text (statement, "gateways"), " ", -1);
  pairing->methods = (guint)cobro_db_column_int64 (statement, "methods");
  pairing->mail = cobro_db_column_bool (statement, "mail");
  pairing->paired_at = cobro_db_column_time (statement, "paired_at");
  pairing->cursor = cobro_db_column_int64 (statement, "cursor");
  pairing->last_hash = g_strdup (cobro_db_column_text (statement, "last_hash"));
  return pairing;
}

gboolean
cobro_pairing_put (CobroStoreTx *tx, const CobroPairing *pairing, GError **error)
{
  g_autofree char *gateways = g_strjoinv (" ", pairing->gateways);
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO pairing (row, device_id, merchant_id, address, public_url, livemode, gateways, methods, mail, "
    "  paired_at) "
    "VALUES (1, :device, :merchant, :address, :public_url, :livemode, :gateways, :methods, :mail, :now) "
    "ON CONFLICT (row) DO UPDATE SET device_id = excluded.device_id, address = excluded.address, "
    "  public_url = excluded.public_url, livemode = excluded.livemode, gateways = excluded.gateways, "
    "  methods = excluded.methods, mail = excluded.mail, paired_at = excluded.paired_at, next_seq = 1, cursor = 0, "
    "last_hash = '', "
    "  merchant_id = excluded.merchant_id",
    error);

  tx->change->kinds |= COBRO_STORE_PAIRING;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":device", &pairing->device_id);
  cobro_db_bind_id (statement, ":merchant", &pairing->merchant_id);
  cobro_db_bind_text (statement, ":address", pairing->address);
  cobro_db_bind_text (statement, ":public_url", pairing->public_url);
  cobro_db_bind_bool (statement, ":livemode", pairing->livemode);
  cobro_db_bind_text (statement, ":gateways", gateways);
  cobro_db_bind_int64 (statement, ":methods", pairing->methods);
  cobro_db_bind_bool (statement, ":mail", pairing->mail);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error) && cobro_outbox_renumber (tx, 1, error);
}

static gpointer
do_forget (CobroStoreTx *tx, gpointer data, GError **error)
{
  tx->change->kinds |= COBRO_STORE_PAIRING;
  return GINT_TO_POINTER (cobro_db_exec (tx->db, "UPDATE pairing SET device_id = ''", error));
}

void
cobro_pairing_forget_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  cobro_store_write_async (store, do_forget, NULL, NULL, NULL, cancellable, callback, user_data);
}

gboolean
cobro_pairing_forget_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}

gboolean
cobro_pairing_set_mail (CobroStoreTx *tx, gboolean mail, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "UPDATE pairing SET mail = :mail WHERE mail <> :mail", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_bool (statement, ":mail", mail);
  if (!cobro_db_run (statement, error))
    return FALSE;
  if (cobro_db_changes (tx->db) > 0)
    tx->change->kinds |= COBRO_STORE_PAIRING;
  return TRUE;
}

gboolean
cobro_pairing_set_cursor (CobroStoreTx *tx, gint64 cursor, const char *last_hash, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "UPDATE pairing SET cursor = :cursor, last_hash = :hash", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":cursor", cursor);
  cobro_db_bind_text (statement, ":hash", last_hash);
  return cobro_db_run (statement, error);
}

static gpointer
do_find_pairing (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_pairing_find (tx, error);
}

CobroPairing *
cobro_pairing_load (CobroStore *store, GError **error)
{
  return cobro_store_read (store, do_find_pairing, NULL, error);
}

/* ── Where links live ───────────────────────────────────────────────────────────────────────────────────────────── */

char *
cobro_pairing_read_public_url (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroPairing) pairing = cobro_pairing_find (tx, error);
  g_autoptr (GError) failure = NULL;
  char *practice;

  if (pairing == NULL)
    return NULL;
  if (pairing->public_url[0] != '\0')
    return g_strdup (pairing->public_url);
  practice = cobro_setting_read (tx, PRACTICE_URL, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return practice != NULL ? practice : g_strdup ("");
}

gboolean
cobro_pairing_refresh_public_url (CobroStore *store, GError **error)
{
  g_autoptr (CobroPairing) pairing = cobro_pairing_load (store, error);
  g_autofree char *practice = NULL;

  if (pairing == NULL)
    return FALSE;
  practice = cobro_store_dup_setting (store, PRACTICE_URL, NULL);
  cobro_store_set_public_url (store, pairing->public_url[0] != '\0' ? pairing->public_url
                                     : practice != NULL             ? practice
                                                                    : "");
  return TRUE;
}

gboolean
cobro_store_set_practice_url (CobroStore *store, const char *public_url, GError **error)
{
  return cobro_store_set_setting (store, PRACTICE_URL, public_url, error) &&
         cobro_pairing_refresh_public_url (store, error);
}

char *
cobro_store_dup_link_url (CobroStore *store, const CobroLink *link)
{
  g_autofree char *public_url = cobro_store_dup_public_url (store);
  gsize length = strlen (public_url);

  if (length == 0 || !cobro_token_is_set (&link->token))
    return g_strdup ("");
  return g_strconcat (public_url, public_url[length - 1] == '/' ? "pay/" : "/pay/", link->token.text, NULL);
}
