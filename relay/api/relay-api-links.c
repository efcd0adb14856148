/* relay/api/relay-api-links.c — links: made, listed, read, changed.
 * Layer: relay/api. Request threads; answer_created() on the writer thread. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-link.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"
#include "relay-links.h"

#define LIST_DEFAULT 50
#define LIST_MAX     100

/* ── Create ─────────────────────────────────────────────────────────────────────────────────────── */

/* The new link with its token, in the envelope: what is sent is what is stored with the key, byte for byte. */
static char *
answer_created (const RelayLinkRecord *record, const CobroToken *token, CobroTime now, gpointer data)
{
  const RelayContext *ctx = data;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  relay_api_write_link (ctx, writer, "data", record, token, TRUE, now);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static CobroLink *
parse_created (RelayRequest *request, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  CobroLink *link = json != NULL ? cobro_wire_link_parse (json, COBRO_WIRE_LINK_CREATE, error) : NULL;

  if (link != NULL)
    link->livemode = request->livemode;
  return link;
}

static RelayReply *
create_once (RelayContext *ctx, RelayRequest *request, const CobroLink *link, const RelayApiOnce *key, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  RelayLinkOnce once = {
    .request = relay_api_once_request (key), .answer = answer_created, .data = ctx, .status = 201
  };
  g_autoptr (RelayLinkRecord) record = relay_links_publish (ctx->store, &scope, link, &once, NULL, error);
  RelayReply *reply = NULL;

  if (record != NULL || once.replayed)
    reply = relay_api_once_reply (request, &once.stored, once.replayed);
  relay_stored_answer_clear (&once.stored);
  return reply;
}

static RelayReply *
create_plainly (RelayContext *ctx, RelayRequest *request, const CobroLink *link, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  CobroToken token;
  g_autoptr (RelayLinkRecord) record = relay_links_publish (ctx->store, &scope, link, NULL, &token, error);

  if (record == NULL)
    return NULL;
  return relay_reply_json_bare (request, 201, answer_created (record, &token, cobro_clock_now (ctx->clock), ctx));
}

RelayReply *
relay_api_links_create (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLink) link = parse_created (request, &error);
  g_auto (RelayApiOnce) once = { 0 };
  RelayReply *reply;

  if (link == NULL || !relay_api_once_read (request, &scope, NULL, FALSE, &once, &error))
    return relay_reply_problem (request, error);
  reply = relay_api_once_is_set (&once) ? create_once (ctx, request, link, &once, &error)
                                        : create_plainly (ctx, request, link, &error);
  return reply != NULL ? reply : relay_reply_problem (request, error);
}

/* ── List and read ──────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_statuses (RelayRequest *request, RelayLinkQuery *query, GError **error)
{
  const char *status = relay_request_query (request, "status");
  const char *paid_status = relay_request_query (request, "paymentStatus");
  CobroLinkStatus known;
  CobroPaidStatus known_paid;

  query->status = query->paid_status = -1;
  if (status != NULL)
    {
      if (!cobro_link_status_from_name (status, &known))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%s\"", status);
      query->status = (int)known;
    }
  if (paid_status != NULL)
    {
      if (!cobro_paid_status_from_name (paid_status, &known_paid))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "paymentStatus", "unknown status \"%s\"", paid_status);
      query->paid_status = (int)known_paid;
    }
  return TRUE;
}

static gboolean
parse_query (RelayContext *ctx, RelayRequest *request, RelayLinkQuery *query, GError **error)
{
  static const char *const names[] = { "status", "paymentStatus", "reference", "q", "limit", "cursor", NULL };
  gint64 limit;

  if (!relay_api_check_query (request, names, error) || !parse_statuses (request, query, error) ||
      !relay_request_query_int (request, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit, error))
    return FALSE;
  query->text = relay_request_query (request, "q");
  query->reference = relay_request_query (request, "reference");
  query->cursor = relay_request_query (request, "cursor");
  query->now = cobro_clock_now (ctx->clock);
  query->limit = (guint)limit;
  return TRUE;
}

static char *
list_to_json (RelayContext *ctx, RelayRequest *request, GPtrArray *records)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < records->len; i++)
    {
      g_autofree char *json = relay_api_link_to_json (ctx, request, g_ptr_array_index (records, i));

      cobro_wire_put_raw (writer, NULL, json);
    }
  cobro_wire_end_array (writer);
  return cobro_wire_writer_take (writer);
}

static char *
pagination_to_json (const char *next_cursor, guint limit)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "nextCursor", next_cursor);
  cobro_wire_put_int64 (writer, "limit", limit);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_links_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autofree char *cursor = NULL;
  RelayLinkQuery query = { 0 };

  if (!parse_query (ctx, request, &query, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(records = relay_link_list (reader->db, &scope, &query, &cursor, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_page (request, list_to_json (ctx, request, records),
                                pagination_to_json (cursor, query.limit));
}

/* With the revision where HTTP clients look for it. */
static RelayReply *
reply_link (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record)
{
  RelayReply *reply = relay_reply_json (request, 200, relay_api_link_to_json (ctx, request, record));
  g_autofree char *etag = g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", record->link->rev);

  relay_reply_set_header (reply, "ETag", etag);
  return reply;
}

