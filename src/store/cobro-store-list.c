/* src/store/cobro-store-list.c — lists of any noun.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-store-list.h"
#include "cobro-error.h"
#include "cobro-store-private.h"

#include <string.h>

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Words are cut as the index' tokenizer cuts them, for one that falls into two would be a phrase, and the index keeps
 * no positions. */
char *
cobro_list_match_of (const char *search)
{
  g_autoptr (GString) match = g_string_new (NULL);
  gboolean inside = FALSE;

  for (const char *c = search; c != NULL && *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);
      gboolean part = g_unichar_isalnum (letter) || (inside && g_unichar_ismark (letter));

      if (part && !inside)
        g_string_append (match, match->len > 0 ? " AND \"" : "\"");
      if (!part && inside)
        g_string_append (match, "\" *");
      if (part)
        g_string_append_unichar (match, letter);
      inside = part;
    }
  if (inside)
    g_string_append (match, "\" *");
  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

gint64
cobro_list_sort_amount (CobroMoney money)
{
  gint64 amount;

  if (!cobro_money_is_set (money))
    return 0;
  amount = cobro_money_minor (money);
  for (guint i = cobro_currency_exponent (cobro_money_currency (money)); i < 4; i++)
    if (__builtin_mul_overflow (amount, 10, &amount))
      return cobro_money_is_negative (money) ? G_MININT64 : G_MAXINT64;
  return amount;
}

char *
cobro_list_statement (const CobroListPlan *plan, gboolean match)
{
  const char *direction = plan->descending ? "DESC" : "ASC", *table = plan->table;
  g_autofree char *row = g_strconcat (table, ".row", NULL);
  g_autofree char *order = plan->key != NULL
                             ? g_strdup_printf ("%s %s, %s %s", plan->key, direction, row, direction)
                             : g_strdup_printf ("%s%s %s", table, match ? "_search.rowid" : ".row", direction);
  const char *limit = plan->limit > 0 ? " LIMIT :limit" : "";

  if (!match)
    return g_strdup_printf ("SELECT row FROM %s WHERE %s ORDER BY %s%s", table, plan->predicate, order, limit);
  return g_strdup_printf ("SELECT %s AS row FROM %s_search CROSS JOIN %s ON %s = %s_search.rowid "
                          "WHERE %s_search MATCH :match AND %s ORDER BY %s%s",
                          row, table, table, row, table, table, plan->predicate, order, limit);
}

static void
bind_plan (CobroStoreTx *tx, CobroDbStatement *statement, const char *sql, const CobroListPlan *plan)
{
  if (strstr (sql, ":today") != NULL)
    cobro_db_bind_int64 (statement, ":today", tx->today);
  if (strstr (sql, ":customer") != NULL)
    cobro_db_bind_text (statement, ":customer", plan->customer);
  if (strstr (sql, ":currency") != NULL)
    cobro_db_bind_text (statement, ":currency", plan->currency);
  if (strstr (sql, ":from") != NULL)
    cobro_db_bind_int64 (statement, ":from", plan->from);
  if (strstr (sql, ":to ") != NULL)
    cobro_db_bind_int64 (statement, ":to", plan->to);
  if (plan->limit > 0)
    cobro_db_bind_int64 (statement, ":limit", plan->limit);
}

/* -1 with an error. */
static gint64
count_up_to (CobroStoreTx *tx, const CobroListPlan *plan, gint64 most, GError **error)
{
  CobroListPlan all = *plan;
  g_autofree char *sql =
    g_strdup_printf ("SELECT count(*) AS n FROM (SELECT 1 FROM %s WHERE %s LIMIT %" G_GINT64_FORMAT ")", plan->table,
                     plan->predicate, most);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return -1;
  all.limit = 0;
  bind_plan (tx, statement, sql, &all);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? cobro_db_column_int64 (statement, "n") : -1;
}

/* (transfer full) the predicate to list with. One that lets much through is hidden from the planner: the first rows are
 * found by walking in the order that is wanted, rather than by sorting everything that an index of the filter gives.
 * NULL with an error. */
