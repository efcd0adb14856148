/* tests/wire/test-wire-reader.c — typed getters: values, defaults, wrong types with their path, unknown keys.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-wire.h"

#define ASSERT_FAULT(call, where, code)                                                                                \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autoptr (GError) error = NULL;                                                                                   \
    g_assert_false (call);                                                                                             \
    g_assert_error (error, COBRO_ERROR, code);                                                                         \
    g_assert_cmpstr (cobro_error_get_path (error), ==, where);                                                         \
  }                                                                                                                    \
  G_STMT_END

static CobroWireObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  CobroWireObject *object = cobro_wire_parse (text, -1, &error);

  g_assert_no_error (error);
  return object;
}

static CobroCurrency
currency_of (const char *code)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;
  gboolean ok = cobro_currency_from_code (code, &currency, NULL);

  g_assert_true (ok);
  return currency;
}

static void
test_values (void)
{
  g_autoptr (CobroWireObject) object = parse ("{\"t\":\"caf\\u00e9\",\"i\":-9223372036854775808,\"m\":1250,\"b\":true,"
                                              "\"w\":\"2026-12-01T09:30:00Z\",\"d\":\"1.5\"}");
  g_autofree char *text = NULL;
  CobroDecimal decimal;
  CobroMoney money;
  CobroTime time;
  gboolean flag;
  gint64 number;

  g_assert_true (cobro_wire_get_text (object, "t", NULL, &text, NULL));
  g_assert_cmpstr (text, ==, "café");
  g_assert_true (cobro_wire_get_int64 (object, "i", 0, &number, NULL));
  g_assert_cmpint (number, ==, G_MININT64);
  g_assert_true (cobro_wire_get_money (object, "m", currency_of ("EUR"), &money, NULL));
  g_assert_cmpint (cobro_money_minor (money), ==, 1250);
  g_assert_true (cobro_wire_get_bool (object, "b", FALSE, &flag, NULL));
  g_assert_true (flag);
  g_assert_true (cobro_wire_get_time (object, "w", &time, NULL));
  g_assert_cmpint (time, ==, G_GINT64_CONSTANT (1796117400) * COBRO_SECOND);
  g_assert_true (cobro_wire_get_decimal (object, "d", 0, &decimal, NULL));
  g_assert_cmpint (decimal, ==, 1500000);
  g_assert_true (cobro_wire_done (object, NULL));
}

static void
test_absent (void)
{
  g_autoptr (CobroWireObject) object = parse ("{\"n\":null}");
  static const char *const keys[] = { "n", "none" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *key = keys[i];
      g_autofree char *text = NULL;
      g_autoptr (GPtrArray) objects = NULL, texts = NULL;
      g_autoptr (GHashTable) map = NULL;
      CobroWireObject *child = object;
      CobroMoney money = cobro_money (1, currency_of ("EUR"));
      CobroTime time = 5;
      gboolean flag;
      gint64 number;

      g_assert_false (cobro_wire_has (object, key));
      g_assert_true (cobro_wire_get_text (object, key, "fallback", &text, NULL));
      g_assert_cmpstr (text, ==, "fallback");
      g_assert_true (cobro_wire_get_int64 (object, key, 7, &number, NULL));
      g_assert_cmpint (number, ==, 7);
      g_assert_true (cobro_wire_get_bool (object, key, TRUE, &flag, NULL));
      g_assert_true (flag);
      g_assert_true (cobro_wire_get_time (object, key, &time, NULL));
      g_assert_cmpint (time, ==, 0);
      g_assert_true (cobro_wire_get_money (object, key, currency_of ("EUR"), &money, NULL));
      g_assert_false (cobro_money_is_set (money));
      g_assert_true (cobro_wire_get_object (object, key, &child, NULL));
      g_assert_null (child);
      g_assert_true (cobro_wire_get_objects (object, key, 9, &objects, NULL));
      g_assert_cmpuint (objects->len, ==, 0);
      g_assert_true (cobro_wire_get_texts (object, key, 9, &texts, NULL));
      g_assert_cmpuint (texts->len, ==, 0);
      g_assert_true (cobro_wire_get_map (object, key, &map, NULL));
      g_assert_cmpuint (g_hash_table_size (map), ==, 0);
      ASSERT_FAULT (cobro_wire_get_text_needed (object, key, &text, &error), key, COBRO_ERROR_INVALID);
      ASSERT_FAULT (cobro_wire_get_int64_needed (object, key, &number, &error), key, COBRO_ERROR_INVALID);
    }
}

static void
test_wrong_types (void)
{
  g_autoptr (CobroWireObject) object =
    parse ("{\"o\":{\"t\":1,\"i\":\"1\",\"r\":1.0,\"e\":1e3,\"l\":{},\"w\":\"tomorrow\",\"a\":[1],"
           "\"m\":{\"k\":1},\"big\":1000000000001,\"d\":1.5,\"many\":[\"a\",\"b\"]}}");
  g_autoptr (CobroWireObject) o = NULL;
  CobroWireObject *child = NULL;
  GPtrArray *array = NULL;
  GHashTable *map = NULL;
  CobroDecimal decimal;
  CobroMoney money;
  CobroTime time;
  char *text = NULL;
  gint64 number;
  gboolean flag;

  g_assert_true (cobro_wire_get_object (object, "o", &o, NULL));
  ASSERT_FAULT (cobro_wire_get_text (o, "t", "", &text, &error), "o.t", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_int64 (o, "i", 0, &number, &error), "o.i", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_int64 (o, "r", 0, &number, &error), "o.r", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_int64 (o, "e", 0, &number, &error), "o.e", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_bool (o, "t", FALSE, &flag, &error), "o.t", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_money (o, "r", currency_of ("EUR"), &money, &error), "o.r", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_money (o, "i", currency_of ("EUR"), &money, &error), "o.i", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_money (o, "big", currency_of ("EUR"), &money, &error), "o.big", COBRO_ERROR_OVERFLOW);
  ASSERT_FAULT (cobro_wire_get_time (o, "w", &time, &error), "o.w", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_time (o, "t", &time, &error), "o.t", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_decimal (o, "d", 0, &decimal, &error), "o.d", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_object (o, "a", &child, &error), "o.a", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_objects (o, "l", 9, &array, &error), "o.l", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_objects (o, "a", 9, &array, &error), "o.a[0]", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_texts (o, "a", 9, &array, &error), "o.a[0]", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_texts (o, "many", 1, &array, &error), "o.many", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_map (o, "m", &map, &error), "o.m.k", COBRO_ERROR_INVALID);
  g_assert_null (text);
  g_assert_null (child);
  g_assert_null (array);
  g_assert_null (map);
}

static void
test_numbers (void)
{
  g_autoptr (CobroWireObject) object =
    parse ("{\"n\":[1,-9223372036854775808,9223372036854775807],\"bad\":[1,\"2\"],\"none\":[]}");
  g_autoptr (GArray) numbers = NULL, empty = NULL, absent = NULL;
  GArray *none = NULL;

  g_assert_true (cobro_wire_get_int64s (object, "n", 3, &numbers, NULL));
  g_assert_cmpuint (numbers->len, ==, 3);
  g_assert_cmpint (g_array_index (numbers, gint64, 1), ==, G_MININT64);
  g_assert_cmpint (g_array_index (numbers, gint64, 2), ==, G_MAXINT64);
  g_assert_true (cobro_wire_get_int64s (object, "none", 3, &empty, NULL) && empty->len == 0);
  g_assert_true (cobro_wire_get_int64s (object, "absent", 3, &absent, NULL) && absent->len == 0);
  ASSERT_FAULT (cobro_wire_get_int64s (object, "bad", 3, &none, &error), "bad[1]", COBRO_ERROR_INVALID);
  ASSERT_FAULT (cobro_wire_get_int64s (object, "n", 2, &none, &error), "n", COBRO_ERROR_INVALID);
  g_assert_null (none);
}

static void
test_only (void)
{
  static const char *const keys[] = { "a", "ab", NULL };
  g_autoptr (CobroWireObject) good = parse ("{\"ab\":1,\"a\":{\"x\":1}}");
  g_autoptr (CobroWireObject) bad = parse ("{\"a\":1,\"abc\":2}");

  g_assert_true (cobro_wire_only (good, keys, NULL));
  ASSERT_FAULT (cobro_wire_only (bad, keys, &error), "abc", COBRO_ERROR_INVALID);
}

/* A child may outlive the object that it came from. */
static void
test_lifetime (void)
{
  CobroWireObject *object = parse ("{\"o\":{\"deep\":{\"text\":\"caf\\u00e9\"}}}");
  g_autoptr (CobroWireObject) deep = NULL;
  g_autofree char *text = NULL;
  CobroWireObject *child = NULL;

  g_assert_true (cobro_wire_get_object (object, "o", &child, NULL));
  cobro_wire_object_unref (object);
  g_assert_true (cobro_wire_get_object (child, "deep", &deep, NULL));
  cobro_wire_object_unref (child);
  g_assert_true (cobro_wire_get_text_needed (deep, "text", &text, NULL));
  g_assert_cmpstr (text, ==, "café");
  ASSERT_FAULT (cobro_wire_get_int64_needed (deep, "none", &(gint64){ 0 }, &error), "o.deep.none", COBRO_ERROR_INVALID);
}

