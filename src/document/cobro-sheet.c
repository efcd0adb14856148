/* src/document/cobro-sheet.c — building a sheet: texts are shaped and measured here, once. Layer: document (private).
 * Fonts come from this thread's font map, which keeps them from one document to the next. */
#include "cobro-sheet-private.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

/* Noto covers nearly every script; the others are what a desktop has without it. */
#define FAMILIES  "Noto Sans, Cantarell, DejaVu Sans, sans-serif"
#define MARGIN    46.0
#define LINES_MAX 44   /* of one text: fits on every page */
#define CHARS_MAX 4000 /* no field is longer */
#define TALLEST   560.0
#define ASCENT    1.069 /* of Noto Sans: texts of other scripts stand on the same line as what is beside them */

static void
item_free (CobroItem *item)
{
  g_clear_object (&item->layout);
  g_clear_pointer (&item->qr, cobro_qr_free);
  g_clear_pointer (&item->picture, cairo_surface_destroy);
  g_free (item->url);
  g_free (item);
}

static void
block_free (CobroBlock *block)
{
  g_ptr_array_unref (block->items);
  g_free (block);
}

static CobroBlock *
block_new (void)
{
  CobroBlock *block = g_new0 (CobroBlock, 1);

  block->items = g_ptr_array_new_with_free_func ((GDestroyNotify)item_free);
  return block;
}

/* The same shapes on paper and on every screen: no hinting, no rounding to pixels. */
static PangoContext *
make_context (CobroLocale *locale, gboolean rtl)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string (cobro_locale_get_tag (locale)));
  pango_context_set_base_dir (context, rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  cairo_font_options_destroy (options);
  return context;
}

CobroSheet *
cobro_sheet_new (CobroLocale *locale, const char *accent, gboolean letter)
{
  CobroSheet *sheet = g_new0 (CobroSheet, 1);

  sheet->locale = cobro_locale_ref (locale);
  sheet->accent = cobro_accent_parse (accent);
  sheet->rtl = cobro_locale_is_rtl (locale);
  sheet->width = letter ? 612 : 595.276;
  sheet->height = letter ? 792 : 841.89;
  sheet->margin = MARGIN;
  sheet->top = MARGIN;
  sheet->bottom = sheet->height - MARGIN - 14;
  sheet->context = make_context (locale, sheet->rtl);
  sheet->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify)block_free);
  return sheet;
}

void
cobro_sheet_free (CobroSheet *sheet)
{
  if (sheet == NULL)
    return;
  g_clear_pointer (&sheet->placements, g_array_unref);
  g_clear_pointer (&sheet->open, block_free);
  g_ptr_array_unref (sheet->blocks);
  g_object_unref (sheet->context);
  cobro_locale_unref (sheet->locale);
  g_free (sheet->foot);
  g_free (sheet->head);
  g_free (sheet->watermark);
  g_free (sheet);
}

CobroLocale *
cobro_sheet_get_locale (CobroSheet *sheet)
{
  return sheet->locale;
}

double
cobro_sheet_get_width (CobroSheet *sheet)
{
  return sheet->width - 2 * sheet->margin;
}

CobroColour
cobro_sheet_accent_text (CobroSheet *sheet)
{
  return cobro_accent_on (sheet->accent, COBRO_COLOUR_WHITE, 450);
}

CobroColour
cobro_sheet_accent_tint (CobroSheet *sheet)
{
  return cobro_accent_tint (cobro_sheet_accent_text (sheet), COBRO_COLOUR_WHITE, 7);
}

/* ── Texts ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
add_attribute (PangoAttrList *list, PangoAttribute *attribute, guint from)
{
  attribute->start_index = from;
  pango_attr_list_insert (list, attribute);
}

/* Tabular, lining figures everywhere: sums stand in columns. Below a lead line everything is smaller and dimmer. */
static PangoAttrList *
make_attributes (const CobroPen *pen, const char *text)
{
  PangoAttrList *list = pango_attr_list_new ();
  const char *rest = pen->lead ? strchr (text, '\n') : NULL;

  pango_attr_list_insert (list, pango_attr_font_features_new ("tnum=1, lnum=1"));
  if (rest == NULL)
    return list;
  add_attribute (list, pango_attr_size_new ((int)(pen->size * 0.88 * PANGO_SCALE)), (guint)(rest - text));
  add_attribute (list, pango_attr_foreground_new (COBRO_DIM.r * 257, COBRO_DIM.g * 257, COBRO_DIM.b * 257),
                 (guint)(rest - text));
  return list;
}

