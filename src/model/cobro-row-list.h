/* src/model/cobro-row-list.h — a list of records of one noun: a GListModel that knows every row's number and reads rows
 * a page at a time when somebody looks. Sorting, filtering and searching are the books' work, off the main thread after
 * the first page. Layer: model. Main thread. */
#pragma once
#include "cobro-row-source.h"

G_BEGIN_DECLS

/* Rows that are read together, and how many such pages are kept. */
#define COBRO_ROW_LIST_PAGE  128
#define COBRO_ROW_LIST_PAGES 32

#define COBRO_TYPE_ROW_LIST (cobro_row_list_get_type ())
G_DECLARE_FINAL_TYPE (CobroRowList, cobro_row_list, COBRO, ROW_LIST, GObject)

/* Items are the source's; one that is not read yet is given out empty and says "changed" when it is.
 * Signals: "answered": the list is what was asked for last; "failed" (GError). */

/* @take_query: the noun's query, freed by @free_query. The first page is there at once; the rest follows. */
CobroRowList *cobro_row_list_new (gpointer source, gpointer take_query, GDestroyNotify free_query);
/* Asks for something else. The answer follows; until then the list is what it was. */
void cobro_row_list_set_query (CobroRowList *self, gpointer take_query);
/* Whether an answer is still to come. */
gboolean cobro_row_list_get_loading (CobroRowList *self);
/* Pages held at this moment. For tests and benchmarks. */
guint cobro_row_list_count_pages (CobroRowList *self);

G_END_DECLS
