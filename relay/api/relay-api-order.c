/* relay/api/relay-api-order.c — a command on one invoice, carried out and answered once for one Idempotency-Key.
 * Layer: relay/api (private). Request threads. */
#include "relay-api-order.h"

static void
order_clear (RelayApiOrder *order)
{
  relay_api_invoice_clear (&order->invoice);
  relay_api_once_clear (&order->once);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayApiOrder, order_clear)

RelayReply *
relay_api_order_run (RelayContext *context, RelayRequest *request, guint status, gboolean needed,
                     RelayApiOrderWork work)
{
  g_auto (RelayApiOrder) order = { .ctx = context, .request = request, .scope = relay_api_scope (request) };
  const char *params[] = { relay_request_param (request, "id"), NULL };
  g_auto (RelayStoredAnswer) answer = { .status = status };
  g_autoptr (GError) error = NULL;
  RelayReply *replay = NULL;

  if (!relay_api_find_invoice (context, request, &order.invoice, &error) ||
      !relay_api_once_read (request, &order.scope, params, needed, &order.once, &error) ||
      !relay_api_once_begin (context, request, &order.once, &replay, &error))
    return relay_reply_problem (request, error);
  if (replay != NULL)
    return replay;
  if ((answer.body = work (&order, &error)) == NULL)
    {
      relay_api_once_abandon (context, &order.once);
      return relay_reply_problem (request, error);
    }
  if (!relay_api_once_finish (context, &order.once, &answer, &error))
    return relay_reply_problem (request, error);
  return relay_api_once_reply (request, &answer, FALSE);
}
