/* relay/providers/razorpay/relay-razorpay-currencies.c — the currencies that Razorpay lists (international-payments,
 * "supported currencies"), in its smallest units. Against Stripe: ISK and UGX have no digits here, MGA has two; of
 * three digits the last one is 0. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#define MOST                                                                                                           \
  G_GINT64_CONSTANT (1000000000000) /* no limit that is written down: the account's is Razorpay's business             \
                                     */

/* The least amount is one rupee; of other currencies none is written down. */
static const RelayCurrencyRule rules[] = {
  { "AED", 2, 1, MOST, 1 },   { "ALL", 2, 1, MOST, 1 },   { "AMD", 2, 1, MOST, 1 },   { "AUD", 2, 1, MOST, 1 },
  { "AWG", 2, 1, MOST, 1 },   { "AZN", 2, 1, MOST, 1 },   { "BAM", 2, 1, MOST, 1 },   { "BBD", 2, 1, MOST, 1 },
  { "BDT", 2, 1, MOST, 1 },   { "BGN", 2, 1, MOST, 1 },   { "BHD", 3, 10, MOST, 10 }, { "BIF", 0, 1, MOST, 1 },
  { "BMD", 2, 1, MOST, 1 },   { "BND", 2, 1, MOST, 1 },   { "BOB", 2, 1, MOST, 1 },   { "BRL", 2, 1, MOST, 1 },
  { "BSD", 2, 1, MOST, 1 },   { "BTN", 2, 1, MOST, 1 },   { "BWP", 2, 1, MOST, 1 },   { "BZD", 2, 1, MOST, 1 },
  { "CAD", 2, 1, MOST, 1 },   { "CHF", 2, 1, MOST, 1 },   { "CLP", 0, 1, MOST, 1 },   { "CNY", 2, 1, MOST, 1 },
  { "COP", 2, 1, MOST, 1 },   { "CRC", 2, 1, MOST, 1 },   { "CUP", 2, 1, MOST, 1 },   { "CVE", 2, 1, MOST, 1 },
  { "CZK", 2, 1, MOST, 1 },   { "DJF", 0, 1, MOST, 1 },   { "DKK", 2, 1, MOST, 1 },   { "DOP", 2, 1, MOST, 1 },
  { "DZD", 2, 1, MOST, 1 },   { "EGP", 2, 1, MOST, 1 },   { "ETB", 2, 1, MOST, 1 },   { "EUR", 2, 1, MOST, 1 },
  { "FJD", 2, 1, MOST, 1 },   { "GBP", 2, 1, MOST, 1 },   { "GHS", 2, 1, MOST, 1 },   { "GIP", 2, 1, MOST, 1 },
  { "GMD", 2, 1, MOST, 1 },   { "GNF", 0, 1, MOST, 1 },   { "GTQ", 2, 1, MOST, 1 },   { "GYD", 2, 1, MOST, 1 },
  { "HKD", 2, 1, MOST, 1 },   { "HNL", 2, 1, MOST, 1 },   { "HRK", 2, 1, MOST, 1 },   { "HTG", 2, 1, MOST, 1 },
  { "HUF", 2, 1, MOST, 1 },   { "IDR", 2, 1, MOST, 1 },   { "ILS", 2, 1, MOST, 1 },   { "INR", 2, 100, MOST, 1 },
  { "IQD", 3, 10, MOST, 10 }, { "ISK", 0, 1, MOST, 1 },   { "JMD", 2, 1, MOST, 1 },   { "JOD", 3, 10, MOST, 10 },
  { "JPY", 0, 1, MOST, 1 },   { "KES", 2, 1, MOST, 1 },   { "KGS", 2, 1, MOST, 1 },   { "KHR", 2, 1, MOST, 1 },
  { "KMF", 0, 1, MOST, 1 },   { "KRW", 0, 1, MOST, 1 },   { "KWD", 3, 10, MOST, 10 }, { "KYD", 2, 1, MOST, 1 },
  { "KZT", 2, 1, MOST, 1 },   { "LAK", 2, 1, MOST, 1 },   { "LKR", 2, 1, MOST, 1 },   { "LRD", 2, 1, MOST, 1 },
  { "LSL", 2, 1, MOST, 1 },   { "MAD", 2, 1, MOST, 1 },   { "MDL", 2, 1, MOST, 1 },   { "MGA", 2, 1, MOST, 1 },
  { "MKD", 2, 1, MOST, 1 },   { "MMK", 2, 1, MOST, 1 },   { "MNT", 2, 1, MOST, 1 },   { "MOP", 2, 1, MOST, 1 },
  { "MUR", 2, 1, MOST, 1 },   { "MVR", 2, 1, MOST, 1 },   { "MWK", 2, 1, MOST, 1 },   { "MXN", 2, 1, MOST, 1 },
  { "MYR", 2, 1, MOST, 1 },   { "MZN", 2, 1, MOST, 1 },   { "NAD", 2, 1, MOST, 1 },   { "NGN", 2, 1, MOST, 1 },
  { "NIO", 2, 1, MOST, 1 },   { "NOK", 2, 1, MOST, 1 },   { "NPR", 2, 1, MOST, 1 },   { "NZD", 2, 1, MOST, 1 },
  { "OMR", 3, 10, MOST, 10 }, { "PEN", 2, 1, MOST, 1 },   { "PGK", 2, 1, MOST, 1 },   { "PHP", 2, 1, MOST, 1 },
  { "PKR", 2, 1, MOST, 1 },   { "PLN", 2, 1, MOST, 1 },   { "PYG", 0, 1, MOST, 1 },   { "QAR", 2, 1, MOST, 1 },
  { "RON", 2, 1, MOST, 1 },   { "RSD", 2, 1, MOST, 1 },   { "RUB", 2, 1, MOST, 1 },   { "RWF", 0, 1, MOST, 1 },
  { "SAR", 2, 1, MOST, 1 },   { "SCR", 2, 1, MOST, 1 },   { "SEK", 2, 1, MOST, 1 },   { "SGD", 2, 1, MOST, 1 },
  { "SLL", 2, 1, MOST, 1 },   { "SOS", 2, 1, MOST, 1 },   { "SVC", 2, 1, MOST, 1 },   { "SZL", 2, 1, MOST, 1 },
  { "THB", 2, 1, MOST, 1 },   { "TND", 3, 10, MOST, 10 }, { "TRY", 2, 1, MOST, 1 },   { "TTD", 2, 1, MOST, 1 },
  { "TWD", 2, 1, MOST, 1 },   { "TZS", 2, 1, MOST, 1 },   { "UAH", 2, 1, MOST, 1 },   { "UGX", 0, 1, MOST, 1 },
  { "USD", 2, 1, MOST, 1 },   { "UYU", 2, 1, MOST, 1 },   { "UZS", 2, 1, MOST, 1 },   { "VND", 0, 1, MOST, 1 },
  { "VUV", 0, 1, MOST, 1 },   { "XAF", 0, 1, MOST, 1 },   { "XCD", 2, 1, MOST, 1 },   { "XOF", 0, 1, MOST, 1 },
  { "XPF", 0, 1, MOST, 1 },   { "YER", 2, 1, MOST, 1 },   { "ZAR", 2, 1, MOST, 1 },   { "ZMW", 2, 1, MOST, 1 },
};

const RelayCurrencies relay_razorpay_currencies = { .rules = rules, .n_rules = G_N_ELEMENTS (rules) };
