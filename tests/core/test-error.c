/* tests/core/test-error.c — codes, messages, and the path of the field.
 * Layer: tests. */
#include "cobro-error.h"

static void
test_set (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_error_set (&error, COBRO_ERROR_STATE, "link %d is \"%s\"", 7, "paid"));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpstr (error->message, ==, "link 7 is \"paid\"");
  g_assert_null (cobro_error_get_path (error));
  g_assert_false (cobro_error_set (NULL, COBRO_ERROR_STATE, "nobody listens"));
  g_assert_null (cobro_error_get_path (NULL));
}

static void
test_path (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;

  cobro_error_set_at (&error, COBRO_ERROR_INVALID, "quantity", "must be 1 or more");
  g_assert_cmpstr (cobro_error_get_path (error), ==, "quantity");
  g_assert_false (cobro_error_prefix_path (&error, "lines[2]"));
  g_assert_false (cobro_error_prefix_path (&error, "pricing"));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "pricing.lines[2].quantity");

  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpstr (cobro_error_get_path (copy), ==, "pricing.lines[2].quantity");
  g_prefix_error (&copy, "link: ");
  g_assert_cmpstr (copy->message, ==, "link: must be 1 or more");
  g_assert_cmpstr (cobro_error_get_path (copy), ==, "pricing.lines[2].quantity");
}

static void
test_prefix_edges (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");

  g_assert_false (cobro_error_prefix_path (NULL, "a"));
  g_assert_false (cobro_error_prefix_path (&error, "a"));
  g_assert_false (cobro_error_prefix_path (&foreign, "a"));
  g_assert_null (cobro_error_get_path (foreign));

  cobro_error_set (&error, COBRO_ERROR_INVALID, "is wrong");
  cobro_error_prefix_path (&error, "[2]");
  cobro_error_prefix_path (&error, "lines");
  g_assert_cmpstr (cobro_error_get_path (error), ==, "lines[2]");
}

/* Names travel on the wire: each code has its own, in capital letters. */
static void
test_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint code = COBRO_ERROR_INVALID; code <= COBRO_ERROR_INTERNAL; code++)
    {
      const char *name = cobro_error_code_name ((CobroError)code);

      g_assert_true (g_regex_match_simple ("^[A-Z]+(_[A-Z]+)*$", name, 0, 0));
      g_assert_true (g_hash_table_add (seen, (gpointer)name));
    }
  g_assert_cmpstr (cobro_error_code_name (COBRO_ERROR_INVALID), ==, "VALIDATION_ERROR");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/error/set", test_set);
  g_test_add_func ("/core/error/path", test_path);
  g_test_add_func ("/core/error/prefix-edges", test_prefix_edges);
  g_test_add_func ("/core/error/names", test_names);
  return g_test_run ();
}
