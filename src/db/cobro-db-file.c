/* src/db/cobro-db-file.c — lock file, network file systems, file mode.
 * Layer: db, private to it. */
#include "config.h"
#include "cobro-db-file.h"
#include "cobro-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

struct _CobroDbLock
{
  int fd;
};

/* Numbers of statfs(2). Their locks or shared mappings do not hold between machines, which spoils a WAL. */
static const struct
{
  guint64 magic;
  const char *name;
} remote_systems[] = {
  { 0x6969, "NFS" },       { 0x517B, "SMB" },      { 0xFF534D42, "CIFS" },   { 0xFE534D42, "SMB 2" },
  { 0x73757245, "Coda" },  { 0x5346414F, "AFS" },  { 0x6B414653, "AFS" },    { 0x564C, "NCP" },
  { 0x00C36400, "Ceph" },  { 0x47504653, "GPFS" }, { 0x0BD00BD0, "Lustre" }, { 0x7461636F, "OCFS 2" },
  { 0x01161970, "GFS 2" }, { 0x01021997, "9P" },
};

const char *
cobro_db_file_system_remote_name (guint64 magic)
{
  for (gsize i = 0; i < G_N_ELEMENTS (remote_systems); i++)
    if (remote_systems[i].magic == magic)
      return remote_systems[i].name;
  return NULL;
}

gboolean
cobro_db_file_check_system (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct statfs info;
  const char *name;

  if (statfs (folder, &info) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot look at the folder “%s”: %s", folder, g_strerror (errno));

  /* f_type is signed on some machines; the magic numbers are 32 bits wide. */
  name = cobro_db_file_system_remote_name ((guint32)info.f_type);
  if (name != NULL)
    return cobro_error_set (error, COBRO_ERROR_IO,
                            "“%s” lies on a network file system (%s), which can damage the data; choose a local folder",
                            path, name);
  return TRUE;
}

gboolean
cobro_db_file_create (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  /* A link to the file elsewhere is the owner's choice; only making it through one is refused. */
  if (fd < 0 && errno == ELOOP && g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (fd < 0)
    return cobro_error_set (error, errno == ENOSPC || errno == EDQUOT ? COBRO_ERROR_UNAVAILABLE : COBRO_ERROR_IO,
                            "cannot make the file “%s”: %s", path, g_strerror (errno));
  close (fd);
  return TRUE;
}

/* Who holds the lock, as that process wrote it: "" when it cannot be read. */
static char *
lock_holder (int fd)
{
  char text[32] = "";
  ssize_t n = pread (fd, text, sizeof text - 1, 0);

  if (n <= 0)
    return g_strdup ("");
  text[strspn (text, "0123456789")] = '\0';
  return text[0] == '\0' ? g_strdup ("") : g_strdup_printf (" (process %s)", text);
}

CobroDbLock *
cobro_db_lock_new (const char *path, GError **error)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  g_autofree char *pid = g_strdup_printf ("%ld\n", (long)getpid ());
  g_autofree char *holder = NULL;
  CobroDbLock *lock;
  int fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      cobro_error_set (error, COBRO_ERROR_IO, "cannot make the lock file “%s”: %s", lock_path, g_strerror (errno));
      return NULL;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      holder = lock_holder (fd);
      close (fd);
      cobro_error_set (error, COBRO_ERROR_BUSY, "“%s” is in use by another program%s", path, holder);
      return NULL;
    }
  /* The text only helps people; a full disk may keep it from being written. */
  if (ftruncate (fd, 0) == 0 && pwrite (fd, pid, strlen (pid), 0) < 0)
    g_debug ("lock file “%s”: %s", lock_path, g_strerror (errno));

  lock = g_new (CobroDbLock, 1);
  lock->fd = fd;
  return lock;
}

void
cobro_db_lock_free (CobroDbLock *lock)
{
  if (lock == NULL)
    return;
  /* The file stays: removing it would let two processes lock two files of one name. */
  close (lock->fd);
  g_free (lock);
}
