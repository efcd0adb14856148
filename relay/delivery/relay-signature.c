/* relay/delivery/relay-signature.c — HMAC-SHA256 over "id.timestamp.body".
 * Layer: relay/delivery. Any thread. */
#include "relay-signature.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-sign.h"

#define PREFIX    "whsec_"
#define KEY_NEW   32
#define KEY_SHORT 24
#define KEY_LONG  64

char *
relay_signature_new_secret (CobroRandom *random)
{
  guint8 key[KEY_NEW];
  g_autofree char *text = NULL;
  char *secret;

  cobro_random_fill (random, key, sizeof key);
  text = g_base64_encode (key, sizeof key);
  secret = g_strconcat (PREFIX, text, NULL);
  explicit_bzero (key, sizeof key);
  explicit_bzero (text, strlen (text));
  return secret;
}

/* The key behind whsec_, or NULL: GLib forgives what is not base64, so what it read must encode to the same text. */
static guint8 *
decode (const char *secret, gsize *out_n)
{
  g_autofree guint8 *key = NULL;
  g_autofree char *again = NULL;

  if (!g_str_has_prefix (secret, PREFIX))
    return NULL;
  key = g_base64_decode (secret + strlen (PREFIX), out_n);
  again = g_base64_encode (key, *out_n);
  return strcmp (again, secret + strlen (PREFIX)) == 0 && *out_n >= KEY_SHORT && *out_n <= KEY_LONG
           ? g_steal_pointer (&key)
           : NULL;
}

gboolean
relay_signature_check_secret (const char *secret, GError **error)
{
  gsize n;
  g_autofree guint8 *key = decode (secret, &n);

  return key != NULL || cobro_error_set_at (error, COBRO_ERROR_INVALID, "secret",
                                            "must be \"whsec_\" and 24 to 64 random bytes in base64");
}

static gboolean
append_signature (GString *list, const char *secret, const char *signed_text)
{
  gsize n;
  g_autofree guint8 *key = decode (secret, &n);
  g_autofree char *text = NULL;
  guint8 mac[32];

  if (key == NULL)
    return FALSE;
  cobro_wire_hmac_sha256 (key, n, signed_text, strlen (signed_text), mac);
  explicit_bzero (key, n);
  text = g_base64_encode (mac, sizeof mac);
  g_string_append_printf (list, "%sv1,%s", list->len > 0 ? " " : "", text);
  return TRUE;
}

char *
relay_signature_make (const RelayEndpoint *endpoint, const char *id, gint64 timestamp, const char *body, CobroTime now)
{
  g_autofree char *signed_text = g_strdup_printf ("%s.%" G_GINT64_FORMAT ".%s", id, timestamp, body);
  g_autoptr (GString) list = g_string_new (NULL);

  if (endpoint->secret == NULL || !append_signature (list, endpoint->secret, signed_text))
    return NULL;
  if (endpoint->old_secret != NULL && now < endpoint->old_until)
    append_signature (list, endpoint->old_secret, signed_text);
  return g_string_free (g_steal_pointer (&list), FALSE);
}
