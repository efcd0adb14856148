/* relay/providers/relay-currencies.c — amounts in a provider's units and back, by its table; integers all the way.
 * Layer: relay/providers. Pure. */
#include "relay-currencies.h"

#include <string.h>

#include "cobro-currency.h"
#include "cobro-error.h"

static const RelayCurrencyRule anything = { "", RELAY_CURRENCY_ISO, 1, G_MAXINT64, 1 };

/* The line of a currency; NULL: it is not taken. */
static const RelayCurrencyRule *
find_rule (const RelayCurrencies *table, const char *code)
{
  if (table == NULL)
    return &anything;
  for (guint i = 0; i < table->n_rules; i++)
    if (strcmp (table->rules[i].code, code) == 0)
      return table->rules[i].maximum > 0 ? &table->rules[i] : NULL;
  return table->rest.maximum > 0 ? &table->rest : NULL;
}

gboolean
relay_currencies_has (const RelayCurrencies *table, CobroCurrency currency)
{
  return find_rule (table, cobro_currency_code (currency)) != NULL;
}

static guint
digits_of (const RelayCurrencyRule *rule, CobroCurrency currency)
{
  return rule->exponent != RELAY_CURRENCY_ISO ? rule->exponent : cobro_currency_exponent (currency);
}

/* @units × 10^(to − from), exactly. FALSE: not whole, or beyond 64 bits. */
static gboolean
rescale (gint64 units, guint from, guint to, gint64 *out_units)
{
  for (; from < to; from++)
    if (__builtin_mul_overflow (units, 10, &units))
      return FALSE;
  for (; from > to; from--)
    {
      if (units % 10 != 0)
        return FALSE;
      units /= 10;
    }
  *out_units = units;
  return TRUE;
}

/* An amount of the provider's, as the payer reads it: "0.50 USD". */
static char *
say_units (const RelayCurrencyRule *rule, CobroCurrency currency, gint64 units)
{
  CobroMoney money;
  gint64 minor;
  g_autofree char *decimal = NULL;

  if (!rescale (units, digits_of (rule, currency), cobro_currency_exponent (currency), &minor))
    return g_strdup_printf ("%" G_GINT64_FORMAT " (in %s of 10^-%u)", units, cobro_currency_code (currency),
                            digits_of (rule, currency));
  money = cobro_money (minor, currency);
  decimal = cobro_money_to_decimal (money);
  return g_strdup_printf ("%s %s", decimal, cobro_currency_code (currency));
}

static gboolean
check_limits (const RelayCurrencyRule *rule, CobroCurrency currency, gint64 units, GError **error)
{
  gint64 limit = units < rule->minimum ? rule->minimum : units > rule->maximum ? rule->maximum : rule->step;
  g_autofree char *said = say_units (rule, currency, limit);

  if (units < rule->minimum)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be at least %s here", said);
  if (units > rule->maximum)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be at most %s here", said);
  if (units % rule->step != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be a multiple of %s here", said);
  return TRUE;
}

/* The line and the units, before limits are looked at. */
static const RelayCurrencyRule *
convert (const RelayCurrencies *table, CobroMoney money, gint64 *out_units, GError **error)
{
  CobroCurrency currency = cobro_money_currency (money);
  const RelayCurrencyRule *rule = find_rule (table, cobro_money_code (money));

  if (rule == NULL)
    cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "%s is not taken here", cobro_money_code (money));
  else if (!rescale (cobro_money_minor (money), cobro_currency_exponent (currency), digits_of (rule, currency),
                     out_units))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "has more decimals than can be paid here");
      rule = NULL;
    }
  return rule;
}

gboolean
relay_currencies_to_provider (const RelayCurrencies *table, CobroMoney money, gint64 *out_units, GError **error)
{
  const RelayCurrencyRule *rule = convert (table, money, out_units, error);

  return rule != NULL && check_limits (rule, cobro_money_currency (money), *out_units, error);
}

gboolean
relay_currencies_part_to_provider (const RelayCurrencies *table, CobroMoney money, gint64 *out_units, GError **error)
{
  const RelayCurrencyRule *rule = convert (table, money, out_units, error);
  RelayCurrencyRule part;

  if (rule == NULL)
    return FALSE;
  part = *rule;
  part.minimum = 1;
  part.maximum = G_MAXINT64;
  return check_limits (&part, cobro_money_currency (money), *out_units, error);
}

static gboolean
find_currency (const char *code, CobroCurrency *out_currency, GError **error)
{
  g_autofree char *upper = g_ascii_strup (code, -1);

  return cobro_currency_from_code (upper, out_currency, NULL) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "is not a currency that we know");
}

/* What a provider says about a currency that it does not take by its table is read in the currency's own digits. */
static const RelayCurrencyRule *
rule_to_read (const RelayCurrencies *table, CobroCurrency currency)
{
  const RelayCurrencyRule *rule = find_rule (table, cobro_currency_code (currency));

  return rule != NULL ? rule : &anything;
}

gboolean
relay_currencies_from_provider (const RelayCurrencies *table, const char *code, gint64 units, CobroMoney *out_money,
                                GError **error)
{
  CobroCurrency currency;
  gint64 minor;

  if (!find_currency (code, &currency, error))
    return FALSE;
  if (!rescale (units, digits_of (rule_to_read (table, currency), currency), cobro_currency_exponent (currency),
                &minor))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not a whole number of %s's smallest unit",
                               cobro_currency_code (currency));
  *out_money = cobro_money (minor, currency);
  return cobro_money_check (*out_money, error);
}

char *
relay_currencies_to_decimal (const RelayCurrencies *table, CobroMoney money, GError **error)
{
  gint64 units;

  return relay_currencies_to_provider (table, money, &units, error) ? cobro_money_to_decimal (money) : NULL;
}

/* Without the zeros at its end that go beyond the currency's digits: "82.500" is 82.50. (transfer full) */
static char *
trim_zeros (const char *decimal, guint digits)
{
  char *text = g_strdup (decimal);
  char *point = strchr (text, '.');
  gsize keep = point != NULL ? (gsize)(point - text) + 1 + digits : 0;

  if (point == NULL)
    return text;
  for (gsize i = strlen (text); i > keep && text[i - 1] == '0'; i--)
    text[i - 1] = '\0';
  if (text[strlen (text) - 1] == '.')
    text[strlen (text) - 1] = '\0';
  return text;
}

gboolean
relay_currencies_from_decimal (const RelayCurrencies *table, const char *code, const char *decimal,
                               CobroMoney *out_money, GError **error)
{
  g_autofree char *trimmed = NULL;
  CobroCurrency currency;

  if (!find_currency (code, &currency, error))
    return FALSE;
  trimmed = trim_zeros (decimal, cobro_currency_exponent (currency));
  return cobro_money_from_decimal (trimmed, currency, out_money, error);
}
