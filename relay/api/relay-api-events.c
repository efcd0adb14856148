/* relay/api/relay-api-events.c — the merchant's feed, with long polling by parking: no thread waits.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-wire-event.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
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

static RelayReply *
reply_events (RelayRequest *request, GPtrArray *events, gint64 after)
{
  const CobroEvent *last = events->len > 0 ? g_ptr_array_index (events, events->len - 1) : NULL;
  gint64 next = last != NULL ? last->sequence : after;

  return relay_reply_json_page (request, events_to_json (events),
                                g_strdup_printf ("{\"next\":%" G_GINT64_FORMAT "}", next));
}

RelayReply *
relay_api_events (gpointer context, RelayRequest *request)
{
  static const char *const names[] = { "after", "limit", "wait", NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *topic = NULL;
  gint64 after, limit, wait;

  if (!relay_api_check_query (request, names, &error) ||
      !relay_request_query_int (request, "after", 0, G_MAXINT64, 0, &after, &error) ||
      !relay_request_query_int (request, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &limit, &error) ||
      !relay_request_query_int (request, "wait", 0, WAIT_MAX, 0, &wait, &error) ||
      !(reader = relay_store_read (ctx->store, &error)) ||
      !(events = relay_event_read (reader->db, &scope, after, (guint)limit, &error)))
    return relay_reply_problem (request, error);
  if (events->len > 0 || wait == 0 || request->expired)
    return reply_events (request, events, after);
  topic = g_strdup_printf ("merchant:%s", request->merchant_id.text);
  return relay_reply_park (request, topic, request->started + wait * COBRO_SECOND);
}
