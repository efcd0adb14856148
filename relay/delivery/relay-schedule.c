/* relay/delivery/relay-schedule.c — the plan of retries, in integers.
 * Layer: relay/delivery. Any thread. */
#include "relay-schedule.h"

#include <string.h>

#include "cobro-net-retry.h"

#define LONGEST     (12 * COBRO_HOUR)
#define JITTER      20 /* percent */
#define ASKED_MAX   (30 * COBRO_DAY)
#define DATE_LENGTH 29

static const gint64 exponential[] = {
  5 * COBRO_SECOND, COBRO_MINUTE, 5 * COBRO_MINUTE, 30 * COBRO_MINUTE, 2 * COBRO_HOUR, 5 * COBRO_HOUR, 10 * COBRO_HOUR,
};

gint64
relay_schedule_delay (RelayPolicy policy, guint failed)
{
  gint64 n = CLAMP (failed, 1, 1000);

  switch (policy)
    {
    case RELAY_POLICY_EXPONENTIAL:
      return (gsize)n <= G_N_ELEMENTS (exponential) ? exponential[n - 1] : LONGEST;
    case RELAY_POLICY_LINEAR:
      return MIN (n * 10 * COBRO_MINUTE, LONGEST);
    case RELAY_POLICY_POLYNOMIAL:
      return n < 10 ? MIN (n * n * n * n * 5 * COBRO_SECOND, LONGEST) : LONGEST;
    }
  g_return_val_if_reached (LONGEST);
}

CobroTime
relay_schedule_next (RelayPolicy policy, guint failed, gint64 retry_after, CobroTime began_at, CobroTime now,
                     CobroRandom *random)
{
  gint64 base = relay_schedule_delay (policy, failed);
  CobroTime next =
    now + cobro_net_retry_spread (retry_after < 0 ? base : CLAMP (retry_after, base, 2 * base), JITTER, random);

  return next <= began_at + RELAY_SCHEDULE_WINDOW ? next : 0;
}

static int
month_of (const char *name)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

  for (int i = 0; i < 12; i++)
    if (strncmp (months + 3 * i, name, 3) == 0)
      return i + 1;
  return 0;
}

static int
digits (const char *text, gsize n)
{
  int value = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      value = value * 10 + (text[i] - '0');
    }
  return value;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"; the two older forms are not read. */
static gint64
parse_date (const char *value, CobroTime now)
{
  g_autoptr (GDateTime) date = NULL;

  if (strlen (value) != DATE_LENGTH || strcmp (value + 25, " GMT") != 0 || value[3] != ',')
    return -1;
  date = g_date_time_new_utc (digits (value + 12, 4), month_of (value + 8), digits (value + 5, 2),
                              digits (value + 17, 2), digits (value + 20, 2), digits (value + 23, 2));
  if (date == NULL)
    return -1;
  return CLAMP (g_date_time_to_unix (date) * COBRO_SECOND - now, 0, ASKED_MAX);
}

gint64
relay_schedule_parse_retry_after (const char *value, CobroTime now)
{
  guint64 seconds;

  if (value == NULL || *value == '\0')
    return -1;
  if (!g_ascii_isdigit (*value))
    return parse_date (value, now);
  if (strspn (value, "0123456789") != strlen (value))
    return -1;
  if (!g_ascii_string_to_unsigned (value, 10, 0, ASKED_MAX / COBRO_SECOND, &seconds, NULL))
    return ASKED_MAX;
  return (gint64)seconds * COBRO_SECOND;
}
