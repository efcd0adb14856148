/* relay/observe/relay-metrics.c — the series: found without a lock, made under one, never freed.
 * Layer: relay/observe. Any thread. */
#include "relay-metrics-private.h"

#include <string.h>

#define SERIES_MAX 64 /* where the table says nothing else */

/* An open hash of pointers, twice as large as the most series: there is always an empty slot, so a search ends. */
typedef struct
{
  RelaySeries **slots; /* atomic */
  guint mask;
  guint count; /* under the lock */
  guint max;
  RelaySeries *other; /* atomic; what exceeds the bound */
} Shelf;

typedef struct
{
  GMutex lock;
  Shelf shelves[RELAY_METRICS];
} Registry;

/* FNV-1a over the values and the ends between them. */
static guint
hash_labels (const char *const *labels, guint n)
{
  guint hash = 2166136261u;

  for (guint i = 0; i < n; i++)
    {
      for (const guchar *p = (const guchar *)labels[i]; *p != '\0'; p++)
        hash = (hash ^ *p) * 16777619u;
      hash = (hash ^ 0xff) * 16777619u;
    }
  return hash;
}

static gboolean
is_that (const RelaySeries *series, guint hash, const char *const *labels, guint n)
{
  if (series->hash != hash)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (strcmp (series->labels[i], labels[i]) != 0)
      return FALSE;
  return TRUE;
}

/* The series, or NULL; @out_slot is where it would go. */
static RelaySeries *
search (Shelf *shelf, guint hash, const char *const *labels, guint n, guint *out_slot)
{
  RelaySeries *series;
  guint at = hash & shelf->mask;

  while ((series = g_atomic_pointer_get (&shelf->slots[at])) != NULL && !is_that (series, hash, labels, n))
    at = (at + 1) & shelf->mask;
  *out_slot = at;
  return series;
}

static RelaySeries *
series_new (const RelayFamily *family, guint hash, const char *const *labels, guint n)
{
  guint n_cells = family->kind == RELAY_FAMILY_HISTOGRAM ? relay_family_n_bounds (family) + 2 : 1;
  RelaySeries *series = g_malloc0 (sizeof *series + n_cells * sizeof (gint64));

  series->hash = hash;
  series->n_cells = n_cells;
  series->shown = family->kind != RELAY_FAMILY_GAUGE;
  for (guint i = 0; i < n; i++)
    series->labels[i] = g_strdup (labels != NULL ? labels[i] : "other");
  return series;
}

static RelaySeries *
make (Registry *self, Shelf *shelf, const RelayFamily *family, guint hash, const char *const *labels, guint n)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint slot;
  RelaySeries *series = search (shelf, hash, labels, n, &slot);

  if (series != NULL)
    return series;
  if (shelf->count == shelf->max)
    {
      if (shelf->other == NULL)
        g_atomic_pointer_set (&shelf->other, series_new (family, 0, NULL, n));
      return shelf->other;
    }
  shelf->count++;
  series = series_new (family, hash, labels, n);
  g_atomic_pointer_set (&shelf->slots[slot], series);
  return series;
}

static RelaySeries *
find_in (Registry *self, RelayMetric metric, const char *const *labels, gboolean may_make)
{
  Shelf *shelf = &self->shelves[metric];
  const RelayFamily *family = relay_metrics_family (metric);
  guint n = relay_family_n_labels (family);
  RelaySeries *series;
  guint hash, slot, given = 0;

  while (given < RELAY_METRIC_LABELS && labels[given] != NULL)
    given++;
  g_return_val_if_fail (given == n, NULL);

  hash = hash_labels (labels, n);
  series = search (shelf, hash, labels, n, &slot);
  return series != NULL || !may_make ? series : make (self, shelf, family, hash, labels, n);
}

/* A counter that will matter begins at 0: a rate can only be seen to rise from something. */
static void
preset (Registry *self, RelayMetric metric)
{
  const RelayFamily *family = relay_metrics_family (metric);
  static const char *const no_labels[] = { NULL };

  if (family->kind == RELAY_FAMILY_COUNTER && relay_family_n_labels (family) == 0)
    find_in (self, metric, no_labels, TRUE);
  for (guint i = 0; i < RELAY_PRESETS_MAX && family->presets[i] != NULL; i++)
    find_in (self, metric, (const char *const[]){ family->presets[i], NULL }, TRUE);
}

