/* relay/delivery/relay-schedule.h — when a delivery that failed is tried again. Pure functions.
 * Layer: relay/delivery. Any thread. */
#pragma once
#include "cobro-random.h"
#include "relay-endpoint-store.h"

#define RELAY_SCHEDULE_WINDOW (7 * COBRO_DAY) /* after it the delivery is a dead letter */

/* How long to wait after @failed tries in vain (1 …), in microseconds, without jitter: exponential 5 s, 1 min, 5 min,
 * 30 min, 2 h, 5 h, 10 h, then 12 h; linear 10 min more each time; polynomial 5 s × n⁴; never more than 12 h. */
gint64 relay_schedule_delay (RelayPolicy policy, guint failed);
/**
 * relay_schedule_next:
 * @retry_after: what the receiver asked for, in microseconds; -1: nothing. Taken between the plan's delay and twice it.
 * @began_at: when the first try was due
 *
 * Returns: when to try again, with a jitter of ±20 %; 0 when that would be beyond the window
 */
CobroTime relay_schedule_next (RelayPolicy policy, guint failed, gint64 retry_after, CobroTime began_at, CobroTime now,
                               CobroRandom *random);
/* Retry-After, in microseconds from @now: seconds, or a date (RFC 9110, 10.2.3). -1 for what is neither. */
gint64 relay_schedule_parse_retry_after (const char *value, CobroTime now);
