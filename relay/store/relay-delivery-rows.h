/* relay/store/relay-delivery-rows.h — what the log writes for endpoints with each event.
 * Layer: relay/store, private to it. */
#pragma once
#include "cobro-event.h"
#include "relay-store.h"

/* One delivery for every endpoint that wants this event; costs one look-up where there is none. */
gboolean relay_delivery_fan_out (RelayTx *tx, const RelayScope *scope, const CobroEvent *event,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
