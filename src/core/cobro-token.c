/* src/core/cobro-token.c — link tokens and their hashes.
 * Layer: core. Any thread. */
#include "cobro-token.h"
#include "cobro-error.h"

#include <string.h>

#define TOKEN_BYTES     32
#define REFERENCE_BYTES 24

static CobroToken
new_token (CobroRandom *random, gsize n)
{
  static const char digits[] = "0123456789abcdef";
  CobroToken token = COBRO_TOKEN_NONE;
  guint8 bytes[TOKEN_BYTES];

  cobro_random_fill (random, bytes, n);
  for (gsize i = 0; i < n; i++)
    {
      token.text[2 * i] = digits[bytes[i] >> 4];
      token.text[2 * i + 1] = digits[bytes[i] & 15];
    }
  explicit_bzero (bytes, sizeof bytes);
  return token;
}

CobroToken
cobro_token_new (CobroRandom *random)
{
  return new_token (random, TOKEN_BYTES);
}

CobroToken
cobro_token_new_reference (CobroRandom *random)
{
  return new_token (random, REFERENCE_BYTES);
}

gboolean
cobro_token_parse (const char *text, CobroToken *out_token, GError **error)
{
  CobroToken token = COBRO_TOKEN_NONE;
  gsize n;

  g_return_val_if_fail (text != NULL && out_token != NULL, FALSE);

  n = strlen (text);
  if ((n != 2 * TOKEN_BYTES && n != 2 * REFERENCE_BYTES) || strspn (text, "0123456789abcdef") != n)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "must be 64 lower-case hexadecimal digits");

  memcpy (token.text, text, n);
  *out_token = token;
  return TRUE;
}

gboolean
cobro_token_is_set (const CobroToken *token)
{
  return token->text[0] != '\0';
}

CobroTokenHash
cobro_token_hash (const CobroToken *token)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  CobroTokenHash hash = { { 0 } };
  gsize n = sizeof hash.bytes;

  g_checksum_update (checksum, (const guchar *)token->text, (gssize)strlen (token->text));
  g_checksum_get_digest (checksum, hash.bytes, &n);
  return hash;
}

gboolean
cobro_token_hash_equal (const CobroTokenHash *a, const CobroTokenHash *b)
{
  return cobro_bytes_equal_constant_time (a->bytes, b->bytes, sizeof a->bytes);
}

gboolean
cobro_bytes_equal_constant_time (gconstpointer a, gconstpointer b, gsize n)
{
  const volatile guint8 *left = a, *right = b; /* volatile: the compiler may not stop at the first difference */
  guint8 difference = 0;

  for (gsize i = 0; i < n; i++)
    difference |= left[i] ^ right[i];
  return difference == 0;
}
