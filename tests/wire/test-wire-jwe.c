/* tests/wire/test-wire-jwe.c — encrypted payloads: thousands of them that npm's jose made and opened, or refused to.
 * Layer: tests.
 * proves: DYN-5 */
#include "cobro-error.h"
#include "cobro-wire-base64url.h"
#include "cobro-wire-jwe.h"
#include "cobro-wire-sign.h"
#include "judge-vectors.h"

#include <string.h>

/* As tests/judges/dyn-vectors.mjs has it. */
static CobroWireJweKey *
own_key (const char *kid)
{
  guint8 seed[COBRO_WIRE_JWE_SEED];

  for (guint i = 0; i < sizeof seed; i++)
    seed[i] = (guint8)(i * 7 + 3);
  return cobro_wire_jwe_key_new (seed, kid);
}

static GPtrArray *
list_keys (const char *kid)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_jwe_key_free);

  g_ptr_array_add (keys, own_key (kid));
  return keys;
}

static gboolean
accepts (const JudgeVector *vector)
{
  g_autoptr (GPtrArray) keys = list_keys ("own");
  g_autoptr (GError) error = NULL;
  GBytes *plain = cobro_wire_jwe_open (vector->text, keys, &error);
  g_autofree char *sum = plain != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, plain) : NULL;

  if (plain == NULL)
    g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  else
    {
      g_assert_no_error (error);
      g_assert_cmpstr (sum, ==, vector->content);
    }
  cobro_wire_wipe (plain);
  return sum != NULL;
}

static void
test_judged (void)
{
  static const char *const must[] = { "good", "parties", NULL };
  static const JudgeDifference differences[] = {
    { "header in another shape", "strict JSON: no byte order mark" },
    { "header members", "nobody knows what they ask for" },
    { "key members", "a public point has a curve and two coordinates; a private key has no business here" },
    { "member of another type", "names and types are texts" },
    { "members twice", "two readers may see two algorithms" },
    { "parts", "no blanks around it" },
    { "tail", "one text for the same bytes" },
    { "tail of a coordinate", "one text for the same bytes" },
    { "tail of the header", "one text for the same bytes" },
    { "too long", "ours have some 500 characters" },
  };

  judge_vectors ("dyn/jwe.jsonl", accepts, must, differences, G_N_ELEMENTS (differences), 2500);
}

/* The point that node's crypto made of the same seed. */
static void
test_public_key (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "dyn", "own.json", NULL);
  g_autoptr (CobroWireJweKey) key = own_key ("own");
  g_autofree char *jwk = cobro_wire_jwe_key_to_jwk (key);
  g_autofree char *text = NULL;
  g_autoptr (CobroWireObject) ours = cobro_wire_parse (jwk, -1, NULL);
  g_autoptr (CobroWireObject) theirs = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  theirs = cobro_wire_parse (text, -1, NULL);
  for (guint i = 0; i < 4; i++)
    {
      const char *member = (const char *[]){ "kty", "crv", "x", "y" }[i];
      g_autofree char *own = NULL;
      g_autofree char *their = NULL;

      g_assert_true (cobro_wire_get_text_needed (ours, member, &own, NULL));
      g_assert_true (cobro_wire_get_text_needed (theirs, member, &their, NULL));
      g_assert_cmpstr (own, ==, their);
    }
  g_assert_true (cobro_wire_done (theirs, NULL)); /* and nothing private in it */
  g_assert_null (strstr (jwk, "\"d\""));
}

/* A payload that names its key is opened with that key, or not at all. */
static void
test_key_names (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "dyn", "jwe.jsonl", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint named = 0, free_ones = 0;
  guint8 other[COBRO_WIRE_JWE_SEED] = { 1 };

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (CobroWireObject) line = cobro_wire_parse (lines[i], -1, NULL);
      g_autofree char *jwe = NULL;
      g_autofree char *kind = NULL;
      g_autoptr (GPtrArray) both = list_keys ("another name");
      g_autoptr (GBytes) header = NULL;
      GBytes *plain;
      gboolean is_named;

      g_assert_true (cobro_wire_get_text_needed (line, "k", &kind, NULL));
      g_assert_true (cobro_wire_get_text_needed (line, "t", &jwe, NULL));
      if (!g_str_equal (kind, "good"))
        continue;
      header = cobro_wire_base64url_decode (jwe, strcspn (jwe, "."));
      is_named = strstr (g_bytes_get_data (header, NULL), "\"kid\"") != NULL;
      g_ptr_array_insert (both, 0, cobro_wire_jwe_key_new (other, "other"));
      plain = cobro_wire_jwe_open (jwe, both, NULL);
      g_assert_true ((plain != NULL) == !is_named); /* without a name the second key is tried, too */
      named += is_named ? 1 : 0;
      free_ones += is_named ? 0 : 1;
      cobro_wire_wipe (plain);
    }
  g_assert_cmpuint (named, >, 10);
  g_assert_cmpuint (free_ones, >, 100);
}

static void
test_base64url (void)
{
  static const char *const bad[] = { "A", "AB", "AAB", "AA=", "AA==", "A+==", "A/8", "A A", "AA\n", "AAAAB" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (cobro_wire_base64url_decode (bad[i], strlen (bad[i])));
  for (guint n = 0; n < 70; n++)
    {
      g_autofree guint8 *bytes = g_malloc (n + 1);
      g_autofree char *text = NULL;
      g_autoptr (GBytes) back = NULL;

      for (guint i = 0; i < n; i++)
        bytes[i] = (guint8)(i * 37 + n * 11);
      text = cobro_wire_base64url_encode (bytes, n);
      g_assert_cmpuint (strlen (text), ==, (n * 4 + 2) / 3);
      back = cobro_wire_base64url_decode (text, strlen (text));
      g_assert_nonnull (back);
      g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), bytes, n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/jwe/judged", test_judged);
  g_test_add_func ("/wire/jwe/public-key", test_public_key);
  g_test_add_func ("/wire/jwe/key-names", test_key_names);
  g_test_add_func ("/wire/base64url", test_base64url);
  return g_test_run ();
}
