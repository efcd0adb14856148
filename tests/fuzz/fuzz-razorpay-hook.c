/* tests/fuzz/fuzz-razorpay-hook.c — what Razorpay says without being asked. First line "W": a signature and a body, a
 * webhook; "C": an order's or link's id, our payment id and "name=value" lines, what came with the browser. What is
 * accepted was signed with the secret over exactly that; the worth of the signature is computed here once more, by
 * GLib. Layer: tests. */
#include <string.h>

#include "cobro-fact.h"
#include "fuzz-replay.h"
#include "relay-razorpay.h"

#define SECRET "rzp_webhook_secret"
#define KEY    "EnLs21M47BllR3X8PSFtjtbd"

static char *
mac_of (const char *secret, const char *text)
{
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)secret, strlen (secret), text, -1);
}

static void
check_facts (GPtrArray *facts)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const CobroFact *fact = facts->pdata[i];

      g_assert_cmpstr (fact->event_id, !=, "");
      g_assert_true (cobro_money_is_set (fact->amount));
      g_assert_true (*fact->provider_payment_id != '\0' || *fact->charge_id != '\0');
      if (fact->kind == COBRO_FACT_SUCCEEDED)
        g_assert_true (g_str_has_prefix (fact->charge_id, "pay_"));
    }
}

static void
try_hook (const RelayAccount *account, const char *signature, const char *body)
{
  const RelayProviderClass *class = &relay_razorpay_adapter ()->facts;
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autoptr (GPtrArray) facts = NULL;
  g_autofree char *event_id = NULL;
  g_autofree char *mac = mac_of (SECRET, body);

  g_hash_table_insert (headers, (gpointer) "x-razorpay-signature", (gpointer)signature);
  if (!class->verify (NULL, account, headers, raw, 0, &event_id, NULL))
    return;
  g_assert_cmpstr (signature, ==, mac);
  if ((facts = class->read (NULL, account, raw, NULL)) != NULL)
    check_facts (facts);
}

/* @lines: object id, payment id, fields. */
static void
try_callback (const RelayAccount *account, char **lines)
{
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *charge = NULL, *mac = NULL, *text = NULL;
  const char *status, *reference;

  for (guint i = 2; lines[i] != NULL; i++)
    {
      char *equals = strchr (lines[i], '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      g_hash_table_insert (fields, lines[i], equals + 1);
    }
  if (!relay_razorpay_check_callback (account, lines[0], lines[1], fields, &charge, NULL))
    return;
  status = g_hash_table_lookup (fields, "razorpay_payment_link_status");
  reference = g_str_has_prefix (lines[0], "plink_") ? lines[1] : NULL;
  text = reference != NULL ? g_strdup_printf ("%s|%s|%s|%s", lines[0], reference, status != NULL ? status : "", charge)
                           : g_strdup_printf ("%s|%s", lines[0], charge);
  mac = mac_of (KEY, text);
  g_assert_cmpstr (g_hash_table_lookup (fields, "razorpay_signature"), ==, mac);
  g_assert_true (g_str_has_prefix (charge, "pay_"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autofree char *good = NULL;

  if (g_strv_length (lines) < 3)
    return 0;
  g_ptr_array_add (account->webhook_secrets, g_strdup (SECRET));
  g_hash_table_insert (account->settings, g_strdup ("key-secret"), g_strdup (KEY));
  if (strcmp (lines[0], "C") == 0)
    {
      g_auto (GStrv) all = g_strsplit (text + 2, "\n", -1);

      if (g_strv_length (all) >= 2)
        try_callback (account, all);
      return 0;
    }
  try_hook (account, lines[1], lines[2]);
  good = mac_of (SECRET, lines[2]); /* so that the reader behind the signature is reached, too */
  try_hook (account, good, lines[2]);
  return 0;
}
