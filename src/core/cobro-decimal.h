/* src/core/cobro-decimal.h — quantities and rates: decimals scaled by 10^6 in int64.
 * Layer: core. Any thread. No floating point. */
#pragma once
#include <glib.h>

/* 1.5 is 1500000. A tax rate of 9.975 % is written 9.975 and kept as 9975000 (percent × 10^6). */
typedef gint64 CobroDecimal;
#define COBRO_DECIMAL_ONE G_GINT64_CONSTANT (1000000)

/* Parses optional '-', digits, optionally '.' and at most 6 digits. FALSE with COBRO_ERROR_INVALID or _OVERFLOW. */
gboolean cobro_decimal_from_text (const char *text, CobroDecimal *out_decimal,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) the shortest exact text: "1.5", "10", "-0.000001". */
char *cobro_decimal_to_text (CobroDecimal decimal);

/**
 * cobro_scaled_from_text:
 * @text: optional '-', digits, optionally '.' and at most @places digits; nothing else
 * @places: how many decimals @out_scaled counts: 0 to 6
 *
 * What decimals and amounts of money share: exact text to an integer scaled by 10^@places.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID or %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_scaled_from_text (const char *text, guint places, gint64 *out_scaled,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) @scaled with all @places decimals: (5, 2) is "0.05". */
char *cobro_scaled_to_text (gint64 scaled, guint places);
