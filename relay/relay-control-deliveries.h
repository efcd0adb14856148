/* relay/relay-control-deliveries.h — what an operator asks about outgoing webhooks: lists, and dead letters sent again.
 * Layer: relay (composition). */
#pragma once
#include "relay-control.h"

/* {"merchant", "live", "status", "endpoint", "type", "limit"} → {"deliveries": […]}, newest first. */
char *relay_control_deliveries (RelayStore *store, CobroWireObject *arguments, GError **error);
/* {"merchant", "live", "status", "id", "endpoint", "type", "from", "until", "first", "last"} → {"replayed": n}. */
char *relay_control_replay (RelayStore *store, CobroWireObject *arguments, GError **error);

/* Their routes. The context is a RelayContext. */
RelayReply *relay_control_answer_deliveries (gpointer context, RelayRequest *request);
RelayReply *relay_control_answer_replay (gpointer context, RelayRequest *request);
