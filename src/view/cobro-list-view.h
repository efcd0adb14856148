/* src/view/cobro-list-view.h — rows of a list below the names of its columns, as cheap for a million as for ten. Its
 * rows are GtkListView's; what stands in them is made for the two dozen that are seen. Layer: view. Main thread. */
#pragma once
#include "cobro-list-cells.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_VIEW (cobro_list_view_get_type ())
G_DECLARE_FINAL_TYPE (CobroListView, cobro_list_view, COBRO, LIST_VIEW, GtkWidget)

/* A GtkScrollable. Signals: "activate" (guint position), by a click or Enter; "sorted": by another column, or the other
 * way round. */

/* Called once, before there are rows. @columns: static. @get_name: (nullable) what a row is called where it is ticked;
 * @get_address: (nullable) what it stands for when it is dragged away; both lend. */
void cobro_list_view_set_columns (CobroListView *self, const CobroListColumn *columns, gsize n, CobroListText get_name,
                                  CobroListText get_address);
/* Keeps @selection; (nullable) none any more. */
void cobro_list_view_set_selection (CobroListView *self, CobroListSelection *selection);
/* (transfer none) (nullable) */
CobroListSelection *cobro_list_view_get_selection (CobroListView *self);
/* The columns there is room for; @selecting: ticks stand before them. */
void cobro_list_view_arrange (CobroListView *self, gboolean narrow, gboolean selecting);
/* (nullable) the column that somebody chose to sort by. */
const CobroListColumn *cobro_list_view_get_sorted (CobroListView *self, gboolean *out_descending);
/* Whether a row has, or last had, the keyboard. */
gboolean cobro_list_view_has_focused_row (CobroListView *self);

G_END_DECLS
