/* src/view/cobro-list-columns.h — the columns of a list page: what stands in a cell, which columns there is room for,
 * by which one the list is sorted, and the ticks of selection mode. Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-list-selection.h"

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

/* @columns: static. @get_address: (nullable) lent, the address that a row stands for when it is dragged away. */
void cobro_list_columns_add (GtkColumnView *view, const CobroListColumn *columns, gsize n,
                             const char *(*get_address) (gpointer item));
/* A first column of ticks, shown while one selects. @get_name: lent, what the item is called. */
void cobro_list_columns_add_ticks (GtkColumnView *view, CobroListSelection *selection,
                                   const char *(*get_name) (gpointer item));
/* Tab goes through the row that has the keyboard and on to what follows the list; the arrows go from row to row.
 * GTK 4.8 would stop at every one of them. */
void cobro_list_columns_take_tab (GtkColumnView *view);
void cobro_list_columns_arrange (GtkColumnView *view, gboolean narrow, gboolean selecting);
/* (nullable) the column whose header was clicked. */
const CobroListColumn *cobro_list_columns_sorted (GtkColumnView *view, gboolean *out_descending);

/* ── Cells ── */

/* A text at the beginning (end: numbers) of its cell, cut short where there is no room. */
GtkWidget *cobro_list_cell_text (void);
GtkWidget *cobro_list_cell_number (void);
/* Little room: a text, and below it a number and a status or a dim text. */
GtkWidget *cobro_list_cell_summary (void);
void cobro_list_cell_set_summary (GtkWidget *cell, const char *title, const char *number, const char *rest);

G_END_DECLS
