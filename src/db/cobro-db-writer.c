/* src/db/cobro-db-writer.c — the one writer: group commit. On PostgreSQL all work goes to cobro-db-lanes.c instead.
 * Layer: db. Its thread owns the connection; everything above the thread's functions may be called from any thread.
 *
 * While one batch is being flushed the next one gathers by itself. After a batch of several, the thread waits a moment
 * for the callers it has just answered to come back: never longer than a commit takes, never longer than 2 ms, and not
 * at all when callers come one by one. */
#include "config.h"
#include "cobro-db-writer.h"
#include "cobro-db-driver.h"
#include "cobro-db-lanes.h"
#include "cobro-db-request.h"
#include "cobro-error.h"

#define GATHER_US_MAX        2000
#define RETRIES_MAX          16
#define CHECKPOINT_PAGES     1000  /* when nothing waits */
#define CHECKPOINT_PAGES_MAX 16000 /* even when something waits: 64 MiB of log */
#define IDLE_US              (5 * G_USEC_PER_SEC)

struct _CobroDbWriter
{
  const CobroDbLanesClass *several; /* not NULL: the lanes do it all, and nothing else here is used */
  CobroDbLanes *lanes;
  CobroDb *db;
  GThread *thread;

  GMutex lock; /* guards everything down to stats */
  GCond wake;
  GQueue queue; /* (element-type CobroDbRequest) */
  gboolean closing;
  GError *fatal; /* set once: nothing is accepted any more */
  CobroDbWriterStats stats;

  /* The thread's own. */
  guint last_batch;
  gint64 last_commit_us;
  void (*committed) (CobroDb *db, gpointer data);
  gpointer committed_data;
  void (*failed) (const GError *error, gpointer data);
  gpointer failed_data;
  void (*timed) (gpointer data, gint64 commit_us, guint commands, guint refused);
  gpointer timed_data;
};

/* ── One batch (writer thread) ──────────────────────────────────────────────────────────────────────────── */

static gboolean
is_fatal (const GError *error)
{
  return g_error_matches (error, COBRO_ERROR, COBRO_ERROR_IO) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
}

/* Runs @batch in one transaction. FALSE when nothing of it was kept: then @error says why. */
static gboolean
run_batch (CobroDbWriter *self, GPtrArray *batch, GError **error)
{
  gint64 started;

  if (!cobro_db_begin (self->db, error))
    return FALSE;
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);

      cobro_db_request_run (request, self->db, TRUE);
      if (cobro_db_in_transaction (self->db))
        continue;
      /* The engine gave the transaction up (disk full, I/O): what ran before is gone as well. */
      if (request->error != NULL)
        g_propagate_error (error, g_error_copy (request->error));
      else
        cobro_error_set (error, COBRO_ERROR_INTERNAL, "the transaction ended by itself");
      return FALSE;
    }
  started = g_get_monotonic_time ();
  if (!cobro_db_commit (self->db, error))
    return FALSE;
  self->last_commit_us = g_get_monotonic_time () - started;
  return TRUE;
}

/* Requests that want to run again go to the front of the queue, in their order. */
static void
put_back (CobroDbWriter *self, GPtrArray *batch)
{
  g_mutex_lock (&self->lock);
  for (guint i = batch->len; i > 0; i--)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i - 1);

      if (request->result != COBRO_DB_RETRY)
        continue;
      g_ptr_array_remove_index (batch, i - 1);
      g_queue_push_head (&self->queue, request);
      self->stats.retries++;
    }
  g_mutex_unlock (&self->lock);
}

/* A request may try again a few times, and not at all when there will be no next batch. */
static void
limit_retries (GPtrArray *batch, const GError *fatal)
{
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);

      if (request->result != COBRO_DB_RETRY || (fatal == NULL && ++request->retries < RETRIES_MAX))
        continue;
      request->result = COBRO_DB_REFUSED;
      if (fatal != NULL)
        cobro_db_request_refuse (request, fatal);
      else if (request->error == NULL)
        cobro_error_set (&request->error, COBRO_ERROR_BUSY, "gave up after %u tries", request->retries);
    }
}

