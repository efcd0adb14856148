/* relay/store/relay-store-work.c — writing, reading, and waking whoever waits for what was written.
 * Layer: relay/store. Any thread; the writer's threads run the work and the wake function. */
#include "relay-store-private.h"
#include "relay-trace.h"

#define IDLE_READERS 16

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayStore *store;
  RelayWork work;
  gpointer data;
  RelayTraceContext trace; /* the caller's: what the work writes down belongs to it */
  GArray *counts;          /* (element-type Count) (nullable) of the last run */
} Job;

/* Something to be counted after the commit. */
typedef struct
{
  RelayMetric metric;
  gint64 value;
  gboolean is_duration;
  const char *labels[RELAY_METRIC_LABELS + 1]; /* interned */
} Count;

/* Who else may write meanwhile. */
typedef enum
{
  ALONE,
  OTHER_MERCHANTS,
  EVERYBODY,
} Company;

static CobroDbResult
run_job (CobroDb *db, gpointer data, GError **error)
{
  Job *job = data;
  RelayTx tx = { .store = job->store, .db = db, .now = cobro_clock_now (job->store->clock) };
  RelayTraceContext before = relay_trace_swap (job->trace);
  gboolean done;

  g_clear_pointer (&job->counts, g_array_unref);
  done = job->work (&tx, job->data, error);
  job->counts = tx.counts;
  relay_trace_swap (before);
  return done ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

static void
note_count (RelayTx *tx, const Count *count)
{
  if (tx->counts == NULL)
    tx->counts = g_array_new (FALSE, FALSE, sizeof (Count));
  g_array_append_vals (tx->counts, count, 1);
}

void
relay_tx_count (RelayTx *tx, RelayMetric metric, gint64 by, const char *label, const char *other_label)
{
  note_count (
    tx,
    &(Count){ .metric = metric, .value = by, .labels = { g_intern_string (label), g_intern_string (other_label) } });
}

void
relay_tx_observe (RelayTx *tx, RelayMetric metric, gint64 duration_us, const char *label)
{
  note_count (
    tx, &(Count){ .metric = metric, .value = duration_us, .is_duration = TRUE, .labels = { g_intern_string (label) } });
}

/* After the commit. */
static void
count_all (const GArray *counts)
{
  for (guint i = 0; counts != NULL && i < counts->len; i++)
    {
      const Count *count = &g_array_index (counts, Count, i);

      if (count->is_duration)
        relay_metrics_observe (count->metric, count->value, count->labels);
      else
        relay_metrics_add (count->metric, count->value, count->labels);
    }
}

static gboolean
write_in (RelayStore *self, Company company, const CobroId *merchant_id, RelayWork work, gpointer data, GError **error)
{
  g_auto (RelaySpan) span = { 0 };
  Job job = { .store = self, .work = work, .data = data };
  const char *key = company == OTHER_MERCHANTS ? merchant_id->text : NULL;
  gboolean done;

  g_return_val_if_fail (self->writer != NULL, FALSE);

  relay_span_begin (&span, RELAY_SPAN_INTERNAL, "transaction");
  job.trace = relay_trace_get ();
  done = company == EVERYBODY ? cobro_db_writer_run_queue (self->writer, run_job, &job, error)
                              : cobro_db_writer_run_for (self->writer, key, run_job, &job, error);
  if (done)
    count_all (job.counts);
  else
    relay_span_fail (&span, "refused");
  g_clear_pointer (&job.counts, g_array_unref);
  return done;
}

gboolean
relay_store_write (RelayStore *self, RelayWork work, gpointer data, GError **error)
{
  return write_in (self, ALONE, NULL, work, data, error);
}

gboolean
relay_store_write_for (RelayStore *self, const CobroId *merchant_id, RelayWork work, gpointer data, GError **error)
{
  return write_in (self, merchant_id != NULL ? OTHER_MERCHANTS : ALONE, merchant_id, work, data, error);
}

gboolean
relay_store_write_queue (RelayStore *self, RelayWork work, gpointer data, GError **error)
{
  return write_in (self, EVERYBODY, NULL, work, data, error);
}

/* ── Waking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_tx_touch (RelayTx *tx, const char *kind, const CobroId *id)
{
  RelayStore *self = tx->store;
  GHashTable *topics;

  g_mutex_lock (&self->touched_lock);
  if (!(topics = g_hash_table_lookup (self->touched, tx->db)))
    {
      topics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->touched, tx->db, topics);
    }
  g_hash_table_add (topics, g_strconcat (kind, ":", id->text, NULL));
  g_mutex_unlock (&self->touched_lock);
}

void
relay_store_on_heard (gpointer store, const char *topic)
{
  RelayStore *self = store;

  /* Held while it is called: once relay_store_set_wake_func() returns, the old function is not running any more. */
  g_mutex_lock (&self->wake_lock);
  if (self->wake != NULL)
    self->wake (self->wake_data, topic);
  g_mutex_unlock (&self->wake_lock);
}

