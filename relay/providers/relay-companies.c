/* relay/providers/relay-companies.c — the list of adapters. Layer: relay/providers. */
#include "relay-companies.h"

#include "relay-flutterwave.h"
#include "relay-openpay.h"
#include "relay-razorpay.h"
#include "relay-stripe.h"

/* One line for each; the headers of the folders declare the functions. NULL ends the list. */
typedef const RelayAdapterClass *(*GetAdapter) (void);

static const GetAdapter adapters[] = {
  relay_stripe_adapter, relay_openpay_adapter, relay_razorpay_adapter, relay_flutterwave_class, NULL,
};

guint
relay_companies_count (void)
{
  return G_N_ELEMENTS (adapters) - 1;
}

const RelayAdapterClass *
relay_companies_get (guint i)
{
  return adapters[i]();
}

gboolean
relay_companies_has (const char *name)
{
  for (guint i = 0; i < relay_companies_count (); i++)
    if (g_str_equal (relay_companies_get (i)->facts.name, name))
      return TRUE;
  return FALSE;
}

void
relay_companies_add (RelayProviders *providers, CobroClock *clock, CobroRandom *random, GHashTable *stand_ins)
{
  for (guint i = 0; i < relay_companies_count (); i++)
    {
      const RelayAdapterClass *class = relay_companies_get (i);
      RelayAdapterConfig config = {
        .clock = clock,
        .random = random,
        .stand_in = stand_ins != NULL ? g_hash_table_lookup (stand_ins, class->facts.name) : NULL,
      };

      relay_providers_add (providers, relay_adapter_new (class, &config));
    }
}
