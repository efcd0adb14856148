/* tests/document/test-document-money.c — amounts as people read and type them.
 * Layer: tests. */
#include <string.h>
#include "cobro-error.h"
#include "cobro-money-text.h"
#include "cobro-test.h"

static CobroMoney
money_of (const char *decimal, const char *code)
{
  CobroCurrency currency;
  CobroMoney money;
  gboolean ok =
    cobro_currency_from_code (code, &currency, NULL) && cobro_money_from_decimal (decimal, currency, &money, NULL);

  g_assert_true (ok);
  return money;
}

/* No-break spaces read as spaces, marks of direction as nothing. */
static char *
plain (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0x00A0 || c == 0x202F)
        g_string_append_c (out, ' ');
      else if (c != 0x200E && c != 0x200F && c != 0x061C)
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

static void
test_text (void)
{
  static const struct
  {
    const char *tag, *decimal, *code, *text;
  } cases[] = {
    { "en", "12.50", "EUR", "€12.50" },
    { "es", "12.50", "EUR", "12,50 €" },
    { "es_ES.UTF-8", "1234567.05", "EUR", "1.234.567,05 €" },
    { "de", "1234.50", "EUR", "1.234,50 €" },
    { "en-US", "1234.50", "USD", "$1,234.50" },
    { "en", "12.50", "USD", "USD 12.50" }, /* whose dollar? */
    { "es-MX", "12.50", "MXN", "$12.50" },
    { "es-MX", "12.50", "USD", "USD 12.50" },
    { "en-CA", "12.50", "USD", "US$12.50" },
    { "en", "500", "JPY", "JPY 500" },
    { "ja", "500", "JPY", "￥500" },
    { "en", "12.345", "KWD", "KWD 12.345" },
    { "en", "1000000", "COP", "COP 1,000,000.00" },
    { "en", "5000", "ISK", "ISK 5,000" },
    { "en", "5.00", "IRR", "IRR 5.00" }, /* ICU would show none of its decimals */
    { "en", "-0.05", "EUR", "-€0.05" },
    { "en", "0.00", "GBP", "£0.00" },
    { "en", "10000000000.00", "EUR", "€10,000,000,000.00" },
    { "sv", "10.00", "SEK", "10,00 kr" },
    { "ar-EG", "1234.50", "EUR", "١٬٢٣٤٫٥٠ €" },
    { "ar-EG", "82.50", "MXN", "٨٢٫٥٠ MXN" }, /* its sign would be turned around */
    { "ar-EG", "82.50", "EGP", "٨٢٫٥٠ ج.م." },
    { "fr", "1234567.05", "EUR", "1 234 567,05 €" },
    { "pt-BR", "1234.50", "BRL", "R$ 1.234,50" },
    { "pt-PT", "12345.50", "EUR", "12 345,50 €" },
    { "C", "12.50", "EUR", "€12.50" },
    { "no such language", "12.50", "EUR", "€12.50" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroLocale) locale = cobro_locale_new (cases[i].tag, NULL);
      g_autofree char *text = cobro_money_text (money_of (cases[i].decimal, cases[i].code), locale);
      g_autofree char *seen = plain (text);

      g_assert_cmpstr (seen, ==, cases[i].text);
    }
}

static void
test_code_and_number (void)
{
  g_autoptr (CobroLocale) es = cobro_locale_new ("es", NULL);
  g_autofree char *code = cobro_money_text_with_code (money_of ("1234.50", "EUR"), es);
  g_autofree char *code_seen = plain (code);
  g_autofree char *number = cobro_money_text_number (money_of ("1234.50", "EUR"), es);
  g_autofree char *integer = cobro_number_text (1234567, es);
  g_autofree char *decimal = cobro_decimal_text (9975000, es);
  g_autofree char *sign = cobro_currency_sign (cobro_money_currency (money_of ("1", "EUR")), es);
  g_autofree char *unset = cobro_money_text (COBRO_MONEY_NONE, es);

  g_assert_cmpstr (code_seen, ==, "1.234,50 EUR");
  g_assert_cmpstr (number, ==, "1234,50");
  g_assert_cmpstr (integer, ==, "1.234.567");
  g_assert_cmpstr (decimal, ==, "9,975");
  g_assert_cmpstr (sign, ==, "€");
  g_assert_cmpstr (unset, ==, "");
}

