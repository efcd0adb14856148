/* tests/sim/sim-disk.c — a layer under SQLite that remembers what was flushed and what was only written.
 * Layer: tests. Any thread. */
#include "sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#define SECTOR 512

/* One watched file: as the kernel has it, and as it would be after a power cut at this moment. */
typedef struct
{
  char *name;
  GByteArray *now, *flushed;
  gsize dirty_from, dirty_to; /* what differs, at most */
} Image;

/* SQLite's file: ours, followed by the real one. */
typedef struct
{
  sqlite3_file base;
  Image *image; /* NULL: not watched */
} SimFile;

static struct
{
  GMutex lock;
  sqlite3_vfs vfs, *real;
  char *folder;
  GHashTable *images;    /* (element-type utf8 Image) by path */
  GHashTable *survivors; /* (element-type utf8 GBytes) by name; NULL: no crash yet */
  guint countdown;       /* 0: no crash is planned */
  SimCrash crash;
  guint32 seed;
  gint dead;
} disk;

static sqlite3_file *
real_of (sqlite3_file *file)
{
  return (sqlite3_file *)((SimFile *)file + 1);
}

/* ── Images ─────────────────────────────────────────────────────────────────────────────────────── */

static void
image_free (gpointer data)
{
  Image *image = data;

  g_byte_array_unref (image->now);
  g_byte_array_unref (image->flushed);
  g_free (image->name);
  g_free (image);
}

static Image *
image_of (const char *path)
{
  Image *image;
  gsize n = disk.folder != NULL ? strlen (disk.folder) : 0;

  if (path == NULL || n == 0 || strncmp (path, disk.folder, n) != 0 || path[n] != '/' ||
      g_str_has_suffix (path, "-shm"))
    return NULL;
  if ((image = g_hash_table_lookup (disk.images, path)) != NULL)
    return image;
  image = g_new0 (Image, 1);
  image->name = g_path_get_basename (path);
  image->now = g_byte_array_new ();
  image->flushed = g_byte_array_new ();
  {
    g_autofree char *content = NULL;
    gsize length;

    if (g_file_get_contents (path, &content, &length, NULL))
      {
        g_byte_array_append (image->now, (const guint8 *)content, (guint)length);
        g_byte_array_append (image->flushed, (const guint8 *)content, (guint)length);
      }
  }
  g_hash_table_insert (disk.images, g_strdup (path), image);
  return image;
}

static void
touch (Image *image, gsize from, gsize to)
{
  if (image->dirty_to == 0)
    image->dirty_from = from;
  image->dirty_from = MIN (image->dirty_from, from);
  image->dirty_to = MAX (image->dirty_to, to);
}

static void
flush (Image *image)
{
  gsize from = MIN (image->dirty_from, image->now->len), to = MIN (image->dirty_to, image->now->len);
  gsize old = image->flushed->len;

  g_byte_array_set_size (image->flushed, image->now->len);
  if (image->now->len > old) /* what a longer file gained is dirty by definition */
    from = MIN (from, old), to = image->now->len;
  if (to > from)
    memcpy (image->flushed->data + from, image->now->data + from, to - from);
  image->dirty_from = image->dirty_to = 0;
}

/* ── The crash ──────────────────────────────────────────────────────────────────────────────────── */

/* After a power cut: of what was written and not flushed every sector is there, or not. */
static GBytes *
torn (const Image *image, GRand *dice)
{
  gboolean grown = image->dirty_to > 0 && g_rand_boolean (dice);
  gsize length = grown ? image->now->len : image->flushed->len;
  guint8 *bytes = g_malloc0 (MAX (length, 1));

  memcpy (bytes, image->flushed->data, MIN (length, image->flushed->len));
  for (gsize at = image->dirty_from / SECTOR * SECTOR; at < MIN (image->dirty_to, length); at += SECTOR)
    if (g_rand_boolean (dice) && at < image->now->len)
      memcpy (bytes + at, image->now->data + at, MIN (SECTOR, MIN (length, image->now->len) - at));
  return g_bytes_new_take (bytes, length);
}

