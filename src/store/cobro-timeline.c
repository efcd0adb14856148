/* src/store/cobro-timeline.c — the relay's log as far as it was read, and the timeline of one link made from it.
 * Layer: store. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-payment-store.h"
#include "cobro-store-private.h"

void
cobro_timeline_entry_free (CobroTimelineEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->type);
  g_clear_pointer (&entry->payment, cobro_payment_unref);
  g_clear_pointer (&entry->refund, cobro_refund_unref);
  g_free (entry->member);
  g_free (entry->other_value);
  g_free (entry);
}

gboolean
cobro_event_store_append (CobroStoreTx *tx, const CobroHeardEvent *event, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO event (sequence, id, type, occurred_at, link_id, object_id, object, hash) "
                      "VALUES (:sequence, :id, :type, :at, :link, :object_id, :object, :hash) "
                      "ON CONFLICT (sequence) DO UPDATE SET id = excluded.id, type = excluded.type, "
                      "  occurred_at = excluded.occurred_at, link_id = excluded.link_id, "
                      "  object_id = excluded.object_id, object = excluded.object, hash = excluded.hash",
                      error);

  tx->change->kinds |= COBRO_STORE_EVENTS;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":sequence", event->sequence);
  cobro_db_bind_text (statement, ":id", event->id);
  cobro_db_bind_text (statement, ":type", event->type);
  cobro_db_bind_int64 (statement, ":at", event->occurred_at);
  cobro_db_bind_id (statement, ":link", &event->link_id);
  cobro_db_bind_text (statement, ":object_id", event->object_id.text);
  cobro_db_bind_text (statement, ":object", event->object);
  cobro_db_bind_text (statement, ":hash", event->hash);
  return cobro_db_run (statement, error);
}

gboolean
cobro_event_store_forget (CobroStoreTx *tx, GError **error)
{
  return cobro_db_exec (tx->db, "DELETE FROM event", error);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroId link_id;
  guint limit;
} TimelineJob;

CobroTimelineEntry *
cobro_timeline_read_entry (CobroStoreTx *tx, CobroDbStatement *statement)
{
  CobroTimelineEntry *entry = g_new0 (CobroTimelineEntry, 1);
  const char *object = cobro_db_column_text (statement, "object");

  entry->sequence = cobro_db_column_int64 (statement, "sequence");
  entry->type = g_strdup (cobro_db_column_text (statement, "type"));
  entry->occurred_at = cobro_db_column_time (statement, "occurred_at");
  entry->object_id = cobro_db_column_id (statement, "object_id");
  entry->member = g_strdup (cobro_db_column_text (statement, "member"));
  entry->other_value = g_strdup (cobro_db_column_text (statement, "other_value"));
  /* An object of a later version that cannot be read is shown by its type alone. */
  if (g_str_has_prefix (entry->type, "payment.") || g_str_has_prefix (entry->type, "dispute."))
    entry->payment = tx->codec->read_payment (object, NULL);
  else if (g_str_has_prefix (entry->type, "refund."))
    entry->refund = tx->codec->read_refund (object, NULL);
  return entry;
}

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  TimelineJob *job = data;
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_timeline_entry_free);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "SELECT sequence, type, occurred_at, object_id, object, '' AS member, '' AS other_value FROM event "
    "WHERE link_id = :link "
    "UNION ALL SELECT 0, type, occurred_at, object_id, '', member, other_value FROM history WHERE object_id = :link "
    "ORDER BY occurred_at DESC, sequence DESC LIMIT :limit",
    error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":link", &job->link_id);
  cobro_db_bind_int64 (statement, ":limit", job->limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    g_ptr_array_add (entries, cobro_timeline_read_entry (tx, statement));
  return step == COBRO_DB_DONE ? g_steal_pointer (&entries) : NULL;
}

void
cobro_timeline_list_async (CobroStore *store, const CobroId *link_id, guint limit, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  TimelineJob *job = g_new0 (TimelineJob, 1);

  *job = (TimelineJob){ *link_id, limit };
  cobro_store_read_async (store, do_list, job, g_free, (GDestroyNotify)g_ptr_array_unref, cancellable, callback,
                          user_data);
}

GPtrArray *
cobro_timeline_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
