/* tests/db/test-db-lanes.c — the writers on PostgreSQL: turns per key, deadlocks, a COMMIT without an answer, a server
 * that is restarted under load.
 * Layer: tests. */
#include "cobro-db-writer.h"
#include "cobro-error.h"
#include "cobro-test-postgres.h"
#include "db-folder.h"
#include "db-proxy.h"

#include <string.h>

#define TABLES                                                                                                         \
  "CREATE TABLE counter (key TEXT PRIMARY KEY, n BIGINT NOT NULL); "                                                   \
  "CREATE TABLE entry (key TEXT NOT NULL, n BIGINT NOT NULL); CREATE INDEX ON entry (key, n)"

/* (transfer full) a writer of a process of its own, as far as the server can tell. */
static CobroDbWriter *
writer_on (const char *uri)
{
  g_autoptr (GError) error = NULL;
  CobroDb *db = cobro_db_open (uri, COBRO_DB_CREATE, TEST_APPLICATION_ID, &error);

  g_assert_no_error (error);
  return cobro_db_writer_new (db);
}

/* Reads first and writes then: right only when nobody of the same key is between. */
typedef struct
{
  const char *key;
  gint64 expected; /* of entry: the number to write down; 0: the next one */
} Count;

static gboolean
run (CobroDb *db, const char *sql, const char *key, gint64 n, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":key", key);
  cobro_db_bind_int64 (statement, ":n", n);
  return cobro_db_run (statement, error);
}

static CobroDbResult
count_up (CobroDb *db, gpointer data, GError **error)
{
  const Count *count = data;
  CobroDbStatement *statement = cobro_db_prepare (db, "SELECT n FROM counter WHERE key = :key", error);
  gint64 n = 0;

  cobro_db_bind_text (statement, ":key", count->key);
  if (cobro_db_step (statement, error) == COBRO_DB_ROW)
    n = cobro_db_column_int64 (statement, "n");
  cobro_db_reset (statement);
  if (*error != NULL ||
      !run (db, "INSERT INTO counter (key, n) VALUES (:key, :n) ON CONFLICT (key) DO UPDATE SET n = :n", count->key,
            n + 1, error) ||
      !run (db, "INSERT INTO entry (key, n) VALUES (:key, :n)", count->key,
            count->expected != 0 ? count->expected : n + 1, error))
    return COBRO_DB_REFUSED;
  return COBRO_DB_OK;
}

/* ── Turns ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroDbWriter *writer;
  char key[8];
  int about; /* 0: its key, 1: everything */
  GThread *thread;
} Caller;

static gpointer
count_often (gpointer data)
{
  Caller *caller = data;

  for (int i = 0; i < 40; i++)
    {
      Count count = { caller->key, 0 };
      g_autoptr (GError) error = NULL;
      gboolean ok = cobro_db_writer_run_for (caller->writer, caller->about == 1 && i % 8 == 0 ? NULL : caller->key,
                                             count_up, &count, &error);

      g_assert_no_error (error);
      g_assert_true (ok);
    }
  return NULL;
}

