/* relay/store/relay-keyring.c — key-encryption keys from files, data keys from the books.
 * Layer: relay/store. Any thread; one lock, held for a look into memory, and for unwrapping. */
#include "config.h"
#include "relay-keyring-private.h"

#include <string.h>

#include "cobro-wire-sign.h"
#include "relay-key-file.h"
#include "relay-row.h"

/* Another relay may have given a key its successor. */
#define CURRENT_FOR (10 * COBRO_MINUTE)

static guint
entry_hash (gconstpointer data)
{
  const RelayVaultEntry *entry = data;

  return g_str_hash (entry->owner) ^ entry->number;
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b)
{
  const RelayVaultEntry *one = a, *other = b;

  return one->number == other->number && strcmp (one->owner, other->owner) == 0;
}

RelayKeyring *
relay_keyring_new (const char *key_file, CobroClock *clock, CobroRandom *random)
{
  RelayKeyring *self = g_new0 (RelayKeyring, 1);

  self->file = g_strdup (key_file);
  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_ref (random);
  self->vault = relay_vault_new ();
  self->by_number = g_hash_table_new (entry_hash, entry_equal);
  self->current = g_hash_table_new (g_str_hash, g_str_equal);
  g_mutex_init (&self->lock);
  return self;
}

void
relay_keyring_free (RelayKeyring *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_number);
  g_hash_table_unref (self->current);
  relay_vault_free (self->vault);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_mutex_clear (&self->lock);
  g_free (self->file);
  g_free (self);
}

/* ── Key-encryption keys ────────────────────────────────────────────────────────────────────────────────────── */

/* The id tells keys apart and says nothing about them. */
static void
kek_id (const guint8 key[32], char out_id[RELAY_KEYRING_ID])
{
  guint8 mac[32];

  cobro_wire_hmac_sha256 (key, 32, "cobro key id", strlen ("cobro key id"), mac);
  for (gsize i = 0; i < (RELAY_KEYRING_ID - 1) / 2; i++)
    g_snprintf (out_id + 2 * i, 3, "%02x", mac[i]);
}

const RelayKek *
relay_keyring_find_kek (RelayKeyring *self, const char *id)
{
  for (guint i = 0; i < self->vault->n_keks; i++)
    if (strcmp (self->vault->keks[i].id, id) == 0)
      return &self->vault->keks[i];
  return NULL;
}

/* Called with the lock. */
static gboolean
add_file (RelayKeyring *self, const char *path, GError **error)
{
  RelayKek kek;
  gboolean ok = relay_key_file_read (path, kek.key, error);

  if (ok)
    {
      kek_id (kek.key, kek.id);
      if (relay_keyring_find_kek (self, kek.id) == NULL && self->vault->n_keks < RELAY_VAULT_KEKS)
        self->vault->keks[self->vault->n_keks++] = kek;
    }
  explicit_bzero (&kek, sizeof kek);
  return ok;
}

/* What can be read of <file>.next, and then of <file>.old-…, which are many perhaps. Called with the lock. */
static void
add_neighbours (RelayKeyring *self)
{
  g_autofree char *folder = g_path_get_dirname (self->file);
  g_autofree char *base = g_path_get_basename (self->file);
  g_autofree char *old = g_strconcat (base, ".old-", NULL);
  g_autofree char *next = g_strconcat (self->file, ".next", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (!add_file (self, next, NULL))
    g_debug ("no key is on its way");
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_prefix (name, old) && !add_file (self, path, NULL))
        g_debug ("%s cannot be read", name);
    }
}

gboolean
relay_keyring_load (RelayKeyring *self, gboolean may_create, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GError) failure = NULL;

  explicit_bzero (self->vault->keks, sizeof self->vault->keks);
  self->vault->n_keks = 0;
  if (!add_file (self, self->file, &failure))
    {
      if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
        return g_propagate_error (error, g_steal_pointer (&failure)), FALSE;
      if (!may_create)
        return cobro_error_set (error, COBRO_ERROR_CONFIG,
                                "the key file \"%s\" is missing: put it back from your copy; without it provider "
                                "secrets stay shut. When it is lost for good: cobro-relay key replace-lost",
                                self->file);
      if (!relay_key_file_write (self->file, self->random, error) || !add_file (self, self->file, error))
        return FALSE;
    }
  add_neighbours (self);
  return TRUE;
}

const char *
relay_keyring_get_file (RelayKeyring *self)
{
  return self->file;
}

static void
read_id (const char *path, char out_id[RELAY_KEYRING_ID])
{
  guint8 key[32];

  out_id[0] = '\0';
  if (relay_key_file_read (path, key, NULL))
    kek_id (key, out_id);
  explicit_bzero (key, sizeof key);
}

void
relay_keyring_get_ids (RelayKeyring *self, char own[RELAY_KEYRING_ID], char next[RELAY_KEYRING_ID])
{
  g_autofree char *path = g_strconcat (self->file, ".next", NULL);

  read_id (self->file, own);
  read_id (path, next);
}

