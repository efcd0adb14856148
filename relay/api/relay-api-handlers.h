/* relay/api/relay-api-handlers.h — every handler, by resource; the table that binds them to paths is in
 * relay-api-routes.c. Layer: relay/api (private). The context is a RelayContext. */
#pragma once
#include "relay-api.h"

/* GET /v1/healthz, /v1/readyz */
RelayReply *relay_api_healthz (gpointer context, RelayRequest *request);
RelayReply *relay_api_readyz (gpointer context, RelayRequest *request);

/* GET /v1/status */
RelayReply *relay_api_status (gpointer context, RelayRequest *request);

/* POST, GET /v1/api-keys; GET, DELETE /v1/api-keys/{id}; POST /v1/api-keys/{id}/rotate */
RelayReply *relay_api_keys_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_keys_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_keys_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_keys_revoke (gpointer context, RelayRequest *request);
RelayReply *relay_api_keys_rotate (gpointer context, RelayRequest *request);

/* GET /v1/devices; GET, DELETE /v1/devices/{id} */
RelayReply *relay_api_devices_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_devices_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_devices_revoke (gpointer context, RelayRequest *request);

/* POST /v1/pair */
RelayReply *relay_api_pair (gpointer context, RelayRequest *request);
RelayReply *relay_api_pair_code (gpointer context, RelayRequest *request);

/* GET, PUT /v1/merchant; GET /v1/merchant/logo */
RelayReply *relay_api_merchant_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_merchant_change (gpointer context, RelayRequest *request);
RelayReply *relay_api_merchant_logo (gpointer context, RelayRequest *request);

/* POST, GET /v1/links; GET, PUT, DELETE /v1/links/{id}; POST /v1/links/{id}/pause, resume, token */
RelayReply *relay_api_links_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_change (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_cancel (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_pause (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_resume (gpointer context, RelayRequest *request);
RelayReply *relay_api_links_replace_token (gpointer context, RelayRequest *request);

/* POST, GET /v1/invoices; GET, PUT /v1/invoices/{id}; POST /v1/invoices/{id}/send, void, remind, token,
 * payments, credit; GET /v1/invoices/{id}/pdf */
RelayReply *relay_api_invoices_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_change (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_send (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_void (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_remind (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_replace_token (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_record (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_credit (gpointer context, RelayRequest *request);
RelayReply *relay_api_invoices_pdf (gpointer context, RelayRequest *request);

/* POST, GET /v1/recurring; GET, PUT /v1/recurring/{id} */
RelayReply *relay_api_recurring_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_recurring_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_recurring_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_recurring_change (gpointer context, RelayRequest *request);

/* POST /v1/sync/push, GET /v1/events */
RelayReply *relay_api_push (gpointer context, RelayRequest *request);
RelayReply *relay_api_events (gpointer context, RelayRequest *request);

/* GET /v1/payments, /v1/payments/{id}; POST /v1/payments/{id}/cancel */
RelayReply *relay_api_payments_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_payments_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_payments_cancel (gpointer context, RelayRequest *request);
RelayReply *relay_api_payments_resolve (gpointer context, RelayRequest *request);
RelayReply *relay_api_providers_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_providers_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_providers_change (gpointer context, RelayRequest *request);
RelayReply *relay_api_providers_rotate (gpointer context, RelayRequest *request);
RelayReply *relay_api_providers_test (gpointer context, RelayRequest *request);
RelayReply *relay_api_payments_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_refunds_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_refunds_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_refunds_read (gpointer context, RelayRequest *request);

/* GET, POST /pay/{token}; GET /pay?d={token}; GET, POST /pay/{token}/back/{payer}; GET /pay/{token}/with/{gateway},
 * /pay/{token}/status, /pay/{token}/qr.svg, /pay/{token}/invoice.pdf; POST /pay/{token}/seen */
RelayReply *relay_api_pay_page (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_begin (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_back (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_with (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_page_by_query (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_status (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_seen (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_paper (gpointer context, RelayRequest *request);
RelayReply *relay_api_pay_qr (gpointer context, RelayRequest *request);

/* GET /api/public/pay/{token}, POST …/create-payment, …/confirm-payment (INV-3, INV-4, INV-5) */
RelayReply *relay_api_public_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_public_create_payment (gpointer context, RelayRequest *request);
RelayReply *relay_api_public_confirm_payment (gpointer context, RelayRequest *request);

/* POST /api/pay/createPaymentLink, getData, addPayment, verifyPayment; GET /api/pay/balance; POST
 * /api/pay/createCryptoPayment, verifyCryptoPayment (DYN-1 to DYN-10) */
RelayReply *relay_api_dyn_create_link (gpointer context, RelayRequest *request);
RelayReply *relay_api_dyn_get_data (gpointer context, RelayRequest *request);
RelayReply *relay_api_dyn_add_payment (gpointer context, RelayRequest *request);
RelayReply *relay_api_dyn_verify_payment (gpointer context, RelayRequest *request);
RelayReply *relay_api_dyn_balance (gpointer context, RelayRequest *request);
RelayReply *relay_api_dyn_crypto (gpointer context, RelayRequest *request);

/* POST, GET /v1/webhook-endpoints; GET, PATCH, DELETE /v1/webhook-endpoints/{id}; POST …/{id}/test, …/{id}/rotate,
 * …/{id}/restore;
 * POST /v1/webhooks/test */
RelayReply *relay_api_webhook_endpoints_create (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_change (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_delete (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_test (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_restore (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhook_endpoints_rotate (gpointer context, RelayRequest *request);
RelayReply *relay_api_webhooks_test (gpointer context, RelayRequest *request);

/* GET /v1/deliveries, /v1/deliveries/{id}; POST /v1/deliveries/{id}/retry, /v1/deliveries/replay */
RelayReply *relay_api_deliveries_list (gpointer context, RelayRequest *request);
RelayReply *relay_api_deliveries_read (gpointer context, RelayRequest *request);
RelayReply *relay_api_deliveries_retry (gpointer context, RelayRequest *request);
RelayReply *relay_api_deliveries_replay (gpointer context, RelayRequest *request);

/* POST /webhooks/{provider}/{account} */
RelayReply *relay_api_webhook (gpointer context, RelayRequest *request);

/* GET, POST /mock/{rest}; GET /assets/{name} */
RelayReply *relay_api_mock_get (gpointer context, RelayRequest *request);
RelayReply *relay_api_mock_post (gpointer context, RelayRequest *request);
RelayReply *relay_api_asset (gpointer context, RelayRequest *request);

/* GET /docs, /docs/json, /docs/{file} */
RelayReply *relay_api_docs_page (gpointer context, RelayRequest *request);
RelayReply *relay_api_docs_json (gpointer context, RelayRequest *request);
RelayReply *relay_api_docs_file (gpointer context, RelayRequest *request);
