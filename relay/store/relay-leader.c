/* relay/store/relay-leader.c — who leads, and what was done.
 * Layer: relay/store. */
#include "relay-leader.h"

#include "relay-row.h"
#include "relay-store-private.h"

#define KEPT_FOR (90 * COBRO_DAY)

struct _RelayLeader
{
  RelayStore *store;
  GMutex lock;  /* guards what follows */
  CobroDb *db;  /* PostgreSQL: its session holds the lock */
  gint64 epoch; /* 0: does not lead */
};

RelayLeader *
relay_leader_new (RelayStore *store)
{
  RelayLeader *self = g_new0 (RelayLeader, 1);

  self->store = store;
  g_mutex_init (&self->lock);
  return self;
}

void
relay_leader_free (RelayLeader *self)
{
  if (self == NULL)
    return;
  cobro_db_close (self->db);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* ── Leading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
next_epoch (CobroDb *db, CobroTime now, gint64 *out_epoch, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "INSERT INTO leader (one, epoch, since) VALUES (1, 1, :now) ON CONFLICT (one) DO UPDATE SET epoch = "
    "leader.epoch + 1, since = :now RETURNING epoch AS n",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", now);
  return relay_row_count (statement, out_epoch, error);
}

static gboolean
try_lock (CobroDb *db, gboolean *out_got, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT CASE WHEN pg_try_advisory_lock (1131367500, 0) THEN 1 ELSE 0 END AS n", error);
  gint64 n;

  if (statement == NULL || !relay_row_count (statement, &n, error))
    return FALSE;
  *out_got = n != 0;
  return TRUE;
}

/* In one transaction of the session that will hold the lock: it is there before the new number is seen. */
static gboolean
try_to_lead (RelayLeader *self, GError **error)
{
  gboolean got = FALSE;
  gint64 epoch = 0;

  if (self->db == NULL &&
      !(self->db = cobro_db_open (self->store->path, COBRO_DB_READ_WRITE, RELAY_STORE_APPLICATION_ID, error)))
    return FALSE;
  if (cobro_db_begin (self->db, error) && try_lock (self->db, &got, error) &&
      (!got || next_epoch (self->db, cobro_clock_now (self->store->clock), &epoch, error)) &&
      cobro_db_commit (self->db, error))
    {
      self->epoch = epoch;
      return TRUE;
    }
  /* The session goes, and the lock with it. */
  g_clear_pointer (&self->db, cobro_db_close);
  return FALSE;
}

/* Whether the session that held the lock still does. */
static gboolean
still_leads (RelayLeader *self)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (self->db, "SELECT count(*) AS n FROM leader WHERE epoch = :epoch", NULL);
  gint64 n = 0;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":epoch", self->epoch);
  return relay_row_count (statement, &n, NULL) && n == 1;
}

static gboolean
sqlite_work (RelayTx *tx, gpointer data, GError **error)
{
  return next_epoch (tx->db, tx->now, data, error);
}

/* Leads from now on, if nobody else does. With the lock held. */
static gboolean
lead (RelayLeader *self, GError **error)
{
  if (!self->store->is_shared)
    return self->epoch > 0 || relay_store_write (self->store, sqlite_work, &self->epoch, error);
  if (self->epoch > 0 && !still_leads (self))
    {
      self->epoch = 0;
      g_clear_pointer (&self->db, cobro_db_close);
    }
  return self->epoch > 0 || try_to_lead (self, error);
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayLeader *leader;
  const char *job, *period;
  gboolean changed;
} Run;

static gboolean
fence (gint64 epoch, CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT epoch AS n FROM leader WHERE one = 1 " COBRO_DB_FOR_UPDATE, error);
  gint64 n;

  if (statement == NULL || !relay_row_count (statement, &n, error))
    return FALSE;
  return n == epoch || cobro_error_set (error, COBRO_ERROR_STATE, "another relay leads now");
}

static gboolean
change_run (RelayTx *tx, Run *run, const char *sql, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":job", run->job);
  cobro_db_bind_text (statement, ":period", run->period);
  cobro_db_bind_int64 (statement, ":epoch", run->leader->epoch);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  if (!cobro_db_run (statement, error))
    return FALSE;
  run->changed = cobro_db_changes (tx->db) > 0;
  return TRUE;
}

static gboolean
forget_old (RelayTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "DELETE FROM job_run WHERE started_at < :then", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":then", tx->now - KEPT_FOR);
  return cobro_db_run (statement, error);
}

static gboolean
begin_work (RelayTx *tx, gpointer data, GError **error)
{
  Run *run = data;

  return fence (run->leader->epoch, tx->db, error) && forget_old (tx, error) &&
         change_run (tx, run,
                     "INSERT INTO job_run (job, period, epoch, started_at) VALUES (:job, :period, :epoch, :now) ON "
                     "CONFLICT (job, period) DO UPDATE SET epoch = :epoch, started_at = :now WHERE "
                     "job_run.finished_at IS NULL AND job_run.epoch < :epoch",
                     error);
}

static gboolean
end_work (RelayTx *tx, gpointer data, GError **error)
{
  Run *run = data;

  if (!fence (run->leader->epoch, tx->db, error) ||
      !change_run (tx, run,
                   "UPDATE job_run SET finished_at = :now WHERE job = :job AND period = :period AND epoch = :epoch AND "
                   "finished_at IS NULL",
                   error))
    return FALSE;
  return run->changed || cobro_error_set (error, COBRO_ERROR_STATE, "the job is not in this relay's hands");
}

gboolean
relay_leader_begin (RelayLeader *self, const char *job, const char *period, gboolean *out_mine, GError **error)
{
  Run run = { self, job, period, FALSE };
  gboolean ok;

  g_mutex_lock (&self->lock);
  ok = lead (self, error) && (self->epoch == 0 || relay_store_write_queue (self->store, begin_work, &run, error));
  *out_mine = ok && run.changed;
  g_mutex_unlock (&self->lock);
  return ok;
}

gboolean
relay_leader_end (RelayLeader *self, const char *job, const char *period, GError **error)
{
  Run run = { self, job, period, FALSE };
  gboolean ok;

  g_mutex_lock (&self->lock);
  ok = relay_store_write_queue (self->store, end_work, &run, error);
  g_mutex_unlock (&self->lock);
  return ok;
}

gboolean
relay_leader_check (RelayLeader *self, RelayTx *tx, GError **error)
{
  gint64 epoch;

  g_mutex_lock (&self->lock);
  epoch = self->epoch;
  g_mutex_unlock (&self->lock);
  return fence (epoch, tx->db, error);
}
