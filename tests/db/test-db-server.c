/* tests/db/test-db-server.c — the PostgreSQL driver where it is not like SQLite: what a session is told, which servers
 * will not do, types, transactions that a failure spoils, sessions that end.
 * Layer: tests. */
#include "cobro-db.h"
#include "cobro-error.h"
#include "cobro-test-postgres.h"
#include "db-folder.h"

#include <string.h>

/* (transfer full) the one text that a query gives in "t". */
static char *
must_text (CobroDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  return g_strdup (cobro_db_column_text (statement, "t"));
}

static void
must_be (CobroDb *db, const char *sql, const char *expected)
{
  g_autofree char *text = must_text (db, sql);

  g_test_message ("%s", sql);
  g_assert_cmpstr (text, ==, expected);
}

static void
must_fail (CobroDb *db, const char *sql, CobroError code)
{
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", sql);
  g_assert_false (cobro_db_exec (db, sql, &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
}

/* Whatever the database's owner set, acknowledged is durable, and nothing waits for ever. */
static void
test_session (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) careless = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) db = NULL, reader = NULL, patient = NULL;
  g_autoptr (GError) error = NULL;

  db_must_exec (careless,
                "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database () || ' SET synchronous_commit = off'; "
                "EXECUTE 'ALTER DATABASE ' || current_database () || ' SET statement_timeout = 0'; "
                "END $$; CREATE SCHEMA other; CREATE TABLE other.thing (n INT)");
  db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  must_be (db, "SELECT current_setting ('synchronous_commit') AS t", "on");
  must_be (db, "SELECT current_setting ('statement_timeout') AS t", "5s");
  must_be (db, "SELECT current_setting ('lock_timeout') AS t", "2s");
  must_be (db, "SELECT current_setting ('idle_in_transaction_session_timeout') AS t", "10s");
  must_be (db, "SELECT current_setting ('search_path') AS t", "public, pg_temp");
  must_be (db, "SELECT current_setting ('client_encoding') AS t", "UTF8");
  must_be (db, "SELECT current_setting ('transaction_isolation') AS t", "read committed");

  reader = db_folder_open (folder, "a", COBRO_DB_READ_ONLY);
  must_fail (reader, "CREATE TABLE thing (n INT)", COBRO_ERROR_INTERNAL);
  g_assert_true (cobro_db_begin_read (reader, &error));
  must_be (reader, "SELECT current_setting ('transaction_isolation') AS t", "repeatable read");

  patient = db_folder_open (folder, "a", COBRO_DB_READ_ONLY | COBRO_DB_PATIENT);
  must_be (patient, "SELECT current_setting ('statement_timeout') AS t", "0");
  g_assert_true (cobro_db_set_patient (patient, FALSE, &error));
  must_be (patient, "SELECT current_setting ('statement_timeout') AS t", "5s");
}

