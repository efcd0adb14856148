/* relay/observe/relay-trace-private.h — a finished span, and who gets it.
 * Layer: relay/observe, private. */
#pragma once
#include "cobro-clock.h"
#include "cobro-random.h"
#include "cobro-wire.h"
#include "relay-trace.h"

#define RELAY_SPAN_ATTRIBUTES_MAX 32
#define RELAY_SPAN_TEXT_MAX       256 /* bytes of one value; longer ones are cut */

struct _RelaySpanData
{
  RelayTraceContext context;
  guint8 parent_id[8];
  gboolean has_parent; /* FALSE: a root */
  gboolean is_remote;  /* the parent came in a header or from a row */
  RelaySpanKind kind;
  char *name;
  CobroTime began; /* UTC microseconds */
  gint64 began_monotonic;
  gint64 ended_monotonic;
  CobroWireWriter *attributes; /* elements of OTLP's array, begun */
  guint n_attributes;
  gboolean failed;
  char *reason;
};
void relay_span_data_free (RelaySpanData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaySpanData, relay_span_data_free)

/* (transfer full) one ExportTraceServiceRequest. @spans: (element-type RelaySpanData), which it uses up; @resource:
 * (nullable) key, value, …, NULL. */
char *relay_trace_to_json (GPtrArray *spans, const char *service_name, const char *const *resource);

/* Takes a finished span; any thread, must not block. */
typedef void (*RelaySpanSink) (gpointer data, RelaySpanData *take_span);

/* How the process traces. */
typedef struct
{
  CobroClock *clock;
  CobroRandom *random;
  gboolean follow_parent; /* a parent's decision counts */
  gint64 ratio_ppm;       /* of new traces, and of all when parents do not count: 0 … 1,000,000 */
  RelaySpanSink sink;
  gpointer sink_data;
} RelayTracing;

/* From now on spans are recorded as @tracing says, or no more (NULL). It must outlive every span; switch it before
 * threads begin and after they have ended. */
void relay_tracing_set (const RelayTracing *tracing);
