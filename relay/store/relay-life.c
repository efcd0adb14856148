/* relay/store/relay-life.c — who has the books open.
 * Layer: relay/store. */
#include "config.h"
#include "relay-life.h"

#include "relay-row.h"

#define KEPT 100

/* Rows without an end whose process is gone. SQLite: nobody else has the file, so all of them. PostgreSQL: those whose
 * lock nobody holds. */
#define KILLED_SQLITE "closed_at IS NULL"
#define KILLED_POSTGRES                                                                                                \
  "closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "  \
  "WHERE datname = current_database () AND locktype = 'advisory' AND classid = 1131367529 AND "                        \
  "objid = CAST (life.row AS oid))"
#define HOLD "SELECT CASE WHEN pg_try_advisory_lock (1131367529, CAST (:row AS INTEGER)) THEN 1 ELSE 0 END AS n"

gboolean
relay_life_was_killed (CobroDb *db, gboolean *out_killed, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      cobro_db_is_postgres (db) ? "SELECT count(*) AS n FROM life WHERE " KILLED_POSTGRES
                                                : "SELECT count(*) AS n FROM life WHERE " KILLED_SQLITE,
                      error);
  gint64 n;

  if (statement == NULL || !relay_row_count (statement, &n, error))
    return FALSE;
  *out_killed = n > 0;
  return TRUE;
}

gboolean
relay_life_hold (CobroDb *db, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  gint64 n;

  if (!cobro_db_is_postgres (db))
    return TRUE;
  if (!(statement = cobro_db_prepare (db, HOLD, error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  return relay_row_count (statement, &n, error);
}

static gboolean
bury (CobroDb *db, CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      cobro_db_is_postgres (db) ? "UPDATE life SET closed_at = :now, clean = 0 WHERE " KILLED_POSTGRES
                                                : "UPDATE life SET closed_at = :now, clean = 0 WHERE " KILLED_SQLITE,
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", now);
  return cobro_db_run (statement, error);
}

static gboolean
insert_row (CobroDb *db, CobroTime now, gint64 *out_row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "INSERT INTO life (program, host, opened_at) VALUES (:program, :host, :now) RETURNING row AS n", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":program", COBRO_VERSION);
  cobro_db_bind_text (statement, ":host", g_get_host_name ());
  cobro_db_bind_int64 (statement, ":now", now);
  return relay_row_count (statement, out_row, error);
}

static gboolean
forget_old (CobroDb *db, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "DELETE FROM life WHERE closed_at IS NOT NULL AND row <= :oldest", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":oldest", row - KEPT);
  return cobro_db_run (statement, error);
}

gboolean
relay_life_begin (CobroDb *db, CobroTime now, gint64 *out_row, GError **error)
{
  if (!cobro_db_begin (db, error))
    return FALSE;
  if (bury (db, now, error) && insert_row (db, now, out_row, error) && relay_life_hold (db, *out_row, error) &&
      forget_old (db, *out_row, error) && cobro_db_commit (db, error))
    return TRUE;
  cobro_db_rollback (db);
  return FALSE;
}

gboolean
relay_life_end (CobroDb *db, gint64 row, CobroTime now, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "UPDATE life SET closed_at = :now, clean = 1 WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_run (statement, error);
}
