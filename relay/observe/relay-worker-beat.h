/* relay/observe/relay-worker-beat.h — workers that go round for ever say so each time: who stops is seen in the
 * metrics. Layer: relay/observe. Any thread. */
#pragma once
#include <glib.h>

/* The worker @worker (a constant word) has begun a round. */
void relay_worker_beat (const char *worker);
/* Its thread ends in good order: it is not missed. */
void relay_worker_rest (const char *worker);
/* Sets cobro_worker_idle_seconds of every worker that goes round: before the metrics are read. */
void relay_worker_beats_measure (void);
