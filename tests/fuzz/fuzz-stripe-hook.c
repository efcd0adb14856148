/* tests/fuzz/fuzz-stripe-hook.c — Stripe's webhook: a header and a body, in lines. What is accepted was signed with the
 * secret over exactly these bytes, computed here once more by GLib; what is read of it names an object, and money that
 * came says how much. Layer: tests. */
#include <string.h>

#include "fuzz-replay.h"
#include "relay-stripe.h"

#define SECRET "whsec_of_the_fuzzed_endpoint"
#define NOW    G_GINT64_CONSTANT (1796119200)

static char *
mac_of (const char *timestamp, const char *body)
{
  g_autofree char *text = g_strdup_printf ("%s.%s", timestamp, body);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)SECRET, strlen (SECRET), text, -1);
}

/* One of the signatures is right, for the one time that the header names. */
static void
check_signed (const char *header, const char *body)
{
  const char *time = g_str_has_prefix (header, "t=") ? header : strstr (header, ",t=");
  g_autofree char *timestamp = NULL;
  g_autofree char *mac = NULL;

  g_assert_nonnull (time);
  time += *time == ',' ? 3 : 2;
  timestamp = g_strndup (time, strspn (time, "0123456789"));
  mac = mac_of (timestamp, body);
  g_assert_nonnull (strstr (header, mac));
  g_assert_cmpint (ABS (g_ascii_strtoll (timestamp, NULL, 10) - NOW), <=, 300);
}

static void
check_fact (const CobroFact *fact)
{
  gboolean came = fact->kind == COBRO_FACT_SUCCEEDED;

  g_assert_cmpstr (fact->event_id, !=, "");
  g_assert_true (*fact->provider_payment_id != '\0' || *fact->charge_id != '\0');
  g_assert_false (fact->livemode);
  if (came)
    {
      g_assert_true (cobro_money_is_positive (fact->amount));
      g_assert_cmpstr (fact->reference, !=, "");
    }
  if (fact->kind == COBRO_FACT_REFUNDED || fact->kind == COBRO_FACT_REFUND_FAILED)
    g_assert_cmpstr (fact->refund_id, !=, "");
}

static void
try_hook (const char *header, const char *body)
{
  const RelayProviderClass *class = &relay_stripe_adapter ()->facts;
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autoptr (GPtrArray) facts = NULL;
  g_autofree char *event_id = NULL;

  g_ptr_array_add (account->webhook_secrets, g_strdup (SECRET));
  g_hash_table_insert (headers, (gpointer) "stripe-signature", (gpointer)header);
  if (!class->verify (NULL, account, headers, raw, NOW * COBRO_SECOND, &event_id, NULL))
    return;
  check_signed (header, body);
  if ((facts = class->read (NULL, account, raw, NULL)) == NULL)
    return;
  for (guint i = 0; i < facts->len; i++)
    check_fact (facts->pdata[i]);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, NOW);
  g_autofree char *mac = NULL;
  g_autofree char *good = NULL;

  if (g_strv_length (lines) < 2)
    return 0;
  try_hook (lines[0], lines[1]);
  mac = mac_of (now, lines[1]);
  good = g_strdup_printf ("t=%s,v1=%s", now, mac); /* so that what is behind the signature is reached, too */
  try_hook (good, lines[1]);
  return 0;
}
