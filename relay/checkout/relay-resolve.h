/* relay/checkout/relay-resolve.h — the merchant decides about money that could not be bound to what was asked.
 * Layer: relay/checkout. Any thread. */
#pragma once
#include "relay-checkout.h"

typedef enum
{
  RELAY_RESOLVE_ACCEPT,  /* what came is taken as it is: the payment has succeeded with that amount */
  RELAY_RESOLVE_REFUND,  /* what came goes back, and pays for nothing */
  RELAY_RESOLVE_RELEASE, /* it is not ours, or was settled elsewhere: the attempt is over, its use is free again */
} RelayResolution;
gboolean relay_resolution_from_name (const char *name, RelayResolution *out_resolution); /* "accept", "refund", … */

/**
 * relay_checkout_resolve:
 *
 * One transaction: what is in quarantine for this payment is settled, the payment and its link say so, event
 * payment.resolved.
 *
 * Returns: (transfer full): the payment as it is now; %NULL with %COBRO_ERROR_NOT_FOUND, %COBRO_ERROR_STATE (nothing is
 * in quarantine; the payment has succeeded already; the money is another object's or in another currency)
 */
CobroPayment *relay_checkout_resolve (RelayCheckout *self, const RelayScope *scope, const CobroId *payment_id,
                                      RelayResolution resolution, GError **error);
