/* relay/observe/relay-log-private.h — lines for the log, from inside this room.
 * Layer: relay/observe, private. */
#pragma once
#include "cobro-wire.h"
#include "relay-log.h"

/* (transfer full) a writer with the line's object begun: time and level, and the trace it belongs to. */
CobroWireWriter *relay_log_begin (RelayLogLevel level, CobroTime now);
/* Puts a text that may hold what came from outside. */
void relay_log_put (CobroWireWriter *writer, const char *key, const char *text);
/* Ends the object and writes the line to standard error. */
void relay_log_end (CobroWireWriter *writer, RelayLogLevel level);

/* The budget: bytes that may be written, which come back with time. */
typedef struct
{
  gint64 left;   /* bytes */
  gint64 filled; /* when left was right, monotonic microseconds; 0: never yet */
} RelayLogBudget;

#define RELAY_LOG_BURST   (4 * 1000 * 1000)  /* bytes at once … */
#define RELAY_LOG_PER_DAY (16 * 1000 * 1000) /* … and as many come back in a day: 20 MB in any 24 hours */

/* What is left at @now. Pure but for the budget. */
gint64 relay_log_budget_left (RelayLogBudget *budget, gint64 now);
/* Takes @bytes away unless less than @reserve would be left. FALSE: nothing was taken. */
gboolean relay_log_budget_take (RelayLogBudget *budget, gint64 now, gint64 bytes, gint64 reserve);