/* ── Wrapping ───────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
wrap_context (const char *kek, const char *owner, guint32 number)
{
  return g_strdup_printf ("%s|%s|%u|v1", kek, owner, number);
}

/* Called with the lock. */
static GBytes *
wrap (RelayKeyring *self, const char *id, const char *owner, guint32 number, const guint8 key[32], GError **error)
{
  const RelayKek *kek = relay_keyring_find_kek (self, id);
  g_autofree char *context = wrap_context (id, owner, number);

  if (kek == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_CONFIG, "the key-encryption key %s is not there (%s)", id, self->file);
      return NULL;
    }
  return cobro_wire_seal (kek->key, 0, context, key, 32);
}

gboolean
relay_keyring_unwrap (RelayKeyring *self, const char *id, const char *owner, guint32 number, gconstpointer wrapped,
                      gsize n, guint8 out_key[32], GError **error)
{
  const RelayKek *kek = relay_keyring_find_kek (self, id);
  g_autofree char *context = wrap_context (id, owner, number);
  GBytes *plain;
  gboolean ok;

  if (kek == NULL)
    {
      add_neighbours (self); /* a rotation may have brought it */
      kek = relay_keyring_find_kek (self, id);
    }
  if (kek == NULL)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "the key-encryption key %s is not there (%s)", id,
                            self->file);
  if (!(plain = cobro_wire_open (kek->key, 0, context, wrapped, n, error)))
    return FALSE;
  ok = g_bytes_get_size (plain) == 32 || cobro_error_set (error, COBRO_ERROR_SIGNATURE, "not a data key");
  if (ok)
    memcpy (out_key, g_bytes_get_data (plain, NULL), 32);
  cobro_wire_wipe (plain);
  return ok;
}

GBytes *
relay_keyring_wrap_anew (RelayKeyring *self, const char *from, const char *to, const char *owner, guint32 number,
                         gconstpointer wrapped, gsize n, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint8 key[32];
  GBytes *anew = NULL;

  if (relay_keyring_unwrap (self, from, owner, number, wrapped, n, key, error))
    anew = wrap (self, to, owner, number, key, error);
  explicit_bzero (key, sizeof key);
  return anew;
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Which key-encryption key wraps what is new: the newest rotation's, or the file's own. */
static gboolean
read_wrapper (RelayKeyring *self, CobroDb *db, char out_id[RELAY_KEYRING_ID], GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT to_kek FROM key_rotation ORDER BY row DESC LIMIT 1", error);
  CobroDbStep step = statement != NULL ? cobro_db_step (statement, error) : COBRO_DB_FAILED;

  if (step == COBRO_DB_FAILED)
    return FALSE;
  if (step == COBRO_DB_ROW)
    g_strlcpy (out_id, cobro_db_column_text (statement, "to_kek"), RELAY_KEYRING_ID);
  else
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

      g_strlcpy (out_id, self->vault->keks[0].id, RELAY_KEYRING_ID);
    }
  return TRUE;
}

/* Forgets what is in memory of this owner. Called with the lock. */
static void
forget (RelayKeyring *self, RelayVaultEntry *entry)
{
  g_hash_table_remove (self->by_number, entry);
  if (g_hash_table_lookup (self->current, entry->owner) == entry)
    g_hash_table_remove (self->current, entry->owner);
  explicit_bzero (entry, sizeof *entry);
}

void
relay_keyring_forget_owner (RelayKeyring *self, const char *owner)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < RELAY_VAULT_ENTRIES; i++)
    if (self->vault->entries[i].number != 0 && strcmp (self->vault->entries[i].owner, owner) == 0)
      forget (self, &self->vault->entries[i]);
}

gboolean
relay_keyring_insert (RelayKeyring *self, CobroDb *db, const char *owner, guint32 number, const char *purpose,
                      GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "INSERT INTO data_key (owner, number, purpose, kek, wrapped, state, created_at) VALUES (:owner, "
                      ":number, :purpose, :kek, :wrapped, 'current', :now)",
                      error);
  g_autoptr (GBytes) wrapped = NULL;
  char kek[RELAY_KEYRING_ID];
  guint8 key[32];

  if (statement == NULL || !read_wrapper (self, db, kek, error))
    return FALSE;
  cobro_random_fill (self->random, key, sizeof key);
  g_mutex_lock (&self->lock);
  wrapped = wrap (self, kek, owner, number, key, error);
  g_mutex_unlock (&self->lock);
  explicit_bzero (key, sizeof key);
  if (wrapped == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":owner", owner);
  cobro_db_bind_int64 (statement, ":number", number);
  cobro_db_bind_text (statement, ":purpose", purpose);
  cobro_db_bind_text (statement, ":kek", kek);
  cobro_db_bind_blob (statement, ":wrapped", g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped));
  cobro_db_bind_int64 (statement, ":now", cobro_clock_now (self->clock));
  return cobro_db_run (statement, error);
}

