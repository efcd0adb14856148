/* tests/support/cobro-test.c — seeds and errors.
 * Layer: tests. The thread of the test. */
#include "cobro-test.h"

CobroRandom *
cobro_test_random (void)
{
  const char *given = g_getenv ("COBRO_TEST_SEED");
  guint64 seed;

  if (given != NULL)
    seed = g_ascii_strtoull (given, NULL, 10);
  else
    {
      g_autoptr (CobroRandom) system = cobro_random_new_system ();

      seed = cobro_random_below (system, G_MAXUINT32);
    }
  g_test_message ("seed: replay with COBRO_TEST_SEED=%" G_GUINT64_FORMAT, seed);
  return cobro_random_new_seeded (seed);
}

void
cobro_test_assert_error_at (const char *function, int line, GError **error, CobroError code, const char *path)
{
  if (*error == NULL)
    g_error ("%s:%d: expected %s at %s, but it was accepted", function, line, cobro_error_code_name (code),
             path != NULL ? path : "no path");
  if (!g_error_matches (*error, COBRO_ERROR, (int)code) || g_strcmp0 (cobro_error_get_path (*error), path) != 0)
    g_error ("%s:%d: expected %s at %s, got %s %d at %s: %s", function, line, cobro_error_code_name (code),
             path != NULL ? path : "no path", g_quark_to_string ((*error)->domain), (*error)->code,
             cobro_error_get_path (*error) != NULL ? cobro_error_get_path (*error) : "no path", (*error)->message);
  g_assert_cmpstr ((*error)->message, !=, "");
  g_clear_error (error);
}
