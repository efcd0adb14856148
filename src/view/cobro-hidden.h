/* src/view/cobro-hidden.h — pages that are not shown say so to assistive technology: GTK 4.8 leaves the children of
 * hidden stack and leaflet pages in the accessible tree otherwise. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

/* Keeps GTK_ACCESSIBLE_STATE_HIDDEN of every page in step with the visible one. */
void cobro_hidden_follow_stack (GtkStack *stack);
void cobro_hidden_follow_leaflet (AdwLeaflet *leaflet);

G_END_DECLS
