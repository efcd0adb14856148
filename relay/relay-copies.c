/* relay/relay-copies.c — sums, rotation, and moving aside.
 * Layer: relay (composition). Thread: main. */
#include "relay-copies.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cobro-error.h"
#include "relay-store.h"

#define NAME_LENGTH 28 /* cobro-20261121-093000.sqlite */

static gboolean
failed (GError **error, const char *what, const char *path)
{
  return cobro_error_set (error, COBRO_ERROR_IO, "cannot %s \"%s\": %s", what, path, g_strerror (errno));
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) SHA-256 in hex digits. */
static char *
sum_of (const char *path, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar *buffer = g_malloc (1 << 20);
  FILE *file = g_fopen (path, "rbe");
  gsize n;

  if (!file)
    return failed (error, "read", path), NULL;
  while ((n = fread (buffer, 1, 1 << 20, file)) > 0)
    g_checksum_update (sum, buffer, (gssize)n);
  if (ferror (file))
    {
      fclose (file);
      return failed (error, "read", path), NULL;
    }
  fclose (file);
  return g_strdup (g_checksum_get_string (sum));
}

gboolean
relay_copy_write_sum (const char *path, GError **error)
{
  g_autofree char *sum = sum_of (path, error);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *line = g_strdup_printf ("%s  %s\n", sum ? sum : "", name);
  g_autofree char *beside = g_strconcat (path, ".sha256", NULL);
  g_autoptr (GError) failure = NULL;

  if (!sum)
    return FALSE;
  return g_file_set_contents_full (beside, line, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                   &failure) ||
         cobro_error_set (error, COBRO_ERROR_IO, "%s", failure->message);
}

static gboolean
check_sum (const char *path, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".sha256", NULL);
  g_autofree char *line = NULL;
  g_autofree char *sum = NULL;

  if (!g_file_get_contents (beside, &line, NULL, NULL))
    return TRUE;
  if (!(sum = sum_of (path, error)))
    return FALSE;
  return g_str_has_prefix (line, sum) ||
         cobro_error_set (error, COBRO_ERROR_CORRUPT, "\"%s\" is not what it was: its sum differs from %s.sha256", path,
                          path);
}

gboolean
relay_copy_check (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no copy \"%s\"", path);
  return check_sum (path, error) && relay_store_check_copy (path, error);
}

/* ── Rotation ───────────────────────────────────────────────────────────────────────────────────── */

static char *
stamp_of (CobroTime now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / COBRO_SECOND);

  return g_date_time_format (time, "%Y%m%d-%H%M%S");
}

char *
relay_copy_name (const char *folder, CobroTime now)
{
  g_autofree char *stamp = stamp_of (now);

  return g_strdup_printf ("%s/cobro-%s.sqlite", folder, stamp);
}

/* (transfer full) (nullable) when the copy of that name was made. */
static GDateTime *
time_of (const char *name)
{
  int year, month, day, hour, minute, second, end = 0;

  if (strlen (name) != NAME_LENGTH ||
      sscanf (name, "cobro-%4d%2d%2d-%2d%2d%2d.sqlite%n", &year, &month, &day, &hour, &minute, &second, &end) != 6 ||
      end != NAME_LENGTH)
    return NULL;
  return g_date_time_new_utc (year, month, day, hour, minute, second);
}

/* Whether a copy is the newest of a period that is still kept. */
typedef struct
{
  const char *format; /* of g_date_time_format(): names the period */
  guint max;
  GHashTable *seen;
} Shelf;

static gboolean
is_first_of (Shelf *shelf, GDateTime *time)
{
  char *period = g_date_time_format (time, shelf->format);

  if (g_hash_table_size (shelf->seen) >= shelf->max || g_hash_table_contains (shelf->seen, period))
    {
      g_free (period);
      return FALSE;
    }
  return g_hash_table_add (shelf->seen, period);
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)b, *(const char *const *)a);
}

/* (transfer full) (element-type filename) names, newest first. */
static GPtrArray *
copies_in (const char *folder, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &failure);
  GPtrArray *names;
  const char *name;

  if (!dir)
    return cobro_error_set (error, COBRO_ERROR_IO, "%s", failure->message), NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)))
    {
      g_autoptr (GDateTime) time = time_of (name);

      if (time)
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, newest_first);
  return names;
}

static gboolean
remove_copy (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *sum = g_strconcat (path, ".sha256", NULL);

  if (g_remove (path) != 0)
    return failed (error, "remove", path);
  return g_remove (sum) == 0 || errno == ENOENT || failed (error, "remove", sum);
}

gboolean
relay_copies_rotate (const char *folder, guint *out_removed, GError **error)
{
  Shelf shelves[] = { { "%Y-%m-%d", 7, NULL }, { "%G-%V", 4, NULL }, { "%Y-%m", 12, NULL } };
  g_autoptr (GPtrArray) names = copies_in (folder, error);
  gboolean ok = names != NULL;

  *out_removed = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (shelves); i++)
    shelves[i].seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; ok && i < names->len; i++)
    {
      g_autoptr (GDateTime) time = time_of (names->pdata[i]);
      gboolean kept = FALSE;

      for (gsize j = 0; j < G_N_ELEMENTS (shelves); j++)
        kept |= is_first_of (&shelves[j], time);
      if (!kept && (ok = remove_copy (folder, names->pdata[i], error)))
        (*out_removed)++;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (shelves); i++)
    g_hash_table_unref (shelves[i].seen);
  return ok;
}

/* ── Aside ──────────────────────────────────────────────────────────────────────────────────────── */

char *
relay_books_set_aside (const char *data, const char *reason, CobroTime now, GError **error)
{
  static const char *const names[] = { "relay.sqlite-wal", "relay.sqlite-shm", "relay.sqlite" };
  g_autofree char *stamp = stamp_of (now);
  g_autofree char *aside = g_strdup_printf ("%s/before-%s-%s", data, reason, stamp);
  g_autofree char *books = g_build_filename (data, "relay.sqlite", NULL);

  if (!g_file_test (books, G_FILE_TEST_EXISTS))
    return g_strdup ("");
  for (guint i = 2; g_mkdir (aside, 0700) != 0; i++)
    {
      if (errno != EEXIST)
        return failed (error, "make", aside), NULL;
      g_free (aside);
      aside = g_strdup_printf ("%s/before-%s-%s-%u", data, reason, stamp, i);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (data, names[i], NULL);
      g_autofree char *to = g_build_filename (aside, names[i], NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        return failed (error, "move", from), NULL;
    }
  return g_steal_pointer (&aside);
}
