/* src/view/cobro-list-row.h — a row of a list: as high as every other, and with nothing in it until it is in view. GTK
 * keeps some 200 rows, of which two dozen are seen. Layer: view. Main thread. */
#pragma once
#include "cobro-list-cells.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_ROW (cobro_list_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroListRow, cobro_list_row, COBRO, LIST_ROW, GtkWidget)

/* @list_item: lent, whose child the row becomes. @spare: (element-type CobroListCells) kept, takes the cells that the
 * row does not need any more. */
GtkWidget *cobro_list_row_new (GtkListItem *list_item, CobroListColumns *columns, GPtrArray *spare);
/* (nullable) the cells that it has borrowed. */
CobroListCells *cobro_list_row_get_cells (CobroListRow *self);
/* Puts @cells into it; they show nothing before it is refreshed. */
void cobro_list_row_borrow (CobroListRow *self, CobroListCells *cells);
/* The cells, if it has any, show nothing any more, and are spare. */
void cobro_list_row_give_back (CobroListRow *self);
/* The row stands for something else now: its cells must show it before they are seen. */
void cobro_list_row_forget (CobroListRow *self);
/* Lets its cells show what it stands for; FALSE: they do. */
gboolean cobro_list_row_refresh (CobroListRow *self);

G_END_DECLS
