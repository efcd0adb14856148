/* src/db/cobro-db-lanes.c — the writer on PostgreSQL: several threads, each with a connection and a queue of its own.
 * Layer: db, private to it. Any thread; what a lane does is its own thread's.
 *
 * Commands of one key always go to the same lane, which puts those that wait into one transaction: one flush for all of
 * them, and no two lanes wait for each other's key. Between processes advisory locks keep the order. Commands about
 * everything have the first lane and a transaction each; the queues have the last lane, so that claims never wait
 * behind money. */
#include "config.h"
#include "cobro-db-lanes.h"
#include "cobro-db-lane.h"
#include "cobro-db-postgres.h"
#include "cobro-error.h"

#define KEY_LANES     4
#define LANES         (KEY_LANES + 1)
#define LOOK_AHEAD    512 /* how far a batch looks for more of its key */
#define GATHER_US_MAX 2000
#define TRIES_MAX     6  /* of a batch that somebody is in the way of */
#define RETRIES_MAX   16 /* of a command that asks for it */
#define PAUSE_US      (10 * 1000)
#define BACK_US       (2 * G_USEC_PER_SEC) /* how long a batch waits for a lost server */
#define DOUBT_US      (8 * G_USEC_PER_SEC) /* how long it waits to know whether it was kept */
#define LOOK_US       (250 * 1000)         /* how often a lost server is looked for */

typedef struct
{
  CobroDbLanes *group;
  GThread *thread;
  GCond wake;
  GQueue queue;  /* (element-type CobroDbRequest); the group's lock guards it, and down */
  gboolean down; /* the server is not there: nothing is accepted */

  /* The thread's own. */
  CobroDbLane lane;
  guint last_batch;
} Worker;

struct _CobroDbLanes
{
  Worker workers[LANES];

  GMutex lock; /* guards what follows, down to stats */
  gboolean closing;
  GError *fatal; /* set once: nothing is accepted any more */
  CobroDbWriterStats stats;

  void (*committed) (CobroDb *db, gpointer data);
  gpointer committed_data;
  void (*failed) (const GError *error, gpointer data);
  gpointer failed_data;
  void (*timed) (gpointer data, gint64 commit_us, guint commands, guint refused);
  gpointer timed_data;
};

/* ── Counting and answering (a lane's thread) ───────────────────────────────────────────────────────────── */

static void
note (Worker *self, GPtrArray *batch, gboolean committed)
{
  CobroDbLanes *group = self->group;
  guint refused = 0;

  for (guint i = 0; i < batch->len; i++)
    refused += ((CobroDbRequest *)g_ptr_array_index (batch, i))->result != COBRO_DB_OK;
  g_mutex_lock (&group->lock);
  group->stats.commands += batch->len;
  group->stats.refused += refused;
  if (committed)
    {
      group->stats.batches++;
      group->stats.fsync_us_max = MAX (group->stats.fsync_us_max, (guint64)self->lane.commit_us);
    }
  g_mutex_unlock (&group->lock);
  if (committed && group->timed != NULL)
    group->timed (group->timed_data, self->lane.commit_us, batch->len, refused);
}

static void
note_retry (Worker *self)
{
  g_mutex_lock (&self->group->lock);
  self->group->stats.retries++;
  g_mutex_unlock (&self->group->lock);
}

static void
refuse_all (GPtrArray *batch, const GError *error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);

      /* What a run before this one said is not the reason any more. */
      g_clear_error (&request->error);
      cobro_db_request_refuse (request, error);
    }
}

/* What waits in one lane, refused. */
static void
refuse_waiting (Worker *self, const GError *error)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();
  CobroDbRequest *request;

  g_mutex_lock (&self->group->lock);
  while ((request = g_queue_pop_head (&self->queue)) != NULL)
    g_ptr_array_add (waiting, request);
  g_mutex_unlock (&self->group->lock);
  refuse_all (waiting, error);
  note (self, waiting, FALSE);
  cobro_db_requests_answer (waiting);
}

/* Damage: from here on nothing is accepted, by no lane. */
static void
give_up (Worker *self, const GError *error)
{
  CobroDbLanes *group = self->group;
  gboolean first;

  g_mutex_lock (&group->lock);
  first = group->fatal == NULL;
  if (first)
    group->fatal = g_error_copy (error);
  g_mutex_unlock (&group->lock);
  for (gsize i = 0; i < LANES; i++)
    refuse_waiting (&group->workers[i], error);
  if (first && group->failed != NULL)
    group->failed (error, group->failed_data);
}

