/* tests/db/test-db.c — a connection: its settings, statements, values, transactions, and what it says when something is
 * wrong. Layer: tests. */
#include "cobro-db.h"
#include "cobro-error.h"
#include "cobro-random.h"
#include "db-folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only the driver's private header knows it; the function is small enough to be declared here. */
const char *cobro_db_file_system_remote_name (guint64 magic);

#define TABLE                                                                                                          \
  "CREATE TABLE thing (id TEXT PRIMARY KEY, name TEXT UNIQUE, n INTEGER, at INTEGER, b BLOB, "                         \
  "  parent TEXT REFERENCES thing (id), CHECK (n IS NULL OR n >= 0)) STRICT;"

static void
insert (CobroDb *db, const char *id, const char *name, gint64 n, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (db, "INSERT INTO thing (id, name, n) VALUES (:id, :name, :n)", error);

  g_assert_nonnull (statement);
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":name", name);
  cobro_db_bind_int64 (statement, ":n", n);
  if (!cobro_db_run (statement, error))
    g_assert_true (error == NULL || *error != NULL);
}

static void
test_settings (DbFolder *folder, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    gint64 expected;
  } settings[] = {
    { "SELECT synchronous AS n FROM pragma_synchronous", 2 },
    { "SELECT foreign_keys AS n FROM pragma_foreign_keys", 1 },
    { "SELECT cell_size_check AS n FROM pragma_cell_size_check", 1 },
    { "SELECT trusted_schema AS n FROM pragma_trusted_schema", 0 },
    { "SELECT timeout AS n FROM pragma_busy_timeout", 5000 },
    { "SELECT journal_size_limit AS n FROM pragma_journal_size_limit", 67108864 },
    { "SELECT application_id AS n FROM pragma_application_id", TEST_APPLICATION_ID },
    { "SELECT journal_mode = 'wal' AS n FROM pragma_journal_mode", 1 },
  };
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = db_folder_path (folder, "a");
  CobroDbStatement *mapping = cobro_db_prepare (db, "PRAGMA mmap_size", &error);
  struct stat info;

  g_assert_cmpint (cobro_db_step (mapping, &error), ==, COBRO_DB_ROW);
  g_assert_cmpint (cobro_db_column_int64 (mapping, "mmap_size"), ==, 0);
  cobro_db_reset (mapping);
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_test_message ("%s", settings[i].sql);
      g_assert_cmpint (db_must_count (db, settings[i].sql), ==, settings[i].expected);
    }
  /* A string in double quotes is a column that is not there, not a string. */
  g_assert_null (cobro_db_prepare (db, "SELECT \"nothing\" AS n", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_clear_error (&error);
  /* Defensive: the schema cannot be written by hand. */
  g_assert_false (cobro_db_exec (db, "PRAGMA writable_schema = ON; DELETE FROM sqlite_master", &error));
  g_assert_nonnull (error);

  /* Only the owner may read the books. */
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_values (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (1700000000 * COBRO_SECOND);
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (1);
  CobroId id = cobro_id_new (COBRO_ID_LINK, clock, random), none = COBRO_ID_NONE, read;
  CobroToken token = cobro_token_new (random);
  CobroTokenHash hash = cobro_token_hash (&token);
  CobroCurrency eur;
  gsize length;
  g_autoptr (CobroDbStatement) statement = NULL;

  g_assert_true (cobro_currency_from_code ("EUR", &eur, &error));
  statement =
    cobro_db_prepare (db,
                      "SELECT :text AS text, :nothing AS absent, :number AS number, :yes AS yes, :id AS id, "
                      ":none AS none, :money AS money, :unset AS unset, :at AS at, :never AS never, :hash AS hash, "
                      ":empty AS empty",
                      &error);
  g_assert_no_error (error);
  cobro_db_bind_text (statement, ":text", "ÄÖ 'x'; --");
  cobro_db_bind_text (statement, ":nothing", NULL);
  cobro_db_bind_int64 (statement, ":number", G_MININT64);
  cobro_db_bind_bool (statement, ":yes", 7);
  cobro_db_bind_id (statement, ":id", &id);
  cobro_db_bind_id (statement, ":none", &none);
  cobro_db_bind_money (statement, ":money", cobro_money (G_GINT64_CONSTANT (-1000000000000), eur));
  cobro_db_bind_money (statement, ":unset", COBRO_MONEY_NONE);
  cobro_db_bind_time (statement, ":at", cobro_clock_now (clock));
  cobro_db_bind_time (statement, ":never", 0);
  cobro_db_bind_hash (statement, ":hash", &hash);
  cobro_db_bind_blob (statement, ":empty", NULL, 0);

  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  g_assert_cmpstr (cobro_db_column_text (statement, "text"), ==, "ÄÖ 'x'; --");
  g_assert_true (cobro_db_column_is_null (statement, "absent"));
  g_assert_null (cobro_db_column_text (statement, "absent"));
  g_assert_cmpint (cobro_db_column_int64 (statement, "number"), ==, G_MININT64);
  g_assert_true (cobro_db_column_bool (statement, "yes"));
  read = cobro_db_column_id (statement, "id");
  g_assert_true (cobro_id_equal (&id, &read));
  read = cobro_db_column_id (statement, "none");
  g_assert_false (cobro_id_is_set (&read));
  g_assert_true (cobro_db_column_is_null (statement, "none"));
  g_assert_true (cobro_money_equal (cobro_db_column_money (statement, "money", eur),
                                    cobro_money (G_GINT64_CONSTANT (-1000000000000), eur)));
  g_assert_false (cobro_money_is_set (cobro_db_column_money (statement, "unset", eur)));
  g_assert_cmpint (cobro_db_column_time (statement, "at"), ==, cobro_clock_now (clock));
  g_assert_cmpint (cobro_db_column_time (statement, "never"), ==, 0);
  g_assert_true (memcmp (cobro_db_column_blob (statement, "hash", &length), hash.bytes, 32) == 0);
  g_assert_cmpuint (length, ==, 32);
  g_assert_false (cobro_db_column_is_null (statement, "empty"));
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_DONE);
}

/* A statement comes back clean, is the same one for the same text, and is never lent twice. */
static void
test_reset (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = g_strdup ("SELECT :a AS a, :b AS b");
  CobroDbStatement *first = cobro_db_prepare (db, "SELECT :a AS a, :b AS b", &error), *second;

  cobro_db_bind_text (first, ":a", "left over");
  cobro_db_bind_text (first, ":b", "left over");
  g_assert_cmpint (cobro_db_step (first, &error), ==, COBRO_DB_ROW);
  g_assert_null (cobro_db_prepare (db, copy, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_clear_error (&error);

  cobro_db_reset (first);
  cobro_db_reset (first); /* twice does no harm */
  second = cobro_db_prepare (db, copy, &error);
  g_assert_true (first == second);
  cobro_db_bind_text (second, ":a", "new");
  g_assert_cmpint (cobro_db_step (second, &error), ==, COBRO_DB_ROW);
  g_assert_cmpstr (cobro_db_column_text (second, "a"), ==, "new");
  g_assert_true (cobro_db_column_is_null (second, "b"));
  cobro_db_reset (second);

  /* After a run the statement is free, and may be bound and run again. */
  db_must_exec (db, TABLE);
  second = cobro_db_prepare (db, "INSERT INTO thing (id) VALUES (:id)", &error);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);
      cobro_db_bind_text (second, ":id", id);
      g_assert_true (cobro_db_run (second, &error));
    }
  g_assert_true (second == cobro_db_prepare (db, "INSERT INTO thing (id) VALUES (:id)", &error));
  cobro_db_reset (second);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 3);
}

