/* src/store/cobro-store-list.h — lists of any noun: rows in order, found by words, loaded by the page.
 * Layer: store, private to it. */
#pragma once
#include "cobro-invoice-store.h"

/* How many rows are loaded at once, at most. */
#define COBRO_LIST_ROWS_MAX 512
/* A filter that lets more than this through is not worth an index: the first of them are met soon on the way. */
#define COBRO_LIST_WALK_MIN 5000

/* One noun that has lists. Its query struct begins with `const char *search`. */
typedef struct
{
  gsize query_size;
  GArray *(*list) (CobroStoreTx *tx, gconstpointer query, guint limit, GError **error);
  gpointer (*load) (CobroStoreTx *tx, gint64 row, GError **error); /* NULL without an error: it is gone */
  GDestroyNotify unref;
} CobroListNoun;

void cobro_list_async (CobroStore *store, const CobroListNoun *noun, gconstpointer query, guint limit,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void cobro_list_load_rows_async (CobroStore *store, const CobroListNoun *noun, const gint64 *rows, gsize n,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
CobroStorePage *cobro_list_first_page (CobroStore *store, const CobroListNoun *noun, gconstpointer query, guint limit,
                                       GError **error);
/* (transfer full) (element-type whatever @noun loads) NULL where one is gone. */
GPtrArray *cobro_list_load_rows (CobroStoreTx *tx, const CobroListNoun *noun, const gint64 *rows, gsize n,
                                 GError **error);

/* One statement of a list. */
typedef struct
{
  const char *table;     /* its words are in {table}_search */
  const char *predicate; /* may use :today, :customer, :from, :to, :currency */
  const char *key;       /* what it is ordered by; NULL: row */
  gboolean descending;
  const char *search; /* (nullable) what was typed */
  guint limit;        /* 0: all */
  const char *customer, *currency;
  gint64 from, to;
} CobroListPlan;
/* (transfer full) the SQL: for running it, and for looking at its plan. @match: whether words are looked for. */
char *cobro_list_statement (const CobroListPlan *plan, gboolean match);
/* (transfer full) (element-type gint64). */
GArray *cobro_list_run (CobroStoreTx *tx, const CobroListPlan *plan, GError **error);
/* -1 with an error. */
gint64 cobro_list_count (CobroStoreTx *tx, const char *table, const char *predicate, GError **error);

/* (transfer full) (nullable) what FTS5 is asked for: every word of @search as the beginning of a word; NULL: there is
 * no word in it. */
char *cobro_list_match_of (const char *search);
/* An amount in 1/10000 of the major unit, so that currencies can stand in one order. */
gint64 cobro_list_sort_amount (CobroMoney amount);

/* What was typed so far. */
typedef struct
{
  char *text;
  char *currency; /* (nullable) */
  guint limit;
} CobroListWords;
CobroListWords *cobro_list_words_new (const char *text, const char *currency, guint limit);
void cobro_list_words_free (gpointer words);
/* (transfer full) (element-type gint64) the rows of @table whose sort_name begins with the text, by name; then those of
 * which every word of it begins a word. */
GArray *cobro_list_type_ahead (CobroStoreTx *tx, const char *table, const char *predicate, const CobroListWords *words,
                               GError **error);
