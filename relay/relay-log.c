/* relay/relay-log.c — lines of JSON through the wire writer, which escapes whatever came from outside.
 * Layer: relay (composition). Any thread. */
#include "relay-log.h"

#include <unistd.h>

#include "cobro-error.h"
#include "cobro-wire.h"

/* One write(2) a line: lines of several threads do not mix. A log that cannot be written is no reason to stop. */
static void
write_line (int fd, const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize length = strlen (line);

  if (write (fd, line, length) < 0)
    return;
}

void
relay_log_access (const RelayAccess *access, CobroTime now)
{
  g_autofree char *text = relay_access_to_json (access, now);

  write_line (STDOUT_FILENO, text);
}

void
relay_log_fault (const char *request_id, const GError *error, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *text = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_time (writer, "time", now);
  cobro_wire_put_text (writer, "level", "error");
  cobro_wire_put_text (writer, "request", request_id);
  cobro_wire_put_text (writer, "code",
                       error->domain == COBRO_ERROR ? cobro_error_code_name (error->code) : "INTERNAL_ERROR");
  cobro_wire_put_text (writer, "message", error->message);
  cobro_wire_end_object (writer);
  text = cobro_wire_writer_take (writer);
  write_line (STDERR_FILENO, text);
}

void
relay_log_notice (const char *about, const char *text, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *line = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_time (writer, "time", now);
  cobro_wire_put_text (writer, "level", "info");
  cobro_wire_put_text (writer, "about", about);
  cobro_wire_put_text (writer, "message", text);
  cobro_wire_end_object (writer);
  line = cobro_wire_writer_take (writer);
  write_line (STDERR_FILENO, line);
}
