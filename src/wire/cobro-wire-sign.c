/* src/wire/cobro-wire-sign.c — HMAC-SHA256 and AES-256-GCM by OpenSSL; nothing else in the house knows OpenSSL.
 * Layer: wire. Any thread. */
#include "cobro-wire-sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "cobro-error.h"

#define SEAL_VERSION  0x01
#define NONCE_LENGTH  12
#define TAG_LENGTH    16
#define ID_LENGTH     4
#define HEAD_LENGTH   (1 + ID_LENGTH)
#define SEAL_OVERHEAD (HEAD_LENGTH + NONCE_LENGTH + TAG_LENGTH)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

void
cobro_wire_hmac_sha256 (gconstpointer key, gsize key_length, gconstpointer data, gsize length, guint8 out[32])
{
  guint size = 0;

  g_return_if_fail (key_length <= G_MAXINT);
  /* A NULL key means "the key of the last call" to OpenSSL's older interface; an empty key is a key. */
  if (HMAC (EVP_sha256 (), key != NULL ? key : "", (int)key_length, data, length, out, &size) == NULL || size != 32)
    g_error ("HMAC-SHA256 is not available");
}

char *
cobro_wire_hmac_sha256_hex (gconstpointer key, gsize key_length, gconstpointer data, gsize length)
{
  static const char digits[] = "0123456789abcdef";
  guint8 mac[32];
  char *hex = g_malloc (sizeof mac * 2 + 1);

  cobro_wire_hmac_sha256 (key, key_length, data, length, mac);
  for (gsize i = 0; i < sizeof mac; i++)
    {
      hex[2 * i] = digits[mac[i] >> 4];
      hex[2 * i + 1] = digits[mac[i] & 15];
    }
  hex[sizeof mac * 2] = '\0';
  return hex;
}

GBytes *
cobro_wire_seal (const guint8 key[32], guint32 key_id, const char *context, gconstpointer plain, gsize length)
{
  guint32 id = GUINT32_TO_BE (key_id);
  g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
  g_autofree guint8 *blob = NULL;
  guint8 *nonce, *text;
  int size = 0, rest = 0;

  g_return_val_if_fail (length <= G_MAXINT - SEAL_OVERHEAD, NULL);

  blob = g_malloc (length + SEAL_OVERHEAD);
  nonce = blob + HEAD_LENGTH;
  text = nonce + NONCE_LENGTH;
  blob[0] = SEAL_VERSION;
  memcpy (blob + 1, &id, ID_LENGTH);
  if (cipher == NULL || RAND_bytes (nonce, NONCE_LENGTH) != 1 ||
      EVP_EncryptInit_ex (cipher, EVP_aes_256_gcm (), NULL, key, nonce) != 1 ||
      EVP_EncryptUpdate (cipher, NULL, &size, (const guint8 *)context, (int)strlen (context)) != 1 ||
      EVP_EncryptUpdate (cipher, text, &size, plain, (int)length) != 1 ||
      EVP_EncryptFinal_ex (cipher, text + size, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_GCM_GET_TAG, TAG_LENGTH, text + length) != 1)
    g_error ("AES-256-GCM is not available");
  return g_bytes_new_take (g_steal_pointer (&blob), length + SEAL_OVERHEAD);
}

gboolean
cobro_wire_sealed_key_id (gconstpointer blob, gsize length, guint32 *out_key_id, GError **error)
{
  guint32 id;

  if (blob == NULL || length < SEAL_OVERHEAD || length > G_MAXINT || *(const guint8 *)blob != SEAL_VERSION)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "not a sealed value");
  memcpy (&id, (const guint8 *)blob + 1, ID_LENGTH);
  *out_key_id = GUINT32_FROM_BE (id);
  return TRUE;
}

GBytes *
cobro_wire_open (const guint8 key[32], guint32 key_id, const char *context, gconstpointer blob, gsize length,
                 GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
  g_autofree guint8 *plain = NULL;
  const guint8 *nonce = (const guint8 *)blob + HEAD_LENGTH;
  const guint8 *text = nonce + NONCE_LENGTH;
  gsize text_length = length - SEAL_OVERHEAD;
  guint8 tag[TAG_LENGTH];
  int size = 0, rest = 0;
  guint32 named;

  if (!cobro_wire_sealed_key_id (blob, length, &named, error))
    return NULL;
  if (named != key_id)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "sealed with another key"), NULL;

  memcpy (tag, text + text_length, TAG_LENGTH);
  plain = g_malloc (text_length + 1);
  if (cipher == NULL || EVP_DecryptInit_ex (cipher, EVP_aes_256_gcm (), NULL, key, nonce) != 1 ||
      EVP_DecryptUpdate (cipher, NULL, &size, (const guint8 *)context, (int)strlen (context)) != 1 ||
      EVP_DecryptUpdate (cipher, plain, &size, text, (int)text_length) != 1 ||
      EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_GCM_SET_TAG, TAG_LENGTH, tag) != 1 ||
      EVP_DecryptFinal_ex (cipher, plain + size, &rest) != 1)
    {
      OPENSSL_cleanse (plain, text_length);
      return cobro_error_set (error, COBRO_ERROR_SIGNATURE,
                              "sealed value does not open: damaged, moved, or another key"),
             NULL;
    }
  plain[text_length] = '\0'; /* text can be read in place */
  return g_bytes_new_take (g_steal_pointer (&plain), text_length);
}

void
cobro_wire_wipe (GBytes *take_plain)
{
  gsize length;
  gpointer bytes;

  if (take_plain == NULL)
    return;
  bytes = g_bytes_unref_to_data (take_plain, &length);
  OPENSSL_cleanse (bytes, length);
  g_free (bytes);
}
