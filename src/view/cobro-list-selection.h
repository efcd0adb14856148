/* src/view/cobro-list-selection.h — which rows are ticked. A GtkSelectionModel that selects nothing until selecting is
 * switched on, so that the same list opens a row on one click and collects rows in selection mode.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_SELECTION (cobro_list_selection_get_type ())
G_DECLARE_FINAL_TYPE (CobroListSelection, cobro_list_selection, COBRO, LIST_SELECTION, GObject)

/* Takes @model over. */
CobroListSelection *cobro_list_selection_new (GListModel *model);
/* Switching it off forgets what was ticked. */
void cobro_list_selection_set_enabled (CobroListSelection *self, gboolean enabled);
gboolean cobro_list_selection_get_enabled (CobroListSelection *self);
/* How many are ticked. */
guint cobro_list_selection_count (CobroListSelection *self);
/* Ticks or unticks one, leaving the others. */
void cobro_list_selection_set_ticked (CobroListSelection *self, guint position, gboolean ticked);

G_END_DECLS
