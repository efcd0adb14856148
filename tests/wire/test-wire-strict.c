/* tests/wire/test-wire-strict.c — every strictness rule of the reader, with the path of the fault.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-wire.h"

#include <string.h>

typedef struct
{
  const char *text;
  const char *path;   /* NULL: is accepted; "": the whole */
  const char *reason; /* part of the message */
} Case;

static const Case cases[] = {
  { "{}", NULL, NULL },
  { " \t\r\n{\"a\" : [ 1 , true , null , \"x\" ] }\n", NULL, NULL },
  { "{\"a\":1.5e+3,\"b\":-0.25,\"c\":1E9,\"d\":-0,\"e\":0}", NULL, NULL },
  { "{\"a\":9223372036854775807,\"b\":-9223372036854775808}", NULL, NULL },
  { "{\"a\":\"\\ud83d\\ude00\\u00e9\\/\\b\\f\\n\\r\\t\\\\\\\"\"}", NULL, NULL },
  { "{\"a\":{\"x\":1},\"b\":{\"x\":1}}", NULL, NULL }, /* the same key in two objects */

  { "", "", "empty" },
  { "   ", "", "empty" },
  { "[]", "", "object is expected" },
  { "1", "", "object is expected" },
  { "null", "", "object is expected" },
  { "\357\273\277{}", "", "object is expected" }, /* byte order mark */
  { "{} {}", "", "after the end" },
  { "{}x", "", "after the end" },
  { "{}//", "", "after the end" },
  { "{\"a\":1,}", "", "key in double quotes" },
  { "{,}", "", "key in double quotes" },
  { "{a:1}", "", "key in double quotes" },
  { "{'a':1}", "", "key in double quotes" },
  { "{\"a\" 1}", "a", "':' expected" },
  { "{\"a\":1 \"b\":2}", "", "',' or the end" },
  { "{\"a\":[1,]}", "a[1]", "unexpected character" },
  { "{\"a\":[1 2]}", "a", "',' or the end" },
  { "{\"a\":}", "a", "unexpected character" },
  { "{\"a\":/* x */1}", "a", "unexpected character" },
  { "{\"a\":1", "", "ends too early" },
  { "{\"a\":", "a", "ends too early" },
  { "{\"a\":[1,", "a[1]", "ends too early" },
  { "{\"a\":{\"b\":[{\"c\":tru}]}}", "a.b[0].c", "unexpected character" },
  { "{\"a\":NaN}", "a", "unexpected character" },
  { "{\"a\":Infinity}", "a", "unexpected character" },
  { "{\"a\":True}", "a", "unexpected character" },

  { "{\"a\":1,\"a\":2}", "a", "duplicate key" },
  { "{\"a\":1,\"\\u0061\":2}", "a", "duplicate key" }, /* the same key, spelled otherwise */
  { "{\"o\":{\"p\":[{},{\"q\":1,\"r\":2,\"q\":3}]}}", "o.p[1].q", "duplicate key" },

  { "{\"a\":01}", "a", "leading zero" },
  { "{\"a\":-01}", "a", "leading zero" },
  { "{\"a\":-}", "a", "malformed number" },
  { "{\"a\":1.}", "a", "malformed number" },
  { "{\"a\":.5}", "a", "unexpected character" },
  { "{\"a\":1e}", "a", "malformed number" },
  { "{\"a\":1e+}", "a", "malformed number" },
  { "{\"a\":+1}", "a", "unexpected character" },
  { "{\"a\":0x10}", "", "',' or the end" },
  { "{\"a\":9223372036854775808}", "a", "beyond 64 bits" },
  { "{\"a\":-9223372036854775809}", "a", "beyond 64 bits" },
  { "{\"a\":18446744073709551616}", "a", "beyond 64 bits" },
  { "{\"a\":1000000000000000000000000000000}", "a", "beyond 64 bits" },

  { "{\"a\":\"x}", "a", "without an end" },
  { "{\"a\":\"\\\"}", "a", "without an end" },
  { "{\"a\":\"\\x41\"}", "a", "unknown escape" },
  { "{\"a\":\"\\u12\"}", "a", "broken \\u" },
  { "{\"a\":\"\\u12G4\"}", "a", "broken \\u" },
  { "{\"a\":\"\\u0000\"}", "a", "NUL" },
  { "{\"a\":\"\\ud83d\"}", "a", "surrogate" },
  { "{\"a\":\"\\ud83d\\u0041\"}", "a", "surrogate" },
  { "{\"a\":\"\\ude00\"}", "a", "surrogate" },
  { "{\"a\":\"x\ny\"}", "a", "control character" },
  { "{\"a\":\"\x01\"}", "a", "control character" },
  { "{\"a\":\"\xff\"}", "", "not UTF-8" },
  { "{\"a\":\"\xc0\xaf\"}", "", "not UTF-8" },         /* overlong */
  { "{\"a\":\"\xed\xa0\x80\"}", "", "not UTF-8" },     /* surrogate in UTF-8 */
  { "{\"a\":\"\xf4\x90\x80\x80\"}", "", "not UTF-8" }, /* beyond U+10FFFF */
  { "{\"we \\\"quote\\\"\":{\"\":x}}", "[\"we ?quote?\"][\"\"]", "unexpected character" },
};

