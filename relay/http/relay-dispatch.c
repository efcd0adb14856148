/* relay/http/relay-dispatch.c — from a valid head to a request, and from a complete request to its reply.
 * Layer: relay/http, private. */
#include "relay-dispatch.h"

#include <libsoup/soup.h>
#include <string.h>
#include "cobro-card-number.h"
#include "cobro-error.h"
#include "relay-listener.h"
#include "relay-metrics.h"
#include "relay-reply-private.h"
#include "relay-request-private.h"

/* ── Before the body ─────────────────────────────────────────────────────────────────────────────── */

/* Nothing but digits with signs between them, and a card number: it would be in every log. */
static gboolean
is_card (const char *id, gsize length)
{
  return strspn (id, G_CSET_DIGITS "-_.:") == length && cobro_card_number_is_in (id, (gssize)length);
}

static void
set_id (RelayRequest *request, const char *own_id)
{
  const char *theirs = relay_head_get (request->head, "x-request-id");
  gsize length = theirs != NULL ? strlen (theirs) : 0;
  gboolean usable = length >= 1 && length < sizeof request->id &&
                    strspn (theirs, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.:") == length &&
                    !is_card (theirs, length);

  g_strlcpy (request->id, usable ? theirs : own_id, sizeof request->id);
}

/* URLs are logged by everybody on the way: a key has no place there. */
static gboolean
query_holds_key (RelayRequest *request)
{
  static const char *const names[] = { "api_key", "apikey", "key", "merchantapikey", "access_token", "authorization" };
  GHashTableIter iter;
  gpointer name, value;
  gboolean needs_key = request->route->auth == RELAY_AUTH_KEY;

  g_hash_table_iter_init (&iter, relay_request_get_query (request));
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (g_str_has_prefix (value, "cob_live_") || g_str_has_prefix (value, "cob_test_"))
        return TRUE;
      for (guint i = 0; needs_key && i < G_N_ELEMENTS (names); i++)
        if (g_ascii_strcasecmp (name, names[i]) == 0)
          return TRUE;
    }
  return FALSE;
}

static RelayReply *
problem (RelayRequest *request, CobroError code, const char *reason)
{
  g_autoptr (GError) error = NULL;

  cobro_error_set (&error, code, "%s", reason);
  return relay_reply_problem (request, error);
}

/* NULL: the route is found, and the body may come. */
static RelayReply *
find_route (RelayServer *server, RelayRequest *request)
{
  RelayMatch match;
  RelayMatchKind kind =
    relay_router_match (server->router, request->method, request->target, request->head->path_length, &match);

  request->face = match.face;
  request->allow = match.allow;
  switch (kind)
    {
    case RELAY_MATCH_FOUND:
      request->route = match.route;
      memcpy (request->params, match.params, sizeof match.params);
      return NULL;
    case RELAY_MATCH_NO_PATH:
      return problem (request, COBRO_ERROR_NOT_FOUND, "there is nothing at this address");
    case RELAY_MATCH_NO_METHOD:
      return problem (request, COBRO_ERROR_METHOD, "this address does not take that method");
    case RELAY_MATCH_BAD_PATH:
      return problem (request, COBRO_ERROR_INVALID, "the path holds a broken or forbidden escape");
    }
  return NULL;
}

static RelayReply *
check_head (RelayServer *server, RelayRequest *request)
{
  RelayReply *refusal = find_route (server, request);
  g_autoptr (GError) error = NULL;

  if (refusal != NULL)
    return refusal;
  if ((gsize)request->head->content_length > request->route->body_max)
    return problem (request, COBRO_ERROR_TOO_LARGE, "the body is larger than this address takes");
  if (!relay_request_parse_query (request, &error))
    return relay_reply_problem (request, error);
  if (request->query != NULL && query_holds_key (request))
    return problem (request, COBRO_ERROR_UNAUTHORIZED,
                    "keys do not belong in URLs, because URLs are logged: send \"Authorization: Bearer <key>\", and "
                    "replace this key");
  return NULL;
}

RelayRequest *
relay_dispatch_begin (RelayServer *server, const RelayHead *head, const char *peer, gboolean trusted,
                      const char *own_id, RelayReply **out_refusal)
{
  RelayRequest *request = relay_request_new (server);

  request->head = head;
  request->method = head->method;
  request->target = head->target;
  set_id (request, own_id);
  request->peer = trusted ? relay_trust_walk (server->trust, peer, relay_request_header (request, "x-forwarded-for"))
                          : g_strdup (peer);
  *out_refusal = check_head (server, request);
  return request;
}

