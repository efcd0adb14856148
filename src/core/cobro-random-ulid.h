/* src/core/cobro-random-ulid.h — the bits of a ULID. Private to core: everybody else makes ids with cobro_id_new().
 * Layer: core. Any thread. */
#pragma once
#include "cobro-random.h"

/**
 * cobro_random_next_ulid:
 * @ms: milliseconds since 1970
 * @out_ulid: (out): 48 bits of time and 80 random bits, big endian
 *
 * ULIDs from one source ascend: within a millisecond (or after a small step back of the clock) the next one is the last
 * one plus one. That memory is the source's, so that there is no hidden global state and the simulator can replay it.
 */
void cobro_random_next_ulid (CobroRandom *random, guint64 ms, guint8 out_ulid[16]);
