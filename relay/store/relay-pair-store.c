/* relay/store/relay-pair-store.c — pairing codes: one use, ten minutes, five tries.
 * Layer: relay/store. Declared in relay-merchant-store.h. */
#include "relay-merchant-store.h"

#include <string.h>

#include "cobro-text.h"
#include "relay-row.h"

#define CODE_LENGTH   16 /* 5 bits each */
#define FINDER_LENGTH 4  /* finds the row; the other 60 bits are guarded by the tries */
#define TRIES_MAX     5
#define VALID_FOR     (10 * COBRO_MINUTE)

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ── Text ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroTokenHash
hash_code (const char code[CODE_LENGTH + 1])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  CobroTokenHash hash;
  gsize length = sizeof hash.bytes;

  g_checksum_update (checksum, (const guchar *)code, CODE_LENGTH);
  g_checksum_get_digest (checksum, hash.bytes, &length);
  return hash;
}

/* What people type for what they read. */
static char
fold (char c)
{
  c = g_ascii_toupper (c);
  if (c == 'O')
    return '0';
  return c == 'I' || c == 'L' ? '1' : c;
}

/* Dashes and blanks fall away. FALSE when it cannot be a code. */
static gboolean
normalise (const char *typed, char code[CODE_LENGTH + 1])
{
  gsize n = 0;

  for (const char *p = typed; *p != '\0'; p++)
    {
      char c = fold (*p);

      if (c == '-' || c == ' ')
        continue;
      if (n == CODE_LENGTH || strchr (crockford, c) == NULL)
        return FALSE;
      code[n++] = c;
    }
  code[n] = '\0';
  return n == CODE_LENGTH;
}

/* ── Making ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Older codes of the same merchant and mode, and what has been over for a day. */
static gboolean
drop_old (RelayTx *tx, const RelayScope *scope, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "DELETE FROM pair_code WHERE expires_at < :day OR (merchant_id = :merchant AND "
                      "livemode = :livemode AND spent_at IS NULL)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":day", tx->now - COBRO_DAY);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  return cobro_db_run (statement, error);
}

static gboolean
insert_code (RelayTx *tx, const RelayScope *scope, const char code[CODE_LENGTH + 1], gboolean *out_taken,
             GError **error)
{
  CobroTokenHash hash = hash_code (code);
  g_autofree char *finder = g_strndup (code, FINDER_LENGTH);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO pair_code (finder, merchant_id, livemode, hash, created_at, expires_at) VALUES "
                      "(:finder, :merchant, :livemode, :hash, :now, :expires) ON CONFLICT (finder) DO NOTHING",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":finder", finder);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_hash (statement, ":hash", &hash);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":expires", tx->now + VALID_FOR);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_taken = cobro_db_changes (tx->db) == 0;
  return TRUE;
}

gboolean
relay_pair_code_insert (RelayTx *tx, const RelayScope *scope, RelayPairCode *out_code, GError **error)
{
  char code[CODE_LENGTH + 1] = "";
  gboolean taken = TRUE;

  if (!drop_old (tx, scope, error))
    return FALSE;
  for (int i = 0; i < 8 && taken; i++)
    {
      for (int c = 0; c < CODE_LENGTH; c++)
        code[c] = crockford[cobro_random_below (relay_store_random (tx->store), 32)];
      if (!insert_code (tx, scope, code, &taken, error))
        return FALSE;
    }
  if (taken)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "too many pairing codes are waiting");
  g_snprintf (out_code->text, sizeof out_code->text, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
  out_code->expires_at = tx->now + VALID_FOR;
  return TRUE;
}

/* ── Spending ───────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  char code[CODE_LENGTH + 1];
  const char *device_name;
  GError *refusal; /* counted and committed, then told */
  RelayScope scope;
  CobroId device_id;
  RelayKeyText key;
} Pairing;

static gboolean
count_try (RelayTx *tx, const char *finder, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE pair_code SET tries = tries + 1 WHERE finder = :finder", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":finder", finder);
  return cobro_db_run (statement, error);
}

static gboolean
spend (RelayTx *tx, const char *finder, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE pair_code SET spent_at = :now WHERE finder = :finder", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":finder", finder);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

static gboolean
insert_device (RelayTx *tx, Pairing *pairing, GError **error)
{
  RelayKeyOrder order = { .name = pairing->device_name,
                          .scopes = RELAY_KEY_ALL_SCOPES,
                          .device_id = &pairing->device_id,
                          .created_by = "pairing" };
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO device (merchant_id, id, livemode, name, paired_at) VALUES (:merchant, :id, "
                      ":livemode, :name, :now)",
                      error);

  if (statement == NULL)
    return FALSE;
  pairing->device_id = cobro_id_new (COBRO_ID_DEVICE, relay_store_clock (tx->store), relay_store_random (tx->store));
  cobro_db_bind_id (statement, ":merchant", &pairing->scope.merchant_id);
  cobro_db_bind_id (statement, ":id", &pairing->device_id);
  cobro_db_bind_bool (statement, ":livemode", pairing->scope.livemode);
  cobro_db_bind_text (statement, ":name", pairing->device_name);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error) && relay_key_insert (tx, &pairing->scope, &order, &pairing->key, error);
}

