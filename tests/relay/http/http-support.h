/* tests/relay/http/http-support.h — a real gate on a free port with sample routes, and a client that sends raw bytes.
 * Layer: tests. Thread: the test's; handlers run on the server's. */
#pragma once
#include "cobro-error.h"
#include "relay-server.h"

/* A server, and what its handlers saw. */
typedef struct
{
  RelayServer *server;
  CobroClock *clock;
  CobroRandom *random;
  guint port;
  int executed; /* atomic: how many handlers ran */
  int version;  /* atomic: what /wait and /stream tell */
  int running;  /* atomic: inside /slow */
  GMutex lock;
  GCond may_go; /* /slow waits for it */
  gboolean go;
  GPtrArray *seen; /* (element-type utf8) "METHOD target body", with the lock */
} Gate;

/* Short deadlines unless @config says otherwise; listen, routes, context, clock, random are filled in. */
Gate *gate_new (RelayServerConfig config);
void gate_free (Gate *gate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Gate, gate_free)
/* Lets /slow go on. */
void gate_release (Gate *gate);
/* Waits until @value is at least @wanted; fails the test after a generous while. */
void gate_await (int *value, int wanted);

/* A connected socket, blocking, with a receive timeout of 20 s. */
int client_new (Gate *gate);
/* Connects a socket made elsewhere. */
void client_connect (Gate *gate, int fd);
void client_send (int fd, const char *bytes, gssize length);
/* (transfer full) one whole reply (head and body by Content-Length), or what came before the end of the stream. */
char *client_receive (int fd);
/* (transfer full) everything until the server closes. */
char *client_drain (int fd);
/* TRUE when the server has closed the connection (a reset counts). */
gboolean client_is_closed (int fd);
/* The status of a reply; 0 if it is none. */
guint reply_status (const char *reply);
/* (transfer full) (nullable) a header of a reply. */
char *reply_header (const char *reply, const char *name);
const char *reply_body (const char *reply);
/* Sends on a new connection, returns the reply's status; 0 when there was none. */
guint gate_status (Gate *gate, const char *bytes, gssize length);
/* (transfer full) the same, the whole reply. */
char *gate_ask (Gate *gate, const char *bytes, gssize length);

#define GET(target) "GET " target " HTTP/1.1\r\nHost: pay.example\r\n\r\n"
