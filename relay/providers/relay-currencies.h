/* relay/providers/relay-currencies.h — which currencies a provider takes, and in which units: the second table of
 * semantics.md "Money". Exponents differ from ISO's and from each other's (Stripe sends ISK and UGX with two decimals,
 * Razorpay MGA with two), so an amount is converted here and nowhere else. Layer: relay/providers. Pure. */
#pragma once
#include "cobro-money.h"

/* One currency at one provider. */
typedef struct
{
  char code[4];    /* "JPY" */
  guint8 exponent; /* digits of the provider's unit: 0, 2, 3; RELAY_CURRENCY_ISO */
  gint64 minimum;  /* least amount, in the provider's unit; ≥ 1 */
  gint64 maximum;  /* most, in the provider's unit */
  gint64 step;     /* amounts are multiples of it, in the provider's unit; ≥ 1 */
} RelayCurrencyRule;

#define RELAY_CURRENCY_ISO 255 /* as exponent: the digits that ISO 4217 gives the currency */

/* A provider's table. A currency without a line of its own takes @rest (code ""); where rest.maximum is 0 such
 * currencies are refused. */
typedef struct
{
  const RelayCurrencyRule *rules;
  guint n_rules;
  RelayCurrencyRule rest;
} RelayCurrencies;

/**
 * relay_currencies_to_provider:
 * @table: (nullable): NULL: every amount as it is
 * @out_units: (out): @money in the provider's unit
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at "currency" (not taken) or "amount" (less than the minimum, more than the
 * maximum, not a multiple of the step, more digits than the provider has), in words for the payer
 */
gboolean relay_currencies_to_provider (const RelayCurrencies *table, CobroMoney money, gint64 *out_units,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the currency is taken at all. */
gboolean relay_currencies_has (const RelayCurrencies *table, CobroCurrency currency);
/* The same for a part of an amount that was taken (a refund): neither minimum nor maximum. */
gboolean relay_currencies_part_to_provider (const RelayCurrencies *table, CobroMoney money, gint64 *out_units,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_currencies_from_provider:
 * @code: as the provider writes it, any case
 * @units: in the provider's unit, of either sign
 *
 * What the provider says is taken as it is: minimum, maximum and step are not looked at.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID: not a currency of ours, or not a whole number of our minor units
 */
gboolean relay_currencies_from_provider (const RelayCurrencies *table, const char *code, gint64 units,
                                         CobroMoney *out_money, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For providers whose amounts are decimal text in major units ("82.50", "82.5", "1000"): no floating point. At most the
 * currency's digits, zeros after them do no harm. */
char *relay_currencies_to_decimal (const RelayCurrencies *table, CobroMoney money,
                                   GError **error); /* (transfer full) */
gboolean relay_currencies_from_decimal (const RelayCurrencies *table, const char *code, const char *decimal,
                                        CobroMoney *out_money, GError **error) G_GNUC_WARN_UNUSED_RESULT;
