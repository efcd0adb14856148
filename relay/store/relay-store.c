/* relay/store/relay-store.c — opening and closing the books: the folder or the database, the key, what a killed
 * predecessor left, the writer. Layer: relay/store. Any thread. */
#include "relay-store-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-db-migration.h"
#include "relay-alarm.h"
#include "relay-audit.h"
#include "relay-key-rotation.h"
#include "relay-life.h"
#include "relay-row.h"
#include "relay-store-resource.h"

#define SCHEMA_FOLDER     "/app/cobro/relay/schema"
#define SCHEMA_POSTGRES   "/app/cobro/relay/schema-postgres"
#define UNCLEAN_NEWEST    10000
/* quick_check reads every page; a larger file is checked behind the scenes so that the start stays short. */
#define QUICK_CHECK_BYTES (96 * 1024 * 1024)

/* ── Opening ────────────────────────────────────────────────────────────────────────────────────────────────── */

GPtrArray *
relay_store_migrations (gboolean postgres, GError **error)
{
  return cobro_db_migrations_from_resource (relay_store_get_resource (), postgres ? SCHEMA_POSTGRES : SCHEMA_FOLDER,
                                            error);
}

static gboolean
migrate (RelayStore *self, CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) migrations = relay_store_migrations (self->is_shared, error);
  gint64 version = cobro_db_schema_version (db, error);
  g_autofree char *backup =
    g_strdup_printf ("%s.before-%" G_GINT64_FORMAT, self->path, cobro_clock_now (self->clock) / COBRO_SECOND);

  return migrations != NULL && version >= 0 &&
         cobro_db_migrate (db, migrations, self->is_shared ? NULL : backup, cobro_clock_now (self->clock), error);
}

/* The books were not closed properly: is the file whole, do the newest entries hold the invariants? */
static gboolean
check_after_crash (RelayStore *self, CobroDb *db, GError **error)
{
  g_autoptr (RelayAuditReport) report = NULL;
  const RelayViolation *first;
  GStatBuf info;

  if (!self->is_shared && g_stat (self->path, &info) == 0 && info.st_size <= QUICK_CHECK_BYTES &&
      !cobro_db_check (db, TRUE, error))
    return FALSE;
  if (!(report = relay_audit_run (db, UNCLEAN_NEWEST, cobro_clock_now (self->clock), error)))
    return FALSE;
  if (report->count == 0)
    return TRUE;
  first = g_ptr_array_index (report->violations, 0);
  return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                          "the books do not hold their invariants (%" G_GINT64_FORMAT
                          " violations; first: %s, %s: expected %s, found %s); nothing was changed",
                          report->count, first->invariant, first->object, first->expected, first->found);
}

/* Our place among those who have the books open. */
static gboolean
begin_life (RelayStore *self, CobroDb *db, GError **error)
{
  CobroTime now = cobro_clock_now (self->clock);

  if (!self->is_shared)
    return relay_life_begin (db, now, &self->life, error);
  self->line = relay_line_new (self->path, RELAY_STORE_APPLICATION_ID, now, relay_store_on_heard, self, error);
  return self->line != NULL;
}

static gboolean
prepare_books (RelayStore *self, CobroDb *db, const RelayStoreConfig *config, GError **error)
{
  gint64 version = cobro_db_schema_version (db, error);

  return version >= 0 && relay_keyring_load (self->keyring, version == 0 || config->new_key, error) &&
         migrate (self, db, error) && relay_keyring_open (self->keyring, db, FALSE, config->new_key, error) &&
         relay_life_was_killed (db, &self->unclean, error) && (!self->unclean || check_after_crash (self, db, error)) &&
         begin_life (self, db, error);
}

static gboolean
refuse_newer (RelayStore *self, CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) migrations = relay_store_migrations (self->is_shared, error);
  gint64 version = cobro_db_schema_version (db, error);

  if (migrations == NULL || version < 0)
    return FALSE;
  if (version == (gint64)migrations->len)
    return TRUE;
  return cobro_error_set (error, version > (gint64)migrations->len ? COBRO_ERROR_NEWER_SCHEMA : COBRO_ERROR_CONFIG,
                          "the books have schema %" G_GINT64_FORMAT ", this program reads schema %u", version,
                          migrations->len);
}

/* After an unclean end of large books: the whole file, while the relay serves already. */
static gpointer
check_thread (gpointer data)
{
  RelayStore *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDb) db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, RELAY_STORE_APPLICATION_ID, &error);

  if (db == NULL || !cobro_db_check (db, TRUE, &error))
    relay_store_on_failed (error, self);
  return NULL;
}

/* Books that went to PostgreSQL do not begin anew here. */
static gboolean
refuse_moved (RelayStore *self, GError **error)
{
  g_autofree char *moved = g_strconcat (self->path, RELAY_STORE_MOVED, NULL);

  if (g_file_test (self->path, G_FILE_TEST_EXISTS) || !g_file_test (moved, G_FILE_TEST_EXISTS))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_CONFIG,
                          "these books were moved to PostgreSQL: say where (--database postgresql://…); \"%s\" is what "
                          "they were before",
                          moved);
}

