/* tests/relay/providers/test-stripe-currencies.c — Stripe's units against a table of their own: each row says what a
 * price is here and there, as Stripe's page on currencies puts it. Layer: tests. */
#include <string.h>
#include "cobro-test.h"
#include "relay-stripe.h"

/* A price: in our minor units (ISO 4217), and as Stripe wants it. */
static const struct
{
  const char *code;
  gint64 here, there;
} prices[] = {
  /* two decimals at both */
  { "USD", 1000, 1000 },
  { "EUR", 50, 50 },
  { "GBP", 30, 30 },
  { "HUF", 1000000, 1000000 },
  { "TWD", 80045, 80045 },
  { "MXN", 1000, 1000 },
  { "INR", 123456, 123456 },
  { "BRL", 50, 50 },
  { "NGN", 1, 1 },
  /* whole units at both */
  { "BIF", 500, 500 },
  { "CLP", 500, 500 },
  { "DJF", 500, 500 },
  { "GNF", 500, 500 },
  { "JPY", 500, 500 },
  { "KMF", 500, 500 },
  { "KRW", 500, 500 },
  { "PYG", 500, 500 },
  { "RWF", 500, 500 },
  { "VND", 500, 500 },
  { "VUV", 500, 500 },
  { "XAF", 500, 500 },
  { "XOF", 500, 500 },
  { "XPF", 500, 500 },
  /* two digits here, whole there */
  { "MGA", 50000, 500 },
  /* whole here, hundredths there */
  { "ISK", 5, 500 },
  { "UGX", 5, 500 },
  { "ISK", 999999, 99999900 },
  /* three */
  { "BHD", 5120, 5120 },
  { "JOD", 5130, 5130 },
  { "KWD", 10, 10 },
  { "OMR", 99999990, 99999990 },
  { "TND", 1000, 1000 },
  /* the most */
  { "USD", 99999999, 99999999 },
  { "INR", 999999999, 999999999 },
  { "IDR", 999999999999, 999999999999 },
};

static const struct
{
  const char *code;
  gint64 here;
  const char *path; /* what is wrong with it */
} refused[] = {
  { "USD", 49, "amount" },      { "USD", 100000000, "amount" }, { "GBP", 29, "amount" },
  { "JPY", 49, "amount" },      { "HUF", 17499, "amount" },     { "MGA", 50001, "amount" },
  { "KWD", 5124, "amount" },    { "BHD", 1, "amount" },         { "ISK", 1000000, "amount" },
  { "IQD", 1000, "currency" },  { "LYD", 1000, "currency" },    { "CLF", 10000, "currency" },
  { "UYW", 10000, "currency" }, { "UYI", 100, "currency" },
};

static CobroMoney
money (const char *code, gint64 here)
{
  CobroCurrency currency;

  g_assert_true (cobro_currency_from_code (code, &currency, NULL));
  return cobro_money (here, currency);
}

static void
test_both_ways (void)
{
  const RelayCurrencies *table = relay_stripe_adapter ()->facts.currencies;

  for (guint i = 0; i < G_N_ELEMENTS (prices); i++)
    {
      CobroMoney here = money (prices[i].code, prices[i].here), back;
      g_autofree char *lower = g_ascii_strdown (prices[i].code, -1); /* as Stripe writes it */
      g_autoptr (GError) error = NULL;
      gint64 there;

      g_assert_true (relay_currencies_to_provider (table, here, &there, &error));
      g_assert_no_error (error);
      g_assert_cmpint (there, ==, prices[i].there);
      g_assert_true (relay_currencies_from_provider (table, lower, there, &back, &error));
      g_assert_true (cobro_money_equal (here, back));
    }
}

static void
test_refused (void)
{
  const RelayCurrencies *table = relay_stripe_adapter ()->facts.currencies;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 there;

      g_assert_false (relay_currencies_to_provider (table, money (refused[i].code, refused[i].here), &there, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, refused[i].path);
    }
}

/* A refund may be smaller than the least charge, and not finer than Stripe's unit. */
static void
test_parts (void)
{
  const RelayCurrencies *table = relay_stripe_adapter ()->facts.currencies;
  g_autoptr (GError) error = NULL;
  gint64 there;

  g_assert_true (relay_currencies_part_to_provider (table, money ("USD", 1), &there, &error));
  g_assert_cmpint (there, ==, 1);
  g_assert_true (relay_currencies_part_to_provider (table, money ("ISK", 1), &there, &error));
  g_assert_cmpint (there, ==, 100);
  g_assert_false (relay_currencies_part_to_provider (table, money ("KWD", 11), &there, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stripe/currencies/both-ways", test_both_ways);
  g_test_add_func ("/stripe/currencies/refused", test_refused);
  g_test_add_func ("/stripe/currencies/parts", test_parts);
  return g_test_run ();
}
