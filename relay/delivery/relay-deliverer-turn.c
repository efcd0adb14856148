/* relay/delivery/relay-deliverer-turn.c — the worker's transactions: answers written down, leases taken.
 * Layer: relay/delivery. On the writer's thread, while the worker waits; nothing of a failed run is kept. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-deliverer-private.h"
#include "relay-event-store.h"

#define LOOK_MAX 128 /* endpoints looked at in one transaction */
#define TAKE_MAX 512 /* deliveries taken in one */
#define REAP_MAX 500
#define LATER    COBRO_SECOND

/* ── Writing down ───────────────────────────────────────────────────────────────────────────────────────────── */

static RelayDeliveryAttempt
attempt_of (const RelayJob *job)
{
  return (RelayDeliveryAttempt){ .started_at = job->started_at,
                                 .duration = MAX (job->ended - job->started, 0),
                                 .status = job->result->status,
                                 .error = job->result->error,
                                 .headers = job->result->headers,
                                 .answer = job->result->answer };
}

/* Given back as it was taken: nothing was tried. */
static gboolean
give_back (RelayTx *tx, const RelayJob *job, GError **error)
{
  g_autoptr (RelayDelivery) delivery = relay_delivery_dup (job->delivery);
  gboolean held;

  delivery->state = delivery->tries == 0 ? RELAY_DELIVERY_PENDING : RELAY_DELIVERY_RETRY;
  delivery->next_at = tx->now;
  return relay_delivery_settle (tx, delivery, NULL, &held, error);
}

static void
count_try (RelayTx *tx, const RelayDelivery *delivery)
{
  const char *result =
    delivery->state == RELAY_DELIVERY_RETRY ? "retried" : relay_delivery_state_name (delivery->state);

  relay_tx_count (tx, RELAY_METRIC_DELIVERIES, 1, result, NULL);
}

/* What @job's answer does to @endpoint, unless an event has to tell of it. */
static gboolean
write_down (RelayTurn *turn, RelayTx *tx, RelayJob *job, RelayEndpoint **endpoint, GError **error)
{
  g_autoptr (RelayDelivery) delivery = NULL;
  g_autoptr (RelayEndpoint) after = NULL;
  RelayDeliveryAttempt attempt;
  gboolean held;

  if (job->result == NULL)
    return give_back (tx, job, error);
  delivery = relay_delivery_dup (job->delivery);
  after = relay_endpoint_dup (*endpoint);
  if (relay_health_apply (after, delivery, job->result, tx->now, turn->deliverer->random) != 0)
    {
      g_ptr_array_add (turn->deferred, job);
      return TRUE;
    }
  attempt = attempt_of (job);
  if (!relay_delivery_settle (tx, delivery, &attempt, &held, error))
    return FALSE;
  if (held)
    {
      count_try (tx, delivery);
      relay_endpoint_unref (*endpoint);
      *endpoint = g_steal_pointer (&after);
    }
  return TRUE;
}

static gboolean
is_changed (const RelayEndpoint *a, const RelayEndpoint *b)
{
  return a->failures != b->failures || a->failing_since != b->failing_since || a->opened != b->opened ||
         a->pause_until != b->pause_until;
}

/* The jobs [first, end) are of one endpoint: its row is read and written once. */
static gboolean
write_lane (RelayTurn *turn, RelayTx *tx, guint first, guint end, GError **error)
{
  const RelayJob *one = turn->jobs->pdata[first];
  g_autoptr (RelayEndpoint) endpoint =
    relay_endpoint_hold (tx->db, &one->endpoint->merchant_id, &one->endpoint->id, error);
  g_autoptr (RelayEndpoint) before = endpoint != NULL ? relay_endpoint_ref (endpoint) : NULL;

  if (endpoint == NULL)
    return FALSE;
  for (guint i = first; i < end; i++)
    if (!write_down (turn, tx, turn->jobs->pdata[i], &endpoint, error))
      return FALSE;
  return (!is_changed (before, endpoint) || relay_endpoint_save_health (tx, endpoint, error)) &&
         relay_endpoint_refresh (tx, &endpoint->merchant_id, &endpoint->id, error);
}

