/* src/document/cobro-paper-parts.c — the parts that papers are put together from: head, columns, strip, table, sums.
 * Layer: document. */
#include <string.h>

#include "cobro-paper-private.h"

#define LOGO_WIDTH  170.0
#define LOGO_HEIGHT 56.0
#define CELL_GAP    10.0
#define ROW_PAD     4.2
#define CELLS_MAX   12 /* columns of a table */

static const CobroPen heading_pen = { .size = 8, .colour = COBRO_DIM, .lines = 2 };
static const CobroPen name_pen = { .size = 10.5, .colour = COBRO_INK, .bold = TRUE, .foreign = TRUE, .lines = 6 };
static const CobroPen line_pen = { .size = 9, .colour = COBRO_INK, .foreign = TRUE, .lines = 6 };

/* ── Head ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static double
add_logo (CobroSheet *sheet, GBytes *bytes)
{
  cairo_surface_t *logo = bytes != NULL ? cobro_logo_load (bytes) : NULL;
  double width, height, scale;

  if (logo == NULL)
    return 0;
  width = cairo_image_surface_get_width (logo);
  height = cairo_image_surface_get_height (logo);
  scale = MIN (LOGO_WIDTH / width, LOGO_HEIGHT / height);
  cobro_sheet_picture (sheet, logo, 0, 0, width * scale, height * scale);
  cairo_surface_destroy (logo);
  return height * scale + 10;
}

void
cobro_paper_head (CobroPaper *paper, const CobroPaperSetup *setup, const char *seller, const char *title,
                  const char *number)
{
  CobroSheet *sheet = paper->sheet;
  double width = cobro_sheet_get_width (sheet), left = width * 0.54, right = width - left - COBRO_PAPER_GAP;
  CobroPen seller_pen = { .size = 17, .bold = TRUE, .colour = COBRO_INK, .foreign = TRUE, .lines = 3 };
  CobroPen title_pen = {
    .size = 19, .bold = TRUE, .side = COBRO_SIDE_END, .lines = 2, .colour = cobro_sheet_accent_text (sheet)
  };
  CobroPen number_pen = { .size = 12, .side = COBRO_SIDE_END, .lines = 3, .colour = COBRO_INK, .foreign = TRUE };
  double y = add_logo (sheet, setup->logo), below;

  if (y == 0)
    y = cobro_sheet_text (sheet, &seller_pen, seller, 0, 2.1, left);
  below = cobro_sheet_text (sheet, &title_pen, title, left + COBRO_PAPER_GAP, 0, right);
  if (*number != '\0')
    below += cobro_sheet_text (sheet, &number_pen, number, left + COBRO_PAPER_GAP, below + 1, right) + 1;
  cobro_sheet_end (sheet, MAX (y, below), COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 18);
}

/* ── Parties and strips ─────────────────────────────────────────────────────────────────────────────────────────── */

static double
add_party (CobroSheet *sheet, const CobroPaperParty *party, double x, double width)
{
  const char *heading = cobro_word (party->heading, cobro_sheet_get_locale (sheet));
  double y = cobro_sheet_text (sheet, &heading_pen, heading, x, 0, width) + 2;

  for (guint i = 0; i < party->lines->len; i++)
    y += cobro_sheet_text (sheet, i == 0 ? &name_pen : &line_pen, g_ptr_array_index (party->lines, i), x, y, width) + 1;
  return y;
}

void
cobro_paper_parties (CobroPaper *paper, const CobroPaperParty *parties, guint n_parties)
{
  CobroSheet *sheet = paper->sheet;
  guint n = 0, column = 0;
  double width, height = 0;

  for (guint i = 0; i < n_parties; i++)
    n += parties[i].lines->len > 0;
  if (n == 0)
    return;
  width = (cobro_sheet_get_width (sheet) - COBRO_PAPER_GAP * (MAX (n, 2) - 1)) / MAX (n, 2);
  for (guint i = 0; i < n_parties; i++)
    if (parties[i].lines->len > 0)
      {
        double bottom = add_party (sheet, &parties[i], column++ * (width + COBRO_PAPER_GAP), width);

        height = MAX (height, bottom);
      }
  cobro_sheet_end (sheet, height, COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 14);
}

