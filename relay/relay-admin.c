/* relay/relay-admin.c — measures, then answers.
 * Layer: relay (composition). Thread: the admin server's. */
#include "relay-admin.h"

#include <string.h>
#include <sys/statvfs.h>

#include "cobro-decimal.h"
#include "cobro-wire.h"
#include "config.h"
#include "relay-metrics-books.h"
#include "relay-metrics.h"
#include "relay-process.h"
#include "relay-worker-beat.h"

#define TYPE_PROMETHEUS  "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* ── Measuring ──────────────────────────────────────────────────────────────────────────────────────── */

static void
measure_disk (const char *folder)
{
  struct statvfs status;

  if (*folder != '\0' && statvfs (folder, &status) == 0)
    relay_gauge_set (RELAY_METRIC_DISK_FREE, (gint64)(status.f_bavail * status.f_frsize));
}

/* FALSE: the books do not answer. */
static gboolean
measure (RelayAdmin *admin)
{
  gboolean answers = relay_metrics_read_books (admin->store, NULL); /* first: it clears what it cannot read */
  CobroDbWriterStats writer = relay_store_stats (admin->store);
  RelayServerLoad load = relay_server_load (admin->server);

  relay_gauge_set (RELAY_METRIC_QUEUE_DEPTH, writer.queued, "db_writer");
  relay_gauge_set (RELAY_METRIC_QUEUE_DEPTH, load.requests, "http_requests");
  relay_gauge_set (RELAY_METRIC_QUEUE_DEPTH, load.webhooks, "http_webhooks");
  relay_gauge_set (RELAY_METRIC_HTTP_CONNECTIONS, load.connections);
  relay_gauge_set (RELAY_METRIC_BUILD, 1, COBRO_VERSION,
                   relay_store_is_shared (admin->store) ? "postgresql" : "sqlite");
  relay_gauge_set (RELAY_METRIC_DB_RETRIES, (gint64)writer.retries, "conflict");
  relay_process_measure (admin->clock);
  relay_worker_beats_measure ();
  measure_disk (admin->data);
  return answers;
}

/* ── /metrics ───────────────────────────────────────────────────────────────────────────────────────── */

/* The weight, in thousandths, of one element of Accept: "text/plain;version=0.0.4;q=0.5". */
static gint64
weight_of (const char *element)
{
  g_auto (GStrv) parts = g_strsplit (element, ";", -1);
  gint64 weight = 1000;

  for (guint i = 1; parts[i] != NULL; i++)
    if (g_ascii_strncasecmp (g_strstrip (parts[i]), "q=", 2) == 0 &&
        !cobro_scaled_from_text (parts[i] + 2, 3, &weight, NULL))
      weight = 0;
  return weight;
}

static gboolean
is_type (const char *element, const char *type)
{
  gsize length = strcspn (element, "; \t");

  return length == strlen (type) && g_ascii_strncasecmp (element, type, length) == 0;
}

/* OpenMetrics is for those who ask for it by name, and at least as much as for plain text. */
static RelayMetricsFormat
choose_format (const char *accept)
{
  g_auto (GStrv) elements = g_strsplit (accept != NULL ? accept : "", ",", -1);
  gint64 open = 0, plain = 0;

  for (guint i = 0; elements[i] != NULL; i++)
    {
      g_strstrip (elements[i]);
      if (is_type (elements[i], "application/openmetrics-text"))
        open = MAX (open, weight_of (elements[i]));
      else if (is_type (elements[i], "text/plain"))
        plain = MAX (plain, weight_of (elements[i]));
    }
  return open > 0 && open >= plain ? RELAY_METRICS_OPENMETRICS : RELAY_METRICS_PROMETHEUS;
}

