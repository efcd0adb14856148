/* tests/fuzz/fuzz-flutterwave-hook.c — Flutterwave's webhook in three lines: verif-hash, flutterwave-signature, body.
 * What is accepted carries the secret, or a MAC over exactly these bytes that is computed here once more, by GLib; what
 * is read out of it is whole. Layer: tests. */
#include <string.h>

#include "fuzz-replay.h"
#include "relay-flutterwave.h"

#define SECRET "a secret of sixteen bytes and more"

/* (transfer full) */
static char *
sign (const char *body)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *)SECRET, strlen (SECRET));
  guint8 mac[32];
  gsize length = sizeof mac;

  g_hmac_update (hmac, (const guchar *)body, (gssize)strlen (body));
  g_hmac_get_digest (hmac, mac, &length);
  return g_base64_encode (mac, length);
}

static RelayAccount *
make_account (void)
{
  RelayAccount *account = relay_account_new ();

  g_free (account->provider);
  account->provider = g_strdup (RELAY_FLUTTERWAVE_NAME);
  g_ptr_array_add (account->webhook_secrets, g_strdup (SECRET));
  return account;
}

static void
check_fact (const CobroFact *fact)
{
  g_assert_cmpstr (fact->event_id, !=, "");
  g_assert_cmpstr (fact->provider, ==, RELAY_FLUTTERWAVE_NAME);
  g_assert_true (cobro_money_is_set (fact->amount));
  g_assert_true (*fact->provider_payment_id != '\0' || fact->kind > COBRO_FACT_SUCCEEDED);
  if (fact->kind == COBRO_FACT_SUCCEEDED)
    g_assert_cmpstr (fact->charge_id, !=, "");
}

static void
try_hook (const char *hash, const char *signature, const char *body)
{
  g_autoptr (RelayAccount) account = make_account ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autoptr (GPtrArray) facts = NULL;
  g_autofree char *event_id = NULL, *good = sign (body);

  g_hash_table_insert (headers, (gpointer) "verif-hash", (gpointer)hash);
  g_hash_table_insert (headers, (gpointer) "flutterwave-signature", (gpointer)signature);
  if (!relay_flutterwave_class ()->facts.verify (NULL, account, headers, raw, 0, &event_id, NULL))
    return;
  g_assert_true (strcmp (hash, SECRET) == 0 || strcmp (signature, good) == 0);
  if ((facts = relay_flutterwave_class ()->facts.read (NULL, account, raw, NULL)) == NULL)
    return;
  for (guint i = 0; i < facts->len; i++)
    check_fact (facts->pdata[i]);
}

/* Every input is tried as it is, and signed, so that the reader behind the signature is reached. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_autofree char *good = NULL;

  if (g_strv_length (lines) < 3)
    return 0;
  try_hook (lines[0], lines[1], lines[2]);
  good = sign (lines[2]);
  try_hook ("", good, lines[2]);
  return 0;
}
