/* tests/core/test-money.c — edges of amounts, decimals and the currency table. The bulk is compared with Python's
 * decimal by oracle-money.py. Layer: tests. */
#include "cobro-decimal.h"
#include "cobro-money.h"
#include "cobro-test.h"

static CobroCurrency
currency (const char *code)
{
  g_autoptr (GError) error = NULL;
  CobroCurrency found = COBRO_CURRENCY_NONE;

  if (!cobro_currency_from_code (code, &found, &error))
    g_error ("%s: %s", code, error->message);
  return found;
}

static CobroMoney
eur (gint64 minor)
{
  return cobro_money (minor, currency ("EUR"));
}

static void
test_overflow (void)
{
  g_autoptr (GError) error = NULL;
  CobroMoney out = eur (77);

  g_assert_false (cobro_money_add (eur (G_MAXINT64), eur (1), &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_false (cobro_money_add (eur (G_MININT64), eur (-1), &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_false (cobro_money_subtract (eur (G_MININT64), eur (1), &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_false (cobro_money_subtract (eur (0), eur (G_MININT64), &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_false (cobro_money_negate (eur (G_MININT64), &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_false (cobro_money_scale (eur (G_MAXINT64), 2, 1, COBRO_ROUND_HALF_UP, &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_true (cobro_money_equal (out, eur (77))); /* untouched by every failure */

  g_assert_true (cobro_money_scale (eur (G_MAXINT64), G_MAXINT64, G_MAXINT64, COBRO_ROUND_HALF_UP, &out, &error));
  g_assert_true (cobro_money_equal (out, eur (G_MAXINT64))); /* the product needs 126 bits */
  g_assert_true (cobro_money_scale (eur (G_MININT64), G_MININT64, G_MAXINT64, COBRO_ROUND_HALF_UP, &out, NULL) ==
                 FALSE);
}

static void
test_mixed_currencies (void)
{
  g_autoptr (GError) error = NULL;
  CobroMoney usd = cobro_money (1, currency ("USD")), out;

  g_assert_false (cobro_money_add (eur (1), usd, &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CURRENCY, NULL);
  g_assert_false (cobro_money_subtract (eur (1), usd, &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CURRENCY, NULL);
  g_assert_false (cobro_money_add (eur (1), COBRO_MONEY_NONE, &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CURRENCY, NULL);
  g_assert_false (cobro_money_equal (eur (1), usd));
}

static void
test_limit (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_money_check (eur (COBRO_MONEY_LIMIT), &error));
  g_assert_true (cobro_money_check (eur (-COBRO_MONEY_LIMIT), &error));
  g_assert_false (cobro_money_check (eur (COBRO_MONEY_LIMIT + 1), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_false (cobro_money_check (eur (G_MININT64), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
}

static void
test_split (void)
{
  g_autoptr (GError) error = NULL;
  const gint64 thirds[] = { 1, 1, 1 }, zero[] = { 0, 0 }, negative[] = { 2, -1 },
               huge[] = { G_MAXINT64, G_MAXINT64, 1 };
  CobroMoney parts[3];

  g_assert_true (cobro_money_split (eur (100), thirds, 3, parts, &error));
  g_assert_cmpint (cobro_money_minor (parts[0]), ==, 34); /* the tie goes to the earlier part */
  g_assert_cmpint (cobro_money_minor (parts[1]), ==, 33);
  g_assert_cmpint (cobro_money_minor (parts[2]), ==, 33);
  g_assert_true (cobro_money_split (eur (-100), thirds, 3, parts, &error));
  g_assert_cmpint (cobro_money_minor (parts[0]), ==, -34); /* a credit note mirrors */
  g_assert_true (cobro_money_split (eur (G_MININT64), huge, 3, parts, &error));
  g_assert_cmpint (cobro_money_minor (parts[2]), ==, 0);

  g_assert_false (cobro_money_split (eur (100), zero, 2, parts, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
  g_assert_false (cobro_money_split (eur (100), negative, 2, parts, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
  g_assert_false (cobro_money_split (eur (100), NULL, 0, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
}

static void
test_text_refused (void)
{
  static const char *const refused[] = { "",      "-",    ".",    "1.",  ".5", "+1", " 1",  "1 ",       "1,00", "1e3",
                                         "1.234", "0x10", "1.0.", "--1", "1-", "١",  "nan", "Infinity", "1_000" };
  g_autoptr (GError) error = NULL;
  CobroMoney out = eur (5);

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (cobro_money_from_decimal (refused[i], currency ("EUR"), &out, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
    }
  g_assert_false (cobro_money_from_decimal ("1.0", currency ("JPY"), &out, &error)); /* yen have no decimals */
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
  g_assert_false (cobro_money_from_decimal ("92233720368547758.08", currency ("EUR"), &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
  g_assert_true (cobro_money_equal (out, eur (5)));

  g_assert_true (cobro_money_from_decimal ("-92233720368547758.08", currency ("EUR"), &out, &error));
  g_assert_cmpint (cobro_money_minor (out), ==, G_MININT64);
  g_assert_true (cobro_money_from_decimal ("000000000000000000000000000001.5", currency ("KWD"), &out, &error));
  g_assert_cmpint (cobro_money_minor (out), ==, 1500);
}

/* proves: DYN-11 */
static void
test_currencies (void)
{
  static const char *const refused[] = { "",    "EU",  "EURO", "eur", "Eur", "XAU", "XAG", "XPT", "XXX", "XTS",
                                         "XDR", "XUA", "XSU",  "XBA", "ZZZ", "HRK", "€",   "EU ", "E\nR" };
  g_autoptr (GError) error = NULL;
  CobroCurrency out = 9;

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (cobro_currency_from_code (refused[i], &out, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_CURRENCY, NULL);
    }
  g_assert_cmpuint (out, ==, 9);
  for (guint i = 1; i <= cobro_currency_count (); i++)
    {
      g_assert_true (cobro_currency_from_code (cobro_currency_code ((CobroCurrency)i), &out, &error));
      g_assert_cmpuint (out, ==, i);
      g_assert_cmpstr (cobro_currency_name (out), !=, "");
    }
  g_assert_cmpstr (cobro_currency_code (COBRO_CURRENCY_NONE), ==, "");
  g_assert_cmpint (cobro_currency_unit (currency ("JPY")), ==, 1);
  g_assert_cmpint (cobro_currency_unit (currency ("EUR")), ==, 100);
  g_assert_cmpint (cobro_currency_unit (currency ("BHD")), ==, 1000);
  g_assert_cmpint (cobro_currency_unit (currency ("CLF")), ==, 10000);
}

static void
test_decimal (void)
{
  static const struct
  {
    const char *text;
    CobroDecimal value;
    const char *shortest;
  } cases[] = {
    { "1.5", 1500000, "1.5" },
    { "10", 10000000, "10" },
    { "-0.000001", -1, "-0.000001" },
    { "0", 0, "0" },
    { "-0", 0, "0" },
    { "9.975", 9975000, "9.975" },
    { "100.000000", 100000000, "100" },
    { "9223372036854.775807", G_MAXINT64, "9223372036854.775807" },
    { "-9223372036854.775808", G_MININT64, "-9223372036854.775808" },
  };
  g_autoptr (GError) error = NULL;
  CobroDecimal out = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = cobro_decimal_to_text (cases[i].value);

      g_assert_true (cobro_decimal_from_text (cases[i].text, &out, &error));
      g_assert_cmpint (out, ==, cases[i].value);
      g_assert_cmpstr (text, ==, cases[i].shortest);
    }
  g_assert_false (cobro_decimal_from_text ("1.0000001", &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
  g_assert_false (cobro_decimal_from_text ("9223372036854.775808", &out, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/money/overflow", test_overflow);
  g_test_add_func ("/core/money/mixed-currencies", test_mixed_currencies);
  g_test_add_func ("/core/money/limit", test_limit);
  g_test_add_func ("/core/money/split", test_split);
  g_test_add_func ("/core/money/text-refused", test_text_refused);
  g_test_add_func ("/core/money/currencies", test_currencies);
  g_test_add_func ("/core/money/decimal", test_decimal);
  return g_test_run ();
}
