/* relay/store/relay-payment-list.c — OPF-1's list of payments: a page costs the same however many there are.
 * Layer: relay/store. */
#include "relay-list.h"
#include "relay-payment-row.h"
#include "relay-row.h"

#define LIST_MAX 100

static RelayListFilter
make_filter (const RelayScope *scope, const RelayPaymentQuery *query)
{
  RelayListFilter filter = {
    .scope = scope, .gateway = query->gateway, .start = query->start, .end = query->end, .cursor = query->cursor
  };

  if (query->state >= 0)
    filter.state = cobro_payment_state_name ((CobroPaymentState)query->state);
  if (query->state == COBRO_PAYMENT_PENDING) /* to the outside both are "pending" */
    filter.other_state = cobro_payment_state_name (COBRO_PAYMENT_CREATED);
  if (query->link_id != NULL)
    {
      filter.parent_column = "link_id";
      filter.parent = query->link_id->text;
    }
  return filter;
}

/* ── Counting ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* The sum of what the database has counted. */
static gboolean
sum_counts (CobroDb *db, const RelayListFilter *filter, gint64 *out_total, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT coalesce (CAST (sum (n) AS BIGINT), 0) AS n FROM payment_count");
  g_autoptr (CobroDbStatement) statement = NULL;
  RelayListFilter all = *filter;

  all.cursor = NULL;
  relay_list_append_where (sql, &all);
  if (!(statement = cobro_db_prepare (db, sql->str, error)))
    return FALSE;
  relay_list_bind (statement, &all, COBRO_ID_PAYMENT);
  return relay_row_count (statement, out_total, error);
}

gboolean
relay_payment_count (CobroDb *db, const RelayScope *scope, const RelayPaymentQuery *query, gint64 *out_total,
                     gboolean *out_is_minimum, GError **error)
{
  RelayListFilter filter = make_filter (scope, query);

  *out_is_minimum = FALSE;
  if (filter.parent == NULL && filter.start == 0 && filter.end == 0)
    return sum_counts (db, &filter, out_total, error);
  return relay_list_count (db, "payment", &filter, COBRO_ID_PAYMENT, out_total, out_is_minimum, error);
}

/* ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The only gateway that this merchant has used in this mode: naming it lets the list use that gateway's index, where a
 * few test payments are not looked for among a million live ones. (transfer full) NULL: none, or several. */
static gboolean
find_only_gateway (CobroDb *db, const RelayScope *scope, char **out_gateway, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT min (gateway) AS first, max (gateway) AS last FROM payment_count WHERE "
                      "merchant_id = :merchant AND livemode = :livemode",
                      error);

  *out_gateway = NULL;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  if (g_strcmp0 (cobro_db_column_text (statement, "first"), cobro_db_column_text (statement, "last")) == 0)
    *out_gateway = relay_row_dup_text (statement, "first");
  return TRUE;
}

static GPtrArray *
read_page (CobroDbStatement *statement, guint limit, char **out_cursor, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_payment_record_free);
  CobroDbStep step;

  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayPaymentRecord *record = relay_payment_row_read (statement, error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }
  if (step == COBRO_DB_FAILED)
    return NULL;
  *out_cursor = NULL;
  if (records->len > limit)
    {
      g_ptr_array_set_size (records, (int)limit);
      *out_cursor = g_strdup (((RelayPaymentRecord *)records->pdata[limit - 1])->payment->id.text);
    }
  return g_steal_pointer (&records);
}

GPtrArray *
relay_payment_list (CobroDb *db, const RelayScope *scope, const RelayPaymentQuery *query, char **out_cursor,
                    GError **error)
{
  RelayListFilter filter = make_filter (scope, query);
  guint limit = CLAMP (query->limit, 1, LIST_MAX);
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autofree char *gateway = NULL;
  CobroId cursor;

  if (query->cursor != NULL && !cobro_id_parse (COBRO_ID_PAYMENT, query->cursor, &cursor, NULL))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "cursor", "is not one that this list gave");
      return NULL;
    }
  if (filter.gateway == NULL && filter.state == NULL && filter.parent == NULL)
    {
      if (!find_only_gateway (db, scope, &gateway, error))
        return NULL;
      filter.gateway = gateway;
    }
  statement = relay_list_prepare (db, RELAY_PAYMENT_COLUMNS, "payment", &filter, COBRO_ID_PAYMENT, limit,
                                  query->cursor != NULL ? 0 : MAX (query->offset, 0), error);
  return statement != NULL ? read_page (statement, limit, out_cursor, error) : NULL;
}
