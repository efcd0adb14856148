/* relay/providers/flutterwave/relay-flutterwave.h — Flutterwave (API v3) as a pure adapter: hosted payments, charges by
 * token, verification, refunds, chargebacks, webhooks. README.md has the settings and the quirks.
 * Layer: relay/providers (flutterwave). Any thread. */
#pragma once
#include "relay-adapter.h"

#define RELAY_FLUTTERWAVE_NAME "flutterwave"

/* (transfer none) what relay_adapter_new() takes; static. */
const RelayAdapterClass *relay_flutterwave_class (void);
