/* src/document/cobro-date-text.c — instants in the reader's zone, civil dates in none, and how far away they are.
 * Layer: document. Any thread. */
#include "cobro-date-text.h"

#include <stdio.h>
#include <unicode/udatpg.h>
#include <unicode/unumberformatter.h>
#include <unicode/ureldatefmt.h>

#include "cobro-civil.h"
#include "cobro-locale-private.h"

#define TEXT_MAX 128

/* One date on its way through a formatter. */
typedef struct
{
  guint kind;
  CobroTime time;
} Job;

static const UChar utc_zone[] = { 'U', 'T', 'C', 0 };

static char *
to_utf8 (const UChar *text, int32_t length, UErrorCode status)
{
  if (U_FAILURE (status) || length > TEXT_MAX)
    return g_strdup ("");
  return g_utf16_to_utf8 ((const gunichar2 *)text, length, NULL, NULL, NULL);
}

static void
free_date (gpointer format)
{
  udat_close (format);
}

static gpointer
make_date (CobroLocale *locale, gpointer data)
{
  const Job *job = data;
  UDateFormatStyle date = job->kind == COBRO_FORMAT_TIME ? UDAT_NONE : UDAT_MEDIUM;
  UDateFormatStyle time =
    job->kind == COBRO_FORMAT_TIME || job->kind == COBRO_FORMAT_DATE_TIME ? UDAT_SHORT : UDAT_NONE;
  const UChar *zone = job->kind == COBRO_FORMAT_CIVIL ? utc_zone : cobro_locale_zone (locale);
  UErrorCode status = U_ZERO_ERROR;
  UDateFormat *format = udat_open (time, date, cobro_locale_icu (locale), zone, -1, NULL, 0, &status);

  if (U_FAILURE (status))
    g_error ("ICU has no date format: %s", u_errorName (status));
  return format;
}

static char *
use_date (gpointer format, gpointer data)
{
  const Job *job = data;
  UChar text[TEXT_MAX];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = udat_format (format, (UDate)(job->time / 1000), text, TEXT_MAX, NULL, &status);

  return to_utf8 (text, length, status);
}

static char *
format (guint kind, CobroTime time, CobroLocale *locale)
{
  Job job = { .kind = kind, .time = time };

  if (time == 0)
    return g_strdup ("");
  return cobro_locale_with_formatter (locale, COBRO_FORMAT_KEY (kind, 0), make_date, free_date, use_date, &job);
}

char *
cobro_date_text (CobroTime time, CobroLocale *locale)
{
  return format (COBRO_FORMAT_DATE, time, locale);
}

char *
cobro_date_time_text (CobroTime time, CobroLocale *locale)
{
  return format (COBRO_FORMAT_DATE_TIME, time, locale);
}

char *
cobro_time_of_day_text (CobroTime time, CobroLocale *locale)
{
  return format (COBRO_FORMAT_TIME, time, locale);
}

char *
cobro_civil_date_text (const char *date, CobroLocale *locale)
{
  g_autofree char *noon = g_strconcat (date, "T12:00:00Z", NULL);
  CobroTime time;

  if (!cobro_time_from_text (noon, &time, NULL))
    return g_strdup (date);
  return format (COBRO_FORMAT_CIVIL, time, locale);
}

/* ── Months ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define PATTERN_MAX 64

/* The locale's own order of month and year, out of what CLDR calls a skeleton. */
static gpointer
make_month (CobroLocale *locale, gpointer data)
{
  const Job *job = data;
  const UChar whole[] = { 'y', 'M', 'M', 'M', 'M', 0 }, part[] = { 'L', 'L', 'L', 0 };
  const UChar *skeleton = job->kind == COBRO_FORMAT_MONTH ? whole : part;
  UChar pattern[PATTERN_MAX];
  UErrorCode status = U_ZERO_ERROR;
  UDateTimePatternGenerator *generator = udatpg_open (cobro_locale_icu (locale), &status);
  UDateFormat *format;

  udatpg_getBestPattern (generator, skeleton, -1, pattern, PATTERN_MAX, &status);
  format = udat_open (UDAT_PATTERN, UDAT_PATTERN, cobro_locale_icu (locale), utc_zone, -1, pattern, -1, &status);
  udatpg_close (generator);
  if (U_FAILURE (status))
    g_error ("ICU has no format of months: %s", u_errorName (status));
  return format;
}

