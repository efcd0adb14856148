/* tests/core/test-accounts.c — tax numbers and rates, late fees, statements and the ages of debts, bank numbers, what
 * is recorded by hand, products. Layer: tests. */
#include "cobro-late-fee.h"
#include "cobro-product.h"
#include "cobro-record.h"
#include "cobro-statement.h"
#include "cobro-tax.h"
#include "cobro-test.h"
#include "cobro-text.h"

#include <string.h>

static CobroMoney
eur (gint64 minor)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("EUR", &found, NULL));
  return cobro_money (minor, found);
}

static const struct
{
  const char *country, *id;
  gboolean fine;
} ids[] = {
  { "AU", "51 824 753 556", TRUE },
  { "AU", "51824753556", TRUE },
  { "AU", "51 824 753 557", FALSE },
  { "AU", "5182475355", FALSE },
  { "IN", "27AAPFU0939F1ZV", TRUE },
  { "IN", "27aapfu0939f1zv", TRUE },
  { "IN", "27AAPFU0939F1ZA", FALSE },
  { "IN", "27AAPFU0939F1", FALSE },
  { "MX", "GODE561231GR8", TRUE },
  { "MX", "ÑÑÑ010229AB1", FALSE },
  { "MX", "ÑÑÑ040229AB1", TRUE },
  { "MX", "XAXX010101000", TRUE },
  { "MX", "GODE561331GR8", FALSE },
  { "DE", "DE 123 456 789", TRUE },
  { "DE", "DE12345678", FALSE },
  { "DE", "12/345/67890", TRUE },
  { "ES", "B12345678", TRUE },
  { "ES", "ESB12345678", TRUE },
  { "ES", "12345678", FALSE },
  { "FR", "FR40303265045", TRUE },
  { "FR", "303 265 045", TRUE },
  { "NL", "NL123456789B01", TRUE },
  { "NL", "NL123456789X01", FALSE },
  { "GR", "EL123456789", TRUE },
  { "GR", "GR123456789", FALSE },
  { "FR", "DE123456789", TRUE },
  { "GB", "GB 123 4567 89", TRUE },
  { "GB", "DE123456789", FALSE },
  { "CH", "CHE-123.456.789 MWST", TRUE },
  { "CH", "CHE-123", FALSE },
  { "IE", "IE1234567FA", TRUE },
  { "AT", "ATU12345678", TRUE },
  { "AT", "U12345678", TRUE },
  { "AT", "AT12345678", FALSE },
  { "RO", "RO12", TRUE },
  { "US", "anything at all", TRUE },
  { "", "12", TRUE },
  { "AU", "", TRUE },
  { "DE", "DE<script>", FALSE },
  { "SE", "SE123456789001", TRUE },
  { "IT", "RSSMRA85T10A562S", TRUE },
  { "XI", "whatever", TRUE },
};

/* Published samples: the ABN of the tax office itself, GSTIN and RFC of the authorities' own pages. */
static void
test_tax_ids (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s %s", ids[i].country, ids[i].id);
      g_assert_cmpint (cobro_tax_id_check (ids[i].country, ids[i].id, "taxId", &error), ==, ids[i].fine);
      if (!ids[i].fine)
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "taxId");
    }
}

/* One wrong digit is always found: ABN and GSTIN promise it. */
static void
test_check_digits (void)
{
  static const char *const numbers[][2] = { { "AU", "51824753556" }, { "IN", "27AAPFU0939F1ZV" } };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (gsize at = 0; at < strlen (numbers[i][1]); at++)
      for (char digit = '0'; g_ascii_isdigit (numbers[i][1][at]) && digit <= '9'; digit++)
        {
          g_autofree char *spoiled = g_strdup (numbers[i][1]);

          spoiled[at] = digit;
          g_assert_cmpint (cobro_tax_id_check (numbers[i][0], spoiled, NULL, NULL), ==, digit == numbers[i][1][at]);
        }
}

