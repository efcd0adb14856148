/* tests/fuzz/fuzz-openpay-hook.c — a webhook of Openpay: the Authorization header in the first line, then the body. Who
 * is let in wrote user and password as base64 is written, in one way; and money is only said to have come where the
 * body has a status that means it. Layer: tests. */
#include <string.h>

#include "cobro-fact.h"
#include "fuzz-replay.h"
#include "relay-openpay.h"

#define SECRET "a password of sixteen bytes and more"

static const RelayAdapterClass *
adapter (void)
{
  return relay_openpay_adapter ();
}

/* Computed once more, from the other end: what the header carries, decoded. */
static void
check_let_in (const char *header)
{
  gsize length;
  g_autofree guchar *plain = g_base64_decode (strchr (header, ' ') + 1, &length);
  g_autofree char *again = g_base64_encode (plain, length);

  g_assert_cmpmem (plain, length, "cobro:" SECRET, strlen ("cobro:" SECRET));
  g_assert_cmpstr (again, ==, strchr (header, ' ') + 1);
}

static void
check_fact (const CobroFact *fact, const char *body)
{
  g_autofree char *lower = g_ascii_strdown (body, -1);

  g_assert_cmpstr (fact->event_id, !=, "");
  g_assert_true (g_str_has_prefix (fact->provider_payment_id, "pay_"));
  g_assert_cmpstr (fact->reference, ==, fact->provider_payment_id);
  if (fact->kind != COBRO_FACT_SUCCEEDED && fact->kind != COBRO_FACT_REFUNDED)
    return;
  g_assert_cmpstr (fact->charge_id, !=, "");
  /* an escaped status is one, too */
  g_assert_true (strstr (lower, "completed") != NULL || strstr (lower, "refunded") != NULL ||
                 strstr (lower, "chargeback_") != NULL || strstr (lower, "\\u00") != NULL);
}

static void
try_hook (const char *header, const char *body)
{
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autoptr (GPtrArray) facts = NULL;
  g_autofree char *event_id = NULL, *words = NULL;

  g_ptr_array_add (account->webhook_secrets, g_strdup (SECRET));
  g_hash_table_insert (headers, (gpointer) "authorization", (gpointer)header);
  if (!adapter ()->facts.verify (NULL, account, headers, raw, 0, &event_id, NULL))
    return;
  check_let_in (header);
  words = adapter ()->facts.tell (NULL, account, raw);
  g_assert_true (words == NULL || (g_str_has_prefix (words, "Verification code: ") && strlen (words) < 80));
  if ((facts = adapter ()->facts.read (NULL, account, raw, NULL)) == NULL)
    return;
  for (guint i = 0; i < facts->len; i++)
    check_fact (facts->pdata[i], body);
}

/* Every body is read behind a good header, too. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  g_autofree char *good = g_base64_encode ((const guchar *)"cobro:" SECRET, strlen ("cobro:" SECRET));
  g_autofree char *header = g_strconcat ("Basic ", good, NULL);

  if (g_strv_length (lines) < 2)
    return 0;
  try_hook (lines[0], lines[1]);
  try_hook (header, lines[1]);
  return 0;
}
