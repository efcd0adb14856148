/* src/sync/cobro-relay-client.c — see cobro-relay-client.h.
 * Layer: sync. */
#include "config.h"
#include "cobro-relay-client.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-relay-exchange.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire.h"

#include <string.h>

#define PROTOCOL           1
#define DEADLINE_MS        COBRO_RELAY_DEADLINE_MS
/* Somebody waits for this one, and it asks nothing of the books. */
#define HEALTH_DEADLINE_MS 8000
#define PUSH_BYTES_MAX     (8 * 1024 * 1024)
#define PULL_BYTES_MAX     (32 * 1024 * 1024)
#define LOGO_BYTES_MAX     (512 * 1024)
#define SMALL_BYTES_MAX    COBRO_RELAY_SMALL_BYTES_MAX
#define DETAILS_MAX        64
#define RETRY_AFTER_MAX    3600
#define NOTHING_TO_SAY     204 /* done, and no words about it */

struct _CobroRelayClient
{
  CobroNetClient *net;
  char *address;
  char *authorization; /* NULL: no key yet */
  guint retry_after;
};

CobroRelayClient *
cobro_relay_client_new (const char *address, const char *device_key)
{
  return cobro_relay_client_new_over (cobro_net_client_new ("Cobro/" COBRO_VERSION), address, device_key);
}

CobroRelayClient *
cobro_relay_client_new_over (CobroNetClient *take_net, const char *address, const char *device_key)
{
  CobroRelayClient *client = g_new0 (CobroRelayClient, 1);

  client->net = take_net;
  client->address = g_strdup (address);
  client->authorization = device_key != NULL ? g_strconcat ("Bearer ", device_key, NULL) : NULL;
  return client;
}

void
cobro_relay_client_free (CobroRelayClient *client)
{
  if (client == NULL)
    return;
  cobro_net_client_free (client->net);
  g_free (client->address);
  if (client->authorization != NULL)
    explicit_bzero (client->authorization, strlen (client->authorization));
  g_free (client->authorization);
  g_free (client);
}

guint
cobro_relay_client_get_retry_after (CobroRelayClient *client)
{
  return client->retry_after;
}

/* ── One exchange ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
not_a_relay (GError **error)
{
  return cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, "envelope", "what answers there is not a Cobro relay");
}

static CobroError
code_of_status (guint status)
{
  switch (status)
    {
    case 401:
      return COBRO_ERROR_UNAUTHORIZED;
    case 403:
      return COBRO_ERROR_FORBIDDEN;
    case 404:
      return COBRO_ERROR_NOT_FOUND;
    case 409:
      return COBRO_ERROR_STATE;
    case 410:
      return COBRO_ERROR_GONE;
    case 413:
      return COBRO_ERROR_TOO_LARGE;
    case 422:
      return COBRO_ERROR_REUSED;
    case 426:
      return COBRO_ERROR_PROTOCOL;
    case 429:
      return COBRO_ERROR_RATE_LIMITED;
    default:
      return status >= 500 ? COBRO_ERROR_UNAVAILABLE : COBRO_ERROR_INVALID;
    }
}

/* 409 has many meanings; one of them ends by itself. */
static CobroError
code_of_problem (CobroWireObject *problem, guint status)
{
  g_autofree char *name = NULL;

  if (cobro_wire_get_text (problem, "code", "", &name, NULL) &&
      g_strcmp0 (name, cobro_error_code_name (COBRO_ERROR_RUNNING)) == 0)
    return COBRO_ERROR_RUNNING;
  return code_of_status (status);
}

/* The field that the relay complains about, and why. FALSE: it named none. */
static gboolean
read_detail (CobroWireObject *problem, char **out_path, char **out_reason)
{
  g_autoptr (GPtrArray) details = NULL;

  return cobro_wire_get_objects (problem, "details", DETAILS_MAX, &details, NULL) && details->len > 0 &&
         cobro_wire_get_text_needed (details->pdata[0], "path", out_path, NULL) &&
         cobro_wire_get_text_needed (details->pdata[0], "reason", out_reason, NULL);
}

