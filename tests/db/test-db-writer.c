/* tests/db/test-db-writer.c — group commit: batches, savepoints, retries, refusals, and that nobody is answered before
 * the commit.
 * Layer: tests. */
#include "cobro-db-writer.h"
#include "cobro-error.h"
#include "db-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define TABLE "CREATE TABLE thing (n INTEGER PRIMARY KEY) STRICT;"

typedef struct
{
  DbFolder folder;
  CobroDb *reader;
  CobroDbWriter *writer;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  CobroDb *db;

  db_folder_set_up (&fixture->folder, NULL);
  db = db_folder_open (&fixture->folder, "a", COBRO_DB_CREATE);
  db_must_exec (db, TABLE);
  fixture->reader = db_folder_open (&fixture->folder, "a", COBRO_DB_READ_ONLY);
  fixture->writer = cobro_db_writer_new (db);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cobro_db_close (fixture->reader);
  cobro_db_writer_free (fixture->writer);
  db_folder_tear_down (&fixture->folder, NULL);
}

static CobroDbResult
insert (CobroDb *db, gpointer data, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (db, "INSERT INTO thing (n) VALUES (:n)", error);

  if (statement == NULL)
    return COBRO_DB_REFUSED;
  cobro_db_bind_int64 (statement, ":n", GPOINTER_TO_INT (data));
  return cobro_db_run (statement, error) ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

/* A command that waits for permission: everything queued meanwhile must end up in one batch. */
typedef struct
{
  GMutex lock;
  GCond wake;
  gboolean begun, allowed;
  guint answered;
} Barrier;

static CobroDbResult
wait_for_permission (CobroDb *db, gpointer data, GError **error)
{
  Barrier *barrier = data;

  g_mutex_lock (&barrier->lock);
  barrier->begun = TRUE;
  g_cond_broadcast (&barrier->wake);
  while (!barrier->allowed)
    g_cond_wait (&barrier->wake, &barrier->lock);
  g_mutex_unlock (&barrier->lock);
  return COBRO_DB_OK;
}

static void
on_answered_cb (CobroDbResult result, GError *error, gpointer data)
{
  Barrier *barrier = data;

  g_mutex_lock (&barrier->lock);
  barrier->answered++;
  g_cond_broadcast (&barrier->wake);
  g_mutex_unlock (&barrier->lock);
}

static void
barrier_wait (Barrier *barrier, guint answered)
{
  g_mutex_lock (&barrier->lock);
  while (barrier->answered < answered || !barrier->begun)
    g_cond_wait (&barrier->wake, &barrier->lock);
  g_mutex_unlock (&barrier->lock);
}

static void
barrier_open (Barrier *barrier)
{
  g_mutex_lock (&barrier->lock);
  barrier->allowed = TRUE;
  g_cond_broadcast (&barrier->wake);
  g_mutex_unlock (&barrier->lock);
}

static void
barrier_start (Barrier *barrier, CobroDbWriter *writer)
{
  g_autoptr (GError) error = NULL;

  memset (barrier, 0, sizeof *barrier);
  g_mutex_init (&barrier->lock);
  g_cond_init (&barrier->wake);
  g_assert_true (cobro_db_writer_submit (writer, "m", wait_for_permission, barrier, on_answered_cb, barrier, &error));
  barrier_wait (barrier, 0);
}

static void
test_batches (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Barrier barrier;
  CobroDbWriterStats stats;

  barrier_start (&barrier, fixture->writer);
  for (int i = 1; i <= 128; i++)
    g_assert_true (
      cobro_db_writer_submit (fixture->writer, "m", insert, GINT_TO_POINTER (i), on_answered_cb, &barrier, &error));
  g_assert_cmpuint (cobro_db_writer_stats (fixture->writer).queued, ==, 128);
  barrier_open (&barrier);
  barrier_wait (&barrier, 129);

  /* The one that waited, and 128 in two commits of 64. */
  stats = cobro_db_writer_stats (fixture->writer);
  g_assert_cmpuint (stats.commands, ==, 129);
  g_assert_cmpuint (stats.batches, ==, 3);
  g_assert_cmpuint (stats.refused, ==, 0);
  g_assert_cmpint (db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing"), ==, 128);
}

/* One that fails does not take the others of its batch with it. */
static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  static const int numbers[] = { 1, 2, 2, 3, 1, 4 };
  g_autoptr (GError) error = NULL;
  Barrier barrier;

  barrier_start (&barrier, fixture->writer);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_true (cobro_db_writer_submit (fixture->writer, "m", insert, GINT_TO_POINTER (numbers[i]), on_answered_cb,
                                           &barrier, &error));
  barrier_open (&barrier);
  barrier_wait (&barrier, 7);
  g_assert_cmpuint (cobro_db_writer_stats (fixture->writer).refused, ==, 2);
  g_assert_cmpuint (cobro_db_writer_stats (fixture->writer).batches, ==, 2);
  g_assert_cmpint (db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing"), ==, 4);

  g_assert_false (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (4), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (5), &error));
}

/* Whoever is answered finds the row from another connection. */
static void
on_committed_answer_cb (CobroDbResult result, GError *error, gpointer data)
{
  Barrier *barrier = data;

  g_assert_cmpint (result, ==, COBRO_DB_OK);
  g_assert_cmpint (db_must_count (*(CobroDb **)(barrier + 1), "SELECT count(*) AS n FROM thing"), ==, 64);
  on_answered_cb (result, error, data);
}

static void
test_answer_after_commit (Fixture *fixture, gconstpointer data)
{
  struct
  {
    Barrier barrier;
    CobroDb *reader;
  } both = { .reader = fixture->reader };
  g_autoptr (GError) error = NULL;

  barrier_start (&both.barrier, fixture->writer);
  for (int i = 1; i <= 64; i++)
    g_assert_true (cobro_db_writer_submit (fixture->writer, "m", insert, GINT_TO_POINTER (i), on_committed_answer_cb,
                                           &both.barrier, &error));
  barrier_open (&both.barrier);
  barrier_wait (&both.barrier, 65);
}

typedef struct
{
  int runs, wanted;
} Retry;

static CobroDbResult
insert_and_retry (CobroDb *db, gpointer data, GError **error)
{
  Retry *retry = data;

  if (insert (db, GINT_TO_POINTER (7), error) != COBRO_DB_OK)
    return COBRO_DB_REFUSED;
  return ++retry->runs < retry->wanted ? COBRO_DB_RETRY : COBRO_DB_OK;
}

static void
test_retry (Fixture *fixture, gconstpointer data)
{
  Retry thrice = { 0, 3 }, for_ever = { 0, G_MAXINT };
  g_autoptr (GError) error = NULL;

  /* Each run finds the books as the first did: the insert would fail otherwise. */
  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert_and_retry, &thrice, &error));
  g_assert_cmpint (thrice.runs, ==, 3);
  g_assert_cmpint (db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing"), ==, 1);
  db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing");

  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (8), &error));
  for_ever.runs = 0;
  g_assert_false (cobro_db_writer_run_for (fixture->writer, "m", insert_and_retry, &for_ever, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS); /* 7 is there */
  g_clear_error (&error);
}

