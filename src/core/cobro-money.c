/* src/core/cobro-money.c — checked arithmetic on minor units. Compiled without floating-point registers
 * (-mgeneral-regs-only), so that a float anywhere in here does not build. Products are made in 128 bits and rounded
 * once. Layer: core. Any thread. */
#include "cobro-money.h"
#include "cobro-decimal.h"
#include "cobro-error.h"

typedef __int128 Wide;

CobroMoney
cobro_money (gint64 minor, CobroCurrency currency)
{
  return (CobroMoney){ .minor = minor, .currency = currency };
}

CobroMoney
cobro_money_zero (CobroCurrency currency)
{
  return cobro_money (0, currency);
}

gint64
cobro_money_minor (CobroMoney money)
{
  return money.minor;
}

CobroCurrency
cobro_money_currency (CobroMoney money)
{
  return money.currency;
}

const char *
cobro_money_code (CobroMoney money)
{
  return cobro_currency_code (money.currency);
}

gboolean
cobro_money_is_set (CobroMoney money)
{
  return money.currency != COBRO_CURRENCY_NONE;
}

gboolean
cobro_money_is_zero (CobroMoney money)
{
  return money.minor == 0;
}

gboolean
cobro_money_is_positive (CobroMoney money)
{
  return money.minor > 0;
}

gboolean
cobro_money_is_negative (CobroMoney money)
{
  return money.minor < 0;
}

gboolean
cobro_money_equal (CobroMoney a, CobroMoney b)
{
  return a.minor == b.minor && a.currency == b.currency;
}

int
cobro_money_compare (CobroMoney a, CobroMoney b)
{
  g_return_val_if_fail (a.currency == b.currency, 0);
  return (a.minor > b.minor) - (a.minor < b.minor);
}

gboolean
cobro_money_check (CobroMoney money, GError **error)
{
  if (money.minor > COBRO_MONEY_LIMIT || money.minor < -COBRO_MONEY_LIMIT)
    return cobro_error_set (error, COBRO_ERROR_OVERFLOW, "must be within %" G_GINT64_FORMAT " minor units",
                            COBRO_MONEY_LIMIT);
  return TRUE;
}

static gboolean
check_same (CobroMoney a, CobroMoney b, GError **error)
{
  if (a.currency != b.currency)
    return cobro_error_set (error, COBRO_ERROR_CURRENCY, "cannot calculate with \"%s\" and \"%s\" together",
                            cobro_money_code (a), cobro_money_code (b));
  return TRUE;
}

static gboolean
refuse_overflow (GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_OVERFLOW, "result exceeds 64 bits");
}

gboolean
cobro_money_add (CobroMoney a, CobroMoney b, CobroMoney *out_sum, GError **error)
{
  gint64 sum;

  g_return_val_if_fail (out_sum != NULL, FALSE);

  if (!check_same (a, b, error))
    return FALSE;
  if (__builtin_add_overflow (a.minor, b.minor, &sum))
    return refuse_overflow (error);

  *out_sum = cobro_money (sum, a.currency);
  return TRUE;
}

gboolean
cobro_money_subtract (CobroMoney a, CobroMoney b, CobroMoney *out_difference, GError **error)
{
  gint64 difference;

  g_return_val_if_fail (out_difference != NULL, FALSE);

  if (!check_same (a, b, error))
    return FALSE;
  if (__builtin_sub_overflow (a.minor, b.minor, &difference))
    return refuse_overflow (error);

  *out_difference = cobro_money (difference, a.currency);
  return TRUE;
}

gboolean
cobro_money_negate (CobroMoney a, CobroMoney *out_negative, GError **error)
{
  gint64 negative;

  g_return_val_if_fail (out_negative != NULL, FALSE);

  if (__builtin_sub_overflow (G_GINT64_CONSTANT (0), a.minor, &negative))
    return refuse_overflow (error);

  *out_negative = cobro_money (negative, a.currency);
  return TRUE;
}