/* Also when the books do not answer: what this process knows by itself is worth most then. */
static RelayReply *
answer_metrics (gpointer context, RelayRequest *request)
{
  RelayMetricsFormat format = choose_format (relay_request_header (request, "accept"));
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  measure (context);
  text = relay_metrics_to_text (format);
  bytes = g_bytes_new_take (text, strlen (text));
  return relay_reply_bytes (request, 200, format == RELAY_METRICS_OPENMETRICS ? TYPE_OPENMETRICS : TYPE_PROMETHEUS,
                            bytes);
}

/* ── /debug/health ──────────────────────────────────────────────────────────────────────────────────── */

static void
put_queues (CobroWireWriter *writer)
{
  static const char *const queues[] = { "db_writer",     "http_requests", "http_webhooks", "inbox",
                                        "payment_polls", "refunds",       "deliveries",    "dead_letters" };

  cobro_wire_begin_object (writer, "queues");
  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    cobro_wire_put_int64 (writer, queues[i], relay_metric_value (RELAY_METRIC_QUEUE_DEPTH, queues[i]));
  cobro_wire_end_object (writer);
}

static void
put_database (CobroWireWriter *writer, RelayAdmin *admin, gboolean answers)
{
  CobroDbWriterStats stats = relay_store_stats (admin->store);

  cobro_wire_begin_object (writer, "database");
  cobro_wire_put_bool (writer, "answers", answers);
  cobro_wire_put_int64 (writer, "commits", stats.batches);
  cobro_wire_put_int64 (writer, "commands", stats.commands);
  cobro_wire_put_int64 (writer, "refused", stats.refused);
  cobro_wire_put_int64 (writer, "longestCommitMicroseconds", stats.fsync_us_max);
  cobro_wire_end_object (writer);
}

static RelayReply *
answer_health (gpointer context, RelayRequest *request)
{
  RelayAdmin *admin = context;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  gboolean answers = measure (admin);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "status", answers ? "healthy" : "degraded");
  cobro_wire_put_text (writer, "version", COBRO_VERSION);
  cobro_wire_put_time (writer, "timestamp", cobro_clock_now (admin->clock));
  cobro_wire_put_int64 (writer, "uptime", (cobro_clock_monotonic (admin->clock) - admin->started) / COBRO_SECOND);
  put_database (writer, admin, answers);
  put_queues (writer);
  cobro_wire_put_int64 (writer, "unmatched", relay_metric_value (RELAY_METRIC_INBOX_UNMATCHED));
  cobro_wire_put_int64 (writer, "quarantined", relay_metric_value (RELAY_METRIC_QUARANTINED));
  cobro_wire_put_int64 (writer, "connections", relay_metric_value (RELAY_METRIC_HTTP_CONNECTIONS));
  cobro_wire_put_int64 (writer, "memoryBytes", relay_metric_value (RELAY_METRIC_MEMORY));
  cobro_wire_put_int64 (writer, "descriptors", relay_metric_value (RELAY_METRIC_FDS));
  cobro_wire_put_int64 (writer, "diskFreeBytes", relay_metric_value (RELAY_METRIC_DISK_FREE));
  cobro_wire_end_object (writer);
  return relay_reply_json_bare (request, answers ? 200 : 503, cobro_wire_writer_take (writer));
}

static const RelayRoute routes[] = {
  { "GET", "/metrics", answer_metrics, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/debug/health", answer_health, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { NULL, NULL, NULL, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
};

const RelayRoute *
relay_admin_routes (void)
{
  return routes;
}

/* ── Requests ───────────────────────────────────────────────────────────────────────────────────────── */

/* A method is whatever the client wrote. */
static const char *
known_method (const char *method)
{
  static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "-" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i], method) == 0)
      return known[i];
  return "other";
}

void
relay_admin_note_access (const RelayAccess *access)
{
  char status[8];

  g_snprintf (status, sizeof status, "%u", access->status);
  relay_count (RELAY_METRIC_HTTP_REQUESTS, known_method (access->method), access->route, status);
  relay_observe (RELAY_METRIC_HTTP_DURATION, access->duration_us, access->route);
}
