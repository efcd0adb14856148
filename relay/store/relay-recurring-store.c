/* relay/store/relay-recurring-store.c — schedules of invoices.
 * Layer: relay/store. */
#include "relay-recurring-store.h"

#include "cobro-wire-recurring.h"
#include "relay-event-store.h"
#include "relay-row.h"

#define COLUMNS "merchant_id, livemode, rev, document, edited, issued, next_at, notice"

void
relay_recurring_record_free (RelayRecurringRecord *record)
{
  if (record == NULL)
    return;
  g_clear_pointer (&record->recurring, cobro_recurring_unref);
  g_free (record->notice);
  g_free (record->edited);
  g_free (record);
}

/* When the day of period @n begins where the merchant is; 0: there is none, or it rests. */
static CobroTime
time_of (const CobroRecurring *recurring, gint64 n, const char *zone)
{
  CobroDay day;

  if (recurring->paused || !cobro_recurring_period (recurring, n, &day))
    return 0;
  return cobro_day_begins_at (day, zone);
}

static RelayRecurringRecord *
read_row (CobroDbStatement *statement, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (cobro_db_column_text (statement, "document"), -1, error);
  g_autoptr (RelayRecurringRecord) record = g_new0 (RelayRecurringRecord, 1);

  if (object == NULL || !(record->recurring = cobro_wire_recurring_parse (object, error)))
    return NULL;
  record->merchant_id = cobro_db_column_id (statement, "merchant_id");
  record->recurring->livemode = cobro_db_column_bool (statement, "livemode");
  record->recurring->rev = cobro_db_column_int64 (statement, "rev");
  record->issued = cobro_db_column_int64 (statement, "issued");
  record->next_at = cobro_db_column_time (statement, "next_at");
  record->notice = relay_row_dup_text (statement, "notice");
  record->edited = relay_row_dup_text (statement, "edited");
  return g_steal_pointer (&record);
}

static void
bind_scope (CobroDbStatement *statement, const RelayScope *scope)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
}

RelayRecurringRecord *
relay_recurring_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT " COLUMNS " FROM recurring WHERE merchant_id = :merchant AND id = :id AND livemode = :livemode", error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_id (statement, ":id", id);
  return relay_row_found (statement, "recurring invoice", error) ? read_row (statement, error) : NULL;
}

GPtrArray *
relay_recurring_list (CobroDb *db, const RelayScope *scope, const char *cursor, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " COLUMNS " FROM recurring WHERE merchant_id = :merchant AND id < :before AND livemode = "
                      ":livemode ORDER BY id DESC LIMIT :limit",
                      error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_text (statement, ":before", cursor != NULL ? cursor : "~");
  cobro_db_bind_int64 (statement, ":limit", limit);
  return relay_row_all (statement, (RelayRowRead)read_row, (GDestroyNotify)relay_recurring_record_free, error);
}

GPtrArray *
relay_recurring_list_due (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT " COLUMNS " FROM recurring WHERE next_at <= :now AND next_at IS NOT NULL ORDER BY next_at LIMIT :limit",
    error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return relay_row_all (statement, (RelayRowRead)read_row, (GDestroyNotify)relay_recurring_record_free, error);
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
save_progress (RelayTx *tx, const RelayRecurringRecord *record, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE recurring SET issued = :issued, next_at = :next_at, notice = :notice WHERE merchant_id = "
                      ":merchant AND id = :id",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":issued", record->issued);
  cobro_db_bind_time (statement, ":next_at", record->next_at);
  cobro_db_bind_text (statement, ":notice", record->notice);
  cobro_db_bind_id (statement, ":merchant", &record->merchant_id);
  cobro_db_bind_id (statement, ":id", &record->recurring->id);
  return cobro_db_run (statement, error);
}

gboolean
relay_recurring_put (RelayTx *tx, const RelayScope *scope, const CobroRecurring *recurring, const char *zone,
                     const char *edited, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (RelayRecurringRecord) before = relay_recurring_find (tx->db, scope, &recurring->id, &failure);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *document = NULL;
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!cobro_error_forgive_not_found (g_steal_pointer (&failure), error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "INSERT INTO recurring (merchant_id, id, livemode, rev, document, edited, updated_at, next_at) VALUES "
          "(:merchant, :id, :livemode, :rev, :document, :edited, :now, :next_at) ON CONFLICT (merchant_id, id) DO "
          "UPDATE SET rev = :rev, document = :document, edited = :edited, updated_at = :now, next_at = :next_at "
          "WHERE recurring.livemode = :livemode",
          error)))
    return FALSE;
  cobro_wire_recurring_write (writer, NULL, recurring);
  document = cobro_wire_writer_take (writer);
  bind_scope (statement, scope);
  cobro_db_bind_id (statement, ":id", &recurring->id);
  cobro_db_bind_int64 (statement, ":rev", recurring->rev);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_time (statement, ":next_at", time_of (recurring, before != NULL ? before->issued : 0, zone));
  if (!cobro_db_run (statement, error))
    return FALSE;
  if (cobro_db_changes (tx->db) == 0)
    return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "id", "is another schedule's");
  return relay_event_append (tx, scope, COBRO_EVENT_RECURRING_UPDATED, &recurring->id, document, error);
}

static void
set_notice (RelayRecurringRecord *record, const char *notice)
{
  g_free (record->notice);
  record->notice = g_strdup (notice);
}

gboolean
relay_recurring_advance (RelayTx *tx, RelayRecurringRecord *record, gint64 issued, const char *zone, const char *notice,
                         GError **error)
{
  record->issued = issued;
  record->next_at = time_of (record->recurring, issued, zone);
  set_notice (record, notice);
  return save_progress (tx, record, error);
}

gboolean
relay_recurring_put_off (RelayTx *tx, RelayRecurringRecord *record, CobroTime when, const char *notice, GError **error)
{
  record->next_at = when;
  set_notice (record, notice);
  return save_progress (tx, record, error);
}
