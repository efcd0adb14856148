/* relay/store/relay-outbox-rows.h — what the log writes into the outbox with each event.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-store.h"

/* One queued row for every reader that subscribed to @type. */
gboolean relay_outbox_write (RelayTx *tx, const CobroId *merchant_id, gint64 sequence, const char *type,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
