/* relay/api/relay-api-events.c — the merchant's feed, with long polling by parking: no thread waits.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-wire-event.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-endpoint-store.h"
#include "relay-event-store.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX     1000
#define WAIT_MAX      30 /* seconds */

static char *
events_to_json (GPtrArray *events)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < events->len; i++)
    cobro_wire_event_write (writer, NULL, g_ptr_array_index (events, i));
  cobro_wire_end_array (writer);
  return cobro_wire_writer_take (writer);
}

/* Where the next call goes on: behind all that was read, wanted or not. */
static gint64
end_of (GPtrArray *events, gint64 after)
{
  return events->len > 0 ? ((const CobroEvent *)events->pdata[events->len - 1])->sequence : after;
}

/* "payment.succeeded,refund.failed" as a filter; NULL: all of them. */
static gboolean
parse_types (RelayRequest *request, char **out_types, GError **error)
{
  const char *text = relay_request_query (request, "type");
  g_auto (GStrv) names = g_strsplit (text != NULL ? text : "", ",", -1);

  *out_types = NULL;
  if (text == NULL)
    return TRUE;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      CobroEventType type;

      if (!cobro_event_type_from_name (names[i], &type))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "type", "there is no event \"%s\"", names[i]);
    }
  *out_types = g_strdelimit (g_strconcat (" ", text, " ", NULL), ",", ' ');
  return TRUE;
}

static void
drop_others (GPtrArray *events, const char *types)
{
  for (guint i = events->len; types != NULL && i-- > 0;)
    if (!relay_endpoint_wants (types, cobro_event_type_name (((const CobroEvent *)events->pdata[i])->type)))
      g_ptr_array_remove_index (events, i);
}

/* A program's key does not read the merchant's own notes on customers: of such an event it is told that there was one,
 * so that the log has no gap, and what it was about. */
static void
hide_private (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      CobroEvent *event = events->pdata[i];

      if (!cobro_event_type_is_private (event->type))
        continue;
      g_free (event->object);
      event->object = g_strdup_printf ("{\"id\":\"%s\"}", event->object_id.text);
    }
}

static RelayReply *
reply_events (RelayRequest *request, GPtrArray *events, gint64 next)
{

  return relay_reply_json_page (request, events_to_json (events),
                                g_strdup_printf ("{\"next\":%" G_GINT64_FORMAT "}", next));
}

RelayReply *
relay_api_events (gpointer context, RelayRequest *request)
{
  static const char *const names[] = { "after", "limit", "wait", "type", NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *topic = NULL, *types = NULL;
  gint64 after, limit, wait, next;

  if (!relay_api_check_query (request, names, &error) ||
      !relay_request_query_int (request, "after", 0, G_MAXINT64, 0, &after, &error) ||
      !relay_request_query_int (request, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &limit, &error) ||
      !parse_types (request, &types, &error) ||
      !relay_request_query_int (request, "wait", 0, WAIT_MAX, 0, &wait, &error) ||
      !(reader = relay_store_read (ctx->store, &error)) ||
      !(events = relay_event_read (reader->db, &scope, after, (guint)limit, &error)))
    return relay_reply_problem (request, error);
  next = end_of (events, after);
  drop_others (events, types);
  if (!relay_api_device (request, &(CobroId){ "" }, NULL))
    hide_private (events);
  if (events->len > 0 || wait == 0 || request->expired || next - after >= limit)
    return reply_events (request, events, next);
  topic = g_strdup_printf ("merchant:%s", request->merchant_id.text);
  return relay_reply_park (request, topic, request->started + wait * COBRO_SECOND);
}
