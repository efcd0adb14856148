/* tests/relay/observe/test-observe-trace.c — traceparents good and bad; where a thread is; what is recorded and what is
 * not. Layer: tests. */
#include <string.h>

#include "relay-trace-private.h"

#define PARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static void
test_parse (void)
{
  static const char *const good[] = {
    PARENT,
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff",
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-bring",
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  static const char *const bad[] = {
    "",
    "00",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.extra",
    "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
    "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  RelayTraceContext context;
  char text[RELAY_TRACEPARENT_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (relay_trace_parse (good[i], &context));
      g_assert_cmpint (context.sampled, ==, i == 1 ? 0 : 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (relay_trace_parse (bad[i], &context));
  g_assert_true (relay_trace_parse (PARENT, &context));
  relay_trace_format (&context, text);
  g_assert_cmpstr (text, ==, PARENT);
}

/* Off: what came in goes out again, and nothing else happens. */
static void
test_off (void)
{
  char text[RELAY_TRACEPARENT_SIZE];
  RelaySpan outer = { 0 };
  RelaySpan inner = { 0 };

  relay_span_begin (&outer, RELAY_SPAN_SERVER, "x");
  g_assert_false (relay_trace_get_parent (text));
  relay_span_begin_from (&inner, RELAY_SPAN_SERVER, "x", PARENT);
  g_assert_true (relay_trace_get_parent (text));
  g_assert_cmpstr (text, ==, PARENT);
  relay_span_set_text (&inner, "a", "b");
  relay_span_fail (&inner, "c");
  relay_span_end (&inner);
  relay_span_end (&inner);
  g_assert_false (relay_trace_get_parent (text));
  relay_span_end (&outer);
}

static void
keep (gpointer data, RelaySpanData *take_span)
{
  g_ptr_array_add (data, take_span);
}

typedef struct
{
  RelayTracing tracing;
  GPtrArray *spans;
} Rig;

static void
rig_begin (Rig *rig, gboolean follow_parent, gint64 ratio_ppm)
{
  rig->spans = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_span_data_free);
  rig->tracing = (RelayTracing){ .clock = cobro_clock_new_fake (COBRO_SECOND),
                                 .random = cobro_random_new_seeded (7),
                                 .follow_parent = follow_parent,
                                 .ratio_ppm = ratio_ppm,
                                 .sink = keep,
                                 .sink_data = rig->spans };
  relay_tracing_set (&rig->tracing);
}

static void
rig_end (Rig *rig)
{
  relay_tracing_set (NULL);
  cobro_clock_unref (rig->tracing.clock);
  cobro_random_unref (rig->tracing.random);
  g_ptr_array_unref (rig->spans);
}

static void
test_family (void)
{
  Rig rig;
  char inside[RELAY_TRACEPARENT_SIZE];
  RelaySpanData *child, *parent;

  rig_begin (&rig, TRUE, 1000000);
  {
    g_auto (RelaySpan) outer = { 0 };

    relay_span_begin_from (&outer, RELAY_SPAN_SERVER, "request", PARENT);
    relay_span_began_ago (&outer, 300);
    {
      g_auto (RelaySpan) inner = { 0 };

      relay_span_begin (&inner, RELAY_SPAN_CLIENT, "call");
      relay_span_set_text (&inner, "a", "1\n2");
      relay_span_set_int (&inner, "b", G_MAXINT64);
      g_assert_true (relay_trace_get_parent (inside));
      cobro_clock_advance (rig.tracing.clock, 50);
      relay_span_fail (&inner, "late");
    }
  }
  g_assert_cmpuint (rig.spans->len, ==, 2);
  child = rig.spans->pdata[0];
  parent = rig.spans->pdata[1];
  g_assert_true (g_str_has_prefix (inside, "00-0af7651916cd43dd8448eb211c80319c-"));
  g_assert_cmpmem (child->parent_id, 8, parent->context.span_id, 8);
  g_assert_cmpmem (child->context.trace_id, 16, parent->context.trace_id, 16);
  g_assert_cmpint (child->ended_monotonic - child->began_monotonic, ==, 50);
  g_assert_cmpint (parent->ended_monotonic - parent->began_monotonic, ==, 350);
  g_assert_cmpint (parent->began, ==, COBRO_SECOND - 300);
  g_assert_true (child->failed && !parent->failed);
  {
    g_autofree char *json = cobro_wire_writer_take (child->attributes);
    g_assert_cmpstr (json, ==,
                     "[{\"key\":\"a\",\"value\":{\"stringValue\":\"1\\n2\"}},"
                     "{\"key\":\"b\",\"value\":{\"intValue\":\"9223372036854775807\"}}]");
  }
  rig_end (&rig);
}

static guint
count_recorded (gboolean follow_parent, gint64 ratio_ppm, const char *traceparent, guint n)
{
  Rig rig;
  guint recorded;

  rig_begin (&rig, follow_parent, ratio_ppm);
  for (guint i = 0; i < n; i++)
    {
      g_auto (RelaySpan) span = { 0 };
      relay_span_begin_from (&span, RELAY_SPAN_SERVER, "x", traceparent);
    }
  recorded = rig.spans->len;
  rig_end (&rig);
  return recorded;
}

static void
test_sampling (void)
{
  static const char unsampled[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  guint tenth = count_recorded (TRUE, 100000, NULL, 5000);

  g_assert_cmpuint (tenth, >, 400);
  g_assert_cmpuint (tenth, <, 600);
  g_assert_cmpuint (count_recorded (TRUE, 1000000, NULL, 100), ==, 100);
  g_assert_cmpuint (count_recorded (TRUE, 0, NULL, 100), ==, 0);
  g_assert_cmpuint (count_recorded (TRUE, 0, PARENT, 100), ==, 100);
  g_assert_cmpuint (count_recorded (TRUE, 1000000, unsampled, 100), ==, 0);
  g_assert_cmpuint (count_recorded (FALSE, 1000000, unsampled, 100), ==, 100);
  g_assert_cmpuint (count_recorded (FALSE, 0, PARENT, 100), ==, 0);
}

static gpointer
elsewhere (gpointer data)
{
  RelayTraceContext before = relay_trace_swap (*(RelayTraceContext *)data);
  char *inside = relay_trace_dup_parent ();

  relay_trace_swap (before);
  g_assert_null (relay_trace_dup_parent ());
  return inside;
}

static void
test_other_thread (void)
{
  RelaySpan span = { 0 };
  RelayTraceContext context;
  g_autofree char *seen = NULL;

  relay_span_begin_from (&span, RELAY_SPAN_SERVER, "x", PARENT);
  context = relay_trace_get ();
  seen = g_thread_join (g_thread_new ("elsewhere", elsewhere, &context));
  g_assert_cmpstr (seen, ==, PARENT);
  relay_span_end (&span);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/parse", test_parse);
  g_test_add_func ("/trace/off", test_off);
  g_test_add_func ("/trace/family", test_family);
  g_test_add_func ("/trace/sampling", test_sampling);
  g_test_add_func ("/trace/other-thread", test_other_thread);
  return g_test_run ();
}
