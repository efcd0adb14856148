/* relay/observe/relay-trace.h — spans: what one request caused, over threads, providers and webhooks (W3C trace
 * context). Layer: relay/observe. Any thread; a span begins and ends on one thread. When tracing is off a span costs a
 * few loads, and a trace context that came in is only passed on.
 *
 *     g_auto (RelaySpan) span = { 0 };
 *
 *     relay_span_begin (&span, RELAY_SPAN_CLIENT, "provider begin");
 *     relay_span_set_text (&span, "cobro.gateway", name);
 *     …
 *     if (failed)
 *       relay_span_fail (&span, "no answer");
 *
 * Attributes hold no tokens, bodies or addresses of people, as the log. */
#pragma once
#include <glib.h>

#define RELAY_TRACEPARENT_SIZE 56 /* "00-<32>-<16>-<2>" and its end */
#define RELAY_TRACE_ID_SIZE    33

/* Where in a trace this thread is. All zero: nowhere. */
typedef struct
{
  guint8 trace_id[16];
  guint8 span_id[8];
  guint8 sampled;
} RelayTraceContext;

typedef enum
{
  RELAY_SPAN_INTERNAL = 1, /* the numbers of OpenTelemetry */
  RELAY_SPAN_SERVER = 2,
  RELAY_SPAN_CLIENT = 3,
  RELAY_SPAN_PRODUCER = 4,
  RELAY_SPAN_CONSUMER = 5,
} RelaySpanKind;

typedef struct _RelaySpanData RelaySpanData;
typedef struct
{
  /*< private >*/
  RelayTraceContext before; /* what the thread goes back to */
  gboolean begun;
  gboolean detached;
  RelaySpanData *data; /* NULL: not recorded */
} RelaySpan;

/* Whether spans are recorded at all: to spare what only they need. */
gboolean relay_trace_is_on (void);

/* Begins a span under the thread's present one, or a new trace (not for INTERNAL: what nobody asked for is not traced);
 * the thread is in it until it ends. @name is of a small set: "GET /v1/links/{id}", never with an id in it. */
void relay_span_begin (RelaySpan *span, RelaySpanKind kind, const char *name);
/* The same under what a header or a row says. @traceparent: (nullable): NULL or malformed begins a new trace. */
void relay_span_begin_from (RelaySpan *span, RelaySpanKind kind, const char *name, const char *traceparent);
/* It began @us microseconds before now: for what waited in a queue. Right after its begin. */
void relay_span_began_ago (RelaySpan *span, gint64 us);
/* Attributes; @key is a constant such as "http.response.status_code". Do nothing where nothing is recorded. */
void relay_span_set_text (RelaySpan *span, const char *key, const char *value);
void relay_span_set_int (RelaySpan *span, const char *key, gint64 value);
/* It did not do what it was for. */
void relay_span_fail (RelaySpan *span, const char *reason);
/* The thread goes back to where it was; the span goes on, and may end on another thread. */
void relay_span_detach (RelaySpan *span);
/* Ends it; the thread is where it was before. Once is enough; a span that never began is fine. */
void relay_span_end (RelaySpan *span);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelaySpan, relay_span_end)

/* Where the thread is, as a traceparent: for headers that go out and for rows that others continue from. FALSE:
 * nowhere. */
gboolean relay_trace_get_parent (char out_traceparent[RELAY_TRACEPARENT_SIZE]);
/* The same, (transfer full) (nullable). */
char *relay_trace_dup_parent (void);
/* The trace's id as 32 hex digits, for the log. FALSE: nowhere. */
gboolean relay_trace_get_id (char out_id[RELAY_TRACE_ID_SIZE]);
/* The same of a context that was kept. */
gboolean relay_trace_id_of (const RelayTraceContext *context, char out_id[RELAY_TRACE_ID_SIZE]);

/* Handing work to another thread: it swaps the context in, and back afterwards. Returns what was before. */
RelayTraceContext relay_trace_get (void);
RelayTraceContext relay_trace_swap (RelayTraceContext context);

/* Strict: version 00 as it is, later versions by their first four fields; ids of zeros and version ff are nothing. */
gboolean relay_trace_parse (const char *traceparent, RelayTraceContext *out_context) G_GNUC_WARN_UNUSED_RESULT;
void relay_trace_format (const RelayTraceContext *context, char out_traceparent[RELAY_TRACEPARENT_SIZE]);
