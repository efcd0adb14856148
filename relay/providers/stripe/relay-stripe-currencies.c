/* relay/providers/stripe/relay-stripe-currencies.c — what Stripe takes, in Stripe's units: whole units for the
 * currencies that it calls zero-decimal (MGA among them, which has two digits in ISO 4217), hundredths for ISK and UGX
 * that must be whole all the same, thousandths ending in 0 for dinars and rials. At most eight digits, more for three
 * currencies of small units. The minimums are those of accounts that are paid out in the same currency; where it is
 * converted first Stripe may ask for more, and says so. Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#define MOST 99999999

static const RelayCurrencyRule rules[] = {
  { "BIF", 0, 1, MOST, 1 },
  { "CLP", 0, 1, MOST, 1 },
  { "DJF", 0, 1, MOST, 1 },
  { "GNF", 0, 1, MOST, 1 },
  { "KMF", 0, 1, MOST, 1 },
  { "KRW", 0, 1, MOST, 1 },
  { "MGA", 0, 1, MOST, 1 },
  { "PYG", 0, 1, MOST, 1 },
  { "RWF", 0, 1, MOST, 1 },
  { "VND", 0, 1, MOST, 1 },
  { "VUV", 0, 1, MOST, 1 },
  { "XAF", 0, 1, MOST, 1 },
  { "XOF", 0, 1, MOST, 1 },
  { "XPF", 0, 1, MOST, 1 },
  { "ISK", 2, 100, MOST, 100 },
  { "UGX", 2, 100, MOST, 100 },
  { "BHD", 3, 10, MOST, 10 },
  { "JOD", 3, 10, MOST, 10 },
  { "KWD", 3, 10, MOST, 10 },
  { "OMR", 3, 10, MOST, 10 },
  { "TND", 3, 10, MOST, 10 },
  /* not at Stripe */
  { "CLF", 4, 1, 0, 1 },
  { "UYW", 4, 1, 0, 1 },
  { "UYI", 0, 1, 0, 1 },
  { "IQD", 3, 1, 0, 1 },
  { "LYD", 3, 1, 0, 1 },
  /* longer amounts */
  { "COP", 2, 1, G_GINT64_CONSTANT (9999999999), 1 },
  { "IDR", 2, 1, G_GINT64_CONSTANT (999999999999), 1 },
  /* the least that can be charged */
  { "JPY", 0, 50, MOST, 1 },
  { "USD", 2, 50, MOST, 1 },
  { "EUR", 2, 50, MOST, 1 },
  { "GBP", 2, 30, MOST, 1 },
  { "AUD", 2, 50, MOST, 1 },
  { "BRL", 2, 50, MOST, 1 },
  { "CAD", 2, 50, MOST, 1 },
  { "CHF", 2, 50, MOST, 1 },
  { "INR", 2, 50, 999999999, 1 },
  { "NZD", 2, 50, MOST, 1 },
  { "SGD", 2, 50, MOST, 1 },
  { "AED", 2, 200, MOST, 1 },
  { "BGN", 2, 100, MOST, 1 },
  { "CZK", 2, 1500, MOST, 1 },
  { "DKK", 2, 250, MOST, 1 },
  { "HKD", 2, 400, MOST, 1 },
  { "HUF", 2, 17500, MOST, 1 },
  { "MXN", 2, 1000, MOST, 1 },
  { "MYR", 2, 200, MOST, 1 },
  { "NOK", 2, 300, MOST, 1 },
  { "PLN", 2, 200, MOST, 1 },
  { "RON", 2, 200, MOST, 1 },
  { "SEK", 2, 300, MOST, 1 },
  { "THB", 2, 1000, MOST, 1 },
};

const RelayCurrencies relay_stripe_currencies = { rules, G_N_ELEMENTS (rules), { "", RELAY_CURRENCY_ISO, 1, MOST, 1 } };
