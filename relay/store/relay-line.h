/* relay/store/relay-line.h — a relay's own line to books that it shares with other relays (PostgreSQL): one connection
 * and one thread that hold its place in the table life, tell the others what was committed here, at most ten times a
 * second, and hear what was committed there. Nothing depends on what is heard: what got lost is found by looking once a
 * second. Layer: relay/store, private to it. */
#pragma once
#include "relay-store.h"

typedef struct _RelayLine RelayLine;

/* Called on the line's thread for each topic that another relay touched. */
typedef void (*RelayLineHeard) (gpointer data, const char *topic);

/* Connects and takes a place. NULL with the database's error. */
RelayLine *relay_line_new (const char *uri, guint32 application_id, CobroTime now, RelayLineHeard heard, gpointer data,
                           GError **error);
/* Gives the place back (closed properly at @now) and disconnects. */
void relay_line_free (RelayLine *self, CobroTime now);
/* Tells the other relays of @topics (element-type utf8 as keys), in a moment. Any thread. */
void relay_line_tell (RelayLine *self, GHashTable *topics);
