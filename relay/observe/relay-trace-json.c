/* relay/observe/relay-trace-json.c — spans as an ExportTraceServiceRequest in OTLP's JSON: ids in hex, enums as
 * numbers, 64-bit numbers as text. Layer: relay/observe. Any thread. */
#include "relay-trace-private.h"

#include "config.h"

#define FLAG_HAS_IS_REMOTE 0x100
#define FLAG_IS_REMOTE     0x200

static void
put_attribute (CobroWireWriter *writer, const char *key, const char *value)
{
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "key", key);
  cobro_wire_begin_object (writer, "value");
  cobro_wire_put_text (writer, "stringValue", value);
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
}

static void
put_resource (CobroWireWriter *writer, const char *service_name, const char *const *more)
{
  cobro_wire_begin_object (writer, "resource");
  cobro_wire_begin_array (writer, "attributes");
  put_attribute (writer, "service.name", service_name);
  put_attribute (writer, "service.version", COBRO_VERSION);
  put_attribute (writer, "telemetry.sdk.name", "cobro");
  put_attribute (writer, "telemetry.sdk.language", "c");
  put_attribute (writer, "telemetry.sdk.version", COBRO_VERSION);
  for (; more != NULL && more[0] != NULL; more += 2)
    put_attribute (writer, more[0], more[1]);
  cobro_wire_end_array (writer);
  cobro_wire_put_int64 (writer, "droppedAttributesCount", 0);
  cobro_wire_end_object (writer);
}

static void
put_nanoseconds (CobroWireWriter *writer, const char *key, CobroTime microseconds)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "000", microseconds);

  cobro_wire_put_text (writer, key, text);
}

/* A traceparent's parts: 32 digits from 3 on, 16 from 36 on. */
static void
put_ids (CobroWireWriter *writer, const RelayTraceContext *context)
{
  char text[RELAY_TRACEPARENT_SIZE];

  relay_trace_format (context, text);
  text[35] = text[52] = '\0';
  cobro_wire_put_text (writer, "traceId", text + 3);
  cobro_wire_put_text (writer, "spanId", text + 36);
}

static void
put_parent (CobroWireWriter *writer, const RelaySpanData *span)
{
  RelayTraceContext parent = { 0 };
  char text[RELAY_TRACEPARENT_SIZE];

  for (guint i = 0; i < sizeof parent.span_id; i++)
    parent.span_id[i] = span->parent_id[i];
  relay_trace_format (&parent, text);
  text[52] = '\0';
  if (span->has_parent)
    cobro_wire_put_text (writer, "parentSpanId", text + 36);
}

static void
put_status (CobroWireWriter *writer, const RelaySpanData *span)
{
  cobro_wire_begin_object (writer, "status");
  cobro_wire_put_int64 (writer, "code", span->failed ? 2 : 0);
  if (span->failed && span->reason != NULL)
    cobro_wire_put_text (writer, "message", span->reason);
  cobro_wire_end_object (writer);
}

static void
put_span (CobroWireWriter *writer, RelaySpanData *span)
{
  g_autofree char *attributes = cobro_wire_writer_take (span->attributes);

  cobro_wire_begin_object (writer, NULL);
  put_ids (writer, &span->context);
  put_parent (writer, span);
  cobro_wire_put_text (writer, "name", span->name);
  cobro_wire_put_int64 (writer, "kind", span->kind);
  put_nanoseconds (writer, "startTimeUnixNano", span->began);
  put_nanoseconds (writer, "endTimeUnixNano", span->began + span->ended_monotonic - span->began_monotonic);
  cobro_wire_put_raw (writer, "attributes", attributes);
  cobro_wire_put_int64 (writer, "droppedAttributesCount", 0);
  cobro_wire_begin_array (writer, "events");
  cobro_wire_end_array (writer);
  cobro_wire_put_int64 (writer, "droppedEventsCount", 0);
  put_status (writer, span);
  cobro_wire_begin_array (writer, "links");
  cobro_wire_end_array (writer);
  cobro_wire_put_int64 (writer, "droppedLinksCount", 0);
  cobro_wire_put_int64 (writer, "flags", 1 | FLAG_HAS_IS_REMOTE | (span->is_remote ? FLAG_IS_REMOTE : 0));
  cobro_wire_end_object (writer);
}

char *
relay_trace_to_json (GPtrArray *spans, const char *service_name, const char *const *resource)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_begin_array (writer, "resourceSpans");
  cobro_wire_begin_object (writer, NULL);
  put_resource (writer, service_name, resource);
  cobro_wire_begin_array (writer, "scopeSpans");
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_begin_object (writer, "scope");
  cobro_wire_put_text (writer, "name", "cobro-relay");
  cobro_wire_put_text (writer, "version", COBRO_VERSION);
  cobro_wire_end_object (writer);
  cobro_wire_begin_array (writer, "spans");
  for (guint i = 0; i < spans->len; i++)
    put_span (writer, spans->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}
