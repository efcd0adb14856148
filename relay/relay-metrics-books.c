/* relay/relay-metrics-books.c — a table of questions to the books, each with one number as its answer.
 * Layer: relay (composition). Any thread.
 *
 * Every question must be answered from an index of what is open, never from all that ever was: it is asked every few
 * seconds. */
#include "relay-metrics-books.h"

#include "relay-metrics.h"

/* :now is bound where it stands. */
static const struct
{
  RelayMetric metric;
  const char *label; /* NULL: the family has none */
  gboolean has_now;
  const char *sql; /* one row, column n */
} questions[] = {
  { RELAY_METRIC_QUEUE_DEPTH, "inbox", FALSE, "SELECT count(*) AS n FROM inbox WHERE next_try_at IS NOT NULL" },
  { RELAY_METRIC_QUEUE_DEPTH, "payment_polls", FALSE,
    "SELECT count(*) AS n FROM payment WHERE next_poll_at IS NOT NULL" },
  { RELAY_METRIC_QUEUE_DEPTH, "refunds", FALSE, "SELECT count(*) AS n FROM refund WHERE next_try_at IS NOT NULL" },
  { RELAY_METRIC_QUEUE_DEPTH, "deliveries", FALSE, "SELECT count(*) AS n FROM delivery WHERE next_at IS NOT NULL" },
  { RELAY_METRIC_QUEUE_DEPTH, "mails", FALSE, "SELECT count(*) AS n FROM mail WHERE next_at IS NOT NULL" },
  { RELAY_METRIC_QUEUE_DEPTH, "dead_letters", FALSE, "SELECT count(*) AS n FROM delivery WHERE state = 'exhausted'" },
  /* endpoints that should have been looked at; those that pause or have nothing due are no backlog */
  { RELAY_METRIC_OUTBOX_OLDEST, NULL, TRUE,
    "SELECT :now - coalesce (min (next_at), :now) AS n FROM endpoint WHERE next_at IS NOT NULL AND next_at < :now" },
  { RELAY_METRIC_INBOX_UNMATCHED, NULL, FALSE,
    "SELECT count(*) AS n FROM inbox WHERE next_try_at IS NOT NULL AND state = 'unmatched'" },
  { RELAY_METRIC_INBOX_OLDEST, NULL, TRUE,
    "SELECT :now - coalesce (min (received_at), :now) AS n FROM inbox WHERE next_try_at IS NOT NULL AND "
    "state = 'unmatched'" },
  { RELAY_METRIC_QUARANTINED, NULL, FALSE, "SELECT count(*) AS n FROM quarantine" },
};

static gboolean
ask (CobroDb *db, guint i, CobroTime now, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, questions[i].sql, error);

  if (statement == NULL)
    return FALSE;
  if (questions[i].has_now)
    cobro_db_bind_int64 (statement, ":now", now);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_n = cobro_db_column_int64 (statement, "n");
  return TRUE;
}

static void
set (guint i, gint64 n)
{
  if (questions[i].label != NULL)
    relay_gauge_set (questions[i].metric, n, questions[i].label);
  else
    relay_gauge_set (questions[i].metric, n);
}

static gboolean
ask_all (RelayStore *store, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  CobroTime now = cobro_clock_now (relay_store_clock (store));
  gint64 n = 0;

  if (reader == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      if (!ask (reader->db, i, now, &n, error))
        return FALSE;
      set (i, n);
    }
  return TRUE;
}

gboolean
relay_metrics_read_books (RelayStore *store, GError **error)
{
  if (ask_all (store, error))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    relay_metrics_clear (questions[i].metric);
  return FALSE;
}
