/* src/core/cobro-clock.c — the system's clocks, a clock for tests, and RFC 3339 text.
 * Layer: core. Any thread: the fake clock's time is atomic. */
#include "cobro-clock.h"
#include "cobro-error.h"

#include <string.h>
#include <time.h>

#define EPOCH_JULIAN 719163u                                /* GDate's number of 1970-01-01 */
#define LAST_TIME    G_GINT64_CONSTANT (253402300799999999) /* 9999-12-31T23:59:59.999999Z */

struct _CobroClock
{
  gint ref_count;
  gboolean fake;
  gint64 now; /* fake: both are moved with __atomic */
  gint64 monotonic;
};

CobroClock *
cobro_clock_new_system (void)
{
  CobroClock *clock = g_new0 (CobroClock, 1);

  clock->ref_count = 1;
  return clock;
}

CobroClock *
cobro_clock_new_fake (CobroTime start)
{
  CobroClock *clock = cobro_clock_new_system ();

  clock->fake = TRUE;
  clock->now = start;
  clock->monotonic = COBRO_HOUR; /* not 0: callers use 0 for "never" */
  return clock;
}

CobroClock *
cobro_clock_ref (CobroClock *clock)
{
  g_atomic_int_inc (&clock->ref_count);
  return clock;
}

void
cobro_clock_unref (CobroClock *clock)
{
  if (clock != NULL && g_atomic_int_dec_and_test (&clock->ref_count))
    g_free (clock);
}

static gint64
read_system (clockid_t id)
{
  struct timespec spec = { 0 };

  if (clock_gettime (id, &spec) != 0)
    g_error ("the system has no clock %d", (int)id);
  return (gint64)spec.tv_sec * COBRO_SECOND + spec.tv_nsec / 1000;
}

CobroTime
cobro_clock_now (CobroClock *clock)
{
  if (clock->fake)
    return __atomic_load_n (&clock->now, __ATOMIC_SEQ_CST);
  return read_system (CLOCK_REALTIME);
}

gint64
cobro_clock_monotonic (CobroClock *clock)
{
  if (clock->fake)
    return __atomic_load_n (&clock->monotonic, __ATOMIC_SEQ_CST);
  return read_system (CLOCK_BOOTTIME); /* counts suspended time too: leases do end while a laptop sleeps */
}

void
cobro_clock_advance (CobroClock *clock, gint64 by)
{
  g_return_if_fail (clock->fake);
  __atomic_add_fetch (&clock->now, by, __ATOMIC_SEQ_CST);
  __atomic_add_fetch (&clock->monotonic, by, __ATOMIC_SEQ_CST);
}

char *
cobro_time_to_text (CobroTime time)
{
  GDate date;
  gint64 seconds, fraction, of_day;
  char text[40];

  g_return_val_if_fail (time >= 0 && time <= LAST_TIME, NULL);

  seconds = time / COBRO_SECOND;
  fraction = time % COBRO_SECOND;
  of_day = seconds % 86400;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, EPOCH_JULIAN + (guint32)(seconds / 86400));
  g_snprintf (text, sizeof text, "%04u-%02u-%02uT%02d:%02d:%02d", g_date_get_year (&date),
              (guint)g_date_get_month (&date), (guint)g_date_get_day (&date), (int)(of_day / 3600),
              (int)(of_day / 60 % 60), (int)(of_day % 60));
  if (fraction == 0)
    return g_strconcat (text, "Z", NULL);
  return g_strdup_printf ("%s.%06dZ", text, (int)fraction);
}

/* Reads exactly @n digits; moves @at behind them. */
static gboolean
read_digits (const char **at, guint n, gint64 *out_value)
{
  gint64 value = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*at)[i]))
        return FALSE;
      value = value * 10 + g_ascii_digit_value ((*at)[i]);
    }
  *at += n;
  *out_value = value;
  return TRUE;
}

static gboolean
read_char (const char **at, char expected)
{
  if (**at != expected)
    return FALSE;
  (*at)++;
  return TRUE;
}

/* ".5" to ".123456": microseconds. No dot: 0. */
static gboolean
read_fraction (const char **at, gint64 *out_microseconds)
{
  gint64 value = 0;
  guint n = 0;

  *out_microseconds = 0;
  if (**at != '.')
    return TRUE;
  (*at)++;
  for (; g_ascii_isdigit (**at) && n < 6; n++, (*at)++)
    value = value * 10 + g_ascii_digit_value (**at);
  if (n == 0)
    return FALSE;
  for (; n < 6; n++)
    value *= 10;
  *out_microseconds = value;
  return TRUE;
}

/* "Z" or "+05:30"; seconds east of UTC. */
static gboolean
read_offset (const char **at, gint64 *out_seconds)
{
  gint64 hours, minutes;
  char sign = **at;

  *out_seconds = 0;
  if (read_char (at, 'Z'))
    return TRUE;
  if (sign != '+' && sign != '-')
    return FALSE;
  (*at)++;
  if (!read_digits (at, 2, &hours) || !read_char (at, ':') || !read_digits (at, 2, &minutes) || hours > 23 ||
      minutes > 59)
    return FALSE;
  *out_seconds = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
  return TRUE;
}

static gboolean
read_time (const char *at, CobroTime *out_time)
{
  gint64 year, month, day, hour, minute, second, fraction, offset;
  GDate date;

  if (!read_digits (&at, 4, &year) || !read_char (&at, '-') || !read_digits (&at, 2, &month) || !read_char (&at, '-') ||
      !read_digits (&at, 2, &day) || !read_char (&at, 'T') || !read_digits (&at, 2, &hour) || !read_char (&at, ':') ||
      !read_digits (&at, 2, &minute) || !read_char (&at, ':') || !read_digits (&at, 2, &second) ||
      !read_fraction (&at, &fraction) || !read_offset (&at, &offset) || *at != '\0')
    return FALSE;
  if (year < 1970 || hour > 23 || minute > 59 || second > 59 ||
      !g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return FALSE;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  *out_time =
    (((gint64)g_date_get_julian (&date) - EPOCH_JULIAN) * 86400 + hour * 3600 + minute * 60 + second - offset) *
      COBRO_SECOND +
    fraction;
  return *out_time >= 0 && *out_time <= LAST_TIME;
}

gboolean
cobro_time_from_text (const char *text, CobroTime *out_time, GError **error)
{
  CobroTime time;

  g_return_val_if_fail (text != NULL && out_time != NULL, FALSE);

  if (!read_time (text, &time))
    return cobro_error_set (error, COBRO_ERROR_INVALID,
                            "must be a time such as \"2026-12-01T09:30:00Z\" in the years 1970 to 9999");
  *out_time = time;
  return TRUE;
}
