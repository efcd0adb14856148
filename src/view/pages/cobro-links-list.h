/* src/view/pages/cobro-links-list.h — the place "Links": what its list shows, filters and sorts by, and what is done
 * with several links at once. Layer: view. Main thread. */
#pragma once
#include "cobro-links.h"
#include "cobro-list-page.h"

G_BEGIN_DECLS

/* Once. */
void cobro_links_list_set_up (CobroListPage *page, CobroLinks *links, CobroConnection *connection);

G_END_DECLS
