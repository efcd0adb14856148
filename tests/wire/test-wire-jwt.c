/* tests/wire/test-wire-jwt.c — access tokens: thousands of them that npm's jsonwebtoken and jose judged, and ours,
 * which the same libraries read. Layer: tests. proves: DYN-3, DYN-9 */
#include "cobro-error.h"
#include "cobro-wire-jwt.h"
#include "judge-vectors.h"

#include <string.h>

#define NOW (G_GINT64_CONSTANT (1790000000) * COBRO_SECOND)

static const char *
key_of (const char *name)
{
  static const char *const keys[][2] = { { "main", "access-token-secret-at-least-32-bytes!!" },
                                         { "other", "another-secret-that-is-long-enough-too!!" },
                                         { "exact", "32-bytes-are-just-enough-for-us!" },
                                         { "short31", "31-bytes-are-one-too-few-for-us" },
                                         { "short5", "12345" } };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i][0], name))
      return keys[i][1];
  g_assert_not_reached ();
}

static gboolean
accepts (const JudgeVector *vector)
{
  const char *key = key_of (vector->key);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) claims =
    cobro_wire_jwt_verify (vector->text, key, strlen (key), vector->now * COBRO_SECOND, COBRO_WIRE_JWT_ANY, &error);

  g_assert_true ((claims == NULL) == (error != NULL));
  if (claims == NULL)
    g_assert_true (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_UNAUTHORIZED) ||
                   g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CONFIG));
  return claims != NULL;
}

static void
test_judged (void)
{
  static const char *const must[] = { "good", "no typ", "exp", "nbf", "iat", NULL };
  static const JudgeDifference differences[] = {
    { "alg twice", "two readers may see two algorithms" },
    { "bytes", "a text with NUL or a lone surrogate is no text" },
    { "claims twice", "two readers may see two claims" },
    { "crit", "what must be understood is not known here" },
    { "header members", "we make none: nobody else's header is ours" },
    { "iat future", "a clock is wrong, or the token is not ours" },
    { "payload of another shape", "claims are an object, and numbers stay in range" },
    { "short secret", "RFC 7518, 3.2: as long as the hash" },
    { "tail of a signed part", "one text for the same bytes" },
    { "time beyond", "no such time" },
    { "time of nothing", "no such time" },
    { "time with a fraction", "ours are whole seconds" },
    { "too deep", "16 levels are plenty" },
    { "too long", "ours have some 350 characters" },
    { "typ", "\"JWT\" or nothing" },
  };

  judge_vectors ("dyn/jwt.jsonl", accepts, must, differences, G_N_ELEMENTS (differences), 4000);
}

/* The same claims make the same token as with jsonwebtoken, which sorts nothing: its claims were written in order. */
static void
test_made (void)
{
  const char *key = key_of ("main");
  g_autoptr (GError) error = NULL;
  g_autofree char *token =
    cobro_wire_jwt_make ("{\"id\":\"7\",\"email\":\"a@example.com\",\"exp\":1790000009}", key, strlen (key), &error);
  g_autoptr (CobroWireObject) claims = NULL;
  g_autofree char *email = NULL;

  g_assert_no_error (error);
  /* jsonwebtoken.sign ({ email: 'a@example.com', exp: 1790000009, id: '7' }, key, { noTimestamp: true }) */
  g_assert_cmpstr (
    token, ==,
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJlbWFpbCI6ImFAZXhhbXBsZS5jb20iLCJleHAiOjE3OTAwMDAwMDksImlkIjoiNyJ9.HvV8Y2SH6n_HOYZpcUGECCl1NS4___flGxupZbP6wyA");
  claims = cobro_wire_jwt_verify (token, key, strlen (key), NOW, COBRO_WIRE_JWT_NEEDS_EXPIRY, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_wire_get_text_needed (claims, "email", &email, NULL));
  g_assert_cmpstr (email, ==, "a@example.com");
  g_assert_false (cobro_wire_done (claims, NULL)); /* id was not asked for; exp is known */
  g_clear_pointer (&claims, cobro_wire_object_unref);
  g_assert_null (cobro_wire_jwt_verify (token, key, strlen (key), NOW + 9 * COBRO_SECOND, COBRO_WIRE_JWT_ANY, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAUTHORIZED);
}

static void
test_refused (void)
{
  const char *key = key_of ("main");
  g_autoptr (GError) error = NULL;
  g_autofree char *endless = NULL;

  g_assert_null (cobro_wire_jwt_make ("{\"a\":1}", key, COBRO_WIRE_JWT_KEY_MIN - 1, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_null (cobro_wire_jwt_make ("{\"a\":1,\"a\":2}", key, strlen (key), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  endless = cobro_wire_jwt_make ("{\"a\":1}", key, strlen (key), &error);
  g_assert_no_error (error);
  g_assert_null (cobro_wire_jwt_verify (endless, key, strlen (key), NOW, COBRO_WIRE_JWT_NEEDS_EXPIRY, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (error->message, endless));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/jwt/judged", test_judged);
  g_test_add_func ("/wire/jwt/made", test_made);
  g_test_add_func ("/wire/jwt/refused", test_refused);
  return g_test_run ();
}
