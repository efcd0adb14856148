/* src/view/pages/cobro-providers-page.h — Preferences → Payments: whether real money moves, and the payment providers.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-late-page.h"
#include "cobro-providers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PROVIDERS_PAGE (cobro_providers_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroProvidersPage, cobro_providers_page, COBRO, PROVIDERS_PAGE, CobroLatePage)

/* Signal "connect-wanted": somebody wants to connect a relay, or the same one with another code. */

/* Once. */
void cobro_providers_page_set_providers (CobroProvidersPage *self, CobroProviders *providers);

G_END_DECLS
