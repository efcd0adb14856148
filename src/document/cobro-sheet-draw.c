/* src/document/cobro-sheet-draw.c — flowing the blocks over pages, and drawing one. Layer: document (private). */
#include "cobro-sheet-private.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "cobro-money-text.h"

#define HEAD_HEIGHT 26.0

/* ── Flow ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroSheet *sheet;
  const CobroBlock *head; /* of the table that is open */
  guint page;
  double y;
} Flow;

static void
place (Flow *flow, const CobroBlock *block)
{
  CobroPlacement placement = { .block = block, .page = flow->page, .y = flow->y };

  g_array_append_val (flow->sheet->placements, placement);
  flow->y += block->height;
}

static void
turn_page (Flow *flow, const CobroBlock *next)
{
  flow->page++;
  flow->y = flow->sheet->top + HEAD_HEIGHT;
  if ((next->flags & COBRO_BLOCK_ROW) != 0 && flow->head != NULL)
    place (flow, flow->head);
}

/* What must stand on one page from @i on. */
static double
height_together (CobroSheet *sheet, guint i)
{
  const CobroBlock *block = g_ptr_array_index (sheet->blocks, i);
  double height = block->height;

  while ((block->flags & (COBRO_BLOCK_KEEP | COBRO_BLOCK_HEAD)) != 0 && i + 1 < sheet->blocks->len)
    {
      block = g_ptr_array_index (sheet->blocks, ++i);
      height += block->height;
    }
  return height;
}

static void
flow_block (Flow *flow, guint i)
{
  const CobroBlock *block = g_ptr_array_index (flow->sheet->blocks, i);
  double top = flow->sheet->top + (flow->page > 0 ? HEAD_HEIGHT : 0);
  gboolean at_top = flow->y <= top;

  if ((block->flags & COBRO_BLOCK_ROW) == 0)
    flow->head = NULL;
  if (!at_top && flow->y + height_together (flow->sheet, i) > flow->sheet->bottom)
    {
      turn_page (flow, block);
      at_top = TRUE;
    }
  if ((block->flags & COBRO_BLOCK_HEAD) != 0)
    flow->head = block;
  if (block->items->len > 0 || !at_top)
    place (flow, block);
}

static void
flow_all (CobroSheet *sheet)
{
  Flow flow = { .sheet = sheet, .y = sheet->top };

  if (sheet->placements != NULL)
    return;
  sheet->placements = g_array_new (FALSE, FALSE, sizeof (CobroPlacement));
  for (guint i = 0; i < sheet->blocks->len; i++)
    flow_block (&flow, i);
  sheet->n_pages = flow.page + 1;
}

void
cobro_sheet_get_size (CobroSheet *sheet, double *out_width, double *out_height)
{
  *out_width = sheet->width;
  *out_height = sheet->height;
}

guint
cobro_sheet_n_pages (CobroSheet *sheet)
{
  flow_all (sheet);
  return sheet->n_pages;
}