static void
check (const Case *c)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) object = cobro_wire_parse (c->text, -1, &error);

  g_autofree char *shown = g_strescape (c->text, NULL);

  g_test_message ("%s", shown);
  if (c->path == NULL)
    {
      g_assert_no_error (error);
      g_assert_nonnull (object);
      return;
    }
  g_assert_null (object);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, *c->path != '\0' ? c->path : NULL);
  if (strstr (error->message, c->reason) == NULL)
    g_error ("\"%s\" is not about \"%s\"", error->message, c->reason);
}

static void
test_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (&cases[i]);
}

/* NUL and what follows it are bytes like others: they are refused, not a place to stop. */
static void
test_nul (void)
{
  static const char text[] = "{\"a\":1}\0{\"a\":2}";
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_wire_parse (text, sizeof text - 1, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
}

static char *
nested (guint depth)
{
  g_autofree char *open = g_strnfill (depth - 1, '[');
  g_autofree char *close = g_strnfill (depth - 1, ']');

  return g_strdup_printf ("{\"a\":%s%s}", open, close);
}

static void
test_depth (void)
{
  g_autofree char *fits = nested (COBRO_WIRE_DEPTH_MAX);
  g_autofree char *too_deep = nested (COBRO_WIRE_DEPTH_MAX + 1);
  g_autofree char *absurd = nested (100000);
  g_autoptr (GError) error = NULL, absurd_error = NULL;
  g_autoptr (CobroWireObject) object = cobro_wire_parse (fits, -1, NULL);

  g_assert_nonnull (object);
  g_assert_null (cobro_wire_parse (too_deep, -1, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]");
  g_assert_nonnull (strstr (error->message, "nested too deeply"));
  g_assert_null (cobro_wire_parse (absurd, -1, &absurd_error));
  g_assert_error (absurd_error, COBRO_ERROR, COBRO_ERROR_INVALID);
}

/* Cut off anywhere, a document is refused; it never reads beyond the length it was given. */
static void
test_truncation (void)
{
  static const char text[] = "{\"a\":{\"b\":[1,-2.5e3,\"x\\u00e9\\n\",true,null]},\"\\u0062\":\"\xc3\xa9\"}";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autofree char *exact = g_memdup2 (text, MAX (length, 1));
      g_autoptr (GError) error = NULL;

      g_assert_null (cobro_wire_parse (exact, (gssize)length, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
    }
  g_autoptr (CobroWireObject) whole = cobro_wire_parse (text, sizeof text - 1, NULL);
  g_assert_nonnull (whole);
}

/* A key that somebody sends comes back in a message: cut and harmless. */
static void
test_long_key (void)
{
  g_autofree char *key = g_strnfill (5000, 'k');
  g_autofree char *text = g_strdup_printf ("{\"%s\":x}", key);
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_wire_parse (text, -1, &error));
  g_assert_cmpuint (strlen (cobro_error_get_path (error)), <, 100);
}

static void
test_many_keys (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (CobroWireObject) object = NULL;

  for (int i = 0; i < 20000; i++)
    g_string_append_printf (text, "%s\"k%d\":%d", i > 0 ? "," : "", i, i);
  g_string_append (text, "}");
  object = cobro_wire_parse (text->str, (gssize)text->len, NULL);
  g_assert_nonnull (object);
}

/* A key that stands twice is found in small and large objects, however far apart, however spelled. */
static void
test_duplicates (void)
{
  for (int keys = 2; keys < 100; keys++)
    for (int twin = 0; twin < keys - 1; twin += 1 + keys / 10)
      {
        g_autoptr (GString) text = g_string_new ("{");
        g_autofree char *path = g_strdup_printf ("k%d", twin);
        g_autoptr (GError) error = NULL;

        for (int i = 0; i < keys - 1; i++)
          g_string_append_printf (text, "\"k%d\":[{\"k\":1}],", i);
        g_string_append_printf (text, "\"%s%d\":0}", keys % 2 == 0 ? "k" : "\\u006b", twin);
        g_assert_null (cobro_wire_parse (text->str, -1, &error));
        g_assert_cmpstr (cobro_error_get_path (error), ==, path);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/strict/rules", test_rules);
  g_test_add_func ("/wire/strict/nul", test_nul);
  g_test_add_func ("/wire/strict/depth", test_depth);
  g_test_add_func ("/wire/strict/truncation", test_truncation);
  g_test_add_func ("/wire/strict/long-key", test_long_key);
  g_test_add_func ("/wire/strict/many-keys", test_many_keys);
  g_test_add_func ("/wire/strict/duplicates", test_duplicates);
  return g_test_run ();
}
