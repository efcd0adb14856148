/* src/document/cobro-qr-png.c — QR codes as PNG, by cairo. In a file of its own so that a program that draws none, as
 * the relay, needs no cairo and none of what cairo needs. Layer: document. Any thread. */
#include <cairo.h>

#include "cobro-error.h"
#include "cobro-qr.h"

#define PIXELS_MAX 64

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
