/* relay/store/relay-inbox-store.c — webhooks as they came in, and quarantine.
 * Layer: relay/store. */
#include "relay-inbox-store.h"

#include "cobro-event.h"
#include "cobro-wire-fact.h"
#include "relay-event-store.h"
#include "relay-row.h"

#define FACTS_MAX 64

#define COLUMNS                                                                                                        \
  "row, merchant_id, provider, account, livemode, event_id, raw, facts, state, tries, received_at, next_try_at"

static const char *const state_names[] = { "pending", "unmatched", "applied", "quarantined" };

void
relay_inbox_row_free (RelayInboxRow *row)
{
  if (row == NULL)
    return;
  g_free (row->provider);
  g_free (row->account);
  g_free (row->event_id);
  g_clear_pointer (&row->raw, g_bytes_unref);
  g_clear_pointer (&row->facts, g_ptr_array_unref);
  g_free (row);
}

/* ── Facts as text ──────────────────────────────────────────────────────────────────────────────────────────── */

static char *
facts_to_json (GPtrArray *facts)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_begin_array (writer, "facts");
  for (guint i = 0; i < facts->len; i++)
    cobro_wire_fact_write (writer, NULL, facts->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static GPtrArray *
facts_from_json (const char *json, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (json, -1, error);
  g_autoptr (GPtrArray) children = NULL;
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);

  if (object == NULL || !cobro_wire_get_objects (object, "facts", FACTS_MAX, &children, error))
    return NULL;
  for (guint i = 0; i < children->len; i++)
    {
      CobroFact *fact = cobro_wire_fact_parse (children->pdata[i], error);

      if (fact == NULL)
        return NULL;
      g_ptr_array_add (facts, fact);
    }
  return g_steal_pointer (&facts);
}

/* ── The bytes ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* What companies send holds names, addresses and client secrets: it rests sealed. */
static RelayPlace
raw_place (const RelayInboxRow *row)
{
  return (RelayPlace){ "inbox", "raw", row->event_id, &row->merchant_id, row->livemode };
}

