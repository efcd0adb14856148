/* src/model/cobro-link-list.h — the list of links: a GListModel that knows every row's number and reads rows a page at
 * a time when somebody looks. Sorting, filtering and searching are the books' work, off the main thread after the first
 * page. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-links.h"

G_BEGIN_DECLS

/* Rows that are read together, and how many such pages are kept. */
#define COBRO_LINK_LIST_PAGE  128
#define COBRO_LINK_LIST_PAGES 32

#define COBRO_TYPE_LINK_LIST (cobro_link_list_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinkList, cobro_link_list, COBRO, LINK_LIST, GObject)

/* Items are CobroLinkItem; one that is not read yet is given out empty and says "changed" when it is.
 * Signals: "answered": the list is what was asked for last; "failed" (GError). */

/* All links, newest first. The first page is there at once; the rest follows. */
CobroLinkList *cobro_link_list_new (CobroLinks *links);
/* What is asked for. The answer follows; until then the list is what it was. */
void cobro_link_list_set_search (CobroLinkList *self, const char *text);
void cobro_link_list_set_filter (CobroLinkList *self, CobroLinkFilter filter);
void cobro_link_list_set_sort (CobroLinkList *self, CobroLinkSort sort, gboolean descending);
CobroLinkFilter cobro_link_list_get_filter (CobroLinkList *self);
const char *cobro_link_list_get_search (CobroLinkList *self);
/* Whether an answer is still to come. */
gboolean cobro_link_list_get_loading (CobroLinkList *self);
/* Pages held at this moment. For tests and benchmarks. */
guint cobro_link_list_count_pages (CobroLinkList *self);

G_END_DECLS
