/* relay/store/relay-key-store.c — API keys and device keys: made, found, revoked.
 * Layer: relay/store. Declared in relay-merchant-store.h.
 * cob_test_<10 id>_<43 secret><6 crc32>: the prefix and the CRC let scanners find a leaked key offline; the secret has
 * 256 random bits, so a fast hash is right. */
#include "relay-merchant-store.h"

#include <string.h>

#include "relay-row.h"

#define ID_LENGTH     10
#define SECRET_LENGTH 43
#define CRC_LENGTH    6
#define PREFIX_LENGTH 9 /* cob_test_ or cob_live_ */
#define KEY_LENGTH    (PREFIX_LENGTH + ID_LENGTH + 1 + SECRET_LENGTH + CRC_LENGTH)
#define LITERAL_MAX   16
#define VALID_FOR     (365 * COBRO_DAY)

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

void
relay_key_holder_clear (RelayKeyHolder *holder)
{
  g_clear_pointer (&holder->key_id, g_free);
  g_clear_pointer (&holder->scopes, g_free);
}

/* ── Text ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* CRC-32 of ISO 3309 (as in gzip), bit by bit: keys are short and rare. */
static guint32
crc32 (const char *text, gsize n)
{
  guint32 crc = 0xFFFFFFFFu;

  for (gsize i = 0; i < n; i++)
    {
      crc ^= (guint8)text[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
    }
  return ~crc;
}

/* @bytes as one big number in base 62, @length digits, most significant first. Destroys @bytes. */
static void
write_base62 (guint8 *bytes, gsize n, char *out, gsize length)
{
  for (gsize digit = length; digit > 0; digit--)
    {
      guint rest = 0;

      for (gsize i = 0; i < n; i++)
        {
          rest = rest * 256 + bytes[i];
          bytes[i] = (guint8)(rest / 62);
          rest %= 62;
        }
      out[digit - 1] = base62[rest];
    }
}

static void
write_crc (const char *text, gsize n, char out[CRC_LENGTH])
{
  guint32 crc = crc32 (text, n);
  guint8 bytes[4] = { (guint8)(crc >> 24), (guint8)(crc >> 16), (guint8)(crc >> 8), (guint8)crc };

  write_base62 (bytes, sizeof bytes, out, CRC_LENGTH);
}

static RelayKeyText
make_text (gboolean livemode, CobroRandom *random)
{
  RelayKeyText key = { "" };
  guint8 bytes[32];
  char *p = key.text;

  memcpy (p, livemode ? "cob_live_" : "cob_test_", PREFIX_LENGTH);
  p += PREFIX_LENGTH;
  for (int i = 0; i < ID_LENGTH; i++)
    *p++ = base62[cobro_random_below (random, 62)];
  *p++ = '_';
  cobro_random_fill (random, bytes, sizeof bytes);
  write_base62 (bytes, sizeof bytes, p, SECRET_LENGTH);
  explicit_bzero (bytes, sizeof bytes);
  write_crc (key.text, KEY_LENGTH - CRC_LENGTH, key.text + KEY_LENGTH - CRC_LENGTH);
  return key;
}

/* SHA-256 of the secret part. */
static CobroTokenHash
hash_secret (const char *secret, gsize n)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  CobroTokenHash hash;
  gsize length = sizeof hash.bytes;

  g_checksum_update (checksum, (const guchar *)secret, (gssize)n);
  g_checksum_get_digest (checksum, hash.bytes, &length);
  return hash;
}