/* Two processes, three keys, and some who want everything: every count is there once. */
static void
test_turns (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *uri = db_folder_uri (folder, "a");
  CobroDbWriter *writers[2] = { writer_on (uri), writer_on (uri) };
  Caller callers[18];

  db_must_exec (db, TABLES);
  for (gsize i = 0; i < G_N_ELEMENTS (callers); i++)
    {
      callers[i] = (Caller){ .writer = writers[i % 2], .about = i % 6 == 5 };
      g_snprintf (callers[i].key, sizeof callers[i].key, "k%" G_GSIZE_FORMAT, i % 3);
      callers[i].thread = g_thread_new ("caller", count_often, &callers[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (callers); i++)
    g_thread_join (callers[i].thread);
  g_assert_cmpint (db_must_count (db, "SELECT CAST (sum (n) AS BIGINT) AS n FROM counter"), ==, 18 * 40);
  g_assert_cmpint (db_must_count (db, "SELECT count(DISTINCT key || ' ' || n) AS n FROM entry"), ==, 18 * 40);
  for (int i = 0; i < 2; i++)
    {
      CobroDbWriterStats stats = cobro_db_writer_stats (writers[i]);

      g_test_message ("%" G_GUINT64_FORMAT " commands in %" G_GUINT64_FORMAT " commits, %" G_GUINT64_FORMAT " retries",
                      stats.commands, stats.batches, stats.retries);
      g_assert_cmpuint (stats.batches, <, stats.commands);
      cobro_db_writer_free (writers[i]);
    }
}

/* Locks two rows, in an order that is bound to collide with the other's. */
static CobroDbResult
lock_both (CobroDb *db, gpointer data, GError **error)
{
  static const char *const keys[] = { "a", "b" };
  int first = GPOINTER_TO_INT (data);

  for (int i = 0; i < 2; i++)
    {
      if (!run (db, "UPDATE counter SET n = n + :n WHERE key = :key", keys[(first + i) % 2], 1, error))
        return COBRO_DB_REFUSED;
      g_usleep (20000);
    }
  return COBRO_DB_OK;
}

static gpointer
lock_often (gpointer data)
{
  Caller *caller = data;

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = cobro_db_writer_run_queue (caller->writer, lock_both, GINT_TO_POINTER (caller->about), &error);

      g_assert_no_error (error);
      g_assert_true (ok);
    }
  return NULL;
}

/* Whoever is in the other's way is run again; nobody is told. */
static void
test_deadlocks (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *uri = db_folder_uri (folder, "a");
  Caller callers[2];
  guint64 retries = 0;

  db_must_exec (db, TABLES "; INSERT INTO counter VALUES ('a', 0), ('b', 0)");
  for (int i = 0; i < 2; i++)
    {
      callers[i] = (Caller){ .writer = writer_on (uri), .about = i };
      callers[i].thread = g_thread_new ("caller", lock_often, &callers[i]);
    }
  for (int i = 0; i < 2; i++)
    {
      g_thread_join (callers[i].thread);
      retries += cobro_db_writer_stats (callers[i].writer).retries;
      cobro_db_writer_free (callers[i].writer);
    }
  g_assert_cmpuint (retries, >, 0);
  g_assert_cmpint (db_must_count (db, "SELECT CAST (sum (n) AS BIGINT) AS n FROM counter"), ==, 12);
}

/* ── COMMIT without an answer ───────────────────────────────────────────────────────────────────────────────────── */

/* However the connection breaks around COMMIT: answered with yes, and done once. */
static void
test_commit_without_answer (DbFolder *folder, gconstpointer data)
{
  static const struct
  {
    DbProxyCut cut;
    const char *name;
  } cuts[] = { { DB_PROXY_CUT_AFTER, "it arrived" },
               { DB_PROXY_CUT_BEFORE, "it did not arrive" },
               { DB_PROXY_CUT_LATE, "it arrives after we asked" } };
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *uri = db_folder_uri (folder, "a");
  DbProxy *proxy = db_proxy_new (folder->folder, uri);
  CobroDbWriter *writer;

  db_must_exec (db, TABLES);
  writer = writer_on (db_proxy_uri (proxy));
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (cuts); i++)
    {
      Count count = { "k", 0 };
      g_autoptr (GError) error = NULL;
      gboolean ok;

      db_proxy_cut_next (proxy, cuts[i / 2].cut);
      ok = cobro_db_writer_run_for (writer, i % 2 == 0 ? "k" : NULL, count_up, &count, &error);
      g_test_message ("%s: %s", cuts[i / 2].name, error != NULL ? error->message : "done");
      g_assert_no_error (error);
      g_assert_true (ok);
      g_assert_true (db_proxy_has_cut (proxy));
      g_assert_cmpint (db_must_count (db, "SELECT n FROM counter"), ==, (gint64)i + 1);
      g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM entry"), ==, (gint64)i + 1);
    }
  cobro_db_writer_free (writer);
  db_proxy_free (proxy);
}

/* When nobody can be asked, the answer says that it is unknown, and never that it was not done. */
static void
test_unknown (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *uri = db_folder_uri (folder, "a");
  DbProxy *proxy = db_proxy_new (folder->folder, uri);
  g_autoptr (GError) error = NULL;
  Count count = { "k", 0 };
  CobroDbWriter *writer;

  db_must_exec (db, TABLES);
  writer = writer_on (db_proxy_uri (proxy));
  g_assert_true (cobro_db_writer_run_for (writer, "k", count_up, &count, &error));
  db_proxy_cut_next (proxy, DB_PROXY_CUT_AND_CLOSE);
  g_assert_false (cobro_db_writer_run_for (writer, "k", count_up, &count, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "unknown"));
  g_clear_error (&error);
  cobro_db_writer_free (writer);
  db_proxy_free (proxy);
}

/* ── A server that is restarted under load ──────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroDbWriter *writer;
  char key[8];
  int stop;
  gint64 tried;
  GArray *done, *not_done; /* (element-type gint64) what was answered for certain */
  gint64 longest_us;       /* between two successes */
  GThread *thread;
} Loader;