/* The words of the relay's problem, if it is one; a proxy in between answers in its own way. */
static gboolean
refuse (const CobroNetAnswer *answer, CobroWireObject *json, GError **error)
{
  g_autoptr (CobroWireObject) problem = NULL;
  g_autofree char *message = NULL;
  g_autofree char *path = NULL;
  g_autofree char *reason = NULL;
  CobroError code = code_of_status (answer->status);

  if (json != NULL && cobro_wire_get_object (json, "error", &problem, NULL) && problem != NULL &&
      cobro_wire_get_text_needed (problem, "message", &message, NULL))
    {
      code = code_of_problem (problem, answer->status);
      if (read_detail (problem, &path, &reason))
        return cobro_error_set_at (error, code, path, "%s", reason);
      return cobro_error_set (error, code, "%s", message);
    }
  if (code == COBRO_ERROR_UNAVAILABLE || code == COBRO_ERROR_RATE_LIMITED)
    return cobro_error_set (error, code, "the relay answers with status %u", answer->status);
  return not_a_relay (error);
}

static guint
read_retry_after (const CobroNetAnswer *answer)
{
  const char *text = cobro_net_answer_header (answer, "retry-after");
  guint64 seconds = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, RETRY_AFTER_MAX, &seconds, NULL))
    return 0;
  return (guint)seconds;
}

/* (transfer full) the whole answer as an object, with success true. */
static CobroWireObject *
read_answer (CobroRelayClient *client, const CobroNetAnswer *answer, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (CobroWireObject) json = length > 0 ? cobro_wire_parse (text, (gssize)length, NULL) : NULL;
  gboolean success = FALSE;

  client->retry_after = read_retry_after (answer);
  if (answer->status < 200 || answer->status > 299)
    {
      refuse (answer, json, error);
      return NULL;
    }
  if (answer->status == NOTHING_TO_SAY)
    return cobro_wire_parse ("{\"success\":true}", -1, error);
  if (json == NULL || !cobro_wire_get_bool (json, "success", FALSE, &success, NULL) || !success)
    {
      not_a_relay (error);
      return NULL;
    }
  return g_steal_pointer (&json);
}

static CobroNetAnswer *
send_ask (CobroRelayClient *client, const CobroRelayAsk *ask, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = g_strconcat (client->address, ask->path, NULL);
  const char *headers[7] = { "Accept", "application/json" };
  guint n = 2;
  g_autoptr (GBytes) bytes = ask->body != NULL ? g_bytes_new_static (ask->body, strlen (ask->body)) : NULL;
  CobroNetRequest request = { .method = ask->method,
                              .url = url,
                              .headers = headers,
                              .content_type = ask->body != NULL ? "application/json" : NULL,
                              .body = bytes,
                              .deadline_ms = ask->deadline_ms,
                              .max_bytes = ask->max_bytes };

  if (client->authorization != NULL)
    {
      headers[n++] = "Authorization";
      headers[n++] = client->authorization;
    }
  if (ask->idempotency_key != NULL)
    {
      headers[n++] = "Idempotency-Key";
      headers[n++] = ask->idempotency_key;
    }
  client->retry_after = 0;
  return cobro_net_client_send (client->net, &request, cancellable, error);
}

CobroWireObject *
cobro_relay_exchange (CobroRelayClient *client, const CobroRelayAsk *ask, GCancellable *cancellable, GError **error)
{
  g_autoptr (CobroNetAnswer) answer = send_ask (client, ask, cancellable, error);

  return answer != NULL ? read_answer (client, answer, error) : NULL;
}

/* @body: (nullable): JSON; then it is a POST. */
static CobroWireObject *
exchange (CobroRelayClient *client, const char *path, const char *body, guint deadline_ms, gsize max_bytes,
          GCancellable *cancellable, GError **error)
{
  CobroRelayAsk ask = { .method = body != NULL ? "POST" : "GET",
                        .path = path,
                        .body = body,
                        .deadline_ms = deadline_ms,
                        .max_bytes = max_bytes };

  return cobro_relay_exchange (client, &ask, cancellable, error);
}

static CobroWireObject *
data_of (CobroWireObject *json, GError **error)
{
  CobroWireObject *data = NULL;

  if (!cobro_wire_get_object (json, "data", &data, NULL) || data == NULL)
    not_a_relay (error);
  return data;
}

