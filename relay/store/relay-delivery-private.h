/* relay/store/relay-delivery-private.h — what the two files of the deliveries share.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-delivery-store.h"

#define RELAY_DELIVERY_COLUMNS                                                                                         \
  "row, merchant_id, livemode, id, endpoint_id, sequence, event_id, type, occurred_at, state, attempt, tries, step, "  \
  "began_at, next_at, lease_until, last_status, last_error, traceparent, created_at, updated_at"

/* The row under @statement. */
RelayDelivery *relay_delivery_read (CobroDbStatement *statement, GError **error);
/* Steps through rows (row, merchant_id, endpoint_id), counts them, refreshes each endpoint once. @out_last: (nullable):
 * the highest row. */
gboolean relay_delivery_collect (CobroDbStatement *statement, RelayTx *tx, gint64 *out_n, gint64 *out_last,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
