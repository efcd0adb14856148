/* relay/observe/relay-trace.c — the thread's place in a trace, and spans that remember where it was before.
 * Layer: relay/observe. Any thread. */
#include "relay-trace-private.h"

#include <string.h>

#define MILLION 1000000

/* The place is the thread's own; whether spans are recorded is the process's. */
static RelayTraceContext *
place (void)
{
  static __thread RelayTraceContext current;

  return &current;
}

static const RelayTracing **
tracing_slot (void)
{
  static const RelayTracing *tracing = NULL;

  return &tracing;
}

static const RelayTracing *
get_tracing (void)
{
  return g_atomic_pointer_get (tracing_slot ());
}

void
relay_tracing_set (const RelayTracing *tracing)
{
  g_atomic_pointer_set (tracing_slot (), tracing);
}

gboolean
relay_trace_is_on (void)
{
  return get_tracing () != NULL;
}

static gboolean
is_zero (const guint8 *bytes, gsize n)
{
  guint8 any = 0;

  for (gsize i = 0; i < n; i++)
    any |= bytes[i];
  return any == 0;
}

/* ── Text ───────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_hex (const char *text, guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = high >= 0 ? g_ascii_xdigit_value (text[2 * i + 1]) : -1;

      if (low < 0 || g_ascii_isupper (text[2 * i]) || g_ascii_isupper (text[2 * i + 1]))
        return FALSE;
      bytes[i] = (guint8)(high << 4 | low);
    }
  return TRUE;
}

static void
write_hex (const guint8 *bytes, gsize n, char *text)
{
  static const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < n; i++)
    {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 15];
    }
  text[2 * n] = '\0';
}

gboolean
relay_trace_parse (const char *traceparent, RelayTraceContext *out_context)
{
  gsize length = strlen (traceparent);
  RelayTraceContext context;
  guint8 version, flags;

  if (length < RELAY_TRACEPARENT_SIZE - 1 || traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-')
    return FALSE;
  if (!read_hex (traceparent, &version, 1) || version == 0xff || !read_hex (traceparent + 53, &flags, 1))
    return FALSE;
  if (length > RELAY_TRACEPARENT_SIZE - 1 && (version == 0 || traceparent[55] != '-'))
    return FALSE;
  if (!read_hex (traceparent + 3, context.trace_id, 16) || !read_hex (traceparent + 36, context.span_id, 8))
    return FALSE;
  if (is_zero (context.trace_id, 16) || is_zero (context.span_id, 8))
    return FALSE;
  context.sampled = flags & 1;
  *out_context = context;
  return TRUE;
}

void
relay_trace_format (const RelayTraceContext *context, char out_traceparent[RELAY_TRACEPARENT_SIZE])
{
  memcpy (out_traceparent, "00-", 3);
  write_hex (context->trace_id, 16, out_traceparent + 3);
  out_traceparent[35] = '-';
  write_hex (context->span_id, 8, out_traceparent + 36);
  memcpy (out_traceparent + 52, context->sampled ? "-01" : "-00", 4);
}

gboolean
relay_trace_get_parent (char out_traceparent[RELAY_TRACEPARENT_SIZE])
{
  const RelayTraceContext *here = place ();

  if (is_zero (here->trace_id, 16))
    return FALSE;
  relay_trace_format (here, out_traceparent);
  return TRUE;
}

char *
relay_trace_dup_parent (void)
{
  char text[RELAY_TRACEPARENT_SIZE];

  return relay_trace_get_parent (text) ? g_strdup (text) : NULL;
}

gboolean
relay_trace_id_of (const RelayTraceContext *context, char out_id[RELAY_TRACE_ID_SIZE])
{
  if (is_zero (context->trace_id, 16))
    return FALSE;
  write_hex (context->trace_id, 16, out_id);
  return TRUE;
}

gboolean
relay_trace_get_id (char out_id[RELAY_TRACE_ID_SIZE])
{
  return relay_trace_id_of (place (), out_id);
}

RelayTraceContext
relay_trace_get (void)
{
  return *place ();
}

RelayTraceContext
relay_trace_swap (RelayTraceContext context)
{
  RelayTraceContext before = *place ();

  *place () = context;
  return before;
}

/* ── Spans ──────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_span_data_free (RelaySpanData *data)
{
  if (data == NULL)
    return;
  cobro_wire_writer_free (data->attributes);
  g_free (data->name);
  g_free (data->reason);
  g_free (data);
}

/* The same answer for one trace everywhere: the id's last eight bytes are the die. */
static gboolean
ratio_says (const RelayTracing *tracing, const guint8 trace_id[16])
{
  guint64 die = 0;

  for (guint i = 8; i < 16; i++)
    die = die << 8 | trace_id[i];
  return (gint64)(((unsigned __int128)die * MILLION) >> 64) < tracing->ratio_ppm;
}

