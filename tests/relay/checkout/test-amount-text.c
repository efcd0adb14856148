/* tests/relay/checkout/test-amount-text.c — amounts as payers type them: understood exactly, or refused; never a wrong
 * guess. Layer: tests. */
#include "cobro-test.h"
#include "relay-amount-text.h"

static CobroCurrency
currency (const char *code)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code (code, &found, NULL));
  return found;
}

static void
test_understood (void)
{
  static const struct
  {
    const char *code, *text;
    gint64 expected;
  } cases[] = {
    { "EUR", "12", 1200 },
    { "EUR", "12.5", 1250 },
    { "EUR", "12,50", 1250 },
    { "EUR", " 12.50 ", 1250 },
    { "EUR", "1.234,50", 123450 },
    { "EUR", "1,234.50", 123450 },
    { "EUR", "1 234,50", 123450 },
    { "EUR", "1\u00a0234,50", 123450 },
    { "EUR", "1\u202f234.5", 123450 },
    { "EUR", "1'234.50", 123450 },
    { "EUR", "1.234.567", 123456700 },
    { "EUR", "1,234,567.89", 123456789 },
    { "EUR", "12,34,567.89", 123456789 },
    { "EUR", "0,05", 5 },
    { "EUR", "\u0661\u0662\u066b\u0663\u0664", 1234 },
    { "EUR", "1 234", 123400 },
    { "JPY", "1,000", 1000 },
    { "JPY", "1.000", 1000 },
    { "JPY", "500", 500 },
    { "KWD", "1.250", 1250 },
    { "KWD", "1,250", 1250 },
    { "KWD", "1,234.500", 1234500 },
    { "CLF", "0.0125", 125 },
  };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroMoney amount = COBRO_MONEY_NONE;

      if (!relay_amount_from_text (cases[i].text, currency (cases[i].code), &amount, &error))
        g_error ("%s \"%s\": %s", cases[i].code, cases[i].text, error->message);
      g_assert_cmpint (cobro_money_minor (amount), ==, cases[i].expected);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *code, *text;
  } cases[] = {
    { "EUR", "" },           { "EUR", " " },
    { "EUR", "1.234" },      { "EUR", "1,234" },
    { "EUR", "12.345" },     { "EUR", "1,234.567" },
    { "EUR", "-5" },         { "EUR", "+5" },
    { "EUR", "1e3" },        { "EUR", "0x10" },
    { "EUR", "12 34" },      { "EUR", "1.2.3" },
    { "EUR", "1,2345,678" }, { "EUR", "1.234,567,89" },
    { "EUR", "." },          { "EUR", "12." },
    { "EUR", ",5" },         { "EUR", "\u20ac5" },
    { "EUR", "5 EUR" },      { "EUR", "nan" },
    { "EUR", "1..5" },       { "EUR", "1,.5" },
    { "JPY", "500.5" },      { "JPY", "0.50" },
    { "JPY", "5,5" },        { "KWD", "1.2345" },
    { "EUR", "12345 678" },  { "EUR", "1.234 567" },
    { "EUR", "12<script>" },
  };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroMoney amount = COBRO_MONEY_NONE;

      if (relay_amount_from_text (cases[i].text, currency (cases[i].code), &amount, &error))
        g_error ("%s \"%s\" was read as %" G_GINT64_FORMAT, cases[i].code, cases[i].text, cobro_money_minor (amount));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
      g_assert_false (cobro_money_is_set (amount));
    }
}

static void
test_large (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *digits = g_strnfill (60, '9');
  CobroMoney amount = COBRO_MONEY_NONE;

  g_assert_false (relay_amount_from_text (digits, currency ("EUR"), &amount, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, "amount");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/amount-text/understood", test_understood);
  g_test_add_func ("/relay/amount-text/refused", test_refused);
  g_test_add_func ("/relay/amount-text/large", test_large);
  return g_test_run ();
}
