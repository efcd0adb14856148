/* relay/observe/relay-worker-beat.c — when each worker was seen last.
 * Layer: relay/observe. Any thread. */
#include "relay-worker-beat.h"

#include "relay-metrics.h"

typedef struct
{
  GMutex lock;
  GHashTable *seen; /* (element-type utf8 gint64) the worker's word → monotonic microseconds */
} Beats;

/* Like the metrics: one of the process. */
static Beats *
beats (void)
{
  static Beats *the_one = NULL;
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      Beats *one = g_new0 (Beats, 1);

      g_mutex_init (&one->lock);
      one->seen = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
      the_one = one;
      g_once_init_leave (&made, 1);
    }
  return the_one;
}

void
relay_worker_beat (const char *worker)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&beats ()->lock);
  g_hash_table_insert (beats ()->seen, (gpointer)worker, g_memdup2 (&now, sizeof now));
  g_mutex_unlock (&beats ()->lock);
}

void
relay_worker_rest (const char *worker)
{
  g_mutex_lock (&beats ()->lock);
  g_hash_table_remove (beats ()->seen, worker);
  g_mutex_unlock (&beats ()->lock);
}

void
relay_worker_beats_measure (void)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer worker, seen;

  relay_metrics_clear (RELAY_METRIC_WORKER_AGE);
  g_mutex_lock (&beats ()->lock);
  g_hash_table_iter_init (&iter, beats ()->seen);
  while (g_hash_table_iter_next (&iter, &worker, &seen))
    relay_gauge_set (RELAY_METRIC_WORKER_AGE, now - *(gint64 *)seen, worker);
  g_mutex_unlock (&beats ()->lock);
}
