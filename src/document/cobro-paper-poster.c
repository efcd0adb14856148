/* src/document/cobro-paper-poster.c — what hangs on the wall or stands on the counter: who is paid, what for, how much,
 * and the code in large. Layer: document. */
#include "cobro-paper-private.h"

#define QR_SIDE    320.0
#define LOGO_SIDE  90.0
#define LOGO_SPACE 18.0

static double
add_logo (CobroSheet *sheet, GBytes *bytes, double width)
{
  cairo_surface_t *logo = bytes != NULL ? cobro_logo_load (bytes) : NULL;
  double w, h, scale;

  if (logo == NULL)
    return 0;
  w = cairo_image_surface_get_width (logo);
  h = cairo_image_surface_get_height (logo);
  scale = MIN (width * 0.5 / w, LOGO_SIDE / h);
  cobro_sheet_picture (sheet, logo, (width - w * scale) / 2, 0, w * scale, h * scale);
  cairo_surface_destroy (logo);
  return h * scale + LOGO_SPACE;
}

CobroPaper *
cobro_paper_new_poster (const char *title, const char *amount, const CobroPaperSetup *setup)
{
  CobroPaper *paper = cobro_paper_begin (setup, "");
  CobroSheet *sheet = paper->sheet;
  CobroLocale *locale = cobro_sheet_get_locale (sheet);
  CobroPen seller_pen = {
    .size = 22, .bold = TRUE, .side = COBRO_SIDE_CENTRE, .colour = COBRO_INK, .foreign = TRUE, .lines = 2
  };
  CobroPen title_pen = { .size = 18, .side = COBRO_SIDE_CENTRE, .colour = COBRO_INK, .foreign = TRUE, .lines = 3 };
  CobroPen amount_pen = {
    .size = 44, .bold = TRUE, .side = COBRO_SIDE_CENTRE, .lines = 2, .colour = cobro_sheet_accent_text (sheet)
  };
  CobroPen scan_pen = { .size = 13, .side = COBRO_SIDE_CENTRE, .colour = COBRO_DIM, .lines = 2 };
  CobroPen url_pen = {
    .size = 10.5, .side = COBRO_SIDE_CENTRE, .colour = COBRO_INK, .foreign = TRUE, .lines = 3, .url = setup->url
  };
  double width = cobro_sheet_get_width (sheet), y;
  gboolean fits;

  cobro_paper_name (paper, cobro_word (COBRO_WORD_PAY_ONLINE, locale), title, setup->seller ? setup->seller : "");
  paper->date = g_strdup ("");
  y = add_logo (sheet, setup->logo, width);
  if (setup->seller != NULL && *setup->seller != '\0')
    y += cobro_sheet_text (sheet, &seller_pen, setup->seller, 0, y, width) + 26;
  y += cobro_sheet_text (sheet, &title_pen, title, 0, y, width) + 6;
  y += cobro_sheet_text (sheet, &amount_pen, amount, 0, y, width) + 22;
  fits = setup->url != NULL && cobro_sheet_qr (sheet, setup->url, (width - QR_SIDE) / 2, y, QR_SIDE);
  if (fits)
    y += QR_SIDE + 18;
  y += cobro_sheet_text (sheet, &scan_pen, cobro_word (COBRO_WORD_SCAN, locale), 0, y, width) + 6;
  if (setup->url != NULL)
    y += cobro_sheet_text (sheet, &url_pen, setup->url, 0, y, width);
  cobro_sheet_end (sheet, y, COBRO_BLOCK_PLAIN);
  return paper;
}