/* Takes a presented key apart. FALSE when it cannot be one: then no database is asked. */
static gboolean
take_apart (const char *key, char id[LITERAL_MAX + 1], CobroTokenHash *out_hash)
{
  gsize n = strlen (key);
  char crc[CRC_LENGTH];

  if (n >= 1 && n <= LITERAL_MAX && strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789") == n)
    {
      g_strlcpy (id, key, LITERAL_MAX + 1);
      *out_hash = hash_secret (key, n);
      return TRUE;
    }
  if (n != KEY_LENGTH || (strncmp (key, "cob_test_", PREFIX_LENGTH) != 0 && strncmp (key, "cob_live_", PREFIX_LENGTH)))
    return FALSE;
  write_crc (key, KEY_LENGTH - CRC_LENGTH, crc);
  if (memcmp (crc, key + KEY_LENGTH - CRC_LENGTH, CRC_LENGTH) != 0)
    return FALSE;
  g_strlcpy (id, key + PREFIX_LENGTH, ID_LENGTH + 1);
  *out_hash = hash_secret (key + PREFIX_LENGTH + ID_LENGTH + 1, SECRET_LENGTH);
  return TRUE;
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
insert_row (RelayTx *tx, const RelayScope *scope, const char *id, const CobroTokenHash *hash, const char *name,
            const char *scopes, const CobroId *device_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO api_key (id, merchant_id, livemode, hash, name, scopes, device_id, created_at, "
                      "expires_at) VALUES (:id, :merchant, :livemode, :hash, :name, :scopes, :device, :now, :expires)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_hash (statement, ":hash", hash);
  cobro_db_bind_text (statement, ":name", name);
  cobro_db_bind_text (statement, ":scopes", scopes);
  cobro_db_bind_text (statement, ":device", device_id != NULL ? device_id->text : NULL);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  /* A paired desktop stays paired until it is revoked. */
  cobro_db_bind_time (statement, ":expires", device_id != NULL ? 0 : tx->now + VALID_FOR);
  return cobro_db_run (statement, error);
}

gboolean
relay_key_insert (RelayTx *tx, const RelayScope *scope, const char *name, const char *scopes, const CobroId *device_id,
                  RelayKeyText *out_key, GError **error)
{
  RelayKeyText key = make_text (scope->livemode, relay_store_random (tx->store));
  char id[LITERAL_MAX + 1];
  CobroTokenHash hash;

  if (!take_apart (key.text, id, &hash) || !insert_row (tx, scope, id, &hash, name, scopes, device_id, error))
    return FALSE;
  *out_key = key;
  return TRUE;
}

gboolean
relay_key_insert_literal (RelayTx *tx, const CobroId *merchant_id, const char *text, GError **error)
{
  RelayScope scope = { *merchant_id, FALSE };
  char id[LITERAL_MAX + 1];
  CobroTokenHash hash;

  if (strlen (text) > LITERAL_MAX || !take_apart (text, id, &hash))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "such a key has at most %d of a-z and 0-9", LITERAL_MAX);
  return insert_row (tx, &scope, id, &hash, text, "links:rw invoices:rw payments:r refunds:w webhooks:rw", NULL, error);
}

/* One text for everything that can be wrong: nobody learns which ids exist. */
static gboolean
refuse_key (GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the API key is not valid");
}

gboolean
relay_key_find (CobroDb *db, const char *key, CobroTime now, RelayKeyHolder *out_holder, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  char id[LITERAL_MAX + 1];
  CobroTokenHash hash, kept;
  CobroTime expires;
  CobroDbStep step;

  if (!take_apart (key, id, &hash))
    return refuse_key (error);
  if (!(statement = cobro_db_prepare (db,
                                      "SELECT merchant_id, livemode, hash, scopes, device_id, expires_at, revoked_at "
                                      "FROM api_key WHERE id = :id",
                                      error)))
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  if (step == COBRO_DB_DONE)
    return refuse_key (error);
  if (!relay_row_bytes (statement, "hash", kept.bytes, sizeof kept.bytes, error))
    return FALSE;
  expires = cobro_db_column_time (statement, "expires_at");
  if (!cobro_token_hash_equal (&hash, &kept) || !cobro_db_column_is_null (statement, "revoked_at") ||
      (expires != 0 && expires <= now))
    return refuse_key (error);
  out_holder->scope.merchant_id = cobro_db_column_id (statement, "merchant_id");
  out_holder->scope.livemode = cobro_db_column_bool (statement, "livemode");
  out_holder->device_id = cobro_db_column_id (statement, "device_id");
  out_holder->scopes = relay_row_dup_text (statement, "scopes");
  out_holder->key_id = g_strdup (id);
  return TRUE;
}

gboolean
relay_key_revoke (RelayTx *tx, const CobroId *merchant_id, const char *key_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE api_key SET revoked_at = :now WHERE merchant_id = :merchant AND id = :id AND revoked_at IS NULL",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":id", key_id);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 || cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such key");
}
