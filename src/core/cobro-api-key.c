/* src/core/cobro-api-key.c — a key without its text.
 * Layer: core. */
#include "cobro-api-key.h"

CobroApiKey *
cobro_api_key_new (void)
{
  CobroApiKey *key = g_new0 (CobroApiKey, 1);

  key->ref_count = 1;
  key->id = g_strdup ("");
  key->name = g_strdup ("");
  key->scopes = g_new0 (char *, 1);
  key->last_used_on = g_strdup ("");
  return key;
}

CobroApiKey *
cobro_api_key_ref (CobroApiKey *key)
{
  g_atomic_int_inc (&key->ref_count);
  return key;
}

void
cobro_api_key_unref (CobroApiKey *key)
{
  if (key == NULL || !g_atomic_int_dec_and_test (&key->ref_count))
    return;
  g_free (key->id);
  g_free (key->name);
  g_strfreev (key->scopes);
  g_free (key->last_used_on);
  g_free (key);
}
