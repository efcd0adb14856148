/* relay/observe/relay-process.h — what the system knows of this process, as gauges.
 * Layer: relay/observe. Any thread. */
#pragma once
#include "cobro-clock.h"

/* Reads memory, processor time, descriptors and start time from /proc and sets the process_* metrics. What cannot be
 * read stays as it was. */
void relay_process_measure (CobroClock *clock);
