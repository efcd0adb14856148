/* src/store/cobro-link-list.c — lists of links: rows in order, counts, pages. A status is never stored; every filter is
 * a predicate over facts and the query's time that says the same as cobro_link_view() (tests/store compares them).
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-link-store.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

#include <string.h>

#define ROWS_MAX 512

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────────── */

#define NOT_CLOSED "decision IN (1, 2) AND used_up = 0"
#define ALIVE      "AND (expires_at IS NULL OR expires_at > :now)"

static const char *
filter_predicate (CobroLinkFilter filter)
{
  switch (filter)
    {
    case COBRO_LINK_FILTER_ALL:
      return "1";
    case COBRO_LINK_FILTER_OPEN:
      return "decision = 1 AND used_up = 0 " ALIVE " AND (not_before IS NULL OR not_before <= :now)";
    case COBRO_LINK_FILTER_PAID:
      return "paid_status IN (3, 4)";
    case COBRO_LINK_FILTER_WAITING:
      return "waiting = 1";
    case COBRO_LINK_FILTER_SCHEDULED:
      return "decision = 1 AND used_up = 0 " ALIVE " AND not_before > :now";
    case COBRO_LINK_FILTER_PAUSED:
      return "decision = 2 AND used_up = 0 " ALIVE;
    case COBRO_LINK_FILTER_EXPIRED:
      return NOT_CLOSED " AND expires_at <= :now";
    case COBRO_LINK_FILTER_USED_UP:
      return "decision IN (1, 2) AND used_up = 1";
    case COBRO_LINK_FILTER_CANCELLED:
      return "decision = 3";
    case COBRO_LINK_FILTER_DRAFT:
      return "decision = 0";
    case COBRO_LINK_FILTER_ATTENTION:
      return "attention = 1";
    }
  return "1";
}

/* The filter of each CobroLinkStatus, by number. */
static const CobroLinkFilter filter_of_status[] = {
  COBRO_LINK_FILTER_DRAFT,   COBRO_LINK_FILTER_SCHEDULED, COBRO_LINK_FILTER_OPEN,      COBRO_LINK_FILTER_PAUSED,
  COBRO_LINK_FILTER_EXPIRED, COBRO_LINK_FILTER_USED_UP,   COBRO_LINK_FILTER_CANCELLED,
};

/* The sort key and the index that has it in order; the row decides between equals, so that the order is total. */
static const char *
sort_key (CobroLinkSort sort, const char **out_index)
{
  const char *index = "link_created", *key = "created_at";

  switch (sort)
    {
    case COBRO_LINK_SORT_CREATED:
    case COBRO_LINK_SORT_STATUS: /* within one status */
      break;
    case COBRO_LINK_SORT_TITLE:
      key = "sort_title";
      index = "link_title";
      break;
    case COBRO_LINK_SORT_REFERENCE:
      key = "reference";
      index = "link_reference";
      break;
    case COBRO_LINK_SORT_AMOUNT:
      key = "sort_amount";
      index = "link_amount";
      break;
    }
  if (out_index != NULL)
    *out_index = index;
  return key;
}

/* One statement of a list: the links of @filter, within @status (-1: any), in order. */
typedef struct
{
  const CobroLinkQuery *query;
  const char *match; /* (nullable) */
  int status;
  guint limit; /* 0: all */
  CobroTime now;
  gboolean walk; /* along the index of the sort key, whatever the filter */
} Part;

/* (transfer full) */
static char *
predicate_of (const Part *part)
{
  const char *filter = filter_predicate (part->query->filter);

  if (part->status < 0)
    return g_strdup (filter);
  return g_strdup_printf ("(%s) AND (%s)", filter, filter_predicate (filter_of_status[part->status]));
}

/* (transfer full) found links come in the order of their arrival, which is the order of the index of words. */
static char *
statement_of (const Part *part)
{
  const CobroLinkQuery *query = part->query;
  const char *limit = part->limit > 0 ? " LIMIT :limit" : "", *index;
  const char *key = sort_key (query->sort, &index);
  const char *direction = query->descending || query->sort == COBRO_LINK_SORT_STATUS ? "DESC" : "ASC";
  g_autofree char *predicate = predicate_of (part);

  if (part->match == NULL)
    return g_strdup_printf ("SELECT row FROM link %s%s WHERE (%s) AND invoice_id IS NULL ORDER BY %s %s, row %s%s",
                            part->walk ? "INDEXED BY " : "", part->walk ? index : "", predicate, key, direction,
                            direction, limit);
  if (query->sort == COBRO_LINK_SORT_CREATED && query->filter == COBRO_LINK_FILTER_ALL)
    return g_strdup_printf ("SELECT rowid AS row FROM link_search WHERE link_search MATCH :match "
                            "ORDER BY link_search.rowid %s%s",
                            direction, limit);
  if (query->sort == COBRO_LINK_SORT_CREATED)
    key = "link_search.rowid";
  return g_strdup_printf ("SELECT link.row AS row FROM link_search CROSS JOIN link ON link.row = link_search.rowid "
                          "WHERE link_search MATCH :match AND %s ORDER BY %s %s%s",
                          predicate, key, direction, limit);
}

