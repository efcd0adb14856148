/* relay/http/relay-connection.h — one client: bytes in, whole requests, replies out.
 * Layer: relay/http, private. Listener thread only. */
#pragma once
#include "relay-listener.h"

typedef enum
{
  RELAY_CONNECTION_HEAD,      /* reading a head, or idle between requests */
  RELAY_CONNECTION_BODY,      /* reading a body */
  RELAY_CONNECTION_RUNNING,   /* a request thread has the request */
  RELAY_CONNECTION_PARKED,    /* waiting for a topic */
  RELAY_CONNECTION_WRITING,   /* the client takes its time to read */
  RELAY_CONNECTION_LINGERING, /* answered; reading what the client still sends, so that it gets to see the answer */
  RELAY_CONNECTION_CLOSED,
} RelayConnectionState;

struct _RelayConnection
{
  RelayListener *listener;
  int fd;
  RelayConnectionState state;
  guint readable : 1;
  guint hung_up : 1; /* the client has closed its side, or both */
  guint ended : 1;   /* we have read its end */
  guint trusted : 1; /* a proxy whose X-Forwarded-For counts */
  guint linger : 1;  /* close slowly: unread bytes would turn the answer into a reset */
  guint close : 1;   /* after this reply */
  guint stream : 1;  /* server-sent events are under way */
  guint orphan : 1;  /* closed while a request thread works on it */

  GList wait_link;
  GQueue *wait_queue; /* NULL: no deadline */
  gint64 due;
  GList ready_link;
  gboolean is_ready;
  GList all_link;

  GList park_link;
  GQueue *park_queue;
  char *topic;
  gint64 until;
  gint64 spoken; /* when the stream last carried something */

  GByteArray *in; /* (nullable) bytes that are not a whole request yet */
  gsize scanned;
  RelayRequest *request;
  GByteArray *body;
  gsize body_length;

  GByteArray *out; /* (nullable) what the socket did not take yet … */
  GBytes *out_body;
  gsize out_offset; /* … of both together */
  gsize out_mark;   /* offset at the last time the deadline was renewed */

  char peer[48];
};

/* Takes the socket. */
void relay_connection_new (RelayListener *listener, int fd, const char *peer);
void relay_connection_free (RelayConnection *self);
/* epoll has something to say. */
void relay_connection_on_events (RelayConnection *self, guint events);
/* More requests have arrived already. */
void relay_connection_resume (RelayConnection *self);
/* A request thread is done. */
void relay_connection_on_done (RelayConnection *self, RelayJob *job);
/* The topic was woken (@expired: its time has come, or the server stops). */
void relay_connection_look_again (RelayConnection *self, gboolean expired);
/* A comment, so that proxies do not close a quiet stream. */
void relay_connection_keep_alive (RelayConnection *self);
/* The deadline it was waiting with has passed. */
void relay_connection_on_deadline (RelayConnection *self, RelayWait wait);
/* Closes at once. */
void relay_connection_close (RelayConnection *self);
