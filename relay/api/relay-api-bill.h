/* relay/api/relay-api-bill.h — what is to be paid, as INV-3 has it.
 * Layer: relay/api (private). Any thread. */
#pragma once
#include "relay-page.h"

/* Of the invoice, or of the link that stands alone. */
CobroId relay_api_bill_id (const CobroLink *link);
/* (transfer full) the bill; @page has a link. NULL with COBRO_ERROR_OVERFLOW. */
char *relay_api_bill_to_json (const RelayPage *page, GError **error);
