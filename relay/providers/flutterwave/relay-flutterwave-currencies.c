/* relay/providers/flutterwave/relay-flutterwave-currencies.c — which currencies Flutterwave collects, in major units
 * with the digits of ISO 4217. Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

/* Flutterwave publishes no least or greatest amount; it refuses what the card or the wallet does not carry. The
 * greatest is a document's (semantics: money, rule 4). What it does not name is not offered. */
#define MOST 1000000000000
#define TAKES(code)                                                                                                    \
  {                                                                                                                    \
    code, RELAY_CURRENCY_ISO, 1, MOST, 1                                                                               \
  }

static const RelayCurrencyRule rules[] = {
  TAKES ("AED"), TAKES ("ARS"), TAKES ("AUD"), TAKES ("BGN"), TAKES ("BRL"), TAKES ("CAD"), TAKES ("CHF"),
  TAKES ("CVE"), TAKES ("CZK"), TAKES ("DKK"), TAKES ("EGP"), TAKES ("ETB"), TAKES ("EUR"), TAKES ("GBP"),
  TAKES ("GHS"), TAKES ("GMD"), TAKES ("GNF"), TAKES ("HUF"), TAKES ("ILS"), TAKES ("INR"), TAKES ("JPY"),
  TAKES ("KES"), TAKES ("LRD"), TAKES ("MAD"), TAKES ("MUR"), TAKES ("MWK"), TAKES ("MXN"), TAKES ("MYR"),
  TAKES ("MZN"), TAKES ("NGN"), TAKES ("NOK"), TAKES ("NZD"), TAKES ("PLN"), TAKES ("RON"), TAKES ("RWF"),
  TAKES ("SAR"), TAKES ("SEK"), TAKES ("SGD"), TAKES ("SLE"), TAKES ("TRY"), TAKES ("TZS"), TAKES ("UGX"),
  TAKES ("USD"), TAKES ("XAF"), TAKES ("XOF"), TAKES ("ZAR"), TAKES ("ZMW"),
};

const RelayCurrencies relay_flutterwave_currencies = { .rules = rules, .n_rules = G_N_ELEMENTS (rules) };
