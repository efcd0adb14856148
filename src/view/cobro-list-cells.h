/* src/view/cobro-list-cells.h — the cells of one row of a list, side by side: lent to whichever row is in view.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-list-columns.h"
#include "cobro-list-selection.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_CELLS (cobro_list_cells_get_type ())
G_DECLARE_FINAL_TYPE (CobroListCells, cobro_list_cells, COBRO, LIST_CELLS, GtkWidget)

/* Something that an item says, lent. */
typedef const char *(*CobroListText) (gpointer item);

/* What the rows of a list have in common. */
typedef struct
{
  CobroListColumns *columns;
  CobroListSelection *selection; /* where ticks go; NULL: nowhere yet */
  CobroListText get_name;        /* (nullable) what a tick is called after */
  CobroListText get_address;     /* (nullable) what a row stands for when it is dragged away */
} CobroListHow;

/* The cells of the columns shown now; @how is lent for as long as they live. */
GtkWidget *cobro_list_cells_new (const CobroListHow *how);
/* Shows the item of @list_item, and follows it; (nullable) nothing any more: the texts stay until others come. */
void cobro_list_cells_show (CobroListCells *self, GtkListItem *list_item);
/* Lets the columns know how wide its cells would be. */
void cobro_list_cells_tell_widths (CobroListCells *self);

G_END_DECLS
