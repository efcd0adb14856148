/* relay/store/relay-event-store.h — the merchant's log: appended in the transaction of the change it tells of, numbered
 * without gaps, hash-chained; and the outbox rows of whoever subscribed.
 * Layer: relay/store. */
#pragma once
#include "cobro-event.h"
#include "relay-store.h"

/**
 * relay_event_append:
 * @object: the thing as it is now, JSON text (an object)
 *
 * Next sequence number, hash over the one before, one outbox row per subscribed reader, wakes "merchant:<id>" after
 * commit.
 */
gboolean relay_event_append (RelayTx *tx, const CobroId *merchant_id, CobroEventType type, const CobroId *object_id,
                             const char *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_event_read:
 * @after: sequence of the last event the reader has; 0 for all
 * @limit: 1 … 1000
 *
 * Returns: (transfer full) (element-type CobroEvent): in order, maybe empty; %NULL with %COBRO_ERROR_GONE when @after
 * is beyond the log (another log, or one restored from a copy)
 */
GPtrArray *relay_event_read (CobroDb *db, const CobroId *merchant_id, gint64 after, guint limit, GError **error);
/* Sequence of the newest event, 0 if none; -1 with an error. */
gint64 relay_event_head (CobroDb *db, const CobroId *merchant_id, GError **error);
