/* tests/relay/providers/test-currencies.c — the currency tables of all companies against a table that was not made from
 * them (tests/data/currencies.txt, by tests/judges/currencies.mjs): every currency, both directions, around every
 * boundary. Amounts are shifted here as text, not as our tables do it. Layer: tests. */
#include <string.h>
#include "cobro-test.h"
#include "relay-companies.h"

/* One line; -1: nothing is published. */
typedef struct
{
  const char *taken; /* yes, no, ? */
  gint64 digits, least, most, step;
} Line;

static GHashTable *
load (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "currencies.txt", NULL);
  GHashTable *lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
  g_autofree char *text = NULL;
  g_auto (GStrv) rows = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  rows = g_strsplit (text, "\n", -1);
  for (guint i = 0; *rows[i] != '\0'; i++)
    {
      char **fields = g_strsplit (rows[i], " ", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, 7);
      g_assert_true (g_hash_table_insert (lines, g_strdup_printf ("%s %s", fields[0], fields[1]), fields));
    }
  return lines;
}

static gint64
number (const char *field)
{
  return strcmp (field, "-") == 0 ? -1 : g_ascii_strtoll (field, NULL, 10);
}

static Line
find (GHashTable *lines, const char *provider, const char *code)
{
  g_autofree char *key = g_strdup_printf ("%s %s", provider, code);
  char **fields = g_hash_table_lookup (lines, key);

  if (fields == NULL)
    g_error ("nothing is said about %s", key);
  return (Line){ fields[2], number (fields[3]), number (fields[4]), number (fields[5]), number (fields[6]) };
}

/* @units of 10^-@from in 10^-@to, as text; NULL: not a whole number of them. */
static char *
shift (gint64 units, guint from, guint to)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, units);
  gsize length = strlen (text);

  if (units == 0)
    return g_steal_pointer (&text);
  for (; from > to; from--)
    {
      if (text[length - 1] != '0')
        return NULL;
      text[--length] = '\0';
    }
  return g_strdup_printf ("%s%.*s", text, (int)(to - from), "0000");
}

/* @minor of 10^-@digits as a decimal number. */
static char *
write_decimal (const char *minor, guint digits)
{
  g_autofree char *padded =
    g_strdup_printf ("%.*s%s", (int)MAX (0, (int)digits + 1 - (int)strlen (minor)), "00000", minor);
  gsize whole = strlen (padded) - digits;

  return digits == 0 ? g_strdup (padded) : g_strdup_printf ("%.*s.%s", (int)whole, padded, padded + whole);
}

/* Read back it is the same amount, however the code is written. */
static void
check_back (const RelayCurrencies *table, CobroCurrency currency, gint64 units, const char *minor)
{
  const char *code = cobro_currency_code (currency);
  g_autofree char *lower = g_ascii_strdown (code, -1);
  const char *const spellings[] = { code, lower };

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (GError) error = NULL;
      CobroMoney money = COBRO_MONEY_NONE;
      gboolean ok = relay_currencies_from_provider (table, spellings[i], units, &money, &error);

      if (minor == NULL || g_ascii_strtoll (minor, NULL, 10) > COBRO_MONEY_LIMIT)
        {
          g_assert_false (ok);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (cobro_money_minor (money), ==, g_ascii_strtoll (minor, NULL, 10));
      g_assert_true (cobro_money_currency (money) == currency);
    }
}

/* As decimal numbers, for those who write amounts so. */
static void
check_decimal (const RelayCurrencies *table, CobroCurrency currency, const char *minor, gboolean fits)
{
  CobroMoney money = cobro_money (g_ascii_strtoll (minor, NULL, 10), currency), back = COBRO_MONEY_NONE;
  g_autofree char *expected = write_decimal (minor, cobro_currency_exponent (currency));
  g_autofree char *said = relay_currencies_to_decimal (table, money, NULL);

  g_assert_cmpstr (said, ==, fits ? expected : NULL);
  if (!fits)
    return;
  g_assert_true (relay_currencies_from_decimal (table, cobro_currency_code (currency), expected, &back, NULL));
  g_assert_true (cobro_money_equal (back, money));
}