/* @dividend ÷ @divisor; both modes treat negative amounts as the mirror of positive ones. */
static Wide
divide_rounded (Wide dividend, Wide divisor, CobroRounding rounding)
{
  Wide quotient = dividend / divisor;
  Wide twice = dividend % divisor * 2;
  Wide away = dividend < 0 ? -1 : 1;

  if (twice < 0)
    twice = -twice;
  if (twice < divisor)
    return quotient;
  if (twice > divisor)
    return quotient + away;

  switch (rounding)
    {
    case COBRO_ROUND_HALF_UP:
      return quotient + away;
    case COBRO_ROUND_HALF_EVEN:
      return quotient % 2 == 0 ? quotient : quotient + away;
    }
  g_return_val_if_reached (quotient);
}

gboolean
cobro_money_scale (CobroMoney a, gint64 numerator, gint64 denominator, CobroRounding rounding, CobroMoney *out_product,
                   GError **error)
{
  Wide product;

  g_return_val_if_fail (out_product != NULL && denominator > 0, FALSE);

  product = divide_rounded ((Wide)a.minor * numerator, denominator, rounding);
  if (product > G_MAXINT64 || product < G_MININT64)
    return refuse_overflow (error);

  *out_product = cobro_money ((gint64)product, a.currency);
  return TRUE;
}

/* One part of a split: what was cut off when its share was rounded down. */
typedef struct
{
  gsize index;
  Wide remainder;
} Share;

static int
compare_shares (gconstpointer a, gconstpointer b, gpointer unused)
{
  const Share *left = a, *right = b;

  if (left->remainder != right->remainder)
    return left->remainder > right->remainder ? -1 : 1;
  return (left->index > right->index) - (left->index < right->index);
}

static gboolean
sum_weights (const gint64 *weights, gsize n, Wide *out_sum, GError **error)
{
  Wide sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (weights[i] < 0)
        return cobro_error_set (error, COBRO_ERROR_INVALID, "cannot split by a negative weight");
      sum += weights[i];
    }
  if (sum == 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "cannot split without a weight above zero");
  *out_sum = sum;
  return TRUE;
}

gboolean
cobro_money_split (CobroMoney whole, const gint64 *weights, gsize n, CobroMoney *out_parts, GError **error)
{
  g_autofree Share *shares = NULL;
  Wide sum = 0, magnitude = whole.minor, rest;
  int sign = whole.minor < 0 ? -1 : 1;

  g_return_val_if_fail (n == 0 || (weights != NULL && out_parts != NULL), FALSE);

  if (!sum_weights (weights, n, &sum, error))
    return FALSE;

  magnitude *= sign; /* split the magnitude: credit notes mirror exactly */
  rest = magnitude;
  shares = g_new (Share, n);
  for (gsize i = 0; i < n; i++)
    {
      Wide share = magnitude * weights[i] / sum;

      shares[i] = (Share){ .index = i, .remainder = magnitude * weights[i] % sum };
      out_parts[i] = cobro_money ((gint64)(share * sign), whole.currency);
      rest -= share;
    }
  g_qsort_with_data (shares, (gint)n, sizeof (Share), compare_shares, NULL);
  for (gsize i = 0; rest > 0; i++, rest--) /* rest < n: each share lost less than one unit */
    out_parts[shares[i].index].minor += sign;
  return TRUE;
}

char *
cobro_money_to_decimal (CobroMoney money)
{
  return cobro_scaled_to_text (money.minor, cobro_currency_exponent (money.currency));
}

gboolean
cobro_money_from_decimal (const char *text, CobroCurrency currency, CobroMoney *out_money, GError **error)
{
  gint64 minor;

  g_return_val_if_fail (out_money != NULL && currency != COBRO_CURRENCY_NONE, FALSE);

  if (!cobro_scaled_from_text (text, cobro_currency_exponent (currency), &minor, error))
    return FALSE;

  *out_money = cobro_money (minor, currency);
  return TRUE;
}
