/* src/core/cobro-decimal.h — quantities and rates: decimals scaled by 10^6 in int64.
 * Layer: core. Any thread. No floating point. */
#pragma once
#include <glib.h>

/* 1.5 is 1500000. A tax rate of 9.975 % is written 9.975 and kept as 9975000 (percent × 10^6). */
typedef gint64 CobroDecimal;
#define COBRO_DECIMAL_ONE G_GINT64_CONSTANT (1000000)

/* Parses optional '-', digits, optionally '.' and at most 6 digits. FALSE with COBRO_ERROR_INVALID or _OVERFLOW. */
gboolean cobro_decimal_from_text (const char *text, CobroDecimal *out_decimal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) the shortest exact text: "1.5", "10", "-0.000001". */
char *cobro_decimal_to_text (CobroDecimal decimal);
