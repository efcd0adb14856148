/* relay/providers/openpay/relay-openpay-answer.c — what Openpay's refusals mean: its error codes, in words.
 * Layer: relay/providers. Pure. */
#include "relay-openpay-private.h"

#include "cobro-error.h"

#define CODE_INTERNAL 1000
#define CODE_SERVICE  1004

/* The codes of Openpay's documentation. Codes that many programs on the web give other meanings ("1001 = card
 * rejected") mean what stands here. */
static const struct
{
  gint64 code;
  const char *ours, *words;
} codes[] = {
  { 1000, "", "Openpay has an internal error" },
  { 1001, "", "Openpay did not understand the request" },
  { 1002, "", "Openpay does not accept the private key: it is wrong, or of the other mode (test, live)" },
  { 1003, "", "Openpay does not accept a value of the request" },
  { 1004, "", "a service that Openpay needs is not available" },
  { 1005, "", "Openpay has no such account or payment: check the merchant ID" },
  { 1006, "", "Openpay already has a charge with this order number" },
  { 1007, "", "the transfer was not accepted" },
  { 1008, "", "the account at Openpay is disabled: talk to Openpay" },
  { 1009, "", "the request was too large for Openpay" },
  { 1010, "", "that is not the private key: the public key (pk_…) cannot do this, enter the private one (sk_…)" },
  { 2004, "invalid_number", "the card number is not a valid one" },
  { 2005, "expired_card", "the card's expiry date is past" },
  { 2006, "card_declined", "the card's security code is missing" },
  { 2007, "card_declined", "a test card cannot pay real money" },
  { 2009, "card_declined", "the card's security code is wrong" },
  { 3001, "card_declined", "the bank declined the card" },
  { 3002, "expired_card", "the card has expired" },
  { 3003, "insufficient_funds", "the card has not enough funds" },
  { 3004, "card_declined", "the card was reported stolen" },
  { 3005, "card_declined", "Openpay's fraud check declined the card" },
  { 3006, "card_declined", "the bank does not allow this operation for the customer" },
  { 3008, "card_declined", "the card cannot be used for online payments" },
  { 3009, "card_declined", "the card was reported lost" },
  { 3010, "card_declined", "the bank has restricted the card" },
  { 3011, "card_declined", "the bank asks to retain the card: the customer must call the bank" },
  { 3012, "card_declined", "the bank must authorise this payment: the customer must call the bank" },
  { 4001, "", "the account at Openpay has not enough funds" },
};

void
relay_openpay_error_clear (RelayOpenpayError *self)
{
  g_free (self->words);
}

void
relay_openpay_error_read (RelayOpenpayError *self, const CobroNetAnswer *answer)
{
  g_autoptr (CobroWireObject) object = relay_adapter_parse ("Openpay", answer, NULL);
  g_autofree char *description = object != NULL ? relay_adapter_text (object, "description") : g_strdup ("");

  *self = (RelayOpenpayError){ .ours = "" };
  if (object == NULL || !relay_adapter_int64 (object, "error_code", &self->code))
    self->code = 0;
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (self->code == codes[i].code)
      {
        self->ours = codes[i].ours;
        self->words = *description != '\0' && *codes[i].ours == '\0'
                        ? g_strdup_printf ("%s (%" G_GINT64_FORMAT ": %s)", codes[i].words, self->code, description)
                        : g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", codes[i].words, self->code);
        return;
      }
  self->words = self->code != 0 ? g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", description, self->code)
                                : g_steal_pointer (&description);
}

gboolean
relay_openpay_is_good (const CobroNetAnswer *answer)
{
  return answer->status == 200 || answer->status == 201;
}

gboolean
relay_openpay_refuse (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  g_auto (RelayOpenpayError) said = { 0 };

  relay_openpay_error_read (&said, answer);
  /* It broke off in the middle of its work: what it had done by then, only asking tells. */
  if (!safe && (said.code == CODE_INTERNAL || said.code == CODE_SERVICE || answer->status == 503))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s",
                            *said.words != '\0' ? said.words : "Openpay did not say what happened");
  /* Not "the payment is not there": only an empty list says that, and a wrong merchant ID is answered like this. */
  if (answer->status == 404)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "%s",
                            *said.words != '\0' ? said.words : "Openpay does not know the address");
  return relay_adapter_refuse (answer->status, safe, said.words, error);
}