static void
crash_now (void)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (disk.seed);
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (disk.images), (GCompareFunc)strcmp);

  if (g_atomic_int_get (&disk.dead))
    return;
  disk.survivors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  for (GList *path = paths; path != NULL; path = path->next)
    {
      Image *image = g_hash_table_lookup (disk.images, path->data);

      g_hash_table_insert (
        disk.survivors, g_strdup (image->name),
        disk.crash == SIM_CRASH_POWER ? torn (image, dice) : g_bytes_new (image->now->data, image->now->len));
    }
  g_atomic_int_set (&disk.dead, 1);
}

/* Before every operation on a watched file; holds the lock. */
static void
count_down (void)
{
  if (disk.countdown > 0 && --disk.countdown == 0)
    crash_now ();
}

/* ── SQLite's calls ─────────────────────────────────────────────────────────────────────────────── */

static int
on_close (sqlite3_file *file)
{
  return real_of (file)->pMethods != NULL ? real_of (file)->pMethods->xClose (real_of (file)) : SQLITE_OK;
}

static int
on_read (sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
  return real_of (file)->pMethods->xRead (real_of (file), bytes, n, at);
}

static int
on_write (sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
  Image *image = ((SimFile *)file)->image;

  if (image != NULL)
    {
      gsize end = (gsize)at + (gsize)n;

      g_mutex_lock (&disk.lock);
      count_down ();
      if (image->now->len < end)
        {
          guint old = image->now->len;

          g_byte_array_set_size (image->now, (guint)end);
          memset (image->now->data + old, 0, end - old);
        }
      memcpy (image->now->data + at, bytes, (gsize)n);
      touch (image, (gsize)at, end);
      g_mutex_unlock (&disk.lock);
    }
  return real_of (file)->pMethods->xWrite (real_of (file), bytes, n, at);
}

static int
on_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  Image *image = ((SimFile *)file)->image;

  if (image != NULL)
    {
      g_mutex_lock (&disk.lock);
      count_down ();
      touch (image, (gsize)size, MAX ((gsize)size + 1, image->now->len));
      g_byte_array_set_size (image->now, (guint)size);
      g_mutex_unlock (&disk.lock);
    }
  return real_of (file)->pMethods->xTruncate (real_of (file), size);
}

static int
on_sync (sqlite3_file *file, int flags)
{
  Image *image = ((SimFile *)file)->image;

  if (image != NULL)
    {
      g_mutex_lock (&disk.lock);
      count_down ();
      flush (image);
      g_mutex_unlock (&disk.lock);
    }
  return SQLITE_OK;
}

static int
on_size (sqlite3_file *file, sqlite3_int64 *out_size)
{
  return real_of (file)->pMethods->xFileSize (real_of (file), out_size);
}

static int
on_lock (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xLock (real_of (file), level);
}

static int
on_unlock (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xUnlock (real_of (file), level);
}

static int
on_check_lock (sqlite3_file *file, int *out)
{
  return real_of (file)->pMethods->xCheckReservedLock (real_of (file), out);
}

static int
on_control (sqlite3_file *file, int operation, void *argument)
{
  return real_of (file)->pMethods->xFileControl (real_of (file), operation, argument);
}

static int
on_sector_size (sqlite3_file *file)
{
  return real_of (file)->pMethods->xSectorSize (real_of (file));
}

/* Nothing is promised about what a power cut leaves. */
static int
on_characteristics (sqlite3_file *file)
{
  return 0;
}

static int
on_map (sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
  return real_of (file)->pMethods->xShmMap (real_of (file), page, size, extend, out);
}

static int
on_map_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return real_of (file)->pMethods->xShmLock (real_of (file), offset, n, flags);
}

static void
on_barrier (sqlite3_file *file)
{
  real_of (file)->pMethods->xShmBarrier (real_of (file));
}

