/* relay/observe/relay-log.c — lines of JSON through the wire writer, which escapes whatever came from outside.
 * Layer: relay/observe. Any thread. */
#include "relay-log-private.h"

#include <string.h>
#include <unistd.h>

#include "cobro-error.h"
#include "relay-metrics.h"
#include "relay-trace.h"

static const char *const levels[] = { "error", "warning", "info" };

/* One write(2) a line: lines of several threads do not mix. A log that cannot be written is no reason to stop. */
static void
write_line (int fd, const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize length = strlen (line);

  if (write (fd, line, length) < 0)
    return;
}

CobroWireWriter *
relay_log_begin (RelayLogLevel level, CobroTime now)
{
  CobroWireWriter *writer = cobro_wire_writer_new ();
  char trace_id[RELAY_TRACE_ID_SIZE];

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_time (writer, "time", now);
  cobro_wire_put_text (writer, "level", levels[level]);
  if (relay_trace_get_id (trace_id))
    cobro_wire_put_text (writer, "trace", trace_id);
  return writer;
}

void
relay_log_end (CobroWireWriter *writer, RelayLogLevel level)
{
  g_autofree char *text = NULL;

  cobro_wire_end_object (writer);
  text = cobro_wire_writer_take (writer);
  write_line (STDERR_FILENO, text);
  relay_count (RELAY_METRIC_LOG_LINES, levels[level]);
}

void
relay_log_access (const char *json)
{
  write_line (STDOUT_FILENO, json);
  relay_count (RELAY_METRIC_LOG_LINES, "access");
}

void
relay_log_fault (const char *request_id, const GError *error, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = relay_log_begin (RELAY_LOG_ERROR, now);

  cobro_wire_put_text (writer, "request", request_id);
  cobro_wire_put_text (writer, "code",
                       error->domain == COBRO_ERROR ? cobro_error_code_name (error->code) : "INTERNAL_ERROR");
  cobro_wire_put_text (writer, "message", error->message);
  relay_log_end (writer, RELAY_LOG_ERROR);
}

void
relay_log_notice (const char *about, const char *text, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = relay_log_begin (RELAY_LOG_INFO, now);

  cobro_wire_put_text (writer, "about", about);
  cobro_wire_put_text (writer, "message", text);
  relay_log_end (writer, RELAY_LOG_INFO);
}
