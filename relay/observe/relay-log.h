/* relay/observe/relay-log.h — what the relay says about itself: one JSON line a time, without bodies, secrets or
 * addresses of people. Layer: relay/observe. Any thread; a line is written whole.
 *
 * The log has a budget of 20 MB a day. While it lasts every request has its line; when it gets short, of requests that
 * went well only one in sixteen, then none; what went wrong has the last of it. What is left out is counted.
 * Messages are looked through before they are written: mail addresses become "<address>", keys, tokens and whatever
 * looks like one "<secret:…>" with the first 8 hex digits of its SHA-256. */
#pragma once
#include "cobro-clock.h"

typedef enum
{
  RELAY_LOG_ERROR,
  RELAY_LOG_WARNING,
  RELAY_LOG_INFO,
} RelayLogLevel;

/* How many requests like this the line stands for: 1, or more when the budget is short; 0: write none. Ask it before
 * making the line. */
guint relay_log_share (guint status);
/* One answered request (relay_access_to_json), on standard output. */
void relay_log_access (const char *json);
/* A fault that was hidden from the caller, on standard error. */
void relay_log_fault (const char *request_id, const GError *error, CobroTime now);
/* Something an operator may want to know later, on standard error. */
void relay_log_notice (const char *about, const char *text, CobroTime now);

/* From now on what libraries log (g_warning and its sisters) are lines like these. For programs; once, before threads.
 */
void relay_log_take_libraries (void);

/* (transfer full) @text as it may be written down. */
char *relay_log_redact (const char *text);
