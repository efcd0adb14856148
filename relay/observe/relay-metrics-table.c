/* relay/observe/relay-metrics-table.c — every family of metrics: name, what it means, labels, unit, bounds.
 * Layer: relay/observe. Const. */
#include "relay-metrics-private.h"

#define MS        1000
#define S         (1000 * MS)
#define COUNTER   .kind = RELAY_FAMILY_COUNTER
#define GAUGE     .kind = RELAY_FAMILY_GAUGE
#define HISTOGRAM .kind = RELAY_FAMILY_HISTOGRAM, .seconds = TRUE
/* Where time goes inside this machine; on the way to somebody else; in people's hands. */
#define HERE                                                                                                           \
  .bounds = { 100, 250, 500, 1 * MS, 2500, 5 * MS, 10 * MS, 25 * MS, 50 * MS, 100 * MS, 250 * MS, 1 * S, 5 * S }
#define OUT                                                                                                            \
  .bounds = { 5 * MS, 10 * MS,   25 * MS, 50 * MS, 100 * MS, 250 * MS, 500 * MS,                                       \
              1 * S,  2500 * MS, 5 * S,   10 * S,  15 * S,   30 * S }
#define PEOPLE                                                                                                         \
  .bounds = { 100 * MS, 250 * MS, 500 * MS, 1 * S,   2500 * MS, 5 * S,                                                 \
              10 * S,   30 * S,   60 * S,   300 * S, 900 * S,   G_GINT64_CONSTANT (3600) * S }