static void
must_refuse (const char *uri, CobroError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_db_open (uri, COBRO_DB_CREATE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

/* (transfer full) the URI of another database on the same server. */
static char *
uri_of (const char *uri, const char *name)
{
  const char *slash = strstr (uri, "@/") + 1, *question = strchr (uri, '?');

  return g_strdup_printf ("%.*s/%s%s", (int)(slash - uri), uri, name, question);
}

static void
test_refused_servers (DbFolder *folder, gconstpointer data)
{
  static const struct
  {
    const char *name, *how, *words;
  } kinds[] = {
    { "ascii", "ENCODING 'SQL_ASCII'", "SQL_ASCII" },
    { "icu", "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en'", "sorts by the rules" },
  };
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *uri = db_folder_uri (folder, "a"), *careless = cobro_test_postgres_own ("fsync=off");
  g_autofree char *missing = uri_of (uri, "no_such_database");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = must_text (db, "SELECT current_database () || '_' AS t");
      g_autofree char *full = g_strconcat (name, kinds[i].name, NULL), *other = uri_of (uri, full);
      g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s %s TEMPLATE template0", full, kinds[i].how);

      db_must_exec (db, sql);
      must_refuse (other, COBRO_ERROR_CONFIG, kinds[i].words);
      cobro_test_postgres_drop (other);
    }
  must_refuse (careless, COBRO_ERROR_CONFIG, "fsync");
  must_refuse (missing, COBRO_ERROR_UNAVAILABLE, "does not exist");
  must_refuse ("postgresql://nobody@/x?host=/nowhere", COBRO_ERROR_UNAVAILABLE, "cannot reach");
  must_refuse ("postgresql://nobody@/x?nonsense=1", COBRO_ERROR_CONFIG, "nonsense");
}

/* ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_numbers (DbFolder *folder, gconstpointer data)
{
  static const gint64 numbers[] = { G_MININT64, -1, 0, 1, 9999, 10000, G_MAXINT32 + 1LL, G_MAXINT64 };
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i]);
      g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
        db, "SELECT :n AS n, CAST (:n AS NUMERIC) AS exact, :n = :n AS same, :n + 0.5 - 0.5 AS cut", &error);

      cobro_db_bind_int64 (statement, ":n", numbers[i]);
      g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
      g_assert_cmpint (cobro_db_column_int64 (statement, "n"), ==, numbers[i]);
      g_assert_cmpint (cobro_db_column_int64 (statement, "exact"), ==, numbers[i]);
      g_assert_cmpint (cobro_db_column_int64 (statement, "cut"), ==, numbers[i]);
      g_assert_cmpint (cobro_db_column_int64 (statement, "same"), ==, 1);
      g_assert_cmpstr (cobro_db_column_text (statement, "n"), ==, text);
    }
  /* Never a number that is not the one. */
  must_fail (db, "SELECT CAST (9223372036854775807 AS BIGINT) + 1", COBRO_ERROR_INTERNAL);
  for (int i = 0; i < 2; i++)
    {
      CobroDbStatement *statement = cobro_db_prepare (
        db, i == 0 ? "SELECT 9223372036854775807 * 10.0 AS n" : "SELECT CAST (1 AS DOUBLE PRECISION) AS n", &error);

      g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_FAILED);
      g_assert_cmpint (error->code, ==, i == 0 ? COBRO_ERROR_OVERFLOW : COBRO_ERROR_INTERNAL);
      g_clear_error (&error);
      cobro_db_reset (statement);
    }
}

