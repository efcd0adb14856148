/* relay/checkout/relay-reference.c — what a payment is called at providers: the idempotency key of each call, and our
 * reference, the payment's id with a MAC over it, so that nobody can bind a payment of their own at the provider to one
 * of ours (semantics: Inbound provider events, 6). Both stay what they were when the key file was lost and replaced:
 * another key would be a second charge, another reference a payment that is not found. Layer: relay/checkout. Any
 * thread. */
#include "relay-checkout-private.h"

#include <string.h>

#define MAC_LENGTH 26 /* of 4 bits each: 104, and only the provider could be asked whether one is right */

/* ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────── */

const CobroId *
relay_call_begun_id (const RelayPaymentRecord *payment)
{
  return cobro_id_is_set (&payment->second_of) ? &payment->second_of : &payment->payment->id;
}

char *
relay_call_key_of_begin (RelayStore *store, CobroDb *db, const RelayPaymentRecord *payment, GError **error)
{
  const CobroId *id = relay_call_begun_id (payment);
  char *key;

  if (!relay_attempt_first_key (db, &payment->merchant_id, id, RELAY_ATTEMPT_BEGIN, NULL, &key, error))
    return NULL;
  return key != NULL ? key : relay_store_provider_key (store, id, "begin");
}

char *
relay_call_key_of_refund (RelayStore *store, CobroDb *db, const RelayRefundRecord *refund, gboolean *out_tried,
                          GError **error)
{
  const CobroId *id = &refund->refund->id;
  char *key;

  if (!relay_attempt_first_key (db, &refund->merchant_id, &refund->refund->payment_id, RELAY_ATTEMPT_REFUND, id, &key,
                                error))
    return NULL;
  *out_tried = key != NULL;
  return key != NULL ? key : relay_store_provider_key (store, id, "refund");
}

/* ── References ─────────────────────────────────────────────────────────────────────────────────────────────── */

char *
relay_reference_make (const char *key, const CobroId *payment_id)
{
  g_autofree char *mac = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guint8 *)key, strlen (key),
                                                    payment_id->text, (gssize)strlen (payment_id->text));

  return g_strdup_printf ("%s.%.*s", payment_id->text, MAC_LENGTH, mac);
}

static gboolean
is_reference (const char *reference, const char *key, const CobroId *payment_id)
{
  g_autofree char *expected = relay_reference_make (key, payment_id);

  return strlen (reference) == strlen (expected) &&
         cobro_bytes_equal_constant_time (reference, expected, strlen (expected));
}

/* The payment that a reference of ours names. The books are asked only about what the present key has not made. */
static gboolean
open_reference (RelayStore *store, const CobroId *merchant_id, const char *reference, CobroId *out_id,
                gboolean *out_ours, GError **error)
{
  const char *dot = strchr (reference, '.');
  g_autofree char *text = dot != NULL ? g_strndup (reference, (gsize)(dot - reference)) : NULL;
  g_autofree char *key = NULL, *first = NULL;
  g_autoptr (RelayReader) reader = NULL;

  *out_ours = FALSE;
  if (text == NULL || !cobro_id_parse (COBRO_ID_PAYMENT, text, out_id, NULL))
    return TRUE;
  key = relay_store_provider_key (store, out_id, "begin");
  *out_ours = is_reference (reference, key, out_id);
  if (*out_ours)
    return TRUE;
  if (!(reader = relay_store_read (store, error)) ||
      !relay_attempt_first_key (reader->db, merchant_id, out_id, RELAY_ATTEMPT_BEGIN, NULL, &first, error))
    return FALSE;
  *out_ours = first != NULL && is_reference (reference, first, out_id);
  return TRUE;
}

gboolean
relay_reference_open (RelayStore *store, const CobroId *merchant_id, CobroFact *fact, GError **error)
{
  CobroId id;
  gboolean ours;
  g_autofree char *foreign = NULL;

  if (*fact->reference == '\0')
    return TRUE;
  if (!open_reference (store, merchant_id, fact->reference, &id, &ours, error))
    return FALSE;
  foreign = ours ? g_strdup (id.text) : g_strconcat ("foreign:", fact->reference, NULL);
  cobro_link_set_text (&fact->reference, foreign);
  return TRUE;
}
