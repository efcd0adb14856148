/* tests/bench/bench-times.h — what several runs of the same thing took. Layer: tests. */
#pragma once
#include <glib.h>

/* Sorts @times. */
gint64 bench_median (gint64 *times, gsize n);
