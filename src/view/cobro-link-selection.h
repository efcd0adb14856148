/* src/view/cobro-link-selection.h — which links are ticked. A GtkSelectionModel that selects nothing until selecting is
 * switched on, so that the same list opens a link on one click and collects links in selection mode.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_LINK_SELECTION (cobro_link_selection_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinkSelection, cobro_link_selection, COBRO, LINK_SELECTION, GObject)

/* Takes @model over. */
CobroLinkSelection *cobro_link_selection_new (GListModel *model);
/* Switching it off forgets what was ticked. */
void cobro_link_selection_set_enabled (CobroLinkSelection *self, gboolean enabled);
gboolean cobro_link_selection_get_enabled (CobroLinkSelection *self);
/* How many are ticked. */
guint cobro_link_selection_count (CobroLinkSelection *self);
/* Ticks or unticks one, leaving the others. */
void cobro_link_selection_set_ticked (CobroLinkSelection *self, guint position, gboolean ticked);

G_END_DECLS
