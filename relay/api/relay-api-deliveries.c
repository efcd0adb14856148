/* relay/api/relay-api-deliveries.c — what was sent to endpoints, and what came back; dead letters sent again (OPF-9,
 * OPF-12). Layer: relay/api. Request threads. */
#include "relay-api-deliveries.h"

#include "cobro-error.h"
#include "cobro-event.h"
#include "relay-api-handlers.h"
#include "relay-endpoints.h"

#define LIST_DEFAULT 50
#define LIST_MAX     100

/* How the API calls the states. */
static const struct
{
  const char *name;
  guint states;
} statuses[] = {
  { "pending", 1u << RELAY_DELIVERY_PENDING | 1u << RELAY_DELIVERY_LEASED },
  { "delivered", 1u << RELAY_DELIVERY_DELIVERED },
  { "failed", 1u << RELAY_DELIVERY_RETRY },
  { "abandoned", 1u << RELAY_DELIVERY_EXHAUSTED | 1u << RELAY_DELIVERY_CANCELLED },
};

static const char *
status_of (RelayDeliveryState state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if ((statuses[i].states & 1u << state) != 0)
      return statuses[i].name;
  g_return_val_if_reached ("");
}

gboolean
relay_api_delivery_states (const char *name, guint *out_states, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_strcmp0 (statuses[i].name, name) == 0)
      {
        *out_states = statuses[i].states;
        return TRUE;
      }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%s\"", name);
}

/* ── Shape ──────────────────────────────────────────────────────────────────────────────────────── */

static void
put_status (CobroWireWriter *writer, const char *key, gint status)
{
  if (status != 0)
    cobro_wire_put_int64 (writer, key, status);
  else
    cobro_wire_put_null (writer, key);
}

static void
write_attempt (CobroWireWriter *writer, const RelayDeliveryAttempt *attempt)
{
  gsize n;
  const char *bytes = g_bytes_get_data (attempt->answer, &n);
  g_autofree char *text = g_utf8_make_valid (bytes != NULL ? bytes : "", (gssize)n);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "number", attempt->number);
  cobro_wire_put_time (writer, "startedAt", attempt->started_at);
  cobro_wire_put_int64 (writer, "durationMs", attempt->duration / 1000);
  put_status (writer, "status", attempt->status);
  cobro_wire_put_text (writer, "error", *attempt->error != '\0' ? attempt->error : NULL);
  cobro_wire_put_text (writer, "headers", attempt->headers);
  cobro_wire_put_text (writer, "answer", text);
  cobro_wire_end_object (writer);
}

void
relay_api_write_delivery (CobroWireWriter *writer, const char *key, const RelayDelivery *delivery, GPtrArray *attempts)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", delivery->id.text);
  cobro_wire_put_text (writer, "endpointId", delivery->endpoint_id.text);
  cobro_wire_put_text (writer, "eventId", delivery->event_id.text);
  cobro_wire_put_text (writer, "eventType", delivery->type);
  cobro_wire_put_int64 (writer, "sequence", delivery->sequence);
  cobro_wire_put_text (writer, "status", status_of (delivery->state));
  cobro_wire_put_int64 (writer, "attemptCount", delivery->tries);
  cobro_wire_put_time (writer, "nextRetryAt", delivery->next_at);
  put_status (writer, "lastStatus", delivery->last_status);
  cobro_wire_put_text (writer, "lastError", *delivery->last_error != '\0' ? delivery->last_error : NULL);
  cobro_wire_put_time (writer, "createdAt", delivery->created_at);
  cobro_wire_put_time (writer, "updatedAt", delivery->updated_at);
  if (attempts != NULL)
    {
      cobro_wire_begin_array (writer, "attempts");
      for (guint i = 0; i < attempts->len; i++)
        write_attempt (writer, attempts->pdata[i]);
      cobro_wire_end_array (writer);
    }
  cobro_wire_end_object (writer);
}

static RelayReply *
reply_delivery (RelayRequest *request, const RelayDelivery *delivery, GPtrArray *attempts)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  relay_api_write_delivery (writer, NULL, delivery, attempts);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

/* ── List and read ──────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_type (const char *name, GError **error)
{
  CobroEventType type;

  return name == NULL || cobro_event_type_from_name (name, &type) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "eventType", "there is no event \"%s\"", name);
}

static gboolean
parse_endpoint (const char *text, const char *path, CobroId *id, const CobroId **out_id, GError **error)
{
  if (text == NULL)
    return TRUE;
  if (!cobro_id_parse (COBRO_ID_WEBHOOK, text, id, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "is not the id of a webhook endpoint");
  *out_id = id;
  return TRUE;
}

static gboolean
parse_query (RelayRequest *request, RelayDeliveryQuery *query, CobroId *endpoint_id, GError **error)
{
  static const char *const names[] = { "status", "endpoint", "eventType", "limit", "cursor", NULL };
  const char *status = relay_request_query (request, "status");
  gint64 limit;

  query->type = relay_request_query (request, "eventType");
  if (!relay_api_check_query (request, names, error) || !parse_type (query->type, error) ||
      (status != NULL && !relay_api_delivery_states (status, &query->states, error)) ||
      !parse_endpoint (relay_request_query (request, "endpoint"), "endpoint", endpoint_id, &query->endpoint_id,
                       error) ||
      !relay_request_query_int (request, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit, error) ||
      !relay_request_query_int (request, "cursor", 1, G_MAXINT64, 0, &query->before, error))
    return FALSE;
  query->limit = (guint)limit + 1; /* one more tells whether there is a next page */
  return TRUE;
}

