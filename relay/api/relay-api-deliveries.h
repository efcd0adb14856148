/* relay/api/relay-api-deliveries.h — the /v1 shape of a delivery.
 * Layer: relay/api (private). Any thread. */
#pragma once
#include "relay-api-common.h"
#include "relay-delivery-store.h"

/* The states that the API calls @name ("pending", "delivered", "failed", "abandoned"), as in RelayDeliveryQuery. FALSE
 * with COBRO_ERROR_INVALID at "status". */
gboolean relay_api_delivery_states (const char *name, guint *out_states, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes it; with its tries when @attempts (element-type RelayDeliveryAttempt) is not NULL. */
void relay_api_write_delivery (CobroWireWriter *writer, const char *key, const RelayDelivery *delivery,
                               GPtrArray *attempts);
