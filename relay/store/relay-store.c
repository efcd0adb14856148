/* relay/store/relay-store.c — the folder, the key, the writer and the readers.
 * Layer: relay/store. Any thread; the writer's thread runs the work and the wake function. */
#include "config.h"
#include "relay-store.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-db-migration.h"
#include "cobro-wire-sign.h"
#include "relay-audit.h"
#include "relay-keyring.h"
#include "relay-row.h"
#include "relay-store-resource.h"
#include "relay-trace.h"

#define APPLICATION_ID    0x436F5265 /* "CoRe": Cobro relay */
#define SCHEMA_FOLDER     "/app/cobro/relay/schema"
#define IDLE_READERS      16
#define UNCLEAN_NEWEST    10000
/* quick_check reads every page; a larger file is checked behind the scenes so that the start stays short. */
#define QUICK_CHECK_BYTES (96 * 1024 * 1024)

struct _RelayStore
{
  char *folder, *path;
  CobroClock *clock;
  CobroRandom *random;
  CobroDbWriter *writer; /* NULL: read-only */
  RelayKeyring *keyring;
  gboolean unclean;
  GThread *check; /* whole check after an unclean end */

  GHashTable *touched; /* (element-type utf8) topics of this batch; writer thread only */

  GMutex lock;     /* guards what follows */
  GPtrArray *idle; /* (element-type CobroDb) readers that nobody has */
  guint lent;

  GMutex wake_lock; /* guards what follows, also while it is called */
  void (*wake) (gpointer data, const char *topic);
  gpointer wake_data;
  void (*fatal) (const GError *error, gpointer data);
  gpointer fatal_data;
};

/* ── Opening ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
migrate (RelayStore *self, CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) migrations =
    cobro_db_migrations_from_resource (relay_store_get_resource (), SCHEMA_FOLDER, error);
  gint64 version = cobro_db_schema_version (db, error);
  g_autofree char *backup =
    g_strdup_printf ("%s.before-%" G_GINT64_FORMAT, self->path, cobro_clock_now (self->clock) / COBRO_SECOND);

  return migrations != NULL && version >= 0 &&
         cobro_db_migrate (db, migrations, backup, cobro_clock_now (self->clock), error);
}

/* @out_clean: TRUE for new books, too. */
static gboolean
read_life (CobroDb *db, gboolean *out_clean, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, "SELECT clean FROM life", error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement != NULL)
    step = cobro_db_step (statement, error);
  *out_clean = step == COBRO_DB_DONE || (step == COBRO_DB_ROW && cobro_db_column_bool (statement, "clean"));
  return step != COBRO_DB_FAILED;
}

static gboolean
write_life (CobroDb *db, gboolean clean, CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "INSERT INTO life (one, clean, opened_at) VALUES (1, :clean, :now) "
                      "ON CONFLICT (one) DO UPDATE SET clean = :clean, opened_at = :now",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_bool (statement, ":clean", clean);
  cobro_db_bind_int64 (statement, ":now", now);
  return cobro_db_run (statement, error);
}