void
relay_store_on_committed (CobroDb *db, gpointer store)
{
  RelayStore *self = store;
  g_autoptr (GHashTable) topics = NULL;
  GHashTableIter iter;
  gpointer topic;

  g_mutex_lock (&self->touched_lock);
  g_hash_table_steal_extended (self->touched, db, NULL, (gpointer *)&topics);
  g_mutex_unlock (&self->touched_lock);
  if (topics == NULL)
    return;
  g_hash_table_iter_init (&iter, topics);
  while (g_hash_table_iter_next (&iter, &topic, NULL))
    relay_store_on_heard (self, topic);
  if (self->line != NULL)
    relay_line_tell (self->line, topics);
}

/* On the thread that wrote, after each commit. */
void
relay_store_on_timed (gpointer store, gint64 commit_us, guint commands, guint refused)
{
  relay_observe (RELAY_METRIC_COMMIT_DURATION, commit_us);
  relay_count (RELAY_METRIC_DB_BATCHES);
  relay_count_by (RELAY_METRIC_DB_COMMANDS, commands - refused, "committed");
  relay_count_by (RELAY_METRIC_DB_COMMANDS, refused, "refused");
}

void
relay_store_on_failed (const GError *error, gpointer store)
{
  RelayStore *self = store;

  g_mutex_lock (&self->wake_lock);
  if (self->fatal != NULL)
    self->fatal (error, self->fatal_data);
  g_mutex_unlock (&self->wake_lock);
}

void
relay_store_set_wake_func (RelayStore *self, void (*wake) (gpointer data, const char *topic), gpointer data)
{
  g_mutex_lock (&self->wake_lock);
  self->wake = wake;
  self->wake_data = data;
  g_mutex_unlock (&self->wake_lock);
}

void
relay_store_set_fatal_func (RelayStore *self, void (*fatal) (const GError *error, gpointer data), gpointer data)
{
  g_mutex_lock (&self->wake_lock);
  self->fatal = fatal;
  self->fatal_data = data;
  g_mutex_unlock (&self->wake_lock);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroDb *
take_idle (RelayStore *self)
{
  CobroDb *db = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len > 0)
    db = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  self->lent++;
  g_mutex_unlock (&self->lock);
  return db;
}

static void
give_back (RelayStore *self, CobroDb *db)
{
  g_mutex_lock (&self->lock);
  self->lent--;
  if (db != NULL && self->idle->len < IDLE_READERS)
    g_ptr_array_add (self->idle, g_steal_pointer (&db));
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&db, cobro_db_close);
}

RelayReader *
relay_store_read (RelayStore *self, GError **error)
{
  CobroDb *db = take_idle (self);
  RelayReader *reader;

  if (db == NULL)
    db = cobro_db_open (self->path, COBRO_DB_READ_ONLY, RELAY_STORE_APPLICATION_ID, error);
  if (db == NULL || !cobro_db_begin_read (db, error))
    {
      g_clear_pointer (&db, cobro_db_close);
      give_back (self, NULL);
      return NULL;
    }
  reader = g_new (RelayReader, 1);
  *reader = (RelayReader){ .store = self, .db = db };
  return reader;
}

void
relay_reader_release (RelayReader *reader)
{
  if (reader == NULL)
    return;
  cobro_db_rollback (reader->db);
  give_back (reader->store, reader->db);
  g_free (reader);
}
