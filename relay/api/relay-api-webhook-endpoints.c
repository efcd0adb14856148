/* relay/api/relay-api-webhook-endpoints.c — where merchants hear of events: made, changed, tested, their secrets
 * replaced (OPF-11). Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "relay-api-deliveries.h"
#include "relay-api-handlers.h"
#include "relay-endpoints.h"

#define NEWEST     20 /* deliveries in the single view */
#define EVENTS_MAX 64

/* ── Shape ──────────────────────────────────────────────────────────────────────────────────────── */

static void
put_events (CobroWireWriter *writer, const char *types)
{
  g_auto (GStrv) words = g_strsplit (types, " ", -1);

  cobro_wire_begin_array (writer, "events");
  for (gsize i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      cobro_wire_put_text (writer, NULL, words[i]);
  cobro_wire_end_array (writer);
}

/* @secret: shown now, and never again; @deliveries: (nullable) (element-type RelayDelivery) */
static void
write_endpoint (CobroWireWriter *writer, const RelayEndpoint *endpoint, gboolean secret, GPtrArray *deliveries)
{
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", endpoint->id.text);
  cobro_wire_put_text (writer, "url", endpoint->url);
  put_events (writer, endpoint->types);
  cobro_wire_put_text (writer, "policy", relay_policy_name (endpoint->policy));
  cobro_wire_put_bool (writer, "isActive", endpoint->is_active);
  cobro_wire_put_text (writer, "disabledReason", *endpoint->disabled_reason != '\0' ? endpoint->disabled_reason : NULL);
  cobro_wire_put_time (writer, "failingSince", endpoint->failing_since);
  cobro_wire_put_bool (writer, "livemode", endpoint->livemode);
  cobro_wire_put_time (writer, "createdAt", endpoint->created_at);
  cobro_wire_put_time (writer, "updatedAt", endpoint->updated_at);
  if (secret)
    {
      cobro_wire_put_text (writer, "secret", endpoint->secret);
      cobro_wire_put_time (writer, "oldSecretUntil", endpoint->old_until);
    }
  if (deliveries != NULL)
    {
      cobro_wire_begin_array (writer, "deliveries");
      for (guint i = 0; i < deliveries->len; i++)
        relay_api_write_delivery (writer, NULL, deliveries->pdata[i], NULL);
      cobro_wire_end_array (writer);
    }
  cobro_wire_end_object (writer);
}

static RelayReply *
reply_endpoint (RelayRequest *request, guint status, const RelayEndpoint *endpoint, gboolean secret,
                GPtrArray *deliveries)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  write_endpoint (writer, endpoint, secret, deliveries);
  return relay_reply_json (request, status, cobro_wire_writer_take (writer));
}

/* ── Bodies ─────────────────────────────────────────────────────────────────────────────────────── */

/* What stands in the body; NULL or -1: not there. */
typedef struct
{
  char *url, *types, *secret;
  gint policy, is_active;
  gint64 hours;
} Body;

static void
body_clear (Body *body)
{
  g_free (body->url);
  g_free (body->types);
  g_free (body->secret);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Body, body_clear)

static gboolean
parse_events (CobroWireObject *json, Body *body, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  if (!cobro_wire_has (json, "events"))
    return TRUE;
  return cobro_wire_get_texts (json, "events", EVENTS_MAX, &names, error) &&
         (body->types = relay_endpoints_types (names, error)) != NULL;
}

static gboolean
parse_policy (CobroWireObject *json, Body *body, GError **error)
{
  g_autofree char *name = NULL;
  RelayPolicy policy;

  if (!cobro_wire_get_text (json, "policy", NULL, &name, error))
    return FALSE;
  if (name == NULL)
    return TRUE;
  if (!relay_policy_from_name (name, &policy))
    return cobro_wire_refuse (json, "policy", error, "must be \"exponential\", \"linear\" or \"polynomial\"");
  body->policy = (gint)policy;
  return TRUE;
}

static gboolean
parse_active (CobroWireObject *json, Body *body, GError **error)
{
  gboolean active;

  if (!cobro_wire_has (json, "isActive"))
    return TRUE;
  if (!cobro_wire_get_bool (json, "isActive", TRUE, &active, error))
    return FALSE;
  body->is_active = active;
  return TRUE;
}

static gboolean
parse_settings (CobroWireObject *json, Body *body, GError **error)
{
  return cobro_wire_get_text (json, "url", NULL, &body->url, error) && parse_events (json, body, error) &&
         parse_policy (json, body, error) && parse_active (json, body, error);
}

/* An id that is none of ours is not found, like one that is nobody's. */
static gboolean
parse_id (RelayRequest *request, CobroId *out_id, GError **error)
{
  return cobro_id_parse (COBRO_ID_WEBHOOK, relay_request_param (request, "id"), out_id, NULL) ||
         cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such webhook endpoint");
}

/* ── Create, list, read ─────────────────────────────────────────────────────────────────────────── */

static RelayEndpoint *
parse_created (RelayRequest *request, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autoptr (RelayEndpoint) endpoint = relay_endpoint_new ();
  g_auto (Body) body = { .policy = RELAY_POLICY_EXPONENTIAL, .is_active = TRUE };

  if (json == NULL || !parse_settings (json, &body, error) ||
      !cobro_wire_get_text (json, "secret", NULL, &body.secret, error) || !cobro_wire_done (json, error))
    return NULL;
  if (body.url == NULL)
    return cobro_wire_refuse (json, "url", error, "is required"), NULL;
  endpoint->merchant_id = request->merchant_id;
  endpoint->livemode = request->livemode;
  g_free (endpoint->url);
  endpoint->url = g_steal_pointer (&body.url);
  if (body.types != NULL)
    {
      g_free (endpoint->types);
      endpoint->types = g_steal_pointer (&body.types);
    }
  endpoint->policy = (RelayPolicy)body.policy;
  endpoint->is_active = body.is_active;
  endpoint->secret = g_steal_pointer (&body.secret);
  return g_steal_pointer (&endpoint);
}

