/* relay/http/relay-problem.c — the problem table: GError → HTTP, in the shape that the route's callers expect.
 * Layer: relay/http. Any thread. */
#include <libsoup/soup.h>
#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-html.h"
#include "relay-reply-private.h"
#include "relay-server-private.h"

/* libsoup has no names for these. */
#define STATUS_UPGRADE_REQUIRED      426
#define STATUS_PRECONDITION_REQUIRED 428
#define STATUS_TOO_MANY_REQUESTS     429

#define RETRY_SOON 2 /* seconds, where nobody knows better */

#define IS_OURS  (1 << 0) /* nothing of the error's text leaves the house */
#define IS_RETRY (1 << 1) /* Retry-After */
#define IS_BRIEF (1 << 2) /* Retry-After: 1 */

typedef struct
{
  guint status;
  guint flags;
  const char *instead; /* (nullable) what is said where the error's own text must not be */
} Row;

#define OUR_FAULT "something went wrong on our side; please quote the correlation id"

static const Row rows[] = {
  [COBRO_ERROR_INVALID] = { SOUP_STATUS_BAD_REQUEST, 0, NULL },
  [COBRO_ERROR_OVERFLOW] = { SOUP_STATUS_BAD_REQUEST, 0, NULL },
  [COBRO_ERROR_CURRENCY] = { SOUP_STATUS_BAD_REQUEST, 0, NULL },
  [COBRO_ERROR_NOT_FOUND] = { SOUP_STATUS_NOT_FOUND, 0, NULL },
  [COBRO_ERROR_EXISTS] = { SOUP_STATUS_CONFLICT, 0, NULL },
  [COBRO_ERROR_STATE] = { SOUP_STATUS_CONFLICT, 0, NULL },
  [COBRO_ERROR_REVISION] = { SOUP_STATUS_PRECONDITION_FAILED, 0, NULL },
  [COBRO_ERROR_BUSY] = { SOUP_STATUS_CONFLICT, IS_RETRY, NULL },
  [COBRO_ERROR_GONE] = { SOUP_STATUS_GONE, 0, NULL },
  [COBRO_ERROR_UNAUTHORIZED] = { SOUP_STATUS_UNAUTHORIZED, 0, NULL },
  [COBRO_ERROR_FORBIDDEN] = { SOUP_STATUS_FORBIDDEN, 0, NULL },
  [COBRO_ERROR_RATE_LIMITED] = { STATUS_TOO_MANY_REQUESTS, IS_RETRY, NULL },
  [COBRO_ERROR_TOO_LARGE] = { SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, 0, NULL },
  [COBRO_ERROR_MEDIA_TYPE] = { SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, 0, NULL },
  [COBRO_ERROR_METHOD] = { SOUP_STATUS_METHOD_NOT_ALLOWED, 0, NULL },
  [COBRO_ERROR_PRECONDITION] = { STATUS_PRECONDITION_REQUIRED, 0, NULL },
  [COBRO_ERROR_UNAVAILABLE] = { SOUP_STATUS_SERVICE_UNAVAILABLE, IS_RETRY, NULL },
  [COBRO_ERROR_PROVIDER] = { SOUP_STATUS_BAD_GATEWAY, 0, NULL },
  [COBRO_ERROR_NO_ANSWER] = { SOUP_STATUS_GATEWAY_TIMEOUT, 0, NULL },
  [COBRO_ERROR_SIGNATURE] = { SOUP_STATUS_UNAUTHORIZED, 0, "the signature is not valid" },
  [COBRO_ERROR_CONFIG] = { SOUP_STATUS_SERVICE_UNAVAILABLE, IS_OURS | IS_RETRY, "this is not configured" },
  [COBRO_ERROR_IO] = { SOUP_STATUS_INTERNAL_SERVER_ERROR, IS_OURS, OUR_FAULT },
  [COBRO_ERROR_CORRUPT] = { SOUP_STATUS_INTERNAL_SERVER_ERROR, IS_OURS, OUR_FAULT },
  [COBRO_ERROR_NEWER_SCHEMA] = { SOUP_STATUS_INTERNAL_SERVER_ERROR, IS_OURS, OUR_FAULT },
  [COBRO_ERROR_INTERNAL] = { SOUP_STATUS_INTERNAL_SERVER_ERROR, IS_OURS, OUR_FAULT },
  [COBRO_ERROR_REUSED] = { SOUP_STATUS_UNPROCESSABLE_ENTITY, 0, NULL },
  [COBRO_ERROR_PROTOCOL] = { STATUS_UPGRADE_REQUIRED, 0, NULL },
  [COBRO_ERROR_RUNNING] = { SOUP_STATUS_CONFLICT, IS_BRIEF, NULL },
  [COBRO_ERROR_KEYLESS] = { SOUP_STATUS_BAD_REQUEST, 0, NULL },
};

/* What a caller is told. */
typedef struct
{
  guint status;
  const char *code;
  const char *message;
  const char *path;    /* (nullable) */
  const char *current; /* (nullable) JSON */
} Problem;

/* ── Shapes ──────────────────────────────────────────────────────────────────────────────────────── */

static void
put_details (CobroWireWriter *json, const Problem *problem)
{
  if (problem->path == NULL)
    return;
  cobro_wire_begin_array (json, "details");
  cobro_wire_begin_object (json, NULL);
  cobro_wire_put_text (json, "path", problem->path);
  cobro_wire_put_text (json, "reason", problem->message);
  cobro_wire_end_object (json);
  cobro_wire_end_array (json);
}