static void
test_locale (void)
{
  g_autoptr (CobroLocale) es = cobro_locale_new ("es_MX.UTF-8", "America/Mexico_City");
  g_autoptr (CobroLocale) ar = cobro_locale_new ("ar", NULL);

  g_assert_cmpstr (cobro_locale_get_tag (es), ==, "es-MX");
  g_assert_false (cobro_locale_is_rtl (es));
  g_assert_true (cobro_locale_is_rtl (ar));
}

typedef struct
{
  const char *tag, *code, *typed, *decimal; /* decimal NULL: refused */
  gboolean ambiguous;
} Typed;

static const Typed typed_cases[] = {
  { "en", "EUR", "12", "12.00", FALSE },
  { "en", "EUR", "12.5", "12.50", FALSE },
  { "en", "EUR", "12,34", "12.34", FALSE },
  { "es", "EUR", "12.34", "12.34", FALSE },
  { "es", "EUR", "1.234,50", "1234.50", FALSE },
  { "en", "EUR", "1.234,50", "1234.50", FALSE },
  { "es", "EUR", "1,234.50", "1234.50", FALSE },
  { "en", "EUR", "1,234", "1234.00", TRUE },
  { "es", "EUR", "1.234", "1234.00", TRUE },
  { "en", "KWD", "1.234", "1.234", TRUE },
  { "es", "KWD", "1.234", "1234.000", TRUE },
  { "en", "EUR", "1,234,567", "1234567.00", FALSE },
  { "fr", "EUR", "1\302\240234,50 €", "1234.50", FALSE },
  { "fr", "EUR", "1 234 567", "1234567.00", FALSE },
  { "de-CH", "CHF", "1’234.50", "1234.50", FALSE },
  { "en-IN", "INR", "1,23,456.75", "123456.75", FALSE },
  { "ar", "EUR", "١٢٫٣٤", "12.34", FALSE },
  { "ar", "EUR", "١٬٢٣٤٫٥٠", "1234.50", FALSE },
  { "en", "EUR", "€12.50", "12.50", FALSE },
  { "en", "EUR", "EUR 12.50", "12.50", FALSE },
  { "en", "EUR", "12.50eur", "12.50", FALSE },
  { "es-MX", "MXN", "$12.50", "12.50", FALSE },
  { "en", "USD", "US$12.50", "12.50", FALSE },
  { "en", "EUR", ".50", "0.50", FALSE },
  { "en", "INR", "Rs.50", "50.00", FALSE }, /* the dot is the sign's */
  { "sv", "SEK", "kr.1.234,50", "1234.50", FALSE },
  { "ar", "EGP", "ج.م.١٢", "12.00", FALSE },
  { "ar", "EUR", "١٢،٥٠", "12.50", FALSE },
  { "en", "EUR", "7,505", "7505.00", TRUE },
  { "fr", "EUR", "7\u202f505", "7505.00", FALSE },
  { "fr", "EUR", "7,505", "7505.00", TRUE },
  { "en", "EUR", "0.50", "0.50", FALSE },
  { "en", "EUR", "12.", "12.00", FALSE },
  { "en", "EUR", "  12.50  ", "12.50", FALSE },
  { "en", "JPY", "1,234", "1234", TRUE },
  { "en", "JPY", "500", "500", FALSE },
  { "en", "JPY", "12.5", NULL, FALSE },
  { "en", "EUR", "12.345.6", NULL, FALSE },
  { "en", "EUR", "12.3456", NULL, FALSE },
  { "en", "EUR", "0.123", NULL, FALSE },
  { "en", "EUR", "1,2,3", NULL, FALSE },
  { "en", "EUR", "1.234,56,78", NULL, FALSE },
  { "en", "EUR", "-5", NULL, FALSE },
  { "en", "EUR", "\342\210\2225", NULL, FALSE },
  { "en", "EUR", "(5)", NULL, FALSE },
  { "en", "EUR", "", NULL, FALSE },
  { "en", "EUR", "abc", NULL, FALSE },
  { "en", "EUR", "€", NULL, FALSE },
  { "en", "EUR", "12 and 13", NULL, FALSE },
  { "en", "EUR", "USD 12.50", NULL, FALSE },
  { "en", "EUR", "1e3", NULL, FALSE },
  { "en", "EUR", "0x12", NULL, FALSE },
  { "en", "EUR", "10000000000.01", NULL, FALSE },
  { "en", "EUR", "99999999999999999999999999", NULL, FALSE },
  { "en", "EUR", "1111111111111111111111111111111111111111111111111111111111111111111111", NULL, FALSE },
};

