/* relay/observe/relay-trace-export.c — a bounded queue, and a thread that empties it into a collector.
 * Layer: relay/observe. Threads: any (queue), its own (sending). */
#include "relay-trace-export.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-net-client.h"
#include "cobro-net-retry.h"
#include "config.h"
#include "relay-metrics.h"
#include "relay-trace-private.h"

#define TRIES_MAX     5
#define RETRY_BASE_US COBRO_SECOND
#define RETRY_CAP_US  (30 * COBRO_SECOND)
#define LAST_MS       2000
#define ANSWER_MAX    65536

struct _RelayTraceExport
{
  RelayTraceSettings settings;
  CobroClock *clock;
  CobroRandom *random;
  RelayTracing tracing;

  GMutex lock; /* guards the queue and what follows */
  GCond wake;
  GQueue queue; /* (element-type RelaySpanData) */
  gboolean stopping;

  GThread *thread;
  GCancellable *stop;
  /* the sender's own */
  CobroNetClient *client;
  GPtrArray *batch; /* (nullable) on its way */
  GBytes *body;
  guint tries;
  gint64 next_try;
  gint64 last_batch;
};

/* ── The queue ──────────────────────────────────────────────────────────────────────────────────────── */

static void
on_span_ended_cb (gpointer data, RelaySpanData *take_span)
{
  RelayTraceExport *self = data;
  gboolean full;

  g_mutex_lock (&self->lock);
  full = self->queue.length >= self->settings.queue_max;
  if (!full)
    g_queue_push_tail (&self->queue, take_span);
  if (self->queue.length == self->settings.batch_max)
    g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  if (!full)
    return;
  relay_span_data_free (take_span);
  relay_count (RELAY_METRIC_SPANS, "dropped");
}

/* The next batch, when it is full, old enough, or the last. */
static GPtrArray *
take_batch (RelayTraceExport *self, gint64 now)
{
  GPtrArray *batch = NULL;

  g_mutex_lock (&self->lock);
  if (self->queue.length > 0 && (self->queue.length >= self->settings.batch_max || self->stopping ||
                                 now - self->last_batch >= self->settings.delay_ms * (gint64)1000))
    {
      batch = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_span_data_free);
      while (batch->len < self->settings.batch_max && self->queue.length > 0)
        g_ptr_array_add (batch, g_queue_pop_head (&self->queue));
    }
  g_mutex_unlock (&self->lock);
  return batch;
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────── */

