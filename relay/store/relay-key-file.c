/* relay/store/relay-key-file.c — a key-encryption key in a file.
 * Layer: relay/store. */
#include "config.h"
#include "relay-key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cobro-error.h"

#define TEXT_LENGTH (2 * RELAY_KEY_BYTES + 1) /* hex digits and a line feed */

static gboolean
fail (GError **error, const char *what, const char *path)
{
  return cobro_error_set (error, COBRO_ERROR_IO, "cannot %s the key file \"%s\": %s", what, path, g_strerror (errno));
}

/* The folder's entry must be on disk before anything is sealed with the key. */
static gboolean
flush_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok || fail (error, "flush the folder of", path);
}

gboolean
relay_key_file_write (const char *path, CobroRandom *random, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".new", NULL);
  guint8 key[RELAY_KEY_BYTES];
  char text[TEXT_LENGTH + 1];
  gboolean ok;
  int fd;

  cobro_random_fill (random, key, sizeof key);
  for (gsize i = 0; i < sizeof key; i++)
    g_snprintf (text + 2 * i, 3, "%02x", key[i]);
  text[TEXT_LENGTH - 1] = '\n';
  explicit_bzero (key, sizeof key);

  unlink (part); /* of a start that was cut off */
  fd = open (part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
  ok = fd >= 0 && write (fd, text, TEXT_LENGTH) == TEXT_LENGTH && fsync (fd) == 0;
  explicit_bzero (text, sizeof text);
  if (fd >= 0)
    close (fd);
  if (!ok || rename (part, path) != 0)
    return fail (error, "make", path);
  return flush_folder (path, error);
}

static gboolean
parse_key (const char *text, gsize length, const char *path, guint8 out_key[RELAY_KEY_BYTES], GError **error)
{
  if (length != TEXT_LENGTH || text[length - 1] != '\n' ||
      strspn (text, "0123456789abcdef") != 2 * (gsize)RELAY_KEY_BYTES)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "the key file \"%s\" is damaged: it should hold %d hex digits",
                            path, 2 * RELAY_KEY_BYTES);
  for (gsize i = 0; i < RELAY_KEY_BYTES; i++)
    out_key[i] = (guint8)(g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
  return TRUE;
}

/* The service manager's own copy, which it shows to the service alone; it does so by an ACL that looks like the group's
 * right to read. */
static gboolean
is_credential (const char *path)
{
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *parent = g_path_get_dirname (path);

  return folder != NULL && g_str_equal (folder, parent);
}

static gboolean
check_mode (int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return fail (error, "look at", path);
  if (!S_ISREG (info.st_mode) || (info.st_mode & (is_credential (path) ? 037 : 077)) != 0)
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "others may read the key file \"%s\" (mode %04o): chmod 0400 it, and make sure nobody has",
                            path, (guint)(info.st_mode & 07777));
  return TRUE;
}

gboolean
relay_key_file_read (const char *path, guint8 out_key[RELAY_KEY_BYTES], GError **error)
{
  char text[TEXT_LENGTH + 2] = "";
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n = -1;
  gboolean ok;

  if (fd < 0 && errno == ENOENT)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "the key file \"%s\" is missing", path);
  if (fd < 0)
    return fail (error, "read", path);
  ok = check_mode (fd, path, error);
  if (ok)
    {
      n = read (fd, text, sizeof text - 1);
      ok = n >= 0 || fail (error, "read", path);
    }
  close (fd);
  ok = ok && parse_key (text, (gsize)n, path, out_key, error);
  explicit_bzero (text, sizeof text);
  return ok;
}

gboolean
relay_key_file_replace (const char *path, const char *next, const char *old, GError **error)
{
  if (link (path, old) != 0 && errno != EEXIST)
    return fail (error, "keep the old copy of", path);
  if (!flush_folder (path, error))
    return FALSE;
  if (rename (next, path) != 0)
    return fail (error, "replace", path);
  return flush_folder (path, error);
}