static gboolean
write_all (RelayTurn *turn, RelayTx *tx, GError **error)
{
  for (guint first = 0, end; first < turn->jobs->len; first = end)
    {
      const RelayJob *job = turn->jobs->pdata[first];

      for (end = first + 1; end < turn->jobs->len && ((RelayJob *)turn->jobs->pdata[end])->lane == job->lane; end++)
        continue;
      if (!write_lane (turn, tx, first, end, error))
        return FALSE;
    }
  return TRUE;
}

/* ── Taking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
take_from (RelayTurn *turn, RelayTx *tx, RelayEndpoint *endpoint, guint *left, GError **error)
{
  RelayDeliverer *self = turn->deliverer;
  guint room = MIN (relay_deliverer_get_room (self, endpoint), *left);
  g_autoptr (GPtrArray) deliveries = NULL;
  guint leased, others;
  gboolean more = FALSE;
  RelayCatch *caught;

  if (!relay_delivery_count_leased (tx->db, endpoint, self->worker, &leased, &others, error))
    return FALSE;
  if (others > 0) /* another worker has its turn with this endpoint: its end, or the reaper, comes here again */
    return relay_endpoint_wake_at (tx, endpoint, tx->now + RELAY_DELIVERY_LEASE, error);
  if (room == 0)
    return relay_endpoint_wake_at (tx, endpoint, tx->now + (leased > 0 ? RELAY_DELIVERY_LEASE : LATER), error);
  if (!(deliveries = relay_delivery_claim (tx, endpoint, self->worker, room, &more, error)))
    return FALSE;
  *left -= deliveries->len;
  if (deliveries->len > 0)
    {
      caught = g_new (RelayCatch, 1);
      *caught = (RelayCatch){ relay_endpoint_ref (endpoint), g_ptr_array_ref (deliveries) };
      g_ptr_array_add (turn->caught, caught);
    }
  return more ? relay_endpoint_wake_at (tx, endpoint, tx->now + RELAY_DELIVERY_LEASE, error)
              : relay_endpoint_refresh (tx, &endpoint->merchant_id, &endpoint->id, error);
}

static gboolean
take_all (RelayTurn *turn, RelayTx *tx, GError **error)
{
  guint left = MIN (TAKE_MAX, turn->deliverer->capacity - MIN (turn->deliverer->held, turn->deliverer->capacity));
  g_autoptr (GPtrArray) due = NULL;

  if (left == 0)
    return TRUE;
  if (!(due = relay_endpoint_list_due (tx, LOOK_MAX, error)))
    return FALSE;
  for (guint i = 0; i < due->len && left > 0; i++)
    if (!take_from (turn, tx, due->pdata[i], &left, error))
      return FALSE;
  return TRUE;
}

gboolean
relay_turn_work (RelayTx *tx, gpointer data, GError **error)
{
  RelayTurn *turn = data;
  RelayDeliverer *self = turn->deliverer;
  gboolean alone = !self->started && !relay_store_is_shared (self->store);

  g_ptr_array_set_size (turn->caught, 0);
  g_ptr_array_set_size (turn->deferred, 0);
  turn->reaped = 0;
  if (!write_all (turn, tx, error) ||
      (turn->reap && !relay_delivery_reap (tx, alone ? self->worker : NULL, REAP_MAX, &turn->reaped, error)))
    return FALSE;
  if (turn->reaped > 0)
    relay_tx_count (tx, RELAY_METRIC_LEASE_EXPIRIES, turn->reaped, "deliveries", NULL);
  return (!turn->look || take_all (turn, tx, error)) && relay_endpoint_next_due (tx->db, &turn->next, error) &&
         relay_delivery_next_expiry (tx->db, &turn->expiry, error);
}

