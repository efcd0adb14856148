/* tests/document/test-document-date.c — dates as people read them, in their zone.
 * Layer: tests. */
#include "cobro-date-text.h"

static CobroTime
time_of (const char *text)
{
  CobroTime time;
  gboolean ok = cobro_time_from_text (text, &time, NULL);

  g_assert_true (ok);
  return time;
}

static void
assert_and_free (char *text, const char *expected)
{
  g_autofree char *owned = text;
  g_auto (GStrv) parts = g_strsplit (owned, "\342\200\257", -1); /* newer locale data has narrow no-break spaces */
  g_autofree char *plain = g_strjoinv (" ", parts);

  g_assert_cmpstr (plain, ==, expected);
}

static void
test_dates (void)
{
  g_autoptr (CobroLocale) en = cobro_locale_new ("en", "UTC");
  g_autoptr (CobroLocale) es = cobro_locale_new ("es", "Europe/Madrid");
  g_autoptr (CobroLocale) mexico = cobro_locale_new ("es-MX", "America/Mexico_City");
  g_autoptr (CobroLocale) nowhere = cobro_locale_new ("en", "Nowhere/Land");

  assert_and_free (cobro_date_text (time_of ("2026-12-01T09:30:00Z"), en), "Dec 1, 2026");
  assert_and_free (cobro_date_text (time_of ("2026-12-01T23:30:00Z"), es), "2 dic 2026");
  assert_and_free (cobro_date_text (time_of ("2026-12-01T03:30:00Z"), mexico), "30 nov 2026");
  assert_and_free (cobro_date_time_text (time_of ("2026-07-01T22:30:00Z"), es), "2 jul 2026, 0:30");
  assert_and_free (cobro_date_time_text (time_of ("2026-12-01T09:30:00Z"), nowhere), "Dec 1, 2026, 9:30 AM");
  assert_and_free (cobro_time_of_day_text (time_of ("2026-12-01T09:30:00Z"), en), "9:30 AM");
  assert_and_free (cobro_date_text (0, en), "");
  assert_and_free (cobro_date_text (time_of ("2038-01-20T00:00:00Z"), en), "Jan 20, 2038");
  assert_and_free (cobro_date_text (time_of ("9999-12-31T12:00:00Z"), en), "Dec 31, 9999");
}

static void
test_civil (void)
{
  g_autoptr (CobroLocale) far = cobro_locale_new ("en", "Pacific/Kiritimati");

  /* A civil date is that date everywhere. */
  assert_and_free (cobro_civil_date_text ("2026-12-01", far), "Dec 1, 2026");
  assert_and_free (cobro_civil_date_text ("2028-02-29", far), "Feb 29, 2028");
  assert_and_free (cobro_civil_date_text ("2026-02-30", far), "2026-02-30");
  assert_and_free (cobro_civil_date_text ("", far), "");
}

static void
test_relative (void)
{
  g_autoptr (CobroLocale) en = cobro_locale_new ("en", NULL);
  g_autoptr (CobroLocale) es = cobro_locale_new ("es", NULL);
  CobroTime now = time_of ("2026-12-01T12:00:00Z");

  assert_and_free (cobro_relative_time_text (now - 10 * COBRO_SECOND, now, en), "now");
  assert_and_free (cobro_relative_time_text (now - COBRO_MINUTE, now, en), "1 minute ago");
  assert_and_free (cobro_relative_time_text (now - 2 * COBRO_HOUR, now, es), "hace 2 horas");
  assert_and_free (cobro_relative_time_text (now + 3 * COBRO_DAY, now, en), "in 3 days");
  assert_and_free (cobro_relative_time_text (now - 30 * COBRO_DAY, now, en), "Nov 1, 2026");
  assert_and_free (cobro_relative_time_text (0, now, en), "");
}

static gpointer
format_many (gpointer data)
{
  for (int i = 0; i < 2000; i++)
    assert_and_free (cobro_date_text (time_of ("2026-12-01T09:30:00Z"), data), "Dec 1, 2026");
  return NULL;
}

/* One locale serves all request threads. */
static void
test_threads (void)
{
  g_autoptr (CobroLocale) en = cobro_locale_new ("en", "UTC");
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("format", format_many, en);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/date/dates", test_dates);
  g_test_add_func ("/document/date/civil", test_civil);
  g_test_add_func ("/document/date/relative", test_relative);
  g_test_add_func ("/document/date/threads", test_threads);
  return g_test_run ();
}
