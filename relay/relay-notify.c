/* relay/relay-notify.c — datagrams to the service manager, and the watchdog that goes through the writer.
 * Layer: relay (composition). Thread: main. */
#include "relay-notify.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WATCHDOG_MIN_US (1000 * 1000)

void
relay_notify (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize length = path ? strlen (path) : 0;
  int fd;

  if (length < 2 || length >= sizeof address.sun_path)
    return;
  memcpy (address.sun_path, path, length);
  if (path[0] == '@')
    address.sun_path[0] = '\0';
  if ((fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
    return;
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *)&address,
              G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length) < 0)
    g_debug ("the service manager does not listen");
  close (fd);
}

static gboolean
do_nothing (RelayTx *tx, gpointer data, GError **error)
{
  return TRUE;
}

/* Blocks while the writer is busy; when it hangs, so do we, and the service manager ends us. A full disk is no reason
 * to be killed: the writer has answered. */
static gboolean
on_watchdog_cb (gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (relay_store_write_queue (data, do_nothing, NULL, &error) || error)
    relay_notify ("WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

guint
relay_notify_start_watchdog (RelayStore *store)
{
  const char *text = g_getenv ("WATCHDOG_USEC");
  guint64 period;

  if (!text || !g_ascii_string_to_unsigned (text, 10, WATCHDOG_MIN_US, G_MAXUINT32, &period, NULL))
    return 0;
  return g_timeout_add ((guint)(period / 2000), on_watchdog_cb, store);
}
