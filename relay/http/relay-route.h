/* relay/http/relay-route.h — the one const route table: what exists, who may call it, how large it may be.
 * Layer: relay/http. The table itself stands in relay/api/relay-api-routes.c. */
#pragma once
#include "relay-reply.h"
#include "relay-request.h"

typedef RelayReply *(*RelayHandler) (gpointer context, RelayRequest *request);

typedef enum {
  RELAY_AUTH_NONE,        /* public */
  RELAY_AUTH_KEY,         /* Authorization: Bearer <api key or device key> (or merchantApiKey in the body where the route says so) */
} RelayAuth;

typedef enum {
  RELAY_LANE_FREE, RELAY_LANE_CHECKOUT, RELAY_LANE_ATTEMPT, RELAY_LANE_API, RELAY_LANE_MONEY, RELAY_LANE_PAIRING, RELAY_LANE_WEBHOOK,
} RelayLane;             /* rate-limit lane (semantics.md) */

struct _RelayRoute {
  const char   *method;
  const char   *template;           /* "/v1/links/{id}" */
  RelayHandler  handler;
  RelayFace     face;
  RelayAuth     auth;
  RelayLane     lane;
  gsize         body_max;           /* bytes; 0: a body is refused */
  guint         flags;
};
#define RELAY_ROUTE_KEY_IN_BODY (1 << 0)      /* merchantApiKey in the JSON body authenticates too */

/* Answers who a key belongs to; fills merchant_id, livemode, key_id. Supplied by composition so that http knows no tables. */
typedef gboolean (*RelayAuthenticate) (gpointer context, RelayRequest *request, const char *api_key, GError **error);