static void
test_unknown (void)
{
  g_autoptr (CobroWireObject) object = parse ("{\"list\":[{\"a\":1},{\"a\":2,\"surprise\":3}]}");
  g_autoptr (GPtrArray) list = NULL;
  gint64 a;

  ASSERT_FAULT (cobro_wire_done (object, &error), "list", COBRO_ERROR_INVALID);
  g_assert_true (cobro_wire_get_objects (object, "list", 9, &list, NULL));
  for (guint i = 0; i < list->len; i++)
    g_assert_true (cobro_wire_get_int64 (g_ptr_array_index (list, i), "a", 0, &a, NULL));
  ASSERT_FAULT (cobro_wire_done (object, &error), "list[1].surprise", COBRO_ERROR_INVALID);
}

static void
test_kind (void)
{
  g_autoptr (CobroWireObject) object =
    parse ("{\"n\":null,\"t\":\"\",\"i\":1,\"r\":1.5,\"b\":false,\"o\":{},\"a\":[]}");

  g_assert_cmpint (cobro_wire_kind (object, "x"), ==, COBRO_WIRE_ABSENT);
  g_assert_cmpint (cobro_wire_kind (object, "n"), ==, COBRO_WIRE_NULL);
  g_assert_cmpint (cobro_wire_kind (object, "t"), ==, COBRO_WIRE_TEXT);
  g_assert_cmpint (cobro_wire_kind (object, "i"), ==, COBRO_WIRE_INT64);
  g_assert_cmpint (cobro_wire_kind (object, "r"), ==, COBRO_WIRE_NUMBER);
  g_assert_cmpint (cobro_wire_kind (object, "b"), ==, COBRO_WIRE_BOOL);
  g_assert_cmpint (cobro_wire_kind (object, "o"), ==, COBRO_WIRE_OBJECT);
  g_assert_cmpint (cobro_wire_kind (object, "a"), ==, COBRO_WIRE_ARRAY);
  ASSERT_FAULT (cobro_wire_done (object, &error), "n", COBRO_ERROR_INVALID); /* looking is not knowing */
}