static const GError *
find_fatal (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);

      if (g_error_matches (request->error, COBRO_ERROR, COBRO_ERROR_CORRUPT))
        return request->error;
    }
  return NULL;
}

/* ── One batch, to its end (a lane's thread) ────────────────────────────────────────────────────────────── */

/* TRUE after the pause; FALSE, sooner, when the writer is being closed. */
static gboolean
pause_for (Worker *self, gint64 us)
{
  gint64 until = g_get_monotonic_time () + us;
  gboolean open;

  g_mutex_lock (&self->group->lock);
  while (!self->group->closing && g_get_monotonic_time () < until)
    g_cond_wait_until (&self->wake, &self->group->lock, until);
  open = !self->group->closing;
  g_mutex_unlock (&self->group->lock);
  return open;
}

/* Waits for a lost server. */
static gboolean
wait_for_server (Worker *self, gint64 until)
{
  while (!cobro_db_lane_connect (&self->lane, NULL))
    if (g_get_monotonic_time () >= until || !pause_for (self, LOOK_US / 2))
      return FALSE;
  return TRUE;
}

/* Until it is known whether the batch was kept, or nobody can tell in time (nor while the writer is being closed). */
static CobroDbBatchEnd
clear_up (Worker *self, GError **error)
{
  gint64 until = g_get_monotonic_time () + DOUBT_US;
  CobroDbBatchEnd end;
  g_autoptr (GError) failure = NULL;

  do
    {
      g_clear_error (&failure);
      end = cobro_db_lane_clear_up (&self->lane, &failure);
    }
  while (end != COBRO_DB_BATCH_KEPT && end != COBRO_DB_BATCH_AGAIN && g_get_monotonic_time () < until &&
         pause_for (self, LOOK_US / 2));
  if (end == COBRO_DB_BATCH_AGAIN)
    g_propagate_error (error, g_steal_pointer (&failure));
  if (end == COBRO_DB_BATCH_KEPT || end == COBRO_DB_BATCH_AGAIN)
    return end;
  cobro_error_set (
    error, COBRO_ERROR_UNAVAILABLE,
    "the database was lost while it kept this, and it is unknown whether it did; look before you try again");
  return COBRO_DB_BATCH_DOUBT;
}

/* Runs @batch until each of its requests has a result. TRUE: something was committed. */
static gboolean settle (Worker *self, GPtrArray *batch);

/* One of them is in the way of all: each for itself. */
static gboolean
settle_apart (Worker *self, GPtrArray *batch)
{
  gboolean committed = FALSE;

  for (guint i = 0; i < batch->len; i++)
    {
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      g_ptr_array_add (one, g_ptr_array_index (batch, i));
      if (settle (self, one))
        committed = TRUE;
    }
  return committed;
}

static void
set_down (Worker *self, gboolean down)
{
  g_mutex_lock (&self->group->lock);
  self->down = down;
  g_mutex_unlock (&self->group->lock);
}

static gboolean
settle (Worker *self, GPtrArray *batch)
{
  gint64 back = g_get_monotonic_time () + BACK_US;
  gboolean savepoints = FALSE;

  for (guint tries = 1;; tries++)
    {
      g_autoptr (GError) error = NULL;
      CobroDbBatchEnd end = cobro_db_lane_run (&self->lane, batch, savepoints, &error);

      if (end == COBRO_DB_BATCH_SPOILED)
        {
          savepoints = TRUE;
          continue;
        }
      if (end == COBRO_DB_BATCH_DOUBT)
        {
          g_clear_error (&error);
          end = clear_up (self, &error);
          back = g_get_monotonic_time () + BACK_US;
        }
      if (end == COBRO_DB_BATCH_KEPT || end == COBRO_DB_BATCH_EMPTY)
        return end == COBRO_DB_BATCH_KEPT;
      if (end == COBRO_DB_BATCH_LOST && !wait_for_server (self, back))
        set_down (self, TRUE);
      if (end == COBRO_DB_BATCH_REFUSED || end == COBRO_DB_BATCH_DOUBT || self->down || tries >= TRIES_MAX)
        {
          refuse_all (batch, error);
          return FALSE;
        }
      note_retry (self);
      if (batch->len > 1 && tries > 1 && end == COBRO_DB_BATCH_AGAIN)
        return settle_apart (self, batch);
      pause_for (self, PAUSE_US / 2 + (gint64)cobro_random_below (self->lane.random, (guint64)tries * PAUSE_US));
    }
}

