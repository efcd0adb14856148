/* relay/observe/relay-metrics-private.h — the shape of the table of families, and of their series.
 * Layer: relay/observe, private. */
#pragma once
#include "relay-metrics.h"

typedef enum
{
  RELAY_FAMILY_COUNTER,
  RELAY_FAMILY_GAUGE,
  RELAY_FAMILY_HISTOGRAM,
} RelayFamilyKind;

#define RELAY_BOUNDS_MAX  16
#define RELAY_PRESETS_MAX 8

typedef struct
{
  const char *name; /* as Prometheus sees it: counters end in _total */
  const char *help;
  RelayFamilyKind kind;
  gboolean seconds;                            /* values are microseconds here, seconds outside */
  guint series_max;                            /* a power of two */
  const char *labels[RELAY_METRIC_LABELS + 1]; /* NULL-terminated */
  const char *presets[RELAY_PRESETS_MAX];      /* values of the one label whose series begin at 0 */
  gint64 bounds[RELAY_BOUNDS_MAX];             /* of a histogram, microseconds, ascending, 0 ends */
} RelayFamily;

/* One set of label values. Cells: the value; of a histogram one per bucket (not cumulative), +Inf, and the sum. */
typedef struct
{
  char *labels[RELAY_METRIC_LABELS];
  guint hash;
  gint shown; /* atomic: a gauge that was cleared is not */
  guint n_cells;
  gint64 cells[]; /* atomic */
} RelaySeries;

/* The row of @metric. */
const RelayFamily *relay_metrics_family (RelayMetric metric);
guint relay_family_n_labels (const RelayFamily *family);
guint relay_family_n_bounds (const RelayFamily *family);

/* Series in the order of their label values. (transfer container) (element-type RelaySeries) */
GPtrArray *relay_metrics_list (RelayMetric metric);
gint64 relay_series_get (const RelaySeries *series, guint cell);
