/* src/store/cobro-store.c — opens the books, runs jobs on their threads, and tells what has changed.
 * Layer: store. See cobro-store.h for threads. */
#include "config.h"
#include "cobro-store.h"
#include "cobro-db-migration.h"
#include "cobro-db-worker.h"
#include "cobro-error.h"
#include "cobro-profile-store.h"
#include "cobro-store-private.h"
#include "cobro-store-resources.h"

struct _CobroStore
{
  GObject parent_instance;

  char *path;
  CobroClock *clock;
  CobroRandom *random;
  const CobroStoreCodec *codec;
  GMainContext *context; /* where it was opened: signals come there */
  GRWLock open;          /* threads that wait for the books read-lock it, so that nothing is closed under them */
  CobroDbWorker *writer;
  CobroDbWorker *reader; /* pages and single things: short */
  CobroDbWorker *lister; /* whole lists and counts: may take a while */
  CobroDbWorker *aside;  /* copies and exports: may take as long as they like */
  GMutex lock;
  char *public_url; /* guarded by lock */
  const char *zone; /* the merchant's time zone, interned; guarded by lock */
};

G_DEFINE_TYPE (CobroStore, cobro_store, G_TYPE_OBJECT)

static guint changed_signal (void);

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroStore *self; /* owned */
  CobroStoreWork work;
  gpointer data;
  GDestroyNotify free_data;
  CobroStoreChange *change; /* writing jobs */
} Job;

static Job *
job_new (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data, gboolean writes)
{
  Job *job = g_new0 (Job, 1);

  job->self = g_object_ref (self);
  job->work = work;
  job->data = data;
  job->free_data = free_data;
  job->change = writes ? cobro_store_change_new () : NULL;
  return job;
}

/* On the main context: it holds the last reference but one, so the store never dies on its own thread. */
static void
job_free (Job *job)
{
  if (job->free_data != NULL)
    job->free_data (job->data);
  g_clear_pointer (&job->change, cobro_store_change_free);
  g_object_unref (job->self);
  g_free (job);
}

const char *
cobro_store_get_zone (CobroStore *self)
{
  const char *zone;

  g_mutex_lock (&self->lock);
  zone = self->zone;
  g_mutex_unlock (&self->lock);
  return zone;
}

static CobroStoreTx
tx_of (CobroStore *self, CobroDb *db, CobroStoreChange *change)
{
  CobroTime now = cobro_clock_now (self->clock);
  const char *zone = cobro_store_get_zone (self);

  return (CobroStoreTx){ db,          now,         zone != NULL ? cobro_day_of_time (now, zone) : 0,
                         zone,        self->clock, self->random,
                         self->codec, change,      0 };
}

/* The calendar of the profile that a job has just written: for every later job. */
static void
note_zone (CobroStore *self, CobroStoreTx *tx)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, NULL);

  if (merchant == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->zone = g_intern_string (merchant->time_zone);
  g_mutex_unlock (&self->lock);
}

static gpointer
run_write (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  CobroStoreTx tx = tx_of (job->self, db, job->change);
  GError *failure = NULL;
  gpointer result = job->work (&tx, job->data, &failure);

  if (failure == NULL)
    (void)!cobro_link_row_learn (&tx, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  if (job->change->kinds & COBRO_STORE_MERCHANT)
    note_zone (job->self, &tx);
  return result;
}

/* Several statements of one job see the same books. */
static gpointer
run_read (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  CobroStoreTx tx = tx_of (job->self, db, NULL);
  gpointer result;

  if (!cobro_db_begin_read (db, error))
    return NULL;
  result = job->work (&tx, job->data, error);
  cobro_db_rollback (db);
  return result;
}

static void
tell (CobroStore *self, CobroStoreChange *change)
{
  if (change->kinds != 0)
    g_signal_emit (self, changed_signal (), 0, change);
}

typedef struct
{
  CobroStore *self;
  CobroStoreChange *change;
} Telling;

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  cobro_store_change_free (telling->change);
  g_object_unref (telling->self);
  g_free (telling);
}

