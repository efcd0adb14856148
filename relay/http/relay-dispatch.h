/* relay/http/relay-dispatch.h — from a valid head to a request, and from a complete request to its reply.
 * Layer: relay/http, private. */
#pragma once
#include "relay-head.h"
#include "relay-server-private.h"

/**
 * relay_dispatch_begin:
 * @head: borrowed; the request refers to it until relay_request_own_head()
 * @peer: the socket's other end
 * @own_id: the request's id unless the caller sends a usable one
 * @out_refusal: (out) (nullable): an answer that needs no body: 400, 401, 404, 405, 413
 *
 * On the listener thread, before the body is read.
 *
 * Returns: (transfer full): the request, never %NULL
 */
RelayRequest *relay_dispatch_begin (RelayServer *server, const RelayHead *head, const char *peer, gboolean trusted,
                                    const char *own_id, RelayReply **out_refusal);

/* Limits, authentication, handler. On a request thread, or on the listener thread for inline routes. (transfer full) */
RelayReply *relay_dispatch_run (RelayServer *server, RelayRequest *request);
