/* src/view/pages/cobro-link-columns.h — the columns of the list of links and what their cells show.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-link-selection.h"
#include "cobro-links.h"

G_BEGIN_DECLS

/* Adds all columns to @view. */
void cobro_link_columns_add (GtkColumnView *view, CobroLinkSelection *selection);
/* Shows few columns with the rest below the title (narrow), or all of them; with ticks in selection mode. */
void cobro_link_columns_arrange (GtkColumnView *view, gboolean narrow, gboolean selecting);
/* What the headers' arrows say. FALSE when no column sorts. */
gboolean cobro_link_columns_get_sort (GtkColumnView *view, CobroLinkSort *out_sort, gboolean *out_descending);

G_END_DECLS
