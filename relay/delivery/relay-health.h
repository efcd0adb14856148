/* relay/delivery/relay-health.h — what one answer means for a delivery and for its endpoint: pure arithmetic over both.
 * Layer: relay/delivery. Any thread. */
#pragma once
#include "relay-delivery-store.h"
#include "relay-post.h"

#define RELAY_HEALTH_PATIENCE (5 * COBRO_DAY) /* in vain for so long: the endpoint is disabled */
#define RELAY_HEALTH_GONE     410             /* the answer that says that nobody will ever listen there again */
#define RELAY_HEALTH_TRIPS    5               /* failures in a row that open the breaker */

/* What has to follow, in the same transaction. */
typedef enum
{
  RELAY_HEALTH_HURRY = 1 << 0,     /* the breaker closed: all that waits is due now */
  RELAY_HEALTH_RECOVERED = 1 << 1, /* say that it works again */
  RELAY_HEALTH_DISABLE = 1 << 2,   /* endpoint->is_active and disabled_reason are set: end all that waits, say so */
  RELAY_HEALTH_EXHAUSTED = 1 << 3, /* this delivery has become a dead letter: say so */
} RelayHealthEffects;

/**
 * relay_health_apply:
 * @endpoint: (inout): as it is in the books now
 * @delivery: (inout): as it was claimed; its next state, tries, step, next_at, last_status and last_error are set
 * @now: the present
 *
 * 2xx delivers, 410 disables the endpoint, anything else is tried again by the schedule. 429, 502, 503 and 504 slow the
 * endpoint down; no answer, 5xx and 429 count for its breaker, which only postpones.
 *
 * Returns: #RelayHealthEffects
 */
guint relay_health_apply (RelayEndpoint *endpoint, RelayDelivery *delivery, const RelayPostResult *result,
                          CobroTime now, CobroRandom *random);
