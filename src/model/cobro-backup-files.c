/* src/model/cobro-backup-files.c — see cobro-backup-files.h.
 * Layer: model. Main thread. */
#include "cobro-backup-files.h"

#include <glib/gstdio.h>
#include <string.h>

#define BEFORE      "before-restore-"
#define STAMP       "%Y%m%dT%H%M%SZ"
#define STAMP_LEN   16
#define NAME_ENDING ".sqlite"

static void
backup_free (gpointer data)
{
  CobroBackup *backup = data;

  g_free (backup->path);
  g_free (backup);
}

char *
cobro_backup_files_prefix (const char *books)
{
  g_autofree char *whole = g_compute_checksum_for_string (G_CHECKSUM_SHA256, books, -1);
  g_autofree char *first = g_strndup (whole, 8);

  return g_strdup_printf ("cobro-%s-", first);
}

char *
cobro_backup_files_folder (const char *books, const char *folder)
{
  g_autofree char *beside = g_path_get_dirname (books);

  return *folder ? g_strdup (folder) : g_build_filename (beside, "backups", NULL);
}

/* The time in a file's name: the clock of the file itself changes when it is copied. 0: none of ours. */
static CobroTime
time_of_name (const char *prefix, const char *name, gboolean *out_before)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *stamp = NULL;

  if (!g_str_has_prefix (name, prefix) || !g_str_has_suffix (name, NAME_ENDING))
    return 0;
  name += strlen (prefix);
  *out_before = g_str_has_prefix (name, BEFORE);
  if (*out_before)
    name += strlen (BEFORE);
  if (strlen (name) != STAMP_LEN + strlen (NAME_ENDING))
    return 0;
  stamp = g_strndup (name, STAMP_LEN);
  time = g_date_time_new_from_iso8601 (stamp, utc);
  return time ? g_date_time_to_unix (time) * COBRO_SECOND : 0;
}

char *
cobro_backup_files_name (const char *prefix, CobroTime now, gboolean before_going)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (now / COBRO_SECOND);
  g_autofree char *stamp = g_date_time_format (date, STAMP);

  return g_strdup_printf ("%s%s%s%s", prefix, before_going ? BEFORE : "", stamp, NAME_ENDING);
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  const CobroBackup *left = *(CobroBackup *const *)a, *right = *(CobroBackup *const *)b;

  return (left->made < right->made) - (left->made > right->made);
}

GPtrArray *
cobro_backup_files_list (const char *folder, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func (backup_free);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      gboolean before = FALSE;
      CobroTime made = time_of_name (prefix, name, &before);
      CobroBackup *backup;
      GStatBuf info;

      if (!made)
        continue;
      backup = g_new0 (CobroBackup, 1);
      *backup = (CobroBackup){ .path = g_build_filename (folder, name, NULL), .made = made, .before_going = before };
      if (g_stat (backup->path, &info) == 0)
        backup->size = (guint64)info.st_size;
      g_ptr_array_add (list, backup);
    }
  g_ptr_array_sort (list, newest_first);
  return list;
}