static char *
dup_predicate (CobroStoreTx *tx, const CobroListPlan *plan, gboolean match, GError **error)
{
  gint64 n;

  if (plan->limit == 0 || match || g_str_equal (plan->predicate, "1"))
    return g_strdup (plan->predicate);
  n = count_up_to (tx, plan, COBRO_LIST_WALK_MIN, error);
  if (n < 0)
    return NULL;
  return n < COBRO_LIST_WALK_MIN ? g_strdup (plan->predicate)
                                 : g_strdup_printf ("CASE WHEN %s THEN 1 ELSE 0 END", plan->predicate);
}

static GArray *
run_plan (CobroStoreTx *tx, const CobroListPlan *plan, const char *match, GError **error)
{
  g_autofree char *sql = cobro_list_statement (plan, match != NULL);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  bind_plan (tx, statement, sql, plan);
  if (match != NULL)
    cobro_db_bind_text (statement, ":match", match);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

GArray *
cobro_list_run (CobroStoreTx *tx, const CobroListPlan *plan, GError **error)
{
  g_autofree char *match = cobro_list_match_of (plan->search);
  g_autofree char *predicate = dup_predicate (tx, plan, match != NULL, error);
  CobroListPlan chosen = *plan;

  if (predicate == NULL)
    return NULL;
  chosen.predicate = predicate;
  return run_plan (tx, &chosen, match, error);
}

gint64
cobro_list_count (CobroStoreTx *tx, const char *table, const char *predicate, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) AS n FROM %s WHERE %s", table, predicate);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return -1;
  if (strstr (sql, ":today") != NULL)
    cobro_db_bind_int64 (statement, ":today", tx->today);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? cobro_db_column_int64 (statement, "n") : -1;
}

/* ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_store_page_free (CobroStorePage *page)
{
  if (page == NULL)
    return;
  g_array_unref (page->rows);
  g_ptr_array_unref (page->records);
  g_free (page);
}

GPtrArray *
cobro_list_load_rows (CobroStoreTx *tx, const CobroListNoun *noun, const gint64 *rows, gsize n, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (noun->unref);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) failure = NULL;
      gpointer record = noun->load (tx, rows[i], &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      g_ptr_array_add (records, record);
    }
  return g_steal_pointer (&records);
}

/* A query, or rows, that outlive their caller. */
typedef struct
{
  const CobroListNoun *noun;
  gpointer query; /* owned; its search is @search */
  char *search;
  guint limit;
  GArray *rows;
} ListJob;

static void
list_job_free (gpointer data)
{
  ListJob *job = data;

  g_free (job->query);
  g_free (job->search);
  g_clear_pointer (&job->rows, g_array_unref);
  g_free (job);
}

static ListJob *
list_job_new (const CobroListNoun *noun, gconstpointer query, guint limit)
{
  ListJob *job = g_new0 (ListJob, 1);

  job->noun = noun;
  job->query = g_memdup2 (query, noun->query_size);
  job->search = g_strdup (*(const char *const *)query);
  *(const char **)job->query = job->search;
  job->limit = limit;
  return job;
}

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  ListJob *job = data;

  return job->noun->list (tx, job->query, job->limit, error);
}

/* A whole list may take a while and must not hold up the pages; its beginning is quick. */
void
cobro_list_async (CobroStore *store, const CobroListNoun *noun, gconstpointer query, guint limit,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ListJob *job = list_job_new (noun, query, limit);

  if (limit > 0 && limit <= COBRO_LIST_ROWS_MAX)
    cobro_store_read_async (store, do_list, job, list_job_free, (GDestroyNotify)g_array_unref, cancellable, callback,
                            user_data);
  else
    cobro_store_list_async (store, do_list, job, list_job_free, (GDestroyNotify)g_array_unref, cancellable, callback,
                            user_data);
}

static gpointer
do_load_rows (CobroStoreTx *tx, gpointer data, GError **error)
{
  ListJob *job = data;

  return cobro_list_load_rows (tx, job->noun, (const gint64 *)(gpointer)job->rows->data, job->rows->len, error);
}

