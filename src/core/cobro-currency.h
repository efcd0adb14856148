/* src/core/cobro-currency.h — ISO 4217 currencies and their exponents, compiled in.
 * Layer: core. Any thread. */
#pragma once
#include <glib.h>

/* An index into the table; 0 is "none". Not stable over releases: store and send the code. */
typedef guint16 CobroCurrency;
#define COBRO_CURRENCY_NONE ((CobroCurrency)0)

/* The date of the ISO 4217 list that the table was taken from. */
#define COBRO_CURRENCY_TABLE_DATE "2024-06-25"

/**
 * cobro_currency_from_code:
 * @code: three upper-case letters
 * @out_currency: (out): the currency; untouched on failure
 *
 * Refuses unknown codes, lower case, and codes that are not money one can pay with (XAU, XXX, XTS …).
 *
 * Returns: %FALSE with %COBRO_ERROR_CURRENCY
 */
gboolean cobro_currency_from_code (const char *code, CobroCurrency *out_currency,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The code: three letters, static; "" for none. */
const char *cobro_currency_code (CobroCurrency currency);
/* Minor units per major unit as a power of ten: 0 to 4. */
guint cobro_currency_exponent (CobroCurrency currency);
/* 10^exponent. */
gint64 cobro_currency_unit (CobroCurrency currency);
/* English name, static. */
const char *cobro_currency_name (CobroCurrency currency);
/* All currencies are 1 … count. */
guint cobro_currency_count (void);
