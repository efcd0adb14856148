/* src/db/cobro-db-worker.c — one thread, one connection, jobs in order.
 * Layer: db. Its thread owns the connection; the functions may be called from any thread. */
#include "config.h"
#include "cobro-db-worker.h"
#include "cobro-error.h"

#define CHECKPOINT_PAGES 1000
#define IDLE_US          (5 * G_USEC_PER_SEC)

typedef struct
{
  CobroDbJobKind kind;
  CobroDbJob job; /* NULL: the thread ends */
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  GTask *task; /* async jobs */
  /* sync jobs */
  gboolean *answered;
  gpointer *result;
  GError **error;
} Job;

struct _CobroDbWorker
{
  CobroDb *db;
  GThread *thread;
  GAsyncQueue *queue; /* (element-type Job) */
  GMutex lock;        /* with wake: for those who wait */
  GCond wake;
};

static void
job_free (Job *job)
{
  if (job->free_data != NULL)
    job->free_data (job->data);
  g_clear_object (&job->task);
  g_free (job);
}

/* ── The thread ─────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
run_writing (CobroDbWorker *self, Job *job, GCancellable *cancellable, GError **error)
{
  gpointer result;
  GError *failure = NULL;

  if (!cobro_db_begin (self->db, error))
    return NULL;
  result = job->job (self->db, job->data, cancellable, &failure);
  if (failure == NULL && cobro_db_commit (self->db, &failure))
    return result;

  cobro_db_rollback (self->db);
  if (result != NULL && job->free_result != NULL)
    job->free_result (result);
  g_propagate_error (error, failure);
  return NULL;
}

static gpointer
run_job (CobroDbWorker *self, Job *job, GError **error)
{
  GCancellable *cancellable = job->task != NULL ? g_task_get_cancellable (job->task) : NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (job->kind == COBRO_DB_JOB_WRITE)
    return run_writing (self, job, cancellable, error);
  return job->job (self->db, job->data, cancellable, error);
}

static void
answer (CobroDbWorker *self, Job *job)
{
  GError *error = NULL;
  gpointer result = run_job (self, job, &error);

  if (job->task != NULL && error != NULL)
    g_task_return_error (job->task, error);
  else if (job->task != NULL)
    g_task_return_pointer (job->task, result, job->free_result);
  if (job->task != NULL)
    {
      job_free (job);
      return;
    }

  g_mutex_lock (&self->lock);
  *job->result = result;
  *job->error = error;
  *job->answered = TRUE;
  g_cond_broadcast (&self->wake);
  g_mutex_unlock (&self->lock);
  job_free (job);
}

/* The writing connection keeps its own log short, when nobody waits. */
static Job *
take_job (CobroDbWorker *self)
{
  Job *job = g_async_queue_try_pop (self->queue);

  if (job != NULL)
    return job;
  if (cobro_db_log_pages (self->db) >= CHECKPOINT_PAGES)
    cobro_db_checkpoint (self->db, FALSE, NULL);
  while (job == NULL && cobro_db_log_pages (self->db) > 0)
    {
      job = g_async_queue_timeout_pop (self->queue, IDLE_US);
      if (job == NULL && !cobro_db_checkpoint (self->db, TRUE, NULL))
        break;
    }
  return job != NULL ? job : g_async_queue_pop (self->queue);
}

static gpointer
worker_thread (gpointer data)
{
  CobroDbWorker *self = data;
  Job *job;

  while ((job = take_job (self))->job != NULL)
    answer (self, job);
  job_free (job);
  cobro_db_close (self->db);
  return NULL;
}

/* ── For everybody ──────────────────────────────────────────────────────────────────────────────────────── */

CobroDbWorker *
cobro_db_worker_new (CobroDb *take_db, const char *name)
{
  CobroDbWorker *self = g_new0 (CobroDbWorker, 1);

  self->db = take_db;
  self->queue = g_async_queue_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->thread = g_thread_new (name, worker_thread, self);
  return self;
}

void
cobro_db_worker_free (CobroDbWorker *self)
{
  if (self == NULL)
    return;
  g_async_queue_push (self->queue, g_new0 (Job, 1));
  g_thread_join (self->thread);
  g_async_queue_unref (self->queue);
  g_cond_clear (&self->wake);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
cobro_db_worker_run_async (CobroDbWorker *self, CobroDbJobKind kind, CobroDbJob job, gpointer data,
                           GDestroyNotify free_data, GDestroyNotify free_result, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  Job *queued = g_new0 (Job, 1);

  *queued = (Job){ .kind = kind, .job = job, .data = data, .free_data = free_data, .free_result = free_result };
  queued->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (queued->task, cobro_db_worker_run_async);
  /* What was written is written: a cancelled caller must not be told that it was not. */
  g_task_set_check_cancellable (queued->task, kind == COBRO_DB_JOB_READ);
  g_async_queue_push (self->queue, queued);
}

gpointer
cobro_db_worker_run_finish (CobroDbWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_db_worker_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gpointer
cobro_db_worker_run_sync (CobroDbWorker *self, CobroDbJobKind kind, CobroDbJob job, gpointer data, GError **error)
{
  Job *queued = g_new0 (Job, 1);
  GError *failure = NULL;
  gpointer result = NULL;
  gboolean answered = FALSE;

  g_return_val_if_fail (g_thread_self () != self->thread, NULL);

  *queued =
    (Job){ .kind = kind, .job = job, .data = data, .answered = &answered, .result = &result, .error = &failure };
  g_mutex_lock (&self->lock);
  g_async_queue_push (self->queue, queued);
  while (!answered)
    g_cond_wait (&self->wake, &self->lock);
  g_mutex_unlock (&self->lock);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return result;
}
