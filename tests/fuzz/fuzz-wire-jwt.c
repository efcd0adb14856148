/* tests/fuzz/fuzz-wire-jwt.c — any access token: as it is, and as header and claims (two lines) that are signed here,
 * so that what stands behind the signature is reached. What is accepted is accepted again, and is nobody else's. Layer:
 * tests. */
#include <string.h>

#include "cobro-wire-base64url.h"
#include "cobro-wire-jwt.h"
#include "cobro-wire-sign.h"
#include "fuzz-replay.h"

#define NOW (G_GINT64_CONSTANT (1790000000) * COBRO_SECOND)

static const char key[] = "a key of forty bytes, which is no secret";
static const char other[] = "another key of as many bytes, no secret.";

static gboolean
verify (const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) claims =
    cobro_wire_jwt_verify (token, key, strlen (key), NOW, COBRO_WIRE_JWT_ANY, &error);

  g_assert_true ((claims == NULL) == (error != NULL));
  if (claims == NULL)
    return FALSE;
  g_assert_null (cobro_wire_jwt_verify (token, other, strlen (other), NOW, COBRO_WIRE_JWT_ANY, NULL));
  return TRUE;
}

static char *
sign (const char *header, gsize header_length, const char *claims, gsize length)
{
  g_autofree char *first = cobro_wire_base64url_encode (header, header_length);
  g_autofree char *second = cobro_wire_base64url_encode (claims, length);
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  g_autofree char *third = NULL;
  guint8 mac[32];

  cobro_wire_hmac_sha256 (key, strlen (key), text, strlen (text), mac);
  third = cobro_wire_base64url_encode (mac, sizeof mac);
  return g_strconcat (text, ".", third, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  const char *claims = memchr (data, '\n', size);
  g_autofree char *token = NULL;

  g_assert_false (verify (text));
  if (claims == NULL)
    return 0;
  claims++;
  token = sign ((const char *)data, (gsize)(claims - 1 - (const char *)data), claims,
                size - (gsize)(claims - (const char *)data));
  if (verify (token))
    {
      gsize last = strlen (token) - 1;

      token[last] = token[last] == 'A' ? 'Q' : 'A';
      g_assert_false (verify (token));
    }
  return 0;
}