static void
test_typed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (typed_cases); i++)
    {
      const Typed *c = &typed_cases[i];
      g_autoptr (CobroLocale) locale = cobro_locale_new (c->tag, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *decimal = NULL;
      CobroMoney money = COBRO_MONEY_NONE;
      CobroCurrency currency;
      gboolean ambiguous = FALSE;
      gboolean ok = cobro_currency_from_code (c->code, &currency, NULL) &&
                    cobro_money_from_text (c->typed, currency, locale, &money, &ambiguous, &error);

      g_test_message ("%s \"%s\": %s", c->tag, c->typed, ok ? "read" : error->message);
      g_assert_cmpint (ok, ==, c->decimal != NULL);
      if (!ok)
        {
          g_assert_false (cobro_money_is_set (money));
          continue;
        }
      decimal = cobro_money_to_decimal (money);
      g_assert_cmpstr (decimal, ==, c->decimal);
      g_assert_cmpint (ambiguous, ==, c->ambiguous);
    }
}

/* What a locale writes, the same locale reads back, to the last minor unit. */
static void
test_round_trip (void)
{
  static const char *const tags[] = { "en", "en-US", "en-IN", "es",    "es-MX", "de", "de-CH",
                                      "fr", "pt-BR", "ar",    "ar-EG", "fa",    "ja", "sv" };
  static const char *const codes[] = { "EUR", "USD", "JPY", "KWD", "MXN", "INR", "CHF" };
  g_autoptr (GRand) chance = g_rand_new_with_seed (20261121);

  for (gsize t = 0; t < G_N_ELEMENTS (tags); t++)
    for (gsize c = 0; c < G_N_ELEMENTS (codes); c++)
      for (int i = 0; i < 100; i++)
        {
          g_autoptr (CobroLocale) locale = cobro_locale_new (tags[t], NULL);
          g_autoptr (GError) error = NULL;
          CobroCurrency currency;
          gboolean known = cobro_currency_from_code (codes[c], &currency, NULL);
          CobroMoney money = cobro_money ((gint64)g_rand_int (chance) >> (g_rand_int (chance) % 32), currency);
          g_autofree char *number = cobro_money_text_number (money, locale);
          CobroMoney read;
          gboolean ambiguous;

          g_assert_true (known);
          if (!cobro_money_from_text (number, currency, locale, &read, &ambiguous, &error))
            g_error ("%s %s \"%s\": %s", tags[t], codes[c], number, error->message);
          g_assert_true (cobro_money_equal (money, read));
        }
}

/* The six languages in which somebody may type an amount. */
static const char *const six[] = { "en-US", "es-ES", "de-DE", "fr-FR", "pt-PT", "ar-EG" };

/* @digits in Arabic. */
static char *
in_arabic (const char *digits)
{
  GString *out = g_string_new (NULL);

  for (; *digits != '\0'; digits++)
    if (g_ascii_isdigit (*digits))
      g_string_append_unichar (out, 0x660 + (gunichar)(*digits - '0'));
    else
      g_string_append_c (out, *digits);
  return g_string_free (out, FALSE);
}

