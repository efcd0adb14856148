/* src/model/cobro-backups.c — see cobro-backups.h.
 * Layer: model. Main thread, except the functions of threads that say so. */
#include "cobro-backups.h"

#include <glib/gstdio.h>
#include <errno.h>

#include "cobro-backup-plan.h"
#include "cobro-error.h"

#define LOOK_S  600
#define FIRST_S 20 /* the window comes first */
#define PART    ".part"

struct _CobroBackups
{
  GObject parent_instance;
  CobroStore *store;
  char *prefix; /* of the files' names: those of other books may lie in the same folder */
  char *folder; /* "" beside the books */
  char *used;   /* the folder that is used */
  gboolean automatic;
  GPtrArray *list;
  GCancellable *running; /* NULL: no copy is being made */
  char *part;            /* what it is written to */
  guint64 expected;      /* bytes, about */
  GError *problem;
  guint look_id;
};

G_DEFINE_FINAL_TYPE (CobroBackups, cobro_backups, G_TYPE_OBJECT)

enum
{
  CHANGED,
  RESTORE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

enum
{
  PROP_FOLDER = 1,
  PROP_AUTOMATIC,
  N_PROPS
};

static void
tell (CobroBackups *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
look (CobroBackups *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  self->list = cobro_backup_files_list (self->used, self->prefix);
}

/* Only after another one was made; those that were kept before a restore stay. */
static void
prune (CobroBackups *self)
{
  g_autofree CobroTime *times = g_new (CobroTime, self->list->len);
  g_autofree gboolean *keep = g_new (gboolean, self->list->len);
  g_autofree guint *at = g_new (guint, self->list->len);
  gsize n = 0;

  for (guint i = 0; i < self->list->len; i++)
    {
      const CobroBackup *backup = self->list->pdata[i];

      if (backup->before_going)
        continue;
      at[n] = i;
      times[n++] = backup->made;
    }
  cobro_backup_plan (times, n, cobro_store_get_zone (self->store), keep);
  for (gsize i = 0; i < n; i++)
    if (!keep[i])
      g_unlink (((CobroBackup *)self->list->pdata[at[i]])->path);
  look (self);
}

/* ── Making one ── */

static void
take_problem (CobroBackups *self, GError *take_error)
{
  g_clear_error (&self->problem);
  if (g_error_matches (take_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&take_error);
  self->problem = take_error;
}

static void
on_copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBackups) self = user_data;
  g_autofree char *part = g_steal_pointer (&self->part);
  g_autofree char *path = g_strndup (part, strlen (part) - strlen (PART));
  gboolean cancelled = g_cancellable_is_cancelled (self->running);
  GError *error = NULL;

  if (cobro_store_backup_finish (COBRO_STORE (source), result, &error) && !cancelled && g_rename (part, path) != 0)
    cobro_error_set (&error, COBRO_ERROR_IO, "“%s” cannot be written: %s", path, g_strerror (errno));
  if (error || cancelled)
    g_unlink (part);
  g_clear_object (&self->running);
  take_problem (self, error);
  look (self);
  if (!error && !cancelled)
    prune (self);
  tell (self);
}

static void
begin (CobroBackups *self, gboolean before)
{
  CobroTime now = cobro_clock_now (cobro_store_get_clock (self->store));
  g_autofree char *name = cobro_backup_files_name (self->prefix, now, before);
  GStatBuf info;

  self->part = g_strconcat (self->used, G_DIR_SEPARATOR_S, name, PART, NULL);
  self->expected = g_stat (cobro_store_get_path (self->store), &info) == 0 ? (guint64)info.st_size : 0;
  self->running = g_cancellable_new ();
}

void
cobro_backups_run (CobroBackups *self)
{
  g_return_if_fail (COBRO_IS_BACKUPS (self));

  if (self->running)
    return;
  if (g_mkdir_with_parents (self->used, 0700) != 0)
    {
      take_problem (self, g_error_new (COBRO_ERROR, COBRO_ERROR_IO, "the folder “%s” cannot be made: %s", self->used,
                                       g_strerror (errno)));
      return tell (self);
    }
  begin (self, FALSE);
  g_unlink (self->part);
  cobro_store_backup_async (self->store, self->part, self->running, on_copied_cb, g_object_ref (self));
  tell (self);
}

void
cobro_backups_cancel (CobroBackups *self)
{
  g_return_if_fail (COBRO_IS_BACKUPS (self));

  if (self->running)
    g_cancellable_cancel (self->running);
}

/* One for each of the merchant's days; the first of a new day as soon as somebody looks. */
static gboolean
is_due (CobroBackups *self)
{
  const char *zone = cobro_store_get_zone (self->store);

  for (guint i = 0; i < self->list->len; i++)
    {
      const CobroBackup *backup = self->list->pdata[i];

      if (!backup->before_going)
        return cobro_day_of_time (backup->made, zone) != cobro_store_today (self->store);
    }
  return TRUE;
}

static gboolean
on_look_cb (gpointer data)
{
  CobroBackups *self = data;

  self->look_id = g_timeout_add_seconds (LOOK_S, on_look_cb, self);
  look (self);
  if (self->automatic && is_due (self))
    cobro_backups_run (self);
  else
    tell (self);
  return G_SOURCE_REMOVE;
}

/* ── Looking into one ── */

typedef struct
{
  CobroBackups *self;
  char *path, *part;
  CobroTime made;
  CobroBackupPreview *preview;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->self);
  g_free (job->path);
  g_free (job->part);
  g_clear_pointer (&job->preview, cobro_backup_preview_free);
  g_free (job);
}