static char *
format_month (guint kind, int year, int month, CobroLocale *locale)
{
  Job job = { .kind = kind, .time = (CobroTime)cobro_day_from_parts (year, month, 15) * COBRO_DAY };

  return cobro_locale_with_formatter (locale, COBRO_FORMAT_KEY (kind, 0), make_month, free_date, use_date, &job);
}

char *
cobro_month_text (int year, int month, CobroLocale *locale)
{
  return format_month (COBRO_FORMAT_MONTH, year, month, locale);
}

char *
cobro_month_short_text (int month, CobroLocale *locale)
{
  return format_month (COBRO_FORMAT_MONTH_SHORT, 2000, month, locale);
}

/* ── How long ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  gint64 count;
  CobroDuration unit;
} Length;

static void
free_duration (gpointer format)
{
  unumf_close (format);
}

static gpointer
make_duration (CobroLocale *locale, gpointer data)
{
  static const char *const units[] = { "second", "minute", "day" };
  g_autofree char *skeleton =
    g_strdup_printf ("measure-unit/duration-%s unit-width-full-name", units[((const Length *)data)->unit]);
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (skeleton, -1, NULL, NULL, NULL);
  UErrorCode status = U_ZERO_ERROR;
  UNumberFormatter *format =
    unumf_openForSkeletonAndLocale ((const UChar *)wide, -1, cobro_locale_icu (locale), &status);

  if (U_FAILURE (status))
    g_error ("ICU has no format for durations: %s", u_errorName (status));
  return format;
}

static char *
use_duration (gpointer format, gpointer data)
{
  UChar text[TEXT_MAX];
  UErrorCode status = U_ZERO_ERROR;
  UFormattedNumber *result = unumf_openResult (&status);
  int32_t length;

  unumf_formatInt (format, ((const Length *)data)->count, result, &status);
  length = unumf_resultToString (result, text, TEXT_MAX, &status);
  unumf_closeResult (result);
  return to_utf8 (text, length, status);
}

char *
cobro_duration_text (gint64 count, CobroDuration unit, CobroLocale *locale)
{
  Length length = { count, unit };

  return cobro_locale_with_formatter (locale, COBRO_FORMAT_KEY (COBRO_FORMAT_DURATION, unit), make_duration,
                                      free_duration, use_duration, &length);
}

/* ── How far away ───────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  gint64 amount; /* negative: in the past */
  URelativeDateTimeUnit unit;
} Distance;

static void
free_relative (gpointer format)
{
  ureldatefmt_close (format);
}

static gpointer
make_relative (CobroLocale *locale, gpointer data)
{
  UErrorCode status = U_ZERO_ERROR;
  URelativeDateTimeFormatter *format =
    ureldatefmt_open (cobro_locale_icu (locale), NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &status);

  if (U_FAILURE (status))
    g_error ("ICU has no relative date format: %s", u_errorName (status));
  return format;
}

static char *
use_relative (gpointer format, gpointer data)
{
  const Distance *distance = data;
  UChar text[TEXT_MAX];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = distance->unit == UDAT_REL_UNIT_SECOND
                     ? ureldatefmt_format (format, 0, UDAT_REL_UNIT_SECOND, text, TEXT_MAX, &status) /* "now" */
                     : ureldatefmt_formatNumeric (format, distance->amount, distance->unit, text, TEXT_MAX, &status);

  return to_utf8 (text, length, status);
}

char *
cobro_relative_time_text (CobroTime time, CobroTime now, CobroLocale *locale)
{
  gint64 away = time - now;
  gint64 size = ABS (away);
  Distance distance = { 0, UDAT_REL_UNIT_SECOND };

  if (time == 0)
    return g_strdup ("");
  if (size > 7 * COBRO_DAY)
    return cobro_date_text (time, locale);
  if (size >= COBRO_DAY)
    distance = (Distance){ away / COBRO_DAY, UDAT_REL_UNIT_DAY };
  else if (size >= COBRO_HOUR)
    distance = (Distance){ away / COBRO_HOUR, UDAT_REL_UNIT_HOUR };
  else if (size >= COBRO_MINUTE)
    distance = (Distance){ away / COBRO_MINUTE, UDAT_REL_UNIT_MINUTE };
  return cobro_locale_with_formatter (locale, COBRO_FORMAT_KEY (COBRO_FORMAT_RELATIVE, 0), make_relative, free_relative,
                                      use_relative, &distance);
}
