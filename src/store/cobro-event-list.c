/* src/store/cobro-event-list.c — the relay's log as a list.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-event-list.h"
#include "cobro-error.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

CobroEventRecord *
cobro_event_record_ref (CobroEventRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_event_record_unref (CobroEventRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  g_free (record->id);
  g_free (record->type);
  g_free (record->object_id);
  g_free (record->object);
  g_free (record);
}

static gpointer
load (CobroStoreTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT sequence, id, type, occurred_at, object_id, object FROM event WHERE sequence = :row", error);
  CobroEventRecord *record;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return NULL;
  record = g_new0 (CobroEventRecord, 1);
  record->ref_count = 1;
  record->sequence = cobro_db_column_int64 (statement, "sequence");
  record->id = g_strdup (cobro_db_column_text (statement, "id"));
  record->type = g_strdup (cobro_db_column_text (statement, "type"));
  record->occurred_at = cobro_db_column_time (statement, "occurred_at");
  record->object_id = g_strdup (cobro_db_column_text (statement, "object_id"));
  record->object = g_strdup (cobro_db_column_text (statement, "object"));
  return record;
}

static GArray *
list (CobroStoreTx *tx, gconstpointer data, guint limit, GError **error)
{
  const CobroEventQuery *query = data;
  const char *sql = query->type < 0
                      ? "SELECT sequence AS row FROM event ORDER BY sequence DESC LIMIT :limit"
                      : "SELECT sequence AS row FROM event WHERE type = :type ORDER BY sequence DESC LIMIT :limit";
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  if (query->type >= 0)
    cobro_db_bind_text (statement, ":type", cobro_event_type_name ((CobroEventType)query->type));
  cobro_db_bind_int64 (statement, ":limit", limit > 0 ? (gint64)limit : G_MAXINT64);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

static void
unref_or_null (gpointer record)
{
  cobro_event_record_unref (record);
}

static const CobroListNoun noun = { sizeof (CobroEventQuery), list, load, unref_or_null };

void
cobro_event_store_list_async (CobroStore *store, const CobroEventQuery *query, guint limit, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_async (store, &noun, query, limit, cancellable, callback, user_data);
}

GArray *
cobro_event_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

void
cobro_event_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_load_rows_async (store, &noun, rows, n, cancellable, callback, user_data);
}

GPtrArray *
cobro_event_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
