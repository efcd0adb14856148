/* relay/providers/razorpay/relay-razorpay.h — Razorpay (India): payment links of their own as the hosted page, orders
 * where checkout.js runs in ours. README.md has the whole story. Layer: relay/providers. Pure: no I/O, any thread. */
#pragma once
#include "relay-adapter.h"

#define RELAY_RAZORPAY_NAME "razorpay"

/* The adapter; for relay-companies.c. */
const RelayAdapterClass *relay_razorpay_adapter (void);

/**
 * relay_razorpay_check_callback:
 * @account: whose key secret signed
 * @object_id: order_… or plink_…, as OUR books have it: never the one that the browser brings
 * @payment_id: ours, which a payment link carries as its reference; "" for an order
 * @fields: (element-type utf8 utf8): what came back with the payer's browser, decoded, each name once
 * @out_charge_id: (out) (transfer full): the pay_… that the signature speaks of
 *
 * Whether what the browser brought was signed by Razorpay. It proves that somebody paid *something* for this object,
 * not how much, nor that it was captured: the only thing to do with it is to ask.
 *
 * Returns: %FALSE with %COBRO_ERROR_SIGNATURE, or %COBRO_ERROR_CONFIG when the account has no key secret
 */
gboolean relay_razorpay_check_callback (const RelayAccount *account, const char *object_id, const char *payment_id,
                                        GHashTable *fields, char **out_charge_id,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
