/* src/document/cobro-qr.c — QR codes by libqrencode; SVG as one path of row runs, PNG by cairo.
 * Layer: document. Immutable after it is made. */
#include "cobro-qr.h"

#include <cairo.h>
#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "cobro-error.h"

#define TEXT_MAX   2000
#define PIXELS_MAX 64

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

static cairo_status_t
append_png (void *data, const guchar *bytes, guint length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
cobro_qr_to_png (const CobroQr *qr, guint pixels, GError **error)
{
  guint size = cobro_qr_get_size (qr);
  int side = (int)((size + 2 * COBRO_QR_QUIET) * pixels);
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cairo;

  if (pixels == 0 || pixels > PIXELS_MAX)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "1 to %d pixels per module", PIXELS_MAX), NULL;

  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, side, side);
  cairo = cairo_create (surface);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_set_antialias (cairo, CAIRO_ANTIALIAS_NONE);
  for (guint y = 0; y < size; y++)
    for (guint x = 0; x < size; x++)
      if (cobro_qr_is_dark (qr, x, y))
        cairo_rectangle (cairo, (x + COBRO_QR_QUIET) * pixels, (y + COBRO_QR_QUIET) * pixels, pixels, pixels);
  cairo_fill (cairo);
  cairo_destroy (cairo);
  status = cairo_surface_write_to_png_stream (surface, append_png, png);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot write the PNG: %s", cairo_status_to_string (status)), NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&png));
}