static guint
let_go (RelayTraceExport *self, const char *result)
{
  guint n = self->batch->len;

  relay_count_by (RELAY_METRIC_SPANS, n, result);
  g_clear_pointer (&self->batch, g_ptr_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->tries = 0;
  return n;
}

static CobroNetAnswer *
post (RelayTraceExport *self, guint timeout_ms)
{
  CobroNetRequest request = { .method = "POST",
                              .url = self->settings.endpoint,
                              .headers = (const char *const *)self->settings.headers,
                              .content_type = "application/json",
                              .body = self->body,
                              .deadline_ms = timeout_ms,
                              .max_bytes = ANSWER_MAX };

  return cobro_net_client_send (self->client, &request, self->stop, NULL);
}

/* Only these mean "the same again, later"; everything else is for good (the specification of OTLP/HTTP). No answer at
 * all is one of them. */
static gboolean
may_try_again (const CobroNetAnswer *net_answer)
{
  return net_answer == NULL || net_answer->status == 429 || net_answer->status == 502 || net_answer->status == 503 ||
         net_answer->status == 504;
}

static gint64
pause_before (RelayTraceExport *self, const CobroNetAnswer *net_answer)
{
  const char *after = net_answer != NULL ? cobro_net_answer_header (net_answer, "retry-after") : NULL;
  guint64 seconds;

  if (after != NULL && g_ascii_string_to_unsigned (after, 10, 0, 3600, &seconds, NULL))
    return (gint64)seconds * COBRO_SECOND;
  return cobro_net_retry_full_jitter (self->tries, RETRY_BASE_US, RETRY_CAP_US, self->random);
}

/* A collector may take some of a batch and say so; what it refused it would refuse again. */
static guint
send_batch (RelayTraceExport *self, gint64 now, guint timeout_ms)
{
  g_autoptr (CobroNetAnswer) net_answer = post (self, timeout_ms);

  if (net_answer != NULL && net_answer->status >= 200 && net_answer->status < 300)
    return let_go (self, "sent");
  self->tries++;
  if (!may_try_again (net_answer))
    return let_go (self, "refused");
  if (self->tries >= TRIES_MAX)
    return let_go (self, "dropped");
  self->next_try = now + pause_before (self, net_answer);
  return 0;
}

static void
prepare (RelayTraceExport *self, gint64 now)
{
  char *text;

  if (self->batch != NULL || (self->batch = take_batch (self, now)) == NULL)
    return;
  text = relay_trace_to_json (self->batch, self->settings.service_name, (const char *const *)self->settings.resource);
  self->body = g_bytes_new_take (text, strlen (text));
  self->next_try = now;
  self->last_batch = now;
}

guint
relay_trace_export_run_once (RelayTraceExport *self, gint64 now)
{
  prepare (self, now);
  if (self->batch == NULL || now < self->next_try)
    return 0;
  return send_batch (self, now, self->settings.timeout_ms);
}

/* ── The thread ─────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
wait_for_work (RelayTraceExport *self)
{
  gint64 pause = self->settings.delay_ms * (gint64)1000;
  gint64 until = g_get_monotonic_time () + MIN (pause, COBRO_SECOND);
  gboolean stopping;

  g_mutex_lock (&self->lock);
  while (!self->stopping && (self->batch != NULL || self->queue.length < self->settings.batch_max))
    if (!g_cond_wait_until (&self->wake, &self->lock, until))
      break;
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return !stopping;
}

static gpointer
work (gpointer data)
{
  RelayTraceExport *self = data;

  while (wait_for_work (self))
    relay_trace_export_run_once (self, cobro_clock_monotonic (self->clock));
  return NULL;
}

RelayTraceExport *
relay_trace_export_new (RelayTraceSettings *take_settings, CobroClock *clock, CobroRandom *random)
{
  RelayTraceExport *self = g_new0 (RelayTraceExport, 1);

  self->settings = *take_settings;
  *take_settings = (RelayTraceSettings){ 0 };
  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_ref (random);
  self->client = cobro_net_client_new ("cobro-relay/" COBRO_VERSION);
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_queue_init (&self->queue);
  self->tracing = (RelayTracing){ .clock = self->clock,
                                  .random = self->random,
                                  .follow_parent = self->settings.follow_parent,
                                  .ratio_ppm = self->settings.ratio_ppm,
                                  .sink = on_span_ended_cb,
                                  .sink_data = self };
  self->last_batch = cobro_clock_monotonic (clock);
  relay_tracing_set (&self->tracing);
  return self;
}

void
relay_trace_export_start (RelayTraceExport *self)
{
  self->thread = g_thread_new ("traces", work, self);
}

/* Once, and not for long: whoever stops the relay waits. */
static void
send_the_rest (RelayTraceExport *self)
{
  gint64 now = cobro_clock_monotonic (self->clock);
  gboolean goes = TRUE;

  g_cancellable_reset (self->stop);
  while (goes)
    {
      prepare (self, now);
      goes = self->batch != NULL && send_batch (self, now, LAST_MS) > 0;
    }
}

void
relay_trace_export_free (RelayTraceExport *self)
{
  if (self == NULL)
    return;
  relay_tracing_set (NULL);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  if (self->thread != NULL)
    {
      g_cancellable_cancel (self->stop);
      g_thread_join (self->thread);
      send_the_rest (self);
    }
  if (self->batch != NULL)
    let_go (self, "dropped");
  g_queue_clear_full (&self->queue, (GDestroyNotify)relay_span_data_free);
  cobro_net_client_free (self->client);
  g_object_unref (self->stop);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  relay_trace_settings_clear (&self->settings);
  g_free (self);
}
