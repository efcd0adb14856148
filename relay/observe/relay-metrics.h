/* relay/observe/relay-metrics.h — what the relay counts: counters, gauges and histograms of one process.
 * Layer: relay/observe. Any thread; nothing here locks once a series exists, so hot paths may count.
 *
 * One const table (relay-metrics-table.c) names every family, its labels and its unit. Label values are short words of
 * a small set (a provider's name, a state, a route's template), never ids, addresses or text from outside: a family
 * keeps a bounded number of series, and what exceeds it is counted under "other". */
#pragma once
#include <glib.h>

#define RELAY_METRIC_LABELS 3 /* at most, in one family */

typedef enum
{
  /* the five that every installation is asked for */
  RELAY_METRIC_PAYMENTS,         /* payments_total{gateway,state}: payments that reached a state */
  RELAY_METRIC_PAYMENT_DURATION, /* payments_duration_seconds{gateway}: from its making to its end */
  RELAY_METRIC_DELIVERIES,       /* webhook_deliveries_total{result}: attempts, by how they ended */
  RELAY_METRIC_QUEUE_DEPTH,      /* queue_depth{queue} */
  RELAY_METRIC_GATEWAY_REQUESTS, /* gateway_requests_total{gateway,operation,outcome} */
  /* providers */
  RELAY_METRIC_GATEWAY_DURATION, /* cobro_gateway_request_duration_seconds{gateway,operation} */
  RELAY_METRIC_BREAKERS,         /* cobro_breakers{gateway,state}: how many breakers are in that state now */
  RELAY_METRIC_BREAKER_CHANGES,  /* cobro_breaker_changes_total{gateway,state}: changes into that state */
  RELAY_METRIC_INBOX,            /* cobro_inbox_events_total{gateway,result}: webhooks that came in */
  RELAY_METRIC_INBOX_UNMATCHED,  /* cobro_inbox_unmatched */
  RELAY_METRIC_INBOX_OLDEST,     /* cobro_inbox_unmatched_oldest_seconds */
  RELAY_METRIC_QUARANTINE,       /* cobro_quarantine_total{gateway}: facts put aside since the start */
  RELAY_METRIC_QUARANTINED,      /* cobro_quarantined: how many wait for a person */
  /* delivery and queues */
  RELAY_METRIC_OUTBOX_OLDEST,     /* cobro_outbox_oldest_seconds: age of the oldest row that is due */
  RELAY_METRIC_DELIVERY_DURATION, /* cobro_webhook_delivery_duration_seconds */
  RELAY_METRIC_ENDPOINTS_OFF,     /* cobro_webhook_endpoints_disabled_total{reason} */
  RELAY_METRIC_LEASE_EXPIRIES,    /* cobro_lease_expiries_total{queue} */
  RELAY_METRIC_MAILS,             /* cobro_mails_total{result}: tries, by how they ended */
  RELAY_METRIC_MAIL_DURATION,     /* cobro_mail_duration_seconds: handing one to the mail server */
  /* the books */
  RELAY_METRIC_COMMIT_DURATION, /* cobro_db_commit_duration_seconds: COMMIT, with its fsync */
  RELAY_METRIC_DB_BATCHES,      /* cobro_db_batches_total */
  RELAY_METRIC_DB_COMMANDS,     /* cobro_db_commands_total{result} */
  RELAY_METRIC_DB_RETRIES,      /* cobro_db_retries_total{reason}: serialisation failures, lost connections */
  RELAY_METRIC_INVARIANTS,      /* cobro_invariant_failures: found by the last check; must be 0 */
  RELAY_METRIC_DISK_FREE,       /* cobro_disk_free_bytes: where the data folder is */
  RELAY_METRIC_IDEMPOTENCY,     /* cobro_idempotency_keys_total{outcome}: new, replayed, in_progress, reused */
  /* requests */
  RELAY_METRIC_HTTP_REQUESTS,    /* cobro_http_requests_total{method,route,status} */
  RELAY_METRIC_HTTP_DURATION,    /* cobro_http_request_duration_seconds{route} */
  RELAY_METRIC_HTTP_CONNECTIONS, /* cobro_http_connections */
  RELAY_METRIC_RATE_LIMITED,     /* cobro_rate_limit_refusals_total{lane} */
  RELAY_METRIC_AUTH_FAILURES,    /* cobro_authentication_failures_total{reason} */
  /* the process */
  RELAY_METRIC_ALARMS,         /* cobro_alarms_total{kind} */
  RELAY_METRIC_LOG_LINES,      /* cobro_log_lines_total{level} */
  RELAY_METRIC_LOG_DROPPED,    /* cobro_log_lines_dropped_total{reason} */
  RELAY_METRIC_SPANS,          /* cobro_trace_spans_total{result} */
  RELAY_METRIC_CLOCK_JUMPS,    /* cobro_clock_jumps_total */
  RELAY_METRIC_WORKER_AGE,     /* cobro_worker_idle_seconds{worker}: since it last did a round */
  RELAY_METRIC_BUILD,          /* cobro_build_info{version,database} */
  RELAY_METRIC_MEMORY,         /* process_resident_memory_bytes */
  RELAY_METRIC_VIRTUAL_MEMORY, /* process_virtual_memory_bytes */
  RELAY_METRIC_CPU,            /* process_cpu_seconds_total */
  RELAY_METRIC_FDS,            /* process_open_fds */
  RELAY_METRIC_FDS_MAX,        /* process_max_fds */
  RELAY_METRIC_START,          /* process_start_time_seconds */
  RELAY_METRICS,
} RelayMetric;

