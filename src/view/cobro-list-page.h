/* src/view/cobro-list-page.h — a place of the sidebar that is a list of one noun: search, filters, columns that follow
 * the room there is, and what is said while there is nothing. What differs from noun to noun stands in a table.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-connection.h"
#include "cobro-place.h"
#include "cobro-row-list.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_PAGE (cobro_list_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroListPage, cobro_list_page, COBRO, LIST_PAGE, AdwBin)

#define COBRO_LIST_NO_SORT -1

typedef struct
{
  const char *title; /* N_(); NULL: none */
  GtkWidget *(*create) (void);
  void (*show) (GtkWidget *cell, gpointer item);
  int sort; /* what ask() is told, or COBRO_LIST_NO_SORT */
  gboolean expand;
  gboolean narrow; /* shown when there is little room */
  gboolean wide;   /* shown when there is plenty */
} CobroListColumn;

/* An entry of the menu in the header. */
typedef struct
{
  const char *label; /* N_() */
  const char *action;
} CobroListEntry;

/* All texts are N_(); arrays end with an element that is NULL. */
typedef struct
{
  const char *title;
  char *(*count) (guint n); /* (transfer full) "12 customers" */
  const char *search_hint;
  const char *const *filters; /* the first one is everything */
  const CobroListColumn *columns;
  gsize n_columns;
  int sort; /* without a chosen column */
  gboolean descending;
  const char *new_label, *new_action; /* NULL: nothing is made here */
  const CobroListEntry *entries;      /* (nullable) */
  const char *icon, *empty_title, *empty_text;
  const char *open_action; /* activated with the item's id (s) */
  const char *(*get_id) (gpointer item);
  void (*ask) (gpointer source, CobroRowList *list, const char *search, guint filter, int sort, gboolean descending);
} CobroListSpec;

/* Once. @spec: static. @source: what ask() gets; @take_list: its list. Keeps all of them. */
void cobro_list_page_set_up (CobroListPage *self, const CobroListSpec *spec, gpointer source, CobroRowList *take_list,
                             CobroConnection *connection);

/* ── Cells ── */

/* A text at the beginning (end: numbers) of its cell, cut short where there is no room. */
GtkWidget *cobro_list_cell_text (void);
GtkWidget *cobro_list_cell_number (void);
/* Little room: a text, and below it a number and a status or a dim text. */
GtkWidget *cobro_list_cell_summary (void);
void cobro_list_cell_set_summary (GtkWidget *cell, const char *title, const char *number, const char *rest);

G_END_DECLS
