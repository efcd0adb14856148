/* src/document/cobro-sheet-private.h — what building and drawing of sheets share. Layer: document (private). */
#pragma once
#include "cobro-sheet.h"

typedef enum
{
  ITEM_TEXT,
  ITEM_BACK,
  ITEM_RULE,
  ITEM_QR,
  ITEM_PICTURE,
  ITEM_STAMP
} ItemKind;

/* Physical places within the page's text area: right-to-left is settled already. */
typedef struct
{
  ItemKind kind;
  double x, y, width, height;
  CobroColour colour;
  PangoLayout *layout;
  gboolean clip;
  char *url;
  CobroQr *qr;
  cairo_surface_t *picture;
} CobroItem;

typedef struct
{
  GPtrArray *items; /* (element-type CobroItem) */
  double height;
  guint flags;
} CobroBlock;

/* Where a block came to stand. */
typedef struct
{
  const CobroBlock *block;
  guint page;
  double y;
} CobroPlacement;

struct _CobroSheet
{
  CobroLocale *locale;
  CobroColour accent;
  gboolean rtl;
  double width, height, margin, top, bottom;
  PangoContext *context;
  GPtrArray *blocks; /* (element-type CobroBlock) */
  CobroBlock *open;  /* (nullable) */
  char *foot, *head, *watermark;
  CobroColour watermark_colour;
  GArray *placements; /* (element-type CobroPlacement); NULL until it is flowed */
  guint n_pages;
};

/* (transfer full) a layout of @width points, at most as high as a page. */
PangoLayout *cobro_sheet_layout (CobroSheet *sheet, const CobroPen *pen, const char *text, double width);