void
cobro_backup_preview_free (CobroBackupPreview *preview)
{
  if (!preview)
    return;
  g_clear_pointer (&preview->facts, cobro_backup_facts_free);
  g_free (preview->loss);
  g_free (preview);
}

static GTask *
task_new (CobroBackups *self, const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->self = g_object_ref (self);
  job->path = g_strdup (path);
  g_task_set_source_tag (task, task_new);
  g_task_set_task_data (task, job, job_free);
  return task;
}

/* Goes on with @func on the main context. */
static void
go_on (GTask *task, GSourceFunc func)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, task, NULL);
  g_source_attach (source, g_task_get_context (task));
}

static void
on_loss_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->preview->loss = cobro_backup_loss_finish (COBRO_STORE (source), result, &error);
  if (job->preview->loss)
    g_task_return_pointer (task, g_steal_pointer (&job->preview), (GDestroyNotify)cobro_backup_preview_free);
  else
    g_task_return_error (task, error);
}

static gboolean
compare (gpointer data)
{
  GTask *task = data;
  const Job *job = g_task_get_task_data (task);

  cobro_backup_loss_async (job->self->store, job->path, g_task_get_cancellable (task), on_loss_cb, task);
  return G_SOURCE_REMOVE;
}

/* A thread of its own. */
static gpointer
look_thread (gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->preview = g_new0 (CobroBackupPreview, 1);
  job->preview->facts = cobro_backup_look (job->path, &error);
  if (job->preview->facts)
    {
      go_on (task, compare);
      return NULL;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
  return NULL;
}

void
cobro_backups_preview_async (CobroBackups *self, const char *path, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_BACKUPS (self));

  g_thread_unref (g_thread_new ("look", look_thread, task_new (self, path, cancellable, callback, user_data)));
}

