/* tests/relay/observe/test-observe-metrics.c — counting from many threads, the bound on series, and both texts to the
 * byte. Layer: tests. */
#include <string.h>

#include "relay-alarm.h"
#include "relay-metrics.h"

/* The part of the page that belongs to one family. */
static char *
family (RelayMetricsFormat format, const char *name)
{
  g_autofree char *page = relay_metrics_to_text (format);
  g_autofree char *head = g_strdup_printf ("# HELP %s ", name);
  char *start = strstr (page, head);
  char *end = start != NULL ? strstr (start + 1, "# HELP") : NULL;

  g_assert_nonnull (start);
  if (end == NULL)
    end = strstr (start, "# EOF");
  return end != NULL ? g_strndup (start, end - start) : g_strdup (start);
}

static void
assert_family (RelayMetricsFormat format, const char *name, const char *expected)
{
  g_autofree char *text = family (format, name);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  relay_count (RELAY_METRIC_DELIVERIES, "delivered");
  relay_count_by (RELAY_METRIC_DELIVERIES, 4, "a\\b\"c\nd");
  relay_gauge_set (RELAY_METRIC_OUTBOX_OLDEST, 1500000);
  assert_family (RELAY_METRICS_PROMETHEUS, "webhook_deliveries_total",
                 "# HELP webhook_deliveries_total Attempts to deliver a webhook, by how they ended.\n"
                 "# TYPE webhook_deliveries_total counter\n"
                 "webhook_deliveries_total{result=\"a\\\\b\\\"c\\nd\"} 4\n"
                 "webhook_deliveries_total{result=\"delivered\"} 1\n"
                 "webhook_deliveries_total{result=\"exhausted\"} 0\n"
                 "webhook_deliveries_total{result=\"retried\"} 0\n");
  assert_family (RELAY_METRICS_OPENMETRICS, "webhook_deliveries",
                 "# HELP webhook_deliveries Attempts to deliver a webhook, by how they ended.\n"
                 "# TYPE webhook_deliveries counter\n"
                 "webhook_deliveries_total{result=\"a\\\\b\\\"c\\nd\"} 4\n"
                 "webhook_deliveries_total{result=\"delivered\"} 1\n"
                 "webhook_deliveries_total{result=\"exhausted\"} 0\n"
                 "webhook_deliveries_total{result=\"retried\"} 0\n");
  assert_family (RELAY_METRICS_PROMETHEUS, "cobro_outbox_oldest_seconds",
                 "# HELP cobro_outbox_oldest_seconds Age of the oldest outgoing message that is due.\n"
                 "# TYPE cobro_outbox_oldest_seconds gauge\n"
                 "cobro_outbox_oldest_seconds 1.5\n");
}

static void
test_histogram (void)
{
  g_autofree char *text = NULL;
  g_autofree char *open = NULL;

  relay_observe (RELAY_METRIC_PAYMENT_DURATION, 100000, "mock"); /* on the bound is inside */
  relay_observe (RELAY_METRIC_PAYMENT_DURATION, 100001, "mock");
  relay_observe (RELAY_METRIC_PAYMENT_DURATION, G_GINT64_CONSTANT (5400) * G_USEC_PER_SEC, "mock");
  relay_observe (RELAY_METRIC_PAYMENT_DURATION, -5, "mock");
  text = family (RELAY_METRICS_PROMETHEUS, "payments_duration_seconds");
  g_assert_nonnull (strstr (text, "payments_duration_seconds_bucket{gateway=\"mock\",le=\"0.1\"} 2\n"));
  g_assert_nonnull (strstr (text, "payments_duration_seconds_bucket{gateway=\"mock\",le=\"0.25\"} 3\n"));
  g_assert_nonnull (strstr (text, "payments_duration_seconds_bucket{gateway=\"mock\",le=\"3600\"} 3\n"));
  g_assert_nonnull (strstr (text, "payments_duration_seconds_bucket{gateway=\"mock\",le=\"+Inf\"} 4\n"));
  g_assert_nonnull (strstr (text, "payments_duration_seconds_sum{gateway=\"mock\"} 5400.200001\n"));
  g_assert_nonnull (strstr (text, "payments_duration_seconds_count{gateway=\"mock\"} 4\n"));
  g_assert_cmpint (relay_metric_value (RELAY_METRIC_PAYMENT_DURATION, "mock"), ==, 4);
  open = family (RELAY_METRICS_OPENMETRICS, "payments_duration_seconds");
  g_assert_nonnull (strstr (open, "le=\"3600.0\"} 3\n"));
}

