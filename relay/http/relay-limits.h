/* relay/http/relay-limits.h — token buckets by lane and key, in a table of fixed size.
 * Layer: relay/http, private. Any thread (one lock, no I/O). */
#pragma once
#include "cobro-random.h"
#include "relay-request.h"

typedef struct _RelayLimits RelayLimits;

typedef struct
{
  guint capacity;    /* of the bucket */
  guint remaining;   /* whole tokens after this take */
  guint retry_after; /* seconds until a refused take would pass; 0 if it passed */
} RelayLimit;

/* The table is allocated at once and touched only where used. */
RelayLimits *relay_limits_new (CobroRandom *random);
void relay_limits_free (RelayLimits *limits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayLimits, relay_limits_free)

/* Takes one token at @now (monotonic microseconds). FALSE: none left. RELAY_LANE_FREE always passes. */
gboolean relay_limits_take (RelayLimits *limits, RelayLane lane, const char *key, gint64 now, RelayLimit *out_limit);
/* The same for an address with its two keys in IPv6 (/64, and /48 with four times the capacity); a refused take takes
 * nothing from either. */
gboolean relay_limits_take_address (RelayLimits *limits, RelayLane lane, const char *address, gint64 now,
                                    RelayLimit *out_limit);
/* The same with a size of its own: @capacity tokens, one back every @per_token microseconds. */
gboolean relay_limits_take_by (RelayLimits *limits, RelayLane lane, const char *key, guint capacity, gint64 per_token,
                               gint64 now, RelayLimit *out_limit);
/* Whether a token is there; takes none. */
gboolean relay_limits_has (RelayLimits *limits, RelayLane lane, const char *key, guint capacity, gint64 per_token,
                           gint64 now, RelayLimit *out_limit);