/* What a country begins with must itself be valid. */
static void
test_countries (void)
{
  static const char *const known[] = { "AU", "DE", "ES", "MX", "IN", "US", "GB", "GR" };

  for (char a = 'A'; a <= 'Z'; a++)
    for (char b = 'A'; b <= 'Z'; b++)
      {
        const char code[] = { a, b, '\0' };
        const CobroTaxCountry *country = cobro_tax_country (code);
        g_auto (GStrv) rates = g_strsplit (country != NULL ? country->rates : "", " ", -1);
        CobroCurrency currency;

        if (cobro_tax_is_eu (code))
          g_assert_nonnull (country);
        if (country == NULL)
          continue;
        g_assert_true (cobro_currency_from_code (country->currency, &currency, NULL));
        g_assert_cmpuint (country->terms, <=, 365);
        for (guint i = 0; rates[i] != NULL && rates[i][0] != '\0'; i++)
          {
            CobroDecimal rate = 0;
            g_autoptr (CobroTaxRate) tax = NULL;

            g_assert_true (cobro_decimal_from_text (rates[i], &rate, NULL));
            tax = cobro_tax_rate_new (country->tax_name, COBRO_TAX_STANDARD, rate, i == 0);
            g_assert_true (cobro_tax_rate_validate (tax, "taxes[0]", NULL));
          }
      }
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_nonnull (cobro_tax_country (known[i]));
  g_assert_cmpstr (cobro_tax_country ("MX")->clearance, ==, "CFDI");
  g_assert_false (cobro_tax_is_eu ("GB"));
  g_assert_false (cobro_tax_is_eu ("T "));
  g_assert_false (cobro_tax_is_eu (""));
}

static void
test_late_fee (void)
{
  static const struct
  {
    gboolean on;
    gint after;
    gint64 percent, fixed, due;
    gint late;
    gint64 fee;
  } fees[] = {
    { TRUE, 14, 1500000, 4000, 10000, 14, 4150 },
    { TRUE, 14, 1500000, 4000, 10000, 13, 0 },
    { FALSE, 0, 1500000, 4000, 10000, 99, 0 },
    { TRUE, 0, 5000000, 0, 10, 1, 1 }, /* 0.5 is 1 */
    { TRUE, 0, 5000000, 0, 9, 1, 0 },
    { TRUE, 0, 5000000, 100, 0, 50, 0 },
    { TRUE, 0, 0, 100, 1, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fees); i++)
    {
      CobroLateFee fee = { fees[i].on, fees[i].after, fees[i].percent, eur (fees[i].fixed) };
      CobroMoney charged;

      g_assert_true (cobro_late_fee (&fee, eur (fees[i].due), fees[i].late, &charged, NULL));
      g_assert_cmpint (cobro_money_minor (charged), ==, fees[i].fee);
    }
}

static void
add (CobroStatement *statement, CobroStatementKind kind, CobroDay date, gint64 amount)
{
  g_assert_true (cobro_statement_add (statement, kind, date, "x", eur (amount), NULL));
}

static void
test_statement (void)
{
  g_autoptr (CobroStatement) statement = cobro_statement_new (cobro_money_currency (eur (0)), 100, 200);
  static const gint64 balances[] = { 6000, 8000, 3000, -1000, 0 };
  g_autoptr (GError) error = NULL;
  CobroCurrency usd = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("USD", &usd, NULL));
  add (statement, COBRO_STATEMENT_PAYMENT, 150, 5000);
  add (statement, COBRO_STATEMENT_INVOICE, 99, 5000);
  add (statement, COBRO_STATEMENT_INVOICE, 100, 1000);
  add (statement, COBRO_STATEMENT_INVOICE, 201, 777);
  add (statement, COBRO_STATEMENT_REFUND, 200, 1000);
  add (statement, COBRO_STATEMENT_INVOICE, 120, 2000);
  add (statement, COBRO_STATEMENT_CREDIT_NOTE, 150, 4000);
  g_assert_false (cobro_statement_add (statement, COBRO_STATEMENT_INVOICE, 120, "x", cobro_money_zero (usd), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CURRENCY);
  g_assert_true (cobro_statement_close (statement, NULL));
  g_assert_cmpint (cobro_money_minor (statement->opening), ==, 5000);
  g_assert_cmpuint (statement->entries->len, ==, G_N_ELEMENTS (balances));
  for (guint i = 0; i < statement->entries->len; i++)
    g_assert_cmpint (cobro_money_minor (((CobroStatementEntry *)statement->entries->pdata[i])->balance), ==,
                     balances[i]);
  g_assert_cmpint (cobro_money_minor (statement->closing), ==, 0);
}