/* ── With the body ───────────────────────────────────────────────────────────────────────────────── */

static const char *
lane_name (RelayLane lane)
{
  static const char *const names[] = {
    [RELAY_LANE_FREE] = "free",
    [RELAY_LANE_CHECKOUT] = "checkout",
    [RELAY_LANE_ATTEMPT] = "attempt",
    [RELAY_LANE_API] = "api",
    [RELAY_LANE_MONEY] = "money",
    [RELAY_LANE_PAIRING] = "pairing",
    [RELAY_LANE_WEBHOOK] = "webhook",
    [RELAY_LANE_UNKNOWN_TOKEN] = "unknown_token",
    [RELAY_LANE_ATTEMPT_LINK] = "attempt_link",
    [RELAY_LANE_ATTEMPT_MERCHANT] = "attempt_merchant",
    [RELAY_LANE_FAILED] = "failed",
  };

  return lane < G_N_ELEMENTS (names) && names[lane] != NULL ? names[lane] : "other";
}

gboolean
relay_request_limit (RelayRequest *request, RelayLane lane, const char *key, GError **error)
{
  RelayServer *server = request->server;
  gint64 now = cobro_clock_monotonic (server->config.clock);
  RelayLimit limit;
  gboolean passed;

  if (!server->config.rate_limits)
    return TRUE;
  passed = key != NULL ? relay_limits_take (server->limits, lane, key, now, &limit)
                       : relay_limits_take_address (server->limits, lane, request->peer, now, &limit);
  if (passed)
    return TRUE;
  return relay_request_refuse (request, lane, limit.capacity, limit.retry_after, error);
}

gboolean
relay_request_refuse (RelayRequest *request, RelayLane lane, guint capacity, guint wait, GError **error)
{
  /* Who does not ask for the reason only counts: nobody is refused. */
  if (error != NULL)
    relay_count (RELAY_METRIC_RATE_LIMITED, lane_name (lane));
  request->retry_after = wait;
  request->limit = capacity;
  return cobro_error_set (error, COBRO_ERROR_RATE_LIMITED, "too many requests: try again in %u s", wait);
}

gboolean
relay_request_limit_by (RelayRequest *request, RelayLane lane, const char *key, guint capacity, gint64 per_token,
                        GError **error)
{
  RelayServer *server = request->server;
  RelayLimit limit;

  return !server->config.rate_limits ||
         relay_limits_take_by (server->limits, lane, key, capacity, per_token,
                               cobro_clock_monotonic (server->config.clock), &limit) ||
         relay_request_refuse (request, lane, limit.capacity, limit.retry_after, error);
}

gboolean
relay_request_has_left (RelayRequest *request, RelayLane lane, const char *key, guint capacity, gint64 per_token,
                        GError **error)
{
  RelayServer *server = request->server;
  RelayLimit limit;

  return !server->config.rate_limits ||
         relay_limits_has (server->limits, lane, key, capacity, per_token, cobro_clock_monotonic (server->config.clock),
                           &limit) ||
         relay_request_refuse (request, lane, limit.capacity, limit.retry_after, error);
}

gboolean
relay_request_is_limited (const RelayRequest *request)
{
  return request->server->config.rate_limits;
}

/* Lanes whose bucket belongs to the key can be taken only when it is known. */
static gboolean
is_key_lane (RelayLane lane)
{
  return lane == RELAY_LANE_API || lane == RELAY_LANE_MONEY;
}

static gboolean
take_lane (RelayRequest *request, gboolean authenticated, GError **error)
{
  RelayLane lane = request->route->lane;
  gboolean by_key = is_key_lane (lane) && request->route->auth == RELAY_AUTH_KEY;

  if (lane == RELAY_LANE_FREE || by_key != authenticated)
    return TRUE;
  return relay_request_limit (request, lane, by_key ? request->key_id : NULL, error);
}

/* "Bearer <key>" */
static const char *
bearer (RelayRequest *request)
{
  const char *text = relay_request_header (request, "authorization");

  if (text == NULL || g_ascii_strncasecmp (text, "Bearer ", 7) != 0)
    return NULL;
  text += 7;
  return text + strspn (text, " ");
}