/**
 * relay_count:
 * @metric: a counter
 * @...: its label values, in the order of the table
 *
 * Adds one: `relay_count (RELAY_METRIC_DELIVERIES, "delivered");`
 */
#define relay_count(metric, ...) relay_count_by (metric, 1, __VA_ARGS__)
/* Adds @by (≥ 0) to a counter. */
#define relay_count_by(metric, by, ...)                                                                                \
  relay_metrics_add (metric, by, (const char *const[RELAY_METRIC_LABELS + 1]){ __VA_ARGS__ })
/* Sets a gauge; gauges and counters of seconds take microseconds. */
#define relay_gauge_set(metric, value, ...)                                                                            \
  relay_metrics_set (metric, value, (const char *const[RELAY_METRIC_LABELS + 1]){ __VA_ARGS__ })
/* Adds to a gauge, or takes away. */
#define relay_gauge_add(metric, by, ...) relay_count_by (metric, by, __VA_ARGS__)
/* Puts one duration, in microseconds, into a histogram. */
#define relay_observe(metric, duration_us, ...)                                                                        \
  relay_metrics_observe (metric, duration_us, (const char *const[RELAY_METRIC_LABELS + 1]){ __VA_ARGS__ })

/* What the macros call: @labels are %NULL-terminated and as many as the table says. */
void relay_metrics_add (RelayMetric metric, gint64 by, const char *const *labels);
void relay_metrics_set (RelayMetric metric, gint64 value, const char *const *labels);
void relay_metrics_observe (RelayMetric metric, gint64 duration_us, const char *const *labels);

/* Takes a gauge's series out of sight until they are set again: for those that come and go. */
void relay_metrics_clear (RelayMetric metric);

/* The value of a counter or gauge, or how many durations a histogram holds; 0 for a series that does not exist. */
#define relay_metric_value(metric, ...)                                                                                \
  relay_metrics_value (metric, (const char *const[RELAY_METRIC_LABELS + 1]){ __VA_ARGS__ })
gint64 relay_metrics_value (RelayMetric metric, const char *const *labels);

typedef enum
{
  RELAY_METRICS_PROMETHEUS,  /* text/plain; version=0.0.4 */
  RELAY_METRICS_OPENMETRICS, /* application/openmetrics-text; version=1.0.0 */
} RelayMetricsFormat;

/* (transfer full) all families that have series, in the order of the table. */
char *relay_metrics_to_text (RelayMetricsFormat format);
