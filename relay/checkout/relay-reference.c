/* relay/checkout/relay-reference.c — our reference at providers: the payment's id and a MAC over it, so that nobody can
 * bind a payment of their own at the provider to one of ours (semantics: Inbound provider events, 6).
 * Layer: relay/checkout. Any thread. */
#include "relay-checkout-private.h"

#include <string.h>

#define MAC_LENGTH 26 /* of 5 bits each */

char *
relay_reference_make (RelayStore *store, const CobroId *payment_id)
{
  g_autofree char *mac = relay_store_provider_key (store, payment_id, "reference");

  return g_strdup_printf ("%s.%.*s", payment_id->text, MAC_LENGTH, mac);
}

/* The payment that a reference of ours names. */
static gboolean
open_reference (RelayStore *store, const char *reference, CobroId *out_id)
{
  const char *dot = strchr (reference, '.');
  g_autofree char *text = dot != NULL ? g_strndup (reference, (gsize)(dot - reference)) : NULL;
  g_autofree char *expected = NULL;

  if (text == NULL || !cobro_id_parse (COBRO_ID_PAYMENT, text, out_id, NULL))
    return FALSE;
  expected = relay_reference_make (store, out_id);
  return strlen (reference) == strlen (expected) &&
         cobro_bytes_equal_constant_time (reference, expected, strlen (expected));
}

void
relay_reference_open (RelayStore *store, CobroFact *fact)
{
  CobroId id;
  g_autofree char *foreign = NULL;

  if (*fact->reference == '\0')
    return;
  if (open_reference (store, fact->reference, &id))
    {
      cobro_link_set_text (&fact->reference, id.text);
      return;
    }
  foreign = g_strconcat ("foreign:", fact->reference, NULL);
  cobro_link_set_text (&fact->reference, foreign);
}
