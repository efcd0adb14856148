/* tests/core/oracle-money.c — answers questions about money on stdin, one a line, so that oracle-money.py can compare
 * each answer with Python's decimal. "error NAME" when refused. Layer: tests. */
#include "cobro-decimal.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-money.h"

#include <stdio.h>
#include <string.h>

static gint64
integer (const char *text)
{
  return g_ascii_strtoll (text, NULL, 10);
}

/* The answer to what gives one amount. */
static void
answer (gboolean ok, CobroMoney money, const GError *error)
{
  if (ok)
    printf ("%" G_GINT64_FORMAT " %s\n", cobro_money_minor (money), cobro_money_code (money));
  else
    printf ("error %s\n", cobro_error_code_name ((CobroError)error->code));
}

static void
answer_split (char **word, CobroCurrency currency)
{
  g_autoptr (GError) error = NULL;
  guint n = g_strv_length (word) - 3;
  g_autofree gint64 *weights = g_new0 (gint64, n + 1);
  g_autofree CobroMoney *parts = g_new0 (CobroMoney, n + 1);

  for (guint i = 0; i < n; i++)
    weights[i] = integer (word[3 + i]);
  if (!cobro_money_split (cobro_money (integer (word[2]), currency), weights, n, parts, &error))
    {
      answer (FALSE, COBRO_MONEY_NONE, error);
      return;
    }
  for (guint i = 0; i < n; i++)
    printf ("%s%" G_GINT64_FORMAT, i > 0 ? " " : "", cobro_money_minor (parts[i]));
  printf ("\n");
}

static void
answer_text (CobroMoney money)
{
  g_autofree char *text = cobro_money_to_decimal (money);

  printf ("%s\n", text);
}

/* "tax <currency> {<unit amount> <quantity> <rate>}": the tax inside the total of these lines. */
static gboolean
calculate_tax (char **word, CobroCurrency currency, CobroMoney *out, GError **error)
{
  g_autoptr (CobroLink) link = cobro_link_new ();

  link->currency = currency;
  link->pricing = COBRO_PRICING_LINES;
  for (guint i = 2; word[i] != NULL; i += 3)
    {
      CobroDecimal rate = 0;

      if (!cobro_decimal_from_text (word[i + 2], &rate, error))
        return FALSE;
      g_ptr_array_add (link->lines, cobro_link_line_new ("x", cobro_money (integer (word[i]), currency),
                                                         integer (word[i + 1]), 0, rate));
    }
  return cobro_link_tax (link, out, error);
}

/* "<what> <currency> <arguments>", where what gives one amount. */
static gboolean
calculate (char **word, CobroCurrency currency, CobroMoney *out, GError **error)
{
  CobroMoney a = cobro_money (integer (word[2]), currency);

  if (g_str_equal (word[0], "tax"))
    return calculate_tax (word, currency, out, error);
  if (g_str_equal (word[0], "add"))
    return cobro_money_add (a, cobro_money (integer (word[3]), currency), out, error);
  if (g_str_equal (word[0], "subtract"))
    return cobro_money_subtract (a, cobro_money (integer (word[3]), currency), out, error);
  if (g_str_equal (word[0], "scale"))
    return cobro_money_scale (a, integer (word[3]), integer (word[4]),
                              g_str_equal (word[5], "even") ? COBRO_ROUND_HALF_EVEN : COBRO_ROUND_HALF_UP, out, error);
  if (g_str_equal (word[0], "from"))
    return cobro_money_from_decimal (word[2], currency, out, error);
  g_error ("unknown question %s", word[0]);
}

static void
answer_line (char **word)
{
  g_autoptr (GError) error = NULL;
  CobroMoney out = COBRO_MONEY_NONE;
  CobroCurrency currency = COBRO_CURRENCY_NONE;
  gboolean ok;

  if (!cobro_currency_from_code (word[1], &currency, &error))
    g_error ("%s: %s", word[1], error->message);
  if (g_str_equal (word[0], "split"))
    answer_split (word, currency);
  else if (g_str_equal (word[0], "to"))
    answer_text (cobro_money (integer (word[2]), currency));
  else
    {
      ok = calculate (word, currency, &out, &error);
      answer (ok, out, error);
    }
}

/* With "table" as argument: the currency table, for the comparison with independent lists. */
int
main (int argc, char **argv)
{
  char line[4096];

  if (argc > 1 && g_str_equal (argv[1], "table"))
    {
      for (guint i = 1; i <= cobro_currency_count (); i++)
        printf ("%s %u %s\n", cobro_currency_code ((CobroCurrency)i), cobro_currency_exponent ((CobroCurrency)i),
                cobro_currency_name ((CobroCurrency)i));
      return 0;
    }
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);

      answer_line (words);
    }
  return 0;
}
