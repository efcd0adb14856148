/* relay/delivery/relay-endpoints.c — endpoints made, changed, tested; dead letters sent again.
 * Layer: relay/delivery. Work functions run on the writer's thread. */
#include "relay-endpoints.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-event.h"
#include "cobro-wire.h"
#include "relay-event-store.h"
#include "relay-signature.h"

char *
relay_endpoints_types (GPtrArray *names, GError **error)
{
  g_autoptr (GString) types = g_string_new (" ");

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *path = g_strdup_printf ("events[%u]", i);
      CobroEventType type;

      if (g_str_equal (name, "*"))
        return g_strdup ("*");
      if (!cobro_event_type_from_name (name, &type))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "there is no event \"%s\"", name), NULL;
      if (cobro_event_type_is_private (type))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "only paired desktops are told of \"%s\"", name),
               NULL;
      if (!relay_endpoint_wants (types->str, name))
        g_string_append_printf (types, "%s ", name);
    }
  return types->len > 1 ? g_string_free (g_steal_pointer (&types), FALSE) : g_strdup ("*");
}

/* ── Create ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_count (RelayTx *tx, const RelayScope *scope, GError **error)
{
  gint64 n;

  if (!relay_endpoint_count (tx->db, scope, &n, error))
    return FALSE;
  return n < RELAY_ENDPOINTS_MAX ||
         cobro_error_set (error, COBRO_ERROR_STATE, "there are %d webhook endpoints already: delete one first",
                          RELAY_ENDPOINTS_MAX);
}

static gboolean
create_work (RelayTx *tx, gpointer data, GError **error)
{
  RelayEndpoint *endpoint = data;
  RelayScope scope = { endpoint->merchant_id, endpoint->livemode };

  return check_count (tx, &scope, error) && relay_endpoint_insert (tx, endpoint, error);
}

gboolean
relay_endpoints_create (RelayStore *store, RelayDialer *dialer, RelayEndpoint *endpoint, GError **error)
{
  if (!relay_dialer_check_url (dialer, endpoint->url, error))
    return FALSE;
  if (endpoint->secret == NULL)
    endpoint->secret = relay_signature_new_secret (relay_store_random (store));
  if (!relay_signature_check_secret (endpoint->secret, error))
    return FALSE;
  g_free (endpoint->disabled_reason);
  endpoint->disabled_reason = g_strdup (endpoint->is_active ? "" : "merchant");
  return relay_store_write_for (store, &endpoint->merchant_id, create_work, endpoint, error);
}

/* ── Change ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One command about one endpoint. */
typedef struct
{
  const RelayScope *scope;
  const CobroId *id;
  const RelayEndpointChange *change;
  const char *secret;
  gint64 hours;
  RelayEndpoint *endpoint; /* (out) */
} Command;

/* The endpoint as it is, locked. */
static gboolean
hold (RelayTx *tx, Command *command, GError **error)
{
  g_autoptr (RelayEndpoint) found = relay_endpoint_find (tx->db, command->scope, command->id, error);

  g_clear_pointer (&command->endpoint, relay_endpoint_unref);
  return found != NULL &&
         (command->endpoint = relay_endpoint_hold (tx->db, &command->scope->merchant_id, command->id, error)) != NULL;
}

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static gboolean
switch_off (RelayTx *tx, RelayEndpoint *endpoint, GError **error)
{
  gint64 n;

  endpoint->is_active = FALSE;
  set_text (&endpoint->disabled_reason, "merchant");
  return relay_delivery_give_up (tx, endpoint, RELAY_DELIVERY_EXHAUSTED, "the endpoint was switched off", &n, error);
}

static void
switch_on (RelayEndpoint *endpoint)
{
  endpoint->is_active = TRUE;
  set_text (&endpoint->disabled_reason, "");
  endpoint->failures = endpoint->opened = 0;
  endpoint->failing_since = endpoint->pause_until = 0;
}

/* A new filter, or being there again, is about events from now on. */
static gboolean
change_work (RelayTx *tx, gpointer data, GError **error)
{
  Command *command = data;
  const RelayEndpointChange *change = command->change;
  RelayEndpoint *endpoint;
  gint64 head;

  if (!hold (tx, command, error) || (head = relay_event_head (tx->db, command->scope, error)) < 0)
    return FALSE;
  endpoint = command->endpoint;
  if (change->url != NULL)
    set_text (&endpoint->url, change->url);
  if (change->policy >= 0)
    endpoint->policy = (RelayPolicy)change->policy;
  if (change->types != NULL && !g_str_equal (change->types, endpoint->types))
    {
      set_text (&endpoint->types, change->types);
      endpoint->since = head;
    }
  if (change->is_active == 0 && endpoint->is_active && !switch_off (tx, endpoint, error))
    return FALSE;
  if (change->is_active == 1 && !endpoint->is_active)
    {
      switch_on (endpoint);
      endpoint->since = head;
    }
  endpoint->updated_at = tx->now;
  return relay_endpoint_save (tx, endpoint, error);
}

