/* relay/observe/relay-log.h — what the relay says about itself: one JSON line a time, without bodies, tokens or
 * addresses of people. Layer: relay/observe. Any thread; a line is written whole. */
#pragma once
#include "cobro-clock.h"

typedef enum
{
  RELAY_LOG_ERROR,
  RELAY_LOG_WARNING,
  RELAY_LOG_INFO,
} RelayLogLevel;

/* One answered request (relay_access_to_json), on standard output. */
void relay_log_access (const char *json);
/* A fault that was hidden from the caller, on standard error. */
void relay_log_fault (const char *request_id, const GError *error, CobroTime now);
/* Something an operator may want to know later, on standard error. */
void relay_log_notice (const char *about, const char *text, CobroTime now);
