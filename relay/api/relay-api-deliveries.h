/* relay/api/relay-api-deliveries.h — the /v1 shape of a delivery.
 * Layer: relay/api (private). Any thread. */
#pragma once
#include "relay-api-common.h"
#include "relay-delivery-store.h"

/* Writes it; with its tries when @attempts (element-type RelayDeliveryAttempt) is not NULL. */
void relay_api_write_delivery (CobroWireWriter *writer, const char *key, const RelayDelivery *delivery,
                               GPtrArray *attempts);