static void
note_batch (CobroDbWriter *self, GPtrArray *batch, gboolean committed)
{
  guint refused = 0;

  for (guint i = 0; i < batch->len; i++)
    refused += ((CobroDbRequest *)g_ptr_array_index (batch, i))->result != COBRO_DB_OK;
  g_mutex_lock (&self->lock);
  self->stats.commands += batch->len;
  self->stats.refused += refused;
  if (committed)
    {
      self->stats.batches++;
      self->stats.fsync_us_max = MAX (self->stats.fsync_us_max, (guint64)self->last_commit_us);
    }
  g_mutex_unlock (&self->lock);
  if (committed && self->timed != NULL)
    self->timed (self->timed_data, self->last_commit_us, batch->len, refused);
}

/* From here on nothing is accepted; what waits is refused with the same reason. */
static void
give_up (CobroDbWriter *self, const GError *error)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();
  CobroDbRequest *request;
  gboolean first;

  g_mutex_lock (&self->lock);
  first = self->fatal == NULL;
  if (first)
    self->fatal = g_error_copy (error);
  while ((request = g_queue_pop_head (&self->queue)) != NULL)
    {
      cobro_db_request_refuse (request, error);
      g_ptr_array_add (waiting, request);
    }
  g_mutex_unlock (&self->lock);

  note_batch (self, waiting, FALSE);
  cobro_db_requests_answer (waiting);
  if (first && self->failed != NULL)
    self->failed (error, self->failed_data);
}

static const GError *
find_fatal (GPtrArray *batch, const GError *error)
{
  if (error != NULL && is_fatal (error))
    return error;
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);

      if (request->error != NULL && is_fatal (request->error))
        return request->error;
    }
  return NULL;
}

static void
process (CobroDbWriter *self, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) fatal = NULL;
  gint64 changes = cobro_db_total_changes (self->db);
  gboolean committed = run_batch (self, batch, &error);

  if (!committed)
    {
      cobro_db_rollback (self->db);
      for (guint i = 0; i < batch->len; i++)
        cobro_db_request_refuse (g_ptr_array_index (batch, i), error);
    }
  if (find_fatal (batch, error) != NULL)
    fatal = g_error_copy (find_fatal (batch, error));
  limit_retries (batch, fatal);
  put_back (self, batch);

  self->last_batch = batch->len;
  note_batch (self, batch, committed);
  if (committed && self->committed != NULL && cobro_db_total_changes (self->db) != changes)
    self->committed (self->db, self->committed_data);
  cobro_db_requests_answer (batch);
  if (fatal != NULL)
    give_up (self, fatal);
}

/* ── The thread ─────────────────────────────────────────────────────────────────────────────────────────── */

/* Waits (with the lock held) for those who were answered together to come back together. */
static void
gather (CobroDbWriter *self)
{
  gint64 deadline = g_get_monotonic_time () + MIN (self->last_commit_us, GATHER_US_MAX);
  guint wanted = MIN (self->last_batch, COBRO_DB_WRITER_BATCH_MAX);

  while (!self->closing && self->queue.length < wanted)
    if (!g_cond_wait_until (&self->wake, &self->lock, deadline))
      return;
}

/* The next batch, or NULL when the writer is closed and nothing waits. */
static GPtrArray *
take_batch (CobroDbWriter *self)
{
  GPtrArray *batch;

  g_mutex_lock (&self->lock);
  while (self->queue.length == 0 && !self->closing)
    {
      gint64 pages = cobro_db_log_pages (self->db);

      if (pages == 0 || self->fatal != NULL)
        g_cond_wait (&self->wake, &self->lock);
      else if (!g_cond_wait_until (&self->wake, &self->lock, g_get_monotonic_time () + IDLE_US) &&
               self->queue.length == 0)
        {
          g_mutex_unlock (&self->lock);
          cobro_db_checkpoint (self->db, TRUE, NULL);
          g_mutex_lock (&self->lock);
        }
    }
  if (self->queue.length > 0 && self->last_batch > 1)
    gather (self);

  batch = g_ptr_array_new ();
  while (batch->len < COBRO_DB_WRITER_BATCH_MAX && self->queue.length > 0)
    g_ptr_array_add (batch, g_queue_pop_head (&self->queue));
  g_mutex_unlock (&self->lock);
  if (batch->len == 0)
    g_clear_pointer (&batch, g_ptr_array_unref);
  return batch;
}