static void
insert (CobroDb *db, gint64 number, const char *text, gconstpointer bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  CobroDbStatement *statement =
    cobro_db_prepare (db, "INSERT INTO thing (number, text, bytes) VALUES (:number, :text, :bytes)", &error);

  if (number != 0)
    cobro_db_bind_int64 (statement, ":number", number);
  cobro_db_bind_text (statement, ":text", text);
  if (bytes != NULL)
    cobro_db_bind_blob (statement, ":bytes", bytes, n);
  gboolean ok = cobro_db_run (statement, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpint (cobro_db_changes (db), ==, 1);
}

/* Nulls before and after values of their type, bytes with zeros in them, texts that look like SQL. */
static void
test_nulls_and_bytes (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  CobroDbStatement *rows;
  gsize n;

  db_must_exec (
    db, "CREATE TABLE thing (row BIGINT GENERATED BY DEFAULT AS IDENTITY, number BIGINT, text TEXT, bytes BYTEA)");
  insert (db, 0, NULL, NULL, 0);
  insert (db, 7, "it's $1 :number \\ ::text /*", "\0a\0", 3);
  insert (db, 0, NULL, NULL, 0);
  insert (db, 8, "", "", 0);

  rows = cobro_db_prepare (db,
                           "SELECT row, number, text, bytes FROM thing /* :not_one */ -- nor :this\n"
                           "WHERE (:after IS NULL OR row > :after) AND ':neither' <> text || '' OR text IS NULL "
                           "ORDER BY row /*pg: LIMIT :limit */",
                           &error);
  cobro_db_bind_int64 (rows, ":limit", 3);
  for (int i = 1; i <= 3; i++)
    {
      CobroDbStep step = cobro_db_step (rows, &error);

      g_assert_no_error (error);
      g_assert_cmpint (step, ==, COBRO_DB_ROW);
      g_assert_cmpint (cobro_db_column_int64 (rows, "row"), ==, i);
      g_assert_cmpint (cobro_db_column_is_null (rows, "number"), ==, i != 2);
      g_assert_cmpint (cobro_db_column_is_null (rows, "bytes"), ==, i != 2);
      if (i == 2)
        {
          g_assert_cmpstr (cobro_db_column_text (rows, "text"), ==, "it's $1 :number \\ ::text /*");
          g_assert_cmpmem (cobro_db_column_blob (rows, "bytes", &n), 3, "\0a\0", 3);
          g_assert_cmpuint (n, ==, 3);
        }
    }
  g_assert_cmpint (cobro_db_step (rows, &error), ==, COBRO_DB_DONE);
  cobro_db_reset (rows);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing WHERE text = '' AND length (bytes) = 0"), ==, 1);

  /* A parameter that is only asked for null. */
  rows = cobro_db_prepare (db, "SELECT :x IS NULL AS yes", &error);
  g_assert_cmpint (cobro_db_step (rows, &error), ==, COBRO_DB_ROW);
  g_assert_true (cobro_db_column_bool (rows, "yes"));
  cobro_db_reset (rows);
}

/* ── Failures ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_errors (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);

  db_must_exec (db, "CREATE TABLE thing (n BIGINT PRIMARY KEY CHECK (n > 0), parent BIGINT REFERENCES thing (n)); "
                    "INSERT INTO thing VALUES (1)");
  must_fail (db, "INSERT INTO thing VALUES (1)", COBRO_ERROR_EXISTS);
  must_fail (db, "INSERT INTO thing VALUES (-1)", COBRO_ERROR_INTERNAL);
  must_fail (db, "INSERT INTO thing VALUES (2, 3)", COBRO_ERROR_INTERNAL);
  must_fail (db, "DO $$ BEGIN RAISE 'no'; END $$", COBRO_ERROR_INTERNAL);
  must_fail (db, "SELEKT 1", COBRO_ERROR_INTERNAL);
  must_fail (db, "DO $$ BEGIN RAISE 'x' USING ERRCODE = '53100'; END $$", COBRO_ERROR_UNAVAILABLE);
  must_fail (db, "DO $$ BEGIN RAISE 'x' USING ERRCODE = '53300'; END $$", COBRO_ERROR_UNAVAILABLE);
  must_fail (db, "DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$", COBRO_ERROR_UNAVAILABLE);
  must_fail (db, "DO $$ BEGIN RAISE 'x' USING ERRCODE = 'XX001'; END $$", COBRO_ERROR_CORRUPT);
  must_fail (db, "DO $$ BEGIN RAISE 'x' USING ERRCODE = '54000'; END $$", COBRO_ERROR_TOO_LARGE);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 1);
}

/* A failed statement spoils the transaction up to the last savepoint; a COMMIT of it is not taken for one. */
static void
test_spoiled (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;

  db_must_exec (db, "CREATE TABLE thing (n BIGINT PRIMARY KEY)");
  g_assert_true (cobro_db_begin (db, &error));
  db_must_exec (db, "INSERT INTO thing VALUES (1)");
  g_assert_true (cobro_db_savepoint (db, &error));
  must_fail (db, "INSERT INTO thing VALUES (1)", COBRO_ERROR_EXISTS);
  must_fail (db, "INSERT INTO thing VALUES (2)", COBRO_ERROR_INTERNAL);
  g_assert_true (cobro_db_in_transaction (db));
  cobro_db_rollback_savepoint (db);
  db_must_exec (db, "INSERT INTO thing VALUES (3)");
  g_assert_true (cobro_db_commit (db, &error));
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 2);

  g_assert_true (cobro_db_begin (db, &error));
  db_must_exec (db, "INSERT INTO thing VALUES (4)");
  must_fail (db, "INSERT INTO thing VALUES (1)", COBRO_ERROR_EXISTS);
  g_assert_false (cobro_db_commit (db, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_assert_false (cobro_db_in_transaction (db));
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 2);
}

static void
test_lock_timeout (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) other = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;

  db_must_exec (db, "CREATE TABLE thing (n BIGINT); INSERT INTO thing VALUES (1)");
  g_assert_true (cobro_db_begin (db, &error));
  db_must_exec (db, "UPDATE thing SET n = 2");
  must_fail (other, "UPDATE thing SET n = 3", COBRO_ERROR_UNAVAILABLE);
  g_assert_true (cobro_db_commit (db, &error));
  db_must_exec (other, "UPDATE thing SET n = 3");
}

/* ── Sessions that end ──────────────────────────────────────────────────────────────────────────────────────────── */

