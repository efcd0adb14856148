/* relay/store/relay-operation-store.c — what desktops have pushed.
 * Layer: relay/store. */
#include "relay-operation-store.h"

#include "relay-row.h"

void
relay_operation_result_clear (RelayOperationResult *result)
{
  g_clear_pointer (&result->result, g_free);
  g_clear_pointer (&result->reason, g_free);
  g_clear_pointer (&result->path, g_free);
  g_clear_pointer (&result->code, g_free);
  result->rev = 0;
}

gboolean
relay_operation_expected (CobroDb *db, const CobroId *merchant_id, const CobroId *device_id, gint64 *out_seq,
                          GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT last_seq FROM device WHERE merchant_id = :merchant AND id = :device AND revoked_at IS NULL", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":device", device_id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      *out_seq = cobro_db_column_int64 (statement, "last_seq") + 1;
      return TRUE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "this device is not paired any more");
    case COBRO_DB_FAILED:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

/* @out_found: whether @op_id was answered before; then @out_known is its result. */
static gboolean
find_known (CobroDb *db, const CobroId *merchant_id, const CobroId *device_id, const char *op_id, gboolean *out_found,
            RelayOperationResult *out_known, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT result, rev, reason, path, code FROM operation WHERE merchant_id = :merchant AND "
                      "device_id = :device AND op_id = :op",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":device", device_id);
  cobro_db_bind_text (statement, ":op", op_id);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  *out_found = step == COBRO_DB_ROW;
  if (*out_found)
    {
      out_known->result = relay_row_dup_text (statement, "result");
      out_known->rev = cobro_db_column_int64 (statement, "rev");
      out_known->reason = relay_row_dup_text (statement, "reason");
      out_known->path = relay_row_dup_text (statement, "path");
      out_known->code = relay_row_dup_text (statement, "code");
    }
  return TRUE;
}

gboolean
relay_operation_place (CobroDb *db, const CobroId *merchant_id, const CobroId *device_id, const char *op_id, gint64 seq,
                       RelayOperationPlace *out_place, RelayOperationResult *out_known, GError **error)
{
  gboolean found = FALSE;
  gint64 expected;

  if (!find_known (db, merchant_id, device_id, op_id, &found, out_known, error) ||
      !relay_operation_expected (db, merchant_id, device_id, &expected, error))
    return FALSE;
  if (found)
    *out_place = RELAY_OPERATION_KNOWN;
  else if (seq == expected)
    *out_place = RELAY_OPERATION_NEXT;
  else
    *out_place = seq > expected ? RELAY_OPERATION_GAP : RELAY_OPERATION_REUSED;
  return TRUE;
}

static gboolean
set_last (RelayTx *tx, const CobroId *merchant_id, const CobroId *device_id, gint64 seq, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE device SET last_seq = :seq WHERE merchant_id = :merchant AND id = :device", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":seq", seq);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":device", device_id);
  return cobro_db_run (statement, error);
}

gboolean
relay_operation_insert (RelayTx *tx, const CobroId *merchant_id, const CobroId *device_id, const char *op_id,
                        gint64 seq, const char *kind, const RelayOperationResult *result, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO operation (merchant_id, device_id, op_id, seq, kind, result, rev, reason, path, "
                      "code, applied_at) VALUES (:merchant, :device, :op, :seq, :kind, :result, :rev, :reason, :path, "
                      ":code, :now)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":device", device_id);
  cobro_db_bind_text (statement, ":op", op_id);
  cobro_db_bind_int64 (statement, ":seq", seq);
  cobro_db_bind_text (statement, ":kind", kind);
  cobro_db_bind_text (statement, ":result", result->result);
  cobro_db_bind_int64 (statement, ":rev", result->rev);
  cobro_db_bind_text (statement, ":reason", result->reason);
  cobro_db_bind_text (statement, ":path", result->path);
  cobro_db_bind_text (statement, ":code", result->code);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error) && set_last (tx, merchant_id, device_id, seq, error);
}