/* Pango turns left and right around in paragraphs that it finds to read the other way than the document; the side that
 * is wanted is the document's. */
static PangoAlignment
alignment_of (CobroSheet *sheet, const CobroPen *pen, const char *text)
{
  gboolean right = (pen->side == COBRO_SIDE_END) != sheet->rtl;
  int found = pen->foreign ? cobro_text_direction (text) : 0;
  gboolean turned = found != 0 && (found > 0) != sheet->rtl;

  if (pen->side == COBRO_SIDE_CENTRE)
    return PANGO_ALIGN_CENTER;
  return right != turned ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

static void
set_text (PangoLayout *layout, const CobroPen *pen, const char *text)
{
  PangoAttrList *attributes = make_attributes (pen, text);

  pango_layout_set_text (layout, text, -1);
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

/* Ends after @lines lines with "…". */
static void
cut (PangoLayout *layout, const CobroPen *pen, guint lines)
{
  const char *text = pango_layout_get_text (layout);
  PangoLayoutLine *line = pango_layout_get_line_readonly (layout, (int)lines - 1);
  g_autofree char *head = g_strndup (text, (gsize)(line->start_index + line->length));
  const char *end = g_utf8_find_prev_char (head, head + strlen (head));
  g_autofree char *shorter = g_strndup (head, end != NULL ? (gsize)(end - head) : 0);
  g_autofree char *clipped = g_strconcat (g_strchomp (shorter), "…", NULL);

  set_text (layout, pen, clipped);
}

/* More short lines than a page takes become one paragraph, so that no word is lost before it must be. */
static void
flatten (char *text, guint lines)
{
  guint breaks = 0;

  for (const char *p = text; *p != '\0'; p++)
    breaks += *p == '\n';
  if (breaks >= lines)
    g_strdelimit (text, "\n", ' ');
}

static gboolean
is_too_high (PangoLayout *layout, guint lines)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  return (guint)pango_layout_get_line_count (layout) > lines || logical.height > TALLEST * PANGO_SCALE;
}

static void
shorten (PangoLayout *layout, const CobroPen *pen, guint lines)
{
  for (guint most = lines; most > 0 && is_too_high (layout, lines); most /= 2)
    if ((guint)pango_layout_get_line_count (layout) > most)
      cut (layout, pen, most);
}

PangoLayout *
cobro_sheet_layout (CobroSheet *sheet, const CobroPen *pen, const char *text, double width)
{
  PangoLayout *layout = pango_layout_new (sheet->context);
  PangoFontDescription *font = pango_font_description_from_string (FAMILIES);
  g_autofree char *block = cobro_clean_block (text);
  g_autofree char *clipped = cobro_clip (block, CHARS_MAX);

  if (pen->lines == 0)
    flatten (clipped, LINES_MAX);
  pango_font_description_set_absolute_size (font, pen->size * PANGO_SCALE);
  pango_font_description_set_weight (font, pen->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_auto_dir (layout, pen->foreign);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (width > 0)
    {
      pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
      pango_layout_set_alignment (layout, alignment_of (sheet, pen, clipped));
    }
  set_text (layout, pen, clipped);
  shorten (layout, pen, pen->lines > 0 ? pen->lines : LINES_MAX);
  return layout;
}

double
cobro_sheet_measure (CobroSheet *sheet, const CobroPen *pen, const char *text)
{
  g_autoptr (PangoLayout) layout = cobro_sheet_layout (sheet, pen, text, 0);
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  return ceil ((double)logical.width / PANGO_SCALE) + 0.5;
}

/* ── Items ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroItem *
add_item (CobroSheet *sheet, ItemKind kind, CobroColour colour, double x, double y, double width, double height)
{
  CobroItem *item = g_new0 (CobroItem, 1);

  if (sheet->open == NULL)
    sheet->open = block_new ();
  item->kind = kind;
  item->colour = colour;
  item->x = sheet->rtl ? cobro_sheet_get_width (sheet) - x - width : x;
  item->y = y;
  item->width = width;
  item->height = height;
  g_ptr_array_add (sheet->open->items, item);
  return item;
}

double
cobro_sheet_text (CobroSheet *sheet, const CobroPen *pen, const char *text, double x, double y, double width)
{
  CobroItem *item = add_item (sheet, ITEM_TEXT, pen->colour, x, y, width, 0);
  PangoRectangle logical;
  double drop;

  item->layout = cobro_sheet_layout (sheet, pen, text, width);
  drop = MAX (0, ASCENT * pen->size - (double)pango_layout_get_baseline (item->layout) / PANGO_SCALE);
  item->y += drop;
  item->clip = pen->foreign;
  item->url = g_strdup (pen->url);
  pango_layout_get_extents (item->layout, NULL, &logical);
  item->height = (double)logical.height / PANGO_SCALE;
  return item->height + drop;
}

void
cobro_sheet_back (CobroSheet *sheet, CobroColour colour, double x, double y, double width, double height)
{
  add_item (sheet, ITEM_BACK, colour, x, y, width, height);
  g_ptr_array_insert (sheet->open->items, 0, g_ptr_array_steal_index (sheet->open->items, sheet->open->items->len - 1));
}

void
cobro_sheet_rule (CobroSheet *sheet, CobroColour colour, double x, double y, double width, double thickness)
{
  add_item (sheet, ITEM_RULE, colour, x, y, width, thickness);
}

gboolean
cobro_sheet_qr (CobroSheet *sheet, const char *text, double x, double y, double side)
{
  CobroQr *qr = cobro_qr_new (text, NULL);

  if (qr == NULL)
    return FALSE;
  add_item (sheet, ITEM_QR, COBRO_COLOUR_BLACK, x, y, side, side)->qr = qr;
  return TRUE;
}

void
cobro_sheet_picture (CobroSheet *sheet, cairo_surface_t *picture, double x, double y, double width, double height)
{
  add_item (sheet, ITEM_PICTURE, COBRO_COLOUR_BLACK, x, y, width, height)->picture = cairo_surface_reference (picture);
}

void
cobro_sheet_stamp (CobroSheet *sheet, CobroColour colour, const char *text, double x, double y)
{
  CobroPen pen = { .size = 30, .bold = TRUE, .lines = 1 };
  double width = cobro_sheet_measure (sheet, &pen, text);
  CobroItem *item = add_item (sheet, ITEM_STAMP, colour, x, y, width, 0);
  PangoRectangle logical;

  item->layout = cobro_sheet_layout (sheet, &pen, text, 0);
  pango_layout_get_extents (item->layout, NULL, &logical);
  item->height = (double)logical.height / PANGO_SCALE;
}

void
cobro_sheet_end (CobroSheet *sheet, double height, guint flags)
{
  if (sheet->open == NULL)
    return;
  sheet->open->height = height;
  sheet->open->flags = flags;
  g_ptr_array_add (sheet->blocks, g_steal_pointer (&sheet->open));
}

void
cobro_sheet_space (CobroSheet *sheet, double height)
{
  sheet->open = block_new ();
  cobro_sheet_end (sheet, height, COBRO_BLOCK_PLAIN);
}

void
cobro_sheet_set_running (CobroSheet *sheet, const char *foot, const char *head)
{
  g_free (sheet->foot);
  g_free (sheet->head);
  sheet->foot = cobro_clean_line (foot);
  sheet->head = cobro_clean_line (head);
}

void
cobro_sheet_set_watermark (CobroSheet *sheet, const char *text, CobroColour colour)
{
  g_free (sheet->watermark);
  sheet->watermark = g_strdup (text);
  sheet->watermark_colour = colour;
}
