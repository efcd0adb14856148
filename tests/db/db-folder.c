/* tests/db/db-folder.c — see db-folder.h.
 * Layer: tests. */
#include "db-folder.h"

#include <glib/gstdio.h>

void
db_folder_set_up (DbFolder *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("cobro-db-XXXXXX", &error);
  g_assert_no_error (error);
}

void
db_folder_tear_down (DbFolder *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

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

CobroDb *
db_folder_open (DbFolder *self, const char *name, CobroDbFlags flags)
{
  g_autofree char *path = db_folder_path (self, name);
  g_autoptr (GError) error = NULL;
  CobroDb *db = cobro_db_open (path, flags, TEST_APPLICATION_ID, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

void
db_must_exec (CobroDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  gboolean ok = cobro_db_exec (db, sql, &error);

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
