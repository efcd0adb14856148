/* src/view/pages/cobro-links-page.h — the list of links: search, filters, columns, selection mode with bulk actions.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"
#include "cobro-link-list.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LINKS_PAGE (cobro_links_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinksPage, cobro_links_page, COBRO, LINKS_PAGE, AdwBin)

/* Keeps both; called once. */
void cobro_links_page_set_models (CobroLinksPage *self, CobroLinks *links, CobroConnection *connection);
/* Whether the header needs a way back to the sidebar. */
void cobro_links_page_set_folded (CobroLinksPage *self, gboolean folded);
/* Opens the search entry with everything in it selected. */
void cobro_links_page_find (CobroLinksPage *self);
/* Leaves selection mode or the search, whichever is on. FALSE when neither is. */
gboolean cobro_links_page_step_back (CobroLinksPage *self);
/* Widgets that take part in the page's size tests and shortcuts. */
GtkWidget *cobro_links_page_get_view (CobroLinksPage *self);
/* Typing anywhere in @window begins a search; %NULL: no longer. */
void cobro_links_page_set_type_to_search (CobroLinksPage *self, GtkWidget *window);
/* The list behind it. Lent. */
CobroLinkList *cobro_links_page_get_list (CobroLinksPage *self);

G_END_DECLS
