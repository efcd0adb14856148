/* tests/support/cobro-test.c — seeds, errors and languages.
 * Layer: tests. The thread of the test. */
#include "cobro-test.h"

#include <string.h>

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

/* ── Languages ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Small words that one of our languages has and the others have not. */
static const struct
{
  const char *language, *words;
} marks[] = {
  { "en", " the is your you and from paid has this please been nothing " },
  { "es", " el los su usted una del ha y al " },
  { "de", " der die und ist wurde nicht sie bitte ihre von für " },
  { "fr", " les est une vous votre été du pas et " },
  { "pt", " você seu sua não foi em uma até os ao " },
};

static void
assert_word (const char *word, const char *text, const char *language)
{
  g_autofree char *folded = g_utf8_casefold (word, -1), *padded = g_strdup_printf (" %s ", folded);
  gboolean own = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    own |= strcmp (marks[i].language, language) == 0 && strstr (marks[i].words, padded) != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (marks) && !own; i++)
    if (strstr (marks[i].words, padded) != NULL)
      g_error ("\"%s\" is a word of %s, but this is to be %s: %s", word, marks[i].language, language, text);
}

void
cobro_test_assert_language (const char *text, const char *language)
{
  g_autoptr (GString) word = g_string_new (NULL);
  gboolean arabic = g_str_equal (language, "ar"), inside = FALSE;

  for (const char *p = text;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      inside = c == '{' || (inside && c != '}');
      if (!arabic && g_unichar_get_script (c) == G_UNICODE_SCRIPT_ARABIC)
        g_error ("Arabic letters in %s: %s", language, text);
      if (g_unichar_isalpha (c) && !inside)
        {
          g_string_append_unichar (word, c);
          continue;
        }
      assert_word (word->str, text, language);
      g_string_truncate (word, 0);
      if (c == '\0')
        return;
    }
}

gboolean
cobro_test_says (const char *page, const char *text)
{
  g_auto (GStrv) parts = g_regex_split_simple ("\\{[a-z0-9_]+\\}", text, 0, 0);
  const char *longest = "";

  for (guint i = 0; parts[i] != NULL; i++)
    if (strlen (parts[i]) > strlen (longest))
      longest = parts[i];
  return strlen (longest) >= 10 && strstr (page, longest) != NULL;
}
