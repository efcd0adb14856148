/* relay/store/relay-list.c — what the lists of payments and refunds share.
 * Layer: relay/store, private to it. */
#include "relay-list.h"

#include "relay-payment-store.h"
#include "relay-row.h"

/* An id is made shortly before its row is committed, by the clock of the relay that makes it. */
#define CLOCK_SLACK COBRO_MINUTE

void
relay_list_append_where (GString *sql, const RelayListFilter *filter)
{
  g_string_append (sql, " WHERE merchant_id = :merchant AND livemode = :livemode");
  if (filter->state != NULL && filter->other_state != NULL)
    g_string_append (sql, " AND state IN (:state, :other)");
  else if (filter->state != NULL)
    g_string_append (sql, " AND state = :state");
  if (filter->gateway != NULL)
    g_string_append (sql, " AND gateway = :gateway");
  if (filter->parent != NULL)
    g_string_append_printf (sql, " AND %s = :parent", filter->parent_column);
  /* Ids begin with their time: the index that gives the order finds the dates, too. */
  if (filter->start != 0)
    g_string_append (sql, " AND created_at >= :start AND id >= :low");
  if (filter->end != 0)
    g_string_append (sql, " AND created_at < :end AND id < :high");
  if (filter->cursor != NULL)
    g_string_append (sql, " AND id < :before");
}

static void
bind_date (CobroDbStatement *statement, const char *name, const char *id_name, CobroIdKind kind, CobroTime time,
           gint64 slack)
{
  CobroId bound;

  if (time == 0)
    return;
  bound = cobro_id_at (kind, CLAMP (time + slack, 0, G_MAXINT64));
  cobro_db_bind_int64 (statement, name, time);
  cobro_db_bind_id (statement, id_name, &bound);
}

void
relay_list_bind (CobroDbStatement *statement, const RelayListFilter *filter, CobroIdKind kind)
{
  cobro_db_bind_id (statement, ":merchant", &filter->scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", filter->scope->livemode);
  if (filter->state != NULL)
    cobro_db_bind_text (statement, ":state", filter->state);
  if (filter->state != NULL && filter->other_state != NULL)
    cobro_db_bind_text (statement, ":other", filter->other_state);
  if (filter->gateway != NULL)
    cobro_db_bind_text (statement, ":gateway", filter->gateway);
  if (filter->parent != NULL)
    cobro_db_bind_text (statement, ":parent", filter->parent);
  bind_date (statement, ":start", ":low", kind, filter->start, -CLOCK_SLACK);
  bind_date (statement, ":end", ":high", kind, filter->end, CLOCK_SLACK);
  if (filter->cursor != NULL)
    cobro_db_bind_text (statement, ":before", filter->cursor);
}

gboolean
relay_list_count (CobroDb *db, const char *table, const RelayListFilter *filter, CobroIdKind kind, gint64 *out_total,
                  gboolean *out_is_minimum, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) AS n FROM (SELECT 1 AS one FROM ");
  g_autoptr (CobroDbStatement) statement = NULL;
  RelayListFilter all = *filter;

  all.cursor = NULL;
  g_string_append (sql, table);
  relay_list_append_where (sql, &all);
  g_string_append (sql, " LIMIT :limit) AS counted");
  if (!(statement = cobro_db_prepare (db, sql->str, error)))
    return FALSE;
  relay_list_bind (statement, &all, kind);
  cobro_db_bind_int64 (statement, ":limit", RELAY_LIST_COUNT_MAX + 1);
  if (!relay_row_count (statement, out_total, error))
    return FALSE;
  *out_is_minimum = *out_total > RELAY_LIST_COUNT_MAX;
  *out_total = MIN (*out_total, RELAY_LIST_COUNT_MAX);
  return TRUE;
}

CobroDbStatement *
relay_list_prepare (CobroDb *db, const char *columns, const char *table, const RelayListFilter *filter,
                    CobroIdKind kind, guint limit, gint64 offset, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  CobroDbStatement *statement;

  g_string_append_printf (sql, "SELECT %s FROM %s", columns, table);
  relay_list_append_where (sql, filter);
  /* Two states are two stretches of their index. They are the few that are open: sorting them is nothing, but walking
   * down all payments for the sake of the order is. The expression keeps the engine from doing that. */
  g_string_append (sql, filter->other_state != NULL ? " ORDER BY id || '' DESC" : " ORDER BY id DESC");
  g_string_append (sql, " LIMIT :limit OFFSET :offset");
  if (!(statement = cobro_db_prepare (db, sql->str, error)))
    return NULL;
  relay_list_bind (statement, filter, kind);
  cobro_db_bind_int64 (statement, ":limit", (gint64)limit + 1);
  cobro_db_bind_int64 (statement, ":offset", offset);
  return statement;
}
