/* src/document/cobro-qr.c — QR codes by libqrencode; SVG as one path of row runs. PNG stands in cobro-qr-png.c.
 * Layer: document. Immutable after it is made. */
#include "cobro-qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "cobro-error.h"

#define TEXT_MAX 2000

struct _CobroQr
{
  QRcode *code;
};

CobroQr *
cobro_qr_new (const char *text, GError **error)
{
  gsize length = strlen (text);
  QRcode *code;
  CobroQr *qr;

  if (length == 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "nothing to encode"), NULL;
  if (length > TEXT_MAX)
    return cobro_error_set (error, COBRO_ERROR_TOO_LARGE, "a QR code holds at most %d bytes here", TEXT_MAX), NULL;
  if ((code = QRcode_encodeData ((int)length, (const guchar *)text, 0, QR_ECLEVEL_M)) == NULL)
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "cannot make the QR code: %s", g_strerror (errno)), NULL;

  qr = g_new0 (CobroQr, 1);
  qr->code = code;
  return qr;
}

void
cobro_qr_free (CobroQr *qr)
{
  if (qr == NULL)
    return;
  QRcode_free (qr->code);
  g_free (qr);
}

guint
cobro_qr_get_size (const CobroQr *qr)
{
  return (guint)qr->code->width;
}

gboolean
cobro_qr_is_dark (const CobroQr *qr, guint x, guint y)
{
  guint size = cobro_qr_get_size (qr);

  return x < size && y < size && (qr->code->data[y * size + x] & 1) != 0;
}

/* Where the run of dark modules that starts at (@x, @y) ends. */
static guint
run_end (const CobroQr *qr, guint x, guint y)
{
  while (cobro_qr_is_dark (qr, x, y))
    x++;
  return x;
}

char *
cobro_qr_to_svg (const CobroQr *qr)
{
  guint size = cobro_qr_get_size (qr);
  guint side = size + 2 * COBRO_QR_QUIET;
  GString *svg = g_string_sized_new (8192);

  g_string_append_printf (
    svg,
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
    "<path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path fill=\"#000\" d=\"",
    side, side, side, side);
  for (guint y = 0; y < size; y++)
    for (guint x = 0; x < size; x++)
      if (cobro_qr_is_dark (qr, x, y))
        {
          guint end = run_end (qr, x, y);

          g_string_append_printf (svg, "M%u %uh%uv1h-%uz", x + COBRO_QR_QUIET, y + COBRO_QR_QUIET, end - x, end - x);
          x = end;
        }
  g_string_append (svg, "\"/></svg>");
  return g_string_free (svg, FALSE);
}