/* The books were not closed properly: is the file whole, do the newest entries hold the invariants? */
static gboolean
check_after_crash (RelayStore *self, CobroDb *db, GError **error)
{
  g_autoptr (RelayAuditReport) report = NULL;
  const RelayViolation *first;
  GStatBuf info;

  if (g_stat (self->path, &info) == 0 && info.st_size <= QUICK_CHECK_BYTES && !cobro_db_check (db, TRUE, error))
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

static gboolean
prepare_books (RelayStore *self, CobroDb *db, const RelayStoreConfig *config, GError **error)
{
  gint64 version = cobro_db_schema_version (db, error);
  gboolean clean = TRUE;

  if (version < 0 || !relay_keyring_load (self->keyring, version == 0 || config->new_key, error) ||
      !migrate (self, db, error) || !relay_keyring_open (self->keyring, db, FALSE, config->new_key, error) ||
      !read_life (db, &clean, error))
    return FALSE;
  self->unclean = !clean;
  if (self->unclean && !check_after_crash (self, db, error))
    return FALSE;
  return write_life (db, FALSE, cobro_clock_now (self->clock), error);
}

static gboolean
refuse_newer (CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) migrations =
    cobro_db_migrations_from_resource (relay_store_get_resource (), SCHEMA_FOLDER, error);
  gint64 version = cobro_db_schema_version (db, error);

  if (migrations == NULL || version < 0)
    return FALSE;
  if (version == (gint64)migrations->len)
    return TRUE;
  return cobro_error_set (error, version > (gint64)migrations->len ? COBRO_ERROR_NEWER_SCHEMA : COBRO_ERROR_CONFIG,
                          "the books have schema %" G_GINT64_FORMAT ", this program reads schema %u", version,
                          migrations->len);
}

static void
on_committed_cb (CobroDb *db, gpointer data)
{
  RelayStore *self = data;
  GHashTableIter iter;
  gpointer topic;

  /* Held while it is called: once relay_store_set_wake_func() returns, the old function is not running any more. */
  g_mutex_lock (&self->wake_lock);
  g_hash_table_iter_init (&iter, self->touched);
  while (self->wake != NULL && g_hash_table_iter_next (&iter, &topic, NULL))
    self->wake (self->wake_data, topic);
  g_mutex_unlock (&self->wake_lock);
  g_hash_table_remove_all (self->touched);
}

static void
on_failed_cb (const GError *error, gpointer data)
{
  RelayStore *self = data;

  g_mutex_lock (&self->wake_lock);
  if (self->fatal != NULL)
    self->fatal (error, self->fatal_data);
  g_mutex_unlock (&self->wake_lock);
}

/* After an unclean end of large books: the whole file, while the relay serves already. */
static gpointer
check_thread (gpointer data)
{
  RelayStore *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDb) db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, APPLICATION_ID, &error);

  if (db == NULL || !cobro_db_check (db, TRUE, &error))
    on_failed_cb (error, self);
  return NULL;
}

static gboolean
open_for_writing (RelayStore *self, const RelayStoreConfig *config, GError **error)
{
  CobroDb *db;
  GStatBuf info;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot make the data folder \"%s\": %s", self->folder,
                            g_strerror (errno));
  if (!(db = cobro_db_open (self->path, COBRO_DB_CREATE, APPLICATION_ID, error)))
    {
      g_prefix_error (error, "relay.sqlite: ");
      return FALSE;
    }
  if (!prepare_books (self, db, config, error))
    {
      cobro_db_close (db);
      return FALSE;
    }
  self->writer = cobro_db_writer_new (db);
  cobro_db_writer_set_committed_func (self->writer, on_committed_cb, self);
  cobro_db_writer_set_fatal_func (self->writer, on_failed_cb, self);
  if (self->unclean && g_stat (self->path, &info) == 0 && info.st_size > QUICK_CHECK_BYTES)
    self->check = g_thread_new ("books-check", check_thread, self);
  return TRUE;
}

/* Beside a running relay: no lock, nothing is written; without the key secrets stay shut. */
static gboolean
open_for_reading (RelayStore *self, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, APPLICATION_ID, error);
  g_autoptr (GError) shut = NULL;

  if (db == NULL || !refuse_newer (db, error))
    return FALSE;
  if (!relay_keyring_load (self->keyring, FALSE, &shut) || !relay_keyring_open (self->keyring, db, TRUE, FALSE, &shut))
    g_debug ("%s", shut->message);
  return TRUE;
}

