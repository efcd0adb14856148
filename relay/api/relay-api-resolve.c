/* relay/api/relay-api-resolve.c — the merchant decides about money that could not be bound to what was asked.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-wire-payment.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-resolve.h"

static gboolean
parse (RelayRequest *request, CobroId *out_id, RelayResolution *out_resolution, GError **error)
{
  CobroWireObject *json;
  g_autofree char *action = NULL;

  if (!cobro_id_parse (COBRO_ID_PAYMENT, relay_request_param (request, "id"), out_id, NULL))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
  if (!(json = relay_request_get_json (request, error)) ||
      !cobro_wire_get_text_needed (json, "action", &action, error) || !cobro_wire_done (json, error))
    return FALSE;
  return relay_resolution_from_name (action, out_resolution) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "action", "must be accept, refund or release");
}

RelayReply *
relay_api_payments_resolve (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroPayment) payment = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  RelayResolution resolution;
  CobroId id;

  if (!parse (request, &id, &resolution, &error) ||
      !(payment = relay_checkout_resolve (ctx->checkout, &scope, &id, resolution, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_payment_write (writer, NULL, payment);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}
