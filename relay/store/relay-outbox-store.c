/* relay/store/relay-outbox-store.c — subscriptions and queued rows.
 * Layer: relay/store. */
#include "relay-outbox-store.h"

#include "relay-outbox-rows.h"
#include "relay-row.h"

/* The types of a subscription are kept as " a b c " so that one instr() finds a whole word. */
static char *
pad_types (const char *types)
{
  return g_str_equal (types, "*") ? g_strdup ("*") : g_strconcat (" ", types, " ", NULL);
}

gboolean
relay_outbox_write (RelayTx *tx, const CobroId *merchant_id, gint64 sequence, const char *type, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO outbox (merchant_id, reader, sequence, state) "
                      "SELECT merchant_id, reader, :sequence, 'queued' FROM subscription "
                      "WHERE merchant_id = :merchant AND until IS NULL "
                      "AND (types = '*' OR instr (types, ' ' || :type || ' ') > 0)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_int64 (statement, ":sequence", sequence);
  cobro_db_bind_text (statement, ":type", type);
  return cobro_db_run (statement, error);
}

gboolean
relay_outbox_subscribe (RelayTx *tx, const CobroId *merchant_id, const char *reader, const char *types, GError **error)
{
  g_autofree char *padded = pad_types (types);
  g_autoptr (CobroDbStatement) statement = NULL;
  gint64 head = relay_event_head (tx->db, merchant_id, error);

  if (head < 0 || !(statement = cobro_db_prepare (tx->db,
                                                  "INSERT INTO subscription (merchant_id, reader, types, since) "
                                                  "VALUES (:merchant, :reader, :types, :since)",
                                                  error)))
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":reader", reader);
  cobro_db_bind_text (statement, ":types", padded);
  cobro_db_bind_int64 (statement, ":since", head);
  return cobro_db_run (statement, error);
}

gboolean
relay_outbox_unsubscribe (RelayTx *tx, const CobroId *merchant_id, const char *reader, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  gint64 head = relay_event_head (tx->db, merchant_id, error);

  if (head < 0 ||
      !(statement = cobro_db_prepare (tx->db,
                                      "UPDATE subscription SET until = :head WHERE merchant_id = :merchant AND "
                                      "reader = :reader AND until IS NULL",
                                      error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":head", head);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":reader", reader);
  return cobro_db_run (statement, error);
}

void
relay_outbox_row_free (RelayOutboxRow *row)
{
  if (row == NULL)
    return;
  g_free (row->reader);
  g_free (row);
}

GPtrArray *
relay_outbox_queued (CobroDb *db, const CobroId *merchant_id, guint limit, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_outbox_row_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT reader, sequence FROM outbox WHERE merchant_id = :merchant AND state = 'queued' "
                      "ORDER BY row LIMIT :limit",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_int64 (statement, ":limit", limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayOutboxRow *row = g_new0 (RelayOutboxRow, 1);

      row->merchant_id = *merchant_id;
      row->reader = relay_row_dup_text (statement, "reader");
      row->sequence = cobro_db_column_int64 (statement, "sequence");
      g_ptr_array_add (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}
