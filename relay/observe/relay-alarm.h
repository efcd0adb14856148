/* relay/observe/relay-alarm.h — somebody should look: a line in the log, and a counter that alert rules watch.
 * Layer: relay/observe. Any thread. */
#pragma once
#include <glib.h>

/**
 * relay_alarm:
 * @kind: a short constant word, "inbox_unmatched": the same for every alarm of its kind, never text from outside
 * @format: what happened, for an operator: ids are fine; no tokens, bodies or addresses of people
 *
 * Counts alarms_total{kind} and writes one JSON line, at most one per kind and minute; the next line says how many were
 * left out. Cheap enough for where things go wrong often.
 */
void relay_alarm (const char *kind, const char *format, ...) G_GNUC_PRINTF (2, 3);
