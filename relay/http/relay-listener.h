/* relay/http/relay-listener.h — one listener thread: its socket, its epoll set, its connections and their deadlines.
 * Layer: relay/http, private. All fields belong to the listener thread but for the mailbox. */
#pragma once
#include <gio/gio.h>
#include "relay-cache.h"
#include "relay-server-private.h"
#include "relay-socket.h"

typedef struct _RelayConnection RelayConnection;

/* What a connection may be waiting for. Each wait has one length, so that a queue in order of arrival is also in order
 * of deadline: no timers, no sorting. */
typedef enum
{
  RELAY_WAIT_HEAD,
  RELAY_WAIT_BODY,
  RELAY_WAIT_WRITE,
  RELAY_WAIT_IDLE,
  RELAY_WAIT_LINGER,
  RELAY_WAITS,
} RelayWait;

#define RELAY_SCRATCH_BYTES (64 * 1024)

struct _RelayListener
{
  RelayServer *server;
  GThread *thread;
  RelaySocket socket;
  int epoll_fd;
  int wake_fd;
  int spare_fd; /* given up for a moment when no descriptor is left, to refuse politely */

  /* The mailbox: other threads. */
  GMutex lock;
  RelayJob *done;     /* newest first */
  GPtrArray *woken;   /* (element-type utf8) topics */
  gboolean stop;      /* asked to stop */
  gint64 stop_at;     /* what is left is closed then */
  gboolean is_asleep; /* in epoll_wait, or about to be: write wake_fd */

  /* The listener's own. */
  gint64 now; /* monotonic microseconds, once per turn */
  gint64 second;
  char *date;
  GQueue waits[RELAY_WAITS]; /* of RelayConnection, by wait_link */
  gint64 wait_us[RELAY_WAITS];
  GHashTable *parked; /* (element-type utf8 GQueue) topic → RelayConnection by park_link */
  gint64 sweep_at;    /* when to look for parked connections whose time has come */
  GQueue ready;       /* connections with whole requests left over from this turn, by ready_link */
  GQueue all;         /* every connection, by all_link */
  GPtrArray *grave;   /* closed in this turn, freed at its end */
  gint64 rest_until;  /* not accepting before: descriptors ran out */
  gboolean accepting;
  gboolean stopping;
  char id_prefix[17];
  guint64 id_count;
  RelayCache *cache;
  GString *out;
  char *scratch;
};

/* Listens on @address and starts the thread. */
RelayListener *relay_listener_new (RelayServer *server, const char *address, gboolean shared, GError **error);
void relay_listener_start (RelayListener *listener);
/* Any thread. */
void relay_listener_post_done (RelayListener *listener, RelayJob *job);
void relay_listener_post_wake (RelayListener *listener, const char *topic);
/* Asks the thread to end: at once when nothing is open any more, at the latest after @ms. */
void relay_listener_stop (RelayListener *listener, guint ms);
void relay_listener_join (RelayListener *listener);
void relay_listener_free (RelayListener *listener);

/* For connections, on the listener thread. */
void relay_listener_next_id (RelayListener *listener, char *out_id, gsize size);
