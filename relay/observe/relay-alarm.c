/* relay/observe/relay-alarm.c — counts every alarm and writes down few of them.
 * Layer: relay/observe. Any thread. */
#include "relay-alarm.h"

#include <string.h>

#include "relay-log-private.h"
#include "relay-metrics.h"

#define KINDS_MAX 64
#define QUIET_US  COBRO_MINUTE

typedef struct
{
  const char *kind; /* interned */
  gint64 quiet_until;
  guint left_out;
} Kind;

typedef struct
{
  GMutex lock;
  CobroClock *clock;
  Kind kinds[KINDS_MAX + 1]; /* the last stands for all that are too many */
  guint n;
} Alarms;

/* The log belongs to the process, and so does what keeps it quiet. */
static Alarms *
alarms (void)
{
  static Alarms the_one;
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      the_one.clock = cobro_clock_new_system ();
      g_once_init_leave (&made, 1);
    }
  return &the_one;
}

/* Kinds beyond the bound share the last place. */
static Kind *
find (Alarms *self, const char *kind)
{
  guint i = 0;

  while (i < self->n && strcmp (self->kinds[i].kind, kind) != 0)
    i++;
  if (i < self->n)
    return &self->kinds[i];
  if (self->n == KINDS_MAX)
    return &self->kinds[KINDS_MAX];
  self->kinds[self->n++].kind = g_intern_string (kind);
  return &self->kinds[i];
}

/* FALSE: another of its kind was written down a moment ago. */
static gboolean
may_speak (Alarms *self, const char *kind, guint *out_left_out)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = cobro_clock_monotonic (self->clock);
  Kind *known = find (self, kind);

  if (now < known->quiet_until)
    {
      known->left_out++;
      return FALSE;
    }
  *out_left_out = known->left_out;
  known->left_out = 0;
  known->quiet_until = now + QUIET_US;
  return TRUE;
}

void
relay_alarm (const char *kind, const char *format, ...)
{
  Alarms *self = alarms ();
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autofree char *text = NULL;
  guint left_out = 0;
  va_list arguments;

  relay_count (RELAY_METRIC_ALARMS, kind);
  if (!may_speak (self, kind, &left_out))
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  writer = relay_log_begin (RELAY_LOG_WARNING, cobro_clock_now (self->clock));
  cobro_wire_put_text (writer, "alarm", kind);
  relay_log_put (writer, "message", text);
  if (left_out > 0)
    cobro_wire_put_int64 (writer, "leftOut", left_out);
  relay_log_end (writer, RELAY_LOG_WARNING);
}
