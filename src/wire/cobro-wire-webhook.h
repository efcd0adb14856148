/* src/wire/cobro-wire-webhook.h — endpoints, deliveries, API keys and the relay's state, as the relay writes them down.
 * Members that a newer relay adds are left out. Layer: wire. Any thread. */
#pragma once
#include "cobro-api-key.h"
#include "cobro-device.h"
#include "cobro-relay-state.h"
#include "cobro-webhook.h"
#include "cobro-wire.h"

/* All are (transfer full), or NULL with COBRO_ERROR_INVALID at the path. */
CobroWebhookEndpoint *cobro_wire_endpoint_parse (CobroWireObject *object, GError **error);
/* With its tries, where they are told. */
CobroWebhookDelivery *cobro_wire_delivery_parse (CobroWireObject *object, GError **error);
CobroApiKey *cobro_wire_api_key_parse (CobroWireObject *object, GError **error);
CobroDevice *cobro_wire_device_parse (CobroWireObject *object, GError **error);
CobroRelayState *cobro_wire_relay_state_parse (CobroWireObject *object, GError **error);
