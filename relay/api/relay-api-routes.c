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
  PAYLOAD = 16 * KIB,     /* encrypted */
  DOCUMENT = 256 * KIB,   /* JSON and forms */
  BATCH = 2 * 1024 * KIB, /* sync/push: ≤ 1 MiB of operations */
};

static const RelayRoute routes[] = {
  { "GET", "/v1/healthz", relay_api_healthz, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING,
    RELAY_ROUTE_INLINE },

  { "GET", "/v1/readyz", relay_api_readyz, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING, 0 },

  { "POST", "/v1/pair", relay_api_pair, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_PAIRING, DOCUMENT, 0 },

  { "POST", "/v1/pair-codes", relay_api_pair_code, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_SYNC },

  { "POST", "/v1/api-keys", relay_api_keys_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_KEYS },
  { "GET", "/v1/api-keys", relay_api_keys_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_KEYS },
  { "GET", "/v1/api-keys/{id}", relay_api_keys_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_KEYS },
  { "DELETE", "/v1/api-keys/{id}", relay_api_keys_revoke, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_KEYS },
  { "POST", "/v1/api-keys/{id}/rotate", relay_api_keys_rotate, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_KEYS },
  { "GET", "/v1/devices", relay_api_devices_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_KEYS },
  { "GET", "/v1/devices/{id}", relay_api_devices_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_KEYS },
  { "DELETE", "/v1/devices/{id}", relay_api_devices_revoke, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_KEYS },

  { "GET", "/v1/status", relay_api_status, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_SYNC | RELAY_API_MAY_WEBHOOKS | RELAY_API_MAY_PROVIDERS },

  { "GET", "/v1/merchant", relay_api_merchant_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_LINKS | RELAY_API_MAY_SYNC },
  { "PUT", "/v1/merchant", relay_api_merchant_change, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_LINKS | RELAY_API_MAY_SYNC },

  { "GET", "/v1/merchant/logo", relay_api_merchant_logo, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_LINKS | RELAY_API_MAY_INVOICES | RELAY_API_MAY_SYNC },

  { "POST", "/v1/links", relay_api_links_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_LINKS },
  { "GET", "/v1/links", relay_api_links_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_LINKS },
  { "GET", "/v1/links/{id}", relay_api_links_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_LINKS | RELAY_API_MAY_SYNC },
  { "PUT", "/v1/links/{id}", relay_api_links_change, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_LINKS },
  { "DELETE", "/v1/links/{id}", relay_api_links_cancel, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_LINKS },
  { "POST", "/v1/links/{id}/pause", relay_api_links_pause, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_LINKS },
  { "POST", "/v1/links/{id}/resume", relay_api_links_resume, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_LINKS },
  { "POST", "/v1/links/{id}/token", relay_api_links_replace_token, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_LINKS },

  { "POST", "/v1/invoices", relay_api_invoices_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_INVOICES },
  { "GET", "/v1/invoices", relay_api_invoices_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_INVOICES },
  { "GET", "/v1/invoices/{id}", relay_api_invoices_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_INVOICES | RELAY_API_MAY_SYNC },
  { "PUT", "/v1/invoices/{id}", relay_api_invoices_change, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_INVOICES },
  { "POST", "/v1/invoices/{id}/send", relay_api_invoices_send, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_INVOICES },
  { "POST", "/v1/invoices/{id}/remind", relay_api_invoices_remind, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_INVOICES },
  { "POST", "/v1/invoices/{id}/void", relay_api_invoices_void, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_INVOICES },
  { "POST", "/v1/invoices/{id}/token", relay_api_invoices_replace_token, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_INVOICES },
  { "POST", "/v1/invoices/{id}/payments", relay_api_invoices_record, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    DOCUMENT, RELAY_API_MAY_INVOICES },
  { "POST", "/v1/invoices/{id}/credit", relay_api_invoices_credit, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    DOCUMENT, RELAY_API_MAY_INVOICES },
  { "GET", "/v1/invoices/{id}/pdf", relay_api_invoices_pdf, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_INVOICES | RELAY_API_MAY_SYNC },

  { "POST", "/v1/recurring", relay_api_recurring_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_INVOICES },
  { "GET", "/v1/recurring", relay_api_recurring_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_INVOICES },
  { "GET", "/v1/recurring/{id}", relay_api_recurring_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_INVOICES | RELAY_API_MAY_SYNC },
  { "PUT", "/v1/recurring/{id}", relay_api_recurring_change, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_INVOICES },

  { "POST", "/v1/sync/push", relay_api_push, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, BATCH,
    RELAY_API_MAY_SYNC },

  { "GET", "/v1/events", relay_api_events, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_SYNC | RELAY_API_MAY_PAYMENTS | RELAY_API_MAY_WEBHOOKS },

  { "POST", "/v1/payments", relay_api_payments_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_MONEY, DOCUMENT,
    RELAY_API_MAY_PAY | RELAY_ROUTE_KEY_IN_BODY },
  { "GET", "/v1/payments", relay_api_payments_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PAYMENTS },
  { "GET", "/v1/payments/{id}", relay_api_payments_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PAYMENTS },
  { "POST", "/v1/payments/{id}/cancel", relay_api_payments_cancel, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_PAY },

  { "POST", "/v1/refunds", relay_api_refunds_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_MONEY, DOCUMENT,
    RELAY_API_MAY_REFUNDS | RELAY_ROUTE_KEY_IN_BODY },
  { "GET", "/v1/refunds", relay_api_refunds_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PAYMENTS | RELAY_API_MAY_REFUNDS },
  { "GET", "/v1/refunds/{id}", relay_api_refunds_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PAYMENTS | RELAY_API_MAY_REFUNDS },

  { "POST", "/v1/payments/{id}/resolve", relay_api_payments_resolve, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_REFUNDS | RELAY_API_MAY_SYNC },

  { "GET", "/v1/providers", relay_api_providers_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PROVIDERS | RELAY_API_MAY_SYNC },
  { "GET", "/v1/providers/{name}", relay_api_providers_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PROVIDERS | RELAY_API_MAY_SYNC },
  { "PUT", "/v1/providers/{name}", relay_api_providers_change, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, DOCUMENT,
    RELAY_API_MAY_PROVIDERS | RELAY_API_MAY_SYNC },
  { "POST", "/v1/providers/{name}/test", relay_api_providers_test, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_PROVIDERS | RELAY_API_MAY_SYNC },
  { "POST", "/v1/providers/{name}/webhook-secret", relay_api_providers_rotate, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, LITTLE, RELAY_API_MAY_PROVIDERS | RELAY_API_MAY_SYNC },

  { "GET", "/pay", relay_api_pay_page_by_query, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT, NOTHING,
    RELAY_ROUTE_INLINE },
  { "GET", "/pay/{token}", relay_api_pay_page, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT, NOTHING,
    RELAY_ROUTE_INLINE },
  { "POST", "/pay/{token}", relay_api_pay_begin, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_ATTEMPT, DOCUMENT, 0 },
  { "GET", "/pay/{token}/with/{gateway}", relay_api_pay_with, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    NOTHING, 0 },
  { "GET", "/pay/{token}/back/{payer}", relay_api_pay_back, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    NOTHING, 0 },
  { "POST", "/pay/{token}/back/{payer}", relay_api_pay_back, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    DOCUMENT, 0 },
  { "GET", "/pay/{token}/status", relay_api_pay_status, RELAY_FACE_PUBLIC_API, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    NOTHING, 0 },
  { "GET", "/pay/{token}/invoice.pdf", relay_api_pay_paper, RELAY_FACE_PUBLIC_API, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    NOTHING, 0 },
  { "POST", "/pay/{token}/seen", relay_api_pay_seen, RELAY_FACE_PUBLIC_API, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    LITTLE, 0 },
  { "GET", "/pay/{token}/qr.svg", relay_api_pay_qr, RELAY_FACE_PUBLIC_API, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    NOTHING, 0 },

  { "GET", "/api/public/pay/{token}", relay_api_public_read, RELAY_FACE_PUBLIC_API, RELAY_AUTH_NONE,
    RELAY_LANE_CHECKOUT, NOTHING, 0 },
  { "POST", "/api/public/pay/{token}/create-payment", relay_api_public_create_payment, RELAY_FACE_PUBLIC_API,
    RELAY_AUTH_NONE, RELAY_LANE_ATTEMPT, DOCUMENT, 0 },
  { "POST", "/api/public/pay/{token}/confirm-payment", relay_api_public_confirm_payment, RELAY_FACE_PUBLIC_API,
    RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT, LITTLE, 0 },

  { "POST", "/api/pay/createPaymentLink", relay_api_dyn_create_link, RELAY_FACE_DYN, RELAY_AUTH_KEY, RELAY_LANE_API,
    DOCUMENT, RELAY_API_MAY_LINKS },
  { "POST", "/api/pay/getData", relay_api_dyn_get_data, RELAY_FACE_DYN, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT, LITTLE,
    0 },
  { "POST", "/api/pay/addPayment", relay_api_dyn_add_payment, RELAY_FACE_DYN, RELAY_AUTH_NONE, RELAY_LANE_ATTEMPT,
    PAYLOAD, 0 },
  { "POST", "/api/pay/verifyPayment", relay_api_dyn_verify_payment, RELAY_FACE_DYN, RELAY_AUTH_NONE,
    RELAY_LANE_CHECKOUT, LITTLE, 0 },
  { "GET", "/api/pay/balance", relay_api_dyn_balance, RELAY_FACE_DYN, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_PAYMENTS },
  { "POST", "/api/pay/createCryptoPayment", relay_api_dyn_crypto, RELAY_FACE_DYN, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    LITTLE, 0 },
  { "POST", "/api/pay/verifyCryptoPayment", relay_api_dyn_crypto, RELAY_FACE_DYN, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT,
    LITTLE, 0 },

  { "POST", "/v1/webhook-endpoints", relay_api_webhook_endpoints_create, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    DOCUMENT, RELAY_API_MAY_WEBHOOKS },
  { "GET", "/v1/webhook-endpoints", relay_api_webhook_endpoints_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    NOTHING, RELAY_API_MAY_WEBHOOKS },
  { "GET", "/v1/webhook-endpoints/{id}", relay_api_webhook_endpoints_read, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, NOTHING, RELAY_API_MAY_WEBHOOKS },
  { "PATCH", "/v1/webhook-endpoints/{id}", relay_api_webhook_endpoints_change, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, DOCUMENT, RELAY_API_MAY_WEBHOOKS },
  { "DELETE", "/v1/webhook-endpoints/{id}", relay_api_webhook_endpoints_delete, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, LITTLE, RELAY_API_MAY_WEBHOOKS },
  { "POST", "/v1/webhook-endpoints/{id}/test", relay_api_webhook_endpoints_test, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, LITTLE, RELAY_API_MAY_WEBHOOKS },
  { "POST", "/v1/webhook-endpoints/{id}/restore", relay_api_webhook_endpoints_restore, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, LITTLE, RELAY_API_MAY_WEBHOOKS },
  { "POST", "/v1/webhook-endpoints/{id}/rotate", relay_api_webhook_endpoints_rotate, RELAY_FACE_API, RELAY_AUTH_KEY,
    RELAY_LANE_API, LITTLE, RELAY_API_MAY_WEBHOOKS },
  { "POST", "/v1/webhooks/test", relay_api_webhooks_test, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, LITTLE,
    RELAY_API_MAY_WEBHOOKS },
  { "GET", "/v1/deliveries", relay_api_deliveries_list, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_WEBHOOKS },
  { "GET", "/v1/deliveries/{id}", relay_api_deliveries_read, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, NOTHING,
    RELAY_API_MAY_WEBHOOKS },
  { "POST", "/v1/deliveries/{id}/retry", relay_api_deliveries_retry, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_WEBHOOKS },
  { "POST", "/v1/deliveries/replay", relay_api_deliveries_replay, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API,
    LITTLE, RELAY_API_MAY_WEBHOOKS },

  { "POST", "/webhooks/{provider}/{account}", relay_api_webhook, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_WEBHOOK,
    DOCUMENT, 0 },

  { "GET", "/mock/{rest*}", relay_api_mock_get, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING, 0 },
  { "POST", "/mock/{rest*}", relay_api_mock_post, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, DOCUMENT, 0 },

  { "GET", "/docs", relay_api_docs_page, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING,
    RELAY_ROUTE_INLINE },
  { "GET", "/docs/json", relay_api_docs_json, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING,
    RELAY_ROUTE_INLINE },
  { "GET", "/docs/{file}", relay_api_docs_file, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING,
    RELAY_ROUTE_INLINE },

  { "GET", "/assets/{name}", relay_api_asset, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING,
    RELAY_ROUTE_INLINE },
  { 0 },
};

/* The first two of them. */
static const RelayRoute worker_routes[] = {
  { "GET", "/v1/healthz", relay_api_healthz, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING,
    RELAY_ROUTE_INLINE },
  { "GET", "/v1/readyz", relay_api_readyz, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, NOTHING, 0 },
  { 0 },
};

const RelayRoute *
relay_api_routes (void)
{
  return routes;
}

const RelayRoute *
relay_api_worker_routes (void)
{
  return worker_routes;
}
