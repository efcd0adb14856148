/* relay/observe/relay-log-private.h — lines for the log, from inside this room.
 * Layer: relay/observe, private. */
#pragma once
#include "cobro-wire.h"
#include "relay-log.h"

/* (transfer full) a writer with the line's object begun: time and level, and the trace it belongs to. */
CobroWireWriter *relay_log_begin (RelayLogLevel level, CobroTime now);
/* Ends the object and writes the line to standard error. */
void relay_log_end (CobroWireWriter *writer, RelayLogLevel level);
