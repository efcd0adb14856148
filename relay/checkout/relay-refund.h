/* relay/checkout/relay-refund.h — refunds asked for over the API (OPF-2): one key, one refund, and never more than came
 * in. Layer: relay/checkout. Any thread but the writer's; blocks while a provider is asked. */
#pragma once
#include "relay-checkout.h"
#include "relay-idempotency-store.h"
#include "relay-refund-store.h"

/* What is asked for. Lent for the call. */
typedef struct
{
  RelayScope scope;
  RelayIdempotency request; /* its key */
  CobroId payment_id;
  gint64 amount;        /* minor units of the payment's currency; 0: all that is left */
  const char *currency; /* (nullable) when given, it must be the payment's */
  const char *reason;   /* "" or the merchant's words, ≤ 500 characters */
} RelayRefundWish;

/**
 * relay_refund_make:
 * @out_answer: (out): status and body, exactly as stored with the key
 * @out_replayed: (out): the request had been answered before
 *
 * Claims the key and commits refund and intent in one transaction, calls the provider with a deterministic key, applies
 * its answer and stores ours in another. Without a clear answer the refund stays pending: the janitor asks with the
 * same key, for 23 hours.
 *
 * Returns: %FALSE with %COBRO_ERROR_NOT_FOUND (no such payment), _STATE (it has not succeeded), _INVALID (at "amount",
 * "currency", "reason"), _REUSED, _RUNNING: nothing was begun
 */
gboolean relay_refund_make (RelayCheckout *self, const RelayRefundWish *wish, RelayStoredAnswer *out_answer,
                            gboolean *out_replayed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