static CobroDbResult
always_retry (CobroDb *db, gpointer data, GError **error)
{
  ++*(int *)data;
  return COBRO_DB_RETRY;
}

static CobroDbResult
leave_savepoint_open (CobroDb *db, gpointer data, GError **error)
{
  insert (db, GINT_TO_POINTER (1), error);
  return cobro_db_savepoint (db, error) ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

static CobroDbResult
end_transaction (CobroDb *db, gpointer data, GError **error)
{
  insert (db, GINT_TO_POINTER (1), error);
  cobro_db_rollback (db);
  return COBRO_DB_OK;
}

static CobroDbResult
give_no_reason (CobroDb *db, gpointer data, GError **error)
{
  insert (db, GINT_TO_POINTER (1), error);
  return COBRO_DB_REFUSED;
}

/* Commands that misbehave are refused and leave nothing behind. */
static void
test_misbehaviour (Fixture *fixture, gconstpointer data)
{
  static const CobroDbCommand commands[] = { leave_savepoint_open, end_transaction, give_no_reason };
  g_autoptr (GError) error = NULL;
  int runs = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_assert_false (cobro_db_writer_run_for (fixture->writer, "m", commands[i], NULL, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
      g_clear_error (&error);
    }
  g_assert_false (cobro_db_writer_run_for (fixture->writer, "m", always_retry, &runs, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpint (runs, >, 1);
  g_assert_cmpint (db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing"), ==, 0);
  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (1), &error));
  g_assert_cmpint (db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing"), ==, 1);
}

static CobroDbResult
do_nothing (CobroDb *db, gpointer data, GError **error)
{
  return COBRO_DB_OK;
}

static void
on_counted_cb (CobroDbResult result, GError *error, gpointer data)
{
  g_atomic_int_inc ((int *)data);
}

/* The queue is bounded; what waits when the writer is closed is still done and answered. */
static void
test_bounded_queue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Barrier barrier;
  guint taken = 0;
  int answered = 0;

  barrier_start (&barrier, fixture->writer);
  while (cobro_db_writer_submit (fixture->writer, "m", do_nothing, NULL, on_counted_cb, &answered, &error))
    taken++;
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
  g_assert_cmpuint (taken, ==, COBRO_DB_WRITER_QUEUE_MAX);
  barrier_open (&barrier);
  g_clear_pointer (&fixture->writer, cobro_db_writer_free);
  g_assert_cmpint (answered, ==, COBRO_DB_WRITER_QUEUE_MAX);
}

static void
on_committed_cb (CobroDb *db, gpointer data)
{
  g_atomic_int_inc ((int *)data);
}

/* Once for each batch that changed something. */
static void
test_committed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int commits = 0;

  cobro_db_writer_set_committed_func (fixture->writer, on_committed_cb, &commits);
  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (1), &error));
  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", do_nothing, NULL, &error));
  g_assert_false (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (1), &error));
  g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (2), &error));
  g_clear_pointer (&fixture->writer, cobro_db_writer_free); /* joins its thread */
  g_assert_cmpint (commits, ==, 2);
}

