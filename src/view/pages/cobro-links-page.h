/* src/view/pages/cobro-links-page.h — the list of links: search, filters, columns, selection mode with bulk actions.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"
#include "cobro-links.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LINKS_PAGE (cobro_links_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinksPage, cobro_links_page, COBRO, LINKS_PAGE, AdwBin)

/* A CobroPlace. Keeps both; called once. */
void cobro_links_page_set_models (CobroLinksPage *self, CobroLinks *links, CobroConnection *connection);
/* Widgets that take part in the page's size tests and shortcuts. */
GtkWidget *cobro_links_page_get_view (CobroLinksPage *self);

G_END_DECLS