RelayReply *
relay_api_webhook_endpoints_create (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayEndpoint) endpoint = parse_created (request, &error);

  if (endpoint == NULL || !relay_endpoints_create (ctx->store, ctx->dialer, endpoint, &error))
    return relay_reply_problem (request, error);
  return reply_endpoint (request, 201, endpoint, TRUE, NULL);
}

RelayReply *
relay_api_webhook_endpoints_list (gpointer context, RelayRequest *request)
{
  static const char *const no_query[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) list = NULL;

  if (!relay_api_check_query (request, no_query, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(list = relay_endpoint_list (reader->db, &scope, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < list->len; i++)
    write_endpoint (writer, list->pdata[i], FALSE, NULL);
  cobro_wire_end_array (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

RelayReply *
relay_api_webhook_endpoints_read (gpointer context, RelayRequest *request)
{
  static const char *const no_query[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayEndpoint) endpoint = NULL;
  g_autoptr (GPtrArray) newest = NULL;
  CobroId id;
  RelayDeliveryQuery query = { .endpoint_id = &id, .limit = NEWEST };

  if (!relay_api_check_query (request, no_query, &error) || !parse_id (request, &id, &error) ||
      !(reader = relay_store_read (ctx->store, &error)) ||
      !(endpoint = relay_endpoint_find (reader->db, &scope, &id, &error)) ||
      !(newest = relay_delivery_list (reader->db, &scope, &query, &error)))
    return relay_reply_problem (request, error);
  return reply_endpoint (request, 200, endpoint, FALSE, newest);
}

/* ── Change ─────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_webhook_endpoints_change (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayEndpoint) endpoint = NULL;
  g_auto (Body) body = { .policy = -1, .is_active = -1 };
  RelayEndpointChange change;
  CobroWireObject *json;
  CobroId id;

  if (!parse_id (request, &id, &error) || !(json = relay_request_get_json (request, &error)) ||
      !parse_settings (json, &body, &error) || !cobro_wire_done (json, &error))
    return relay_reply_problem (request, error);
  change = (RelayEndpointChange){ body.url, body.types, body.policy, body.is_active };
  if (!(endpoint = relay_endpoints_change (ctx->store, ctx->dialer, &scope, &id, &change, &error)))
    return relay_reply_problem (request, error);
  return reply_endpoint (request, 200, endpoint, FALSE, NULL);
}

RelayReply *
relay_api_webhook_endpoints_delete (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  CobroId id;

  if (!parse_id (request, &id, &error) || !relay_api_check_no_body (request, &error) ||
      !relay_endpoints_delete (ctx->store, &scope, &id, &error))
    return relay_reply_problem (request, error);
  return relay_reply_empty (request, 204);
}

RelayReply *
relay_api_webhook_endpoints_restore (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayEndpoint) endpoint = NULL;
  CobroId id;

  if (!parse_id (request, &id, &error) || !relay_api_check_no_body (request, &error) ||
      !(endpoint = relay_endpoints_restore (ctx->store, &scope, &id, &error)))
    return relay_reply_problem (request, error);
  return reply_endpoint (request, 200, endpoint, FALSE, NULL);
}

/* {"oldSecretHours": 24}, or nothing. */
static gboolean
parse_hours (RelayRequest *request, gint64 *out_hours, GError **error)
{
  CobroWireObject *json;

  *out_hours = RELAY_ENDPOINTS_OLD;
  if (g_bytes_get_size (request->body) == 0)
    return TRUE;
  if (!(json = relay_request_get_json (request, error)) ||
      !cobro_wire_get_int64 (json, "oldSecretHours", RELAY_ENDPOINTS_OLD, out_hours, error) ||
      !cobro_wire_done (json, error))
    return FALSE;
  return (*out_hours >= 0 && *out_hours <= RELAY_ENDPOINTS_OLD_MAX) ||
         cobro_wire_refuse (json, "oldSecretHours", error, "must be 0 to %d", RELAY_ENDPOINTS_OLD_MAX);
}

RelayReply *
relay_api_webhook_endpoints_rotate (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayEndpoint) endpoint = NULL;
  gint64 hours;
  CobroId id;

  if (!parse_id (request, &id, &error) || !parse_hours (request, &hours, &error) ||
      !(endpoint = relay_endpoints_rotate (ctx->store, &scope, &id, hours, &error)))
    return relay_reply_problem (request, error);
  return reply_endpoint (request, 200, endpoint, TRUE, NULL);
}

/* ── Test ───────────────────────────────────────────────────────────────────────────────────────── */

static RelayReply *
send_test (RelayContext *ctx, RelayRequest *request, const CobroId *id)
{
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) deliveries = relay_endpoints_test (ctx->store, &scope, id, &error);
  g_autoptr (CobroWireWriter) writer = NULL;

  if (deliveries == NULL)
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < deliveries->len; i++)
    relay_api_write_delivery (writer, NULL, deliveries->pdata[i], NULL);
  cobro_wire_end_array (writer);
  return relay_reply_json (request, 202, cobro_wire_writer_take (writer));
}

RelayReply *
relay_api_webhook_endpoints_test (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  CobroId id;

  if (!parse_id (request, &id, &error) || !relay_api_check_no_body (request, &error))
    return relay_reply_problem (request, error);
  return send_test (context, request, &id);
}

RelayReply *
relay_api_webhooks_test (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;

  if (!relay_api_check_no_body (request, &error))
    return relay_reply_problem (request, error);
  return send_test (context, request, NULL);
}