RelayEndpoint *
relay_endpoints_change (RelayStore *store, RelayDialer *dialer, const RelayScope *scope, const CobroId *id,
                        const RelayEndpointChange *change, GError **error)
{
  Command command = { .scope = scope, .id = id, .change = change };

  if ((change->url != NULL && !relay_dialer_check_url (dialer, change->url, error)) ||
      !relay_store_write_for (store, &scope->merchant_id, change_work, &command, error))
    g_clear_pointer (&command.endpoint, relay_endpoint_unref);
  return command.endpoint;
}

static gboolean
delete_work (RelayTx *tx, gpointer data, GError **error)
{
  Command *command = data;
  gint64 n;

  if (!hold (tx, command, error))
    return FALSE;
  set_text (&command->endpoint->reason_before, command->endpoint->disabled_reason);
  command->endpoint->is_active = FALSE;
  set_text (&command->endpoint->disabled_reason, "deleted");
  return relay_delivery_give_up (tx, command->endpoint, RELAY_DELIVERY_CANCELLED, "the endpoint was deleted", &n,
                                 error) &&
         relay_endpoint_save (tx, command->endpoint, error);
}

gboolean
relay_endpoints_delete (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error)
{
  Command command = { .scope = scope, .id = id };
  gboolean done = relay_store_write_for (store, &scope->merchant_id, delete_work, &command, error);

  relay_endpoint_unref (command.endpoint);
  return done;
}

/* The row, locked; of this merchant and mode, also when it is deleted. */
static gboolean
hold_deleted (RelayTx *tx, Command *command, GError **error)
{
  RelayEndpoint *endpoint;

  g_clear_pointer (&command->endpoint, relay_endpoint_unref);
  endpoint = command->endpoint = relay_endpoint_hold (tx->db, &command->scope->merchant_id, command->id, error);
  if (endpoint == NULL)
    return FALSE;
  if (endpoint->livemode != command->scope->livemode)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such webhook endpoint");
  return g_str_equal (endpoint->disabled_reason, "deleted") ||
         cobro_error_set (error, COBRO_ERROR_STATE, "the webhook endpoint was not deleted");
}

/* What its deletion took away is due again; what happened in between was never for it. */
static gboolean
restore_work (RelayTx *tx, gpointer data, GError **error)
{
  Command *command = data;
  RelayReplay cancelled = { .states = 1u << RELAY_DELIVERY_CANCELLED, .endpoint_id = command->id, .limit = G_MAXINT };
  RelayEndpoint *endpoint;
  gint64 n;

  if (!hold_deleted (tx, command, error) || !check_count (tx, command->scope, error))
    return FALSE;
  endpoint = command->endpoint;
  endpoint->is_active = *endpoint->reason_before == '\0';
  set_text (&endpoint->disabled_reason, endpoint->reason_before);
  set_text (&endpoint->reason_before, "");
  endpoint->updated_at = tx->now;
  return relay_endpoint_save (tx, endpoint, error) &&
         relay_delivery_replay (tx, command->scope, &cancelled, &n, NULL, error);
}

RelayEndpoint *
relay_endpoints_restore (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error)
{
  Command command = { .scope = scope, .id = id };

  if (!relay_store_write_for (store, &scope->merchant_id, restore_work, &command, error))
    g_clear_pointer (&command.endpoint, relay_endpoint_unref);
  return command.endpoint;
}

static gboolean
rotate_work (RelayTx *tx, gpointer data, GError **error)
{
  Command *command = data;
  CobroTime until = command->hours > 0 ? tx->now + command->hours * COBRO_HOUR : 0;

  return hold (tx, command, error) && relay_endpoint_open_secrets (tx->store, tx->db, command->endpoint, error) &&
         relay_endpoint_save_secret (tx, command->endpoint, command->secret, until, error);
}

RelayEndpoint *
relay_endpoints_rotate (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 hours, GError **error)
{
  char *secret = relay_signature_new_secret (relay_store_random (store));
  Command command = { .scope = scope, .id = id, .secret = secret, .hours = hours };

  if (!relay_store_write_for (store, &scope->merchant_id, rotate_work, &command, error))
    g_clear_pointer (&command.endpoint, relay_endpoint_unref);
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
  return command.endpoint;
}

/* ── Test ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Test events on their way. */
typedef struct
{
  const RelayScope *scope;
  const CobroId *id;     /* (nullable) */
  GPtrArray *deliveries; /* (out) (element-type RelayDelivery) */
} Test;