RelayStore *
relay_store_open (const RelayStoreConfig *config, GError **error)
{
  g_autoptr (RelayStore) self = g_new0 (RelayStore, 1);
  g_autofree char *key_file =
    config->key_file != NULL ? g_strdup (config->key_file) : g_build_filename (config->folder, "relay.key", NULL);

  self->keyring = relay_keyring_new (key_file, config->clock, config->random);
  self->folder = g_strdup (config->folder);
  self->path = g_build_filename (config->folder, "relay.sqlite", NULL);
  self->clock = cobro_clock_ref (config->clock);
  self->random = cobro_random_ref (config->random);
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_db_close);
  g_mutex_init (&self->lock);
  g_mutex_init (&self->wake_lock);
  if (config->read_only ? !open_for_reading (self, error) : !open_for_writing (self, config, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
close_work (RelayTx *tx, gpointer data, GError **error)
{
  return write_life (tx->db, TRUE, tx->now, error);
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
  if (self->writer != NULL && !relay_store_write (self, close_work, NULL, &error))
    g_debug ("the books were not marked as closed: %s", error->message);
  cobro_db_writer_free (self->writer);
  relay_keyring_free (self->keyring);
  g_hash_table_unref (self->touched);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->wake_lock);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayStore *store;
  RelayWork work;
  gpointer data;
  RelayTraceContext trace; /* the caller's: what the work writes down belongs to it */
} Job;

static CobroDbResult
run_job (CobroDb *db, gpointer data, GError **error)
{
  Job *job = data;
  RelayTx tx = { .store = job->store, .db = db, .now = cobro_clock_now (job->store->clock) };
  RelayTraceContext before = relay_trace_swap (job->trace);
  gboolean done = job->work (&tx, job->data, error);

  relay_trace_swap (before);
  return done ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

gboolean
relay_store_write (RelayStore *self, RelayWork work, gpointer data, GError **error)
{
  g_auto (RelaySpan) span = { 0 };
  Job job = { .store = self, .work = work, .data = data };
  gboolean done;

  g_return_val_if_fail (self->writer != NULL, FALSE);

  relay_span_begin (&span, RELAY_SPAN_INTERNAL, "transaction");
  job.trace = relay_trace_get ();
  done = cobro_db_writer_run (self->writer, run_job, &job, error);
  if (!done)
    relay_span_fail (&span, "refused");
  return done;
}

/* SQLite has one writer: everybody takes turns. */
gboolean
relay_store_write_for (RelayStore *self, const CobroId *merchant_id, RelayWork work, gpointer data, GError **error)
{
  return relay_store_write (self, work, data, error);
}

/* … and nobody can meet a locked row. */
gboolean
relay_store_write_queue (RelayStore *self, RelayWork work, gpointer data, GError **error)
{
  return relay_store_write (self, work, data, error);
}

gboolean
relay_store_is_shared (RelayStore *self)
{
  return FALSE;
}

void
relay_tx_touch (RelayTx *tx, const char *kind, const CobroId *id)
{
  g_hash_table_add (tx->store->touched, g_strconcat (kind, ":", id->text, NULL));
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroDb *
take_idle (RelayStore *self)
{
  CobroDb *db = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len > 0)
    db = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  self->lent++;
  g_mutex_unlock (&self->lock);
  return db;
}

static void
give_back (RelayStore *self, CobroDb *db)
{
  g_mutex_lock (&self->lock);
  self->lent--;
  if (db != NULL && self->idle->len < IDLE_READERS)
    g_ptr_array_add (self->idle, g_steal_pointer (&db));
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&db, cobro_db_close);
}

RelayReader *
relay_store_read (RelayStore *self, GError **error)
{
  CobroDb *db = take_idle (self);
  RelayReader *reader;

  if (db == NULL)
    db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, APPLICATION_ID, error);
  if (db == NULL || !cobro_db_begin_read (db, error))
    {
      g_clear_pointer (&db, cobro_db_close);
      give_back (self, NULL);
      return NULL;
    }
  reader = g_new (RelayReader, 1);
  *reader = (RelayReader){ .store = self, .db = db };
  return reader;
}

