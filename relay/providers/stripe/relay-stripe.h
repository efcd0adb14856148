/* relay/providers/stripe/relay-stripe.h — Stripe: hosted Checkout Sessions and embedded PaymentIntents, refunds,
 * disputes and webhooks, as an adapter without I/O (README.md). Layer: relay/providers. Any thread. */
#pragma once
#include "relay-adapter.h"

#define RELAY_STRIPE_NAME    "stripe"
#define RELAY_STRIPE_VERSION "2026-10-28.endive" /* of Stripe's API, sent with every request */

/* (transfer none) what Stripe is, for relay_adapter_new(). */
const RelayAdapterClass *relay_stripe_adapter (void);