void
cobro_list_load_rows_async (CobroStore *store, const CobroListNoun *noun, const gint64 *rows, gsize n,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ListJob *job = g_new0 (ListJob, 1);

  g_return_if_fail (n <= COBRO_LIST_ROWS_MAX);
  job->noun = noun;
  job->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (job->rows, rows, (guint)n);
  cobro_store_read_async (store, do_load_rows, job, list_job_free, (GDestroyNotify)g_ptr_array_unref, cancellable,
                          callback, user_data);
}

static gpointer
do_first_page (CobroStoreTx *tx, gpointer data, GError **error)
{
  ListJob *job = data;
  g_autoptr (GArray) rows = job->noun->list (tx, job->query, job->limit, error);
  g_autoptr (GPtrArray) records = NULL;
  CobroStorePage *page;

  if (rows == NULL ||
      !(records = cobro_list_load_rows (tx, job->noun, (const gint64 *)(gpointer)rows->data, rows->len, error)))
    return NULL;
  page = g_new0 (CobroStorePage, 1);
  page->total = rows->len < job->limit ? (gint64)rows->len : -1;
  page->rows = g_steal_pointer (&rows);
  page->records = g_steal_pointer (&records);
  return page;
}

CobroStorePage *
cobro_list_first_page (CobroStore *store, const CobroListNoun *noun, gconstpointer query, guint limit, GError **error)
{
  ListJob *job = list_job_new (noun, query, MIN (limit, COBRO_LIST_ROWS_MAX));
  CobroStorePage *page = cobro_store_read (store, do_first_page, job, error);

  list_job_free (job);
  return page;
}

/* ── Type-ahead ─────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroListWords *
cobro_list_words_new (const char *text, const char *currency, guint limit)
{
  CobroListWords *words = g_new0 (CobroListWords, 1);

  *words = (CobroListWords){ g_strdup (text != NULL ? text : ""), g_strdup (currency), limit };
  return words;
}

void
cobro_list_words_free (gpointer data)
{
  CobroListWords *words = data;

  g_free (words->text);
  g_free (words->currency);
  g_free (words);
}

static GArray *
begin_with (CobroStoreTx *tx, const char *table, const char *predicate, const CobroListWords *words, GError **error)
{
  g_autofree char *from = cobro_store_sort_text (words->text);
  /* U+10FFFF sorts behind everything that a name may go on with. */
  g_autofree char *to = g_strconcat (from, "\364\217\277\277", NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT row FROM %s WHERE sort_name >= :first AND sort_name < :last AND %s "
                                          "ORDER BY sort_name, row LIMIT :limit",
                                          table, predicate);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":first", from);
  cobro_db_bind_text (statement, ":last", to);
  cobro_db_bind_int64 (statement, ":limit", words->limit);
  if (words->currency != NULL)
    cobro_db_bind_text (statement, ":currency", words->currency);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

static gboolean
contains (GArray *rows, guint n, gint64 row)
{
  for (guint i = 0; i < n; i++)
    if (g_array_index (rows, gint64, i) == row)
      return TRUE;
  return FALSE;
}

/* Found by words, they come as the index has them, so that the first ones are there at once however many there are. */
GArray *
cobro_list_type_ahead (CobroStoreTx *tx, const char *table, const char *predicate, const CobroListWords *words,
                       GError **error)
{
  g_autoptr (GArray) rows = begin_with (tx, table, predicate, words, error);
  g_autofree char *match = cobro_list_match_of (words->text);
  CobroListPlan plan = { .table = table,
                         .predicate = predicate,
                         .descending = TRUE,
                         .search = words->text,
                         .currency = words->currency,
                         .limit = words->limit * 2 };
  g_autoptr (GArray) found = NULL;
  guint n;

  if (rows == NULL || match == NULL || rows->len >= words->limit)
    return g_steal_pointer (&rows);
  if (!(found = cobro_list_run (tx, &plan, error)))
    return NULL;
  n = rows->len;
  for (guint i = 0; i < found->len && rows->len < words->limit; i++)
    if (!contains (rows, n, g_array_index (found, gint64, i)))
      g_array_append_val (rows, g_array_index (found, gint64, i));
  return g_steal_pointer (&rows);
}