RelayReply *
relay_api_links_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_api_find_link (ctx, request, &error);

  return record != NULL ? reply_link (ctx, request, record) : relay_reply_problem (request, error);
}

/* ── Change ─────────────────────────────────────────────────────────────────────────────────────── */

/* A 412 carries what is there now. */
static RelayReply *
reply_problem (RelayContext *ctx, RelayRequest *request, const GError *error)
{
  g_autoptr (RelayLinkRecord) current = NULL;

  if (!g_error_matches (error, COBRO_ERROR, COBRO_ERROR_REVISION) ||
      (current = relay_api_find_link (ctx, request, NULL)) == NULL)
    return relay_reply_problem (request, error);
  return relay_reply_problem_current (request, error, relay_api_link_to_json (ctx, request, current));
}

/* The whole document as asked; what only the relay decides is taken from the present one. */
static CobroLink *
parse_changed (RelayRequest *request, const CobroLink *current, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autoptr (CobroLink) link = json != NULL ? cobro_wire_link_parse (json, COBRO_WIRE_LINK_UPDATE, error) : NULL;

  if (link == NULL)
    return NULL;
  if (cobro_id_is_set (&link->id) && !cobro_id_equal (&link->id, &current->id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "cannot change"), NULL;
  link->id = current->id;
  link->rev = current->rev;
  link->livemode = current->livemode;
  link->created_at = current->created_at;
  link->updated_at = current->updated_at;
  return g_steal_pointer (&link);
}

RelayReply *
relay_api_links_change (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) current = relay_api_find_link (ctx, request, &error);
  g_autoptr (RelayLinkRecord) changed = NULL;
  g_autoptr (CobroLink) link = NULL;
  gint64 rev;

  if (current == NULL || !relay_request_get_revision (request, &rev, &error) ||
      !(link = parse_changed (request, current->link, &error)) ||
      !(changed = relay_links_change (ctx->store, &scope, &current->link->id, rev, link, &error)))
    return reply_problem (ctx, request, error);
  return reply_link (ctx, request, changed);
}

static RelayReply *
decide (RelayContext *ctx, RelayRequest *request, CobroDecision decision)
{
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) current = relay_api_find_link (ctx, request, &error);
  g_autoptr (RelayLinkRecord) changed = NULL;
  gint64 rev;

  if (current == NULL || !relay_api_check_no_body (request, &error) ||
      !relay_api_get_revision (request, &rev, &error) ||
      !(changed = relay_links_decide (ctx->store, &scope, &current->link->id, rev, decision, &error)))
    return reply_problem (ctx, request, error);
  return reply_link (ctx, request, changed);
}

RelayReply *
relay_api_links_cancel (gpointer context, RelayRequest *request)
{
  return decide (context, request, COBRO_DECISION_CANCELLED);
}

RelayReply *
relay_api_links_pause (gpointer context, RelayRequest *request)
{
  return decide (context, request, COBRO_DECISION_PAUSED);
}

RelayReply *
relay_api_links_resume (gpointer context, RelayRequest *request)
{
  return decide (context, request, COBRO_DECISION_ACTIVE);
}

RelayReply *
relay_api_links_replace_token (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) current = relay_api_find_link (ctx, request, &error);
  g_autoptr (RelayLinkRecord) changed = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  CobroToken token;

  if (current == NULL || !relay_api_check_no_body (request, &error) ||
      !(changed = relay_links_replace_token (ctx->store, &scope, &current->link->id, NULL, &token, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  relay_api_write_link (ctx, writer, NULL, changed, &token, TRUE, cobro_clock_now (ctx->clock));
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}
