/* src/view/cobro-list-page.h — a place of the sidebar that is a list of one noun: search, filters, columns that follow
 * the room there is, and what is said while there is nothing. What differs from noun to noun stands in a table.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-connection.h"
#include "cobro-list-columns.h"
#include "cobro-place.h"
#include "cobro-row-list.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_PAGE (cobro_list_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroListPage, cobro_list_page, COBRO, LIST_PAGE, AdwBin)

/* A chip: @value is the noun's own filter. */
typedef struct
{
  const char *label; /* N_() */
  guint value;
} CobroListFilter;

/* An entry of the menu in the header. */
typedef struct
{
  const char *label; /* N_() */
  const char *action;
} CobroListEntry;

/* Something one does with every ticked row. @items: (element-type CobroRowItem) filled ones, at least one. */
typedef struct
{
  const char *label; /* N_() */
  const char *icon;
  void (*run) (CobroListPage *page, gpointer source, GPtrArray *items);
} CobroListBulk;

/* All texts are N_(); arrays end with an element that is NULL. */
typedef struct
{
  const char *title;
  char *(*count) (guint n); /* (transfer full) "12 customers" */
  const char *search_hint;
  const CobroListFilter *filters; /* the first one is everything */
  const CobroListColumn *columns;
  gsize n_columns;
  int sort; /* without a chosen column */
  gboolean descending;
  const char *new_label, *new_action; /* NULL: nothing is made here */
  const char *new_hint;               /* (nullable) its tooltip, with the shortcut */
  const CobroListEntry *entries;      /* (nullable) */
  const char *icon, *empty_title, *empty_text;
  const char *open_action; /* activated with the item's id (s) */
  const char *(*get_id) (gpointer item);
  const char *(*get_address) (gpointer item); /* (nullable) what a dragged row stands for */
  const CobroListBulk *bulk;                  /* (nullable) what selection mode offers */
  const char *select_label, *select_hint;     /* "Select Links", "Select links in the list" */
  const char *(*get_name) (gpointer item);
  CobroRowList *(*list) (gpointer source); /* (transfer full) everything; called when the page is first looked at */
  void (*ask) (gpointer source, CobroRowList *list, const char *search, guint filter, int sort, gboolean descending);
  void (*unrestrict) (gpointer source); /* (nullable) ask() asks for everything again */
} CobroListSpec;

/* Once. @spec: static. @source: what list() and ask() get. Keeps all of them. */
void cobro_list_page_set_up (CobroListPage *self, const CobroListSpec *spec, gpointer source,
                             CobroConnection *connection);
/* ask() asks for a part of everything from now on, which @text names ("October 2026"): asks anew, shows the part as a
 * chip, and with the chip closed everything again. */
void cobro_list_page_set_restriction (CobroListPage *self, const char *text);

/* Leaves selection mode, forgetting what is ticked. */
void cobro_list_page_stop_selecting (CobroListPage *self);
/* Shows what has these words in it. */
void cobro_list_page_search (CobroListPage *self, const char *words);

G_END_DECLS
