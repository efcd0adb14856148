/* tests/fuzz/fuzz-mock-hook.c — a provider's webhook: time, signature and body in lines. What is accepted was signed
 * with the secret over exactly these bytes; the worth of the signature is computed here once more, by GLib.
 * Layer: tests. */
#include <string.h>

#include "cobro-fact.h"
#include "fuzz-replay.h"
#include "relay-mock-private.h"

#define SECRET "a secret of sixteen bytes and more"
#define NOW    G_GINT64_CONSTANT (1796119200)

static void
check_signed (const char *timestamp, const char *signature, const char *body)
{
  g_autofree char *text = g_strdup_printf ("%s.%s", timestamp, body);
  g_autofree char *mac =
    g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)SECRET, strlen (SECRET), text, -1);

  g_assert_true (g_str_has_prefix (signature, "v1="));
  g_assert_cmpstr (signature + 3, ==, mac);
  g_assert_cmpint (ABS (g_ascii_strtoll (timestamp, NULL, 10) - NOW), <=, 300);
}

/* Half of the inputs are signed here, so that the reader behind the signature is reached, too. */
static void
try_hook (const char *timestamp, const char *signature, const char *body)
{
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autoptr (GPtrArray) facts = NULL;
  g_autofree char *event_id = NULL;

  g_ptr_array_add (account->webhook_secrets, g_strdup (SECRET));
  g_hash_table_insert (headers, (gpointer) "mock-timestamp", (gpointer)timestamp);
  g_hash_table_insert (headers, (gpointer) "mock-signature", (gpointer)signature);
  if (!relay_mock_hooks_verify (account, headers, raw, NOW * COBRO_SECOND, &event_id, NULL))
    return;
  check_signed (timestamp, signature, body);
  if ((facts = relay_mock_hooks_read (raw, NULL)) == NULL)
    return;
  for (guint i = 0; i < facts->len; i++)
    g_assert_cmpstr (((CobroFact *)facts->pdata[i])->event_id, !=, "");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_autofree char *good = NULL;
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, NOW);

  if (g_strv_length (lines) < 3)
    return 0;
  try_hook (lines[0], lines[1], lines[2]);
  good = relay_mock_hooks_sign (SECRET, now, lines[2]);
  try_hook (now, good, lines[2]);
  return 0;
}
