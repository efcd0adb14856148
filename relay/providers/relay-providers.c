/* relay/providers/relay-providers.c — the registry: providers by name.
 * Layer: relay/providers. Filled at start, then read by any thread. */
#include "relay-provider.h"

#include <string.h>

struct _RelayProviders
{
  GPtrArray *providers; /* (element-type RelayProvider) a handful: looked through in order */
};

RelayProviders *
relay_providers_new (void)
{
  RelayProviders *self = g_new0 (RelayProviders, 1);

  self->providers = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_provider_free);
  return self;
}

void
relay_providers_add (RelayProviders *self, RelayProvider *take_provider)
{
  g_return_if_fail (relay_providers_find (self, take_provider->class->name) == NULL);
  g_ptr_array_add (self->providers, take_provider);
}

RelayProvider *
relay_providers_find (RelayProviders *self, const char *name)
{
  for (guint i = 0; i < self->providers->len; i++)
    if (strcmp (relay_providers_get (self, i)->class->name, name) == 0)
      return relay_providers_get (self, i);
  return NULL;
}

guint
relay_providers_count (RelayProviders *self)
{
  return self->providers->len;
}

RelayProvider *
relay_providers_get (RelayProviders *self, guint i)
{
  g_return_val_if_fail (i < self->providers->len, NULL);
  return g_ptr_array_index (self->providers, i);
}

void
relay_providers_free (RelayProviders *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->providers);
  g_free (self);
}
