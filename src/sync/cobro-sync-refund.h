/* src/sync/cobro-sync-refund.h — refunds that were asked for here, brought before the relay.
 * Layer: sync. Waits; any thread but the store's. */
#pragma once
#include "cobro-refund-order-store.h"
#include "cobro-relay-client.h"

/**
 * cobro_sync_refund_once:
 * @out_refund: (out) (transfer full): what the relay answered; %NULL when it did not, or there was nothing to ask
 *
 * Notes that the relay is asked, asks it, and notes how that went, so that a crash in between only means asking again.
 *
 * Returns: (transfer full): the order as it stands then; %NULL when the books failed
 */
CobroRefundOrder *cobro_sync_refund_once (CobroStore *store, CobroRelayClient *client, const CobroId *id,
                                          CobroRefund **out_refund, GCancellable *cancellable, GError **error);
