/* tests/wire/test-wire-writer.c — JSON text straight from values: commas, escapes, exact numbers.
 * Layer: tests. */
#include "cobro-wire.h"

static CobroMoney
money_of (gint64 minor, const char *code)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;
  gboolean ok = cobro_currency_from_code (code, &currency, NULL);

  g_assert_true (ok);
  return cobro_money (minor, currency);
}

static void
test_structure (void)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "a", "x");
  cobro_wire_begin_array (writer, "b");
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_end_object (writer);
  cobro_wire_put_int64 (writer, NULL, G_MININT64);
  cobro_wire_put_bool (writer, NULL, TRUE);
  cobro_wire_put_null (writer, NULL);
  cobro_wire_end_array (writer);
  cobro_wire_begin_object (writer, "c");
  cobro_wire_put_text (writer, "d", NULL);
  cobro_wire_end_object (writer);
  cobro_wire_put_raw (writer, "e", "[1]");
  cobro_wire_end_object (writer);
  first = cobro_wire_writer_take (writer);
  g_assert_cmpstr (first, ==, "{\"a\":\"x\",\"b\":[{},-9223372036854775808,true,null],\"c\":{\"d\":null},\"e\":[1]}");

  cobro_wire_begin_array (writer, NULL);
  cobro_wire_end_array (writer);
  second = cobro_wire_writer_take (writer);
  g_assert_cmpstr (second, ==, "[]");
}

static char *
written (const char *value)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_put_text (writer, NULL, value);
  return cobro_wire_writer_take (writer);
}

static void
test_escapes (void)
{
  g_autofree char *controls = written ("\x01\x1f\x7f\t\n\"\\");
  g_autofree char *html = written ("</script><b>&amp;");
  g_autofree char *lines = written ("a\342\200\250b\342\200\251c");
  g_autofree char *plain = written ("café 日本 😀");
  g_autofree char *broken = written ("a\xff"
                                     "b");

  g_assert_cmpstr (controls, ==, "\"\\u0001\\u001f\\u007f\\u0009\\n\\\"\\\\\"");
  g_assert_cmpstr (html, ==, "\"\\u003c/script\\u003e\\u003cb\\u003e\\u0026amp;\"");
  g_assert_cmpstr (lines, ==, "\"a\\u2028b\\u2029c\"");
  g_assert_cmpstr (plain, ==, "\"café 日本 😀\"");
  g_assert_cmpstr (broken, ==, "\"a\357\277\275b\"");
}

static void
test_values (void)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (GHashTable) map = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;

  g_hash_table_insert (map, "z", "1");
  g_hash_table_insert (map, "a", "2");
  g_hash_table_insert (map, "Z", "3");
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_time (writer, "t", G_GINT64_CONSTANT (1796117400) * COBRO_SECOND);
  cobro_wire_put_time (writer, "t0", 0);
  cobro_wire_put_money (writer, "m", money_of (-1250, "EUR"));
  cobro_wire_put_money (writer, "m0", COBRO_MONEY_NONE);
  cobro_wire_put_money_decimal (writer, "d", money_of (8250, "EUR"));
  cobro_wire_put_money_decimal (writer, "d1", money_of (5, "EUR"));
  cobro_wire_put_money_decimal (writer, "d2", money_of (500, "JPY"));
  cobro_wire_put_money_decimal (writer, "d3", money_of (-12345, "KWD"));
  cobro_wire_put_money_decimal (writer, "d4", money_of (G_GINT64_CONSTANT (999999999999), "EUR"));
  cobro_wire_put_decimal (writer, "q", 1500000);
  cobro_wire_put_map (writer, "map", map);
  cobro_wire_put_map (writer, "none", NULL);
  cobro_wire_end_object (writer);
  text = cobro_wire_writer_take (writer);
  g_assert_cmpstr (
    text, ==,
    "{\"t\":\"2026-12-01T09:30:00Z\",\"t0\":null,\"m\":-1250,\"m0\":null,\"d\":82.50,\"d1\":0.05,\"d2\":500,"
    "\"d3\":-12.345,\"d4\":9999999999.99,\"q\":\"1.5\",\"map\":{\"Z\":\"3\",\"a\":\"2\",\"z\":\"1\"},\"none\":{}}");
}

/* Whatever text goes in comes out again through the reader. */
static void
test_round_trip (void)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (7);

  for (int i = 0; i < 2000; i++)
    {
      g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
      g_autoptr (CobroWireObject) object = NULL;
      g_autoptr (GString) value = g_string_new (NULL);
      g_autofree char *json = NULL;
      g_autofree char *read = NULL;

      for (int n = g_rand_int_range (chance, 0, 20); n > 0; n--)
        {
          gunichar c = (gunichar)g_rand_int_range (chance, 1, n % 3 == 0 ? 0x110000 : 0x100);

          if (g_unichar_validate (c))
            g_string_append_unichar (value, c);
        }
      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, value->str, value->str);
      cobro_wire_end_object (writer);
      json = cobro_wire_writer_take (writer);
      object = cobro_wire_parse (json, -1, NULL);
      g_assert_nonnull (object);
      g_assert_true (cobro_wire_get_text_needed (object, value->str, &read, NULL));
      g_assert_cmpstr (read, ==, value->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/writer/structure", test_structure);
  g_test_add_func ("/wire/writer/escapes", test_escapes);
  g_test_add_func ("/wire/writer/values", test_values);
  g_test_add_func ("/wire/writer/round-trip", test_round_trip);
  return g_test_run ();
}
