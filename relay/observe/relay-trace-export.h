/* relay/observe/relay-trace-export.h — sends finished spans to a collector: OTLP over HTTP in JSON, from a thread of
 * its own. Layer: relay/observe. Thread: made, started and freed on one thread.
 *
 * The queue is bounded: when the collector is slow or away, spans are lost and counted, and nobody waits. */
#pragma once
#include <gio/gio.h>
#include "cobro-clock.h"
#include "cobro-random.h"

/* What OpenTelemetry's environment variables say. */
typedef struct
{
  char *endpoint; /* where batches are POSTed; NULL: tracing is off */
  char **headers; /* name, value, name, value, NULL; may hold secrets of the collector */
  char *service_name;
  char **resource; /* key, value, …, NULL: OTEL_RESOURCE_ATTRIBUTES */
  gboolean follow_parent;
  gint64 ratio_ppm; /* of new traces, in millionths */
  guint timeout_ms; /* of one request */
  guint queue_max, batch_max, delay_ms;
} RelayTraceSettings;
void relay_trace_settings_clear (RelayTraceSettings *settings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayTraceSettings, relay_trace_settings_clear)

/* (nullable) the value of an environment variable. */
typedef const char *(*RelayTraceLookup) (gpointer data, const char *name);

/**
 * relay_trace_settings_read:
 *
 * Reads OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_{,TRACES_}{ENDPOINT,HEADERS,TIMEOUT,PROTOCOL},
 * OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER{,_ARG}, OTEL_BSP_{MAX_QUEUE_SIZE,
 * MAX_EXPORT_BATCH_SIZE,SCHEDULE_DELAY}. Without an endpoint nothing is traced.
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG, whose text names the variable
 */
gboolean relay_trace_settings_read (RelayTraceSettings *out_settings, RelayTraceLookup lookup, gpointer data,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _RelayTraceExport RelayTraceExport;

/* (transfer full) takes what @settings holds; from now on spans are recorded. */
RelayTraceExport *relay_trace_export_new (RelayTraceSettings *take_settings, CobroClock *clock, CobroRandom *random);
/* Sends by itself from now on. */
void relay_trace_export_start (RelayTraceExport *self);
/**
 * relay_trace_export_run_once:
 * @now: monotonic microseconds
 *
 * One step, instead of the thread: sends the next batch if it is full or old enough, or the one that failed if its time
 * has come again.
 *
 * Returns: how many spans left for good (sent, or given up)
 */
guint relay_trace_export_run_once (RelayTraceExport *self, gint64 now);
/* Stops recording, tries once to send what is left (≤ 2 s), ends the thread. No span may be under way. */
void relay_trace_export_free (RelayTraceExport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayTraceExport, relay_trace_export_free)
