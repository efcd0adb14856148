/* src/core/cobro-money.h — amounts in minor units; overflow is an error, never a wrap.
 * Layer: core. No I/O, no locale: text for people is made in src/document. Any thread. */
#pragma once
#include <glib.h>
#include "cobro-currency.h"

typedef struct
{
  gint64 minor; /* private: lint allows access in cobro-money.c only */
  CobroCurrency currency;
} CobroMoney;

/* No amount on a document, link or payment exceeds this, in minor units (semantics: money, rule 4). */
#define COBRO_MONEY_LIMIT G_GINT64_CONSTANT (1000000000000)

typedef enum
{
  COBRO_ROUND_HALF_UP,
  COBRO_ROUND_HALF_EVEN
} CobroRounding; /* half up is away from zero */

/* The unset amount: 0 of no currency. */
#define COBRO_MONEY_NONE ((CobroMoney){ 0 })

/* Makes an amount. Any int64 is a value; use cobro_money_check() at the edges. */
CobroMoney cobro_money (gint64 minor, CobroCurrency currency);
CobroMoney cobro_money_zero (CobroCurrency currency);
gint64 cobro_money_minor (CobroMoney money);
CobroCurrency cobro_money_currency (CobroMoney money);
const char *cobro_money_code (CobroMoney money);

gboolean cobro_money_is_set (CobroMoney money); /* has a currency */
gboolean cobro_money_is_zero (CobroMoney money);
gboolean cobro_money_is_positive (CobroMoney money);
gboolean cobro_money_is_negative (CobroMoney money);
gboolean cobro_money_equal (CobroMoney a, CobroMoney b); /* same currency and amount */
/* <0, 0, >0; both must be of one currency (programmer error otherwise). */
int cobro_money_compare (CobroMoney a, CobroMoney b);

/**
 * cobro_money_check:
 * Checks |@money| ≤ %COBRO_MONEY_LIMIT.
 * Returns: %FALSE with %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_money_check (CobroMoney money, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_money_add:
 * @a: an amount
 * @b: an amount in the same currency
 * @out_sum: (out): a + b, in minor units of that currency; untouched on failure
 *
 * Returns: %FALSE with %COBRO_ERROR_CURRENCY or %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_money_add (CobroMoney a, CobroMoney b, CobroMoney *out_sum, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_money_subtract (CobroMoney a, CobroMoney b, CobroMoney *out_difference,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_money_negate (CobroMoney a, CobroMoney *out_negative, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_money_scale:
 * @numerator: multiplied by, in 128 bits
 * @denominator: divided by, > 0
 *
 * a × numerator ÷ denominator, rounded once.
 *
 * Returns: %FALSE with %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_money_scale (CobroMoney a, gint64 numerator, gint64 denominator, CobroRounding rounding,
                            CobroMoney *out_product, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_money_split:
 * @weights: @n non-negative weights, not all zero
 * @out_parts: (array length=n): parts that sum to @whole exactly (largest remainder; ties go to the earlier part)
 *
 * Returns: %FALSE with %COBRO_ERROR_OVERFLOW or %COBRO_ERROR_INVALID
 */
gboolean cobro_money_split (CobroMoney whole, const gint64 *weights, gsize n, CobroMoney *out_parts,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_money_to_decimal:
 *
 * Exact plain text with '.' and the currency's digits and nothing else: "1234.50", "-0.05", "500".
 *
 * Returns: (transfer full)
 */
char *cobro_money_to_decimal (CobroMoney money);

/**
 * cobro_money_from_decimal:
 * @text: optional '-', digits, optionally '.' and at most the currency's digits; nothing else, no locale
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID (too many decimals, other characters) or %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_money_from_decimal (const char *text, CobroCurrency currency, CobroMoney *out_money,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
