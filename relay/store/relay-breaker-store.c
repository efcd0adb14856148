/* relay/store/relay-breaker-store.c — rows of breakers.
 * Layer: relay/store. */
#include "relay-breaker-store.h"

#include "cobro-wire.h"
#include "relay-event-store.h"
#include "relay-row.h"

void
relay_breaker_row_free (RelayBreakerRow *row)
{
  g_free (row->provider);
  g_free (row->account);
  g_free (row);
}

GPtrArray *
relay_breaker_list (CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_breaker_row_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT provider, account, opened, open_until, changed_at FROM breaker", error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayBreakerRow *row = g_new0 (RelayBreakerRow, 1);

      row->provider = relay_row_dup_text (statement, "provider");
      row->account = relay_row_dup_text (statement, "account");
      row->opened = cobro_db_column_int64 (statement, "opened");
      row->open_until = cobro_db_column_int64 (statement, "open_until");
      row->changed_at = cobro_db_column_int64 (statement, "changed_at");
      g_ptr_array_add (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

static gboolean
get_opened (CobroDb *db, const char *provider, const char *account, gint64 *out_opened, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT coalesce (max (opened), 0) AS n FROM breaker WHERE provider = :provider AND "
                      "account = :account",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":provider", provider);
  cobro_db_bind_text (statement, ":account", account);
  return relay_row_count (statement, out_opened, error);
}

/* The merchant's desktop says which provider does not answer, and when it will be tried again. */
static gboolean
tell (RelayTx *tx, const RelayScope *owner, const char *provider, const char *account, CobroTime open_until,
      gboolean degraded, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", owner->merchant_id.text);
  cobro_wire_put_text (writer, "provider", provider);
  cobro_wire_put_text (writer, "account", account);
  cobro_wire_put_time (writer, "retryAt", degraded ? open_until : 0);
  cobro_wire_end_object (writer);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, owner, degraded ? COBRO_EVENT_PROVIDER_DEGRADED : COBRO_EVENT_PROVIDER_RECOVERED,
                             &owner->merchant_id, object, error);
}

#define PUT                                                                                                            \
  "INSERT INTO breaker (merchant_id, provider, account, opened, open_until, changed_at) VALUES (:merchant, "           \
  ":provider, "                                                                                                        \
  ":account, :opened, :until, :changed) ON CONFLICT (provider, account) DO UPDATE SET opened = :opened, "              \
  "open_until = :until, probe_until = 0, changed_at = :changed"

gboolean
relay_breaker_put (RelayTx *tx, const RelayScope *owner, const char *provider, const char *account, gint64 opened,
                   CobroTime open_until, CobroTime changed_at, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, PUT, error);
  gint64 before;

  if (statement == NULL || !get_opened (tx->db, provider, account, &before, error))
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &owner->merchant_id);
  cobro_db_bind_text (statement, ":provider", provider);
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_int64 (statement, ":opened", opened);
  cobro_db_bind_int64 (statement, ":until", open_until);
  cobro_db_bind_int64 (statement, ":changed", changed_at);
  return cobro_db_run (statement, error) &&
         ((before > 0) == (opened > 0) || tell (tx, owner, provider, account, open_until, opened > 0, error));
}

gboolean
relay_breaker_take_probe (RelayTx *tx, const char *provider, const char *account, CobroTime until, gboolean *out_mine,
                          GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE breaker SET probe_until = :until WHERE provider = :provider AND account = :account AND "
                      "opened > 0 AND open_until <= :now AND probe_until <= :now",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":provider", provider);
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_int64 (statement, ":until", until);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_mine = cobro_db_changes (tx->db) == 1;
  return TRUE;
}