gboolean
relay_keyring_add_owner (RelayKeyring *self, CobroDb *db, const char *owner, GError **error)
{
  /* The work may be run again, after a key that never came to be. */
  relay_keyring_forget_owner (self, owner);
  return relay_keyring_insert (self, db, owner, 1, "seal", error);
}

/* ── Lending ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A free place, or that of the key that was not needed for longest. Called with the lock. */
static RelayVaultEntry *
make_room (RelayKeyring *self)
{
  RelayVaultEntry *oldest = &self->vault->entries[0];

  for (guint i = 0; i < RELAY_VAULT_ENTRIES; i++)
    {
      RelayVaultEntry *entry = &self->vault->entries[i];

      if (entry->number == 0)
        return entry;
      /* What was not written down yet stays until it is. */
      if (oldest->uses > 0 || (entry->uses == 0 && entry->used < oldest->used))
        oldest = entry;
    }
  forget (self, oldest);
  return oldest;
}

/* Called with the lock. */
static RelayVaultEntry *
look (RelayKeyring *self, const char *owner, guint32 number)
{
  RelayVaultEntry wanted = { .number = number };
  RelayVaultEntry *entry;

  if (number != 0)
    {
      g_strlcpy (wanted.owner, owner, sizeof wanted.owner);
      return g_hash_table_lookup (self->by_number, &wanted);
    }
  entry = g_hash_table_lookup (self->current, owner);
  return entry != NULL && cobro_clock_monotonic (self->clock) - entry->loaded < CURRENT_FOR ? entry : NULL;
}

/* Called with the lock. */
static gboolean
keep (RelayKeyring *self, CobroDbStatement *row, const char *owner, GError **error)
{
  guint32 number = (guint32)cobro_db_column_int64 (row, "number");
  RelayVaultEntry *entry = look (self, owner, number);
  gsize n;
  gconstpointer wrapped = cobro_db_column_blob (row, "wrapped", &n);
  guint8 key[32];

  if (!relay_keyring_unwrap (self, cobro_db_column_text (row, "kek"), owner, number, wrapped, n, key, error))
    return FALSE;
  if (entry == NULL)
    {
      entry = make_room (self);
      g_strlcpy (entry->owner, owner, sizeof entry->owner);
      entry->number = number;
      g_hash_table_add (self->by_number, entry);
    }
  memcpy (entry->key, key, sizeof key);
  explicit_bzero (key, sizeof key);
  entry->loaded = cobro_clock_monotonic (self->clock);
  if (g_strcmp0 (cobro_db_column_text (row, "state"), "current") == 0)
    g_hash_table_replace (self->current, entry->owner, entry);
  return TRUE;
}

static gboolean
fetch (RelayKeyring *self, CobroDb *db, const char *owner, guint32 number, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT number, kek, wrapped, state FROM data_key WHERE owner = :owner AND purpose = 'seal' AND "
                      "((:number = 0 AND state = 'current') OR (:number > 0 AND number = :number AND state <> 'lost'))",
                      error);
  CobroDbStep step;
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":owner", owner);
  cobro_db_bind_int64 (statement, ":number", number);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  if (step == COBRO_DB_DONE)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "the key of this value is lost");
  g_mutex_lock (&self->lock);
  ok = keep (self, statement, owner, error);
  g_mutex_unlock (&self->lock);
  return ok;
}

/* Called with the lock. */
static gboolean
copy_out (RelayKeyring *self, const char *owner, guint32 number, RelayDataKey *out_key)
{
  RelayVaultEntry *entry = look (self, owner, number);

  if (entry == NULL)
    return FALSE;
  entry->used = ++self->lends;
  entry->uses += number == 0 ? 1 : 0;
  out_key->number = entry->number;
  memcpy (out_key->key, entry->key, sizeof entry->key);
  return TRUE;
}

gboolean
relay_keyring_lend (RelayKeyring *self, CobroDb *db, const char *owner, guint32 number, RelayDataKey *out_key,
                    GError **error)
{
  gboolean found;

  g_mutex_lock (&self->lock);
  found = copy_out (self, owner, number, out_key);
  g_mutex_unlock (&self->lock);
  if (found)
    return TRUE;
  if (!fetch (self, db, owner, number, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  found = copy_out (self, owner, number, out_key);
  g_mutex_unlock (&self->lock);
  return found || cobro_error_set (error, COBRO_ERROR_BUSY, "too many keys at once");
}

void
relay_keyring_mac (RelayKeyring *self, RelayShared which, const char *text, guint8 out[32])
{
  /* Written once, before anybody else knows the keyring. */
  cobro_wire_hmac_sha256 (self->vault->shared[which], 32, text, strlen (text), out);
}