static void
checkpoint_if_due (CobroDbWriter *self)
{
  g_autoptr (GError) error = NULL;
  gint64 pages = cobro_db_log_pages (self->db);
  gboolean idle;

  if (pages < CHECKPOINT_PAGES)
    return;
  g_mutex_lock (&self->lock);
  idle = self->queue.length == 0 && self->fatal == NULL;
  g_mutex_unlock (&self->lock);
  if ((idle || pages >= CHECKPOINT_PAGES_MAX) && !cobro_db_checkpoint (self->db, FALSE, &error) && is_fatal (error))
    give_up (self, error);
}

static gpointer
writer_thread (gpointer data)
{
  CobroDbWriter *self = data;
  GPtrArray *batch;

  while ((batch = take_batch (self)) != NULL)
    {
      process (self, batch);
      g_ptr_array_unref (batch);
      checkpoint_if_due (self);
    }
  cobro_db_close (self->db);
  return NULL;
}

/* ── For everybody ──────────────────────────────────────────────────────────────────────────────────────── */

CobroDbWriter *
cobro_db_writer_new (CobroDb *take_db)
{
  CobroDbWriter *self = g_new0 (CobroDbWriter, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_queue_init (&self->queue);
  if ((self->several = cobro_db_get_driver (take_db)->lanes) != NULL)
    {
      self->lanes = self->several->start (take_db);
      return self;
    }
  self->db = take_db;
  self->thread = g_thread_new ("db-writer", writer_thread, self);
  return self;
}

void
cobro_db_writer_free (CobroDbWriter *self)
{
  if (self == NULL)
    return;
  if (self->several != NULL)
    self->several->free (self->lanes);
  else
    {
      g_mutex_lock (&self->lock);
      self->closing = TRUE;
      g_cond_signal (&self->wake);
      g_mutex_unlock (&self->lock);
      g_thread_join (self->thread);
    }
  g_clear_error (&self->fatal);
  g_cond_clear (&self->wake);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* With the lock held. */
static gboolean
check_open (CobroDbWriter *self, GError **error)
{
  if (self->fatal != NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the database has failed: %s", self->fatal->message);
  if (self->closing)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "shutting down");
  if (self->queue.length >= COBRO_DB_WRITER_QUEUE_MAX)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "too much is waiting to be written");
  return TRUE;
}

/* Takes @request over when it is accepted. */
static gboolean
submit (CobroDbWriter *self, CobroDbRequest *request, GError **error)
{
  gboolean ok;

  if (self->several != NULL)
    return self->several->submit (self->lanes, request, error);
  g_mutex_lock (&self->lock);
  ok = check_open (self, error);
  if (ok)
    {
      g_queue_push_tail (&self->queue, request);
      g_cond_signal (&self->wake);
    }
  g_mutex_unlock (&self->lock);
  return ok;
}

static CobroDbAbout
about_of (const char *key)
{
  return key != NULL ? COBRO_DB_ABOUT_KEY : COBRO_DB_ABOUT_ALL;
}

gboolean
cobro_db_writer_submit (CobroDbWriter *self, const char *key, CobroDbCommand command, gpointer data, CobroDbDone done,
                        gpointer done_data, GError **error)
{
  CobroDbRequest *request = cobro_db_request_new (about_of (key), key, command, data, done, done_data);

  if (submit (self, request, error))
    return TRUE;
  cobro_db_request_free (request);
  return FALSE;
}

typedef struct
{
  GMutex lock;
  GCond wake;
  gboolean answered;
  gboolean ok;
  GError *error;
} Waiter;

static void
on_waiter_answered_cb (CobroDbResult result, GError *error, gpointer data)
{
  Waiter *waiter = data;

  g_mutex_lock (&waiter->lock);
  waiter->answered = TRUE;
  waiter->ok = result == COBRO_DB_OK;
  waiter->error = error != NULL ? g_error_copy (error) : NULL;
  g_cond_signal (&waiter->wake);
  g_mutex_unlock (&waiter->lock);
}

static gboolean
run_and_wait (CobroDbWriter *self, CobroDbAbout about, const char *key, CobroDbCommand command, gpointer data,
              GError **error)
{
  Waiter waiter = { .answered = FALSE };
  CobroDbRequest *request = cobro_db_request_new (about, key, command, data, on_waiter_answered_cb, &waiter);

  g_mutex_init (&waiter.lock);
  g_cond_init (&waiter.wake);
  if (submit (self, request, error))
    {
      g_mutex_lock (&waiter.lock);
      while (!waiter.answered)
        g_cond_wait (&waiter.wake, &waiter.lock);
      g_mutex_unlock (&waiter.lock);
      if (waiter.error != NULL)
        g_propagate_error (error, waiter.error);
    }
  else
    cobro_db_request_free (request);
  g_cond_clear (&waiter.wake);
  g_mutex_clear (&waiter.lock);
  return waiter.ok;
}

static gboolean
is_writer_thread (CobroDbWriter *self)
{
  return self->several != NULL ? self->several->is_thread (self->lanes) : g_thread_self () == self->thread;
}

gboolean
cobro_db_writer_run (CobroDbWriter *self, CobroDbCommand command, gpointer data, GError **error)
{
  g_return_val_if_fail (!is_writer_thread (self), FALSE);

  return run_and_wait (self, COBRO_DB_ABOUT_ALL, NULL, command, data, error);
}

gboolean
cobro_db_writer_run_for (CobroDbWriter *self, const char *key, CobroDbCommand command, gpointer data, GError **error)
{
  g_return_val_if_fail (!is_writer_thread (self), FALSE);

  return run_and_wait (self, about_of (key), key, command, data, error);
}

gboolean
cobro_db_writer_run_queue (CobroDbWriter *self, CobroDbCommand command, gpointer data, GError **error)
{
  g_return_val_if_fail (!is_writer_thread (self), FALSE);

  return run_and_wait (self, COBRO_DB_ABOUT_QUEUE, NULL, command, data, error);
}

void
cobro_db_writer_set_committed_func (CobroDbWriter *self, void (*func) (CobroDb *db, gpointer data), gpointer data)
{
  self->committed_data = data;
  self->committed = func;
  if (self->several != NULL)
    self->several->set_committed_func (self->lanes, func, data);
}

void
cobro_db_writer_set_fatal_func (CobroDbWriter *self, void (*func) (const GError *error, gpointer data), gpointer data)
{
  self->failed_data = data;
  self->failed = func;
  if (self->several != NULL)
    self->several->set_fatal_func (self->lanes, func, data);
}

void
cobro_db_writer_set_timing_func (CobroDbWriter *self,
                                 void (*func) (gpointer data, gint64 commit_us, guint commands, guint refused),
                                 gpointer data)
{
  self->timed_data = data;
  self->timed = func;
  if (self->several != NULL)
    self->several->set_timing_func (self->lanes, func, data);
}

CobroDbWriterStats
cobro_db_writer_stats (CobroDbWriter *self)
{
  CobroDbWriterStats stats;

  if (self->several != NULL)
    return self->several->stats (self->lanes);
  g_mutex_lock (&self->lock);
  stats = self->stats;
  stats.queued = self->queue.length;
  g_mutex_unlock (&self->lock);
  return stats;
}
