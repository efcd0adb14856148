/* src/document/cobro-date-text.h — dates and times as people read them, by locale and time zone (ICU).
 * Layer: document. Any thread. All results are (transfer full); "" for 0 or an empty date. */
#pragma once
#include "cobro-clock.h"
#include "cobro-locale.h"

char *cobro_date_text (CobroTime time, CobroLocale *locale);        /* "Dec 1, 2026" · "1 dic 2026" */
char *cobro_date_time_text (CobroTime time, CobroLocale *locale);   /* "Dec 1, 2026, 9:30 AM" */
char *cobro_time_of_day_text (CobroTime time, CobroLocale *locale); /* "9:30 AM" */
/* A civil date "2026-12-01", without any zone. An impossible date is given back as it is. */
char *cobro_civil_date_text (const char *date, CobroLocale *locale);
/* A month (1 … 12) of a year, and the month alone, short: "December 2026" · "diciembre de 2026", "Dec" · "dic". */
char *cobro_month_text (int year, int month, CobroLocale *locale);
char *cobro_month_short_text (int month, CobroLocale *locale);
typedef enum
{
  COBRO_DURATION_SECONDS,
  COBRO_DURATION_MINUTES,
  COBRO_DURATION_DAYS
} CobroDuration;

/* So many of them, in the plural that the language has for this number: "1 day" · "30 Tage" · "٣ أيام". */
char *cobro_duration_text (gint64 count, CobroDuration unit, CobroLocale *locale);
/* Days and hours from @now, in words: "in 3 days" · "hace 2 horas"; beyond a week the date. */
char *cobro_relative_time_text (CobroTime time, CobroTime now, CobroLocale *locale);
