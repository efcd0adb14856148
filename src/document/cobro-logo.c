/* src/document/cobro-logo.c — the merchant's logo: PNG by cairo, JPEG by libjpeg (Debian's maintained libjpeg-turbo).
 * A JPEG is decoded rather than handed on as it is: previews need its pixels, a damaged one is found here and not in a
 * customer's viewer, and what a camera wrote beside the picture (place, time, owner) stays out of every invoice.
 * Layer: document. Any thread. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include "cobro-paper-private.h"

#define BYTES_MAX  (1024 * 1024)
#define SIDE_MAX   4096
#define PIXELS_MAX (8 * 1024 * 1024)
#define DRAWN_MAX  720 /* pixels of the longer side: 300 to the inch at the size it is printed */

/* ── PNG ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const guint8 *bytes;
  gsize left;
} Source;

static cairo_status_t
read_source (void *data, guchar *out, guint length)
{
  Source *source = data;

  if (length > source->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (out, source->bytes, length);
  source->bytes += length;
  source->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

static guint32
read_be32 (const guint8 *at)
{
  return ((guint32)at[0] << 24) | ((guint32)at[1] << 16) | ((guint32)at[2] << 8) | at[3];
}

static gboolean
is_fair_size (guint64 width, guint64 height)
{
  return width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX && width * height <= PIXELS_MAX;
}

/* Its size stands in the first chunk, which must be IHDR: a bomb is refused before anything is unpacked. */
static cairo_surface_t *
load_png (const guint8 *bytes, gsize length)
{
  Source source = { bytes, length };
  cairo_surface_t *picture;

  if (length < 33 || memcmp (bytes + 12, "IHDR", 4) != 0 ||
      !is_fair_size (read_be32 (bytes + 16), read_be32 (bytes + 20)))
    return NULL;
  picture = cairo_image_surface_create_from_png_stream (read_source, &source);
  if (cairo_surface_status (picture) == CAIRO_STATUS_SUCCESS)
    return picture;
  cairo_surface_destroy (picture);
  return NULL;
}

/* ── JPEG ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  struct jpeg_error_mgr manager;
  jmp_buf out;
} Trouble;

static void
on_error (j_common_ptr info)
{
  longjmp (((Trouble *)info->err)->out, 1);
}

static void
on_message (j_common_ptr info, int level)
{
}

static void
read_rows (struct jpeg_decompress_struct *jpeg, cairo_surface_t *picture)
{
  guint8 *pixels = cairo_image_surface_get_data (picture);
  int stride = cairo_image_surface_get_stride (picture);

  cairo_surface_flush (picture);
  while (jpeg->output_scanline < jpeg->output_height)
    {
      JSAMPROW row = pixels + (gsize)jpeg->output_scanline * (gsize)stride;

      jpeg_read_scanlines (jpeg, &row, 1);
    }
  cairo_surface_mark_dirty (picture);
}

/* Halves, quarters or eighths while unpacking: a photograph costs no more memory than it is printed with. */
static void
choose_scale (struct jpeg_decompress_struct *jpeg)
{
  guint side = MAX (jpeg->image_width, jpeg->image_height);

  jpeg->scale_num = 1;
  for (jpeg->scale_denom = 1; jpeg->scale_denom < 8 && side / (jpeg->scale_denom * 2) >= DRAWN_MAX;)
    jpeg->scale_denom *= 2;
  jpeg->out_color_space = G_BYTE_ORDER == G_LITTLE_ENDIAN ? JCS_EXT_BGRX : JCS_EXT_XRGB;
}

static cairo_surface_t *
load_jpeg (const guint8 *bytes, gsize length)
{
  struct jpeg_decompress_struct jpeg = { 0 };
  cairo_surface_t *volatile picture = NULL;
  Trouble trouble;

  jpeg.err = jpeg_std_error (&trouble.manager);
  trouble.manager.error_exit = on_error;
  trouble.manager.emit_message = on_message;
  if (setjmp (trouble.out) != 0)
    {
      jpeg_destroy_decompress (&jpeg);
      g_clear_pointer ((cairo_surface_t **)&picture, cairo_surface_destroy);
      return NULL;
    }
  jpeg_create_decompress (&jpeg);
  jpeg_mem_src (&jpeg, bytes, length);
  jpeg_read_header (&jpeg, TRUE);
  if (is_fair_size (jpeg.image_width, jpeg.image_height))
    {
      choose_scale (&jpeg);
      jpeg_start_decompress (&jpeg);
      picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)jpeg.output_width, (int)jpeg.output_height);
      if (cairo_surface_status (picture) == CAIRO_STATUS_SUCCESS)
        read_rows (&jpeg, picture);
    }
  jpeg_destroy_decompress (&jpeg);
  return picture;
}

/* ── Either ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) no larger than it is printed. @take_picture is consumed. */
static cairo_surface_t *
shrink (cairo_surface_t *take_picture)
{
  int width = cairo_image_surface_get_width (take_picture), height = cairo_image_surface_get_height (take_picture);
  double scale = DRAWN_MAX / (double)MAX (width, height);
  cairo_surface_t *small;
  cairo_t *cr;

  if (scale >= 1)
    return take_picture;
  small = cairo_image_surface_create (cairo_image_surface_get_format (take_picture), MAX (1, (int)(width * scale)),
                                      MAX (1, (int)(height * scale)));
  cr = cairo_create (small);
  cairo_scale (cr, cairo_image_surface_get_width (small) / (double)width,
               cairo_image_surface_get_height (small) / (double)height);
  cairo_set_source_surface (cr, take_picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BEST);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (take_picture);
  return small;
}

cairo_surface_t *
cobro_logo_load (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  cairo_surface_t *picture = NULL;

  if (length > BYTES_MAX)
    return NULL;
  if (length > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    picture = load_png (data, length);
  else if (length > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    picture = load_jpeg (data, length);
  return picture != NULL ? shrink (picture) : NULL;
}