static void
assert_raw (CobroWireObject *object, const char *key, const char *expected)
{
  g_autofree char *raw = cobro_wire_get_raw (object, key);

  g_assert_cmpstr (raw, ==, expected);
}

/* Raw values are the bytes that were sent: a hash over them holds. */
static void
test_raw (void)
{
  g_autoptr (CobroWireObject) object = parse (" { \"x\" : { \"b\" : \"\\u00e9 \\\" ]}\" , \"a\" : [ 1.50 , { } ] } , "
                                              "\"\\u0079\":\"\\u003c\", \"n\":-0,\"l\":[ {\"r\" : [ 1 ]} ] }");
  g_autoptr (GPtrArray) list = NULL;

  assert_raw (object, "x", "{\"b\":\"\\u00e9 \\\" ]}\",\"a\":[1.50,{}]}");
  assert_raw (object, "y", "\"\\u003c\"");
  assert_raw (object, "n", "-0");
  assert_raw (object, "none", NULL);
  g_assert_true (cobro_wire_get_objects (object, "l", 9, &list, NULL));
  assert_raw (g_ptr_array_index (list, 0), "r", "[1]");
  g_assert_true (cobro_wire_done (object, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/reader/values", test_values);
  g_test_add_func ("/wire/reader/absent", test_absent);
  g_test_add_func ("/wire/reader/wrong-types", test_wrong_types);
  g_test_add_func ("/wire/reader/numbers", test_numbers);
  g_test_add_func ("/wire/reader/only", test_only);
  g_test_add_func ("/wire/reader/lifetime", test_lifetime);
  g_test_add_func ("/wire/reader/unknown", test_unknown);
  g_test_add_func ("/wire/reader/kind", test_kind);
  g_test_add_func ("/wire/reader/raw", test_raw);
  return g_test_run ();
}
