/* src/sync/cobro-relay-hooks.c — webhook endpoints, deliveries, the relay's state.
 * Layer: sync. */
#include "config.h"
#include "cobro-relay-hooks.h"
#include "cobro-error.h"
#include "cobro-relay-exchange.h"
#include "cobro-wire-webhook.h"

#define ENDPOINTS   "/v1/webhook-endpoints"
#define RECORDS_MAX 2000

static CobroWireObject *
ask (CobroRelayClient *client, const char *method, const char *path, const char *body, GCancellable *cancellable,
     GError **error)
{
  CobroRelayAsk what = { .method = method,
                         .path = path,
                         .body = body,
                         .deadline_ms = COBRO_RELAY_DEADLINE_MS,
                         .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX };

  return cobro_relay_exchange (client, &what, cancellable, error);
}

/* The same, and the member "data" of what comes back. */
static CobroWireObject *
ask_data (CobroRelayClient *client, const char *method, const char *path, const char *body, GCancellable *cancellable,
          GError **error)
{
  CobroRelayAsk what = { .method = method,
                         .path = path,
                         .body = body,
                         .deadline_ms = COBRO_RELAY_DEADLINE_MS,
                         .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX };

  return cobro_relay_exchange_data (client, &what, cancellable, error);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *
cobro_relay_hooks_get (CobroRelayClient *client, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (CobroWireObject) json = ask (client, "GET", path, NULL, cancellable, error);
  g_autofree char *data = json != NULL ? cobro_wire_get_raw (json, "data") : NULL;
  g_autofree char *page = json != NULL ? cobro_wire_get_raw (json, "pagination") : NULL;

  if (json == NULL)
    return NULL;
  return g_strdup_printf ("{\"data\":%s,\"pagination\":%s}", data != NULL ? data : "null",
                          page != NULL ? page : "null");
}

static gboolean
read_next (CobroWireObject *json, char **out_next, GError **error)
{
  g_autoptr (CobroWireObject) page = NULL;

  *out_next = NULL;
  if (!cobro_wire_get_object (json, "pagination", &page, error))
    return FALSE;
  return page == NULL || cobro_wire_get_text (page, "nextCursor", NULL, out_next, error);
}

typedef gpointer (*Parse) (CobroWireObject *object, GError **error);

GPtrArray *
cobro_relay_read_records (const char *text, gpointer (*parse) (CobroWireObject *object, GError **error),
                          GDestroyNotify unref, char **out_next, GError **error)
{
  g_autoptr (CobroWireObject) json = cobro_wire_parse (text, -1, error);
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (unref);

  if (json == NULL || !cobro_wire_get_objects (json, "data", RECORDS_MAX, &objects, error))
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    {
      gpointer record = parse (objects->pdata[i], error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }
  return read_next (json, out_next, error) ? g_steal_pointer (&records) : NULL;
}

GPtrArray *
cobro_relay_hooks_read_endpoints (const char *text, char **out_next, GError **error)
{
  return cobro_relay_read_records (text, (Parse)cobro_wire_endpoint_parse, (GDestroyNotify)cobro_webhook_endpoint_unref,
                                   out_next, error);
}

GPtrArray *
cobro_relay_hooks_read_deliveries (const char *text, char **out_next, GError **error)
{
  return cobro_relay_read_records (text, (Parse)cobro_wire_delivery_parse, (GDestroyNotify)cobro_webhook_delivery_unref,
                                   out_next, error);
}

GPtrArray *
cobro_relay_hooks_read_state (const char *text, char **out_next, GError **error)
{
  g_autoptr (CobroWireObject) json = cobro_wire_parse (text, -1, error);
  g_autoptr (CobroWireObject) data = NULL;
  CobroRelayState *state;
  GPtrArray *one;

  *out_next = NULL;
  if (json == NULL || !cobro_wire_get_object (json, "data", &data, error))
    return NULL;
  if (data == NULL)
    return cobro_wire_refuse (json, "data", error, "is required"), NULL;
  if (!(state = cobro_wire_relay_state_parse (data, error)))
    return NULL;
  one = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_relay_state_unref);
  g_ptr_array_add (one, state);
  return one;
}

/* ── Endpoints ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
path_of (const char *below, const CobroId *id, const char *rest)
{
  return g_strconcat (below, "/", id->text, rest, NULL);
}

static char *
write_wish (const CobroHookWish *wish)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  if (wish->url != NULL)
    cobro_wire_put_text (writer, "url", wish->url);
  if (wish->events != NULL)
    {
      cobro_wire_begin_array (writer, "events");
      for (guint i = 0; wish->events[i] != NULL; i++)
        cobro_wire_put_text (writer, NULL, wish->events[i]);
      cobro_wire_end_array (writer);
    }
  if (wish->is_active >= 0)
    cobro_wire_put_bool (writer, "isActive", wish->is_active != 0);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

CobroWebhookEndpoint *
cobro_relay_hooks_put (CobroRelayClient *client, const CobroHookWish *wish, char **out_secret,
                       GCancellable *cancellable, GError **error)
{
  gboolean is_new = !cobro_id_is_set (&wish->id);
  g_autofree char *path = is_new ? g_strdup (ENDPOINTS) : path_of (ENDPOINTS, &wish->id, "");
  g_autofree char *body = write_wish (wish);
  g_autoptr (CobroWireObject) data = ask_data (client, is_new ? "POST" : "PATCH", path, body, cancellable, error);
  CobroWebhookEndpoint *endpoint;
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (!(endpoint = cobro_wire_endpoint_parse (data, &failure)) ||
      !cobro_wire_get_text (data, "secret", NULL, out_secret, &failure))
    {
      g_clear_pointer (&endpoint, cobro_webhook_endpoint_unref);
      cobro_relay_misshapen (error, failure);
    }
  return endpoint;
}

char *
cobro_relay_hooks_rotate (CobroRelayClient *client, const CobroId *id, CobroTime *out_old_until,
                          GCancellable *cancellable, GError **error)
{
  g_autofree char *path = path_of (ENDPOINTS, id, "/rotate");
  g_autoptr (CobroWireObject) data = ask_data (client, "POST", path, NULL, cancellable, error);
  char *secret = NULL;
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (!cobro_wire_get_time (data, "oldSecretUntil", out_old_until, &failure) ||
      !cobro_wire_get_text_needed (data, "secret", &secret, &failure))
    cobro_relay_misshapen (error, failure);
  return secret;
}

gboolean
cobro_relay_hooks_delete (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = path_of (ENDPOINTS, id, "");
  g_autoptr (CobroWireObject) json = ask (client, "DELETE", path, NULL, cancellable, error);

  return json != NULL;
}

gboolean
cobro_relay_hooks_restore (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = path_of (ENDPOINTS, id, "/restore");
  g_autoptr (CobroWireObject) json = ask (client, "POST", path, NULL, cancellable, error);

  return json != NULL;
}

gboolean
cobro_relay_hooks_test (CobroRelayClient *client, const CobroId *id, CobroId *out_delivery, GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *path = path_of (ENDPOINTS, id, "/test");
  g_autoptr (CobroWireObject) json = ask (client, "POST", path, NULL, cancellable, error);
  g_autofree char *text = json != NULL ? cobro_wire_get_raw (json, "data") : NULL;
  g_autofree char *whole = text != NULL ? g_strdup_printf ("{\"data\":%s}", text) : NULL;
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) deliveries = NULL;
  GError *failure = NULL;

  if (json == NULL)
    return FALSE;
  if (whole == NULL || !(deliveries = cobro_relay_hooks_read_deliveries (whole, &next, &failure)) ||
      deliveries->len == 0)
    return cobro_relay_misshapen (error, failure);
  *out_delivery = ((CobroWebhookDelivery *)deliveries->pdata[0])->id;
  return TRUE;
}

/* ── Deliveries ─────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroWebhookDelivery *
cobro_relay_hooks_get_delivery (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = path_of ("/v1/deliveries", id, "");
  g_autoptr (CobroWireObject) data = ask_data (client, "GET", path, NULL, cancellable, error);
  CobroWebhookDelivery *delivery;
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (!(delivery = cobro_wire_delivery_parse (data, &failure)))
    cobro_relay_misshapen (error, failure);
  return delivery;
}

gboolean
cobro_relay_hooks_retry (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = path_of ("/v1/deliveries", id, "/retry");
  g_autoptr (CobroWireObject) json = ask (client, "POST", path, NULL, cancellable, error);

  return json != NULL;
}
