/* tests/core/test-text.c — rules for text from outside.
 * Layer: tests. */
#include "cobro-text.h"
#include "cobro-test.h"

#include <string.h>

static void
test_characters (void)
{
  g_autoptr (GError) error = NULL;

  /* Every code point below U+3000, in the middle of a word, in a line and in a block. */
  for (gunichar c = 1; c < 0x3000; c++)
    {
      char text[16] = "a";
      gboolean control = c < 0x20 || (c >= 0x7f && c <= 0x9f),
               bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
      gboolean newline = c == '\n' || c == '\t', separator = c == 0x2028 || c == 0x2029;
      gboolean line = !control && !bidi && !separator, block = (!control || newline) && !bidi;

      text[1 + g_unichar_to_utf8 (c, text + 1)] = 'b';
      g_assert_true (cobro_text_check (text, 3, COBRO_TEXT_LINE, "title", &error) == line);
      if (!line)
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "title");
      g_assert_true (cobro_text_check (text, 3, COBRO_TEXT_BLOCK, "notes", &error) == block);
      if (!block)
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "notes");
    }
}

/* Lengths are characters, not bytes. */
static void
test_length (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_text_check ("ñandú😀", 6, COBRO_TEXT_LINE, "t", &error));
  g_assert_false (cobro_text_check ("ñandú😀", 5, COBRO_TEXT_LINE, "t", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "t");
  g_assert_true (cobro_text_check ("", 0, COBRO_TEXT_LINE, "t", &error));
  g_assert_false (cobro_text_check ("", 5, COBRO_TEXT_NEEDED, "t", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "t");
  g_assert_false (cobro_text_check (" \u00a0\u3000", 5, COBRO_TEXT_NEEDED, "t", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "t");
}

static void
test_utf8 (void)
{
  static const char *const broken[] = { "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xff" };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_assert_false (cobro_text_check (broken[i], 99, COBRO_TEXT_BLOCK, "t", &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "t");
    }
}

typedef gboolean (*Check) (const char *text, const char *path, GError **error);

static void
check_all (Check check, const char *const *good, const char *const *bad)
{
  g_autoptr (GError) error = NULL;

  for (; *good != NULL; good++)
    if (!check (*good, "field", &error))
      g_error ("\"%s\" was refused: %s", *good, error->message);
  for (; *bad != NULL; bad++)
    {
      if (check (*bad, "field", &error))
        g_error ("\"%s\" was accepted", *bad);
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "field");
    }
}

static void
test_email (void)
{
  static const char *const good[] = {
    "", "a@b.co", "ana.maria+tag@example.org", "o'brien@sub.example.co.uk", "ana@müller.de", "x@xn--mller-kva.de", NULL
  };
  static const char *const bad[] = {
    "a",         "@b.co",     "a@",       "a@b",           "a b@c.de",    "a@b..de",      ".a@b.de",   "a.@b.de",
    "a..b@c.de", "a@-b.de",   "a@b-.de",  "a@[127.0.0.1]", "a@127.0.0.1", "a@b.de\nBcc:", "<a@b.de>",  "a@b.de ",
    "a,b@c.de",  "ana@b.de>", "a@b@c.de", "ñ@b.de",        "a@b_c.de",    "a@\xff.de",    "a\"b@c.de", NULL
  };
  g_autofree char *local = g_strnfill (65, 'a'), *domain = g_strnfill (250, 'b');
  g_autofree char *long_local = g_strconcat (local, "@b.de", NULL),
                  *long_domain = g_strconcat ("a@", domain, ".de", NULL);
  const char *too_long[] = { long_local, long_domain, NULL };

  check_all (cobro_text_check_email, good, bad);
  check_all (cobro_text_check_email, good, too_long);
}

static void
test_url (void)
{
  static const char *const good[] = { "",
                                      "https://example.org",
                                      "https://example.org/a/b?c=d&e=%20f#g",
                                      "https://example.org:8443/",
                                      "https://[2001:db8::1]/x",
                                      "HTTPS://EXAMPLE.ORG/",
                                      "http://localhost:8080/x",
                                      "http://127.0.0.1/",
                                      "http://[::1]:3000/",
                                      NULL };
  static const char *const bad[] = { "example.org",
                                     "//example.org/",
                                     "/path",
                                     "http://example.org/",
                                     "http://127.0.0.1.example.org/",
                                     "http://localhost.example.org/",
                                     "http://127.1/",
                                     "javascript:alert(1)",
                                     "data:text/html,x",
                                     "ftp://example.org/",
                                     "file:///etc/passwd",
                                     "https://",
                                     "https:///path",
                                     "https://user@example.org/",
                                     "https://user:secret@example.org/",
                                     "https://exa mple.org/",
                                     "https://example.org/\r\nSet-Cookie: a=b",
                                     "https://example.org/\"onload=",
                                     "https://example.org/<script>",
                                     "https://example.org/\\evil",
                                     "https://müller.de/",
                                     "https://example.org:99999/",
                                     " https://example.org/",
                                     NULL };
  g_autofree char *path = g_strnfill (2048, 'a');
  g_autofree char *too_long = g_strconcat ("https://b.de/", path, NULL);
  const char *long_list[] = { too_long, NULL };

  check_all (cobro_text_check_url, good, bad);
  check_all (cobro_text_check_url, good, long_list);
  too_long[2048] = '\0';
  g_assert_true (cobro_text_check_url (too_long, "field", NULL));
}

static void
test_locale (void)
{
  static const char *const good[] = { "auto", "en", "es", "pt-BR", "zh-Hant-TW", "sr-Latn", "gsw", "de-1996", NULL };
  static const char *const bad[] = { "",
                                     "e",
                                     "en_US",
                                     "en-",
                                     "-en",
                                     "en--US",
                                     "englishes-x",
                                     "../en",
                                     "en US",
                                     "1n",
                                     "ñn",
                                     "en-abcdefghi",
                                     "aa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee",
                                     NULL };

  check_all (cobro_text_check_locale, good, bad);
}

static void
test_date (void)
{
  static const char *const good[] = { "1970-01-01", "2024-02-29", "2000-02-29", "9999-12-31", NULL };
  static const char *const bad[] = { "",           "2023-02-29", "2100-02-29",  "2026-13-01",
                                     "2026-00-01", "2026-01-00", "2026-04-31",  "2026-1-01",
                                     "26-01-01",   "2026/01/01", "2026-01-01 ", "1969-12-31",
                                     "2026-01-0a", NULL };

  check_all (cobro_text_check_date, good, bad);
}

static GHashTable *
map_of (const char *key, const char *value, guint more)
{
  GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (map, g_strdup (key), g_strdup (value));
  for (guint i = 0; i < more; i++)
    g_hash_table_insert (map, g_strdup_printf ("key%u", i), g_strdup ("v"));
  return map;
}

static void
assert_metadata (const char *key, const char *value, guint more, const char *wrong_path)
{
  g_autoptr (GHashTable) map = map_of (key, value, more);
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_text_check_metadata (map, "metadata", &error) == (wrong_path == NULL));
  if (wrong_path != NULL)
    cobro_test_assert_error (&error, COBRO_ERROR_INVALID, wrong_path);
}

