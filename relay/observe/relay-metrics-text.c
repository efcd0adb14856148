/* relay/observe/relay-metrics-text.c — the families as text: Prometheus 0.0.4, or OpenMetrics 1.0.
 * Layer: relay/observe. Any thread. */
#include "relay-metrics-private.h"

#include <string.h>
#include "cobro-decimal.h"

typedef struct
{
  GString *text;
  const RelayFamily *family;
  gboolean open; /* OpenMetrics */
} Page;

/* In label values a backslash, a quote and the end of a line are escaped; in help texts of 0.0.4 quotes stay. */
static void
put_escaped (GString *text, const char *value, gboolean quotes)
{
  for (const char *p = value; *p != '\0'; p++)
    if (*p == '\n')
      g_string_append (text, "\\n");
    else if (*p == '\\' || (*p == '"' && quotes))
      g_string_append_printf (text, "\\%c", *p);
    else
      g_string_append_c (text, *p);
}

/* Exact: seconds are written from whole microseconds. */
static void
put_value (Page *page, gint64 value)
{
  g_autofree char *seconds = page->family->seconds ? cobro_decimal_to_text (value) : NULL;

  if (seconds != NULL)
    g_string_append (page->text, seconds);
  else
    g_string_append_printf (page->text, "%" G_GINT64_FORMAT, value);
}

/* What samples of the family are called before their suffix: OpenMetrics names a counter without its _total. */
static char *
family_name (const Page *page)
{
  gsize length = strlen (page->family->name);

  if (page->open && page->family->kind == RELAY_FAMILY_COUNTER)
    length -= strlen ("_total");
  return g_strndup (page->family->name, length);
}

static void
put_head (Page *page)
{
  static const char *const types[] = { "counter", "gauge", "histogram" };
  g_autofree char *name = family_name (page);

  g_string_append_printf (page->text, "# HELP %s ", name);
  put_escaped (page->text, page->family->help, page->open);
  g_string_append_printf (page->text, "\n# TYPE %s %s\n", name, types[page->family->kind]);
}

static void
put_label (Page *page, gboolean *first, const char *name, const char *value)
{
  g_string_append_printf (page->text, "%c%s=\"", *first ? '{' : ',', name);
  put_escaped (page->text, value, TRUE);
  g_string_append_c (page->text, '"');
  *first = FALSE;
}

static void
put_sample (Page *page, const RelaySeries *series, const char *suffix, const char *le)
{
  guint n = relay_family_n_labels (page->family);
  gboolean first = TRUE;

  g_string_append_printf (page->text, "%s%s", page->family->name, suffix);
  for (guint i = 0; i < n; i++)
    put_label (page, &first, page->family->labels[i], series->labels[i]);
  if (le != NULL)
    put_label (page, &first, "le", le);
  g_string_append (page->text, first ? " " : "} ");
}

static void
put_count (Page *page, const RelaySeries *series, const char *suffix, const char *le, gint64 count)
{
  put_sample (page, series, suffix, le);
  g_string_append_printf (page->text, "%" G_GINT64_FORMAT "\n", count);
}

/* The count is the sum of the buckets that were read, so that +Inf always equals it. */
static void
put_histogram (Page *page, const RelaySeries *series)
{
  guint n = relay_family_n_bounds (page->family);
  gint64 count = 0;

  for (guint i = 0; i <= n; i++)
    {
      g_autofree char *plain = i < n ? cobro_decimal_to_text (page->family->bounds[i]) : g_strdup ("+Inf");
      g_autofree char *le = g_strconcat (plain, i < n && page->open && !strchr (plain, '.') ? ".0" : "", NULL);

      count += relay_series_get (series, i);
      put_count (page, series, "_bucket", le, count);
    }
  put_sample (page, series, "_sum", NULL);
  put_value (page, relay_series_get (series, n + 1));
  g_string_append_c (page->text, '\n');
  put_count (page, series, "_count", NULL, count);
}

static void
put_family (Page *page, RelayMetric metric)
{
  g_autoptr (GPtrArray) list = relay_metrics_list (metric);

  page->family = relay_metrics_family (metric);
  put_head (page);
  for (guint i = 0; i < list->len; i++)
    if (page->family->kind == RELAY_FAMILY_HISTOGRAM)
      put_histogram (page, list->pdata[i]);
    else
      {
        put_sample (page, list->pdata[i], "", NULL);
        put_value (page, relay_series_get (list->pdata[i], 0));
        g_string_append_c (page->text, '\n');
      }
}

char *
relay_metrics_to_text (RelayMetricsFormat format)
{
  Page page = { .text = g_string_sized_new (16384), .open = format == RELAY_METRICS_OPENMETRICS };

  for (guint i = 0; i < RELAY_METRICS; i++)
    put_family (&page, i);
  if (page.open)
    g_string_append (page.text, "# EOF\n");
  return g_string_free (page.text, FALSE);
}