void
cobro_paper_strip (CobroPaper *paper, GPtrArray *rows)
{
  CobroSheet *sheet = paper->sheet;
  CobroPen pen = { .size = 10, .bold = TRUE, .colour = COBRO_INK, .foreign = TRUE, .lines = 8 };
  double full = cobro_sheet_get_width (sheet), width, height = 0;

  if (rows->len == 0)
    return;
  width = (full - 2 * COBRO_PAPER_GAP) / rows->len;
  for (guint i = 0; i < rows->len; i++)
    {
      const CobroTextRow *row = g_ptr_array_index (rows, i);
      double x = COBRO_PAPER_GAP + i * width, y = 8;

      y += cobro_sheet_text (sheet, &heading_pen, row->label, x, y, width - 8) + 1;
      y += cobro_sheet_text (sheet, &pen, row->value, x, y, width - 8);
      height = MAX (height, y + 8);
    }
  cobro_sheet_back (sheet, cobro_sheet_accent_tint (sheet), 0, 0, full, height);
  cobro_sheet_end (sheet, height, COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 16);
}

void
cobro_paper_words (CobroPaper *paper, const char *heading, const char *text, gboolean quiet)
{
  CobroSheet *sheet = paper->sheet;
  CobroPen title = { .size = 9.5, .bold = TRUE, .colour = COBRO_INK, .lines = 1 };
  CobroPen pen = { .size = quiet ? 8 : 9, .colour = quiet ? COBRO_DIM : COBRO_INK, .foreign = TRUE };
  g_autofree char *block = cobro_clean_block (text);
  double width = cobro_sheet_get_width (sheet), y = 0;

  if (*block == '\0')
    return;
  if (*heading != '\0')
    y += cobro_sheet_text (sheet, &title, heading, 0, 0, width) + 3;
  y += cobro_sheet_text (sheet, &pen, block, 0, y, width);
  cobro_sheet_end (sheet, y + (quiet ? 4 : 12), COBRO_BLOCK_PLAIN);
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

double
cobro_paper_sum (CobroSheet *sheet, const CobroTextRow *row, double x, double y, double width)
{
  CobroPen pen = { .size = row->strong  ? 11
                           : row->light ? 8.5
                                        : 9.5,
                   .bold = row->strong,
                   .colour = row->light ? COBRO_DIM : COBRO_INK,
                   .lines = 6 };
  CobroPen label = pen;
  double amount = cobro_sheet_measure (sheet, &pen, row->value), first, second;

  amount = MIN (amount + 2, width * 0.7);
  label.colour = row->strong ? COBRO_INK : COBRO_DIM;
  pen.side = COBRO_SIDE_END;
  first = cobro_sheet_text (sheet, &label, row->label, x, y, width - amount - 8);
  second = cobro_sheet_text (sheet, &pen, row->value, x + width - amount, y, amount);
  return MAX (first, second) + (row->strong ? 6 : 4);
}

double
cobro_paper_big (CobroSheet *sheet, const char *label, const char *amount, const char *note, double x, double y,
                 double width)
{
  CobroPen label_pen = { .size = 9.5, .colour = COBRO_DIM, .lines = 2 };
  CobroPen pen = { .size = 25, .bold = TRUE, .colour = COBRO_INK, .lines = 1 };
  double inner = width - 28, natural = cobro_sheet_measure (sheet, &pen, amount), top = y;

  if (natural > inner)
    pen.size *= inner / natural;
  y += 9;
  y += cobro_sheet_text (sheet, &label_pen, label, x + 14, y, inner);
  y += cobro_sheet_text (sheet, &pen, amount, x + 14, y, inner);
  if (*note != '\0')
    y += cobro_sheet_text (sheet, &label_pen, note, x + 14, y, inner);
  y += 9;
  cobro_sheet_back (sheet, cobro_sheet_accent_tint (sheet), x, top, width, y - top);
  return y - top;
}

/* ── Table ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const CobroColumn *columns;
  guint n;
  double x[CELLS_MAX], width[CELLS_MAX];
} Table;

static CobroPen
cell_pen (const CobroColumn *column)
{
  return (CobroPen){ .size = 9.2,
                     .colour = COBRO_INK,
                     .bold = column->strong,
                     .side = column->side,
                     .foreign = column->foreign,
                     .lead = column->foreign };
}

static const CobroPen head_pen = { .size = 8, .colour = COBRO_DIM, .lines = 2 };

static double
widest (CobroSheet *sheet, const Table *table, guint column, GPtrArray *cells)
{
  CobroPen pen = cell_pen (&table->columns[column]);
  double width = cobro_sheet_measure (sheet, &head_pen, table->columns[column].heading);
  gsize longest = 0;
  double natural;

  for (guint i = column; i < cells->len; i += table->n)
    {
      const char *text = g_ptr_array_index (cells, i);
      gsize length = strlen (text);

      /* Figures are all of one width: only what is longer than anything before can be wider. */
      if (length <= longest)
        continue;
      longest = length;
      natural = cobro_sheet_measure (sheet, &pen, text);
      width = MAX (width, natural);
    }
  return width;
}

