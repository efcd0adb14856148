/* relay/observe/relay-log.c — lines of JSON through the wire writer, which escapes whatever came from outside; and the
 * budget they share. Layer: relay/observe. Any thread. */
#include "relay-log-private.h"

#include <string.h>
#include <unistd.h>

#include "cobro-error.h"
#include "relay-metrics.h"
#include "relay-trace.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define ONE_OF 16
#define PLENTY (RELAY_LOG_BURST / 2) /* above: every request has its line */
#define SCARCE (RELAY_LOG_BURST / 8) /* below: only what went wrong */

static const char *const levels[] = { "error", "warning", "info" };

/* ── The budget ─────────────────────────────────────────────────────────────────────────────────────── */

gint64
relay_log_budget_left (RelayLogBudget *budget, gint64 now)
{
  if (budget->filled == 0)
    *budget = (RelayLogBudget){ .left = RELAY_LOG_BURST, .filled = now };
  if (now > budget->filled)
    {
      gint64 back = MIN (now - budget->filled, DAY_US) * RELAY_LOG_PER_DAY / DAY_US;

      budget->left = MIN (budget->left + back, RELAY_LOG_BURST);
      if (back > 0)
        budget->filled = now;
    }
  return budget->left;
}

gboolean
relay_log_budget_take (RelayLogBudget *budget, gint64 now, gint64 bytes, gint64 reserve)
{
  if (relay_log_budget_left (budget, now) - bytes < reserve)
    return FALSE;
  budget->left -= bytes;
  return TRUE;
}

typedef struct
{
  GMutex lock;
  RelayLogBudget budget;
  guint turn; /* of sampling */
} Log;

/* Standard output and standard error belong to the process. */
static Log *
the_log (void)
{
  static Log log;

  return &log;
}

static gboolean
may_write (gint64 bytes, gint64 reserve)
{
  Log *self = the_log ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return relay_log_budget_take (&self->budget, g_get_monotonic_time (), bytes, reserve);
}

guint
relay_log_share (guint status)
{
  Log *self = the_log ();
  guint share = 1;

  g_mutex_lock (&self->lock);
  if (status < 400)
    {
      gint64 left = relay_log_budget_left (&self->budget, g_get_monotonic_time ());

      if (left < SCARCE)
        share = 0;
      else if (left < PLENTY)
        share = self->turn++ % ONE_OF == 0 ? ONE_OF : 0;
    }
  g_mutex_unlock (&self->lock);
  if (share == 0)
    relay_count (RELAY_METRIC_LOG_DROPPED, "budget");
  return share;
}

/* ── Lines ──────────────────────────────────────────────────────────────────────────────────────────── */

/* One write(2) a line: lines of several threads do not mix. A log that cannot be written is no reason to stop. */
static void
write_line (int fd, const char *text, const char *level, gint64 reserve)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize length = strlen (line);

  if (!may_write ((gint64)length, reserve))
    {
      relay_count (RELAY_METRIC_LOG_DROPPED, "budget");
      return;
    }
  relay_count (RELAY_METRIC_LOG_LINES, level);
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
relay_log_put (CobroWireWriter *writer, const char *key, const char *text)
{
  g_autofree char *clean = relay_log_redact (text);

  cobro_wire_put_text (writer, key, clean);
}

void
relay_log_end (CobroWireWriter *writer, RelayLogLevel level)
{
  g_autofree char *text = NULL;

  cobro_wire_end_object (writer);
  text = cobro_wire_writer_take (writer);
  write_line (STDERR_FILENO, text, levels[level], level == RELAY_LOG_INFO ? SCARCE : 0);
}

void
relay_log_access (const char *json)
{
  write_line (STDOUT_FILENO, json, "access", SCARCE / 2);
}

void
relay_log_fault (const char *request_id, const GError *error, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = relay_log_begin (RELAY_LOG_ERROR, now);

  cobro_wire_put_text (writer, "request", request_id);
  cobro_wire_put_text (writer, "code",
                       error->domain == COBRO_ERROR ? cobro_error_code_name (error->code) : "INTERNAL_ERROR");
  relay_log_put (writer, "message", error->message);
  relay_log_end (writer, RELAY_LOG_ERROR);
}

void
relay_log_notice (const char *about, const char *text, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = relay_log_begin (RELAY_LOG_INFO, now);

  cobro_wire_put_text (writer, "about", about);
  relay_log_put (writer, "message", text);
  relay_log_end (writer, RELAY_LOG_INFO);
}

/* ── Libraries ──────────────────────────────────────────────────────────────────────────────────────── */

static const char *
field (const GLogField *fields, gsize n, const char *key)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (fields[i].key, key) == 0 && fields[i].length < 0)
      return fields[i].value;
  return "";
}

static GLogWriterOutput
write_library_line (GLogLevelFlags flags, const GLogField *fields, gsize n, gpointer data)
{
  RelayLogLevel level = (flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0 ? RELAY_LOG_ERROR
                        : (flags & G_LOG_LEVEL_WARNING) != 0                      ? RELAY_LOG_WARNING
                                                                                  : RELAY_LOG_INFO;
  g_autoptr (CobroWireWriter) writer = NULL;

  if ((flags & G_LOG_LEVEL_MASK) >= G_LOG_LEVEL_INFO)
    return G_LOG_WRITER_HANDLED;
  writer = relay_log_begin (level, cobro_clock_now (data));
  cobro_wire_put_text (writer, "about", field (fields, n, "GLIB_DOMAIN"));
  relay_log_put (writer, "message", field (fields, n, "MESSAGE"));
  relay_log_end (writer, level);
  return G_LOG_WRITER_HANDLED;
}

void
relay_log_take_libraries (void)
{
  g_log_set_writer_func (write_library_line, cobro_clock_new_system (), (GDestroyNotify)cobro_clock_unref);
}