/* "1234.05" with @group every three digits and @point before the cents. */
static char *
write_amount (gint64 minor, const char *group, const char *point)
{
  g_autofree char *whole = g_strdup_printf ("%" G_GINT64_FORMAT, minor / 100);
  GString *out = g_string_new (NULL);

  for (gsize i = 0, n = strlen (whole); i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (out, group);
      g_string_append_c (out, whole[i]);
    }
  g_string_append_printf (out, "%s%02d", point, (int)(minor % 100));
  return g_string_free (out, FALSE);
}

/* Reads @typed in all six: every one of them reads @minor euro cents, and none is in doubt. */
static void
assert_meant (const char *typed, gint64 minor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (six); i++)
    {
      g_autoptr (CobroLocale) locale = cobro_locale_new (six[i], NULL);
      g_autoptr (GError) error = NULL;
      CobroCurrency euro = cobro_money_currency (money_of ("1", "EUR"));
      CobroMoney money = COBRO_MONEY_NONE;
      gboolean ambiguous = TRUE;

      if (!cobro_money_from_text (typed, euro, locale, &money, &ambiguous, &error))
        g_error ("%s: \"%s\" is refused: %s", six[i], typed, error->message);
      if (cobro_money_minor (money) != minor || ambiguous)
        g_error ("%s: \"%s\" is read as %" G_GINT64_FORMAT " cents%s", six[i], typed, cobro_money_minor (money),
                 ambiguous ? ", and in doubt" : "");
    }
}

/* An amount with its cents means the same whoever types it, in every habit of writing, with any sign beside it. */
static void
test_six_languages (void)
{
  static const struct
  {
    const char *group, *point;
  } habits[] = { { ",", "." },           { ".", "," }, { " ", "," }, { "\u00a0", "," }, { "\u202f", "," },
                 { "\u066c", "\u066b" }, { "", "," },  { "", "." },  { "'", "." },      { "\u2019", "," } };
  static const char *const around[] = { "%s", "%s €", "€%s", "€\u00a0%s", "%s EUR", "eur %s", " \u200f%s\u200f " };
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint n = 0; n < 1500; n++)
    {
      guint habit = (guint)cobro_random_below (random, G_N_ELEMENTS (habits));
      gint64 minor = (gint64)cobro_random_below (random, n % 3 == 0 ? 100000 : 100000000000);
      g_autofree char *amount = write_amount (minor, habits[habit].group, habits[habit].point);
      g_autofree char *digits = n % 2 == 0 ? g_strdup (amount) : in_arabic (amount);
      g_auto (GStrv) sides = g_strsplit (around[cobro_random_below (random, G_N_ELEMENTS (around))], "%s", 2);
      g_autofree char *typed = g_strconcat (sides[0], digits, sides[1], NULL);

      assert_meant (typed, minor);
    }
}

/* Whatever is typed: what one language reads otherwise than another is said to be in doubt by both. */
static void
test_never_silent (void)
{
  static const char *const keys[] = { "1", "2", "7", "5", "0", ".", ",", " ", "\u202f", "\u066b", "\u066c", "٣", "'" };
  CobroCurrency euro = cobro_money_currency (money_of ("1", "EUR"));
  CobroCurrency dinar = cobro_money_currency (money_of ("1", "KWD"));
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint n = 0; n < 4000; n++)
    {
      g_autoptr (GString) typed = g_string_new (NULL);
      CobroCurrency currency = n % 2 == 0 ? euro : dinar;
      CobroMoney first = COBRO_MONEY_NONE;
      guint read = 0, doubts = 0;
      gboolean same = TRUE;

      for (guint left = 1 + (guint)cobro_random_below (random, 9); left > 0; left--)
        g_string_append (typed, keys[cobro_random_below (random, G_N_ELEMENTS (keys))]);
      for (gsize i = 0; i < G_N_ELEMENTS (six); i++)
        {
          g_autoptr (CobroLocale) locale = cobro_locale_new (six[i], NULL);
          CobroMoney money = COBRO_MONEY_NONE;
          gboolean ambiguous = FALSE;

          if (!cobro_money_from_text (typed->str, currency, locale, &money, &ambiguous, NULL))
            continue;
          first = read++ == 0 ? money : first;
          same = same && cobro_money_equal (first, money);
          doubts += ambiguous;
        }
      if ((!same || (read > 0 && read < G_N_ELEMENTS (six))) && doubts < read)
        g_error ("\"%s\" is read in several ways, and not everybody doubts it", typed->str);
    }
}

