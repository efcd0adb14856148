/* relay/store/relay-delivery-store.c — the life of deliveries: born with the event, leased, settled, given up.
 * Layer: relay/store. What is listed and replayed stands in relay-delivery-list.c. */
#include "relay-delivery-store.h"

#include <string.h>

#include "cobro-names.h"
#include "relay-delivery-private.h"
#include "relay-delivery-rows.h"
#include "relay-row.h"
#include "relay-trace.h"

static const char *const state_names[] = {
  [RELAY_DELIVERY_PENDING] = "pending",     [RELAY_DELIVERY_LEASED] = "leased",
  [RELAY_DELIVERY_DELIVERED] = "delivered", [RELAY_DELIVERY_RETRY] = "retry",
  [RELAY_DELIVERY_EXHAUSTED] = "exhausted", [RELAY_DELIVERY_CANCELLED] = "cancelled",
};

COBRO_DEFINE_NAMES (RelayDeliveryState, relay_delivery_state, state_names)

RelayDelivery *
relay_delivery_dup (const RelayDelivery *delivery)
{
  RelayDelivery *copy = g_new (RelayDelivery, 1);

  *copy = *delivery;
  copy->type = g_strdup (delivery->type);
  copy->last_error = g_strdup (delivery->last_error);
  copy->object = NULL;
  copy->traceparent = g_strdup (delivery->traceparent);
  return copy;
}

void
relay_delivery_free (RelayDelivery *delivery)
{
  if (delivery == NULL)
    return;
  g_free (delivery->type);
  g_free (delivery->last_error);
  g_free (delivery->object);
  g_free (delivery->traceparent);
  g_free (delivery);
}

void
relay_delivery_attempt_free (RelayDeliveryAttempt *attempt)
{
  if (attempt == NULL)
    return;
  g_free (attempt->error);
  g_free (attempt->headers);
  g_clear_pointer (&attempt->answer, g_bytes_unref);
  g_free (attempt);
}

RelayDelivery *
relay_delivery_read (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayDelivery) delivery = g_new0 (RelayDelivery, 1);

  if (!relay_row_enum (statement, "state", relay_delivery_state_from_name, &delivery->state, error))
    return NULL;
  delivery->row = cobro_db_column_int64 (statement, "row");
  delivery->merchant_id = cobro_db_column_id (statement, "merchant_id");
  delivery->livemode = cobro_db_column_bool (statement, "livemode");
  delivery->id = cobro_db_column_id (statement, "id");
  delivery->endpoint_id = cobro_db_column_id (statement, "endpoint_id");
  delivery->sequence = cobro_db_column_int64 (statement, "sequence");
  delivery->event_id = cobro_db_column_id (statement, "event_id");
  relay_row_text (statement, "type", &delivery->type);
  delivery->occurred_at = cobro_db_column_time (statement, "occurred_at");
  delivery->attempt = cobro_db_column_int64 (statement, "attempt");
  delivery->tries = (guint)cobro_db_column_int64 (statement, "tries");
  delivery->step = (guint)cobro_db_column_int64 (statement, "step");
  delivery->began_at = cobro_db_column_time (statement, "began_at");
  delivery->next_at = cobro_db_column_time (statement, "next_at");
  delivery->lease_until = cobro_db_column_time (statement, "lease_until");
  delivery->last_status = (gint)cobro_db_column_int64 (statement, "last_status");
  relay_row_text (statement, "last_error", &delivery->last_error);
  delivery->traceparent = relay_row_dup_text (statement, "traceparent");
  delivery->created_at = cobro_db_column_time (statement, "created_at");
  delivery->updated_at = cobro_db_column_time (statement, "updated_at");
  return g_steal_pointer (&delivery);
}

/* ── With the event ─────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
insert (RelayTx *tx, const RelayScope *scope, const CobroEvent *event, const CobroId *endpoint_id, GError **error)
{
  CobroId id = cobro_id_new (COBRO_ID_DELIVERY, relay_store_clock (tx->store), relay_store_random (tx->store));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO delivery (merchant_id, livemode, id, endpoint_id, sequence, event_id, type, "
    "occurred_at, state, began_at, next_at, traceparent, created_at, updated_at) VALUES (:merchant, :livemode, "
    ":id, :endpoint, :sequence, :event, :type, :occurred, 'pending', :now, :now, :traceparent, :now, :now)",
    error);
  g_autofree char *traceparent = relay_trace_dup_parent ();

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":traceparent", traceparent);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_id (statement, ":id", &id);
  cobro_db_bind_id (statement, ":endpoint", endpoint_id);
  cobro_db_bind_int64 (statement, ":sequence", event->sequence);
  cobro_db_bind_id (statement, ":event", &event->id);
  cobro_db_bind_text (statement, ":type", cobro_event_type_name (event->type));
  cobro_db_bind_int64 (statement, ":occurred", event->occurred_at);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

/* Those of the log's readers that want @event. A test event is for the endpoint that it tells of. */
static GArray *
find_readers (RelayTx *tx, const RelayScope *scope, const CobroEvent *event, GError **error)
{
  g_autoptr (GArray) readers = g_array_new (FALSE, FALSE, sizeof (CobroId));
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT id, types FROM endpoint WHERE merchant_id = :merchant AND livemode = :livemode AND "
                      "is_active = 1 ORDER BY id",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroId id = cobro_db_column_id (statement, "id");

      if (event->type == COBRO_EVENT_WEBHOOK_TEST
            ? cobro_id_equal (&id, &event->object_id)
            : relay_endpoint_wants (cobro_db_column_text (statement, "types"), cobro_event_type_name (event->type)))
        g_array_append_val (readers, id);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&readers) : NULL;
}