/* ── With events ────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
tell_endpoint (RelayTx *tx, const RelayEndpoint *endpoint, CobroEventType type, const char *reason, gint64 deliveries,
               GError **error)
{
  RelayScope scope = { endpoint->merchant_id, endpoint->livemode };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", endpoint->id.text);
  cobro_wire_put_text (writer, "url", endpoint->url);
  cobro_wire_put_bool (writer, "isActive", endpoint->is_active);
  cobro_wire_put_text (writer, "reason", reason);
  cobro_wire_put_int64 (writer, "deliveries", deliveries);
  cobro_wire_end_object (writer);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &scope, type, &endpoint->id, object, error);
}

/* A message that tells of lost messages, and is lost itself, is not told of: that would never end. */
static gboolean
tell_delivery (RelayTx *tx, const RelayEndpoint *endpoint, const RelayDelivery *delivery, GError **error)
{
  RelayScope scope = { endpoint->merchant_id, endpoint->livemode };
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autofree char *object = NULL;

  if (g_str_has_prefix (delivery->type, "delivery."))
    return TRUE;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", delivery->id.text);
  cobro_wire_put_text (writer, "endpointId", endpoint->id.text);
  cobro_wire_put_text (writer, "eventId", delivery->event_id.text);
  cobro_wire_put_text (writer, "url", endpoint->url);
  cobro_wire_put_bool (writer, "isActive", endpoint->is_active);
  cobro_wire_put_text (writer, "reason", "window");
  cobro_wire_put_int64 (writer, "deliveries", 1);
  cobro_wire_end_object (writer);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &scope, COBRO_EVENT_DELIVERY_EXHAUSTED, &delivery->id, object, error);
}

static gboolean
carry_out (RelayTx *tx, RelayEndpoint *endpoint, const RelayDelivery *delivery, guint effects, GError **error)
{
  gint64 ended;

  if ((effects & RELAY_HEALTH_DISABLE) != 0)
    relay_tx_count (tx, RELAY_METRIC_ENDPOINTS_OFF, 1, endpoint->disabled_reason, NULL);
  if ((effects & RELAY_HEALTH_DISABLE) != 0)
    return relay_endpoint_save (tx, endpoint, error) &&
           relay_delivery_give_up (tx, endpoint, RELAY_DELIVERY_EXHAUSTED, "the endpoint was disabled", &ended,
                                   error) &&
           tell_endpoint (tx, endpoint, COBRO_EVENT_DELIVERY_EXHAUSTED, endpoint->disabled_reason, ended + 1, error);
  return relay_endpoint_save_health (tx, endpoint, error) &&
         ((effects & RELAY_HEALTH_HURRY) == 0 || relay_delivery_hurry (tx, endpoint, error)) &&
         ((effects & RELAY_HEALTH_RECOVERED) == 0 ||
          tell_endpoint (tx, endpoint, COBRO_EVENT_DELIVERY_RECOVERED, NULL, 1, error)) &&
         ((effects & RELAY_HEALTH_EXHAUSTED) == 0 || tell_delivery (tx, endpoint, delivery, error)) &&
         relay_endpoint_refresh (tx, &endpoint->merchant_id, &endpoint->id, error);
}

gboolean
relay_turn_work_alone (RelayTx *tx, gpointer data, GError **error)
{
  RelayJob *job = data;
  g_autoptr (RelayEndpoint) endpoint =
    relay_endpoint_hold (tx->db, &job->endpoint->merchant_id, &job->endpoint->id, error);
  g_autoptr (RelayDelivery) delivery = relay_delivery_dup (job->delivery);
  RelayDeliveryAttempt attempt = attempt_of (job);
  gboolean held;
  guint effects;

  if (endpoint == NULL)
    return FALSE;
  effects = relay_health_apply (endpoint, delivery, job->result, tx->now, job->deliverer->random);
  if (!relay_delivery_settle (tx, delivery, &attempt, &held, error))
    return FALSE;
  job->effects = held ? effects : 0;
  if (held)
    count_try (tx, delivery);
  return !held || carry_out (tx, endpoint, delivery, effects, error);
}
