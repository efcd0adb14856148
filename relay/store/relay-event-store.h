/* relay/store/relay-event-store.h — the merchant's two logs, test and live: appended in the transaction of the change
 * they tell of, numbered without gaps, hash-chained. Layer: relay/store. */
#pragma once
#include "cobro-event.h"
#include "relay-store.h"

/**
 * relay_event_append:
 * @scope: which of the merchant's two logs: that of the object's mode
 * @object: the thing as it is now, JSON text (an object)
 *
 * Next sequence number, hash over the one before; wakes "merchant:<id>" after the commit.
 */
gboolean relay_event_append (RelayTx *tx, const RelayScope *scope, CobroEventType type, const CobroId *object_id,
                             const char *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in both logs of a merchant: what there is once for both modes. */
gboolean relay_event_append_both (RelayTx *tx, const CobroId *merchant_id, CobroEventType type,
                                  const CobroId *object_id, const char *object,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_event_read:
 * @after: sequence of the last event the reader has; 0 for all
 * @limit: 1 … 1000
 *
 * Returns: (transfer full) (element-type CobroEvent): in order, maybe empty; %NULL with %COBRO_ERROR_GONE when @after
 * is beyond the log (another log, or one restored from a copy)
 */
GPtrArray *relay_event_read (CobroDb *db, const RelayScope *scope, gint64 after, guint limit, GError **error);
/* Sequence of the newest event, 0 if none; -1 with an error. */
gint64 relay_event_head (CobroDb *db, const RelayScope *scope, GError **error);