void
relay_reader_release (RelayReader *reader)
{
  if (reader == NULL)
    return;
  cobro_db_rollback (reader->db);
  give_back (reader->store, reader->db);
  g_free (reader);
}

/* ── Care ───────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_store_was_unclean (RelayStore *self)
{
  return self->unclean;
}

gboolean
relay_store_backup (RelayStore *self, const char *path, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, APPLICATION_ID, error);

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

void
relay_store_set_wake_func (RelayStore *self, void (*wake) (gpointer data, const char *topic), gpointer data)
{
  g_mutex_lock (&self->wake_lock);
  self->wake = wake;
  self->wake_data = data;
  g_mutex_unlock (&self->wake_lock);
}

void
relay_store_set_fatal_func (RelayStore *self, void (*fatal) (const GError *error, gpointer data), gpointer data)
{
  g_mutex_lock (&self->wake_lock);
  self->fatal = fatal;
  self->fatal_data = data;
  g_mutex_unlock (&self->wake_lock);
}

/* ── Secrets ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The associated data: "table|column|row id|merchant|livemode". */
static char *
context_of (const RelayPlace *place)
{
  return g_strdup_printf ("%s|%s|%s|%s|%d", place->table, place->column, place->row, place->merchant_id->text,
                          place->livemode);
}

GBytes *
relay_store_seal (RelayStore *self, CobroDb *db, const RelayPlace *place, const char *text, GError **error)
{
  g_autofree char *context = context_of (place);
  RelayDataKey key;
  GBytes *sealed;

  if (!relay_keyring_lend (self->keyring, db, place->merchant_id->text, 0, &key, error))
    return NULL;
  sealed = cobro_wire_seal (key.key, key.number, context, text, strlen (text));
  explicit_bzero (&key, sizeof key);
  return sealed;
}

char *
relay_store_unseal (RelayStore *self, CobroDb *db, const RelayPlace *place, gconstpointer blob, gsize n, GError **error)
{
  g_autoptr (RelayReader) reader = db == NULL ? relay_store_read (self, error) : NULL;
  g_autofree char *context = context_of (place);
  RelayDataKey key;
  guint32 number;
  GBytes *plain;
  char *text;

  if ((db == NULL && reader == NULL) || !cobro_wire_sealed_key_id (blob, n, &number, error) ||
      !relay_keyring_lend (self->keyring, db != NULL ? db : reader->db, place->merchant_id->text, number, &key, error))
    return NULL;
  plain = cobro_wire_open (key.key, number, context, blob, n, error);
  explicit_bzero (&key, sizeof key);
  if (plain == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  cobro_wire_wipe (plain);
  return text;
}

gboolean
relay_tx_add_data_key (RelayTx *tx, const CobroId *merchant_id, GError **error)
{
  return relay_keyring_add_owner (tx->store->keyring, tx->db, merchant_id->text, error);
}

/* RFC 4648 base32, lower case, without padding. */
static char *
to_base32 (const guint8 *bytes, gsize n)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  GString *text = g_string_sized_new (n * 8 / 5 + 2);
  guint32 bits = 0;
  guint count = 0;

  for (gsize i = 0; i < n; i++)
    {
      bits = (bits << 8) | bytes[i];
      for (count += 8; count >= 5; count -= 5)
        g_string_append_c (text, alphabet[(bits >> (count - 5)) & 31]);
    }
  if (count > 0)
    g_string_append_c (text, alphabet[(bits << (5 - count)) & 31]);
  return g_string_free (text, FALSE);
}

char *
relay_store_provider_key (RelayStore *self, const CobroId *object, const char *step)
{
  g_autofree char *text = g_strdup_printf ("provider-key|%s|%s", object->text, step);
  guint8 mac[32];

  relay_keyring_mac (self->keyring, RELAY_SHARED_PROVIDER_KEY, text, mac);
  return to_base32 (mac, sizeof mac);
}