static void
test_programmer_errors (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  CobroDbStatement *statement = cobro_db_prepare (db, "SELECT :a AS a", &error);

  g_test_expect_message ("cobro-db", G_LOG_LEVEL_CRITICAL, "no parameter :b*");
  cobro_db_bind_int64 (statement, ":b", 1);
  g_test_assert_expected_messages ();
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_FAILED);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_clear_error (&error);
  cobro_db_reset (statement);

  statement = cobro_db_prepare (db, "SELECT :a AS a", &error);
  cobro_db_bind_int64 (statement, ":a", 1);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  g_test_expect_message ("cobro-db", G_LOG_LEVEL_CRITICAL, "no column c*");
  g_assert_cmpint (cobro_db_column_int64 (statement, "c"), ==, 0);
  g_test_assert_expected_messages ();
  cobro_db_reset (statement);

  g_assert_null (cobro_db_prepare (db, "SELECT 1; SELECT 2", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_null (cobro_db_prepare (db, "", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
}

static void
test_constraints (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;

  db_must_exec (db, TABLE);
  insert (db, "a", "one", 1, &error);
  g_assert_no_error (error);
  insert (db, "a", "two", 1, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_clear_error (&error);
  insert (db, "b", "one", 1, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_clear_error (&error);
  insert (db, "b", "two", -1, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_false (cobro_db_exec (db, "INSERT INTO thing (id, parent) VALUES ('c', 'nobody')", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 1);
}

static void
test_savepoints (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;

  db_must_exec (db, TABLE);
  g_assert_true (cobro_db_begin (db, &error));
  insert (db, "kept", NULL, 1, &error);
  g_assert_true (cobro_db_savepoint (db, &error));
  insert (db, "outer", NULL, 1, &error);
  g_assert_true (cobro_db_savepoint (db, &error));
  insert (db, "inner", NULL, 1, &error);
  g_assert_cmpuint (cobro_db_savepoint_depth (db), ==, 2);
  cobro_db_rollback_savepoint (db);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 2);
  g_assert_false (cobro_db_commit (db, &error)); /* a savepoint is open */
  g_clear_error (&error);
  g_assert_true (cobro_db_release (db, &error));
  g_assert_true (cobro_db_commit (db, &error));
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 2);

  g_assert_true (cobro_db_begin (db, &error));
  db_must_exec (db, "DELETE FROM thing");
  cobro_db_rollback (db);
  cobro_db_rollback (db);
  g_assert_false (cobro_db_in_transaction (db));
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 2);
}

/* One writer; readers see what is committed, keep their snapshot, and cannot write. */
static void
test_writer_and_readers (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) reader = db_folder_open (folder, "a", COBRO_DB_READ_ONLY);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = db_folder_path (folder, "a");

  g_assert_null (cobro_db_open (path, COBRO_DB_READ_WRITE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "in use by another program"));
  g_clear_error (&error);

  db_must_exec (db, TABLE);
  g_assert_true (cobro_db_begin_read (reader, &error));
  g_assert_cmpint (db_must_count (reader, "SELECT count(*) AS n FROM thing"), ==, 0);
  insert (db, "a", NULL, 1, &error);
  g_assert_cmpint (db_must_count (reader, "SELECT count(*) AS n FROM thing"), ==, 0);
  /* A checkpoint never waits for a reader. */
  g_assert_true (cobro_db_checkpoint (db, TRUE, &error));
  g_assert_true (cobro_db_commit (reader, &error));
  g_assert_cmpint (db_must_count (reader, "SELECT count(*) AS n FROM thing"), ==, 1);
  g_assert_false (cobro_db_exec (reader, "DELETE FROM thing", &error));
  g_assert_nonnull (error);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 1);
}

/* A closed writer leaves everything in the file itself, and lets the next one in. */
static void
test_close (DbFolder *folder, gconstpointer data)
{
  CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *log = db_folder_path (folder, "a-wal");
  GStatBuf info;

  db_must_exec (db, TABLE "INSERT INTO thing (id) VALUES ('x');");
  g_assert_cmpint (cobro_db_log_pages (db), >, 0);
  cobro_db_close (db);
  g_assert_true (g_stat (log, &info) != 0 || info.st_size == 0);

  db = db_folder_open (folder, "a", COBRO_DB_READ_WRITE);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, 1);
  cobro_db_close (db);
}

static void
test_backup_and_check (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (CobroDb) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = db_folder_path (folder, "copy");
  g_autofree char *nowhere = db_folder_path (folder, "no/such/folder");
  GStatBuf info;

  db_must_exec (db, TABLE "INSERT INTO thing (id) VALUES ('x');");
  g_assert_true (cobro_db_check (db, FALSE, &error));
  g_assert_true (cobro_db_backup (db, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_false (cobro_db_backup (db, path, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (cobro_db_backup (db, nowhere, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  copy = db_folder_open (folder, "copy", COBRO_DB_READ_WRITE);
  g_assert_cmpint (db_must_count (copy, "SELECT count(*) AS n FROM thing"), ==, 1);
  g_assert_true (cobro_db_check (copy, TRUE, &error));
}

static void
test_refused_files (DbFolder *folder, gconstpointer data)
{
  g_autofree char *path = db_folder_path (folder, "text"), *missing = db_folder_path (folder, "missing");
  g_autofree char *other = db_folder_path (folder, "other");
  g_autoptr (GError) error = NULL;
  CobroDb *db;

  g_assert_true (g_file_set_contents (
    path, "this is not a database, it is a letter to my grandmother, as long as it takes", -1, NULL));
  g_assert_null (cobro_db_open (path, COBRO_DB_READ_WRITE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_clear_error (&error);

  g_assert_null (cobro_db_open (missing, COBRO_DB_READ_WRITE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (cobro_db_open (folder->folder, COBRO_DB_CREATE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (cobro_db_open ("mysql://localhost/cobro", COBRO_DB_CREATE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  g_clear_error (&error);

  db = cobro_db_open (other, COBRO_DB_CREATE, 0x1234, &error);
  db_must_exec (db, TABLE);
  cobro_db_close (db);
  g_assert_null (cobro_db_open (other, COBRO_DB_CREATE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "another program"));
  g_clear_error (&error);
  /* Refusing has not touched it, nor kept its lock. */
  db = cobro_db_open (other, COBRO_DB_READ_WRITE, 0x1234, &error);
  g_assert_no_error (error);
  cobro_db_close (db);
}

/* Damage in the middle of the file is told as damage, by reading and by the check. */
static void
test_damage (DbFolder *folder, gconstpointer data)
{
  g_autofree char *path = db_folder_path (folder, "a"), *noise = g_malloc (4096);
  CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  CobroDbStatement *sum;
  FILE *file;

  db_must_exec (db, TABLE);
  for (int i = 0; i < 2000; i++)
    {
      g_autofree char *id = g_strdup_printf ("a rather long identifier, so that there are pages enough: %d", i);
      insert (db, id, id, i, &error);
    }
  cobro_db_close (db);

  memset (noise, 0xa5, 4096);
  file = g_fopen (path, "r+");
  for (int page = 5; page < 40; page++)
    {
      g_assert_cmpint (fseek (file, page * 4096L, SEEK_SET), ==, 0);
      g_assert_cmpuint (fwrite (noise, 1, 4096, file), ==, 4096);
    }
  fclose (file);

  db = db_folder_open (folder, "a", COBRO_DB_READ_WRITE);
  g_assert_false (cobro_db_check (db, TRUE, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_clear_error (&error);
  sum = cobro_db_prepare (db, "SELECT sum(n) AS n FROM thing", &error);
  g_assert_cmpint (cobro_db_step (sum, &error), ==, COBRO_DB_FAILED);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  cobro_db_reset (sum);
  cobro_db_close (db);
}

static void
test_network_file_systems (void)
{
  g_assert_cmpstr (cobro_db_file_system_remote_name (0x6969), ==, "NFS");
  g_assert_cmpstr (cobro_db_file_system_remote_name (0xFF534D42), ==, "CIFS");
  g_assert_null (cobro_db_file_system_remote_name (0xEF53));     /* ext4 */
  g_assert_null (cobro_db_file_system_remote_name (0x01021994)); /* tmpfs */
  g_assert_null (cobro_db_file_system_remote_name (0x9123683E)); /* btrfs */
}

#define ADD(path, func) g_test_add (path, DbFolder, NULL, db_folder_set_up, func, db_folder_tear_down)

/* What is about files. */
static void
add_file_tests (void)
{
  ADD ("/db/settings", test_settings);
  ADD ("/db/programmer-errors", test_programmer_errors);
  ADD ("/db/writer-and-readers", test_writer_and_readers);
  ADD ("/db/close", test_close);
  ADD ("/db/backup-and-check", test_backup_and_check);
  ADD ("/db/refused-files", test_refused_files);
  ADD ("/db/damage", test_damage);
  g_test_add_func ("/db/network-file-systems", test_network_file_systems);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/values", test_values);
  ADD ("/db/reset", test_reset);
  ADD ("/db/constraints", test_constraints);
  ADD ("/db/savepoints", test_savepoints);
  if (!db_folder_is_postgres ())
    add_file_tests ();
  return g_test_run ();
}
