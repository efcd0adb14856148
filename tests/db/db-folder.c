/* tests/db/db-folder.c — see db-folder.h.
 * Layer: tests. */
#include "db-folder.h"

#include "cobro-test-postgres.h"

#include <glib/gstdio.h>

gboolean
db_folder_is_postgres (void)
{
  return g_strcmp0 (g_getenv ("COBRO_TEST_ENGINE"), "postgres") == 0;
}

void
db_folder_set_up (DbFolder *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("cobro-db-XXXXXX", &error);
  g_assert_no_error (error);
  self->uris = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
drop_databases (DbFolder *self)
{
  GHashTableIter iter;
  gpointer uri;

  g_hash_table_iter_init (&iter, self->uris);
  while (g_hash_table_iter_next (&iter, NULL, &uri))
    cobro_test_postgres_drop (uri);
  g_clear_pointer (&self->uris, g_hash_table_unref);
}

void
db_folder_tear_down (DbFolder *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  drop_databases (self);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_clear_pointer (&self->folder, g_free);
}

char *
db_folder_path (DbFolder *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

char *
db_folder_uri (DbFolder *self, const char *name)
{
  if (!db_folder_is_postgres ())
    return db_folder_path (self, name);
  if (!g_hash_table_contains (self->uris, name))
    g_hash_table_insert (self->uris, g_strdup (name), cobro_test_postgres_database ());
  return g_strdup (g_hash_table_lookup (self->uris, name));
}

CobroDb *
db_folder_open (DbFolder *self, const char *name, CobroDbFlags flags)
{
  g_autofree char *uri = db_folder_uri (self, name);
  g_autoptr (GError) error = NULL;
  CobroDb *db = cobro_db_open (uri, flags, TEST_APPLICATION_ID, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

/* (transfer full) SQL of tests that was written for SQLite, for this run's engine. */
static char *
translated (const char *sql)
{
  static const char *const words[][2] = { { ") STRICT", ")" }, { " INTEGER", " BIGINT" }, { " BLOB", " BYTEA" } };
  GString *text = g_string_new (sql);

  for (gsize i = 0; i < G_N_ELEMENTS (words) && db_folder_is_postgres (); i++)
    g_string_replace (text, words[i][0], words[i][1], 0);
  return g_string_free (text, FALSE);
}

void
db_must_exec (CobroDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ours = translated (sql);
  gboolean ok = cobro_db_exec (db, ours, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

gint64
db_must_count (CobroDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  return cobro_db_column_int64 (statement, "n");
}