static void
set_widths (CobroSheet *sheet, Table *table, GPtrArray *cells)
{
  double left = cobro_sheet_get_width (sheet) - CELL_GAP * (table->n - 1), x = 0;

  for (guint i = 0; i < table->n; i++)
    if (table->columns[i].most > 0)
      {
        double natural = widest (sheet, table, i, cells);

        table->width[i] = CLAMP (natural, table->columns[i].least, table->columns[i].most);
        left -= table->width[i];
      }
  for (guint i = 0; i < table->n; i++)
    {
      if (table->columns[i].most <= 0)
        table->width[i] = left;
      table->x[i] = x;
      x += table->width[i] + CELL_GAP;
    }
}

static void
add_table_head (CobroSheet *sheet, const Table *table)
{
  double height = 0;

  for (guint i = 0; i < table->n; i++)
    {
      CobroPen pen = head_pen;
      double bottom;

      pen.side = table->columns[i].side;
      bottom = cobro_sheet_text (sheet, &pen, table->columns[i].heading, table->x[i], 0, table->width[i]);
      height = MAX (height, bottom);
    }
  cobro_sheet_rule (sheet, cobro_sheet_accent_text (sheet), 0, height + 5, cobro_sheet_get_width (sheet), 1.2);
  cobro_sheet_end (sheet, height + 7, COBRO_BLOCK_HEAD);
}

static void
add_table_row (CobroSheet *sheet, const Table *table, GPtrArray *cells, guint from, const char *note)
{
  CobroPen note_pen = { .size = 8, .colour = COBRO_DIM, .lines = 2 };
  double height = 0;

  for (guint i = 0; i < table->n; i++)
    {
      CobroPen pen = cell_pen (&table->columns[i]);
      double y = ROW_PAD;

      y += cobro_sheet_text (sheet, &pen, g_ptr_array_index (cells, from + i), table->x[i], y, table->width[i]);
      if (i == 0 && *note != '\0')
        y += cobro_sheet_text (sheet, &note_pen, note, table->x[i], y, table->width[i]);
      height = MAX (height, y);
    }
  cobro_sheet_rule (sheet, COBRO_LINE, 0, height + ROW_PAD, cobro_sheet_get_width (sheet), 0.6);
  cobro_sheet_end (sheet, height + ROW_PAD + 0.6, COBRO_BLOCK_ROW);
}

void
cobro_paper_table (CobroPaper *paper, const CobroColumn *columns, guint n_columns, GPtrArray *cells, GPtrArray *notes)
{
  Table table = { .columns = columns, .n = n_columns };

  g_return_if_fail (n_columns > 0 && n_columns <= CELLS_MAX && cells->len % n_columns == 0);

  set_widths (paper->sheet, &table, cells);
  add_table_head (paper->sheet, &table);
  for (guint row = 0; row * n_columns < cells->len; row++)
    add_table_row (paper->sheet, &table, cells, row * n_columns, notes != NULL ? g_ptr_array_index (notes, row) : "");
  cobro_sheet_space (paper->sheet, 14);
}