/* proves: OPL-7 */
static void
test_metadata (void)
{
  g_autofree char *key = g_strnfill (40, 'k'), *long_key = g_strnfill (41, 'k');
  g_autofree char *value = g_strnfill (500, 'v'), *long_value = g_strnfill (501, 'v');

  assert_metadata ("order.no-1_A", "line 1\nline 2", 49, NULL);
  assert_metadata (key, value, 0, NULL);
  assert_metadata ("empty", "", 0, NULL);
  assert_metadata ("one", "too many", 50, "metadata");
  assert_metadata (long_key, "v", 0, "metadata");
  assert_metadata ("", "v", 0, "metadata");
  assert_metadata ("a b", "v", 0, "metadata");
  assert_metadata ("ñ", "v", 0, "metadata");
  assert_metadata ("<b>", "v", 0, "metadata");
  assert_metadata ("order", long_value, 0, "metadata.order");
  assert_metadata ("order", "a\x01", 0, "metadata.order");
  assert_metadata ("order", "a\u202e", 0, "metadata.order");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/text/characters", test_characters);
  g_test_add_func ("/core/text/length", test_length);
  g_test_add_func ("/core/text/utf8", test_utf8);
  g_test_add_func ("/core/text/email", test_email);
  g_test_add_func ("/core/text/url", test_url);
  g_test_add_func ("/core/text/locale", test_locale);
  g_test_add_func ("/core/text/date", test_date);
  g_test_add_func ("/core/text/metadata", test_metadata);
  return g_test_run ();
}
