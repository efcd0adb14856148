/* relay/api/relay-api-order.h — a command on one invoice, carried out and answered once for one Idempotency-Key.
 * Layer: relay/api (private). Request threads. */
#pragma once
#include "relay-api-invoice.h"
#include "relay-api-once.h"

/* One command under way. */
typedef struct
{
  RelayContext *ctx;
  RelayRequest *request;
  RelayScope scope;
  RelayApiInvoice invoice; /* as it was before */
  RelayApiOnce once;
} RelayApiOrder;

/* Does it; (transfer full) the answer, in the envelope, or NULL. */
typedef char *(*RelayApiOrderWork) (RelayApiOrder *order, GError **error);

/* Finds the invoice {id}, claims the key, does the work, stores the answer of @status. @needed: no key is a refusal. */
RelayReply *relay_api_order_run (RelayContext *context, RelayRequest *request, guint status, gboolean needed,
                                 RelayApiOrderWork work);
