/* relay/http/relay-socket.c — listening sockets: TCP and unix.
 * Layer: relay/http, private. */
#include "relay-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "cobro-error.h"

#define BACKLOG 4096 /* the kernel lowers it to net.core.somaxconn */

typedef union
{
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_un local;
} Address;

static gboolean
not_an_address (const char *text, GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_CONFIG,
                          "\"%s\" is not an address to listen on: use 127.0.0.1:8080, [::1]:8080 or unix:/path", text);
}

static gboolean
io_error (const char *address, int code, GError **error)
{
  g_autofree char *reason = g_utf8_strdown (g_strerror (code), -1);

  return cobro_error_set (error, COBRO_ERROR_IO, "cannot listen on %s: %s", address, reason);
}

/* "host:port" with a numeric host; IPv6 in brackets. */
static gboolean
parse_tcp (const char *text, Address *out_address, socklen_t *out_length, GError **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;
  guint64 port;

  if (colon == NULL || colon[1] == '\0' || !g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL))
    return not_an_address (text, error);
  *out_address = (Address){ 0 };
  if (text[0] == '[' && colon > text + 1 && colon[-1] == ']')
    {
      host = g_strndup (text + 1, colon - text - 2);
      out_address->v6.sin6_family = AF_INET6;
      out_address->v6.sin6_port = g_htons (port);
      *out_length = sizeof out_address->v6;
      return inet_pton (AF_INET6, host, &out_address->v6.sin6_addr) == 1 || not_an_address (text, error);
    }
  host = g_strndup (text, colon - text);
  out_address->v4.sin_family = AF_INET;
  out_address->v4.sin_port = g_htons (port);
  *out_length = sizeof out_address->v4;
  return inet_pton (AF_INET, host, &out_address->v4.sin_addr) == 1 || not_an_address (text, error);
}

static char *
url_of (int fd)
{
  Address address = { 0 };
  socklen_t length = sizeof address;
  char host[INET6_ADDRSTRLEN] = "";

  if (getsockname (fd, &address.any, &length) != 0)
    return g_strdup ("http://unknown");
  if (address.any.sa_family == AF_INET6)
    {
      inet_ntop (AF_INET6, &address.v6.sin6_addr, host, sizeof host);
      return g_strdup_printf ("http://[%s]:%u", host, g_ntohs (address.v6.sin6_port));
    }
  inet_ntop (AF_INET, &address.v4.sin_addr, host, sizeof host);
  return g_strdup_printf ("http://%s:%u", host, g_ntohs (address.v4.sin_port));
}

static gboolean
listen_tcp (RelaySocket *self, const char *text, gboolean shared, GError **error)
{
  Address address = { 0 };
  socklen_t length = 0;
  int on = 1;

  if (!parse_tcp (text, &address, &length, error))
    return FALSE;
  self->fd = socket (address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0)
    return io_error (text, errno, error);
  setsockopt (self->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared)
    setsockopt (self->fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  /* Accepted sockets inherit it; without it a reply waits for the client's delayed acknowledgement. */
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (bind (self->fd, &address.any, length) != 0 || listen (self->fd, BACKLOG) != 0)
    return io_error (text, errno, error);
  self->url = url_of (self->fd);
  return TRUE;
}

/* Removes a socket file that nobody answers on. FALSE: it is in use, or not a socket. */
static gboolean
clear_stale (const char *text, const Address *address, GError **error)
{
  struct stat info;
  int fd;
  int result;

  if (lstat (address->local.sun_path, &info) != 0)
    return errno == ENOENT || io_error (text, errno, error);
  if (!S_ISSOCK (info.st_mode))
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot listen on %s: the file exists and is not a socket", text);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return io_error (text, errno, error);
  result = connect (fd, &address->any, sizeof address->local) == 0 ? 0 : errno;
  close (fd);
  if (result != ECONNREFUSED)
    return io_error (text, result == 0 || result == EAGAIN ? EADDRINUSE : result, error);
  return unlink (address->local.sun_path) == 0 || io_error (text, errno, error);
}

static gboolean
listen_unix (RelaySocket *self, const char *text, guint mode, GError **error)
{
  const char *path = text + strlen ("unix:");
  Address address = { .local.sun_family = AF_UNIX };
  struct stat info;

  if (path[0] != '/' || strlen (path) >= sizeof address.local.sun_path)
    return not_an_address (text, error);
  memcpy (address.local.sun_path, path, strlen (path));
  if (!clear_stale (text, &address, error))
    return FALSE;
  self->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || bind (self->fd, &address.any, sizeof address.local) != 0)
    return io_error (text, errno, error);
  self->unix_path = g_strdup (path);
  /* Nobody can connect before listen(), so there is no moment with other permissions. */
  if (stat (path, &info) != 0 || chmod (path, mode) != 0 || listen (self->fd, BACKLOG) != 0)
    return io_error (text, errno, error);
  self->inode = info.st_ino;
  self->url = g_strdup (text);
  return TRUE;
}

gboolean
relay_socket_listen (RelaySocket *out_socket, const char *address, gboolean shared, guint unix_mode, GError **error)
{
  gboolean ok;

  *out_socket = (RelaySocket){ .fd = -1 };
  ok = g_str_has_prefix (address, "unix:") ? listen_unix (out_socket, address, unix_mode, error)
                                           : listen_tcp (out_socket, address, shared, error);
  if (!ok)
    relay_socket_close (out_socket);
  return ok;
}

void
relay_socket_close (RelaySocket *self)
{
  struct stat info;

  if (self->fd >= 0)
    close (self->fd);
  if (self->unix_path != NULL && stat (self->unix_path, &info) == 0 && info.st_ino == self->inode)
    unlink (self->unix_path);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->unix_path, g_free);
  self->fd = -1;
}