static gpointer
insert_many (gpointer data)
{
  CobroDbWriter *writer = *(CobroDbWriter **)data;
  int base = ((int *)((CobroDbWriter **)data + 1))[0];

  for (int i = 0; i < 200; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = cobro_db_writer_run_for (writer, "m", insert, GINT_TO_POINTER (base + i), &error);
      g_assert_no_error (error);
      g_assert_true (ok);
    }
  return NULL;
}

/* Many who wait for their commit share commits. */
static void
test_many_threads (Fixture *fixture, gconstpointer data)
{
  struct
  {
    CobroDbWriter *writer;
    int base;
  } callers[16];
  GThread *threads[16];
  CobroDbWriterStats stats;

  for (int i = 0; i < 16; i++)
    {
      callers[i].writer = fixture->writer;
      callers[i].base = i * 1000 + 1;
      threads[i] = g_thread_new ("caller", insert_many, &callers[i]);
    }
  for (int i = 0; i < 16; i++)
    g_thread_join (threads[i]);
  stats = cobro_db_writer_stats (fixture->writer);
  g_test_message ("%" G_GUINT64_FORMAT " commands in %" G_GUINT64_FORMAT " commits", stats.commands, stats.batches);
  g_assert_cmpuint (stats.commands, ==, 3200);
  if (!db_folder_is_postgres ()) /* whose flushes may be quicker than the next caller */
    g_assert_cmpuint (stats.batches, <, 1600);
  g_assert_cmpint (db_must_count (fixture->reader, "SELECT count(*) AS n FROM thing"), ==, 3200);
}

/* The log does not grow for ever, and is empty when the writer has gone. */
static void
test_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = db_folder_path (&fixture->folder, "a-wal");
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  for (int i = 1; i <= 3000; i++)
    g_assert_true (cobro_db_writer_run_for (fixture->writer, "m", insert, GINT_TO_POINTER (i * 7919), &error));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <, 2 * 1000 * 4200); /* some 2 pages a commit: 6,000 without checkpoints */
  g_clear_pointer (&fixture->reader, cobro_db_close);
  g_clear_pointer (&fixture->writer, cobro_db_writer_free);
  g_assert_true (g_stat (path, &info) != 0 || info.st_size == 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/writer/batches", test_batches);
  ADD ("/db/writer/refusals", test_refusals);
  ADD ("/db/writer/answer-after-commit", test_answer_after_commit);
  ADD ("/db/writer/retry", test_retry);
  ADD ("/db/writer/misbehaviour", test_misbehaviour);
  ADD ("/db/writer/bounded-queue", test_bounded_queue);
  ADD ("/db/writer/committed", test_committed);
  ADD ("/db/writer/many-threads", test_many_threads);
  if (!db_folder_is_postgres ())
    ADD ("/db/writer/checkpoint", test_checkpoint);
  return g_test_run ();
}
