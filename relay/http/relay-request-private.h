/* relay/http/relay-request-private.h — what the gate does with requests before and after their handler.
 * Layer: relay/http, private. */
#pragma once
#include "relay-head.h"
#include "relay-request.h"

/* An empty request: "-" as its method, no head, no body, no peer. */
RelayRequest *relay_request_new (RelayServer *server);
/* Copies a borrowed head, so that the request may leave the listener thread. */
void relay_request_own_head (RelayRequest *request);
/* Decodes the query. FALSE with COBRO_ERROR_INVALID. */
gboolean relay_request_parse_query (RelayRequest *request, GError **error);
