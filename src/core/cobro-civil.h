/* src/core/cobro-civil.h — civil dates: days of a calendar, without a time or a zone. Due dates, periods, ages of
 * debts. Layer: core. Any thread. Proleptic Gregorian, years 1970 to 9999. */
#pragma once
#include "cobro-clock.h"

/* Days since 1970-01-01. */
typedef gint32 CobroDay;
/* "2026-12-01" and its 0; "" is "no date". */
#define COBRO_DATE_SIZE 11

/* FALSE with COBRO_ERROR_INVALID when @text is not a real date. */
gboolean cobro_day_from_text (const char *text, CobroDay *out_day, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes "2026-12-01". Days outside of the years 1970 to 9999 are a programmer's error. */
void cobro_day_to_text (CobroDay day, char out_text[COBRO_DATE_SIZE]);
void cobro_day_to_parts (CobroDay day, int *out_year, int *out_month, int *out_day);
CobroDay cobro_day_from_parts (int year, int month, int day);
/* 0 Monday … 6 Sunday. */
int cobro_day_weekday (CobroDay day);
/* The same day @months later (or earlier); a day that the month has not becomes its last one: 31 January + 1 = 28
 * February.
 * @anchor: the day of the month to aim at (1 … 31), so that 28 February + 1 is 31 March again; 0: @day's own. */
CobroDay cobro_day_add_months (CobroDay day, int months, int anchor);
/* The civil date of an instant in @zone (IANA name; unknown names count as UTC), and the instant at which a date begins
 * there. */
CobroDay cobro_day_of_time (CobroTime time, const char *zone);
CobroTime cobro_day_begins_at (CobroDay day, const char *zone);
