/* relay/providers/flutterwave/relay-flutterwave-hooks.c — webhooks. In v3 the header verif-hash is the secret itself:
 * it says who sent it and nothing about the body, so what the body says is asked for before it is believed (checkout
 * does that with every success). flutterwave-signature is base64 of HMAC-SHA256 over the body. Layer: relay/providers
 * (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>
#include "cobro-token.h"
#include "cobro-wire-sign.h"

#define SECRET_MIN 16 /* bytes */
#define MAC_BASE64 44 /* characters of 32 bytes */

/* ── Checking ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_the_secret (const char *header, const char *secret)
{
  gsize length = strlen (secret);

  return header != NULL && strlen (header) == length && cobro_bytes_equal_constant_time (header, secret, length);
}

static gboolean
is_the_mac (const char *header, const char *secret, GBytes *raw)
{
  guint8 mac[32];
  gsize size;
  const guint8 *body = g_bytes_get_data (raw, &size);
  g_autofree char *expected = NULL;

  if (header == NULL || strlen (header) != MAC_BASE64)
    return FALSE;
  cobro_wire_hmac_sha256 (secret, strlen (secret), body, size, mac);
  expected = g_base64_encode (mac, sizeof mac);
  return cobro_bytes_equal_constant_time (header, expected, MAC_BASE64);
}

/* Every active secret is tried and the outcome does not depend on which one it was. Flutterwave names no event: it is
 * known by its bytes. */
gboolean
relay_flutterwave_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                          CobroTime now, char **out_event_id, GError **error)
{
  const char *hash = relay_adapter_header (headers, "verif-hash");
  const char *signature = relay_adapter_header (headers, "flutterwave-signature");
  gboolean usable = FALSE, matches = FALSE;

  for (guint i = 0; i < account->webhook_secrets->len; i++)
    {
      const char *secret = g_ptr_array_index (account->webhook_secrets, i);

      if (strlen (secret) < SECRET_MIN)
        continue;
      usable = TRUE;
      matches |= is_the_secret (hash, secret);
      matches |= is_the_mac (signature, secret, raw);
    }
  if (!usable)
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "the Flutterwave account has no secret hash of at least %d bytes", SECRET_MIN);
  if (hash == NULL && signature == NULL)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "verif-hash and flutterwave-signature are missing");
  if (!matches)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "neither verif-hash nor flutterwave-signature matches");
  *out_event_id = NULL;
  return TRUE;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroFact *
read_charge (const RelayAccount *account, CobroWireObject *data, GError **error)
{
  g_auto (RelayFlutterwaveTransaction) transaction = { 0 };

  return relay_flutterwave_read_transaction (data, &transaction, error)
           ? relay_flutterwave_fact (account, &transaction, TRUE)
           : NULL;
}

/* Sent by arrangement only, and the currency may be missing: then it says nothing about money, and the nightly list
 * will. */
static CobroFact *
read_money_back (const RelayAccount *account, CobroWireObject *data, gboolean dispute, GError **error)
{
  g_autofree char *currency = relay_adapter_text (data, "currency");
  g_auto (RelayFlutterwaveBack) back = { 0 };
  CobroFact *fact;

  if (!(dispute ? relay_flutterwave_read_dispute : relay_flutterwave_read_refund) (data, &back, error) ||
      (fact = relay_flutterwave_back_fact (account, &back, "", currency, error)) == NULL)
    return NULL;
  return fact;
}

static gboolean
is_money_back (const char *event, CobroWireObject *data)
{
  return cobro_wire_has (data, "currency") &&
         (g_str_has_prefix (event, "refund") || g_str_has_prefix (event, "chargeback"));
}

/* "charge.completed" is sent for failed charges, too: data.status says. Transfers and subscriptions are not ours, nor
 * are charges of other shops of the account. */
GPtrArray *
relay_flutterwave_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (CobroWireObject) body =
    cobro_wire_parse (g_bytes_get_data (raw, NULL), (gssize)g_bytes_get_size (raw), error);
  g_autoptr (CobroWireObject) data = body != NULL ? relay_adapter_object (body, "data") : NULL;
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autofree char *event = body != NULL ? relay_adapter_text (body, "event") : NULL;
  g_autofree char *tx_ref = data != NULL ? relay_adapter_text (data, "tx_ref") : NULL;
  CobroFact *fact = NULL;

  if (body == NULL)
    return NULL;
  if (strcmp (event, "charge.completed") == 0)
    {
      if (data == NULL)
        {
          cobro_error_set_at (error, COBRO_ERROR_INVALID, "data", "is required");
          return NULL;
        }
      if (!relay_flutterwave_is_ours (tx_ref))
        return g_steal_pointer (&facts);
      fact = read_charge (account, data, error);
    }
  else if (data != NULL && is_money_back (event, data))
    fact = read_money_back (account, data, g_str_has_prefix (event, "chargeback"), error);
  else
    return g_steal_pointer (&facts);
  if (fact == NULL)
    return NULL;
  g_ptr_array_add (facts, fact);
  return g_steal_pointer (&facts);
}