static void
end_session (CobroDb *killer, gint64 pid)
{
  g_autofree char *sql = g_strdup_printf ("SELECT pg_terminate_backend (%" G_GINT64_FORMAT ")", pid);
  g_autofree char *left =
    g_strdup_printf ("SELECT count(*) AS n FROM pg_stat_activity WHERE pid = %" G_GINT64_FORMAT, pid);

  db_must_exec (killer, sql);
  while (db_must_count (killer, left) > 0)
    g_usleep (2000);
}

/* Between transactions a reader does not even notice; within one it is told, for its snapshot is gone. */
static void
test_reader_reconnects (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) killer = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) reader = db_folder_open (folder, "a", COBRO_DB_READ_ONLY);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    {
      end_session (killer, db_must_count (reader, "SELECT pg_backend_pid () AS n"));
      if (i == 1)
        g_assert_true (cobro_db_begin_read (reader, &error));
      g_assert_cmpint (db_must_count (reader, "SELECT 7 AS n"), ==, 7);
      cobro_db_rollback (reader);
    }

  g_assert_true (cobro_db_begin_read (reader, &error));
  end_session (killer, db_must_count (reader, "SELECT pg_backend_pid () AS n"));
  must_fail (reader, "SELECT 1", COBRO_ERROR_UNAVAILABLE);
  must_fail (reader, "SELECT 1", COBRO_ERROR_UNAVAILABLE); /* and not by another snapshot */
  g_assert_false (cobro_db_in_transaction (reader));
  cobro_db_rollback (reader);
  g_assert_true (cobro_db_begin_read (reader, &error));
  g_assert_cmpint (db_must_count (reader, "SELECT 7 AS n"), ==, 7);
}

static void
test_writer_is_told (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) killer = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;

  db_must_exec (db, "CREATE TABLE thing (n BIGINT)");
  end_session (killer, db_must_count (db, "SELECT pg_backend_pid () AS n"));
  must_fail (db, "INSERT INTO thing VALUES (1)", COBRO_ERROR_UNAVAILABLE); /* it may have been done: nobody knows */
  db_must_exec (db, "INSERT INTO thing VALUES (2)");

  g_assert_true (cobro_db_begin (db, &error));
  db_must_exec (db, "INSERT INTO thing VALUES (3)");
  end_session (killer, db_must_count (db, "SELECT pg_backend_pid () AS n"));
  must_fail (db, "INSERT INTO thing VALUES (4)", COBRO_ERROR_UNAVAILABLE);
  g_assert_false (cobro_db_commit (db, &error));
  g_clear_error (&error);
  cobro_db_rollback (db);
  g_assert_true (cobro_db_begin (db, &error));
  db_must_exec (db, "INSERT INTO thing VALUES (5)");
  g_assert_true (cobro_db_commit (db, &error));
  g_assert_cmpint (db_must_count (db, "SELECT CAST (sum (n) AS BIGINT) AS n FROM thing"), ==, 7);
}

static void
test_notifications (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) other = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  char *payload = NULL;

  db_must_exec (db, "LISTEN wake");
  g_assert_true (cobro_db_wait_notification (db, 1000, -1, &payload, &error));
  g_assert_null (payload);
  db_must_exec (other, "NOTIFY wake, 'one'; NOTIFY wake, 'two'");
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (cobro_db_wait_notification (db, -1, -1, &payload, &error));
      g_assert_cmpstr (payload, ==, i == 0 ? "one" : "two");
      g_clear_pointer (&payload, g_free);
    }
  end_session (other, db_must_count (db, "SELECT pg_backend_pid () AS n"));
  g_assert_false (cobro_db_wait_notification (db, -1, -1, &payload, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
}

#define ADD(path, func) g_test_add (path, DbFolder, NULL, db_folder_set_up, func, db_folder_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/server/session", test_session);
  ADD ("/db/server/refused", test_refused_servers);
  ADD ("/db/server/numbers", test_numbers);
  ADD ("/db/server/nulls-and-bytes", test_nulls_and_bytes);
  ADD ("/db/server/errors", test_errors);
  ADD ("/db/server/spoiled", test_spoiled);
  ADD ("/db/server/lock-timeout", test_lock_timeout);
  ADD ("/db/server/reader-reconnects", test_reader_reconnects);
  ADD ("/db/server/writer-is-told", test_writer_is_told);
  ADD ("/db/server/notifications", test_notifications);
  return g_test_run ();
}