static const RelayFamily families[RELAY_METRICS] = {
  [RELAY_METRIC_PAYMENTS] = { "payments_total", "Payments that reached a state.", COUNTER,
                              .labels = { "gateway", "state" } },
  [RELAY_METRIC_PAYMENT_DURATION] = { "payments_duration_seconds", "From the making of a payment to its end.",
                                      HISTOGRAM, .labels = { "gateway" }, PEOPLE },
  [RELAY_METRIC_DELIVERIES] = { "webhook_deliveries_total", "Attempts to deliver a webhook, by how they ended.",
                                COUNTER, .labels = { "result" }, .presets = { "delivered", "retried", "exhausted" } },
  [RELAY_METRIC_QUEUE_DEPTH] = { "queue_depth", "What waits in a queue.", GAUGE, .labels = { "queue" } },
  [RELAY_METRIC_GATEWAY_REQUESTS] = { "gateway_requests_total", "Calls to payment providers, by how they ended.",
                                      COUNTER, .labels = { "gateway", "operation", "outcome" }, .series_max = 512 },

  [RELAY_METRIC_GATEWAY_DURATION] = { "cobro_gateway_request_duration_seconds",
                                      "How long calls to payment providers took.", HISTOGRAM,
                                      .labels = { "gateway", "operation" }, OUT, .series_max = 128 },
  [RELAY_METRIC_BREAKERS] = { "cobro_breakers", "Circuit breakers of provider accounts that are in a state.", GAUGE,
                              .labels = { "gateway", "state" } },
  [RELAY_METRIC_BREAKER_CHANGES] = { "cobro_breaker_changes_total", "Changes of circuit breakers into a state.",
                                     COUNTER, .labels = { "gateway", "state" } },
  [RELAY_METRIC_INBOX] = { "cobro_inbox_events_total", "Webhooks that providers sent, by what became of them.", COUNTER,
                           .labels = { "gateway", "result" } },
  [RELAY_METRIC_INBOX_UNMATCHED] = { "cobro_inbox_unmatched", "Provider events whose payment is not known yet.",
                                     GAUGE },
  [RELAY_METRIC_INBOX_OLDEST] = { "cobro_inbox_unmatched_oldest_seconds", "Age of the oldest unmatched provider event.",
                                  GAUGE, .seconds = TRUE },
  [RELAY_METRIC_QUARANTINE] = { "cobro_quarantine_total", "Genuine facts that were not allowed to settle anything.",
                                COUNTER, .labels = { "gateway" } },
  [RELAY_METRIC_QUARANTINED] = { "cobro_quarantined", "Facts in quarantine.", GAUGE },

  [RELAY_METRIC_OUTBOX_OLDEST] = { "cobro_outbox_oldest_seconds", "Age of the oldest outgoing message that is due.",
                                   GAUGE, .seconds = TRUE },
  [RELAY_METRIC_DELIVERY_DURATION] = { "cobro_webhook_delivery_duration_seconds",
                                       "How long receivers took to answer a webhook.", HISTOGRAM, OUT },
  [RELAY_METRIC_ENDPOINTS_OFF] = { "cobro_webhook_endpoints_disabled_total",
                                   "Webhook endpoints that the relay disabled.", COUNTER, .labels = { "reason" } },
  [RELAY_METRIC_LEASE_EXPIRIES] = { "cobro_lease_expiries_total", "Leases that ran out before their work was done.",
                                    COUNTER, .labels = { "queue" }, .presets = { "deliveries", "mails" } },
  [RELAY_METRIC_MAILS] = { "cobro_mails_total", "Mails, by how a try ended.", COUNTER, .labels = { "result" },
                           .presets = { "sent", "retry", "bounced", "dropped" } },
  [RELAY_METRIC_MAIL_DURATION] = { "cobro_mail_duration_seconds", "How long the mail server took for a mail.",
                                   HISTOGRAM, OUT },

  [RELAY_METRIC_COMMIT_DURATION] = { "cobro_db_commit_duration_seconds", "How long COMMIT took, with its fsync.",
                                     HISTOGRAM, HERE },
  [RELAY_METRIC_DB_BATCHES] = { "cobro_db_batches_total", "Commits of the writer.", COUNTER },
  [RELAY_METRIC_DB_COMMANDS] = { "cobro_db_commands_total", "Transactions that were answered, by result.", COUNTER,
                                 .labels = { "result" }, .presets = { "committed", "refused" } },
  [RELAY_METRIC_DB_RETRIES] = { "cobro_db_retries_total", "Transactions that had to run again.", COUNTER,
                                .labels = { "reason" } },
  [RELAY_METRIC_INVARIANTS] = { "cobro_invariant_failures", "Broken invariants that the last check found.", GAUGE },
  [RELAY_METRIC_DISK_FREE] = { "cobro_disk_free_bytes", "Free space where the data folder is.", GAUGE },
  [RELAY_METRIC_IDEMPOTENCY] = { "cobro_idempotency_keys_total", "Requests with an idempotency key, by outcome.",
                                 COUNTER, .labels = { "outcome" },
                                 .presets = { "new", "replayed", "in_progress", "reused" } },

  [RELAY_METRIC_HTTP_REQUESTS] = { "cobro_http_requests_total", "Answered requests.", COUNTER,
                                   .labels = { "method", "route", "status" }, .series_max = 1024 },
  [RELAY_METRIC_HTTP_DURATION] = { "cobro_http_request_duration_seconds",
                                   "From the last byte of a request to its answer.", HISTOGRAM, .labels = { "route" },
                                   HERE, .series_max = 256 },
  [RELAY_METRIC_HTTP_CONNECTIONS] = { "cobro_http_connections", "Open client connections.", GAUGE },
  [RELAY_METRIC_RATE_LIMITED] = { "cobro_rate_limit_refusals_total", "Requests that a rate limit refused.", COUNTER,
                                  .labels = { "lane" } },
  [RELAY_METRIC_AUTH_FAILURES] = { "cobro_authentication_failures_total", "Requests whose key was not accepted.",
                                   COUNTER, .labels = { "reason" } },

  [RELAY_METRIC_ALARMS] = { "cobro_alarms_total", "Alarms, by kind.", COUNTER, .labels = { "kind" } },
  [RELAY_METRIC_LOG_LINES] = { "cobro_log_lines_total", "Lines written to the log.", COUNTER, .labels = { "level" },
                               .presets = { "error", "warning", "info", "access" } },
  [RELAY_METRIC_LOG_DROPPED] = { "cobro_log_lines_dropped_total", "Lines the log left out.", COUNTER,
                                 .labels = { "reason" }, .presets = { "budget" } },
  [RELAY_METRIC_SPANS] = { "cobro_trace_spans_total", "Recorded spans, by what became of them.", COUNTER,
                           .labels = { "result" }, .presets = { "sent", "dropped" } },
  [RELAY_METRIC_CLOCK_JUMPS] = { "cobro_clock_jumps_total", "Times the system clock jumped.", COUNTER },
  [RELAY_METRIC_WORKER_AGE] = { "cobro_worker_idle_seconds", "Time since a worker last did a round.", GAUGE,
                                .seconds = TRUE, .labels = { "worker" } },
  [RELAY_METRIC_BUILD] = { "cobro_build_info", "Always 1; the labels say what is running.", GAUGE,
                           .labels = { "version", "database" } },
  [RELAY_METRIC_MEMORY] = { "process_resident_memory_bytes", "Resident memory.", GAUGE },
  [RELAY_METRIC_VIRTUAL_MEMORY] = { "process_virtual_memory_bytes", "Virtual memory.", GAUGE },
  [RELAY_METRIC_CPU] = { "process_cpu_seconds_total", "Processor time, user and system.", COUNTER, .seconds = TRUE },
  [RELAY_METRIC_FDS] = { "process_open_fds", "Open file descriptors.", GAUGE },
  [RELAY_METRIC_FDS_MAX] = { "process_max_fds", "The limit of open file descriptors.", GAUGE },
  [RELAY_METRIC_START] = { "process_start_time_seconds", "When the process started, since 1970.", GAUGE,
                           .seconds = TRUE },
};

const RelayFamily *
relay_metrics_family (RelayMetric metric)
{
  return &families[metric];
}

guint
relay_family_n_labels (const RelayFamily *family)
{
  guint n = 0;

  while (n < RELAY_METRIC_LABELS && family->labels[n] != NULL)
    n++;
  return n;
}

guint
relay_family_n_bounds (const RelayFamily *family)
{
  guint n = 0;

  while (n < RELAY_BOUNDS_MAX && family->bounds[n] != 0)
    n++;
  return n;
}
