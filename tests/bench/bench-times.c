/* tests/bench/bench-times.c — what several runs of the same thing took. Layer: tests. */
#include "bench-times.h"

#include <stdlib.h>

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

gint64
bench_median (gint64 *times, gsize n)
{
  qsort (times, n, sizeof times[0], compare_times);
  return times[n / 2];
}
