/* src/view/cobro-paper-pages.h — the pages of a document on the screen, one below the other.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-paper.h"

G_BEGIN_DECLS

/* Appends a picture of each page to @box; of a very long document of the first ones, and how many more there are. */
void cobro_paper_pages_show (GtkBox *box, CobroPaper *paper);

G_END_DECLS