static gboolean
on_told_cb (gpointer data)
{
  Telling *telling = data;

  tell (telling->self, telling->change);
  return G_SOURCE_REMOVE;
}

/* From any thread: the signal comes on the main context, after what was queued there before. */
static void
tell_later (CobroStore *self, CobroStoreChange *change)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Telling *telling = g_new0 (Telling, 1);

  telling->self = g_object_ref (self);
  telling->change = cobro_store_change_copy (change);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_told_cb, telling, telling_free);
  g_source_attach (source, self->context);
}

static void
on_job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GDestroyNotify free_result = g_object_get_data (G_OBJECT (task), "free-result");
  GError *error = NULL;
  gpointer value = cobro_db_worker_run_finish (NULL, result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (job->change != NULL)
    tell (job->self, job->change);
  g_task_return_pointer (task, value, free_result);
}

static gboolean
is_closed (CobroStore *self, GTask *task)
{
  if (self->writer != NULL)
    return FALSE;
  g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE, "the books are closed");
  return TRUE;
}

static void
run_async (CobroStore *self, CobroDbWorker *worker, gboolean writes, Job *job, GDestroyNotify free_result,
           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cobro_store_write_async);
  g_task_set_task_data (task, job, (GDestroyNotify)job_free);
  g_task_set_check_cancellable (task, FALSE);
  g_object_set_data (G_OBJECT (task), "free-result", (gpointer)free_result);
  if (is_closed (self, task))
    return;
  cobro_db_worker_run_async (worker, writes ? COBRO_DB_JOB_WRITE : COBRO_DB_JOB_READ, writes ? run_write : run_read,
                             job, NULL, free_result, cancellable, on_job_done_cb, g_steal_pointer (&task));
}

void
cobro_store_write_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                         GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  run_async (self, self->writer, TRUE, job_new (self, work, data, free_data, TRUE), free_result, cancellable, callback,
             user_data);
}

void
cobro_store_read_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                        GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  run_async (self, self->reader, FALSE, job_new (self, work, data, free_data, FALSE), free_result, cancellable,
             callback, user_data);
}

void
cobro_store_list_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                        GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  run_async (self, self->lister, FALSE, job_new (self, work, data, free_data, FALSE), free_result, cancellable,
             callback, user_data);
}

void
cobro_store_aside_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                         GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  run_async (self, self->aside, FALSE, job_new (self, work, data, free_data, FALSE), free_result, cancellable, callback,
             user_data);
}

