/* relay/store/relay-keyring-books.c — the keyring and its table: what must be there at the start, successors, and what
 * to do when a key-encryption key is lost.
 * Layer: relay/store. */
#include "config.h"
#include "relay-keyring-private.h"

#include <string.h>

#include "relay-row.h"

#define SHARED_OWNER "relay"
/* Well below 2^31 values (semantics.md): what a crash forgets to count has room. */
#define USES_MAX     (1 << 30)
#define AGE_MAX      (365 * COBRO_DAY)

static const char *const shared_purposes[] = {
  [RELAY_SHARED_PROVIDER_KEY] = "provider-key",
  [RELAY_SHARED_REFERENCE] = "reference",
};

/* One data key, by name. */
typedef struct
{
  char owner[32];
  char purpose[16];
  gint64 number, newest;
} Name;

/* ── Successors ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* Reads (owner, number, purpose, newest) rows into @names. */
static gboolean
read_names (CobroDbStatement *statement, GArray *names, GError **error)
{
  CobroDbStep step;

  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      Name name = { .number = cobro_db_column_int64 (statement, "number"),
                    .newest = cobro_db_column_int64 (statement, "newest") };

      g_strlcpy (name.owner, cobro_db_column_text (statement, "owner"), sizeof name.owner);
      g_strlcpy (name.purpose, cobro_db_column_text (statement, "purpose"), sizeof name.purpose);
      g_array_append_val (names, name);
    }
  return step == COBRO_DB_DONE;
}

static gboolean
succeed (RelayKeyring *self, CobroDb *db, const Name *name, const char *state, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "UPDATE data_key SET state = :state WHERE owner = :owner AND number = :number", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":state", state);
  cobro_db_bind_text (statement, ":owner", name->owner);
  cobro_db_bind_int64 (statement, ":number", name->number);
  if (!cobro_db_run (statement, error))
    return FALSE;
  relay_keyring_forget_owner (self, name->owner);
  return relay_keyring_insert (self, db, name->owner, (guint32)(name->newest + 1), name->purpose, error);
}

static gboolean
note_uses (CobroDb *db, const char *owner, guint32 number, gint64 uses, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "UPDATE data_key SET uses = uses + :uses WHERE owner = :owner AND number = :number", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":uses", uses);
  cobro_db_bind_text (statement, ":owner", owner);
  cobro_db_bind_int64 (statement, ":number", number);
  return cobro_db_run (statement, error);
}

/* Takes the uses counted in memory out of it. */
static GArray *
take_uses (RelayKeyring *self)
{
  GArray *counted = g_array_new (FALSE, FALSE, sizeof (Name));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < RELAY_VAULT_ENTRIES; i++)
    {
      RelayVaultEntry *entry = &self->vault->entries[i];
      Name name = { .number = entry->number, .newest = entry->uses };

      if (entry->uses == 0)
        continue;
      g_strlcpy (name.owner, entry->owner, sizeof name.owner);
      g_array_append_val (counted, name);
      entry->uses = 0;
    }
  g_mutex_unlock (&self->lock);
  return counted;
}

gboolean
relay_keyring_tend (RelayKeyring *self, CobroDb *db, CobroTime now, GError **error)
{
  g_autoptr (GArray) counted = take_uses (self);
  g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (Name));
  g_autoptr (CobroDbStatement) statement = NULL;

  for (guint i = 0; i < counted->len; i++)
    {
      const Name *name = &g_array_index (counted, Name, i);

      if (!note_uses (db, name->owner, (guint32)name->number, name->newest, error))
        return FALSE;
    }
  if (!(statement = cobro_db_prepare (db,
                                      "SELECT owner, number, number AS newest, purpose FROM data_key WHERE purpose = "
                                      "'seal' AND state = 'current' AND (uses >= :uses OR created_at <= :then) ORDER "
                                      "BY owner",
                                      error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":uses", USES_MAX);
  cobro_db_bind_int64 (statement, ":then", now - AGE_MAX);
  if (!read_names (statement, old, error))
    return FALSE;
  for (guint i = 0; i < old->len; i++)
    if (!succeed (self, db, &g_array_index (old, Name, i), "retired", error))
      return FALSE;
  return TRUE;
}

/* ── The start ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) the key-encryption keys that are needed and not there, and whether any data key is there at all. */
static GPtrArray *
list_missing (RelayKeyring *self, CobroDb *db, gboolean *out_any, GError **error)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT DISTINCT kek FROM data_key WHERE state <> 'lost' ORDER BY kek", error);
  CobroDbStep step;

  *out_any = FALSE;
  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      const char *id = cobro_db_column_text (statement, "kek");

      *out_any = TRUE;
      g_mutex_lock (&self->lock);
      if (relay_keyring_find_kek (self, id) == NULL)
        g_ptr_array_add (missing, g_strdup (id));
      g_mutex_unlock (&self->lock);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&missing) : NULL;
}

