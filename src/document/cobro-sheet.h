/* src/document/cobro-sheet.h — a document as blocks of text, rules, codes and pictures, flowed over pages. A display
 * list: nothing is drawn before everything is measured, so that page one knows how many pages there are.
 * Layer: document (private). One thread. Positions are points from the start edge of the text (its right edge where the
 * language reads from right to left) and from the top of the block. */
#pragma once
#include <cairo.h>
#include <pango/pango.h>

#include "cobro-accent.h"
#include "cobro-qr.h"
#include "cobro-words.h"

typedef struct _CobroSheet CobroSheet;

typedef enum
{
  COBRO_SIDE_START,
  COBRO_SIDE_END,
  COBRO_SIDE_CENTRE
} CobroSide;

/* How a text looks. */
typedef struct
{
  double size;
  CobroColour colour;
  gboolean bold;
  CobroSide side;
  guint lines;      /* at most so many, the last with "…"; 0: as many as a page takes */
  gboolean foreign; /* somebody's own words: their direction is theirs, and they stay inside their box */
  gboolean lead;    /* the first line stands out from those below */
  const char *url;  /* (nullable) a link */
} CobroPen;

typedef enum
{
  COBRO_BLOCK_PLAIN = 0,
  COBRO_BLOCK_KEEP = 1 << 0, /* on one page with the block after it */
  COBRO_BLOCK_ROW = 1 << 1,  /* a row of the table: the table's head stands above it on every page */
  COBRO_BLOCK_HEAD = 1 << 2, /* the head of the table that follows */
} CobroBlockFlags;

#define COBRO_INK  ((CobroColour){ 27, 31, 36 })
#define COBRO_DIM  ((CobroColour){ 90, 100, 114 })
#define COBRO_LINE ((CobroColour){ 222, 226, 231 })

/* @letter: US Letter, not A4. */
CobroSheet *cobro_sheet_new (CobroLocale *locale, const char *accent, gboolean letter);
void cobro_sheet_free (CobroSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroSheet, cobro_sheet_free)

CobroLocale *cobro_sheet_get_locale (CobroSheet *sheet);
/* Width between the margins. */
double cobro_sheet_get_width (CobroSheet *sheet);
/* The accent as text on white, as it is, and as a background. */
CobroColour cobro_sheet_accent_text (CobroSheet *sheet);
CobroColour cobro_sheet_accent_tint (CobroSheet *sheet);

/* Every item goes into the block that is open; the first one opens it. Texts return their height. */
double cobro_sheet_text (CobroSheet *sheet, const CobroPen *pen, const char *text, double x, double y, double width);
/* How wide a text would be in one line. */
double cobro_sheet_measure (CobroSheet *sheet, const CobroPen *pen, const char *text);
/* A filled box, below all items of the block. */
void cobro_sheet_back (CobroSheet *sheet, CobroColour colour, double x, double y, double width, double height);
void cobro_sheet_rule (CobroSheet *sheet, CobroColour colour, double x, double y, double width, double thickness);
/* FALSE when the text does not fit into a code. */
gboolean cobro_sheet_qr (CobroSheet *sheet, const char *text, double x, double y, double side);
void cobro_sheet_picture (CobroSheet *sheet, cairo_surface_t *picture, double x, double y, double width, double height);
/* A word in a frame, a little askew. */
void cobro_sheet_stamp (CobroSheet *sheet, CobroColour colour, const char *text, double x, double y);
/* Closes the block. */
void cobro_sheet_end (CobroSheet *sheet, double height, guint flags);
/* An empty block; left out at the top of a page. */
void cobro_sheet_space (CobroSheet *sheet, double height);
/* What stands at the foot of each page beside its number, and at the head of each but the first. */
void cobro_sheet_set_running (CobroSheet *sheet, const char *foot, const char *head);
/* A word across every page, behind everything. */
void cobro_sheet_set_watermark (CobroSheet *sheet, const char *text, CobroColour colour);

/* The finished sheet: call after the last block. */
void cobro_sheet_get_size (CobroSheet *sheet, double *out_width, double *out_height);
guint cobro_sheet_n_pages (CobroSheet *sheet);
void cobro_sheet_draw (CobroSheet *sheet, cairo_t *cr, guint page);