static gboolean
authenticate (RelayServer *server, RelayRequest *request, GError **error)
{
  const char *key = bearer (request);
  g_autofree char *body_key = NULL;

  if (request->route->auth == RELAY_AUTH_NONE)
    return TRUE;
  /* A body is not read before its time: what was answered before is answered again without looking into it. */
  if (key == NULL && (request->route->flags & RELAY_ROUTE_KEY_IN_BODY) != 0)
    {
      CobroWireObject *json = relay_request_get_json (request, error);

      if (json == NULL || !cobro_wire_get_text (json, "merchantApiKey", NULL, &body_key, error))
        return FALSE;
    }
  key = key != NULL ? key : body_key;
  if (key == NULL || key[0] == '\0')
    relay_count (RELAY_METRIC_AUTH_FAILURES, "missing");
  if (key == NULL || key[0] == '\0')
    return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "send \"Authorization: Bearer <api key>\"");
  if (server->config.authenticate (server->config.context, request, key, error))
    return TRUE;
  relay_count (RELAY_METRIC_AUTH_FAILURES, "refused");
  return FALSE;
}

static RelayReply *
run_handler (RelayServer *server, RelayRequest *request)
{
  RelayReply *reply = request->route->handler (server->config.context, request);

  if (reply != NULL)
    return reply;
  g_critical ("%s %s: the handler returned no reply", request->route->method, request->route->template);
  return problem (request, COBRO_ERROR_INTERNAL, "no reply");
}

/* On the listener thread: perhaps it was answered a moment ago. */
static RelayReply *
run_inline (RelayServer *server, RelayRequest *request)
{
  RelayListener *listener = request->listener;
  RelayReply *reply = relay_cache_find (listener->cache, request, listener->now);

  if (reply != NULL)
    return reply;
  reply = run_handler (server, request);
  if (reply->kind == RELAY_REPLY_WHOLE)
    relay_cache_offer (listener->cache, request, reply, listener->now);
  return reply;
}

static RelayReply *
run_checked (RelayServer *server, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;

  if (g_get_monotonic_time () > request->deadline)
    return problem (request, COBRO_ERROR_UNAVAILABLE, "too busy at the moment");
  if (!take_lane (request, FALSE, &error) || !authenticate (server, request, &error) ||
      !take_lane (request, TRUE, &error))
    return relay_reply_problem (request, error);
  request->checked = TRUE;
  return request->is_inline ? run_inline (server, request) : run_handler (server, request);
}

static void
begin_span (RelaySpan *span, RelayRequest *request)
{
  const char *parent = relay_head_get (request->head, "traceparent");
  g_autofree char *name = NULL;

  if (parent == NULL && !relay_trace_is_on ())
    return;
  name = g_strdup_printf ("%s %s", request->route->method, request->route->template);
  relay_span_begin_from (span, RELAY_SPAN_SERVER, name, parent);
  relay_span_began_ago (span, g_get_monotonic_time () - request->started);
  relay_span_set_text (span, "http.request.method", request->method);
  relay_span_set_text (span, "http.route", request->route->template);
  relay_span_set_text (span, "cobro.request_id", request->id);
  request->trace = relay_trace_get ();
}

static void
end_span (RelaySpan *span, RelayRequest *request, const RelayReply *reply)
{
  if (*request->merchant_id.text != '\0')
    relay_span_set_text (span, "cobro.merchant", request->merchant_id.text);
  if (reply->status != 0)
    relay_span_set_int (span, "http.response.status_code", reply->status);
  if (reply->status >= 500)
    relay_span_fail (span, "server error");
  relay_span_end (span);
}

/* The first look is the span; what waits after it, for a thread or for an event, goes on in its trace. */
RelayReply *
relay_dispatch_run (RelayServer *server, RelayRequest *request)
{
  gboolean again = request->attempt > 0 || request->checked;
  RelaySpan span = { 0 };
  RelayReply *reply;

  if (again)
    {
      RelayTraceContext before = relay_trace_swap (request->trace);

      reply = run_handler (server, request);
      relay_trace_swap (before);
      return reply;
    }
  begin_span (&span, request);
  reply = run_checked (server, request);
  end_span (&span, request, reply);
  return reply;
}