static int
on_unmap (sqlite3_file *file, int delete)
{
  return real_of (file)->pMethods->xShmUnmap (real_of (file), delete);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = on_close,
  .xRead = on_read,
  .xWrite = on_write,
  .xTruncate = on_truncate,
  .xSync = on_sync,
  .xFileSize = on_size,
  .xLock = on_lock,
  .xUnlock = on_unlock,
  .xCheckReservedLock = on_check_lock,
  .xFileControl = on_control,
  .xSectorSize = on_sector_size,
  .xDeviceCharacteristics = on_characteristics,
  .xShmMap = on_map,
  .xShmLock = on_map_lock,
  .xShmBarrier = on_barrier,
  .xShmUnmap = on_unmap,
};

static int
on_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
  SimFile *self = (SimFile *)file;
  int result;

  self->base.pMethods = NULL;
  g_mutex_lock (&disk.lock);
  self->image = image_of (path);
  g_mutex_unlock (&disk.lock);
  result = disk.real->xOpen (disk.real, path, real_of (file), flags, out_flags);
  if (result == SQLITE_OK)
    self->base.pMethods = &methods;
  return result;
}

static int
on_delete (sqlite3_vfs *vfs, const char *path, int sync_folder)
{
  g_mutex_lock (&disk.lock);
  if (disk.images != NULL && g_hash_table_contains (disk.images, path))
    count_down ();
  if (disk.images != NULL)
    g_hash_table_remove (disk.images, path);
  g_mutex_unlock (&disk.lock);
  return disk.real->xDelete (disk.real, path, 0);
}

/* ── For the simulation ─────────────────────────────────────────────────────────────────────────── */

void
sim_disk_install (void)
{
  disk.real = sqlite3_vfs_find (NULL);
  disk.vfs = *disk.real;
  disk.vfs.pNext = NULL;
  disk.vfs.zName = "sim";
  disk.vfs.szOsFile = (int)sizeof (SimFile) + disk.real->szOsFile;
  disk.vfs.xOpen = on_open;
  disk.vfs.xDelete = on_delete;
  g_assert_cmpint (sqlite3_vfs_register (&disk.vfs, 1), ==, SQLITE_OK);
}

void
sim_disk_watch (const char *folder)
{
  g_mutex_lock (&disk.lock);
  g_clear_pointer (&disk.images, g_hash_table_unref);
  g_clear_pointer (&disk.survivors, g_hash_table_unref);
  g_free (disk.folder);
  disk.folder = g_strdup (folder);
  disk.images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, image_free);
  disk.countdown = 0;
  g_atomic_int_set (&disk.dead, 0);
  g_mutex_unlock (&disk.lock);
}

void
sim_disk_arm (SimCrash crash, guint n, guint32 seed)
{
  g_mutex_lock (&disk.lock);
  disk.crash = crash;
  disk.seed = seed;
  disk.countdown = n;
  g_mutex_unlock (&disk.lock);
}

void
sim_disk_disarm (void)
{
  sim_disk_arm (SIM_CRASH_KILL, 0, 0);
}

void
sim_disk_crash (SimCrash crash, guint32 seed)
{
  g_mutex_lock (&disk.lock);
  disk.crash = crash;
  disk.seed = seed;
  crash_now ();
  g_mutex_unlock (&disk.lock);
}

gboolean
sim_disk_is_dead (void)
{
  return g_atomic_int_get (&disk.dead);
}

void
sim_disk_restore (const char *folder)
{
  GHashTableIter iter;
  gpointer name, bytes;

  g_mutex_lock (&disk.lock);
  g_assert_nonnull (disk.survivors);
  g_hash_table_iter_init (&iter, disk.survivors);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gsize n;
      const char *content = g_bytes_get_data (bytes, &n);

      g_assert_true (
        g_file_set_contents_full (path, n > 0 ? content : "", (gssize)n, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
  g_mutex_unlock (&disk.lock);
}
