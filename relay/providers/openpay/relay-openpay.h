/* relay/providers/openpay/relay-openpay.h — Openpay (México, Colombia, Perú): cards by its hosted form or by a token,
 * transfers (SPEI) and cash in stores (Paynet). README.md has its quirks. Layer: relay/providers. Pure. */
#pragma once
#include "relay-adapter.h"

#define RELAY_OPENPAY_NAME "openpay"
#define RELAY_OPENPAY_USER "cobro" /* the user that merchants enter for their webhook at Openpay */

/* Its adapter; static. */
const RelayAdapterClass *relay_openpay_adapter (void);
