/* src/document/cobro-money-text.h — amounts as people write and read them, by locale (ICU), exact: digits go in and
 * come out as decimal text, never through floating point. Layer: document. Any thread. */
#pragma once
#include "cobro-decimal.h"
#include "cobro-locale.h"
#include "cobro-money.h"

/**
 * cobro_money_text:
 * @money: an amount with a currency
 *
 * "€12.50" (en), "12,50 €" (es), "$12.50" (en-US), and with the ISO code where the sign belongs to several currencies
 * and the locale's country does not decide: "USD 12.50" (en). Always the currency's own number of decimals.
 *
 * Returns: (transfer full): "" for an unset amount
 */
char *cobro_money_text (CobroMoney money, CobroLocale *locale);
/* (transfer full) always with the ISO code: "EUR 12.50", "12,50 EUR". */
char *cobro_money_text_with_code (CobroMoney money, CobroLocale *locale);
/* (transfer full) the number alone, no sign and no grouping, in the locale's digits: "1234,50". For entry fields. */
char *cobro_money_text_number (CobroMoney money, CobroLocale *locale);
/* (transfer full) the number alone, grouped, with the currency's digits: "1,234.50". For columns of a table. */
char *cobro_money_text_plain (CobroMoney money, CobroLocale *locale);
/* (transfer full) the same for a price per unit, exact decimal text with as many digits as it has: "0.0075". */
char *cobro_price_text_plain (const char *decimal, CobroCurrency currency, CobroLocale *locale);
/* (transfer full) what stands beside an entry: "€", "$", or the code where the sign is ambiguous. */
char *cobro_currency_sign (CobroCurrency currency, CobroLocale *locale);

/**
 * cobro_money_from_text:
 * @text: what somebody typed: with or without sign, code, grouping, any of the locale's or ASCII digits
 * @out_ambiguous: (out) (optional): whether another reading was possible ("1.234" with 3 digits after the only
 *   separator); show the amount back then
 *
 * Understands 1.234,50 · 1,234.50 · 12,34 · 12.34 · 1 234,50 · ١٢٫٣٤ in every locale: where two different separators
 * are present the last is the decimal one; where there is one it is the decimal one unless only grouping makes sense.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID (no number, too many decimals, negative) or %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_money_from_text (const char *text, CobroCurrency currency, CobroLocale *locale, CobroMoney *out_money,
                                gboolean *out_ambiguous, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) "1,234" · "1.234". */
char *cobro_number_text (gint64 number, CobroLocale *locale);
/* (transfer full) "1.5" · "1,5". */
char *cobro_decimal_text (CobroDecimal decimal, CobroLocale *locale);

/**
 * cobro_typed_decimal:
 * @text: what somebody typed for a quantity, a rate or a price per unit: digits of any script, grouping, a minus sign
 * @places: how many decimals are usual: three digits after the only separator are taken for a group below that
 * @out_ambiguous: (out) (optional): whether another reading was possible
 *
 * Read as by cobro_money_from_text(), without a currency beside it and however many decimals there are.
 *
 * Returns: (transfer full): plain decimal text ("-1234.5"), or %NULL with %COBRO_ERROR_INVALID
 */
char *cobro_typed_decimal (const char *text, guint places, CobroLocale *locale, gboolean *out_ambiguous,
                           GError **error);
/* (transfer full) plain decimal text with this locale's decimal separator and no grouping: "1234,5". For entry fields;
 * digits stay ASCII, which every locale reads back. */
char *cobro_decimal_entry_text (const char *decimal, CobroLocale *locale);