static RelayReply *
reply_list (RelayRequest *request, GPtrArray *list, guint limit)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (CobroWireWriter) page = cobro_wire_writer_new ();
  g_autofree char *next = NULL;

  if (list->len > limit)
    next = g_strdup_printf ("%" G_GINT64_FORMAT, ((RelayDelivery *)list->pdata[limit - 1])->row);
  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < MIN (list->len, limit); i++)
    relay_api_write_delivery (writer, NULL, list->pdata[i], NULL);
  cobro_wire_end_array (writer);
  cobro_wire_begin_object (page, NULL);
  cobro_wire_put_text (page, "nextCursor", next);
  cobro_wire_put_int64 (page, "limit", limit);
  cobro_wire_end_object (page);
  return relay_reply_json_page (request, cobro_wire_writer_take (writer), cobro_wire_writer_take (page));
}

RelayReply *
relay_api_deliveries_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) list = NULL;
  RelayDeliveryQuery query = { 0 };
  CobroId endpoint_id;

  if (!parse_query (request, &query, &endpoint_id, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(list = relay_delivery_list (reader->db, &scope, &query, &error)))
    return relay_reply_problem (request, error);
  return reply_list (request, list, query.limit - 1);
}

/* An id that is none of ours is not found, like one that is nobody's. */
static gboolean
parse_id (RelayRequest *request, CobroId *out_id, GError **error)
{
  return cobro_id_parse (COBRO_ID_DELIVERY, relay_request_param (request, "id"), out_id, NULL) ||
         cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such delivery");
}

RelayReply *
relay_api_deliveries_read (gpointer context, RelayRequest *request)
{
  static const char *const no_query[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayDelivery) delivery = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  CobroId id;

  if (!relay_api_check_query (request, no_query, &error) || !parse_id (request, &id, &error) ||
      !(reader = relay_store_read (ctx->store, &error)) ||
      !(delivery = relay_delivery_find (reader->db, &scope, &id, &error)) ||
      !(attempts = relay_delivery_list_attempts (reader->db, delivery, &error)))
    return relay_reply_problem (request, error);
  return reply_delivery (request, delivery, attempts);
}

/* ── Again ──────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_deliveries_retry (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayDelivery) delivery = NULL;
  CobroId id;

  if (!parse_id (request, &id, &error) || !relay_api_check_no_body (request, &error) ||
      !(delivery = relay_endpoints_retry (ctx->store, &scope, &id, &error)))
    return relay_reply_problem (request, error);
  return reply_delivery (request, delivery, NULL);
}

/* What stands in the body of a replay. */
typedef struct
{
  RelayReplay replay;
  CobroId endpoint_id;
  char *endpoint, *type, *status;
} Body;

static void
body_clear (Body *body)
{
  g_free (body->endpoint);
  g_free (body->type);
  g_free (body->status);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Body, body_clear)

static gboolean
check_range (CobroWireObject *json, const RelayReplay *replay, GError **error)
{
  if (replay->first < 0 || replay->last < 0)
    return cobro_wire_refuse (json, replay->first < 0 ? "firstSequence" : "lastSequence", error, "must be at least 1");
  if (replay->last != 0 && replay->last < replay->first)
    return cobro_wire_refuse (json, "lastSequence", error, "must not be before firstSequence");
  if (replay->until != 0 && replay->until < replay->from)
    return cobro_wire_refuse (json, "until", error, "must not be before from");
  if (replay->states == 1u << RELAY_DELIVERY_DELIVERED || replay->states == 1u << RELAY_DELIVERY_EXHAUSTED)
    return TRUE;
  return cobro_wire_refuse (json, "status", error, "only \"abandoned\" and \"delivered\" ones are replayed");
}

static gboolean
parse_body (RelayRequest *request, Body *body, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  RelayReplay *replay = &body->replay;

  if (json == NULL || !cobro_wire_get_text (json, "endpointId", NULL, &body->endpoint, error) ||
      !cobro_wire_get_text (json, "eventType", NULL, &body->type, error) ||
      !cobro_wire_get_text (json, "status", "abandoned", &body->status, error) ||
      !cobro_wire_get_time (json, "from", &replay->from, error) ||
      !cobro_wire_get_time (json, "until", &replay->until, error) ||
      !cobro_wire_get_int64 (json, "firstSequence", 0, &replay->first, error) ||
      !cobro_wire_get_int64 (json, "lastSequence", 0, &replay->last, error) || !cobro_wire_done (json, error) ||
      !parse_endpoint (body->endpoint, "endpointId", &body->endpoint_id, &replay->endpoint_id, error) ||
      !parse_type (body->type, error) || !relay_api_delivery_states (body->status, &replay->states, error))
    return FALSE;
  replay->type = body->type;
  replay->states &= ~(1u << RELAY_DELIVERY_CANCELLED); /* their endpoint is gone */
  return check_range (json, replay, error);
}

RelayReply *
relay_api_deliveries_replay (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_auto (Body) body = { 0 };
  gint64 n;

  if (!parse_body (request, &body, &error) || !relay_endpoints_replay (ctx->store, &scope, &body.replay, &n, &error))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 202, g_strdup_printf ("{\"replayed\":%" G_GINT64_FORMAT "}", n));
}
