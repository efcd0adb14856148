/* tests/core/test-calendar.c — civil days, months that end, zones; reminders, schedules, numbers of documents.
 * Layer: tests. */
#include "cobro-civil.h"
#include "cobro-recurring.h"
#include "cobro-reminder.h"
#include "cobro-series.h"
#include "cobro-test.h"

static CobroDay
day (const char *text)
{
  CobroDay found = 0;

  g_assert_true (cobro_day_from_text (text, &found, NULL));
  return found;
}

static void
assert_day (CobroDay value, const char *expected)
{
  char text[COBRO_DATE_SIZE];

  cobro_day_to_text (value, text);
  g_assert_cmpstr (text, ==, expected);
}

/* Every day from 1970 to 9999, against GLib's own walk through the calendar. */
static void
test_days (void)
{
  g_autoptr (GError) error = NULL;
  CobroDay found;
  GDate date;

  g_date_set_dmy (&date, 1, G_DATE_JANUARY, 1970);
  for (CobroDay at = 0; at <= day ("9999-12-31"); at++, g_date_add_days (&date, 1))
    {
      int year, month, in_month;

      cobro_day_to_parts (at, &year, &month, &in_month);
      g_assert_true (year == g_date_get_year (&date) && month == (int)g_date_get_month (&date) &&
                     in_month == g_date_get_day (&date));
      g_assert_cmpint (cobro_day_from_parts (year, month, in_month), ==, at);
      g_assert_cmpint (cobro_day_weekday (at), ==, (int)g_date_get_weekday (&date) - 1);
    }
  assert_day (day ("2026-12-01"), "2026-12-01");
  g_assert_false (cobro_day_from_text ("2026-02-29", &found, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
}

static void
test_months (void)
{
  assert_day (cobro_day_add_months (day ("2026-01-31"), 1, 0), "2026-02-28");
  assert_day (cobro_day_add_months (day ("2026-02-28"), 1, 31), "2026-03-31");
  assert_day (cobro_day_add_months (day ("2028-01-31"), 1, 0), "2028-02-29");
  assert_day (cobro_day_add_months (day ("2028-02-29"), 12, 0), "2029-02-28");
  assert_day (cobro_day_add_months (day ("2026-03-31"), -1, 0), "2026-02-28");
  assert_day (cobro_day_add_months (day ("2026-01-15"), -1, 0), "2025-12-15");
}

static void
test_zones (void)
{
  static const struct
  {
    const char *zone, *date, *begins;
  } days[] = {
    { "UTC", "2026-12-01", "2026-12-01T00:00:00Z" },
    { "Nowhere/At_All", "2026-12-01", "2026-12-01T00:00:00Z" },
    { "Europe/Madrid", "2026-12-01", "2026-11-30T23:00:00Z" },
    { "Europe/Madrid", "2026-03-29", "2026-03-28T23:00:00Z" },
    { "Europe/Madrid", "2026-03-30", "2026-03-29T22:00:00Z" },
    { "Pacific/Kiritimati", "2026-12-01", "2026-11-30T10:00:00Z" },
    { "Pacific/Pago_Pago", "2026-12-01", "2026-12-01T11:00:00Z" },
    { "Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z" }, /* midnight does not exist: it is 01:00 at once */
    { "Australia/Sydney", "2026-12-01", "2026-11-30T13:00:00Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      CobroTime begins = cobro_day_begins_at (day (days[i].date), days[i].zone);
      g_autofree char *text = cobro_time_to_text (begins);

      g_assert_cmpstr (text, ==, days[i].begins);
      assert_day (cobro_day_of_time (begins, days[i].zone), days[i].date);
      g_assert_cmpint (cobro_day_of_time (begins - 1, days[i].zone), ==, day (days[i].date) - 1);
    }
}

static void
test_reminders (void)
{
  const CobroReminders usual = cobro_reminders_default (), none = { .custom = TRUE };
  const CobroReminders bad[] = {
    { .custom = TRUE, .n = 2, .days = { 3, 3 } },
    { .custom = TRUE, .n = 2, .days = { 3, 1 } },
    { .custom = TRUE, .n = 1, .days = { -61 } },
    { .custom = TRUE, .n = 1, .days = { 366 } },
    { .custom = TRUE, .n = 9 },
  };
  static const struct
  {
    const char *today;
    gint last, step; /* 99: nothing */
  } days[] = {
    { "2026-11-27", G_MININT, 99 }, { "2026-11-28", G_MININT, -3 }, { "2026-11-28", -3, 99 },
    { "2026-11-30", -3, 99 },       { "2026-12-01", -3, 0 },        { "2026-12-07", 0, 99 },
    { "2026-12-08", 0, 7 },         { "2027-12-08", -3, 14 }, /* after a long time: the newest alone */
    { "2027-12-08", 14, 99 },
  };
  CobroDay due = day ("2026-12-01"), next;
  gint step;

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      step = 99;
      g_assert_cmpint (cobro_reminders_due (&usual, due, day ("2026-11-01"), day (days[i].today), days[i].last, &step),
                       ==, days[i].step != 99);
      g_assert_cmpint (step, ==, days[i].step);
    }
  /* Issued two days before it is due: the step three days before never comes. */
  g_assert_false (cobro_reminders_due (&usual, due, day ("2026-11-29"), day ("2026-11-29"), G_MININT, &step));
  g_assert_false (cobro_reminders_due (&none, due, due, day ("2027-12-08"), G_MININT, &step));
  g_assert_true (cobro_reminders_next (&usual, due, day ("2026-12-01"), &next));
  assert_day (next, "2026-12-08");
  g_assert_false (cobro_reminders_next (&usual, due, day ("2026-12-15"), &next));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (cobro_reminders_validate (&bad[i], "reminders", &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "reminders");
    }
}

static void
test_schedules (void)
{
  static const struct
  {
    CobroEvery every;
    gint interval;
    const char *start, *days[4];
  } schedules[] = {
    { COBRO_EVERY_MONTH, 1, "2027-01-31", { "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30" } },
    { COBRO_EVERY_MONTH, 3, "2026-11-30", { "2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30" } },
    { COBRO_EVERY_YEAR, 1, "2028-02-29", { "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28" } },
    { COBRO_EVERY_YEAR, 4, "2028-02-29", { "2028-02-29", "2032-02-29", "2036-02-29", "2040-02-29" } },
    { COBRO_EVERY_WEEK, 2, "2026-12-24", { "2026-12-24", "2027-01-07", "2027-01-21", "2027-02-04" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (schedules); i++)
    {
      g_autoptr (CobroRecurring) recurring = cobro_recurring_new ();

      recurring->every = schedules[i].every;
      recurring->interval = schedules[i].interval;
      g_strlcpy (recurring->start, schedules[i].start, COBRO_DATE_SIZE);
      g_assert_cmpint (cobro_recurring_come (recurring, day (schedules[i].start) - 1), ==, 0);
      for (gint64 n = 0; n < 4; n++)
        {
          CobroDay found;

          g_assert_true (cobro_recurring_period (recurring, n, &found));
          assert_day (found, schedules[i].days[n]);
          g_assert_cmpint (cobro_recurring_come (recurring, found), ==, n + 1);
          g_assert_cmpint (cobro_recurring_come (recurring, found - 1), ==, n);
        }
    }
}

static void
test_schedule_ends (void)
{
  g_autoptr (CobroRecurring) recurring = cobro_recurring_new ();
  CobroDay found;

  g_strlcpy (recurring->start, "2026-01-31", COBRO_DATE_SIZE);
  g_strlcpy (recurring->end, "2026-03-30", COBRO_DATE_SIZE);
  g_assert_true (cobro_recurring_period (recurring, 1, &found));
  g_assert_false (cobro_recurring_period (recurring, 2, &found));
  g_assert_cmpint (cobro_recurring_come (recurring, day ("2030-01-01")), ==, 2);
  recurring->end[0] = '\0';
  recurring->count = 5;
  g_assert_cmpint (cobro_recurring_come (recurring, day ("2030-01-01")), ==, 5);
  recurring->count = 0;
  g_assert_false (cobro_recurring_period (recurring, -1, &found));
  g_assert_false (cobro_recurring_period (recurring, G_MAXINT64, &found));
  g_assert_cmpint (cobro_recurring_come (recurring, day ("9999-12-31")), ==,
                   (9999 - 2026) * 12 + 12); /* every month until then */
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *pattern;
    gint64 sequence;
    const char *number, *series;
  } good[] = {
    { COBRO_SERIES_INVOICE_DEFAULT, 502, "INV-2026-00502", "dev_1/invoice/2026" },
    { "{seq}", 1, "1", "dev_1/invoice" },
    { "F{yy}{month}{day}/{seq:3}", 1000, "F260207/1000", "dev_1/invoice/2026/02" },
    { "{month}-{seq:9}", 7, "02-000000007", "dev_1/invoice/02" },
    { "Inv. #{seq:2} A_B", 5, "Inv. #05 A_B", "dev_1/invoice" },
  };
  static const char *const bad[] = { "",        "INV",      "{seq}{seq:2}",
                                     "{seq:0}", "{seq:10}", "{seq",
                                     "{SEQ}",   "{n}",      "seq}{seq}",
                                     "Ñ{seq}",  "{seq}\n",  " {seq}",
                                     "{seq} ",  "<{seq}>",  "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE{seq}" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *number = cobro_series_format (good[i].pattern, day ("2026-02-07"), good[i].sequence);
      g_autofree char *name = cobro_series_name ("dev_1", "invoice", good[i].pattern, day ("2026-02-07"));

      g_assert_true (cobro_series_check_pattern (good[i].pattern, "p", NULL));
      g_assert_cmpstr (number, ==, good[i].number);
      g_assert_cmpstr (name, ==, good[i].series);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (cobro_series_check_pattern (bad[i], "numbering.invoice", &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "numbering.invoice");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/calendar/days", test_days);
  g_test_add_func ("/core/calendar/months", test_months);
  g_test_add_func ("/core/calendar/zones", test_zones);
  g_test_add_func ("/core/calendar/reminders", test_reminders);
  g_test_add_func ("/core/calendar/schedules", test_schedules);
  g_test_add_func ("/core/calendar/schedule-ends", test_schedule_ends);
  g_test_add_func ("/core/calendar/numbers", test_numbers);
  return g_test_run ();
}
