/* tests/db/test-db-migration.c — migrations: order, one transaction each, checksums, copies, newer schemas.
 * Layer: tests. */
#include "cobro-db-migration.h"
#include "cobro-error.h"
#include "db-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW (1700000000 * COBRO_SECOND)

static CobroDbMigration first = { 1, "0001-one.sql", "CREATE TABLE one (a BIGINT); INSERT INTO one VALUES (1);" };
static CobroDbMigration second = { 2, "0002-two.sql", "ALTER TABLE one ADD COLUMN b TEXT; UPDATE one SET b = 'x';" };
static CobroDbMigration broken = { 2, "0002-two.sql", "UPDATE one SET a = 7; CREATE TABLE one (a BIGINT);" };
static CobroDbMigration other = { 1, "0001-one.sql", "CREATE TABLE one (a BIGINT, b TEXT);" };

static GPtrArray *
migrations_of (CobroDbMigration *a, CobroDbMigration *b)
{
  GPtrArray *migrations = g_ptr_array_new ();

  g_ptr_array_add (migrations, a);
  if (b != NULL)
    g_ptr_array_add (migrations, b);
  return migrations;
}

static void
must_migrate (CobroDb *db, CobroDbMigration *a, CobroDbMigration *b, const char *backup)
{
  g_autoptr (GPtrArray) migrations = migrations_of (a, b);
  g_autoptr (GError) error = NULL;
  gboolean ok = cobro_db_migrate (db, migrations, backup, NOW, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
test_forward (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *path = db_folder_path (folder, "before");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 0);
  must_migrate (db, &first, NULL, path);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* nothing to keep of an empty file */
  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 1);
  if (!db_folder_is_postgres ())
    g_assert_cmpint (db_must_count (db, "SELECT user_version AS n FROM pragma_user_version"), ==, 1);
  must_migrate (db, &first, NULL, path);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM one"), ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* nor when nothing changes */

  must_migrate (db, &first, &second, path);
  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 2);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM one WHERE b = 'x'"), ==, 1);
  g_assert_cmpint (db_must_count (db, "SELECT min(applied_at) AS n FROM schema_migration"), ==, NOW);
}

/* Before the first change the file is copied; a copy that an earlier start left behind does not stand in the way. */
static void
test_copy (DbFolder *folder, gconstpointer data)
{
  CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autofree char *path = db_folder_path (folder, "before");

  must_migrate (db, &first, NULL, NULL);
  g_assert_true (g_file_set_contents (path, "left over", -1, NULL));
  must_migrate (db, &first, &second, path);
  cobro_db_close (db);

  db = db_folder_open (folder, "before", COBRO_DB_READ_WRITE);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM pragma_table_info('one')"), ==, 1);
  g_assert_cmpint (db_must_count (db, "SELECT max(number) AS n FROM schema_migration"), ==, 1);
  cobro_db_close (db);
}

static void
test_failure_changes_nothing (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GPtrArray) migrations = migrations_of (&first, &broken);
  g_autoptr (GError) error = NULL;

  must_migrate (db, &first, NULL, NULL);
  g_assert_false (cobro_db_migrate (db, migrations, NULL, NOW, &error));
  g_assert_nonnull (strstr (error->message, "0002-two.sql"));
  g_clear_error (&error);
  g_assert_cmpint (db_must_count (db, "SELECT a AS n FROM one"), ==, 1);
  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 1);
  g_assert_false (cobro_db_in_transaction (db));
}

static void
test_newer_schema (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GPtrArray) migrations = migrations_of (&first, NULL);
  g_autoptr (GError) error = NULL;

  must_migrate (db, &first, &second, NULL);
  g_assert_false (cobro_db_migrate (db, migrations, NULL, NOW, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NEWER_SCHEMA);
  g_assert_nonnull (strstr (error->message, "schema 2"));
  g_assert_nonnull (strstr (error->message, "up to 1"));
}

static void
test_changed_migration (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GPtrArray) migrations = migrations_of (&other, &second);
  g_autoptr (GError) error = NULL;

  must_migrate (db, &first, NULL, NULL);
  g_assert_false (cobro_db_migrate (db, migrations, NULL, NOW, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "0001-one.sql"));
  g_clear_error (&error);
  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 1);
}

/* When there is no room for the copy, nothing is migrated. */
static void
test_no_copy_no_migration (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GPtrArray) migrations = migrations_of (&first, &second);
  g_autofree char *path = db_folder_path (folder, "no/such/folder");
  g_autoptr (GError) error = NULL;

  must_migrate (db, &first, NULL, NULL);
  g_assert_false (cobro_db_migrate (db, migrations, path, NOW, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 1);
}

typedef struct
{
  char *uri;
  GThread *thread;
} Starter;

static gpointer
migrate_beside_others (gpointer data)
{
  Starter *starter = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDb) db = cobro_db_open (starter->uri, COBRO_DB_CREATE, TEST_APPLICATION_ID, &error);

  g_assert_no_error (error);
  must_migrate (db, &first, &second, NULL);
  return NULL;
}

/* Several relays that start at once on one server: one migrates, all go on. */
static void
test_at_once (DbFolder *folder, gconstpointer data)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  g_autoptr (GError) error = NULL;
  Starter starters[6];

  for (gsize i = 0; i < G_N_ELEMENTS (starters); i++)
    {
      starters[i].uri = db_folder_uri (folder, "a");
      starters[i].thread = g_thread_new ("starter", migrate_beside_others, &starters[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (starters); i++)
    {
      g_thread_join (starters[i].thread);
      g_free (starters[i].uri);
    }
  g_assert_cmpint (cobro_db_schema_version (db, &error), ==, 2);
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM one"), ==, 1);
}

#define ADD(path, func) g_test_add (path, DbFolder, NULL, db_folder_set_up, func, db_folder_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/migration/forward", test_forward);
  ADD ("/db/migration/failure-changes-nothing", test_failure_changes_nothing);
  ADD ("/db/migration/newer-schema", test_newer_schema);
  ADD ("/db/migration/changed-migration", test_changed_migration);
  if (db_folder_is_postgres ())
    ADD ("/db/migration/at-once", test_at_once);
  else
    {
      ADD ("/db/migration/copy", test_copy);
      ADD ("/db/migration/no-copy-no-migration", test_no_copy_no_migration);
    }
  return g_test_run ();
}