gpointer
cobro_store_finish (CobroStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_store_write_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
run_sync (CobroStore *self, gboolean writes, CobroStoreWork work, gpointer data, GError **error)
{
  Job *job = job_new (self, work, data, NULL, writes);
  GError *failure = NULL;
  gpointer result = NULL;

  g_rw_lock_reader_lock (&self->open);
  if (self->writer == NULL)
    cobro_error_set (&failure, COBRO_ERROR_UNAVAILABLE, "the books are closed");
  else if (writes)
    result = cobro_db_worker_run_sync (self->writer, COBRO_DB_JOB_WRITE, run_write, job, &failure);
  else
    result = cobro_db_worker_run_sync (self->reader, COBRO_DB_JOB_READ, run_read, job, &failure);
  g_rw_lock_reader_unlock (&self->open);
  if (failure == NULL && writes && job->change->kinds != 0)
    tell_later (self, job->change);
  job_free (job);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return result;
}

gpointer
cobro_store_write (CobroStore *self, CobroStoreWork work, gpointer data, GError **error)
{
  return run_sync (self, TRUE, work, data, error);
}

gpointer
cobro_store_read (CobroStore *self, CobroStoreWork work, gpointer data, GError **error)
{
  return run_sync (self, FALSE, work, data, error);
}

/* ── Opening and closing ────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
make_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot make the folder “%s”: %s", folder, g_strerror (errno));
  return TRUE;
}

static gboolean
bring_up_to_date (CobroStore *self, CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) migrations = NULL;
  g_autofree char *copy = NULL;
  gint64 version = cobro_db_schema_version (db, error);

  if (version < 0)
    return FALSE;
  migrations = cobro_db_migrations_from_resource (cobro_store_get_resource (), COBRO_STORE_SCHEMA, error);
  if (migrations == NULL)
    return FALSE;
  copy = g_strdup_printf ("%s.before-%u", self->path, migrations->len);
  return cobro_db_migrate (db, migrations, copy, cobro_clock_now (self->clock), error);
}

static CobroDb *
open_reader (CobroStore *self, GError **error)
{
  return cobro_db_open (self->path, COBRO_DB_READ_ONLY, COBRO_STORE_APPLICATION_ID, error);
}

static gboolean
open_workers (CobroStore *self, GError **error)
{
  g_autoptr (CobroDb) writer = cobro_db_open (self->path, COBRO_DB_CREATE, COBRO_STORE_APPLICATION_ID, error);
  g_autoptr (CobroDb) reader = NULL;
  g_autoptr (CobroDb) lister = NULL;
  g_autoptr (CobroDb) aside = NULL;

  if (writer == NULL || !bring_up_to_date (self, writer, error) || !(reader = open_reader (self, error)) ||
      !(lister = open_reader (self, error)) || !(aside = open_reader (self, error)))
    return FALSE;
  self->writer = cobro_db_worker_new (g_steal_pointer (&writer), "books-writer");
  self->reader = cobro_db_worker_new (g_steal_pointer (&reader), "books-reader");
  self->lister = cobro_db_worker_new (g_steal_pointer (&lister), "books-lister");
  self->aside = cobro_db_worker_new (g_steal_pointer (&aside), "books-aside");
  return TRUE;
}

static gpointer
load_public_url (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_pairing_read_public_url (tx, error);
}

static gpointer
load_zone (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);

  return merchant != NULL ? (gpointer)g_intern_string (merchant->time_zone) : NULL;
}

static CobroStore *
store_new (const CobroStoreConfig *config)
{
  CobroStore *self = g_object_new (COBRO_TYPE_STORE, NULL);

  self->path = g_strdup (config->path);
  self->clock = cobro_clock_ref (config->clock);
  self->random = cobro_random_ref (config->random);
  self->codec = config->codec;
  self->context = g_main_context_ref_thread_default ();
  return self;
}

static gboolean
open_books (CobroStore *self, GError **error)
{
  if (!make_folder (self->path, error) || !open_workers (self, error))
    return FALSE;
  self->public_url = cobro_store_read (self, load_public_url, NULL, error);
  if (self->public_url != NULL)
    self->zone = cobro_store_read (self, load_zone, NULL, error);
  return self->zone != NULL;
}

CobroStore *
cobro_store_open (const CobroStoreConfig *config, GError **error)
{
  g_autoptr (CobroStore) self = store_new (config);

  return open_books (self, error) ? g_steal_pointer (&self) : NULL;
}

static gpointer
run_open (gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (open_books (g_task_get_task_data (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  return NULL;
}

void
cobro_store_open_async (const CobroStoreConfig *config, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, cobro_store_open_async);
  g_task_set_task_data (task, store_new (config), g_object_unref);
  g_thread_unref (g_thread_new ("books-open", run_open, task));
}

CobroStore *
cobro_store_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_store_open_async), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_object_ref (g_task_get_task_data (G_TASK (result)));
}

/* Readers first: the writer leaves an empty log behind. */
#define N_WORKERS 4

/* From then on the books are closed for everybody; the workers are the caller's. */
static void
take_workers (CobroStore *self, CobroDbWorker *workers[N_WORKERS])
{
  g_rw_lock_writer_lock (&self->open);
  workers[0] = g_steal_pointer (&self->aside);
  workers[1] = g_steal_pointer (&self->lister);
  workers[2] = g_steal_pointer (&self->reader);
  workers[3] = g_steal_pointer (&self->writer);
  g_rw_lock_writer_unlock (&self->open);
}

static void
free_workers (CobroDbWorker *workers[N_WORKERS])
{
  for (guint i = 0; i < N_WORKERS; i++)
    g_clear_pointer (&workers[i], cobro_db_worker_free);
}

void
cobro_store_close (CobroStore *self)
{
  CobroDbWorker *workers[N_WORKERS];

  take_workers (self, workers);
  free_workers (workers);
}

static gpointer
run_close (gpointer data)
{
  g_autoptr (GTask) task = data;

  free_workers (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
  return NULL;
}

void
cobro_store_close_async (CobroStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  CobroDbWorker **workers = g_new0 (CobroDbWorker *, N_WORKERS);

  take_workers (self, workers);
  g_task_set_source_tag (task, cobro_store_close_async);
  g_task_set_task_data (task, workers, g_free);
  g_thread_unref (g_thread_new ("books-close", run_close, task));
}

void
cobro_store_close_finish (CobroStore *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
cobro_store_dispose (GObject *object)
{
  cobro_store_close (COBRO_STORE (object));
  G_OBJECT_CLASS (cobro_store_parent_class)->dispose (object);
}

static void
cobro_store_finalize (GObject *object)
{
  CobroStore *self = COBRO_STORE (object);

  g_free (self->path);
  g_free (self->public_url);
  g_clear_pointer (&self->clock, cobro_clock_unref);
  g_clear_pointer (&self->random, cobro_random_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  g_rw_lock_clear (&self->open);
  G_OBJECT_CLASS (cobro_store_parent_class)->finalize (object);
}

static void
cobro_store_class_init (CobroStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_store_dispose;
  object_class->finalize = cobro_store_finalize;
  g_signal_new ("changed", COBRO_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                COBRO_TYPE_STORE_CHANGE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static guint
changed_signal (void)
{
  return g_signal_lookup ("changed", COBRO_TYPE_STORE);
}

static void
cobro_store_init (CobroStore *self)
{
  g_mutex_init (&self->lock);
  g_rw_lock_init (&self->open);
}

/* ── Small things ───────────────────────────────────────────────────────────────────────────────────────────────── */

const char *
cobro_store_get_path (CobroStore *self)
{
  return self->path;
}

CobroClock *
cobro_store_get_clock (CobroStore *self)
{
  return self->clock;
}

CobroRandom *
cobro_store_get_random (CobroStore *self)
{
  return self->random;
}

void
cobro_store_set_public_url (CobroStore *self, const char *public_url)
{
  g_mutex_lock (&self->lock);
  g_free (self->public_url);
  self->public_url = g_strdup (public_url);
  g_mutex_unlock (&self->lock);
}

char *
cobro_store_dup_public_url (CobroStore *self)
{
  char *public_url;

  g_mutex_lock (&self->lock);
  public_url = g_strdup (self->public_url);
  g_mutex_unlock (&self->lock);
  return public_url;
}

CobroDay
cobro_store_today (CobroStore *self)
{
  return cobro_day_of_time (cobro_clock_now (self->clock), cobro_store_get_zone (self));
}

char *
cobro_store_sort_text (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *split = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
  GString *plain = g_string_new (NULL);

  for (const char *c = split; c != NULL && *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_ismark (g_utf8_get_char (c)))
      g_string_append_unichar (plain, g_utf8_get_char (c));
  return g_string_free (plain, FALSE);
}

/* VACUUM INTO may not run inside a transaction, not even a reading one. */
static gpointer
make_copy (CobroStoreTx *tx, gpointer data, GError **error)
{
  cobro_db_rollback (tx->db);
  return GINT_TO_POINTER (cobro_db_backup (tx->db, data, error));
}

void
cobro_store_backup_async (CobroStore *self, const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  cobro_store_aside_async (self, make_copy, g_strdup (path), g_free, NULL, cancellable, callback, user_data);
}

gboolean
cobro_store_backup_finish (CobroStore *self, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (self, result, error) != NULL;
}