/* ── Drawing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
set_colour (cairo_t *cr, CobroColour colour)
{
  cairo_set_source_rgb (cr, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
}

static void
round_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* A link's attributes are a small language of their own: an address that could speak it is only printed. */
static gboolean
may_link (const char *url)
{
  return url != NULL && (g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://")) &&
         strpbrk (url, "'\\ \t\r\n") == NULL && g_str_is_ascii (url);
}

static void
draw_text (cairo_t *cr, const CobroItem *item)
{
  gboolean link = may_link (item->url);

  cairo_save (cr);
  if (item->clip)
    {
      cairo_rectangle (cr, item->x - 1, item->y, item->width + 2, item->height + 1);
      cairo_clip (cr);
    }
  if (link)
    {
      g_autofree char *attributes = g_strdup_printf ("uri='%s'", item->url);

      cairo_tag_begin (cr, CAIRO_TAG_LINK, attributes);
    }
  set_colour (cr, item->colour);
  cairo_move_to (cr, item->x, item->y);
  pango_cairo_show_layout (cr, item->layout);
  if (link)
    cairo_tag_end (cr, CAIRO_TAG_LINK);
  cairo_restore (cr);
}

/* Runs of dark modules as one path: one fill, so that no viewer leaves seams between them. */
static void
draw_qr (cairo_t *cr, const CobroItem *item)
{
  guint size = cobro_qr_get_size (item->qr);
  double module = item->width / (size + 2 * COBRO_QR_QUIET);

  set_colour (cr, COBRO_COLOUR_WHITE);
  cairo_rectangle (cr, item->x, item->y, item->width, item->height);
  cairo_fill (cr);
  for (guint y = 0; y < size; y++)
    for (guint x = 0, run; x < size; x += MAX (run, 1))
      {
        for (run = 0; cobro_qr_is_dark (item->qr, x + run, y); run++)
          ;
        if (run > 0)
          cairo_rectangle (cr, item->x + (x + COBRO_QR_QUIET) * module, item->y + (y + COBRO_QR_QUIET) * module,
                           run * module, module);
      }
  set_colour (cr, item->colour);
  cairo_fill (cr);
}

static void
draw_picture (cairo_t *cr, const CobroItem *item)
{
  cairo_save (cr);
  cairo_translate (cr, item->x, item->y);
  cairo_scale (cr, item->width / cairo_image_surface_get_width (item->picture),
               item->height / cairo_image_surface_get_height (item->picture));
  cairo_set_source_surface (cr, item->picture, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

static void
draw_stamp (cairo_t *cr, const CobroItem *item)
{
  cairo_save (cr);
  cairo_translate (cr, item->x, item->y);
  cairo_rotate (cr, -0.07);
  set_colour (cr, item->colour);
  round_box (cr, 1, 1, item->width + 26, item->height + 10, 8);
  cairo_set_line_width (cr, 2.2);
  cairo_stroke (cr);
  cairo_move_to (cr, 14, 6);
  pango_cairo_show_layout (cr, item->layout);
  cairo_restore (cr);
}

static void
draw_item (cairo_t *cr, const CobroItem *item)
{
  switch (item->kind)
    {
    case ITEM_TEXT:
      draw_text (cr, item);
      return;
    case ITEM_BACK:
      set_colour (cr, item->colour);
      round_box (cr, item->x, item->y, item->width, item->height, 6);
      cairo_fill (cr);
      return;
    case ITEM_RULE:
      set_colour (cr, item->colour);
      cairo_rectangle (cr, item->x, item->y, item->width, item->height);
      cairo_fill (cr);
      return;
    case ITEM_QR:
      draw_qr (cr, item);
      return;
    case ITEM_PICTURE:
      draw_picture (cr, item);
      return;
    case ITEM_STAMP:
      draw_stamp (cr, item);
      return;
    }
}

static void
draw_running (CobroSheet *sheet, cairo_t *cr, const char *text, CobroSide side, double share, double y)
{
  CobroPen pen = { .size = 7.5, .colour = COBRO_DIM, .side = side, .lines = 1, .foreign = side == COBRO_SIDE_START };
  double full = cobro_sheet_get_width (sheet), width = full * share;
  g_autoptr (PangoLayout) layout = cobro_sheet_layout (sheet, &pen, text, width);
  gboolean right = (side == COBRO_SIDE_END) != sheet->rtl;

  set_colour (cr, pen.colour);
  cairo_move_to (cr, sheet->margin + (right ? full - width : 0), y);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_frame (CobroSheet *sheet, cairo_t *cr, guint page)
{
  g_autofree char *number = cobro_number_text ((gint64)page + 1, sheet->locale);
  g_autofree char *count = cobro_number_text (sheet->n_pages, sheet->locale);
  g_autofree char *text = cobro_words (COBRO_WORD_PAGE, sheet->locale, "page", number, "pages", count, NULL);
  double y = sheet->height - sheet->margin + 2;

  set_colour (cr, COBRO_LINE);
  cairo_rectangle (cr, sheet->margin, y - 6, cobro_sheet_get_width (sheet), 0.6);
  cairo_fill (cr);
  if (sheet->foot != NULL)
    draw_running (sheet, cr, sheet->foot, COBRO_SIDE_START, 0.78, y);
  draw_running (sheet, cr, text, COBRO_SIDE_END, 0.2, y);
}

static void
draw_watermark (CobroSheet *sheet, cairo_t *cr)
{
  CobroPen pen = { .size = 120, .bold = TRUE, .lines = 1 };
  double room = hypot (sheet->width, sheet->height) * 0.72, natural;
  g_autoptr (PangoLayout) layout = NULL;
  int width, height;

  if ((natural = cobro_sheet_measure (sheet, &pen, sheet->watermark)) > room)
    pen.size *= room / natural;
  layout = cobro_sheet_layout (sheet, &pen, sheet->watermark, 0);
  pango_layout_get_size (layout, &width, &height);
  cairo_save (cr);
  set_colour (cr, sheet->watermark_colour);
  cairo_translate (cr, sheet->width / 2, sheet->height / 2);
  cairo_rotate (cr, -atan2 (sheet->height, sheet->width));
  cairo_move_to (cr, -width / 2.0 / PANGO_SCALE, -height / 2.0 / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

void
cobro_sheet_draw (CobroSheet *sheet, cairo_t *cr, guint page)
{
  flow_all (sheet);
  g_return_if_fail (page < sheet->n_pages);

  if (sheet->watermark != NULL)
    draw_watermark (sheet, cr);
  if (page > 0 && sheet->head != NULL)
    draw_running (sheet, cr, sheet->head, COBRO_SIDE_START, 1, sheet->top);
  for (guint i = 0; i < sheet->placements->len; i++)
    {
      const CobroPlacement *placement = &g_array_index (sheet->placements, CobroPlacement, i);

      if (placement->page != page)
        continue;
      cairo_save (cr);
      cairo_translate (cr, sheet->margin, placement->y);
      for (guint j = 0; j < placement->block->items->len; j++)
        draw_item (cr, g_ptr_array_index (placement->block->items, j));
      cairo_restore (cr);
    }
  draw_frame (sheet, cr, page);
}
