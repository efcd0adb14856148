/* src/wire/cobro-wire-jwe.c — opening of JSON Web Encryption by OpenSSL: ECDH-ES (RFC 7518, 4.6) with the Concat KDF of
 * NIST SP 800-56A, and AES-256-GCM (5.3). Layer: wire. Any thread. */
#include "cobro-wire-jwe.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-base64url.h"
#include "cobro-wire.h"

#define GROUP        "P-256"
#define COORDINATE   32
#define POINT        (1 + 2 * COORDINATE) /* 0x04 | x | y */
#define NONCE_LENGTH 12
#define TAG_LENGTH   16
#define PARTY_MAX    512 /* characters of apu and apv */

struct _CobroWireJweKey
{
  EVP_PKEY *pair;
  guint8 point[POINT];
  char *kid;
};

enum
{
  HEADER,
  ENCRYPTED_KEY,
  NONCE,
  TEXT,
  TAG,
  N_PARTS
};

/* One text under way. */
typedef struct
{
  const char *text;
  gsize header_length; /* of the first part, as sent: the associated data */
  GBytes *parts[N_PARTS];
  GBytes *apu, *apv; /* (nullable) */
  char *kid;         /* (nullable) */
  guint8 point[POINT];
} Jwe;

static void
jwe_clear (Jwe *jwe)
{
  for (guint i = 0; i < N_PARTS; i++)
    g_clear_pointer (&jwe->parts[i], g_bytes_unref);
  g_clear_pointer (&jwe->apu, g_bytes_unref);
  g_clear_pointer (&jwe->apv, g_bytes_unref);
  g_free (jwe->kid);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Jwe, jwe_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

static gboolean
refuse (GError **error, const char *reason)
{
  return cobro_error_set (error, COBRO_ERROR_INVALID, "%s", reason);
}

/* ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* NULL: not a key of this curve. @secret: (nullable). */
static EVP_PKEY *
make_pkey (const guint8 point[POINT], const BIGNUM *secret)
{
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new ();
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  OSSL_PARAM *params = NULL;
  EVP_PKEY *pkey = NULL;

  if (builder != NULL && context != NULL &&
      OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, GROUP, 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, point, POINT) == 1 &&
      (secret == NULL || OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1) &&
      (params = OSSL_PARAM_BLD_to_param (builder)) != NULL && EVP_PKEY_fromdata_init (context) == 1 &&
      EVP_PKEY_fromdata (context, &pkey, secret != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
    pkey = NULL;
  OSSL_PARAM_free (params);
  OSSL_PARAM_BLD_free (builder);
  return pkey;
}

/* secret = seed mod (n - 1) + 1, point = secret × G */
static gboolean
derive_pair (CobroWireJweKey *key, const guint8 seed[COBRO_WIRE_JWE_SEED])
{
  EC_GROUP *group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  EC_POINT *point = group != NULL ? EC_POINT_new (group) : NULL;
  BN_CTX *work = BN_CTX_secure_new ();
  BIGNUM *order = BN_new (), *secret = BN_secure_new ();
  gboolean ok = point != NULL && work != NULL && order != NULL && secret != NULL &&
                BN_bin2bn (seed, COBRO_WIRE_JWE_SEED, secret) != NULL &&
                BN_copy (order, EC_GROUP_get0_order (group)) != NULL && BN_sub_word (order, 1) == 1 &&
                BN_mod (secret, secret, order, work) == 1 && BN_add_word (secret, 1) == 1 &&
                EC_POINT_mul (group, point, secret, NULL, NULL, work) == 1 &&
                EC_POINT_point2oct (group, point, POINT_CONVERSION_UNCOMPRESSED, key->point, POINT, work) == POINT &&
                (key->pair = make_pkey (key->point, secret)) != NULL;

  BN_clear_free (secret);
  BN_free (order);
  BN_CTX_free (work);
  EC_POINT_free (point);
  EC_GROUP_free (group);
  return ok;
}

CobroWireJweKey *
cobro_wire_jwe_key_new (const guint8 seed[COBRO_WIRE_JWE_SEED], const char *kid)
{
  CobroWireJweKey *key = g_new0 (CobroWireJweKey, 1);

  key->kid = g_strdup (kid);
  if (!derive_pair (key, seed))
    g_error ("P-256 is not available");
  return key;
}

void
cobro_wire_jwe_key_free (CobroWireJweKey *key)
{
  if (key == NULL)
    return;
  EVP_PKEY_free (key->pair);
  g_free (key->kid);
  g_free (key);
}

char *
cobro_wire_jwe_key_to_jwk (const CobroWireJweKey *key)
{
  g_autofree char *x = cobro_wire_base64url_encode (key->point + 1, COORDINATE);
  g_autofree char *y = cobro_wire_base64url_encode (key->point + 1 + COORDINATE, COORDINATE);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "kty", "EC");
  cobro_wire_put_text (writer, "crv", GROUP);
  cobro_wire_put_text (writer, "x", x);
  cobro_wire_put_text (writer, "y", y);
  cobro_wire_put_text (writer, "use", "enc");
  cobro_wire_put_text (writer, "alg", "ECDH-ES");
  cobro_wire_put_text (writer, "kid", key->kid);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
split (Jwe *jwe, GError **error)
{
  const char *at = jwe->text;

  if (strlen (jwe->text) > COBRO_WIRE_JWE_MAX)
    return refuse (error, "is too long");
  for (guint i = 0; i < N_PARTS; i++)
    {
      gsize length = strcspn (at, ".");

      if ((at[length] == '\0') != (i == N_PARTS - 1))
        return refuse (error, "must be a compact JWE: five parts with dots between them");
      if (!(jwe->parts[i] = cobro_wire_base64url_decode (at, length)))
        return refuse (error, "must be base64url without padding");
      if (i == HEADER)
        jwe->header_length = length;
      at += length + 1;
    }
  if (g_bytes_get_size (jwe->parts[ENCRYPTED_KEY]) != 0)
    return refuse (error, "must have no encrypted key: the key is agreed directly");
  if (g_bytes_get_size (jwe->parts[NONCE]) != NONCE_LENGTH || g_bytes_get_size (jwe->parts[TAG]) != TAG_LENGTH)
    return refuse (error, "must have an initialization vector of 96 bits and a tag of 128");
  return TRUE;
}

static gboolean
is_text (CobroWireObject *object, const char *key, const char *wanted)
{
  g_autofree char *text = NULL;

  return cobro_wire_get_text_needed (object, key, &text, NULL) && strcmp (text, wanted) == 0;
}

/* One member of base64url. @out_bytes: NULL when it is not there. */
static gboolean
get_bytes (CobroWireObject *object, const char *key, GBytes **out_bytes)
{
  g_autofree char *text = NULL;

  *out_bytes = NULL;
  if (cobro_wire_kind (object, key) == COBRO_WIRE_ABSENT)
    return TRUE;
  return cobro_wire_get_text_needed (object, key, &text, NULL) && strlen (text) <= PARTY_MAX &&
         (*out_bytes = cobro_wire_base64url_decode (text, strlen (text))) != NULL;
}

static gboolean
get_coordinate (CobroWireObject *epk, const char *key, guint8 out[COORDINATE])
{
  g_autoptr (GBytes) bytes = NULL;

  if (!get_bytes (epk, key, &bytes) || bytes == NULL || g_bytes_get_size (bytes) != COORDINATE)
    return FALSE;
  memcpy (out, g_bytes_get_data (bytes, NULL), COORDINATE);
  return TRUE;
}

static gboolean
read_epk (Jwe *jwe, CobroWireObject *header, GError **error)
{
  g_autoptr (CobroWireObject) epk = NULL;

  jwe->point[0] = 0x04;
  if (!cobro_wire_get_object (header, "epk", &epk, NULL) || epk == NULL || !is_text (epk, "kty", "EC") ||
      !is_text (epk, "crv", GROUP) || !get_coordinate (epk, "x", jwe->point + 1) ||
      !get_coordinate (epk, "y", jwe->point + 1 + COORDINATE) || !cobro_wire_done (epk, NULL))
    return refuse (error,
                   "must name its ephemeral key in \"epk\": kty \"EC\", crv \"" GROUP "\", x and y, nothing else");
  return TRUE;
}

/* Says what is wrong before anything is computed with it. */
static gboolean
read_header (Jwe *jwe, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (jwe->parts[HEADER], &length);
  g_autoptr (CobroWireObject) header = cobro_wire_parse (text, (gssize)length, NULL);
  g_autofree char *typ = NULL;
  g_autofree char *cty = NULL;

  if (header == NULL)
    return refuse (error, "must have a header that is one JSON object");
  if (cobro_wire_kind (header, "crit") != COBRO_WIRE_ABSENT || cobro_wire_kind (header, "zip") != COBRO_WIRE_ABSENT)
    return refuse (error, "must have neither \"crit\" nor \"zip\" in its header");
  if (!is_text (header, "alg", "ECDH-ES") || !is_text (header, "enc", "A256GCM"))
    return refuse (error, "must be encrypted with alg \"ECDH-ES\" and enc \"A256GCM\"");
  if (!read_epk (jwe, header, error))
    return FALSE;
  if (!cobro_wire_get_text (header, "kid", NULL, &jwe->kid, NULL) || !get_bytes (header, "apu", &jwe->apu) ||
      !get_bytes (header, "apv", &jwe->apv) || !cobro_wire_get_text (header, "typ", NULL, &typ, NULL) ||
      !cobro_wire_get_text (header, "cty", NULL, &cty, NULL) || !cobro_wire_done (header, NULL))
    return refuse (error, "must have only alg, enc, epk, kid, apu, apv, typ and cty in its header");
  return TRUE;
}

/* ── Opening ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
agree (const CobroWireJweKey *key, EVP_PKEY *theirs, guint8 out[COORDINATE])
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (key->pair, NULL);
  gsize length = COORDINATE;

  return context != NULL && EVP_PKEY_derive_init (context) == 1 && EVP_PKEY_derive_set_peer (context, theirs) == 1 &&
         EVP_PKEY_derive (context, out, &length) == 1 && length == COORDINATE;
}

static gboolean
add_number (EVP_MD_CTX *sum, guint32 number)
{
  guint32 bytes = GUINT32_TO_BE (number);

  return EVP_DigestUpdate (sum, &bytes, sizeof bytes) == 1;
}

static gboolean
add_field (EVP_MD_CTX *sum, GBytes *bytes)
{
  gsize length = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  return add_number (sum, (guint32)length) && (length == 0 || EVP_DigestUpdate (sum, data, length) == 1);
}

/* RFC 7518, 4.6.2: one round of SHA-256 is as long as the key. */
static gboolean
derive_key (const Jwe *jwe, const guint8 agreed[COORDINATE], guint8 out[32])
{
  g_autoptr (GBytes) algorithm = g_bytes_new_static ("A256GCM", strlen ("A256GCM"));
  g_autoptr (EVP_MD_CTX) sum = EVP_MD_CTX_new ();

  return sum != NULL && EVP_DigestInit_ex (sum, EVP_sha256 (), NULL) == 1 && add_number (sum, 1) &&
         EVP_DigestUpdate (sum, agreed, COORDINATE) == 1 && add_field (sum, algorithm) && add_field (sum, jwe->apu) &&
         add_field (sum, jwe->apv) && add_number (sum, 256) && EVP_DigestFinal_ex (sum, out, NULL) == 1;
}

static GBytes *
decrypt (const Jwe *jwe, const guint8 key[32])
{
  g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
  const guint8 *nonce = g_bytes_get_data (jwe->parts[NONCE], NULL);
  gsize length;
  const guint8 *text = g_bytes_get_data (jwe->parts[TEXT], &length);
  guint8 *plain = g_malloc (length + 1);
  guint8 tag[TAG_LENGTH];
  int size = 0, rest = 0;

  memcpy (tag, g_bytes_get_data (jwe->parts[TAG], NULL), TAG_LENGTH);
  if (cipher == NULL || EVP_DecryptInit_ex (cipher, EVP_aes_256_gcm (), NULL, key, nonce) != 1 ||
      EVP_DecryptUpdate (cipher, NULL, &size, (const guint8 *)jwe->text, (int)jwe->header_length) != 1 ||
      EVP_DecryptUpdate (cipher, plain, &size, text, (int)length) != 1 ||
      EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_GCM_SET_TAG, TAG_LENGTH, tag) != 1 ||
      EVP_DecryptFinal_ex (cipher, plain + size, &rest) != 1)
    {
      OPENSSL_cleanse (plain, length);
      g_free (plain);
      return NULL;
    }
  plain[length] = '\0';
  return g_bytes_new_take (plain, length);
}

static GBytes *
open_with (const Jwe *jwe, const CobroWireJweKey *key, EVP_PKEY *theirs)
{
  guint8 agreed[COORDINATE], secret[32];
  GBytes *plain = NULL;

  if (agree (key, theirs, agreed) && derive_key (jwe, agreed, secret))
    plain = decrypt (jwe, secret);
  OPENSSL_cleanse (agreed, sizeof agreed);
  OPENSSL_cleanse (secret, sizeof secret);
  return plain;
}

GBytes *
cobro_wire_jwe_open (const char *text, GPtrArray *keys, GError **error)
{
  g_auto (Jwe) jwe = { .text = text };
  g_autoptr (EVP_PKEY) theirs = NULL;
  GBytes *plain = NULL;
  gboolean known = FALSE;

  if (!split (&jwe, error) || !read_header (&jwe, error))
    return NULL;
  if (!(theirs = make_pkey (jwe.point, NULL)))
    return refuse (error, "must have an ephemeral key that is a point of the curve " GROUP), NULL;
  for (guint i = 0; i < keys->len && plain == NULL; i++)
    {
      const CobroWireJweKey *key = keys->pdata[i];

      if (jwe.kid != NULL && strcmp (jwe.kid, key->kid) != 0)
        continue;
      known = TRUE;
      plain = open_with (&jwe, key, theirs);
    }
  if (!known)
    return refuse (error, "is encrypted for a key that is not ours, or not any more: getData has the present one"),
           NULL;
  if (plain == NULL)
    refuse (error, "does not open: it was changed on the way, or encrypted for another key");
  return plain;
}
