/* relay/observe/relay-worker-beat.c — when each worker was seen last.
 * Layer: relay/observe. Any thread. */
#include "relay-worker-beat.h"

#include "relay-metrics.h"

static GMutex lock;
static GHashTable *beats; /* (element-type utf8 gint64) the worker's word → monotonic microseconds */

void
relay_worker_beat (const char *worker)
{
  g_mutex_lock (&lock);
  if (beats == NULL)
    beats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_hash_table_insert (beats, (gpointer)worker, g_memdup2 (&(gint64){ g_get_monotonic_time () }, sizeof (gint64)));
  g_mutex_unlock (&lock);
}

void
relay_worker_rest (const char *worker)
{
  g_mutex_lock (&lock);
  if (beats != NULL)
    g_hash_table_remove (beats, worker);
  if (beats != NULL && g_hash_table_size (beats) == 0)
    g_clear_pointer (&beats, g_hash_table_unref);
  g_mutex_unlock (&lock);
}

void
relay_worker_beats_measure (void)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer worker, seen;

  relay_metrics_clear (RELAY_METRIC_WORKER_AGE);
  g_mutex_lock (&lock);
  if (beats != NULL)
    {
      g_hash_table_iter_init (&iter, beats);
      while (g_hash_table_iter_next (&iter, &worker, &seen))
        relay_gauge_set (RELAY_METRIC_WORKER_AGE, now - *(gint64 *)seen, worker);
    }
  g_mutex_unlock (&lock);
}
