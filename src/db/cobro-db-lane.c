/* src/db/cobro-db-lane.c — one connection that writes to PostgreSQL.
 * Layer: db, private to it. The lane's thread.
 *
 * COMMIT without an answer. When the connection breaks after COMMIT was sent, the batch may be kept or lost, and which
 * of them must be known before anybody is told anything: a payment that is done again is charged twice, one that is
 * taken for done is lost. The server's own answer to the question, pg_xact_status(), is not safe: after a crash it may
 * give the number of a transaction whose record never reached the disk to another one. So each lane has a row with a
 * random id and a number, and the statement before COMMIT, sent together with it, raises the number from n - 1 to n.
 *
 * Afterwards a new session looks at the row, and waits for a transaction that still holds it. It says n: the batch is
 * kept. Anything else: it is not, but the old session may still have our last words before it. So the row is made to
 * say -1: whoever would raise it from n - 1 now finds something else, writes a null where none may be, and fails. Then
 * the lane goes on under a new id. If even the answer to that is lost, asking again finds n or our own -1. */
#include "config.h"
#include "cobro-db-lane.h"
#include "cobro-db-postgres.h"
#include "cobro-error.h"

#define FENCED -1

/* Rows of writers that went away are of no use; a day is longer than any packet lives. */
#define PREPARE                                                                                                        \
  "BEGIN; SELECT pg_advisory_xact_lock (" COBRO_DB_POSTGRES_LOCKS ", 1); "                                             \
  "CREATE TABLE IF NOT EXISTS writer_lane (id BYTEA PRIMARY KEY, number BIGINT NOT NULL, "                             \
  "  at TIMESTAMPTZ NOT NULL DEFAULT now ()); "                                                                        \
  "DELETE FROM writer_lane WHERE at < now () - INTERVAL '1 day'"

#define COUNT_AND_COMMIT                                                                                               \
  "INSERT INTO writer_lane AS lane (id, number) VALUES ('\\x%s', %" G_GINT64_FORMAT ") "                               \
  "ON CONFLICT (id) DO UPDATE SET number = CASE WHEN lane.number = %" G_GINT64_FORMAT " THEN excluded.number END, "    \
  "  at = excluded.at; COMMIT"

#define ASK                                                                                                            \
  "INSERT INTO writer_lane AS lane (id, number) VALUES (:id, :fenced) "                                                \
  "ON CONFLICT (id) DO UPDATE SET number = CASE WHEN lane.number = :number THEN lane.number ELSE :fenced END "         \
  "RETURNING number"

/* ── Being there ────────────────────────────────────────────────────────────────────────────────────────── */

static void
take_new_id (CobroDbLane *self)
{
  cobro_random_fill (self->random, self->id, sizeof self->id);
  self->number = 0;
}

void
cobro_db_lane_init (CobroDbLane *self, const char *uri, CobroDb *take_db)
{
  *self = (CobroDbLane){ .uri = g_strdup (uri), .db = take_db, .random = cobro_random_new_system () };
  take_new_id (self);
}

void
cobro_db_lane_clear (CobroDbLane *self)
{
  g_clear_pointer (&self->db, cobro_db_close);
  g_clear_pointer (&self->random, cobro_random_unref);
  g_clear_pointer (&self->uri, g_free);
}

static CobroDbConnection *
connection_of (CobroDbLane *self)
{
  return cobro_db_get_connection (self->db);
}

gboolean
cobro_db_lane_connect (CobroDbLane *self, GError **error)
{
  if (self->db == NULL && !(self->db = cobro_db_open (self->uri, COBRO_DB_READ_WRITE, 0, error)))
    return FALSE;
  cobro_db_rollback (self->db);
  if (cobro_db_postgres_is_lost (connection_of (self)) && !cobro_db_postgres_connect (connection_of (self), error))
    return FALSE;
  if (!self->ready)
    self->ready = cobro_db_exec (self->db, PREPARE, error) && cobro_db_commit (self->db, error);
  if (!self->ready)
    cobro_db_rollback (self->db);
  return self->ready;
}

/* ── A batch ────────────────────────────────────────────────────────────────────────────────────────────── */

/* The number of a key's lock. Two keys with one number only wait for each other without need. */
static gint64
lock_of (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize n = sizeof digest;
  guint64 number = 0;

  g_checksum_update (checksum, (const guchar *)key, -1);
  g_checksum_get_digest (checksum, digest, &n);
  for (int i = 0; i < 8; i++)
    number = (number << 8) | digest[i];
  return (gint64)number;
}

/* The locks come first: what is read after them is what was committed by whoever had them before. */
static gboolean
begin (CobroDbLane *self, const CobroDbRequest *request, GError **error)
{
  g_autoptr (GString) sql = g_string_new (cobro_db_postgres_driver.begin_sql);

  switch (request->about)
    {
    case COBRO_DB_ABOUT_ALL:
      g_string_append (sql, "; SELECT pg_advisory_xact_lock (" COBRO_DB_POSTGRES_LOCKS ", 0)");
      break;
    case COBRO_DB_ABOUT_KEY:
      g_string_append_printf (sql,
                              "; SELECT pg_advisory_xact_lock_shared (" COBRO_DB_POSTGRES_LOCKS ", 0)"
                              "; SELECT pg_advisory_xact_lock (%" G_GINT64_FORMAT ")",
                              lock_of (request->key));
      break;
    case COBRO_DB_ABOUT_QUEUE:
      break;
    }
  return cobro_db_exec (self->db, sql->str, error);
}

/* Runs it without a savepoint. FALSE: it has left something behind that must not stay, if only a spoiled transaction.
 */