static gpointer
load (gpointer data)
{
  Loader *loader = data;
  gint64 last = g_get_monotonic_time ();

  while (!g_atomic_int_get (&loader->stop))
    {
      Count count = { loader->key, ++loader->tried };
      g_autoptr (GError) error = NULL;

      if (cobro_db_writer_run_for (loader->writer, loader->key, count_up, &count, &error))
        {
          g_array_append_val (loader->done, loader->tried);
          loader->longest_us = MAX (loader->longest_us, g_get_monotonic_time () - last);
          last = g_get_monotonic_time ();
          continue;
        }
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
      if (strstr (error->message, "unknown") == NULL)
        g_array_append_val (loader->not_done, loader->tried);
      g_usleep (10000);
    }
  return NULL;
}

static gint64
count_of (CobroDb *db, const char *key, gint64 n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT count(*) AS n FROM entry WHERE key = :key AND n = :n", &error);

  cobro_db_bind_text (statement, ":key", key);
  cobro_db_bind_int64 (statement, ":n", n);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  return cobro_db_column_int64 (statement, "n");
}

static void
check_loader (CobroDb *db, Loader *loader)
{
  g_test_message ("%s: %u done, %u not, longest wait %" G_GINT64_FORMAT " ms", loader->key, loader->done->len,
                  loader->not_done->len, loader->longest_us / 1000);
  g_assert_cmpuint (loader->done->len, >, 0);
  for (guint i = 0; i < loader->done->len; i++)
    g_assert_cmpint (count_of (db, loader->key, g_array_index (loader->done, gint64, i)), ==, 1);
  for (guint i = 0; i < loader->not_done->len; i++)
    g_assert_cmpint (count_of (db, loader->key, g_array_index (loader->not_done, gint64, i)), ==, 0);
  g_assert_cmpint (loader->longest_us, <, 10 * G_USEC_PER_SEC);
}

/* Every acknowledged write is there, once; every refused one is not; service is back by itself. */
static void
test_restarts (DbFolder *folder, gconstpointer data)
{
  static const char *const modes[] = { "immediate", "fast", "kill", "immediate" };
  g_autofree char *uri = cobro_test_postgres_own (NULL);
  g_autoptr (GError) error = NULL;
  CobroDb *db = cobro_db_open (uri, COBRO_DB_CREATE, TEST_APPLICATION_ID, &error);
  CobroDbWriter *writers[2];
  Loader loaders[6];

  g_assert_no_error (error);
  db_must_exec (db, TABLES);
  cobro_db_close (db);
  for (int i = 0; i < 2; i++)
    writers[i] = writer_on (uri);
  for (gsize i = 0; i < G_N_ELEMENTS (loaders); i++)
    {
      loaders[i] = (Loader){ .writer = writers[i % 2],
                             .done = g_array_new (FALSE, FALSE, sizeof (gint64)),
                             .not_done = g_array_new (FALSE, FALSE, sizeof (gint64)) };
      g_snprintf (loaders[i].key, sizeof loaders[i].key, "k%" G_GSIZE_FORMAT, i);
      loaders[i].thread = g_thread_new ("loader", load, &loaders[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_usleep (400000);
      cobro_test_postgres_stop (modes[i]);
      g_usleep (i == 1 ? 2500000 : 50000); /* once longer than a batch is willing to wait */
      cobro_test_postgres_start ();
    }
  g_usleep (1500000);
  for (gsize i = 0; i < G_N_ELEMENTS (loaders); i++)
    g_atomic_int_set (&loaders[i].stop, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (loaders); i++)
    g_thread_join (loaders[i].thread);
  for (int i = 0; i < 2; i++)
    cobro_db_writer_free (writers[i]);

  db = cobro_db_open (uri, COBRO_DB_READ_ONLY, TEST_APPLICATION_ID, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (loaders); i++)
    {
      check_loader (db, &loaders[i]);
      g_array_unref (loaders[i].done);
      g_array_unref (loaders[i].not_done);
    }
  g_assert_cmpint (db_must_count (db, "SELECT CAST (sum (n) AS BIGINT) AS n FROM counter"), ==,
                   db_must_count (db, "SELECT count(*) AS n FROM entry"));
  cobro_db_close (db);
}

#define ADD(path, func) g_test_add (path, DbFolder, NULL, db_folder_set_up, func, db_folder_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/lanes/turns", test_turns);
  ADD ("/db/lanes/deadlocks", test_deadlocks);
  ADD ("/db/lanes/commit-without-answer", test_commit_without_answer);
  ADD ("/db/lanes/unknown", test_unknown);
  ADD ("/db/lanes/restarts", test_restarts); /* proves: OPL-11 */
  return g_test_run ();
}
