/* src/document/cobro-qr.h — QR codes (libqrencode, byte mode, level M): modules to draw, SVG text, PNG bytes.
 * Layer: document. Immutable after it is made; any thread. */
#pragma once
#include <glib.h>

typedef struct _CobroQr CobroQr;

#define COBRO_QR_QUIET 4 /* modules of white around the code that readers need; SVG and PNG include them */

/**
 * cobro_qr_new:
 * @text: what it says, 1 to 2,000 bytes
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_TOO_LARGE or %COBRO_ERROR_INVALID
 */
CobroQr *cobro_qr_new (const char *text, GError **error);
void cobro_qr_free (CobroQr *qr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroQr, cobro_qr_free)

/* Modules per side, without the quiet zone. */
guint cobro_qr_get_size (const CobroQr *qr);
/* Whether the module in column @x, row @y is dark; FALSE outside. */
gboolean cobro_qr_is_dark (const CobroQr *qr, guint x, guint y);

/* (transfer full) a whole SVG document: black on white, quiet zone included, one unit per module; no size attributes,
 * so that it fills what it is put into. */
char *cobro_qr_to_svg (const CobroQr *qr);
/* (transfer full) PNG, quiet zone included, @pixels (1 … 64) per module. NULL with COBRO_ERROR_INVALID or
 * COBRO_ERROR_IO. */
GBytes *cobro_qr_to_png (const CobroQr *qr, guint pixels, GError **error);