static gboolean
append_part (CobroStoreTx *tx, const Part *part, GArray *rows, GError **error)
{
  g_autofree char *sql = statement_of (part);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  if (strstr (sql, ":now") != NULL)
    cobro_db_bind_int64 (statement, ":now", part->now);
  if (part->match != NULL)
    cobro_db_bind_text (statement, ":match", part->match);
  if (part->limit > 0)
    cobro_db_bind_int64 (statement, ":limit", part->limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  return step == COBRO_DB_DONE;
}

/* Whether the filter lets so many links through that the first ones of another order are found by walking along it,
 * rather than by sorting them all. */
static gboolean
is_worth_walking (CobroStoreTx *tx, const Part *part, gboolean *out_walk, GError **error)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count(*) AS n FROM (SELECT 1 FROM link WHERE (%s) AND invoice_id IS NULL LIMIT %d)",
                     filter_predicate (part->query->filter), COBRO_LIST_WALK_MIN);
  g_autoptr (CobroDbStatement) statement = NULL;

  *out_walk = FALSE;
  if (part->limit == 0 || part->match != NULL || part->query->filter == COBRO_LINK_FILTER_ALL ||
      part->query->sort == COBRO_LINK_SORT_CREATED)
    return TRUE;
  statement = cobro_db_prepare (tx->db, sql, error);
  if (statement == NULL)
    return FALSE;
  if (strstr (sql, ":now") != NULL)
    cobro_db_bind_int64 (statement, ":now", part->now);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_walk = cobro_db_column_int64 (statement, "n") >= COBRO_LIST_WALK_MIN;
  return TRUE;
}

/* One status after the other. */
static gboolean
append_by_status (CobroStoreTx *tx, Part *part, GArray *rows, GError **error)
{
  int last = G_N_ELEMENTS (filter_of_status) - 1;
  guint limit = part->limit;

  for (int i = 0; i <= last; i++)
    {
      if (limit > 0 && rows->len >= limit)
        return TRUE;
      part->status = part->query->descending ? last - i : i;
      part->limit = limit > 0 ? limit - rows->len : 0;
      if (!append_part (tx, part, rows, error))
        return FALSE;
    }
  return TRUE;
}

