/* src/store/cobro-outbox.c — see cobro-outbox.h.
 * Layer: store, on the store's writing thread. */
#include "config.h"
#include "cobro-outbox.h"
#include "cobro-error.h"

#include <string.h>

void
cobro_operation_free (CobroOperation *operation)
{
  if (operation == NULL)
    return;
  g_free (operation->op_id);
  g_free (operation->kind);
  g_free (operation->object_id);
  g_free (operation->body);
  g_free (operation->edited);
  g_free (operation);
}

/* ── Queueing ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
bind_operation (CobroDbStatement *statement, const char *kind, const char *object_id, const char *body,
                const char *edited, CobroTime due)
{
  cobro_db_bind_text (statement, ":kind", kind);
  cobro_db_bind_text (statement, ":object", object_id);
  cobro_db_bind_text (statement, ":body", body);
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":due", due);
}

static gboolean
insert_operation (CobroStoreTx *tx, const char *kind, const char *object_id, const char *body, const char *edited,
                  CobroTime due, GError **error)
{
  CobroId op_id = cobro_id_new (COBRO_ID_OPERATION, tx->clock, tx->random);
  CobroDbStatement *statement = cobro_db_prepare (tx->db,
                                                  "INSERT INTO outbox (op_id, kind, object_id, body, edited, due) "
                                                  "VALUES (:op_id, :kind, :object, :body, :edited, :due)",
                                                  error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":op_id", &op_id);
  bind_operation (statement, kind, object_id, body, edited, due);
  return cobro_db_run (statement, error);
}

/* "+seq": by the object's index, not by that of seq, where everything that waits is one long run of NULLs. */
gboolean
cobro_outbox_put (CobroStoreTx *tx, const char *kind, const char *object_id, const char *body, const char *edited,
                  CobroTime due, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db,
                                                  "UPDATE outbox SET body = :body, edited = :edited, due = :due "
                                                  "WHERE object_id = :object AND kind = :kind AND +seq IS NULL",
                                                  error);

  tx->change->kinds |= COBRO_STORE_OUTBOX;
  if (statement == NULL)
    return FALSE;
  bind_operation (statement, kind, object_id, body, edited, due);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 || insert_operation (tx, kind, object_id, body, edited, due, error);
}

gboolean
cobro_outbox_add (CobroStoreTx *tx, const char *kind, const char *object_id, const char *body, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT 1 AS n FROM outbox WHERE object_id = :object AND kind = :kind AND body = :body AND +seq IS NULL",
    error);
  CobroDbStep step;

  tx->change->kinds |= COBRO_STORE_OUTBOX;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":object", object_id);
  cobro_db_bind_text (statement, ":kind", kind);
  cobro_db_bind_text (statement, ":body", body);
  step = cobro_db_step (statement, error);
  return step == COBRO_DB_ROW ||
         (step == COBRO_DB_DONE && insert_operation (tx, kind, object_id, body, "{}", 0, error));
}

gboolean
cobro_outbox_take_back (CobroStoreTx *tx, const char *kind, const char *object_id, gboolean *out_sent, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "DELETE FROM outbox WHERE object_id = :object AND kind = :kind AND +seq IS NULL", error);
  g_autoptr (CobroDbStatement) left = NULL;

  tx->change->kinds |= COBRO_STORE_OUTBOX;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":object", object_id);
  cobro_db_bind_text (statement, ":kind", kind);
  if (!cobro_db_run (statement, error))
    return FALSE;

  left =
    cobro_db_prepare (tx->db, "SELECT count(*) AS n FROM outbox WHERE object_id = :object AND kind = :kind", error);
  if (left == NULL)
    return FALSE;
  cobro_db_bind_text (left, ":object", object_id);
  cobro_db_bind_text (left, ":kind", kind);
  if (cobro_db_step (left, error) != COBRO_DB_ROW)
    return FALSE;
  *out_sent = cobro_db_column_int64 (left, "n") > 0;
  return TRUE;
}

