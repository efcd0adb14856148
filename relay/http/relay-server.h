/* relay/http/relay-server.h — the gate that owns the sockets, the router, the bounded pool of request threads.
 * Layer: relay/http. */
#pragma once
#include "relay-route.h"

typedef struct _RelayServer RelayServer;

typedef struct {
  const char        *listen;            /* "127.0.0.1:8080", "[::1]:0" or "unix:/run/cobro/relay.sock" */
  const RelayRoute  *routes;            /* ends with method NULL */
  gpointer           context;           /* handed to handlers */
  RelayAuthenticate  authenticate;
  const char *const *trusted_proxies;   /* CIDRs; the unix socket is always trusted; (nullable) */
  guint              request_threads;   /* 0: 4 */
  guint              queue_max;         /* 0: 1024; more waiting requests answer 503 */
  guint              connections_max;   /* 0: 8192 */
  guint              connections_per_peer; /* 0: 256 */
  guint              head_ms, body_ms, write_ms, idle_ms;   /* 0: 10 s, 20 s, 20 s, 60 s; tests shorten them */
  gboolean           rate_limits;       /* FALSE in bench and load tests */
} RelayServerConfig;

/* Binds and starts listening. NULL with COBRO_ERROR_IO (the address and the reason: "address already in use"). */
RelayServer *relay_server_new (const RelayServerConfig *config, GError **error);
/* "http://127.0.0.1:43211" with the real port. */
const char *relay_server_get_url (RelayServer *server);
/* Any thread: handlers parked on @topic look again. Topics: "merchant:<id>" and "link:<id>". */
void relay_server_wake (RelayServer *server, const char *topic);
/* Stops accepting, finishes what runs within @ms, closes. */
void relay_server_stop (RelayServer *server, guint ms);
void relay_server_free (RelayServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayServer, relay_server_free)