static gboolean
test_one (RelayTx *tx, Test *test, const RelayEndpoint *endpoint, GError **error)
{
  RelayDeliveryQuery newest = { .endpoint_id = &endpoint->id, .limit = 1 };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *object = NULL;

  if (!endpoint->is_active)
    return cobro_error_set (error, COBRO_ERROR_STATE, "the webhook endpoint is not active: switch it on first");
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", endpoint->id.text);
  cobro_wire_put_text (writer, "message", "This is a test.");
  cobro_wire_end_object (writer);
  object = cobro_wire_writer_take (writer);
  if (!relay_event_append (tx, test->scope, COBRO_EVENT_WEBHOOK_TEST, &endpoint->id, object, error) ||
      !(list = relay_delivery_list (tx->db, test->scope, &newest, error)))
    return FALSE;
  g_ptr_array_extend_and_steal (test->deliveries, g_steal_pointer (&list));
  return TRUE;
}

static gboolean
test_work (RelayTx *tx, gpointer data, GError **error)
{
  Test *test = data;
  g_autoptr (GPtrArray) endpoints = NULL;
  g_autoptr (RelayEndpoint) one = NULL;

  g_ptr_array_set_size (test->deliveries, 0);
  if (test->id != NULL)
    return (one = relay_endpoint_find (tx->db, test->scope, test->id, error)) != NULL &&
           test_one (tx, test, one, error);
  if (!(endpoints = relay_endpoint_list (tx->db, test->scope, error)))
    return FALSE;
  for (guint i = 0; i < endpoints->len; i++)
    if (((RelayEndpoint *)endpoints->pdata[i])->is_active && !test_one (tx, test, endpoints->pdata[i], error))
      return FALSE;
  return TRUE;
}

GPtrArray *
relay_endpoints_test (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (GPtrArray) deliveries = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_delivery_free);
  Test test = { scope, id, deliveries };

  return relay_store_write_for (store, &scope->merchant_id, test_work, &test, error) ? g_steal_pointer (&deliveries)
                                                                                     : NULL;
}

/* ── Again ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A replay on its way. */
typedef struct
{
  const RelayScope *scope;
  const RelayReplay *replay;
  gint64 n, last;          /* (out) */
  RelayDelivery *delivery; /* (out) of a single one */
} Again;

static gboolean
replay_work (RelayTx *tx, gpointer data, GError **error)
{
  Again *again = data;

  return relay_delivery_replay (tx, again->scope, again->replay, &again->n, &again->last, error);
}

static gboolean
start_again (RelayTx *tx, Again *again, GError **error)
{
  switch (again->delivery->state)
    {
    case RELAY_DELIVERY_PENDING:
    case RELAY_DELIVERY_RETRY:
      return relay_delivery_send_now (tx, again->delivery, error);
    case RELAY_DELIVERY_LEASED:
      return cobro_error_set (error, COBRO_ERROR_BUSY, "it is being sent right now");
    case RELAY_DELIVERY_CANCELLED:
      return cobro_error_set (error, COBRO_ERROR_STATE, "its webhook endpoint was deleted");
    case RELAY_DELIVERY_DELIVERED:
    case RELAY_DELIVERY_EXHAUSTED:
      break;
    }
  return replay_work (tx, again, error) &&
         (again->n == 1 ||
          cobro_error_set (error, COBRO_ERROR_STATE, "its webhook endpoint is not active: switch it on first"));
}

static gboolean
retry_work (RelayTx *tx, gpointer data, GError **error)
{
  Again *again = data;
  const CobroId *id = again->replay->id;

  g_clear_pointer (&again->delivery, relay_delivery_free);
  if (!(again->delivery = relay_delivery_find (tx->db, again->scope, id, error)) || !start_again (tx, again, error))
    return FALSE;
  relay_delivery_free (again->delivery);
  return (again->delivery = relay_delivery_find (tx->db, again->scope, id, error)) != NULL;
}

RelayDelivery *
relay_endpoints_retry (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error)
{
  RelayReplay replay = { .states = 1u << RELAY_DELIVERY_DELIVERED | 1u << RELAY_DELIVERY_EXHAUSTED,
                         .id = id,
                         .limit = 1 };
  Again again = { .scope = scope, .replay = &replay };

  if (!relay_store_write_for (store, &scope->merchant_id, retry_work, &again, error))
    g_clear_pointer (&again.delivery, relay_delivery_free);
  return again.delivery;
}

/* Each transaction goes on where the last one ended: what was replayed may be delivered by now, and would fit again. */
gboolean
relay_endpoints_replay (RelayStore *store, const RelayScope *scope, const RelayReplay *replay, gint64 *out_n,
                        GError **error)
{
  RelayReplay part = *replay;
  Again again = { .scope = scope, .replay = &part };

  part.limit = RELAY_ENDPOINTS_REPLAY;
  *out_n = 0;
  do
    {
      if (!relay_store_write_for (store, &scope->merchant_id, replay_work, &again, error))
        return FALSE;
      *out_n += again.n;
      part.after = again.last;
    }
  while (again.n == RELAY_ENDPOINTS_REPLAY);
  return TRUE;
}