static gboolean
run_plainly (CobroDbLane *self, CobroDbRequest *request)
{
  CobroDbConnection *connection = connection_of (self);
  gboolean wrote = connection->wrote, clean;

  connection->wrote = FALSE;
  cobro_db_request_run (request, self->db, FALSE);
  clean =
    request->result == COBRO_DB_OK || (!connection->wrote && PQtransactionStatus (connection->pg) == PQTRANS_INTRANS);
  connection->wrote = connection->wrote || wrote;
  return clean;
}

/* What the connection went through makes of a failure. */
static CobroDbBatchEnd
end_of (CobroDbLane *self, GError *take_error, GError **error)
{
  CobroDbTrouble trouble = connection_of (self)->trouble;

  if (take_error != NULL)
    g_propagate_error (error, take_error);
  else
    cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the database is busy");
  if (trouble == COBRO_DB_TROUBLE_LOST || cobro_db_postgres_is_lost (connection_of (self)))
    return COBRO_DB_BATCH_LOST;
  return trouble == COBRO_DB_TROUBLE_AGAIN ? COBRO_DB_BATCH_AGAIN : COBRO_DB_BATCH_REFUSED;
}

static CobroDbBatchEnd
commit (CobroDbLane *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean wrote = connection_of (self)->wrote;
  gint64 started = g_get_monotonic_time ();
  g_autofree char *sql = NULL;
  GString *id = g_string_new (NULL);

  for (gsize i = 0; i < sizeof self->id; i++)
    g_string_append_printf (id, "%02x", self->id[i]);
  sql = wrote ? g_strdup_printf (COUNT_AND_COMMIT, id->str, self->number + 1, self->number) : g_strdup ("COMMIT");
  g_string_free (id, TRUE);
  if (cobro_db_exec (self->db, sql, &failure))
    {
      self->commit_us = g_get_monotonic_time () - started;
      self->number += wrote ? 1 : 0;
      return COBRO_DB_BATCH_KEPT;
    }
  /* Nothing was written: nothing can be in doubt. */
  if (wrote && cobro_db_postgres_is_lost (connection_of (self)))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return COBRO_DB_BATCH_DOUBT;
    }
  self->ready = FALSE; /* in case that it was the row that did not work */
  take_new_id (self);
  return end_of (self, g_steal_pointer (&failure), error);
}

static CobroDbBatchEnd
run_commands (CobroDbLane *self, GPtrArray *batch, gboolean savepoints, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);
      gboolean clean = TRUE;

      if (savepoints)
        cobro_db_request_run (request, self->db, TRUE);
      else
        clean = run_plainly (self, request);
      if (connection_of (self)->trouble != COBRO_DB_TROUBLE_NONE)
        return end_of (self, request->error != NULL ? g_error_copy (request->error) : NULL, error);
      if (batch->len == 1 && request->result != COBRO_DB_OK)
        return COBRO_DB_BATCH_EMPTY;
      if (!clean)
        return COBRO_DB_BATCH_SPOILED;
      if (cobro_db_in_transaction (self->db))
        continue;
      cobro_error_set (error, COBRO_ERROR_INTERNAL, "a command left its transaction in disorder");
      return COBRO_DB_BATCH_REFUSED;
    }
  return commit (self, error);
}

CobroDbBatchEnd
cobro_db_lane_run (CobroDbLane *self, GPtrArray *batch, gboolean savepoints, GError **error)
{
  CobroDbBatchEnd end = COBRO_DB_BATCH_LOST;
  g_autoptr (GError) failure = NULL;

  if (self->db == NULL || !self->ready || cobro_db_postgres_is_lost (connection_of (self)))
    if (!cobro_db_lane_connect (self, error))
      return COBRO_DB_BATCH_LOST;
  cobro_db_rollback (self->db);
  if (begin (self, g_ptr_array_index (batch, 0), &failure))
    end = run_commands (self, batch, savepoints, error);
  else
    end = end_of (self, g_steal_pointer (&failure), error);
  if (end != COBRO_DB_BATCH_KEPT)
    cobro_db_rollback (self->db);
  return end;
}

/* ── In doubt ───────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
ask (CobroDbLane *self, gint64 *out_number, GError **error)
{
  CobroDbStatement *statement;
  gboolean ok;

  if (!cobro_db_begin (self->db, error) || !(statement = cobro_db_prepare (self->db, ASK, error)))
    return FALSE;
  cobro_db_bind_blob (statement, ":id", self->id, sizeof self->id);
  cobro_db_bind_int64 (statement, ":number", self->number + 1);
  cobro_db_bind_int64 (statement, ":fenced", FENCED);
  ok = cobro_db_step (statement, error) == COBRO_DB_ROW;
  if (ok)
    *out_number = cobro_db_column_int64 (statement, "number");
  cobro_db_reset (statement);
  return ok && cobro_db_commit (self->db, error);
}

CobroDbBatchEnd
cobro_db_lane_clear_up (CobroDbLane *self, GError **error)
{
  gint64 number = 0;
  gboolean kept;

  cobro_db_rollback (self->db);
  if (!ask (self, &number, error))
    {
      cobro_db_rollback (self->db);
      return cobro_db_postgres_is_lost (connection_of (self)) ? COBRO_DB_BATCH_LOST : COBRO_DB_BATCH_DOUBT;
    }
  kept = number == self->number + 1;
  take_new_id (self);
  if (kept)
    return COBRO_DB_BATCH_KEPT;
  cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the connection to the database was lost");
  return COBRO_DB_BATCH_AGAIN;
}