/* Something is due now: looked at now, or when its pause is over. */
static gboolean
make_due (RelayTx *tx, const CobroId *merchant_id, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE endpoint SET next_at = CASE WHEN pause_until > :now THEN pause_until ELSE :now END "
                      "WHERE merchant_id = :merchant AND id = :id AND is_active = 1 AND "
                      "(next_at IS NULL OR next_at > :now)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_delivery_fan_out (RelayTx *tx, const RelayScope *scope, const CobroEvent *event, GError **error)
{
  g_autoptr (GArray) readers = cobro_event_type_is_private (event->type) ? g_array_new (FALSE, FALSE, sizeof (CobroId))
                                                                         : find_readers (tx, scope, event, error);

  if (readers == NULL)
    return FALSE;
  for (guint i = 0; i < readers->len; i++)
    {
      const CobroId *id = &g_array_index (readers, CobroId, i);

      if (!insert (tx, scope, event, id, error) || !make_due (tx, &scope->merchant_id, id, error))
        return FALSE;
    }
  if (readers->len > 0)
    relay_tx_touch (tx, "delivery", &scope->merchant_id);
  return TRUE;
}

/* ── Leases ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const RelayDelivery *one = *(RelayDelivery *const *)a, *other = *(RelayDelivery *const *)b;

  return (one->row > other->row) - (one->row < other->row);
}

GPtrArray *
relay_delivery_claim (RelayTx *tx, const RelayEndpoint *endpoint, const char *worker, guint room, gboolean *out_more,
                      GError **error)
{
  g_autoptr (GPtrArray) claimed = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_delivery_free);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE delivery SET state = 'leased', attempt = attempt + 1, lease_until = :until, worker = :worker, "
    "next_at = NULL, updated_at = :now WHERE row IN (SELECT row FROM delivery WHERE merchant_id = :merchant "
    "AND endpoint_id = :endpoint AND next_at <= :now ORDER BY next_at, row LIMIT :room) "
    "RETURNING " RELAY_DELIVERY_COLUMNS ", (SELECT object FROM event WHERE event.merchant_id = delivery.merchant_id "
    "AND event.livemode = delivery.livemode AND event.sequence = delivery.sequence) AS object",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":until", tx->now + RELAY_DELIVERY_LEASE);
  cobro_db_bind_text (statement, ":worker", worker);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":endpoint", &endpoint->id);
  cobro_db_bind_int64 (statement, ":room", room);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayDelivery *delivery = relay_delivery_read (statement, error);

      if (delivery == NULL)
        return NULL;
      relay_row_text (statement, "object", &delivery->object);
      g_ptr_array_add (claimed, delivery);
    }
  if (step != COBRO_DB_DONE)
    return NULL;
  g_ptr_array_sort (claimed, compare_rows);
  *out_more = claimed->len == room;
  return g_steal_pointer (&claimed);
}

gboolean
relay_delivery_count_leased (CobroDb *db, const RelayEndpoint *endpoint, const char *worker, guint *out_all,
                             guint *out_others, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT count(*) AS n, coalesce (sum (CASE WHEN worker = :worker THEN 0 ELSE 1 END), 0) AS others "
    "FROM delivery WHERE merchant_id = :merchant AND endpoint_id = :endpoint AND "
    "lease_until IS NOT NULL",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":worker", worker);
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":endpoint", &endpoint->id);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_all = (guint)cobro_db_column_int64 (statement, "n");
  *out_others = (guint)cobro_db_column_int64 (statement, "others");
  return TRUE;
}

static gboolean
insert_attempt (RelayTx *tx, const RelayDelivery *delivery, const RelayDeliveryAttempt *attempt, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO delivery_attempt (merchant_id, delivery_id, number, started_at, duration, status, "
                      "error, headers, answer) VALUES (:merchant, :delivery, :number, :started, :duration, :status, "
                      ":error, :headers, :answer)",
                      error);
  gsize n = 0;
  gconstpointer bytes = attempt->answer != NULL ? g_bytes_get_data (attempt->answer, &n) : NULL;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &delivery->merchant_id);
  cobro_db_bind_id (statement, ":delivery", &delivery->id);
  cobro_db_bind_int64 (statement, ":number", delivery->tries);
  cobro_db_bind_int64 (statement, ":started", attempt->started_at);
  cobro_db_bind_int64 (statement, ":duration", attempt->duration);
  cobro_db_bind_null (statement, ":status");
  if (attempt->status != 0)
    cobro_db_bind_int64 (statement, ":status", attempt->status);
  cobro_db_bind_text (statement, ":error", attempt->error);
  cobro_db_bind_text (statement, ":headers", attempt->headers != NULL ? attempt->headers : "");
  cobro_db_bind_blob (statement, ":answer", n > 0 ? bytes : "", MIN (n, RELAY_DELIVERY_ANSWER));
  return cobro_db_run (statement, error);
}

gboolean
relay_delivery_settle (RelayTx *tx, const RelayDelivery *delivery, const RelayDeliveryAttempt *attempt,
                       gboolean *out_held, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE delivery SET state = :state, tries = :tries, step = :step, next_at = :next, "
                      "lease_until = NULL, worker = NULL, last_status = :status, last_error = :error, "
                      "updated_at = :now WHERE row = :row AND attempt = :attempt AND state = 'leased'",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":state", relay_delivery_state_name (delivery->state));
  cobro_db_bind_int64 (statement, ":tries", delivery->tries);
  cobro_db_bind_int64 (statement, ":step", delivery->step);
  cobro_db_bind_time (statement, ":next", delivery->next_at);
  cobro_db_bind_null (statement, ":status");
  if (delivery->last_status != 0)
    cobro_db_bind_int64 (statement, ":status", delivery->last_status);
  cobro_db_bind_text (statement, ":error", delivery->last_error);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":row", delivery->row);
  cobro_db_bind_int64 (statement, ":attempt", delivery->attempt);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_held = cobro_db_changes (tx->db) > 0;
  return !*out_held || attempt == NULL || insert_attempt (tx, delivery, attempt, error);
}

/* One endpoint of one merchant, for sets. */
typedef struct
{
  CobroId merchant_id, id;
} Place;

static gboolean
refresh_all (RelayTx *tx, GArray *places, GError **error)
{
  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);

      if (!relay_endpoint_refresh (tx, &place->merchant_id, &place->id, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
relay_delivery_collect (CobroDbStatement *statement, RelayTx *tx, gint64 *out_n, gint64 *out_last, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  CobroDbStep step;

  *out_n = 0;
  if (out_last != NULL)
    *out_last = 0;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      Place place = { cobro_db_column_id (statement, "merchant_id"), cobro_db_column_id (statement, "endpoint_id") };

      (*out_n)++;
      if (out_last != NULL)
        *out_last = MAX (*out_last, cobro_db_column_int64 (statement, "row"));
      if (g_hash_table_add (seen, g_strconcat (place.merchant_id.text, place.id.text, NULL)))
        g_array_append_val (places, place);
    }
  return step == COBRO_DB_DONE && refresh_all (tx, places, error);
}

/* What was tried before stays "retry"; an inactive endpoint's cannot be leased, so they are due to somebody. */
gboolean
relay_delivery_reap (RelayTx *tx, const char *worker, guint limit, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE delivery SET state = CASE WHEN tries = 0 THEN 'pending' ELSE 'retry' END, next_at = :now, "
    "lease_until = NULL, worker = NULL, updated_at = :now WHERE row IN (SELECT row FROM delivery WHERE "
    "lease_until IS NOT NULL AND (lease_until <= :now OR worker = :worker) ORDER BY lease_until LIMIT "
    ":limit " COBRO_DB_SKIP_LOCKED ") RETURNING row, merchant_id, endpoint_id",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_text (statement, ":worker", worker != NULL ? worker : "");
  cobro_db_bind_int64 (statement, ":limit", limit);
  return relay_delivery_collect (statement, tx, out_n, NULL, error);
}

gboolean
relay_delivery_next_expiry (CobroDb *db, CobroTime *out_time, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT min (lease_until) AS n FROM delivery WHERE lease_until IS NOT NULL", error);

  return statement != NULL && relay_row_count (statement, out_time, error);
}

gboolean
relay_delivery_give_up (RelayTx *tx, const RelayEndpoint *endpoint, RelayDeliveryState state, const char *reason,
                        gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE delivery SET state = :state, next_at = NULL, lease_until = NULL, worker = NULL, "
                      "last_error = CASE WHEN last_error = '' THEN :reason ELSE last_error END, updated_at = :now "
                      "WHERE merchant_id = :merchant AND endpoint_id = :endpoint AND "
                      "(next_at IS NOT NULL OR lease_until IS NOT NULL)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":state", relay_delivery_state_name (state));
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":endpoint", &endpoint->id);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_n = cobro_db_changes (tx->db);
  return TRUE;
}

gboolean
relay_delivery_hurry (RelayTx *tx, const RelayEndpoint *endpoint, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE delivery SET next_at = :now WHERE merchant_id = :merchant AND endpoint_id = :endpoint "
                      "AND next_at > :now",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", &endpoint->merchant_id);
  cobro_db_bind_id (statement, ":endpoint", &endpoint->id);
  return cobro_db_run (statement, error) && relay_endpoint_refresh (tx, &endpoint->merchant_id, &endpoint->id, error);
}
