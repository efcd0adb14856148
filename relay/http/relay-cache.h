/* relay/http/relay-cache.h — replies that may be given again: a bounded memory of one listener.
 * An entry is good as long as none of its topics was woken since its request began, and not longer than its handler
 * said. Layer: relay/http, private. Listener thread only. */
#pragma once
#include "relay-route.h"
#include "relay-wakes.h"

#define RELAY_CACHE_BYTES (8 * 1024 * 1024)

typedef struct _RelayCache RelayCache;

/* @wakes is borrowed. */
RelayCache *relay_cache_new (RelayWakes *wakes, gsize bytes_max);
void relay_cache_free (RelayCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayCache, relay_cache_free)

/* (transfer full) (nullable) what may be answered again to @request at @now (monotonic microseconds). */
RelayReply *relay_cache_find (RelayCache *cache, RelayRequest *request, gint64 now);
/* Keeps a reply whose handler called relay_reply_share(); others are passed over. */
void relay_cache_offer (RelayCache *cache, RelayRequest *request, RelayReply *reply, gint64 now);