/* Quantities, rates and prices per unit, as people type them. */
static void
test_typed_decimal (void)
{
  static const struct
  {
    const char *tag, *typed;
    guint places;
    const char *decimal; /* NULL: refused */
    gboolean ambiguous;
  } cases[] = {
    { "en", "1.5", 6, "1.5", FALSE },        { "es", "1,5", 6, "1.5", FALSE },
    { "es", "1.5", 6, "1.5", FALSE },        { "en", "1.234", 6, "1.234", TRUE },
    { "es", "1.234", 6, "1234", TRUE },      { "es", "1,234", 6, "1.234", TRUE },
    { "en", "1,234.5", 6, "1234.5", FALSE }, { "es", "1.234,5", 6, "1234.5", FALSE },
    { "en", "-2", 6, "-2", FALSE },          { "en", "\342\210\2222,5", 6, "-2.5", FALSE },
    { "en", "0.0075", 2, "0.0075", FALSE },  { "en", "1.234", 2, "1234", TRUE },
    { "ar", "١٢٫٥", 6, "12.5", FALSE },      { "en", " 7 ", 6, "7", FALSE },
    { "en", ".5", 6, "0.5", FALSE },         { "en", "", 6, NULL, FALSE },
    { "en", "-", 6, NULL, FALSE },           { "en", "two", 6, NULL, FALSE },
    { "en", "3 kg", 6, NULL, FALSE },        { "en", "1-2", 6, NULL, FALSE },
    { "en", "1.2.3", 6, NULL, FALSE },       { "en", "--1", 6, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroLocale) locale = cobro_locale_new (cases[i].tag, NULL);
      g_autoptr (GError) error = NULL;
      gboolean ambiguous = FALSE;
      g_autofree char *decimal = cobro_typed_decimal (cases[i].typed, cases[i].places, locale, &ambiguous, &error);

      g_test_message ("%s \"%s\"", cases[i].tag, cases[i].typed);
      g_assert_cmpstr (decimal, ==, cases[i].decimal);
      g_assert_cmpint (error == NULL, ==, decimal != NULL);
      if (decimal)
        g_assert_cmpint (ambiguous, ==, cases[i].ambiguous);
    }
}

/* What stands in an entry is read back as it was, in every locale. */
static void
test_decimal_entry (void)
{
  static const char *const tags[] = { "en", "es", "de-CH", "fr", "ar-EG", "fa", "ja", "en-IN" };
  static const char *const decimals[] = { "0.0075", "1234.5", "-3", "1000000", "0.1", "99.999999" };

  for (gsize t = 0; t < G_N_ELEMENTS (tags); t++)
    for (gsize i = 0; i < G_N_ELEMENTS (decimals); i++)
      {
        g_autoptr (CobroLocale) locale = cobro_locale_new (tags[t], NULL);
        g_autofree char *entry = cobro_decimal_entry_text (decimals[i], locale);
        g_autofree char *read = cobro_typed_decimal (entry, 6, locale, NULL, NULL);

        g_assert_cmpstr (read, ==, decimals[i]);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/money/text", test_text);
  g_test_add_func ("/document/money/code-and-number", test_code_and_number);
  g_test_add_func ("/document/money/locale", test_locale);
  g_test_add_func ("/document/money/typed", test_typed);
  g_test_add_func ("/document/money/round-trip", test_round_trip);
  g_test_add_func ("/document/money/six-languages", test_six_languages);
  g_test_add_func ("/document/money/never-silent", test_never_silent);
  g_test_add_func ("/document/money/typed-decimal", test_typed_decimal);
  g_test_add_func ("/document/money/decimal-entry", test_decimal_entry);
  return g_test_run ();
}