static void
put_problem (CobroWireWriter *json, RelayRequest *request, const Problem *problem)
{
  g_autofree char *message =
    problem->path == NULL ? g_strdup (problem->message) : g_strdup_printf ("%s: %s", problem->path, problem->message);

  cobro_wire_put_text (json, "code", problem->code);
  cobro_wire_put_text (json, "message", message);
  cobro_wire_put_text (json, "correlationId", request->id);
  put_details (json, problem);
  if (problem->current != NULL)
    cobro_wire_put_raw (json, "current", problem->current);
}

/* {"success": false, "error": {…}}, or the same without the envelope. */
static RelayReply *
json_reply (RelayRequest *request, const Problem *problem, gboolean envelope)
{
  g_autoptr (CobroWireWriter) json = cobro_wire_writer_new ();

  cobro_wire_begin_object (json, NULL);
  cobro_wire_put_bool (json, "success", FALSE);
  if (envelope)
    cobro_wire_begin_object (json, "error");
  put_problem (json, request, problem);
  if (envelope)
    cobro_wire_end_object (json);
  cobro_wire_end_object (json);
  return relay_reply_json_bare (request, problem->status, cobro_wire_writer_take (json));
}

static char *
plain_page (RelayRequest *request, const Problem *problem)
{
  GString *html = g_string_new ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                                "<meta name=\"viewport\" content=\"width=device-width\"><title>");

  g_string_append_printf (html, "%u</title></head><body><h1>%u</h1><p>", problem->status, problem->status);
  relay_html_append_text (html, problem->message);
  g_string_append (html, "</p><p><small>");
  relay_html_append_text (html, request->id);
  g_string_append (html, "</small></p></body></html>");
  return g_string_free (html, FALSE);
}

static RelayReply *
page_reply (RelayRequest *request, const Problem *problem)
{
  const RelayServerConfig *config = relay_server_get_config (request->server);

  if (config->error_page != NULL)
    return config->error_page (config->context, request, problem->status, problem->code, problem->message);
  return relay_reply_html (request, problem->status, plain_page (request, problem), NULL, NULL);
}

static RelayReply *
shaped_reply (RelayRequest *request, const Problem *problem)
{
  switch (request->face)
    {
    case RELAY_FACE_PAGE:
      return page_reply (request, problem);
    case RELAY_FACE_API:
      return json_reply (request, problem, TRUE);
    case RELAY_FACE_PUBLIC_API:
    case RELAY_FACE_DYN:
      return json_reply (request, problem, FALSE);
    }
  return json_reply (request, problem, TRUE);
}

/* ── The table at work ───────────────────────────────────────────────────────────────────────────── */

static void
set_number (RelayReply *reply, const char *name, guint number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  relay_reply_set_header (reply, name, text);
}

static void
add_hints (RelayReply *reply, RelayRequest *request, guint flags)
{
  guint wait = request->retry_after > 0 ? request->retry_after : RETRY_SOON;

  if ((flags & (IS_RETRY | IS_BRIEF)) != 0)
    set_number (reply, "Retry-After", (flags & IS_BRIEF) != 0 ? 1 : wait);
  if (reply->status == STATUS_TOO_MANY_REQUESTS && request->limit > 0)
    {
      set_number (reply, "RateLimit-Limit", request->limit);
      set_number (reply, "RateLimit-Remaining", 0);
      set_number (reply, "RateLimit-Reset", wait);
    }
  if (reply->status == SOUP_STATUS_UNAUTHORIZED)
    relay_reply_set_header (reply, "WWW-Authenticate", "Bearer realm=\"cobro\"");
  if (reply->status == SOUP_STATUS_METHOD_NOT_ALLOWED && request->allow != NULL)
    relay_reply_set_header (reply, "Allow", request->allow);
}

RelayReply *
relay_reply_problem (RelayRequest *request, const GError *error)
{
  return relay_reply_problem_current (request, error, NULL);
}

RelayReply *
relay_reply_problem_current (RelayRequest *request, const GError *error, char *take_current_json)
{
  g_autofree char *current = take_current_json;
  const RelayServerConfig *config = relay_server_get_config (request->server);
  gboolean known = error != NULL && error->domain == COBRO_ERROR && (guint)error->code < G_N_ELEMENTS (rows);
  CobroError code = known ? (CobroError)error->code : COBRO_ERROR_INTERNAL;
  const Row *row = &rows[code];
  gboolean told = row->instead == NULL;
  Problem problem = {
    .status = row->status,
    .code = cobro_error_code_name (code),
    .message = told ? error->message : row->instead,
    .path = told ? cobro_error_get_path (error) : NULL,
    .current = current,
  };
  RelayReply *reply;

  g_return_val_if_fail (error != NULL, relay_reply_fault (request, SOUP_STATUS_INTERNAL_SERVER_ERROR, OUR_FAULT));
  if ((row->flags & IS_OURS) != 0 && config->on_fault != NULL)
    config->on_fault (config->log_data, request->id, error);
  reply = shaped_reply (request, &problem);
  add_hints (reply, request, row->flags);
  return reply;
}

/* What the gate finds before any handler has a say. Statuses without a code of their own are bad requests. */
static CobroError
code_of_status (guint status)
{
  for (guint code = 0; code < G_N_ELEMENTS (rows); code++)
    if (rows[code].status == status)
      return code;
  return status >= SOUP_STATUS_INTERNAL_SERVER_ERROR ? COBRO_ERROR_INTERNAL : COBRO_ERROR_INVALID;
}

RelayReply *
relay_reply_fault (RelayRequest *request, guint status, const char *reason)
{
  CobroError code = code_of_status (status);
  Problem problem = { .status = status, .code = cobro_error_code_name (code), .message = reason };
  RelayReply *reply = shaped_reply (request, &problem);

  add_hints (reply, request, rows[code].flags);
  return reply;
}
