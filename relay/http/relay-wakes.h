/* relay/http/relay-wakes.h — how a commit and a request that is about to wait for it never miss each other.
 * Every wake gets a number. A request notes the newest number before its handler looks at the database. When it is
 * parked, the topic's own newest number tells whether it was woken in between. Topics share 1,024 slots: a collision
 * only means one look too many. Layer: relay/http, private. Any thread, no locks. */
#pragma once
#include <glib.h>

#define RELAY_WAKE_SLOTS 1024

typedef struct
{
  gint64 newest;
  gint64 slots[RELAY_WAKE_SLOTS];
  guint waiting[RELAY_WAKE_SLOTS];
} RelayWakes;

/* To be noted before the handler runs. */
gint64 relay_wakes_now (RelayWakes *wakes);
/* Notes a wake of @topic. Returns: whether anybody waits and has to be told. */
gboolean relay_wakes_note (RelayWakes *wakes, const char *topic);
/* Whether @topic (or one that shares its slot) was woken after @seen. */
gboolean relay_wakes_since (RelayWakes *wakes, const char *topic, gint64 seen);
/* Begins to wait. FALSE: the topic was woken after @seen; look again instead (and do not call _leave). */
gboolean relay_wakes_enter (RelayWakes *wakes, const char *topic, gint64 seen);
void relay_wakes_leave (RelayWakes *wakes, const char *topic);