static CobroDb *
open_database (RelayStore *self, GError **error)
{
  CobroDb *db;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      cobro_error_set (error, COBRO_ERROR_IO, "cannot make the data folder \"%s\": %s", self->folder,
                       g_strerror (errno));
      return NULL;
    }
  if (!self->is_shared && !refuse_moved (self, error))
    return NULL;
  db = cobro_db_open (self->path, COBRO_DB_CREATE, RELAY_STORE_APPLICATION_ID, error);
  if (db == NULL)
    g_prefix_error (error, self->is_shared ? "the database: " : "relay.sqlite: ");
  return db;
}

static gboolean
open_for_writing (RelayStore *self, const RelayStoreConfig *config, GError **error)
{
  CobroDb *db = open_database (self, error);
  GStatBuf info;

  if (db == NULL)
    return FALSE;
  if (!prepare_books (self, db, config, error))
    {
      cobro_db_close (db);
      return FALSE;
    }
  self->writer = cobro_db_writer_new (db);
  cobro_db_writer_set_committed_func (self->writer, relay_store_on_committed, self);
  cobro_db_writer_set_fatal_func (self->writer, relay_store_on_failed, self);
  cobro_db_writer_set_timing_func (self->writer, relay_store_on_timed, self);
  if (self->unclean && !self->is_shared && g_stat (self->path, &info) == 0 && info.st_size > QUICK_CHECK_BYTES)
    self->check = g_thread_new ("books-check", check_thread, self);
  return TRUE;
}

/* Beside a running relay: no lock, nothing is written; without the key secrets stay shut. */
static gboolean
open_for_reading (RelayStore *self, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, RELAY_STORE_APPLICATION_ID, error);
  g_autoptr (GError) shut = NULL;

  if (db == NULL || !refuse_newer (self, db, error))
    return FALSE;
  if (!relay_keyring_load (self->keyring, FALSE, &shut) || !relay_keyring_open (self->keyring, db, TRUE, FALSE, &shut))
    g_debug ("%s", shut->message);
  return TRUE;
}

RelayStore *
relay_store_open (const RelayStoreConfig *config, GError **error)
{
  g_autoptr (RelayStore) self = g_new0 (RelayStore, 1);
  g_autoptr (GError) late = NULL;
  g_autofree char *key_file =
    config->key_file != NULL ? g_strdup (config->key_file) : g_build_filename (config->folder, "relay.key", NULL);

  self->keyring = relay_keyring_new (key_file, config->clock, config->random);
  self->folder = g_strdup (config->folder);
  self->is_shared = config->database != NULL;
  self->path = self->is_shared ? g_strdup (config->database) : g_build_filename (config->folder, "relay.sqlite", NULL);
  self->clock = cobro_clock_ref (config->clock);
  self->random = cobro_random_ref (config->random);
  self->touched = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_db_close);
  g_mutex_init (&self->lock);
  g_mutex_init (&self->touched_lock);
  g_mutex_init (&self->wake_lock);
  if (config->read_only ? !open_for_reading (self, error) : !open_for_writing (self, config, error))
    return NULL;
  /* Both keys are there, everything opens: what could not be finished now is for the operator. */
  if (!config->read_only && !relay_key_rotation_resume (self, &late))
    relay_alarm ("key_rotation", "a rotation of the key was cut off and does not go on: %s", late->message);
  return g_steal_pointer (&self);
}

static gboolean
close_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_life_end (tx->db, tx->store->life, tx->now, error);
}

void
relay_store_close (RelayStore *self)
{
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;
  if (self->check != NULL)
    g_thread_join (self->check);
  if (self->lent > 0)
    g_critical ("%u readers outlive the store", self->lent);
  g_ptr_array_unref (self->idle);
  if (self->writer != NULL && !self->is_shared && !relay_store_write (self, close_work, NULL, &error))
    g_debug ("the books were not marked as closed: %s", error->message);
  cobro_db_writer_free (self->writer);
  relay_line_free (self->line, cobro_clock_now (self->clock));
  relay_keyring_free (self->keyring);
  g_hash_table_unref (self->touched);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->touched_lock);
  g_mutex_clear (&self->wake_lock);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

/* ── Care ───────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_store_is_shared (RelayStore *self)
{
  return self->is_shared;
}

gboolean
relay_store_was_unclean (RelayStore *self)
{
  return self->unclean;
}

gboolean
relay_store_check_copy (const char *path, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (path, COBRO_DB_READ_ONLY, RELAY_STORE_APPLICATION_ID, error);

  return db != NULL && cobro_db_check (db, FALSE, error);
}

gboolean
relay_store_backup (RelayStore *self, const char *path, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, RELAY_STORE_APPLICATION_ID, error);

  return db != NULL && cobro_db_backup (db, path, error);
}

gboolean
relay_store_ping (RelayStore *self, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self, error);
  g_autoptr (CobroDbStatement) statement = NULL;
  gint64 n;

  return reader != NULL && (statement = cobro_db_prepare (reader->db, "SELECT count(*) AS n FROM life", error)) &&
         relay_row_count (statement, &n, error);
}

CobroDbWriterStats
relay_store_stats (RelayStore *self)
{
  return self->writer != NULL ? cobro_db_writer_stats (self->writer) : (CobroDbWriterStats){ 0 };
}

CobroClock *
relay_store_clock (RelayStore *self)
{
  return self->clock;
}

CobroRandom *
relay_store_random (RelayStore *self)
{
  return self->random;
}