/* Ids must not be zero; chance alone makes that certain enough for sixteen bytes, not for a seeded test's eight. */
static void
fill_id (CobroRandom *random, guint8 *bytes, gsize n)
{
  do
    cobro_random_fill (random, bytes, n);
  while (is_zero (bytes, n));
}

static void
begin (RelaySpan *span, RelaySpanKind kind, const char *name, const RelayTraceContext *parent, gboolean is_remote)
{
  const RelayTracing *tracing = get_tracing ();
  RelayTraceContext own = *parent;
  gboolean is_root = is_zero (parent->trace_id, 16);

  span->before = *place ();
  span->begun = TRUE;
  span->detached = FALSE;
  span->data = NULL;
  if (tracing != NULL && !(is_root && kind == RELAY_SPAN_INTERNAL))
    {
      if (is_root)
        fill_id (tracing->random, own.trace_id, 16);
      fill_id (tracing->random, own.span_id, 8);
      own.sampled = !is_root && tracing->follow_parent ? parent->sampled : ratio_says (tracing, own.trace_id);
    }
  *place () = own;
  if (tracing == NULL || !own.sampled)
    return;
  span->data = g_new0 (RelaySpanData, 1);
  span->data->context = own;
  memcpy (span->data->parent_id, parent->span_id, 8);
  span->data->has_parent = !is_root;
  span->data->is_remote = !is_root && is_remote;
  span->data->kind = kind;
  span->data->name = g_strdup (name);
  span->data->began = cobro_clock_now (tracing->clock);
  span->data->began_monotonic = cobro_clock_monotonic (tracing->clock);
  span->data->attributes = cobro_wire_writer_new ();
  cobro_wire_begin_array (span->data->attributes, NULL);
}

void
relay_span_begin (RelaySpan *span, RelaySpanKind kind, const char *name)
{
  RelayTraceContext parent = *place ();

  begin (span, kind, name, &parent, FALSE);
}

void
relay_span_begin_from (RelaySpan *span, RelaySpanKind kind, const char *name, const char *traceparent)
{
  RelayTraceContext parent;

  if (traceparent == NULL || !relay_trace_parse (traceparent, &parent))
    parent = (RelayTraceContext){ 0 };
  begin (span, kind, name, &parent, TRUE);
}

void
relay_span_began_ago (RelaySpan *span, gint64 us)
{
  if (span->data == NULL || us <= 0)
    return;
  span->data->began -= us;
  span->data->began_monotonic -= us;
}

static CobroWireWriter *
begin_attribute (RelaySpan *span, const char *key)
{
  CobroWireWriter *writer;

  if (span->data == NULL || span->data->n_attributes == RELAY_SPAN_ATTRIBUTES_MAX)
    return NULL;
  span->data->n_attributes++;
  writer = span->data->attributes;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "key", key);
  cobro_wire_begin_object (writer, "value");
  return writer;
}

static void
end_attribute (CobroWireWriter *writer)
{
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
}

void
relay_span_set_text (RelaySpan *span, const char *key, const char *value)
{
  CobroWireWriter *writer = value != NULL ? begin_attribute (span, key) : NULL;
  g_autofree char *part = NULL;

  if (writer == NULL)
    return;
  if (strlen (value) > RELAY_SPAN_TEXT_MAX)
    part = g_strndup (value, RELAY_SPAN_TEXT_MAX);
  cobro_wire_put_text (writer, "stringValue", part != NULL ? part : value);
  end_attribute (writer);
}

/* A 64-bit integer travels as text: JavaScript would lose digits. */
void
relay_span_set_int (RelaySpan *span, const char *key, gint64 value)
{
  CobroWireWriter *writer = begin_attribute (span, key);
  char text[24];

  if (writer == NULL)
    return;
  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  cobro_wire_put_text (writer, "intValue", text);
  end_attribute (writer);
}

void
relay_span_fail (RelaySpan *span, const char *reason)
{
  if (span->data == NULL)
    return;
  span->data->failed = TRUE;
  g_free (span->data->reason);
  span->data->reason = g_strdup (reason);
}

void
relay_span_detach (RelaySpan *span)
{
  if (!span->begun || span->detached)
    return;
  span->detached = TRUE;
  *place () = span->before;
}

void
relay_span_end (RelaySpan *span)
{
  const RelayTracing *tracing = get_tracing ();
  g_autoptr (RelaySpanData) data = g_steal_pointer (&span->data);

  if (!span->begun)
    return;
  span->begun = FALSE;
  if (!span->detached)
    *place () = span->before;
  if (data == NULL || tracing == NULL)
    return;
  data->ended_monotonic = cobro_clock_monotonic (tracing->clock);
  cobro_wire_end_array (data->attributes);
  tracing->sink (tracing->sink_data, g_steal_pointer (&data));
}
