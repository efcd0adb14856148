/* relay/relay-metrics-books.h — gauges that only the books can tell: what waits, how long, what was put aside.
 * Layer: relay (composition). Any thread. */
#pragma once
#include "relay-store.h"

/* Reads them through one reader, in one snapshot. FALSE: the books could not be read; those gauges are out of sight
 * then, so that nobody trusts an old number. */
gboolean relay_metrics_read_books (RelayStore *store, GError **error);
