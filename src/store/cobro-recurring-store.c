/* src/store/cobro-recurring-store.c — schedules of invoices.
 * Layer: store. */
#include "config.h"
#include "cobro-recurring-store.h"
#include "cobro-error.h"
#include "cobro-plain-private.h"

CobroRecurringRecord *
cobro_recurring_record_ref (CobroRecurringRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_recurring_record_unref (CobroRecurringRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  g_clear_pointer (&record->recurring, cobro_recurring_unref);
  g_free (record->reason);
  g_free (record->path);
  g_free (record);
}

#define SELECT_RECORD                                                                                                  \
  "SELECT row, document, rev, trouble, reason, path, "                                                                 \
  "  EXISTS (SELECT 1 FROM outbox WHERE object_id = recurring.id) AS waiting, "                                        \
  "  (SELECT count(*) FROM invoice WHERE recurring_id = recurring.id) AS issued FROM recurring "

static CobroRecurringRecord *
read_record (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  CobroRecurring *recurring = tx->codec->read_recurring (cobro_db_column_text (statement, "document"), error);
  CobroRecurringRecord *record;

  if (recurring == NULL)
    return NULL;
  recurring->rev = cobro_db_column_int64 (statement, "rev");
  record = g_new0 (CobroRecurringRecord, 1);
  record->ref_count = 1;
  record->row = cobro_db_column_int64 (statement, "row");
  record->recurring = recurring;
  record->issued = cobro_db_column_int64 (statement, "issued");
  record->state = cobro_plain_read_state (statement);
  record->reason = g_strdup (cobro_db_column_text (statement, "reason"));
  record->path = g_strdup (cobro_db_column_text (statement, "path"));
  return record;
}

static CobroRecurringRecord *
find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id->text);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return read_record (tx, statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no schedule “%s”", id->text);
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_recurring_row_write (CobroStoreTx *tx, const char *document, GError **error)
{
  g_autoptr (CobroRecurring) recurring = tx->codec->read_recurring (document, error);
  CobroDbStatement *statement;

  if (recurring == NULL ||
      !(statement = cobro_db_prepare (tx->db,
                                      "INSERT INTO recurring (id, document, rev) VALUES (:id, :document, :rev) "
                                      "ON CONFLICT (id) DO UPDATE SET document = excluded.document, trouble = 0, "
                                      "  reason = '', path = ''",
                                      error)))
    return FALSE;
  cobro_db_bind_id (statement, ":id", &recurring->id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":rev", recurring->rev);
  return cobro_db_run (statement, error);
}

static gboolean
find_before (CobroStoreTx *tx, const CobroId *id, CobroRecurringRecord **out_before, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *out_before = cobro_id_is_set (id) ? find (tx, id, &failure) : NULL;
  if (failure == NULL || g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroRecurring *recurring = data;
  g_autoptr (CobroRecurringRecord) before = NULL;
  g_autofree char *document = NULL;

  if (!find_before (tx, &recurring->id, &before, error))
    return NULL;
  if (!cobro_id_is_set (&recurring->id))
    recurring->id = cobro_id_new (COBRO_ID_RECURRING, tx->clock, tx->random);
  recurring->rev = before != NULL ? before->recurring->rev : 0;
  recurring->created_at = before != NULL ? before->recurring->created_at : tx->now;
  recurring->updated_at = tx->now;
  if (!cobro_recurring_validate (recurring, error))
    return NULL;
  document = tx->codec->write_recurring (recurring);
  return cobro_plain_put (tx, COBRO_PLAIN_RECURRING, recurring->id.text, document, error)
           ? find (tx, &recurring->id, error)
           : NULL;
}

void
cobro_recurring_store_put_async (CobroStore *store, const CobroRecurring *recurring, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_put, cobro_recurring_copy (recurring), (GDestroyNotify)cobro_recurring_unref,
                           (GDestroyNotify)cobro_recurring_record_unref, cancellable, callback, user_data);
}

CobroRecurringRecord *
cobro_recurring_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_recurring_record_unref);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "ORDER BY row DESC", error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroRecurringRecord *record = read_record (tx, statement, error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&records) : NULL;
}

void
cobro_recurring_store_list_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  cobro_store_read_async (store, do_list, NULL, NULL, (GDestroyNotify)g_ptr_array_unref, cancellable, callback,
                          user_data);
}

GPtrArray *
cobro_recurring_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
