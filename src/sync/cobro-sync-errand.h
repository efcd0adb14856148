/* src/sync/cobro-sync-errand.h — what the merchant decided about something that needs attention, and only the relay can
 * do. Layer: sync. Waits; any thread but the store's. */
#pragma once
#include "cobro-attention-store.h"
#include "cobro-relay-client.h"

/**
 * cobro_sync_errand_once:
 *
 * Asks the relay, and notes in the books that it is done, or why it would not. Asked twice, the relay does it once.
 *
 * Returns: %FALSE: nobody knows; ask again
 */
gboolean cobro_sync_errand_once (CobroStore *store, CobroRelayClient *client, const CobroAttentionErrand *errand,
                                 GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