CobroWireObject *
cobro_relay_exchange_data (CobroRelayClient *client, const CobroRelayAsk *ask, GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (CobroWireObject) json = cobro_relay_exchange (client, ask, cancellable, error);

  return json != NULL ? data_of (json, error) : NULL;
}

/* (transfer full) the member "data" of a successful answer. */
static CobroWireObject *
exchange_data (CobroRelayClient *client, const char *path, const char *body, gsize max_bytes, GCancellable *cancellable,
               GError **error)
{
  g_autoptr (CobroWireObject) json = exchange (client, path, body, DEADLINE_MS, max_bytes, cancellable, error);

  return json != NULL ? data_of (json, error) : NULL;
}

gboolean
cobro_relay_misshapen (GError **error, GError *why)
{
  g_autoptr (GError) cause = why;
  const char *path = cause != NULL ? cobro_error_get_path (cause) : NULL;

  return cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, "envelope",
                             "the relay's answer cannot be understood (%s: %s)", path != NULL ? path : "?",
                             cause != NULL ? cause->message : "?");
}

/* ── Health and pairing ─────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_relay_client_health (CobroRelayClient *client, CobroRelayHealth *out_health, GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (CobroWireObject) json =
    exchange (client, "/v1/healthz", NULL, HEALTH_DEADLINE_MS, SMALL_BYTES_MAX, cancellable, error);
  g_autoptr (CobroWireObject) data = json != NULL ? data_of (json, error) : NULL;
  CobroRelayHealth health = { 0, PROTOCOL, FALSE };

  if (data == NULL)
    return FALSE;
  if (!cobro_wire_get_time (data, "timestamp", &health.timestamp, NULL) || health.timestamp == 0 ||
      !cobro_wire_get_int64 (data, "protocol", PROTOCOL, &health.protocol, NULL) ||
      !cobro_wire_get_bool (data, "mail", FALSE, &health.mail, NULL))
    return not_a_relay (error);
  *out_health = health;
  return TRUE;
}

void
cobro_relay_pairing_free (CobroRelayPairing *pairing)
{
  if (pairing == NULL)
    return;
  if (pairing->device_key != NULL)
    explicit_bzero (pairing->device_key, strlen (pairing->device_key));
  g_free (pairing->device_key);
  g_clear_pointer (&pairing->merchant, cobro_merchant_unref);
  g_free (pairing->public_url);
  g_clear_pointer (&pairing->gateways, g_ptr_array_unref);
  g_free (pairing);
}

static gboolean
read_capabilities (CobroWireObject *data, CobroRelayPairing *pairing, GError **error)
{
  g_autoptr (CobroWireObject) capabilities = NULL;
  g_autoptr (GPtrArray) methods = NULL;

  if (!cobro_wire_get_object (data, "capabilities", &capabilities, error))
    return FALSE;
  if (capabilities == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "capabilities", "is required");
  if (!cobro_wire_get_int64 (capabilities, "protocol", PROTOCOL, &pairing->protocol, error) ||
      !cobro_wire_get_text_needed (capabilities, "publicUrl", &pairing->public_url, error) ||
      !cobro_wire_get_texts (capabilities, "gateways", 64, &pairing->gateways, error) ||
      !cobro_wire_get_texts (capabilities, "methods", 64, &methods, error) ||
      !cobro_wire_get_bool (capabilities, "mail", FALSE, &pairing->mail, error))
    return FALSE;
  for (guint i = 0; i < methods->len; i++)
    {
      CobroMethods method;

      if (cobro_method_from_name (g_ptr_array_index (methods, i), &method))
        pairing->methods |= method;
    }
  return TRUE;
}

static gboolean
read_pairing (CobroWireObject *data, CobroRelayPairing *pairing, GError **error)
{
  g_autoptr (CobroWireObject) merchant = NULL;
  g_autofree char *device_id = NULL;

  if (!cobro_wire_get_text_needed (data, "deviceId", &device_id, error) ||
      !cobro_id_parse (COBRO_ID_DEVICE, device_id, &pairing->device_id, error) ||
      !cobro_wire_get_text_needed (data, "deviceKey", &pairing->device_key, error) ||
      !cobro_wire_get_bool (data, "livemode", FALSE, &pairing->livemode, error) ||
      !cobro_wire_get_object (data, "merchant", &merchant, error))
    return FALSE;
  if (merchant == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "merchant", "is required");
  pairing->merchant = cobro_wire_merchant_parse (merchant, error);
  return pairing->merchant != NULL && read_capabilities (data, pairing, error);
}

CobroRelayPairing *
cobro_relay_client_pair (CobroRelayClient *client, const char *code, const char *device_name, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (CobroWireObject) data = NULL;
  g_autoptr (CobroRelayPairing) pairing = g_new0 (CobroRelayPairing, 1);
  g_autofree char *body = NULL;
  GError *failure = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "code", code);
  cobro_wire_put_text (writer, "deviceName", device_name);
  cobro_wire_end_object (writer);
  body = cobro_wire_writer_take (writer);
  if (!(data = exchange_data (client, "/v1/pair", body, SMALL_BYTES_MAX, cancellable, error)))
    return NULL;
  if (read_pairing (data, pairing, &failure))
    return g_steal_pointer (&pairing);
  cobro_relay_misshapen (error, failure);
  return NULL;
}

/* ── Push ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
write_push (GPtrArray *operations)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "protocol", PROTOCOL);
  cobro_wire_begin_array (writer, "operations");
  for (guint i = 0; i < operations->len; i++)
    {
      const CobroOperation *operation = g_ptr_array_index (operations, i);

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "op_id", operation->op_id);
      cobro_wire_put_int64 (writer, "seq", operation->seq);
      cobro_wire_put_text (writer, "kind", operation->kind);
      cobro_wire_put_text (writer, "id", operation->object_id);
      cobro_wire_put_int64 (writer, "base_rev", operation->base_rev);
      cobro_wire_put_raw (writer, "body", operation->body);
      cobro_wire_put_raw (writer, "edited", operation->edited);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static void
push_result_free (gpointer data)
{
  CobroPushResult *result = data;

  g_free (result->op_id);
  g_free (result->reason);
  g_free (result->path);
  g_free (result->current);
  g_free (result->edited);
  g_free (result);
}

void
cobro_push_answer_free (CobroPushAnswer *answer)
{
  if (answer == NULL)
    return;
  g_clear_pointer (&answer->results, g_ptr_array_unref);
  g_free (answer);
}

static gboolean
read_outcome (const char *name, CobroPushOutcome *out_outcome, GError **error)
{
  static const char *const names[] = { "applied", "merged", "conflict", "rejected" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *out_outcome = (CobroPushOutcome)i;
        return TRUE;
      }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "result", "is “%s”", name);
}

static gboolean
read_current (CobroWireObject *object, CobroPushResult *result, GError **error)
{
  g_autoptr (CobroWireObject) current = NULL;

  if (!cobro_wire_get_object (object, "current", &current, error))
    return FALSE;
  if (current == NULL)
    return TRUE;
  result->current = cobro_wire_get_raw (current, "document");
  result->edited = cobro_wire_has (current, "edited") ? cobro_wire_get_raw (current, "edited") : NULL;
  return cobro_wire_get_int64 (current, "rev", result->rev, &result->current_rev, error);
}

static gboolean
read_push_result (CobroWireObject *object, CobroPushResult *result, GError **error)
{
  g_autofree char *outcome = NULL;

  return cobro_wire_get_text_needed (object, "op_id", &result->op_id, error) &&
         cobro_wire_get_text_needed (object, "result", &outcome, error) &&
         read_outcome (outcome, &result->outcome, error) &&
         cobro_wire_get_int64 (object, "rev", 0, &result->rev, error) &&
         cobro_wire_get_text (object, "reason", "", &result->reason, error) &&
         cobro_wire_get_text (object, "path", "", &result->path, error) && read_current (object, result, error);
}

static gboolean
read_push (CobroWireObject *data, guint n, CobroPushAnswer *answer, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;

  if (!cobro_wire_get_int64_needed (data, "expectedSeq", &answer->expected_seq, error) ||
      !cobro_wire_get_objects (data, "results", n, &objects, error))
    return FALSE;
  answer->results = g_ptr_array_new_with_free_func (push_result_free);
  for (guint i = 0; i < objects->len; i++)
    {
      CobroPushResult *result = g_new0 (CobroPushResult, 1);

      g_ptr_array_add (answer->results, result);
      if (!read_push_result (g_ptr_array_index (objects, i), result, error))
        return FALSE;
    }
  return TRUE;
}

CobroPushAnswer *
cobro_relay_client_push (CobroRelayClient *client, GPtrArray *operations, GCancellable *cancellable, GError **error)
{
  g_autofree char *body = write_push (operations);
  g_autoptr (CobroWireObject) data = exchange_data (client, "/v1/sync/push", body, PUSH_BYTES_MAX, cancellable, error);
  g_autoptr (CobroPushAnswer) answer = g_new0 (CobroPushAnswer, 1);
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (read_push (data, operations->len, answer, &failure))
    return g_steal_pointer (&answer);
  cobro_relay_misshapen (error, failure);
  return NULL;
}

/* ── Pull ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
event_free (gpointer data)
{
  CobroRelayEvent *event = data;

  g_free (event->id);
  g_free (event->type);
  g_free (event->object);
  g_free (event->hash);
  g_free (event->previous_hash);
  g_free (event);
}

static gboolean
read_event (CobroWireObject *object, CobroRelayEvent *event, GError **error)
{
  if (!cobro_wire_get_int64_needed (object, "sequence", &event->sequence, error) ||
      !cobro_wire_get_text_needed (object, "id", &event->id, error) ||
      !cobro_wire_get_text_needed (object, "type", &event->type, error) ||
      !cobro_wire_get_time (object, "occurredAt", &event->occurred_at, error) ||
      !cobro_wire_get_text_needed (object, "hash", &event->hash, error) ||
      !cobro_wire_get_text_needed (object, "previousHash", &event->previous_hash, error))
    return FALSE;
  event->object = cobro_wire_get_raw (object, "object");
  return event->object != NULL || cobro_error_set_at (error, COBRO_ERROR_INVALID, "object", "is required");
}

static GPtrArray *
read_events (CobroWireObject *json, guint limit, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (event_free);

  if (!cobro_wire_get_objects (json, "data", limit, &objects, error))
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    {
      CobroRelayEvent *event = g_new0 (CobroRelayEvent, 1);

      g_ptr_array_add (events, event);
      if (!read_event (g_ptr_array_index (objects, i), event, error))
        return NULL;
    }
  return g_steal_pointer (&events);
}

GPtrArray *
cobro_relay_client_pull (CobroRelayClient *client, gint64 after, guint limit, guint wait, GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *path =
    g_strdup_printf ("/v1/events?after=%" G_GINT64_FORMAT "&limit=%u&wait=%u", after, limit, wait);
  g_autoptr (CobroWireObject) json =
    exchange (client, path, NULL, DEADLINE_MS + wait * 1000, PULL_BYTES_MAX, cancellable, error);
  GPtrArray *events;
  GError *failure = NULL;

  if (json == NULL)
    return NULL;
  if (!(events = read_events (json, limit, &failure)))
    cobro_relay_misshapen (error, failure);
  return events;
}

gboolean
cobro_relay_client_get_token (CobroRelayClient *client, const CobroId *link_id, CobroToken *out_token,
                              GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/links/", link_id->text, NULL);
  g_autoptr (CobroWireObject) data = exchange_data (client, path, NULL, SMALL_BYTES_MAX, cancellable, error);
  g_autofree char *token = NULL;

  if (data == NULL)
    return FALSE;
  if (cobro_wire_get_text_needed (data, "token", &token, NULL) && cobro_token_parse (token, out_token, NULL))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "the relay does not tell the token of %s", link_id->text);
}

GBytes *
cobro_relay_client_get_logo (CobroRelayClient *client, GCancellable *cancellable, GError **error)
{
  CobroRelayAsk ask = {
    .method = "GET", .path = "/v1/merchant/logo", .deadline_ms = DEADLINE_MS, .max_bytes = LOGO_BYTES_MAX
  };
  g_autoptr (CobroNetAnswer) answer = send_ask (client, &ask, cancellable, error);
  g_autoptr (CobroWireObject) refusal = NULL;

  if (answer == NULL)
    return NULL;
  if (answer->status == 200)
    return g_bytes_ref (answer->body);
  refusal = read_answer (client, answer, error);
  if (refusal != NULL)
    not_a_relay (error);
  return NULL;
}
