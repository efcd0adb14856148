/* relay/checkout/relay-amount-text.h — amounts as payers type them into the page's field.
 * Layer: relay/checkout, private to it. Any thread. */
#pragma once
#include "cobro-money.h"

/**
 * relay_amount_from_text:
 * @text: "12.50", "12,50", "1.234,50", "1,234.50", "1 234,5", digits of any script
 *
 * Where two kinds of separator stand, the last is the decimal one; where one stands once, it is the decimal one, unless
 * three digits follow it that the currency cannot have as decimals: "1.234" EUR could be both and is refused, because a
 * wrong guess is a thousandfold.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID or %COBRO_ERROR_OVERFLOW at path "amount"
 */
gboolean relay_amount_from_text (const char *text, CobroCurrency currency, CobroMoney *out_amount,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
