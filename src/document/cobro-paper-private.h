/* src/document/cobro-paper-private.h — what the kinds of paper share. Layer: document (private). */
#pragma once
#include "cobro-document-text.h"
#include "cobro-paper.h"
#include "cobro-sheet.h"

struct _CobroPaper
{
  CobroSheet *sheet;
  char *name;   /* of the file, without its end */
  char *title;  /* metadata */
  char *author; /* the seller */
  char *date;   /* RFC 3339, or "": what the document is dated, so that the same document is the same bytes */
};

/* Label and value in a strip. */
#define COBRO_PAPER_GAP 14.0

/* @country: the seller's. */
CobroPaper *cobro_paper_begin (const CobroPaperSetup *setup, const char *country);
void cobro_paper_name (CobroPaper *paper, const char *title, const char *number, const char *seller);

/* Blocks. Logo, or the seller's name where there is none, at the start; title and number at the end. */
void cobro_paper_head (CobroPaper *paper, const CobroPaperSetup *setup, const char *seller, const char *title,
                       const char *number);
/* Who writes, to whom, and where to: lines (element-type utf8) under headings, side by side; those without lines are
 * left out. */
typedef struct
{
  CobroWord heading;
  GPtrArray *lines;
} CobroPaperParty;
void cobro_paper_parties (CobroPaper *paper, const CobroPaperParty *parties, guint n_parties);
/* Labels over values, side by side, on a tinted band. */
void cobro_paper_strip (CobroPaper *paper, GPtrArray *rows);
/* A heading and text below, over the whole width; nothing for "". */
void cobro_paper_words (CobroPaper *paper, const char *heading, const char *text, gboolean quiet);
/* The row of a sum at the end side: returns its height. */
double cobro_paper_sum (CobroSheet *sheet, const CobroTextRow *row, double x, double y, double width);
/* The largest number of the page. */
double cobro_paper_big (CobroSheet *sheet, const char *label, const char *amount, const char *note, double x, double y,
                        double width);

/* A table: columns of one kind of document. */
typedef struct
{
  const char *heading;
  CobroSide side;
  double least, most; /* width; most 0: takes what is left */
  gboolean foreign;   /* cells are somebody's own words */
  gboolean strong;
} CobroColumn;
/* @cells: (element-type utf8) row by row, as many as @columns each. @notes: (nullable) (element-type utf8) one per row,
 * small print below the first cell; "" for none. */
void cobro_paper_table (CobroPaper *paper, const CobroColumn *columns, guint n_columns, GPtrArray *cells,
                        GPtrArray *notes);

/* (transfer full) the logo, ready to draw; NULL when there is none that can be read. */
cairo_surface_t *cobro_logo_load (GBytes *bytes);
