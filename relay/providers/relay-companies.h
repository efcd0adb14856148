/* relay/providers/relay-companies.h — the real payment companies that this relay knows, each a pure adapter in a folder
 * of its own. Layer: relay/providers. */
#pragma once
#include "relay-adapter.h"

/* How many, and which: in the order in which merchants are offered them. */
guint relay_companies_count (void);
const RelayAdapterClass *relay_companies_get (guint i);
/* Whether there is one of that name. */
gboolean relay_companies_has (const char *name);

/* Adds a provider for each. @stand_ins: (nullable) (element-type utf8 utf8): name → address that test accounts are sent
 * to instead of the company's. */
void relay_companies_add (RelayProviders *providers, CobroClock *clock, CobroRandom *random, GHashTable *stand_ins);
