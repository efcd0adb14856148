/* src/db/cobro-db-migration.c — numbered forward migrations.
 * Layer: db. */
#include "config.h"
#include "cobro-db-migration.h"
#include "cobro-db-driver.h"
#include "cobro-error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ── Reading them ───────────────────────────────────────────────────────────────────────────────────────── */

static void
migration_free (gpointer data)
{
  CobroDbMigration *migration = data;

  g_free ((char *)migration->name);
  g_free ((char *)migration->sql);
  g_free (migration);
}

/* The number in front of "NNNN-words.sql"; 0 for other names. */
static guint
number_of (const char *name)
{
  guint number = 0;

  for (int i = 0; i < 4; i++)
    {
      if (!g_ascii_isdigit (name[i]))
        return 0;
      number = number * 10 + (guint)(name[i] - '0');
    }
  return name[4] == '-' && g_str_has_suffix (name, ".sql") ? number : 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static CobroDbMigration *
migration_load (GResource *resource, const char *folder, const char *name, guint number, GError **error)
{
  g_autofree char *path = g_build_path ("/", folder, name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  CobroDbMigration *migration;

  if (bytes == NULL)
    return NULL;
  migration = g_new (CobroDbMigration, 1);
  migration->number = number;
  migration->name = g_strdup (name);
  migration->sql = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return migration;
}

GPtrArray *
cobro_db_migrations_from_resource (GResource *resource, const char *folder, GError **error)
{
  g_auto (GStrv) names = g_resource_enumerate_children (resource, folder, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr (GPtrArray) migrations = g_ptr_array_new_with_free_func (migration_free);

  if (names == NULL)
    return NULL;
  qsort (names, g_strv_length (names), sizeof names[0], compare_names);
  for (guint i = 0; names[i] != NULL; i++)
    {
      CobroDbMigration *migration;

      if (number_of (names[i]) != i + 1)
        {
          cobro_error_set (error, COBRO_ERROR_INTERNAL, "migration “%s” should have the number %u", names[i], i + 1);
          return NULL;
        }
      if (!(migration = migration_load (resource, folder, names[i], i + 1, error)))
        return NULL;
      g_ptr_array_add (migrations, migration);
    }
  return g_steal_pointer (&migrations);
}

/* ── Applying them ──────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
has_register (CobroDb *db, gboolean *out_there, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, cobro_db_get_driver (db)->has_register_sql, error);

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_there = cobro_db_column_int64 (statement, "n") > 0;
  return TRUE;
}

gint64
cobro_db_schema_version (CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  gboolean there;

  if (!has_register (db, &there, error))
    return -1;
  if (!there)
    return 0;
  statement = cobro_db_prepare (db, "SELECT coalesce(max(number), 0) AS number FROM schema_migration", error);
  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return -1;
  return cobro_db_column_int64 (statement, "number");
}

/* Every applied migration must be the one we know under its number. */
static gboolean
check_applied (CobroDb *db, GPtrArray *migrations, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT number, name, checksum FROM schema_migration ORDER BY number", error);
  CobroDbStep step = COBRO_DB_FAILED;
  guint expected = 1;

  if (statement == NULL)
    return FALSE;
  for (; (step = cobro_db_step (statement, error)) == COBRO_DB_ROW; expected++)
    {
      gint64 number = cobro_db_column_int64 (statement, "number");
      const CobroDbMigration *migration;
      g_autofree char *checksum = NULL;

      if (number != expected || number > (gint64)migrations->len)
        return cobro_error_set (error, COBRO_ERROR_CORRUPT, "migration %u is missing in the file", expected);
      migration = g_ptr_array_index (migrations, (guint)number - 1);
      checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, migration->sql, -1);
      if (g_strcmp0 (checksum, cobro_db_column_text (statement, "checksum")) != 0)
        return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                                "the file was made with another version of migration “%s” (here “%s”)",
                                cobro_db_column_text (statement, "name"), migration->name);
    }
  return step == COBRO_DB_DONE;
}

static gboolean
record (CobroDb *db, const CobroDbMigration *migration, CobroTime now, GError **error)
{
  g_autofree char *checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, migration->sql, -1);
  CobroDbStatement *statement = cobro_db_prepare (
    db, "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (:number, :name, :checksum, :now)",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":number", migration->number);
  cobro_db_bind_text (statement, ":name", migration->name);
  cobro_db_bind_text (statement, ":checksum", checksum);
  cobro_db_bind_int64 (statement, ":now", now);
  return cobro_db_run (statement, error);
}

/* Within the transaction that keeps others from migrating: somebody may have been here in the meantime. */
static gboolean
apply_next (CobroDb *db, const CobroDbMigration *migration, CobroTime now, GError **error)
{
  gint64 version;

  if (!cobro_db_exec (db, cobro_db_get_driver (db)->register_sql, error) ||
      (version = cobro_db_schema_version (db, error)) < 0)
    return FALSE;
  return version >= (gint64)migration->number ||
         (cobro_db_exec (db, migration->sql, error) && record (db, migration, now, error) &&
          cobro_db_set_schema_version (db, migration->number, error));
}

static gboolean
apply (CobroDb *db, const CobroDbMigration *migration, CobroTime now, GError **error)
{
  if (!cobro_db_exec (db, cobro_db_get_driver (db)->begin_migration_sql, error))
    return FALSE;
  if (apply_next (db, migration, now, error) && cobro_db_commit (db, error))
    return TRUE;
  cobro_db_rollback (db);
  g_prefix_error (error, "migration “%s”: ", migration->name);
  return FALSE;
}

/* The copy appears under its name only when it is whole; one that an earlier, failed start left behind is replaced. */
static gboolean
keep_copy (CobroDb *db, const char *path, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  unlink (part);
  if (!cobro_db_backup (db, part, error))
    {
      g_prefix_error (error, "before the data is brought up to date: ");
      return FALSE;
    }
  if (rename (part, path) != 0)
    {
      unlink (part);
      return cobro_error_set (error, COBRO_ERROR_IO, "cannot keep a copy as “%s”", path);
    }
  return TRUE;
}

static gboolean
refuse_newer (gint64 version, guint known, GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_NEWER_SCHEMA,
                          "the data was written by a newer Cobro: it has schema %" G_GINT64_FORMAT
                          ", this program knows up to %u; install a Cobro that knows schema %" G_GINT64_FORMAT,
                          version, known, version);
}

static gboolean
migrate (CobroDb *db, GPtrArray *migrations, const char *backup_path, CobroTime now, GError **error)
{
  gint64 version = cobro_db_schema_version (db, error);

  if (version < 0)
    return FALSE;
  if (version > (gint64)migrations->len)
    return refuse_newer (version, migrations->len, error);
  if (version > 0 && !check_applied (db, migrations, error))
    return FALSE;
  if (version > 0 && version < (gint64)migrations->len && backup_path != NULL &&
      cobro_db_get_driver (db)->backup != NULL && !keep_copy (db, backup_path, error))
    return FALSE;

  for (guint i = (guint)version; i < migrations->len; i++)
    if (!apply (db, g_ptr_array_index (migrations, i), now, error))
      return FALSE;
  return version == (gint64)migrations->len || check_applied (db, migrations, error);
}

gboolean
cobro_db_migrate (CobroDb *db, GPtrArray *migrations, const char *backup_path, CobroTime now, GError **error)
{
  return cobro_db_set_patient (db, TRUE, error) && migrate (db, migrations, backup_path, now, error) &&
         cobro_db_set_patient (db, FALSE, error);
}