gint64
cobro_outbox_count (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT n FROM row_count WHERE name = 'outbox'", error);

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return -1;
  return cobro_db_column_int64 (statement, "n");
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroOperation *
read_operation (CobroDbStatement *statement)
{
  CobroOperation *operation = g_new0 (CobroOperation, 1);

  operation->op_id = g_strdup (cobro_db_column_text (statement, "op_id"));
  operation->seq = cobro_db_column_int64 (statement, "seq");
  operation->kind = g_strdup (cobro_db_column_text (statement, "kind"));
  operation->object_id = g_strdup (cobro_db_column_text (statement, "object_id"));
  operation->base_rev = cobro_db_column_int64 (statement, "rev");
  operation->body = g_strdup (cobro_db_column_text (statement, "body"));
  operation->edited = g_strdup (cobro_db_column_text (statement, "edited"));
  return operation;
}

#define OPERATION_COLUMNS                                                                                              \
  "SELECT op_id, seq, kind, object_id, body, edited, due, "                                                            \
  "  coalesce(base_rev, CASE kind WHEN 'merchant.put' THEN (SELECT rev FROM merchant) "                                \
  "    WHEN 'customer.put' THEN (SELECT rev FROM customer WHERE id = object_id) "                                      \
  "    WHEN 'invoice.put' THEN (SELECT rev FROM invoice WHERE id = object_id) "                                        \
  "    WHEN 'product.put' THEN (SELECT rev FROM product WHERE id = object_id) "                                        \
  "    WHEN 'recurring.put' THEN (SELECT rev FROM recurring WHERE id = object_id) "                                    \
  "    ELSE (SELECT rev FROM link WHERE id = object_id) END, 0) AS rev FROM outbox "
#define SENT_OPERATIONS OPERATION_COLUMNS "WHERE seq IS NOT NULL ORDER BY seq"
#define NEW_OPERATIONS  OPERATION_COLUMNS "WHERE seq IS NULL ORDER BY row"

typedef struct
{
  GPtrArray *operations;
  GHashTable *objects; /* (element-type utf8) that have an operation in this batch */
  guint limit;
  gsize bytes, max_bytes;
  CobroTime next_due;
  gboolean full;
} Batch;

/* FALSE: the batch is full. */
static gboolean
consider (Batch *batch, CobroDbStatement *statement, CobroTime now)
{
  const char *object_id = cobro_db_column_text (statement, "object_id");
  CobroTime due = cobro_db_column_time (statement, "due");
  gsize size = strlen (cobro_db_column_text (statement, "body")) + 256;
  CobroOperation *operation;

  if (cobro_db_column_is_null (statement, "seq") && due > now)
    {
      batch->next_due = batch->next_due == 0 ? due : MIN (batch->next_due, due);
      return TRUE;
    }
  if (g_hash_table_contains (batch->objects, object_id))
    return TRUE;
  if (batch->operations->len > 0 && batch->bytes + size > batch->max_bytes)
    return FALSE;

  operation = read_operation (statement);
  g_hash_table_add (batch->objects, operation->object_id);
  g_ptr_array_add (batch->operations, operation);
  batch->bytes += size;
  return batch->operations->len < batch->limit;
}

static gboolean
select_batch (CobroStoreTx *tx, const char *sql, Batch *batch, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  while (!batch->full && (step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    batch->full = !consider (batch, statement, tx->now);
  return batch->full || step == COBRO_DB_DONE;
}

static gboolean
next_seq (CobroStoreTx *tx, gint64 *out_seq, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE pairing SET next_seq = next_seq + 1 RETURNING next_seq - 1 AS seq", error);

  if (statement == NULL)
    return FALSE;
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      *out_seq = cobro_db_column_int64 (statement, "seq");
      return cobro_db_step (statement, error) == COBRO_DB_DONE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_STATE, "these books are not paired with a relay");
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

static gboolean
give_number (CobroStoreTx *tx, CobroOperation *operation, GError **error)
{
  CobroDbStatement *statement;

  if (operation->seq != 0)
    return TRUE;
  if (!next_seq (tx, &operation->seq, error))
    return FALSE;
  statement =
    cobro_db_prepare (tx->db, "UPDATE outbox SET seq = :seq, base_rev = :base_rev WHERE op_id = :op_id", error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":seq", operation->seq);
  cobro_db_bind_int64 (statement, ":base_rev", operation->base_rev);
  cobro_db_bind_text (statement, ":op_id", operation->op_id);
  return cobro_db_run (statement, error);
}

GPtrArray *
cobro_outbox_take (CobroStoreTx *tx, guint limit, gsize max_bytes, CobroTime *out_next_due, GError **error)
{
  g_autoptr (GPtrArray) operations = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_operation_free);
  g_autoptr (GHashTable) objects = g_hash_table_new (g_str_hash, g_str_equal);
  Batch batch = { .operations = operations, .objects = objects, .limit = limit, .max_bytes = max_bytes };

  if (!select_batch (tx, SENT_OPERATIONS, &batch, error) || !select_batch (tx, NEW_OPERATIONS, &batch, error))
    return NULL;
  for (guint i = 0; i < operations->len; i++)
    if (!give_number (tx, g_ptr_array_index (operations, i), error))
      return NULL;
  *out_next_due = batch.next_due;
  return g_steal_pointer (&operations);
}

gboolean
cobro_outbox_remove (CobroStoreTx *tx, const char *op_id, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "DELETE FROM outbox WHERE op_id = :op_id", error);

  tx->change->kinds |= COBRO_STORE_OUTBOX;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":op_id", op_id);
  return cobro_db_run (statement, error);
}

gboolean
cobro_outbox_renumber (CobroStoreTx *tx, gint64 first, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "UPDATE pairing SET next_seq = :next", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":next", first);
  return cobro_db_run (statement, error) &&
         cobro_db_exec (tx->db, "UPDATE outbox SET seq = NULL, base_rev = NULL", error);
}