static void
test_gauges_come_and_go (void)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  relay_gauge_set (RELAY_METRIC_BREAKERS, 2, "stripe", "open");
  before = relay_metrics_to_text (RELAY_METRICS_PROMETHEUS);
  g_assert_nonnull (strstr (before, "cobro_breakers{gateway=\"stripe\",state=\"open\"} 2\n"));
  relay_metrics_clear (RELAY_METRIC_BREAKERS);
  after = relay_metrics_to_text (RELAY_METRICS_PROMETHEUS);
  g_assert_null (strstr (after, "cobro_breakers{"));
  g_assert_nonnull (strstr (after, "# TYPE cobro_breakers gauge\n"));
}

/* However many values come in, the page stays small: the rest is "other". */
static void
test_bound (void)
{
  g_autofree char *text = NULL;
  guint lines = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *kind = g_strdup_printf ("k%u", i);
      relay_count (RELAY_METRIC_CLOCK_JUMPS);
      relay_count (RELAY_METRIC_ENDPOINTS_OFF, kind);
    }
  text = family (RELAY_METRICS_PROMETHEUS, "cobro_webhook_endpoints_disabled_total");
  for (const char *at = text; (at = strchr (at, '\n')) != NULL; at++)
    lines++;
  g_assert_cmpuint (lines, ==, 2 + 64 + 1);
  g_assert_nonnull (strstr (text, "{reason=\"other\"} 936\n"));
  g_assert_cmpint (relay_metric_value (RELAY_METRIC_CLOCK_JUMPS), ==, 1000);
}

#define THREADS 4
#define ROUNDS  20000

static gpointer
count_much (gpointer data)
{
  static const char *const routes[] = { "/a", "/b", "/c", "/d", "/e" };

  for (guint i = 0; i < ROUNDS; i++)
    {
      relay_count (RELAY_METRIC_HTTP_REQUESTS, "GET", routes[i % 5], "200");
      relay_observe (RELAY_METRIC_HTTP_DURATION, i, routes[i % 5]);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[THREADS];
  gint64 sum = 0;

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("count", count_much, NULL);
  for (guint i = 0; i < 50; i++)
    g_free (relay_metrics_to_text (RELAY_METRICS_OPENMETRICS));
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  for (const char *route = "abcde"; *route != '\0'; route++)
    {
      char path[] = { '/', *route, '\0' };
      sum += relay_metric_value (RELAY_METRIC_HTTP_REQUESTS, "GET", path, "200");
      g_assert_cmpint (relay_metric_value (RELAY_METRIC_HTTP_DURATION, path), ==, THREADS * ROUNDS / 5);
    }
  g_assert_cmpint (sum, ==, THREADS * ROUNDS);
}

/* One line in the log, all of them in the counter; kinds beyond the bound do not grow anything. */
static void
test_alarms (void)
{
  gint64 lines = relay_metric_value (RELAY_METRIC_LOG_LINES, "warning");

  for (guint i = 0; i < 1000; i++)
    relay_alarm ("test_kind", "this is number %u", i);
  g_assert_cmpint (relay_metric_value (RELAY_METRIC_ALARMS, "test_kind"), ==, 1000);
  g_assert_cmpint (relay_metric_value (RELAY_METRIC_LOG_LINES, "warning") - lines, ==, 1);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *kind = g_strdup_printf ("kind%u", i);
      relay_alarm (kind, "again");
    }
  g_assert_cmpint (relay_metric_value (RELAY_METRIC_LOG_LINES, "warning") - lines, ==, 1 + 63 + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/text", test_text);
  g_test_add_func ("/metrics/histogram", test_histogram);
  g_test_add_func ("/metrics/gauges-come-and-go", test_gauges_come_and_go);
  g_test_add_func ("/metrics/bound", test_bound);
  g_test_add_func ("/metrics/threads", test_threads);
  g_test_add_func ("/metrics/alarms", test_alarms);
  return g_test_run ();
}
