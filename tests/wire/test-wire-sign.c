/* tests/wire/test-wire-sign.c — HMAC and sealing against published vectors, and every way a sealed value must not open.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-wire-sign.h"

#include <string.h>

static GByteArray *
bytes_of (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *p = hex; p[0] != '\0'; p += 2)
    {
      guint8 byte = (guint8)(g_ascii_xdigit_value (p[0]) * 16 + g_ascii_xdigit_value (p[1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

static void
test_hmac (void)
{
  /* RFC 4231, cases 1, 2, 6 */
  static const struct
  {
    const char *key, *data, *mac;
  } cases[] = {
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaa",
      "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) key = bytes_of (cases[i].key);
      g_autoptr (GByteArray) data = bytes_of (cases[i].data);
      g_autofree char *mac = cobro_wire_hmac_sha256_hex (key->data, key->len, data->data, data->len);

      g_assert_cmpstr (mac, ==, cases[i].mac);
    }
  g_autofree char *empty = cobro_wire_hmac_sha256_hex (NULL, 0, "", 0);
  g_assert_cmpstr (empty, ==, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* McGrew and Viega's test case 16, which has a key of 256 bits, associated data and a part block. */
static void
test_vector (void)
{
  g_autoptr (GByteArray) key = bytes_of ("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  g_autoptr (GByteArray) context = bytes_of ("feedfacedeadbeeffeedfacedeadbeefabaddad200");
  g_autoptr (GByteArray) blob = bytes_of ("0100000000cafebabefacedbaddecaf888"
                                          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590d"
                                          "bb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                                          "76fc6ece0f4e1768cddf8853bb2d551b");
  g_autoptr (GByteArray) plain = bytes_of ("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956"
                                           "809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) opened =
    cobro_wire_open (key->data, 0, (const char *)context->data, blob->data, blob->len, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (opened, NULL), g_bytes_get_size (opened), plain->data, plain->len);
}

static void
assert_closed (const guint8 *key, const char *context, const guint8 *blob, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_wire_open (key, 7, context, blob, length, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_SIGNATURE);
}

static void
test_seal (void)
{
  static const guint8 key[32] = { 1, 2, 3 }, other[32] = { 1, 2, 4 };
  static const char secret[] = "sk_test_secret";
  const char *context = "accounts|secret|acc_1|mer_1|0";
  g_autoptr (GBytes) sealed = cobro_wire_seal (key, 7, context, secret, strlen (secret));
  g_autoptr (GBytes) again = cobro_wire_seal (key, 7, context, secret, strlen (secret));
  g_autoptr (GBytes) empty = cobro_wire_seal (key, 7, context, "", 0);
  gsize length;
  const guint8 *blob = g_bytes_get_data (sealed, &length);
  g_autoptr (GBytes) opened = cobro_wire_open (key, 7, context, blob, length, NULL);
  g_autoptr (GBytes) opened_empty =
    cobro_wire_open (key, 7, context, g_bytes_get_data (empty, NULL), g_bytes_get_size (empty), NULL);

  g_assert_cmpmem (g_bytes_get_data (opened, NULL), g_bytes_get_size (opened), secret, strlen (secret));
  g_assert_cmpuint (g_bytes_get_size (opened_empty), ==, 0);
  g_assert_cmpuint (length, ==, 1 + 4 + 12 + strlen (secret) + 16);
  g_assert_false (g_bytes_equal (sealed, again)); /* a fresh nonce each time */

  assert_closed (other, context, blob, length);
  assert_closed (key, "accounts|secret|acc_2|mer_1|0", blob, length); /* moved to another row */
  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8 *damaged = g_memdup2 (blob, length);

      damaged[i] ^= 1;
      assert_closed (key, context, damaged, length);
      assert_closed (key, context, blob, i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/sign/hmac", test_hmac);
  g_test_add_func ("/wire/sign/vector", test_vector);
  g_test_add_func ("/wire/sign/seal", test_seal);
  return g_test_run ();
}