/* Metrics belong to the process, like its memory and its descriptors: one registry, whoever counts. */
static Registry *
registry (void)
{
  static Registry *the_one = NULL;
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      Registry *one = g_new0 (Registry, 1);

      g_mutex_init (&one->lock);
      for (guint i = 0; i < RELAY_METRICS; i++)
        {
          Shelf *shelf = &one->shelves[i];

          shelf->max = relay_metrics_family (i)->series_max > 0 ? relay_metrics_family (i)->series_max : SERIES_MAX;
          shelf->mask = shelf->max * 2 - 1;
          shelf->slots = g_new0 (RelaySeries *, shelf->max * 2);
          preset (one, i);
        }
      the_one = one;
      g_once_init_leave (&made, 1);
    }
  return the_one;
}

static RelaySeries *
find (RelayMetric metric, const char *const *labels, gboolean may_make)
{
  return find_in (registry (), metric, labels, may_make);
}

static void
cell_add (RelaySeries *series, guint cell, gint64 by)
{
  __atomic_fetch_add (&series->cells[cell], by, __ATOMIC_RELAXED);
}

gint64
relay_series_get (const RelaySeries *series, guint cell)
{
  return __atomic_load_n (&series->cells[cell], __ATOMIC_RELAXED);
}

void
relay_metrics_add (RelayMetric metric, gint64 by, const char *const *labels)
{
  RelaySeries *series = find (metric, labels, TRUE);

  g_return_if_fail (series != NULL && relay_metrics_family (metric)->kind != RELAY_FAMILY_HISTOGRAM);

  g_atomic_int_set (&series->shown, 1);
  cell_add (series, 0, by);
}

void
relay_metrics_set (RelayMetric metric, gint64 value, const char *const *labels)
{
  RelaySeries *series = find (metric, labels, TRUE);

  g_return_if_fail (series != NULL && relay_metrics_family (metric)->kind != RELAY_FAMILY_HISTOGRAM);

  __atomic_store_n (&series->cells[0], value, __ATOMIC_RELAXED);
  g_atomic_int_set (&series->shown, 1);
}

void
relay_metrics_observe (RelayMetric metric, gint64 duration_us, const char *const *labels)
{
  const RelayFamily *family = relay_metrics_family (metric);
  RelaySeries *series = find (metric, labels, TRUE);
  guint n = relay_family_n_bounds (family);
  guint bucket = 0;

  g_return_if_fail (series != NULL && family->kind == RELAY_FAMILY_HISTOGRAM);

  duration_us = MAX (duration_us, 0);
  while (bucket < n && duration_us > family->bounds[bucket])
    bucket++;
  cell_add (series, bucket, 1);
  cell_add (series, n + 1, duration_us);
}

void
relay_metrics_clear (RelayMetric metric)
{
  Shelf *shelf = &registry ()->shelves[metric];

  g_return_if_fail (relay_metrics_family (metric)->kind == RELAY_FAMILY_GAUGE);

  for (guint i = 0; i <= shelf->mask; i++)
    {
      RelaySeries *series = g_atomic_pointer_get (&shelf->slots[i]);

      if (series != NULL)
        g_atomic_int_set (&series->shown, 0);
    }
}

gint64
relay_metrics_value (RelayMetric metric, const char *const *labels)
{
  RelaySeries *series = find (metric, labels, FALSE);
  gint64 value = 0;

  if (series == NULL)
    return 0;
  if (series->n_cells == 1)
    return relay_series_get (series, 0);
  for (guint i = 0; i + 1 < series->n_cells; i++)
    value += relay_series_get (series, i);
  return value;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const RelaySeries *one = *(RelaySeries *const *)a;
  const RelaySeries *two = *(RelaySeries *const *)b;
  int order = 0;

  for (guint i = 0; i < RELAY_METRIC_LABELS && order == 0; i++)
    order = g_strcmp0 (one->labels[i], two->labels[i]);
  return order;
}

GPtrArray *
relay_metrics_list (RelayMetric metric)
{
  Shelf *shelf = &registry ()->shelves[metric];
  GPtrArray *list = g_ptr_array_new ();
  RelaySeries *series;

  for (guint i = 0; i <= shelf->mask; i++)
    if ((series = g_atomic_pointer_get (&shelf->slots[i])) != NULL && g_atomic_int_get (&series->shown))
      g_ptr_array_add (list, series);
  if ((series = g_atomic_pointer_get (&shelf->other)) != NULL && g_atomic_int_get (&series->shown))
    g_ptr_array_add (list, series);
  g_ptr_array_sort (list, compare);
  return list;
}