/* Commands that asked to be run again go to the front of the queue, in their order, a few times. */
static void
put_back (Worker *self, GPtrArray *batch)
{
  g_mutex_lock (&self->group->lock);
  for (guint i = batch->len; i > 0; i--)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i - 1);

      if (request->result != COBRO_DB_RETRY)
        continue;
      if (++request->retries < RETRIES_MAX && self->group->fatal == NULL)
        {
          g_ptr_array_remove_index (batch, i - 1);
          g_queue_push_head (&self->queue, request);
          self->group->stats.retries++;
          continue;
        }
      request->result = COBRO_DB_REFUSED;
      if (request->error == NULL)
        cobro_error_set (&request->error, COBRO_ERROR_BUSY, "gave up after %u tries", request->retries);
    }
  g_mutex_unlock (&self->group->lock);
}

static void
process (Worker *self, GPtrArray *batch)
{
  CobroDbLanes *group = self->group;
  gint64 changes = self->lane.db != NULL ? cobro_db_total_changes (self->lane.db) : 0;
  gboolean committed = settle (self, batch);
  g_autoptr (GError) fatal = NULL;

  if (find_fatal (batch) != NULL)
    fatal = g_error_copy (find_fatal (batch));
  put_back (self, batch);
  self->last_batch = batch->len;
  note (self, batch, committed);
  if (committed && group->committed != NULL && cobro_db_total_changes (self->lane.db) != changes)
    group->committed (self->lane.db, group->committed_data);
  cobro_db_requests_answer (batch);
  if (fatal != NULL)
    give_up (self, fatal);
}

/* ── The threads ────────────────────────────────────────────────────────────────────────────────────────── */

/* Waits (with the lock held) for those who were answered together to come back together. */
static void
gather (Worker *self)
{
  gint64 until = g_get_monotonic_time () + CLAMP (self->lane.commit_us, 0, GATHER_US_MAX);
  guint wanted = MIN (self->last_batch, COBRO_DB_WRITER_BATCH_MAX);

  while (!self->group->closing && self->queue.length < wanted)
    if (!g_cond_wait_until (&self->wake, &self->group->lock, until))
      return;
}

/* With the lock held: the first that waits, and those behind it about the same. */
static GPtrArray *
take_same (Worker *self)
{
  GPtrArray *batch = g_ptr_array_new ();
  CobroDbRequest *first = g_queue_pop_head (&self->queue);
  GList *next, *link = self->queue.head;

  g_ptr_array_add (batch, first);
  for (guint i = 0; link != NULL && i < LOOK_AHEAD && batch->len < COBRO_DB_WRITER_BATCH_MAX; i++, link = next)
    {
      CobroDbRequest *request = link->data;

      next = link->next;
      if (first->about == COBRO_DB_ABOUT_ALL || request->about == COBRO_DB_ABOUT_ALL)
        break;
      if (g_strcmp0 (request->key, first->key) != 0)
        continue;
      g_ptr_array_add (batch, request);
      g_queue_delete_link (&self->queue, link);
    }
  return batch;
}

/* The next batch, or NULL when the writer is closed and nothing waits. */
static GPtrArray *
take_batch (Worker *self)
{
  CobroDbLanes *group = self->group;
  GPtrArray *batch = NULL;

  g_mutex_lock (&group->lock);
  while (self->queue.length == 0 && !group->closing)
    g_cond_wait (&self->wake, &group->lock);
  if (self->queue.length > 0 && self->last_batch > 1)
    gather (self);
  if (self->queue.length > 0)
    batch = take_same (self);
  g_mutex_unlock (&group->lock);
  return batch;
}

/* The server is not there: whoever came in before that was known is told, and we look for it. */
static void
look_for_server (Worker *self)
{
  g_autoptr (GError) error = NULL;

  cobro_error_set (&error, COBRO_ERROR_UNAVAILABLE, "the database is not there at the moment");
  refuse_waiting (self, error);
  if (cobro_db_lane_connect (&self->lane, NULL))
    set_down (self, FALSE);
  else
    pause_for (self, LOOK_US);
}

static gboolean
is_closing (Worker *self)
{
  gboolean closing;

  g_mutex_lock (&self->group->lock);
  closing = self->group->closing;
  g_mutex_unlock (&self->group->lock);
  return closing;
}

static gpointer
lane_thread (gpointer data)
{
  Worker *self = data;
  GPtrArray *batch;

  if (!cobro_db_lane_connect (&self->lane, NULL))
    set_down (self, TRUE);
  for (;;)
    {
      while (self->down && !is_closing (self))
        look_for_server (self);
      if ((batch = take_batch (self)) == NULL)
        return NULL;
      process (self, batch);
      g_ptr_array_unref (batch);
    }
}

