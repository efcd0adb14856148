/* relay/store/relay-key-text.c — API keys as text: cob_test_<10 id>_<43 secret><6 crc32>.
 * The prefix and the CRC let scanners find a leaked key offline; the secret has 256 random bits, so a fast hash is
 * right. Layer: relay/store. Any thread. */
#include "config.h"
#include "relay-key-text.h"

#include <string.h>

#define ID_LENGTH     10
#define SECRET_LENGTH 43
#define CRC_LENGTH    6
#define PREFIX_LENGTH 9 /* cob_test_ or cob_live_ */
#define KEY_LENGTH    (PREFIX_LENGTH + ID_LENGTH + 1 + SECRET_LENGTH + CRC_LENGTH)

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* CRC-32 of ISO 3309 (as in gzip), bit by bit: keys are short and rare. */
static guint32
crc32 (const char *text, gsize n)
{
  guint32 crc = 0xFFFFFFFFu;

  for (gsize i = 0; i < n; i++)
    {
      crc ^= (guint8)text[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
    }
  return ~crc;
}

/* @bytes as one big number in base 62, @length digits, most significant first. Destroys @bytes. */
static void
write_base62 (guint8 *bytes, gsize n, char *out, gsize length)
{
  for (gsize digit = length; digit > 0; digit--)
    {
      guint rest = 0;

      for (gsize i = 0; i < n; i++)
        {
          rest = rest * 256 + bytes[i];
          bytes[i] = (guint8)(rest / 62);
          rest %= 62;
        }
      out[digit - 1] = base62[rest];
    }
}

static void
write_crc (const char *text, gsize n, char out[CRC_LENGTH])
{
  guint32 crc = crc32 (text, n);
  guint8 bytes[4] = { (guint8)(crc >> 24), (guint8)(crc >> 16), (guint8)(crc >> 8), (guint8)crc };

  write_base62 (bytes, sizeof bytes, out, CRC_LENGTH);
}

RelayKeyText
relay_key_text_new (gboolean livemode, CobroRandom *random)
{
  RelayKeyText key = { "" };
  guint8 bytes[32];
  char *p = key.text;

  memcpy (p, livemode ? "cob_live_" : "cob_test_", PREFIX_LENGTH);
  p += PREFIX_LENGTH;
  for (int i = 0; i < ID_LENGTH; i++)
    *p++ = base62[cobro_random_below (random, 62)];
  *p++ = '_';
  cobro_random_fill (random, bytes, sizeof bytes);
  write_base62 (bytes, sizeof bytes, p, SECRET_LENGTH);
  explicit_bzero (bytes, sizeof bytes);
  write_crc (key.text, KEY_LENGTH - CRC_LENGTH, key.text + KEY_LENGTH - CRC_LENGTH);
  return key;
}

/* SHA-256 of the secret part. */
static CobroTokenHash
hash_secret (const char *secret, gsize n)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  CobroTokenHash hash;
  gsize length = sizeof hash.bytes;

  g_checksum_update (checksum, (const guchar *)secret, (gssize)n);
  g_checksum_get_digest (checksum, hash.bytes, &length);
  return hash;
}

static gboolean
is_literal (const char *key, gsize n)
{
  return n >= 1 && n <= RELAY_KEY_LITERAL_MAX && strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789") == n;
}

gboolean
relay_key_text_parse (const char *key, RelayKeyParts *out_parts)
{
  gsize n = strlen (key);
  char crc[CRC_LENGTH];

  if (is_literal (key, n))
    {
      g_strlcpy (out_parts->id, key, sizeof out_parts->id);
      out_parts->hash = hash_secret (key, n);
      out_parts->livemode = FALSE;
      return TRUE;
    }
  if (n != KEY_LENGTH || (strncmp (key, "cob_test_", PREFIX_LENGTH) != 0 && strncmp (key, "cob_live_", PREFIX_LENGTH)))
    return FALSE;
  write_crc (key, KEY_LENGTH - CRC_LENGTH, crc);
  if (memcmp (crc, key + KEY_LENGTH - CRC_LENGTH, CRC_LENGTH) != 0)
    return FALSE;
  g_strlcpy (out_parts->id, key + PREFIX_LENGTH, ID_LENGTH + 1);
  out_parts->hash = hash_secret (key + PREFIX_LENGTH + ID_LENGTH + 1, SECRET_LENGTH);
  out_parts->livemode = key[4] == 'l';
  return TRUE;
}
