/* tests/db/test-db-worker.c — the desktop's worker: jobs in order, transactions, answers on the caller's main context,
 * cancellation.
 * Layer: tests. */
#include "cobro-db-worker.h"
#include "cobro-error.h"
#include "db-folder.h"

#include <string.h>

typedef struct
{
  DbFolder folder;
  CobroDbWorker *worker;
  GThread *caller;
  GString *order;
  guint answered;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  CobroDb *db;

  db_folder_set_up (&fixture->folder, NULL);
  db = db_folder_open (&fixture->folder, "a", COBRO_DB_CREATE);
  db_must_exec (db, "CREATE TABLE thing (n INTEGER PRIMARY KEY) STRICT;");
  fixture->worker = cobro_db_worker_new (db, "test");
  fixture->caller = g_thread_self ();
  fixture->order = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cobro_db_worker_free (fixture->worker);
  g_string_free (fixture->order, TRUE);
  g_clear_error (&fixture->error);
  db_folder_tear_down (&fixture->folder, NULL);
}

static gpointer
insert (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (db, "INSERT INTO thing (n) VALUES (:n)", error);

  cobro_db_bind_int64 (statement, ":n", GPOINTER_TO_INT (data));
  return cobro_db_run (statement, error) ? g_strdup_printf ("%d", GPOINTER_TO_INT (data)) : NULL;
}

static gpointer
insert_and_fail (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_free (insert (db, data, cancellable, error));
  cobro_error_set (error, COBRO_ERROR_STATE, "changed my mind");
  return NULL;
}

static gpointer
count (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER ((int)db_must_count (db, "SELECT count(*) AS n FROM thing"));
}

static int
count_things (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gpointer n = cobro_db_worker_run_sync (fixture->worker, COBRO_DB_JOB_READ, count, NULL, &error);

  g_assert_no_error (error);
  return GPOINTER_TO_INT (n);
}

static void
on_inserted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = cobro_db_worker_run_finish (fixture->worker, result, &fixture->error);

  g_assert_true (g_thread_self () == fixture->caller);
  g_string_append_printf (fixture->order, "%s ", text != NULL ? text : "-");
  fixture->answered++;
}

static void
run_async (Fixture *fixture, CobroDbJob job, int number, GCancellable *cancellable)
{
  cobro_db_worker_run_async (fixture->worker, COBRO_DB_JOB_WRITE, job, GINT_TO_POINTER (number), NULL, g_free,
                             cancellable, on_inserted_cb, fixture);
}

static void
wait_for (Fixture *fixture, guint answered)
{
  while (fixture->answered < answered)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  for (int i = 1; i <= 5; i++)
    run_async (fixture, insert, i, NULL);
  g_assert_cmpuint (fixture->answered, ==, 0); /* only when the main context runs */
  wait_for (fixture, 5);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->order->str, ==, "1 2 3 4 5 ");
  g_assert_cmpint (count_things (fixture), ==, 5);
}

static void
test_failure_undoes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run_async (fixture, insert_and_fail, 1, NULL);
  wait_for (fixture, 1);
  g_assert_error (fixture->error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpint (count_things (fixture), ==, 0);
  g_assert_null (
    cobro_db_worker_run_sync (fixture->worker, COBRO_DB_JOB_WRITE, insert_and_fail, GINT_TO_POINTER (1), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpint (count_things (fixture), ==, 0);
}

/* Cancelled before its turn: not done, and told so. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  run_async (fixture, insert, 1, cancellable);
  wait_for (fixture, 1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count_things (fixture), ==, 0);
}

static gpointer
cancel_and_insert (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_cancellable_cancel (cancellable);
  return insert (db, data, cancellable, error);
}

/* Cancelled while it was written: it is written, so that is what is told. */
static void
test_cancel_too_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  run_async (fixture, cancel_and_insert, 1, cancellable);
  wait_for (fixture, 1);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->order->str, ==, "1 ");
  g_assert_cmpint (count_things (fixture), ==, 1);
}

/* What is queued when the worker goes is still done. */
static void
test_close_finishes (Fixture *fixture, gconstpointer data)
{
  CobroDb *db;

  for (int i = 1; i <= 100; i++)
    run_async (fixture, insert, i, NULL);
  g_clear_pointer (&fixture->worker, cobro_db_worker_free);
  db = db_folder_open (&fixture->folder, "a", COBRO_DB_READ_WRITE);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 100);
  cobro_db_close (db);
  wait_for (fixture, 100);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/worker/order", test_order);
  ADD ("/db/worker/failure-undoes", test_failure_undoes);
  ADD ("/db/worker/cancel", test_cancel);
  ADD ("/db/worker/cancel-too-late", test_cancel_too_late);
  ADD ("/db/worker/close-finishes", test_close_finishes);
  return g_test_run ();
}