GArray *
cobro_link_store_list (CobroStoreTx *tx, const CobroLinkQuery *query, guint limit, GError **error)
{
  g_autofree char *match = cobro_list_match_of (query->search);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  Part part = {
    .query = query, .match = match, .status = -1, .limit = limit, .now = query->now != 0 ? query->now : tx->now
  };

  if (query->sort == COBRO_LINK_SORT_STATUS)
    return append_by_status (tx, &part, rows, error) ? g_steal_pointer (&rows) : NULL;
  if (!is_worth_walking (tx, &part, &part.walk, error) || !append_part (tx, &part, rows, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/* ── Counts ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
count_all (CobroStoreTx *tx, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT n FROM row_count WHERE name = 'link'", error);

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_n = cobro_db_column_int64 (statement, "n");
  return TRUE;
}

static gboolean
count_filter (CobroStoreTx *tx, CobroLinkFilter filter, CobroTime now, gint64 *out_n, GError **error)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count(*) AS n FROM link WHERE (%s) AND invoice_id IS NULL", filter_predicate (filter));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return FALSE;
  if (strstr (sql, ":now") != NULL)
    cobro_db_bind_int64 (statement, ":now", now);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_n = cobro_db_column_int64 (statement, "n");
  return TRUE;
}

gboolean
cobro_link_store_count (CobroStoreTx *tx, CobroTime now, CobroLinkCounts *out_counts, GError **error)
{
  CobroLinkCounts counts = { { 0 } };

  if (!count_all (tx, &counts.n[COBRO_LINK_FILTER_ALL], error))
    return FALSE;
  for (int filter = COBRO_LINK_FILTER_ALL + 1; filter < COBRO_LINK_N_FILTERS; filter++)
    if (!count_filter (tx, (CobroLinkFilter)filter, now != 0 ? now : tx->now, &counts.n[filter], error))
      return FALSE;
  *out_counts = counts;
  return TRUE;
}

/* ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
record_unref_or_null (gpointer data)
{
  cobro_link_record_unref (data);
}

static GPtrArray *
load_rows (CobroStoreTx *tx, const gint64 *rows, gsize n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (record_unref_or_null);

  for (gsize i = 0; i < n; i++)
    {
      CobroLinkRecord *record = NULL;
      CobroDbStep step;

      g_clear_pointer (&statement, cobro_db_reset);
      statement = cobro_db_prepare (tx->db, "SELECT " COBRO_LINK_COLUMNS " FROM link WHERE row = :row", error);
      if (statement == NULL)
        return NULL;
      cobro_db_bind_int64 (statement, ":row", rows[i]);
      step = cobro_db_step (statement, error);
      if (step == COBRO_DB_FAILED || (step == COBRO_DB_ROW && !(record = cobro_link_row_read (tx, statement, error))))
        return NULL;
      g_ptr_array_add (records, record);
    }
  return g_steal_pointer (&records);
}

void
cobro_link_page_free (CobroLinkPage *page)
{
  if (page == NULL)
    return;
  g_array_unref (page->rows);
  g_ptr_array_unref (page->records);
  g_free (page);
}

/* A query that outlives its caller. */
typedef struct
{
  CobroLinkQuery query;
  char *search;
  guint limit;
} ListJob;

static void
list_job_free (gpointer data)
{
  ListJob *job = data;

  g_free (job->search);
  g_free (job);
}

static ListJob *
list_job_new (const CobroLinkQuery *query, guint limit)
{
  ListJob *job = g_new0 (ListJob, 1);

  job->query = *query;
  job->search = g_strdup (query->search);
  job->query.search = job->search;
  job->limit = limit;
  return job;
}

static gpointer
do_first_page (CobroStoreTx *tx, gpointer data, GError **error)
{
  ListJob *job = data;
  g_autoptr (GArray) rows = cobro_link_store_list (tx, &job->query, job->limit, error);
  g_autoptr (GPtrArray) records = NULL;
  CobroLinkPage *page;
  gint64 total = -1;

  if (rows == NULL || !(records = load_rows (tx, (const gint64 *)(gpointer)rows->data, rows->len, error)))
    return NULL;
  if (rows->len < job->limit)
    total = rows->len;
  else if (job->query.filter == COBRO_LINK_FILTER_ALL && job->search == NULL && !count_all (tx, &total, error))
    return NULL;
  page = g_new0 (CobroLinkPage, 1);
  page->rows = g_steal_pointer (&rows);
  page->records = g_steal_pointer (&records);
  page->total = total;
  return page;
}

CobroLinkPage *
cobro_link_store_first_page (CobroStore *store, const CobroLinkQuery *query, guint limit, GError **error)
{
  ListJob *job = list_job_new (query, MIN (limit, ROWS_MAX));
  CobroLinkPage *page = cobro_store_read (store, do_first_page, job, error);

  list_job_free (job);
  return page;
}

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  ListJob *job = data;

  return cobro_link_store_list (tx, &job->query, job->limit, error);
}

/* A whole list may take a while and must not hold up the pages; its beginning is quick. */
void
cobro_link_store_list_async (CobroStore *store, const CobroLinkQuery *query, guint limit, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  ListJob *job = list_job_new (query, limit);

  if (limit > 0 && limit <= ROWS_MAX)
    cobro_store_read_async (store, do_list, job, list_job_free, (GDestroyNotify)g_array_unref, cancellable, callback,
                            user_data);
  else
    cobro_store_list_async (store, do_list, job, list_job_free, (GDestroyNotify)g_array_unref, cancellable, callback,
                            user_data);
}

GArray *
cobro_link_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_load_rows (CobroStoreTx *tx, gpointer data, GError **error)
{
  GArray *rows = data;

  return load_rows (tx, (const gint64 *)(gpointer)rows->data, rows->len, error);
}

void
cobro_link_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_if_fail (n <= ROWS_MAX);
  g_array_append_vals (copy, rows, (guint)n);
  cobro_store_read_async (store, do_load_rows, copy, (GDestroyNotify)g_array_unref, (GDestroyNotify)g_ptr_array_unref,
                          cancellable, callback, user_data);
}

GPtrArray *
cobro_link_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_count (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroLinkCounts counts;

  return cobro_link_store_count (tx, *(CobroTime *)data, &counts, error) ? g_memdup2 (&counts, sizeof counts) : NULL;
}

void
cobro_link_store_count_async (CobroStore *store, CobroTime now, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  cobro_store_list_async (store, do_count, g_memdup2 (&now, sizeof now), g_free, g_free, cancellable, callback,
                          user_data);
}

CobroLinkCounts *
cobro_link_store_count_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Links of one provider ──────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_count_gateway (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT count(*) AS n FROM link WHERE sample = 0 AND decision = :active AND "
                      "json_array_length(document, '$.gateways') = 1 AND "
                      "json_extract(document, '$.gateways[0]') = :gateway",
                      error);
  gint64 n;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":active", COBRO_DECISION_ACTIVE);
  cobro_db_bind_text (statement, ":gateway", data);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return NULL;
  n = cobro_db_column_int64 (statement, "n");
  return g_memdup2 (&n, sizeof n);
}

void
cobro_link_count_gateway_async (CobroStore *store, const char *gateway, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_list_async (store, do_count_gateway, g_strdup (gateway), g_free, g_free, cancellable, callback,
                          user_data);
}

gint64
cobro_link_count_gateway_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  g_autofree gint64 *n = cobro_store_finish (store, result, error);

  return n != NULL ? *n : -1;
}