/* Bytes whose key was lost stay NULL: the row is still there, and waits for a person. */
static gboolean
open_raw (RelayStore *store, CobroDb *db, CobroDbStatement *statement, RelayInboxRow *row, GError **error)
{
  RelayPlace place = raw_place (row);
  GError *failure = NULL;
  gsize n;
  gconstpointer blob = cobro_db_column_blob (statement, "raw", &n);

  row->raw = relay_store_unseal_bytes (store, db, &place, blob, n, &failure);
  if (failure == NULL || g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_SIGNATURE))
    {
      g_clear_error (&failure);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

/* ── Inbox ──────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_inbox_insert (RelayTx *tx, const CobroId *merchant_id, const char *provider, const char *account,
                    gboolean livemode, const char *event_id, GBytes *raw, GPtrArray *facts, gint64 *out_row,
                    GError **error)
{
  g_autofree char *json = facts != NULL ? facts_to_json (facts) : NULL;
  RelayPlace place = { "inbox", "raw", event_id, merchant_id, livemode };
  g_autoptr (GBytes) sealed = relay_store_seal_bytes (tx->store, tx->db, &place, raw, error);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO inbox (merchant_id, provider, account, livemode, event_id, raw, facts, state, "
                      "received_at, next_try_at) VALUES (:merchant, :provider, :account, :livemode, :event, :raw, "
                      ":facts, 'pending', :now, :now) ON CONFLICT (provider, account, livemode, event_id) DO NOTHING "
                      "RETURNING row",
                      error);
  CobroDbStep step;

  if (sealed == NULL || statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":provider", provider);
  cobro_db_bind_text (statement, ":account", account);
  cobro_db_bind_bool (statement, ":livemode", livemode);
  cobro_db_bind_text (statement, ":event", event_id);
  cobro_db_bind_blob (statement, ":raw", g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  cobro_db_bind_text (statement, ":facts", json);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  *out_row = step == COBRO_DB_ROW ? cobro_db_column_int64 (statement, "row") : 0;
  return TRUE;
}

static RelayInboxRow *
read_row (RelayStore *store, CobroDb *db, CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayInboxRow) row = g_new0 (RelayInboxRow, 1);
  const char *state = cobro_db_column_text (statement, "state");
  const char *facts = cobro_db_column_text (statement, "facts");

  row->row = cobro_db_column_int64 (statement, "row");
  row->merchant_id = cobro_db_column_id (statement, "merchant_id");
  row->provider = relay_row_dup_text (statement, "provider");
  row->account = relay_row_dup_text (statement, "account");
  row->livemode = cobro_db_column_bool (statement, "livemode");
  row->event_id = relay_row_dup_text (statement, "event_id");
  for (gsize i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (g_strcmp0 (state, state_names[i]) == 0)
      row->state = (RelayInboxState)i;
  row->tries = cobro_db_column_int64 (statement, "tries");
  row->received_at = cobro_db_column_time (statement, "received_at");
  row->next_try_at = cobro_db_column_time (statement, "next_try_at");
  if (store != NULL && !open_raw (store, db, statement, row, error))
    return NULL;
  if (facts != NULL && !(row->facts = facts_from_json (facts, error)))
    {
      g_prefix_error (error, "inbox row %" G_GINT64_FORMAT ": ", row->row);
      return NULL;
    }
  return g_steal_pointer (&row);
}

RelayInboxRow *
relay_inbox_find (RelayStore *store, CobroDb *db, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT " COLUMNS " FROM inbox WHERE row = :row", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  return relay_row_found (statement, "webhook", error) ? read_row (store, db, statement, error) : NULL;
}

/* Without its bytes. */
static gpointer
read_shut (CobroDbStatement *statement, GError **error)
{
  return read_row (NULL, NULL, statement, error);
}

GArray *
relay_inbox_list_due (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT row FROM inbox WHERE next_try_at <= :now AND next_try_at IS NOT NULL "
                      "ORDER BY next_try_at, row LIMIT :limit",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

GPtrArray *
relay_inbox_list_waiting (CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT " COLUMNS " FROM inbox WHERE next_try_at IS NOT NULL ORDER BY row", error);

  return statement != NULL ? relay_row_all (statement, read_shut, (GDestroyNotify)relay_inbox_row_free, error) : NULL;
}

GArray *
relay_inbox_claim (RelayTx *tx, gint64 lease, guint limit, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE inbox SET next_try_at = :until WHERE row IN (SELECT row FROM inbox WHERE next_try_at <= "
    ":now AND next_try_at IS NOT NULL ORDER BY next_try_at, row LIMIT :limit " COBRO_DB_SKIP_LOCKED ") RETURNING row",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":until", tx->now + lease);
  cobro_db_bind_int64 (statement, ":limit", limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

gboolean
relay_inbox_prune (RelayTx *tx, CobroTime before, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "DELETE FROM inbox WHERE row IN (SELECT row FROM inbox WHERE received_at < :before AND "
                      "next_try_at IS NULL ORDER BY received_at LIMIT :limit)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":before", before);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return cobro_db_run (statement, error);
}

gboolean
relay_inbox_make_due (RelayTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE inbox SET next_try_at = :now WHERE next_try_at IS NOT NULL", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_inbox_settle (RelayTx *tx, gint64 row, RelayInboxState state, CobroTime next_try_at, const char *reason,
                    GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE inbox SET state = :state, next_try_at = :next, reason = :reason, tries = tries + 1 "
                      "WHERE row = :row",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":state", state_names[state]);
  cobro_db_bind_time (statement, ":next", next_try_at);
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_run (statement, error);
}

gboolean
relay_inbox_count_unmatched (CobroDb *db, gint64 *out_count, CobroTime *out_oldest, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT count(*) AS n, coalesce (min (received_at), 0) AS oldest FROM inbox "
                      "WHERE next_try_at IS NOT NULL AND state = 'unmatched'",
                      error);

  if (statement == NULL || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_count = cobro_db_column_int64 (statement, "n");
  *out_oldest = cobro_db_column_time (statement, "oldest");
  return TRUE;
}

/* ── Quarantine ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* @object_id: every object in the log has its id: whoever follows the log takes it from there to check the hash. */
static char *
quarantine_object (const CobroFact *fact, const CobroId *object_id, const CobroId *payment_id, const CobroId *link_id,
                   const char *reason)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", object_id->text);
  cobro_wire_put_text (writer, "reason", reason);
  cobro_wire_put_text (writer, "paymentId", payment_id != NULL ? payment_id->text : NULL);
  cobro_wire_put_text (writer, "linkId", link_id != NULL && cobro_id_is_set (link_id) ? link_id->text : NULL);
  cobro_wire_fact_write (writer, "fact", fact);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

gboolean
relay_quarantine_insert (RelayTx *tx, const RelayScope *scope, const CobroFact *fact, const CobroId *payment_id,
                         const CobroId *link_id, const char *reason, GError **error)
{
  const CobroId *object_id = payment_id != NULL ? payment_id : &scope->merchant_id;
  g_autofree char *object = quarantine_object (fact, object_id, payment_id, link_id, reason);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO quarantine (merchant_id, link_id, payment_id, fact, reason, put_at) "
                      "VALUES (:merchant, :link, :payment, :fact, :reason, :now)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_text (statement, ":link", link_id != NULL && cobro_id_is_set (link_id) ? link_id->text : NULL);
  cobro_db_bind_text (statement, ":payment", payment_id != NULL ? payment_id->text : NULL);
  cobro_db_bind_text (statement, ":fact", object);
  relay_tx_count (tx, RELAY_METRIC_QUARANTINE, 1, fact->provider, NULL);
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error) &&
         relay_event_append (tx, scope, COBRO_EVENT_PROVIDER_QUARANTINED, object_id, object, error);
}

void
relay_quarantined_free (RelayQuarantined *quarantined)
{
  g_clear_pointer (&quarantined->fact, cobro_fact_unref);
  g_free (quarantined);
}

static RelayQuarantined *
read_quarantined (CobroDbStatement *statement, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (cobro_db_column_text (statement, "fact"), -1, error);
  g_autoptr (CobroWireObject) inner = NULL;
  CobroFact *fact = NULL;
  RelayQuarantined *quarantined;

  if (object == NULL || !cobro_wire_get_object (object, "fact", &inner, error) || inner == NULL ||
      !(fact = cobro_wire_fact_parse (inner, error)))
    return NULL;
  quarantined = g_new0 (RelayQuarantined, 1);
  quarantined->row = cobro_db_column_int64 (statement, "row");
  quarantined->fact = fact;
  return quarantined;
}

GPtrArray *
relay_quarantine_list_open (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_quarantined_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT row, fact FROM quarantine WHERE merchant_id = :merchant AND payment_id = :payment AND "
                      "resolution IS NULL ORDER BY row DESC",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayQuarantined *one = read_quarantined (statement, error);

      if (one == NULL)
        return NULL;
      g_ptr_array_add (all, one);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&all) : NULL;
}

gboolean
relay_quarantine_resolve (RelayTx *tx, const CobroId *merchant_id, const CobroId *payment_id, const char *resolution,
                          GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE quarantine SET resolution = :resolution, resolved_at = :now WHERE "
                      "merchant_id = :merchant AND payment_id = :payment AND resolution IS NULL",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":resolution", resolution);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  return cobro_db_run (statement, error);
}

gboolean
relay_quarantine_count_link (CobroDb *db, const CobroId *merchant_id, const CobroId *link_id, gint64 *out_count,
                             GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT count(*) AS n FROM quarantine WHERE merchant_id = :merchant AND link_id = :link AND "
                      "resolution IS NULL",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":link", link_id);
  return relay_row_count (statement, out_count, error);
}