static gboolean
run_text (CobroDb *db, const char *sql, const char *text, CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":kek", text);
  if (now != 0)
    cobro_db_bind_int64 (statement, ":now", now);
  return cobro_db_run (statement, error);
}

/* What the lost key wrapped is given up; whoever had a key gets a new one, under the key that is there. */
static gboolean
replace_lost (RelayKeyring *self, CobroDb *db, GPtrArray *missing, GError **error)
{
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (Name));
  g_autoptr (CobroDbStatement) statement = NULL;
  char id[RELAY_KEYRING_ID];

  g_strlcpy (id, self->vault->keks[0].id, sizeof id);
  for (guint i = 0; i < missing->len; i++)
    if (!run_text (db, "UPDATE data_key SET state = 'lost' WHERE kek = :kek", missing->pdata[i], 0, error))
      return FALSE;
  if (!run_text (
        db, "UPDATE key_rotation SET state = 'done', finished_at = :now WHERE state = 'running' AND to_kek <> :kek", id,
        cobro_clock_now (self->clock), error) ||
      !run_text (db,
                 "INSERT INTO key_rotation (to_kek, state, started_at, finished_at) VALUES (:kek, 'done', :now, :now)",
                 id, cobro_clock_now (self->clock), error) ||
      !(statement = cobro_db_prepare (db,
                                      "SELECT owner, purpose, max (number) AS number, (SELECT max (number) FROM "
                                      "data_key AS all_keys WHERE all_keys.owner = data_key.owner) AS newest FROM "
                                      "data_key GROUP BY owner, purpose HAVING max (CASE state WHEN 'current' THEN 1 "
                                      "ELSE 0 END) = 0 ORDER BY owner, purpose",
                                      error)) ||
      !read_names (statement, names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      Name *name = &g_array_index (names, Name, i);

      /* Two purposes of one owner take two numbers. */
      for (guint j = 0; j < i; j++)
        if (strcmp (g_array_index (names, Name, j).owner, name->owner) == 0)
          name->newest++;
      relay_keyring_forget_owner (self, name->owner);
      if (!relay_keyring_insert (self, db, name->owner, (guint32)(name->newest + 1), name->purpose, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_shared (RelayKeyring *self, CobroDb *db, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (shared_purposes); i++)
    if (!relay_keyring_insert (self, db, SHARED_OWNER, i + 1, shared_purposes[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_shared (RelayKeyring *self, CobroDb *db, guint which, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT number, kek, wrapped FROM data_key WHERE owner = 'relay' AND purpose = :purpose AND state = 'current'",
    error);
  gconstpointer wrapped;
  CobroDbStep step;
  gboolean ok;
  gsize n;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":purpose", shared_purposes[which]);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  if (step == COBRO_DB_DONE)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT, "the relay's shared key \"%s\" is not in the books",
                            shared_purposes[which]);
  wrapped = cobro_db_column_blob (statement, "wrapped", &n);
  g_mutex_lock (&self->lock);
  ok = relay_keyring_unwrap (self, cobro_db_column_text (statement, "kek"), SHARED_OWNER,
                             (guint32)cobro_db_column_int64 (statement, "number"), wrapped, n,
                             self->vault->shared[which], error);
  g_mutex_unlock (&self->lock);
  return ok;
}

/* Sees what is missing and makes what is not there, in one transaction. */
static gboolean
complete (RelayKeyring *self, CobroDb *db, gboolean read_only, gboolean may_replace, GError **error)
{
  gboolean any;
  g_autoptr (GPtrArray) missing = list_missing (self, db, &any, error);

  if (missing == NULL)
    return FALSE;
  if (missing->len > 0 && !may_replace)
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "the key file \"%s\" is not the one that seals these books (they need the key %s): put it "
                            "back from your copy. When it is lost for good: cobro-relay key replace-lost",
                            self->file, (const char *)missing->pdata[0]);
  if (read_only)
    return TRUE;
  if (missing->len > 0 && !replace_lost (self, db, missing, error))
    return FALSE;
  return any || make_shared (self, db, error);
}

gboolean
relay_keyring_open (RelayKeyring *self, CobroDb *db, gboolean read_only, gboolean may_replace, GError **error)
{
  if (!read_only && !cobro_db_begin (db, error))
    return FALSE;
  if (!complete (self, db, read_only, may_replace, error))
    {
      if (!read_only)
        cobro_db_rollback (db);
      return FALSE;
    }
  if (!read_only && !cobro_db_commit (db, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (shared_purposes); i++)
    if (!read_shared (self, db, i, error))
      return FALSE;
  return TRUE;
}
