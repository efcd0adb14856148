/* src/core/cobro-civil.c — civil dates, counted in days since 1970-01-01; zones come from the system's tz database.
 * Layer: core. Any thread. */
#include "cobro-civil.h"
#include "cobro-error.h"
#include "cobro-text.h"

#define EPOCH_JULIAN    719163  /* GDate's number of 1970-01-01 */
#define LAST_DAY        2932896 /* 9999-12-31 */
#define SECONDS_PER_DAY 86400

static gboolean
is_day (CobroDay day)
{
  return day >= 0 && day <= LAST_DAY;
}

gboolean
cobro_day_from_text (const char *text, CobroDay *out_day, GError **error)
{
  if (!cobro_text_check_date (text, NULL, error))
    return FALSE;
  *out_day = cobro_day_from_parts ((int)g_ascii_strtoll (text, NULL, 10), (int)g_ascii_strtoll (text + 5, NULL, 10),
                                   (int)g_ascii_strtoll (text + 8, NULL, 10));
  return TRUE;
}

void
cobro_day_to_text (CobroDay day, char out_text[COBRO_DATE_SIZE])
{
  int year, month, in_month;

  out_text[0] = '\0';
  g_return_if_fail (is_day (day));

  cobro_day_to_parts (day, &year, &month, &in_month);
  g_snprintf (out_text, COBRO_DATE_SIZE, "%04u-%02u-%02u", (guint)year % 10000, (guint)month % 100,
              (guint)in_month % 100);
}

void
cobro_day_to_parts (CobroDay day, int *out_year, int *out_month, int *out_day)
{
  GDate date;

  g_return_if_fail (is_day (day));

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32)(EPOCH_JULIAN + day));
  *out_year = g_date_get_year (&date);
  *out_month = (int)g_date_get_month (&date);
  *out_day = g_date_get_day (&date);
}

CobroDay
cobro_day_from_parts (int year, int month, int day)
{
  GDate date;

  g_return_val_if_fail (
    year >= 1970 && year <= 9999 && g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year), 0);

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  return (CobroDay)g_date_get_julian (&date) - EPOCH_JULIAN;
}

int
cobro_day_weekday (CobroDay day)
{
  g_return_val_if_fail (is_day (day), 0);

  return (day + 3) % 7; /* 1970-01-01 was a Thursday */
}

CobroDay
cobro_day_add_months (CobroDay day, int months, int anchor)
{
  int year, month, in_month, last;

  g_return_val_if_fail (is_day (day) && anchor >= 0 && anchor <= 31, day);

  cobro_day_to_parts (day, &year, &month, &in_month);
  month += year * 12 - 1 + months;
  year = month / 12;
  month = month % 12 + 1;
  g_return_val_if_fail (year >= 1970 && year <= 9999, day);
  last = g_date_get_days_in_month ((GDateMonth)month, (GDateYear)year);
  return cobro_day_from_parts (year, month, MIN (anchor > 0 ? anchor : in_month, last));
}

static GTimeZone *
zone_of (const char *name)
{
  GTimeZone *zone = name != NULL && name[0] != '\0' ? g_time_zone_new_identifier (name) : NULL;

  return zone != NULL ? zone : g_time_zone_new_utc ();
}

/* Rounds down also before 1970: a zone west of Greenwich begins there a day earlier. */
static gint64
local_day (GTimeZone *zone, gint64 seconds)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);
  gint64 local = seconds + g_time_zone_get_offset (zone, interval);

  return local >= 0 ? local / SECONDS_PER_DAY : -1 - (-1 - local) / SECONDS_PER_DAY;
}

CobroDay
cobro_day_of_time (CobroTime time, const char *zone)
{
  g_autoptr (GTimeZone) place = zone_of (zone);

  return (CobroDay)CLAMP (local_day (place, time / COBRO_SECOND), 0, LAST_DAY);
}

CobroTime
cobro_day_begins_at (CobroDay day, const char *zone)
{
  g_autoptr (GTimeZone) place = zone_of (zone);
  gint64 before, begun;

  g_return_val_if_fail (is_day (day), 0);

  /* No zone is further than 26 hours from UTC. Where a clock is set forward at midnight the day begins later than at
   * 00:00: looking for its first second takes care of that, too. */
  before = (gint64)day * SECONDS_PER_DAY - 26 * 3600;
  begun = before + 52 * 3600;
  while (begun - before > 1)
    {
      gint64 middle = before + (begun - before) / 2;

      if (local_day (place, middle) < day)
        before = middle;
      else
        begun = middle;
    }
  return MAX (begun, 0) * COBRO_SECOND;
}