static void
check_amount (const RelayCurrencies *table, CobroCurrency currency, const Line *line, gint64 units)
{
  g_autofree char *minor = shift (units, (guint)line->digits, cobro_currency_exponent (currency));
  gboolean fits =
    units % line->step == 0 && (line->least < 0 || units >= line->least) && (line->most < 0 || units <= line->most);
  g_autoptr (GError) error = NULL;
  gint64 sent = 0;

  check_back (table, currency, units, minor);
  if (minor == NULL)
    return;
  if (relay_currencies_to_provider (table, cobro_money (g_ascii_strtoll (minor, NULL, 10), currency), &sent, &error) !=
      fits)
    g_error ("%s: %" G_GINT64_FORMAT " is %s", cobro_currency_code (currency), units,
             fits ? error->message : "taken, and should not be");
  if (fits)
    g_assert_cmpint (sent, ==, units);
  else
    cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
  check_decimal (table, currency, minor, fits);
}

static gboolean
takes (const RelayCurrencies *table, CobroCurrency currency, gint64 minor)
{
  g_autoptr (GError) error = NULL;
  gint64 units;

  return relay_currencies_to_provider (table, cobro_money (minor, currency), &units, &error) ||
         strcmp (cobro_error_get_path (error), "currency") != 0;
}

/* Around every boundary that is published; where none is, amounts that everybody takes. */
static void
check_currency (const RelayCurrencies *table, CobroCurrency currency, const Line *line)
{
  gint64 usual = line->step * 1000000, step = line->step;
  gint64 amounts[] = { usual, usual + 1, usual - step, usual + step, usual * 10 + 10 * step };

  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    if (line->most < 0 || amounts[i] <= line->most)
      check_amount (table, currency, line, amounts[i]);
  for (gint64 off = -1; line->least > 0 && off <= 1; off++)
    {
      check_amount (table, currency, line, line->least + off);
      check_amount (table, currency, line, line->least + off * step);
    }
  for (gint64 off = -1; line->most > 0 && off <= 1; off++)
    {
      check_amount (table, currency, line, line->most + off);
      check_amount (table, currency, line, line->most - line->most % step + off * step);
    }
}

/* proves: OPF-3 */
static void
test_tables (void)
{
  g_autoptr (GHashTable) lines = load ();
  guint taken = 0;

  g_assert_cmpuint (relay_companies_count (), >, 0);
  for (guint i = 0; i < relay_companies_count (); i++)
    {
      const RelayProviderClass *facts = &relay_companies_get (i)->facts;

      g_assert_nonnull (facts->currencies);
      for (CobroCurrency currency = 1; currency <= cobro_currency_count (); currency++)
        {
          Line line = find (lines, facts->name, cobro_currency_code (currency));
          gboolean is_taken = takes (facts->currencies, currency, 100 * cobro_currency_unit (currency));

          if (strcmp (line.taken, "?") != 0 && is_taken != (strcmp (line.taken, "yes") == 0))
            g_error ("%s: %s is %s there", facts->name, cobro_currency_code (currency),
                     is_taken ? "not taken" : "taken");
          if (is_taken)
            check_currency (facts->currencies, currency, &line);
          taken += is_taken;
        }
    }
  g_test_message ("%u currencies of %u companies", taken, relay_companies_count ());
}

/* The digits of the standard: ours and theirs. */
static void
test_standard (void)
{
  g_autoptr (GHashTable) lines = load ();

  for (CobroCurrency currency = 1; currency <= cobro_currency_count (); currency++)
    g_assert_cmpint (find (lines, "flutterwave", cobro_currency_code (currency)).digits, ==,
                     cobro_currency_exponent (currency));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/currencies/standard", test_standard);
  g_test_add_func ("/currencies/tables", test_tables);
  return g_test_run ();
}