CobroBackupPreview *
cobro_backups_preview_finish (CobroBackups *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ── Going back ── */

static gboolean
ask_for_exchange (gpointer data)
{
  g_autoptr (GTask) task = data;
  const Job *job = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_unlink (job->part);
      return G_SOURCE_REMOVE;
    }
  g_signal_emit (job->self, signals[RESTORE], 0, job->part, (gint64)job->made);
  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

/* A thread of its own. */
static gpointer
fetch_thread (gpointer data)
{
  GTask *task = data;
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (cobro_backup_fetch (job->path, job->part, &error))
    {
      go_on (task, ask_for_exchange);
      return NULL;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
  return NULL;
}

static void
on_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CobroBackups *self = g_task_get_source_object (task);
  g_autofree char *part = g_steal_pointer (&self->part);
  g_autofree char *path = g_strndup (part, strlen (part) - strlen (PART));
  GError *error = NULL;

  if (cobro_store_backup_finish (COBRO_STORE (source), result, &error) && g_rename (part, path) != 0)
    cobro_error_set (&error, COBRO_ERROR_IO, "“%s” cannot be written: %s", path, g_strerror (errno));
  g_clear_object (&self->running);
  look (self);
  tell (self);
  if (!error)
    {
      g_thread_unref (g_thread_new ("restore", fetch_thread, task));
      return;
    }
  g_unlink (part);
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
cobro_backups_restore_async (CobroBackups *self, const char *path, CobroTime made, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (COBRO_IS_BACKUPS (self));

  task = task_new (self, path, cancellable, callback, user_data);
  job = g_task_get_task_data (task);
  job->made = made;
  job->part = g_strconcat (cobro_store_get_path (self->store), ".restored", NULL);
  if (self->running || g_mkdir_with_parents (self->used, 0700) != 0)
    {
      g_task_return_new_error (task, COBRO_ERROR, self->running ? COBRO_ERROR_BUSY : COBRO_ERROR_IO,
                               self->running ? "a backup is being made: wait until it is done"
                                             : "the folder for backups cannot be made, so the books as they are now "
                                               "could not be kept");
      g_object_unref (task);
      return;
    }
  begin (self, TRUE);
  cobro_store_backup_async (self->store, self->part, self->running, on_kept_cb, task);
  tell (self);
}

gboolean
cobro_backups_restore_finish (CobroBackups *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ── What it is ── */

GPtrArray *
cobro_backups_get_list (CobroBackups *self)
{
  g_return_val_if_fail (COBRO_IS_BACKUPS (self), NULL);

  return self->list;
}

const char *
cobro_backups_get_folder (CobroBackups *self)
{
  g_return_val_if_fail (COBRO_IS_BACKUPS (self), NULL);

  return self->used;
}

/* The copy is about as long as the books: without what was deleted it is shorter. */
gboolean
cobro_backups_get_running (CobroBackups *self, guint *out_percent)
{
  GStatBuf info;

  g_return_val_if_fail (COBRO_IS_BACKUPS (self), FALSE);

  *out_percent = 0;
  if (!self->running)
    return FALSE;
  if (self->part && self->expected > 0 && g_stat (self->part, &info) == 0)
    *out_percent = (guint)MIN (100, (guint64)info.st_size * 100 / self->expected);
  return TRUE;
}

const GError *
cobro_backups_get_problem (CobroBackups *self)
{
  g_return_val_if_fail (COBRO_IS_BACKUPS (self), NULL);

  return self->problem;
}

static void
settle_folder (CobroBackups *self)
{
  g_free (self->used);
  self->used = cobro_backup_files_folder (cobro_store_get_path (self->store), self->folder);
  look (self);
  tell (self);
}

static void
cobro_backups_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  CobroBackups *self = COBRO_BACKUPS (object);

  if (id == PROP_FOLDER)
    g_value_set_string (value, self->folder);
  else
    g_value_set_boolean (value, self->automatic);
}

static void
cobro_backups_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  CobroBackups *self = COBRO_BACKUPS (object);

  if (id == PROP_AUTOMATIC)
    {
      self->automatic = g_value_get_boolean (value);
      return tell (self);
    }
  g_free (self->folder);
  self->folder = g_value_dup_string (value);
  if (!self->folder)
    self->folder = g_strdup ("");
  settle_folder (self);
}

static void
cobro_backups_dispose (GObject *object)
{
  CobroBackups *self = COBRO_BACKUPS (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  if (self->running)
    g_cancellable_cancel (self->running);
  G_OBJECT_CLASS (cobro_backups_parent_class)->dispose (object);
}

static void
cobro_backups_finalize (GObject *object)
{
  CobroBackups *self = COBRO_BACKUPS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->running);
  g_clear_error (&self->problem);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_free (self->prefix);
  g_free (self->folder);
  g_free (self->used);
  g_free (self->part);
  G_OBJECT_CLASS (cobro_backups_parent_class)->finalize (object);
}

static void
cobro_backups_class_init (CobroBackupsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cobro_backups_get_property;
  object_class->set_property = cobro_backups_set_property;
  object_class->dispose = cobro_backups_dispose;
  object_class->finalize = cobro_backups_finalize;
  g_object_class_install_property (
    object_class, PROP_FOLDER,
    g_param_spec_string ("folder", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
    object_class, PROP_AUTOMATIC,
    g_param_spec_boolean ("automatic", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_BACKUPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESTORE] = g_signal_new ("restore", COBRO_TYPE_BACKUPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   2, G_TYPE_STRING, G_TYPE_INT64);
}

static void
cobro_backups_init (CobroBackups *self)
{
  self->folder = g_strdup ("");
}

CobroBackups *
cobro_backups_new (CobroStore *store)
{
  CobroBackups *self = g_object_new (COBRO_TYPE_BACKUPS, NULL);

  self->store = g_object_ref (store);
  self->prefix = cobro_backup_files_prefix (cobro_store_get_path (store));
  settle_folder (self);
  self->look_id = g_timeout_add_seconds (FIRST_S, on_look_cb, self);
  return self;
}