/* ── For everybody ──────────────────────────────────────────────────────────────────────────────────────── */

static CobroDbLanes *
lanes_start (CobroDb *take_db)
{
  CobroDbLanes *self = g_new0 (CobroDbLanes, 1);
  g_autofree char *uri = g_strdup (cobro_db_get_connection (take_db)->uri);

  g_mutex_init (&self->lock);
  for (gsize i = 0; i < LANES; i++)
    {
      Worker *worker = &self->workers[i];

      worker->group = self;
      g_cond_init (&worker->wake);
      g_queue_init (&worker->queue);
      cobro_db_lane_init (&worker->lane, uri, i == 0 ? take_db : NULL);
    }
  for (gsize i = 0; i < LANES; i++)
    self->workers[i].thread = g_thread_new (i < KEY_LANES ? "db-writer" : "db-queue", lane_thread, &self->workers[i]);
  return self;
}

static void
lanes_free (CobroDbLanes *self)
{
  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  for (gsize i = 0; i < LANES; i++)
    g_cond_signal (&self->workers[i].wake);
  g_mutex_unlock (&self->lock);
  for (gsize i = 0; i < LANES; i++)
    g_thread_join (self->workers[i].thread);
  for (gsize i = 0; i < LANES; i++)
    {
      cobro_db_lane_clear (&self->workers[i].lane);
      g_cond_clear (&self->workers[i].wake);
    }
  g_clear_error (&self->fatal);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static Worker *
worker_for (CobroDbLanes *self, const CobroDbRequest *request)
{
  if (request->about == COBRO_DB_ABOUT_KEY)
    return &self->workers[g_str_hash (request->key) % KEY_LANES];
  return &self->workers[request->about == COBRO_DB_ABOUT_QUEUE ? KEY_LANES : 0];
}

/* With the lock held. */
static gboolean
check_open (CobroDbLanes *self, const Worker *worker, GError **error)
{
  if (self->fatal != NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the database has failed: %s", self->fatal->message);
  if (self->closing)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "shutting down");
  if (worker->down)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the database is not there at the moment");
  if (worker->queue.length >= COBRO_DB_WRITER_QUEUE_MAX)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "too much is waiting to be written");
  return TRUE;
}

static gboolean
lanes_submit (CobroDbLanes *self, CobroDbRequest *request, GError **error)
{
  Worker *worker = worker_for (self, request);
  gboolean ok;

  g_mutex_lock (&self->lock);
  ok = check_open (self, worker, error);
  if (ok)
    {
      g_queue_push_tail (&worker->queue, request);
      g_cond_signal (&worker->wake);
    }
  g_mutex_unlock (&self->lock);
  return ok;
}

static gboolean
lanes_is_thread (CobroDbLanes *self)
{
  for (gsize i = 0; i < LANES; i++)
    if (self->workers[i].thread == g_thread_self ())
      return TRUE;
  return FALSE;
}

static void
lanes_set_committed_func (CobroDbLanes *self, void (*func) (CobroDb *db, gpointer data), gpointer data)
{
  self->committed_data = data;
  self->committed = func;
}

static void
lanes_set_fatal_func (CobroDbLanes *self, void (*func) (const GError *error, gpointer data), gpointer data)
{
  self->failed_data = data;
  self->failed = func;
}

static void
lanes_set_timing_func (CobroDbLanes *self,
                       void (*func) (gpointer data, gint64 commit_us, guint commands, guint refused), gpointer data)
{
  self->timed_data = data;
  self->timed = func;
}

static CobroDbWriterStats
lanes_stats (CobroDbLanes *self)
{
  CobroDbWriterStats stats;

  g_mutex_lock (&self->lock);
  stats = self->stats;
  stats.queued = 0;
  for (gsize i = 0; i < LANES; i++)
    stats.queued += self->workers[i].queue.length;
  g_mutex_unlock (&self->lock);
  return stats;
}

const CobroDbLanesClass cobro_db_postgres_lanes = {
  .start = lanes_start,
  .free = lanes_free,
  .submit = lanes_submit,
  .is_thread = lanes_is_thread,
  .set_committed_func = lanes_set_committed_func,
  .set_fatal_func = lanes_set_fatal_func,
  .set_timing_func = lanes_set_timing_func,
  .stats = lanes_stats,
};
