/* relay/http/relay-socket.h — listening sockets: TCP and unix.
 * Layer: relay/http, private. */
#pragma once
#include <glib.h>

typedef struct
{
  int fd;
  char *url;       /* "http://127.0.0.1:43211" with the real port, or "unix:/path" */
  char *unix_path; /* NULL for TCP */
  guint64 inode;   /* of the unix socket: only our own file is removed */
} RelaySocket;

/**
 * relay_socket_listen:
 * @address: "127.0.0.1:8080", "[::1]:0" or "unix:/path"
 * @shared: several sockets will listen on this port (SO_REUSEPORT)
 * @unix_mode: permissions of a unix socket
 *
 * The socket does not block. A unix socket whose owner is gone is replaced; one that answers is "already in use".
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG (not an address) or %COBRO_ERROR_IO (the address and the reason)
 */
gboolean relay_socket_listen (RelaySocket *out_socket, const char *address, gboolean shared, guint unix_mode,
                              GError **error);
/* Closes, and removes a unix socket that is still ours. */
void relay_socket_close (RelaySocket *socket);
