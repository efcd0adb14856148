/* relay/http/relay-server.h — the gate that owns the sockets, the router, the bounded pool of request threads.
 * Layer: relay/http. Thread: made, stopped and freed on one thread; relay_server_wake() from any. */
#pragma once
#include "cobro-clock.h"
#include "cobro-random.h"
#include "relay-route.h"

/* One answered request, for the access log. Text lives as long as the call. Nothing in it holds a token or a body. */
typedef struct
{
  const char *id;     /* x-request-id */
  const char *method; /* "-" if the head was not valid */
  const char *route;  /* the template, "-" if there is none */
  const char *peer;
  const char *merchant; /* "" unless authenticated */
  RelayTraceContext trace;
  guint status;
  gsize bytes; /* of the body */
  gint64 duration_us;
  guint one_of; /* the line stands for so many like it; 0 or 1: for itself */
} RelayAccess;
/* (transfer full) one line of JSON without newline. */
char *relay_access_to_json (const RelayAccess *access, CobroTime now);

/* Called on the listener thread after each answer; must not block. */
typedef void (*RelayOnAccess) (gpointer data, const RelayAccess *access);
/* Called on any thread when a 5xx hides @error from the caller. */
typedef void (*RelayOnFault) (gpointer data, const char *request_id, const GError *error);
/* (transfer full) the page of an error on a RELAY_FACE_PAGE route, made with relay_reply_html() and @status. Any
 * thread; must not block. @request may have no route and no headers. */
typedef RelayReply *(*RelayErrorPage) (gpointer context, RelayRequest *request, guint status, const char *code,
                                       const char *message);

typedef struct
{
  const char *listen;             /* "127.0.0.1:8080", "[::1]:0" or "unix:/run/cobro/relay.sock" */
  const RelayRoute *routes;       /* ends with method NULL */
  gpointer context;               /* handed to handlers */
  RelayAuthenticate authenticate; /* (nullable) if no route needs it */
  CobroClock *clock;              /* Date and rate limits; socket deadlines always use the system's */
  CobroRandom *random;
  const char *const *trusted_proxies;        /* CIDRs or addresses; the unix socket is always trusted; (nullable) */
  gboolean plain_http;                       /* the public URL is http (demo): no HSTS, no upgrade-insecure-requests */
  guint listener_threads;                    /* 0: 1; more need TCP */
  guint request_threads;                     /* 0: 32, started as they are needed */
  guint webhook_threads;                     /* 0: 2, on top of the above and for RELAY_LANE_WEBHOOK only */
  guint queue_max;                           /* 0: 1024; more waiting requests answer 503 */
  guint connections_max;                     /* 0: 8192 */
  guint connections_per_peer;                /* 0: 256; trusted proxies have no such limit */
  guint head_ms, body_ms, write_ms, idle_ms; /* 0: 10 s, 20 s, 20 s, 60 s; tests shorten them */
  guint request_ms;                          /* 0: 25 s; what request->deadline is made of */
  guint unix_mode;                           /* 0: 0660 */
  gboolean rate_limits;                      /* FALSE in bench and load tests */
  RelayOnAccess on_access;                   /* (nullable) */
  RelayOnFault on_fault;                     /* (nullable) */
  gpointer log_data;                         /* handed to both */
  RelayErrorPage error_page;                 /* (nullable) a plain page is used */
} RelayServerConfig;

/* Binds and starts serving. The strings and the table must outlive the server. NULL with COBRO_ERROR_IO (the address
 * and the reason: "cannot listen on 127.0.0.1:8080: address already in use") or COBRO_ERROR_CONFIG (address, CIDR). */
RelayServer *relay_server_new (const RelayServerConfig *config, GError **error);
/* "http://127.0.0.1:43211" with the real port; "unix:/run/cobro/relay.sock". */
const char *relay_server_get_url (RelayServer *server);
/* Any thread, cheap when nobody waits: handlers parked on @topic look again. Topics: "merchant:<id>" and "link:<id>".
 * Call it after the commit. */
void relay_server_wake (RelayServer *server, const char *topic);
/* How much it has to do now: open connections, and requests and webhooks that wait for a thread. Any thread. */
typedef struct
{
  guint connections, requests, webhooks;
} RelayServerLoad;
RelayServerLoad relay_server_load (RelayServer *server);
/* Stops accepting, lets parked requests answer, finishes what runs, closes what is left after @ms. */
void relay_server_stop (RelayServer *server, guint ms);
void relay_server_free (RelayServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayServer, relay_server_free)
