/* relay/api/relay-api-webhooks.c — providers' webhooks: 2xx only after the fact is committed.
 * Layer: relay/api. Request threads of their own. */
#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"

RelayReply *
relay_api_webhook (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;

  if (!relay_checkout_receive (ctx->checkout, relay_request_param (request, "provider"),
                               relay_request_param (request, "account"), relay_request_get_headers (request),
                               request->body, &error))
    return relay_reply_problem (request, error);
  return relay_reply_empty (request, 200);
}
