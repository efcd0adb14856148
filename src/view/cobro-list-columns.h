/* src/view/cobro-list-columns.h — the columns of a list page: what stands in a cell, which columns there is room for,
 * and how wide they are. Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_LIST_NO_SORT -1

typedef struct
{
  const char *title; /* N_(); NULL: none */
  GtkWidget *(*create) (void);
  void (*show) (GtkWidget *cell, gpointer item);
  int sort; /* what ask() is told, or COBRO_LIST_NO_SORT */
  gboolean expand;
  gboolean narrow; /* shown when there is little room */
  gboolean wide;   /* shown when there is plenty */
} CobroListColumn;

/* Which columns are shown, and how wide each is: the same for the header and for every row. Reference counted. */
typedef struct _CobroListColumns CobroListColumns;

/* @columns: static. None is shown before cobro_list_columns_arrange(). */
CobroListColumns *cobro_list_columns_new (const CobroListColumn *columns, gsize n);
CobroListColumns *cobro_list_columns_ref (CobroListColumns *self);
void cobro_list_columns_unref (CobroListColumns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroListColumns, cobro_list_columns_unref)

/* The columns there is room for; @selecting: ticks stand before them. FALSE: nothing changed. */
gboolean cobro_list_columns_arrange (CobroListColumns *self, gboolean narrow, gboolean selecting);
/* Those that are shown. */
guint cobro_list_columns_count (CobroListColumns *self);
/* (nullable) the @i-th that is shown; NULL: the ticks. */
const CobroListColumn *cobro_list_columns_get (CobroListColumns *self, guint i);

/* What a column of the rows seen so far needs, in pixels, with its padding. Widths only grow, so that nothing moves
 * while one scrolls, until they are forgotten. */
void cobro_list_columns_want (CobroListColumns *self, guint i, int minimum, int natural);
void cobro_list_columns_forget_widths (CobroListColumns *self);
void cobro_list_columns_measure (CobroListColumns *self, int *minimum, int *natural);
/* Gives each its share of @width. FALSE: they are where they were. */
gboolean cobro_list_columns_spread (CobroListColumns *self, int width);
void cobro_list_columns_place (CobroListColumns *self, guint i, gboolean rtl, int *out_x, int *out_width);
/* What stands free in a cell: left is where the line begins. */
GtkBorder cobro_list_columns_get_padding (CobroListColumns *self, guint i);

/* FALSE: it is that high already. */
gboolean cobro_list_columns_set_row_height (CobroListColumns *self, int height);
int cobro_list_columns_get_row_height (CobroListColumns *self);

/* ── Cells ── */

/* A text at the beginning (end: numbers) of its cell, cut short where there is no room. */
GtkWidget *cobro_list_cell_text (void);
GtkWidget *cobro_list_cell_number (void);
/* Little room: a text, and below it a number and a status or a dim text. */
GtkWidget *cobro_list_cell_summary (void);
void cobro_list_cell_set_summary (GtkWidget *cell, const char *title, const char *number, const char *rest);

G_END_DECLS
