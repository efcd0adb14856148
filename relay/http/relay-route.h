/* relay/http/relay-route.h — the one const route table: what exists, who may call it, how large it may be.
 * Layer: relay/http. The table itself stands in relay/api/relay-api-routes.c. */
#pragma once
#include "relay-reply.h"
#include "relay-request.h"

/* Runs on a request thread and may block up to request->deadline; on the listener thread with RELAY_ROUTE_INLINE. */
typedef RelayReply *(*RelayHandler) (gpointer context, RelayRequest *request);

typedef enum
{
  RELAY_AUTH_NONE, /* public */
  RELAY_AUTH_KEY,  /* Authorization: Bearer <api key or device key> (or merchantApiKey in the body where the route says
                      so) */
} RelayAuth;

/* Templates: "/v1/links/{id}" matches one non-empty segment; "/mock/{rest*}" (last only) one or more. Up to 8 parts. A
 * literal segment wins over a placeholder. HEAD is answered from GET. */
struct _RelayRoute
{
  const char *method; /* "GET"; the table ends with NULL */
  const char *template;
  RelayHandler handler;
  RelayFace face;
  RelayAuth auth;
  RelayLane lane;
  gsize body_max; /* bytes; 0: a body is refused */
  guint flags;
};
#define RELAY_ROUTE_KEY_IN_BODY (1 << 0) /* merchantApiKey in the JSON body authenticates too */
#define RELAY_ROUTE_INLINE      (1 << 1) /* never blocks: run on the listener thread; only with RELAY_AUTH_NONE */

/* Answers who a key belongs to; fills merchant_id, livemode, key_id. Supplied by composition so that http knows no
 * tables. FALSE with COBRO_ERROR_UNAUTHORIZED (unknown, revoked), or another error. On a request thread. */
typedef gboolean (*RelayAuthenticate) (gpointer context, RelayRequest *request, const char *api_key, GError **error);
