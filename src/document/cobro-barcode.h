/* src/document/cobro-barcode.h — Code 128 bar codes as SVG path data: what a shop's till reads from a payment
 * reference. Layer: document. Pure. */
#pragma once
#include <glib.h>

/**
 * cobro_barcode_to_path:
 * @text: what it says, 1 to 80 printable ASCII characters
 * @out_width: (out): its width in modules, with the quiet zones of 10 modules that readers need on either side
 *
 * Digits are packed two to a symbol (set C) where that is shorter (ISO/IEC 15417).
 *
 * Returns: (transfer full): the bars, one unit high, one unit per module: for the "d" of a path in the view box
 * "0 0 @out_width 1"; or %NULL with %COBRO_ERROR_INVALID
 */
char *cobro_barcode_to_path (const char *text, guint *out_width, GError **error);
