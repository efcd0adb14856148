/* relay/providers/stripe/relay-stripe-signature.c — whether a webhook is Stripe's: "t=<seconds>,v1=<hex>" over
 * "<seconds>.<raw body>" with the whole secret, "whsec_" included. Stricter than Stripe's own library where that
 * accepts what Stripe never sends (README.md lists it). Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"
#include "cobro-wire-sign.h"

#define TOLERANCE  300 /* seconds, either way */
#define SECRET_MIN 16  /* bytes */
#define MAC_LENGTH 32
#define V1_MAX     16 /* signatures of one header: one for each secret that is being rolled */

/* One header, taken apart. */
typedef struct
{
  const char *timestamp; /* of the parts */
  gint64 seconds;
  const char *v1[V1_MAX];
  guint n_v1;
} Header;

/* Decimal digits without sign or leading zero: what is signed is this very text. */
static gboolean
read_timestamp (const char *text, gint64 *out_seconds)
{
  guint64 seconds;

  if (*text == '0' || !g_ascii_isdigit (*text) || strlen (text) > 12 ||
      !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &seconds, NULL))
    return FALSE;
  *out_seconds = (gint64)seconds;
  return TRUE;
}

static gboolean
read_item (char *item, Header *header, GError **error)
{
  char *equals = strchr (item, '=');

  if (equals == NULL)
    return TRUE;
  *equals = '\0';
  if (strcmp (item, "t") == 0)
    {
      if (header->timestamp != NULL || !read_timestamp (equals + 1, &header->seconds))
        return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature has not exactly one time");
      header->timestamp = equals + 1;
    }
  else if (strcmp (item, "v1") == 0)
    {
      if (header->n_v1 == V1_MAX)
        return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature has too many signatures");
      header->v1[header->n_v1++] = equals + 1;
    }
  return TRUE;
}

static gboolean
read_header (char **items, Header *header, GError **error)
{
  for (guint i = 0; items[i] != NULL; i++)
    if (!read_item (items[i], header, error))
      return FALSE;
  if (header->timestamp == NULL)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature has no time");
  if (header->n_v1 == 0)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature has no v1 signature");
  return TRUE;
}

/* Blank ones are none; spaces around a secret would be a part of the key. */
static gboolean
is_secret (const char *secret)
{
  return strlen (secret) >= SECRET_MIN && strspn (secret, " \t\r\n") < strlen (secret);
}

static gboolean
has_secret (const RelayAccount *account)
{
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    if (is_secret (account->webhook_secrets->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Every secret with every signature; the time it takes does not say which one it was. */
static gboolean
matches (const RelayAccount *account, const Header *header, GBytes *raw)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gboolean any = FALSE;
  gsize size;
  const guint8 *body = g_bytes_get_data (raw, &size);

  g_byte_array_append (text, (const guint8 *)header->timestamp, (guint)strlen (header->timestamp));
  g_byte_array_append (text, (const guint8 *)".", 1);
  if (size > 0)
    g_byte_array_append (text, body, (guint)size);
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    {
      const char *secret = account->webhook_secrets->pdata[i];
      guint8 mac[MAC_LENGTH];

      if (!is_secret (secret))
        continue;
      cobro_wire_hmac_sha256 (secret, strlen (secret), text->data, text->len, mac);
      for (guint k = 0; k < header->n_v1; k++)
        any |= relay_adapter_hex_equal (header->v1[k], mac, MAC_LENGTH);
    }
  return any;
}

static gboolean
check_signature (const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now, GError **error)
{
  const char *said = relay_adapter_header (headers, "stripe-signature");
  g_auto (GStrv) items = NULL;
  Header header = { 0 };

  if (!has_secret (account))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "the stripe account has no webhook secret of at least %d bytes",
                            SECRET_MIN);
  if (said == NULL || *said == '\0')
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature is missing");
  items = g_strsplit (said, ",", -1);
  if (!read_header (items, &header, error))
    return FALSE;
  if (ABS (header.seconds - now / COBRO_SECOND) > TOLERANCE)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature is too far from the present");
  return matches (account, &header, raw) ||
         cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Stripe-Signature does not match");
}

/* After the signature: the name of the event, for telling repetitions. */
static char *
read_event_id (GBytes *raw)
{
  gsize size;
  const char *text = g_bytes_get_data (raw, &size);
  g_autoptr (CobroWireObject) event = text != NULL ? cobro_wire_parse (text, (gssize)size, NULL) : NULL;
  g_autofree char *id = event != NULL ? relay_adapter_text (event, "id") : NULL;

  return id != NULL && *id != '\0' ? g_steal_pointer (&id) : NULL;
}

gboolean
relay_stripe_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
                     char **out_event_id, GError **error)
{
  (void)self;
  if (!check_signature (account, headers, raw, now, error))
    return FALSE;
  *out_event_id = read_event_id (raw);
  return TRUE;
}
