/* src/core/cobro-relay-state.c — how the relay is doing.
 * Layer: core. */
#include "cobro-relay-state.h"

#include "cobro-names.h"

gboolean
cobro_breaker_from_name (const char *name, CobroBreaker *out_breaker)
{
  static const char *const names[] = { "closed", "open", "probing" };
  guint index;

  if (!cobro_names_find (names, G_N_ELEMENTS (names), name, &index))
    return FALSE;
  *out_breaker = (CobroBreaker)index;
  return TRUE;
}

CobroRelayProvider *
cobro_relay_provider_new (void)
{
  CobroRelayProvider *provider = g_new0 (CobroRelayProvider, 1);

  provider->name = g_strdup ("");
  return provider;
}

void
cobro_relay_provider_free (CobroRelayProvider *provider)
{
  if (provider == NULL)
    return;
  g_free (provider->name);
  g_free (provider);
}

CobroRelayState *
cobro_relay_state_new (void)
{
  CobroRelayState *state = g_new0 (CobroRelayState, 1);

  state->ref_count = 1;
  state->version = g_strdup ("");
  state->database = g_strdup ("");
  state->providers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_relay_provider_free);
  return state;
}

CobroRelayState *
cobro_relay_state_ref (CobroRelayState *state)
{
  g_atomic_int_inc (&state->ref_count);
  return state;
}

void
cobro_relay_state_unref (CobroRelayState *state)
{
  if (state == NULL || !g_atomic_int_dec_and_test (&state->ref_count))
    return;
  g_free (state->version);
  g_free (state->database);
  g_ptr_array_unref (state->providers);
  g_free (state);
}
