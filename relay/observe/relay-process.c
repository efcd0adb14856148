/* relay/observe/relay-process.c — /proc/self, read when somebody asks.
 * Layer: relay/observe. Any thread. */
#include "relay-process.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "relay-metrics.h"

/* Fields of proc(5)'s stat, counted from 1; the second is a name in parentheses that may hold anything. */
enum
{
  FIELD_UTIME = 14,
  FIELD_STIME = 15,
  FIELD_START = 22,
  FIELD_VSIZE = 23,
  FIELD_RSS = 24,
  FIELDS = 25,
};

static gboolean
read_stat (gint64 out_fields[FIELDS])
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;
  const char *rest;

  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL) || (rest = strrchr (text, ')')) == NULL)
    return FALSE;
  words = g_strsplit (rest + 2, " ", -1); /* from the third field on */
  if (g_strv_length (words) < FIELDS - 3)
    return FALSE;
  for (guint i = 3; i < FIELDS; i++)
    out_fields[i] = g_ascii_strtoll (words[i - 3], NULL, 10);
  return TRUE;
}

static void
measure_stat (CobroClock *clock)
{
  gint64 fields[FIELDS] = { 0 };
  gint64 ticks = sysconf (_SC_CLK_TCK);
  gint64 cpu, age;

  if (ticks <= 0 || !read_stat (fields))
    return;
  cpu = (fields[FIELD_UTIME] + fields[FIELD_STIME]) * COBRO_SECOND / ticks;
  age = cobro_clock_monotonic (clock) - fields[FIELD_START] * COBRO_SECOND / ticks;
  relay_gauge_set (RELAY_METRIC_MEMORY, fields[FIELD_RSS] * sysconf (_SC_PAGESIZE));
  relay_gauge_set (RELAY_METRIC_VIRTUAL_MEMORY, fields[FIELD_VSIZE]);
  relay_gauge_set (RELAY_METRIC_START, cobro_clock_now (clock) - age);
  relay_gauge_set (RELAY_METRIC_CPU, cpu);
}

static void
measure_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  struct rlimit limit;
  gint64 n = -1; /* the one that looks */

  if (dir != NULL)
    {
      while (g_dir_read_name (dir) != NULL)
        n++;
      relay_gauge_set (RELAY_METRIC_FDS, n);
    }
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    relay_gauge_set (RELAY_METRIC_FDS_MAX, (gint64)MIN (limit.rlim_cur, (rlim_t)G_MAXINT64));
}

void
relay_process_measure (CobroClock *clock)
{
  measure_stat (clock);
  measure_descriptors ();
}
