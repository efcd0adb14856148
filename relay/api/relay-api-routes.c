/* relay/api/relay-api-routes.c — the one route table: what exists, who may call it, how large it may be.
 * Layer: relay/api. Constant. */
#include "relay-api-common.h"
#include "relay-api-handlers.h"

#define KIB (1024)

/* The sizes that a body may have. */
enum
{
  NOTHING = 0,
  LITTLE = 1 * KIB,       /* commands: nothing, or {} */
  DOCUMENT = 256 * KIB,   /* JSON and forms */
  BATCH = 2 * 1024 * KIB, /* sync/push: ≤ 1 MiB of operations */
};

#define GET(path, handler, face, lane, flags)                                                                          \
  {                                                                                                                    \
    "GET", path, handler, face, RELAY_AUTH_NONE, lane, NOTHING, flags                                                  \
  }
#define POST(path, handler, face, lane, size, flags)                                                                   \
  {                                                                                                                    \
    "POST", path, handler, face, RELAY_AUTH_NONE, lane, size, flags                                                    \
  }
/* With a key: the method, and what the key must be allowed to do. */
#define KEYED(method, path, handler, size, flags)                                                                      \
  {                                                                                                                    \
    method, path, handler, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, size, flags                                 \
  }

static const RelayRoute routes[] = {
  GET ("/v1/healthz", relay_api_healthz, RELAY_FACE_API, RELAY_LANE_FREE, RELAY_ROUTE_INLINE),
  GET ("/v1/readyz", relay_api_readyz, RELAY_FACE_API, RELAY_LANE_FREE, 0),
  POST ("/v1/pair", relay_api_pair, RELAY_FACE_API, RELAY_LANE_PAIRING, LITTLE, 0),

  KEYED ("GET", "/v1/merchant", relay_api_merchant_read, NOTHING, RELAY_API_MAY_LINKS | RELAY_API_MAY_SYNC),
  KEYED ("PUT", "/v1/merchant", relay_api_merchant_change, DOCUMENT, RELAY_API_MAY_LINKS | RELAY_API_MAY_SYNC),

  KEYED ("POST", "/v1/links", relay_api_links_create, DOCUMENT, RELAY_API_MAY_LINKS),
  KEYED ("GET", "/v1/links", relay_api_links_list, NOTHING, RELAY_API_MAY_LINKS),
  KEYED ("GET", "/v1/links/{id}", relay_api_links_read, NOTHING, RELAY_API_MAY_LINKS | RELAY_API_MAY_SYNC),
  KEYED ("PUT", "/v1/links/{id}", relay_api_links_change, DOCUMENT, RELAY_API_MAY_LINKS),
  KEYED ("DELETE", "/v1/links/{id}", relay_api_links_cancel, LITTLE, RELAY_API_MAY_LINKS),
  KEYED ("POST", "/v1/links/{id}/pause", relay_api_links_pause, LITTLE, RELAY_API_MAY_LINKS),
  KEYED ("POST", "/v1/links/{id}/resume", relay_api_links_resume, LITTLE, RELAY_API_MAY_LINKS),
  KEYED ("POST", "/v1/links/{id}/token", relay_api_links_replace_token, LITTLE, RELAY_API_MAY_LINKS),

  KEYED ("POST", "/v1/sync/push", relay_api_push, BATCH, RELAY_API_MAY_SYNC),
  KEYED ("GET", "/v1/events", relay_api_events, NOTHING, RELAY_API_MAY_SYNC | RELAY_API_MAY_PAYMENTS),

  KEYED ("GET", "/v1/payments", relay_api_payments_list, NOTHING, RELAY_API_MAY_PAYMENTS),
  KEYED ("GET", "/v1/payments/{id}", relay_api_payments_read, NOTHING, RELAY_API_MAY_PAYMENTS),

  GET ("/pay", relay_api_pay_page_by_query, RELAY_FACE_PAGE, RELAY_LANE_CHECKOUT, 0),
  GET ("/pay/{token}", relay_api_pay_page, RELAY_FACE_PAGE, RELAY_LANE_CHECKOUT, 0),
  POST ("/pay/{token}", relay_api_pay_begin, RELAY_FACE_PAGE, RELAY_LANE_ATTEMPT, DOCUMENT, 0),
  GET ("/pay/{token}/status", relay_api_pay_status, RELAY_FACE_PUBLIC_API, RELAY_LANE_CHECKOUT, 0),
  GET ("/pay/{token}/qr.svg", relay_api_pay_qr, RELAY_FACE_PUBLIC_API, RELAY_LANE_CHECKOUT, 0),

  GET ("/api/public/pay/{token}", relay_api_public_read, RELAY_FACE_PUBLIC_API, RELAY_LANE_CHECKOUT, 0),
  POST ("/api/public/pay/{token}/create-payment", relay_api_public_create_payment, RELAY_FACE_PUBLIC_API,
        RELAY_LANE_ATTEMPT, DOCUMENT, 0),
  POST ("/api/public/pay/{token}/confirm-payment", relay_api_public_confirm_payment, RELAY_FACE_PUBLIC_API,
        RELAY_LANE_CHECKOUT, LITTLE, 0),

  POST ("/webhooks/{provider}/{account}", relay_api_webhook, RELAY_FACE_API, RELAY_LANE_WEBHOOK, DOCUMENT, 0),

  GET ("/mock/{rest*}", relay_api_mock_get, RELAY_FACE_PAGE, RELAY_LANE_FREE, 0),
  POST ("/mock/{rest*}", relay_api_mock_post, RELAY_FACE_PAGE, RELAY_LANE_FREE, DOCUMENT, 0),
  GET ("/assets/{name}", relay_api_asset, RELAY_FACE_PAGE, RELAY_LANE_FREE, RELAY_ROUTE_INLINE),
  { 0 },
};

const RelayRoute *
relay_api_routes (void)
{
  return routes;
}