static void
test_ageing (void)
{
  static const CobroDay due[] = { 300, 250, 249, 220, 219, 190, 189, 160, 159, 0 };
  CobroAgeing ageing = cobro_ageing_new (cobro_money_currency (eur (0)));

  for (gsize i = 0; i < G_N_ELEMENTS (due); i++)
    g_assert_true (cobro_ageing_add (&ageing, eur (1 + (gint64)i), due[i], 250, NULL));
  g_assert_cmpint (cobro_money_minor (ageing.current), ==, 1 + 2);
  g_assert_cmpint (cobro_money_minor (ageing.days_30), ==, 3 + 4);
  g_assert_cmpint (cobro_money_minor (ageing.days_60), ==, 5 + 6);
  g_assert_cmpint (cobro_money_minor (ageing.days_90), ==, 7 + 8);
  g_assert_cmpint (cobro_money_minor (ageing.older), ==, 9 + 10);
  g_assert_cmpint (cobro_money_minor (ageing.total), ==, 55);
}

static void
test_bank (void)
{
  static const char *const good[] = { "", "DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "NO9386011117947",
                                      "MT84MALT011000012345MTLCAST001S" };
  static const char *const bad[] = { "DE89370400440532013001",
                                     "DE8937040044053201300",
                                     "de89370400440532013000",
                                     "DE89-3704",
                                     "0",
                                     "GB82WEST12345698765432GB82WEST12345698765432" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (cobro_text_check_iban (good[i], "iban", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (cobro_text_check_iban (bad[i], "iban", NULL));
  g_assert_true (cobro_text_check_bic ("COBADEFFXXX", "bic", NULL) && cobro_text_check_bic ("", "bic", NULL) &&
                 cobro_text_check_bic ("COBADEFF", "bic", NULL));
  g_assert_false (cobro_text_check_bic ("COBADEF", "bic", NULL) || cobro_text_check_bic ("COBA1EFF", "bic", NULL) ||
                  cobro_text_check_bic ("cobadeff", "bic", NULL));
}

static void
test_record (void)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_record_validate (record, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "id");
  g_strlcpy (record->id.text, "pay_01jdvh00000000000000000000", sizeof record->id.text);
  g_assert_false (cobro_record_validate (record, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "linkId");
  g_strlcpy (record->link_id.text, "link_01jdvh00000000000000000000", sizeof record->link_id.text);
  record->amount = eur (-5);
  g_assert_false (cobro_record_validate (record, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
  record->amount = eur (5);
  g_assert_false (cobro_record_validate (record, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "date");
  g_strlcpy (record->date, "2026-11-20", sizeof record->date);
  g_assert_true (cobro_record_validate (record, NULL));
}

static void
test_product (void)
{
  g_autoptr (CobroProduct) product = cobro_product_new ();
  g_autoptr (CobroProduct) copy = NULL;
  g_autoptr (GError) error = NULL;

  g_strlcpy (product->id.text, "prd_01jdvh00000000000000000000", sizeof product->id.text);
  g_assert_false (cobro_product_validate (product, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "name");
  g_free (product->name);
  product->name = g_strdup ("Hour");
  g_assert_false (cobro_product_validate (product, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "currency");
  product->currency = cobro_money_currency (eur (0));
  product->unit_price = COBRO_UNIT_PRICE_LIMIT + 1;
  g_assert_false (cobro_product_validate (product, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, "unitAmount");
  product->unit_price = COBRO_UNIT_PRICE_LIMIT;
  product->tax_rate = COBRO_DECIMAL_ONE;
  g_assert_false (cobro_product_validate (product, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "taxRate");
  product->tax_category = COBRO_TAX_STANDARD;
  g_assert_true (cobro_product_validate (product, NULL));
  copy = cobro_product_copy (product);
  g_assert_cmpstr (copy->name, ==, "Hour");
  g_assert_true (copy->name != product->name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/accounts/tax-ids", test_tax_ids);
  g_test_add_func ("/core/accounts/check-digits", test_check_digits);
  g_test_add_func ("/core/accounts/countries", test_countries);
  g_test_add_func ("/core/accounts/late-fee", test_late_fee);
  g_test_add_func ("/core/accounts/statement", test_statement);
  g_test_add_func ("/core/accounts/ageing", test_ageing);
  g_test_add_func ("/core/accounts/bank", test_bank);
  g_test_add_func ("/core/accounts/record", test_record);
  g_test_add_func ("/core/accounts/product", test_product);
  return g_test_run ();
}