/* What the found row says about the code; @out_right: everything fits. */
static gboolean
judge (RelayTx *tx, CobroDbStatement *found, Pairing *pairing, gboolean *out_right, GError **error)
{
  CobroTokenHash hash = hash_code (pairing->code), kept;

  *out_right = FALSE;
  if (!relay_row_bytes (found, "hash", kept.bytes, sizeof kept.bytes, error))
    return FALSE;
  if (cobro_db_column_int64 (found, "tries") >= TRIES_MAX)
    cobro_error_set (&pairing->refusal, COBRO_ERROR_GONE, "this pairing code was tried too often: make a new one");
  else if (!cobro_token_hash_equal (&hash, &kept))
    cobro_error_set (&pairing->refusal, COBRO_ERROR_UNAUTHORIZED, "the pairing code is not right");
  else if (!cobro_db_column_is_null (found, "spent_at"))
    cobro_error_set (&pairing->refusal, COBRO_ERROR_GONE, "this pairing code was used already: make a new one");
  else if (cobro_db_column_time (found, "expires_at") <= tx->now)
    cobro_error_set (&pairing->refusal, COBRO_ERROR_GONE, "this pairing code has expired: make a new one");
  else
    *out_right = TRUE;
  pairing->scope.merchant_id = cobro_db_column_id (found, "merchant_id");
  pairing->scope.livemode = cobro_db_column_bool (found, "livemode");
  return TRUE;
}

static gboolean
pair_work (RelayTx *tx, gpointer data, GError **error)
{
  Pairing *pairing = data;
  g_autofree char *finder = g_strndup (pairing->code, FINDER_LENGTH);
  g_autoptr (CobroDbStatement) found = cobro_db_prepare (
    tx->db, "SELECT merchant_id, livemode, hash, tries, expires_at, spent_at FROM pair_code WHERE finder = :finder",
    error);
  gboolean right;
  CobroDbStep step;

  g_clear_error (&pairing->refusal);
  if (found == NULL)
    return FALSE;
  cobro_db_bind_text (found, ":finder", finder);
  if ((step = cobro_db_step (found, error)) == COBRO_DB_FAILED)
    return FALSE;
  if (step == COBRO_DB_DONE)
    return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the pairing code is not right");
  if (!judge (tx, found, pairing, &right, error))
    return FALSE;
  if (!right)
    return count_try (tx, finder, error);
  return spend (tx, finder, error) && insert_device (tx, pairing, error);
}

/* Whose code it may be: that is looked at once more when it is spent. */
static gboolean
find_owner (RelayStore *store, const Pairing *pairing, CobroId *out_merchant_id, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autofree char *finder = g_strndup (pairing->code, FINDER_LENGTH);
  g_autoptr (CobroDbStatement) found = NULL;
  CobroDbStep step;

  if (reader == NULL ||
      !(found = cobro_db_prepare (reader->db, "SELECT merchant_id FROM pair_code WHERE finder = :finder", error)))
    return FALSE;
  cobro_db_bind_text (found, ":finder", finder);
  if ((step = cobro_db_step (found, error)) == COBRO_DB_ROW)
    *out_merchant_id = cobro_db_column_id (found, "merchant_id");
  if (step == COBRO_DB_DONE)
    cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the pairing code is not right");
  return step == COBRO_DB_ROW;
}

gboolean
relay_pair (RelayStore *store, const char *code, const char *device_name, RelayScope *out_scope, CobroId *out_device_id,
            RelayKeyText *out_key, GError **error)
{
  Pairing pairing = { .device_name = device_name };
  CobroId owner;

  if (!cobro_text_check (device_name, 100, COBRO_TEXT_NEEDED, "deviceName", error))
    return FALSE;
  if (!normalise (code, pairing.code))
    return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the pairing code is not right");
  if (!find_owner (store, &pairing, &owner, error))
    return FALSE;
  if (!relay_store_write_for (store, &owner, pair_work, &pairing, error))
    {
      g_clear_error (&pairing.refusal);
      return FALSE;
    }
  if (pairing.refusal != NULL)
    {
      g_propagate_error (error, pairing.refusal);
      return FALSE;
    }
  *out_scope = pairing.scope;
  *out_device_id = pairing.device_id;
  *out_key = pairing.key;
  return TRUE;
}
