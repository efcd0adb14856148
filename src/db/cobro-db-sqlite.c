/* src/db/cobro-db-sqlite.c — the SQLite driver: the only file that includes sqlite3.h.
 * Layer: db. A connection belongs to one thread at a time.
 *
 * SQLite before 3.51.3 can damage a file when two connections write or checkpoint its write-ahead log at the same time.
 * Hence one writing connection per file (the lock), which alone checkpoints; readers never do, not even when they
 * close. */
#include "config.h"
#include "cobro-db-driver.h"
#include "cobro-db-file.h"
#include "cobro-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

struct _CobroDbConnection
{
  sqlite3 *handle;
  CobroDbLock *lock; /* writers only */
  gint64 log_pages;  /* as the last commit reported them */
  gboolean broken;   /* the file or its disk failed: nothing is flushed any more */
};

struct _CobroDbCursor
{
  CobroDbConnection *connection;
  sqlite3_stmt *statement;
};

/* ── Errors ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* SQLite reports a full quota and a file size limit as I/O errors; for us they are a full disk. */
static gboolean
is_space_errno (int code)
{
  return code == ENOSPC || code == EDQUOT || code == EFBIG;
}

static int
last_errno (sqlite3 *handle, int file)
{
  sqlite3_file *pointer = NULL;
  int code = 0;

  if (sqlite3_file_control (handle, "main", file, &pointer) == SQLITE_OK && pointer != NULL &&
      pointer->pMethods != NULL)
    pointer->pMethods->xFileControl (pointer, SQLITE_FCNTL_LAST_ERRNO, &code);
  return code;
}

/* A failed COMMIT leaves no errno with the connection, only with its files; there it may be an old one. So both files
 * must agree that it was about space. */
static gboolean
is_out_of_space (sqlite3 *handle, int extended)
{
  int code = sqlite3_system_errno (handle), file, log;

  if (code != 0 || (extended != SQLITE_IOERR_WRITE && extended != SQLITE_IOERR_TRUNCATE))
    return is_space_errno (code);
  file = last_errno (handle, SQLITE_FCNTL_FILE_POINTER);
  log = last_errno (handle, SQLITE_FCNTL_JOURNAL_POINTER);
  return (is_space_errno (file) || is_space_errno (log)) && (file == 0 || is_space_errno (file)) &&
         (log == 0 || is_space_errno (log));
}

static CobroError
error_code (sqlite3 *handle, int extended)
{
  if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
      extended == SQLITE_CONSTRAINT_ROWID)
    return COBRO_ERROR_EXISTS;

  switch (extended & 0xff)
    {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return COBRO_ERROR_UNAVAILABLE;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return is_out_of_space (handle, extended) ? COBRO_ERROR_UNAVAILABLE : COBRO_ERROR_IO;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return COBRO_ERROR_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return COBRO_ERROR_CORRUPT;
    case SQLITE_TOOBIG:
      return COBRO_ERROR_TOO_LARGE;
    default: /* constraints that are not about uniqueness, wrong SQL, misuse: our own fault */
      return COBRO_ERROR_INTERNAL;
    }
}

/* Always FALSE. */
static gboolean
fail (CobroDbConnection *connection, GError **error)
{
  sqlite3 *handle = connection->handle;
  int extended = sqlite3_extended_errcode (handle);
  CobroError code = error_code (handle, extended);

  if (code == COBRO_ERROR_IO || code == COBRO_ERROR_CORRUPT)
    connection->broken = TRUE;

  if (extended == SQLITE_FULL ||
      (code == COBRO_ERROR_UNAVAILABLE && ((extended & 0xff) == SQLITE_IOERR || (extended & 0xff) == SQLITE_CANTOPEN)))
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the disk is full");
  switch (extended & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the database is busy");
    case SQLITE_NOTADB:
      return cobro_error_set (error, COBRO_ERROR_CORRUPT, "the file is not a database");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return cobro_error_set (error, code, "%s: %s (%d)", sqlite3_errmsg (handle),
                              g_strerror (sqlite3_system_errno (handle)), extended);
    default:
      return cobro_error_set (error, code, "%s", sqlite3_errmsg (handle));
    }
}

/* ── Opening ────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
sqlite_exec (CobroDbConnection *connection, const char *sql, GError **error)
{
  if (sqlite3_exec (connection->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
    return fail (connection, error);
  return TRUE;
}

static gboolean
read_int64 (CobroDbConnection *connection, const char *sql, gint64 *out_value, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (connection->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step (statement) == SQLITE_ROW;

  if (ok)
    *out_value = sqlite3_column_int64 (statement, 0);
  else
    fail (connection, error);
  sqlite3_finalize (statement);
  return ok;
}

static gboolean sqlite_checkpoint (CobroDbConnection *connection, gboolean truncate, GError **error);

/* A writer leaves an empty log behind, if readers allow it; a broken one touches nothing any more. */
static void
sqlite_close (CobroDbConnection *connection)
{
  if (connection == NULL)
    return;
  if (connection->lock != NULL && connection->handle != NULL && !connection->broken)
    sqlite_checkpoint (connection, TRUE, NULL);
  if (connection->handle != NULL && sqlite3_close (connection->handle) != SQLITE_OK)
    {
      g_critical ("a statement outlived its connection");
      sqlite3_close_v2 (connection->handle);
    }
  cobro_db_lock_free (connection->lock);
  g_free (connection);
}

/* Keeps the length of the log as each commit leaves it; replaces SQLite's own checkpointing. */
static int
on_log_committed_cb (void *data, sqlite3 *handle, const char *schema, int pages)
{
  ((CobroDbConnection *)data)->log_pages = pages;
  return SQLITE_OK;
}

static gboolean
configure (CobroDbConnection *connection, gboolean read_only, GError **error)
{
  sqlite3 *handle = connection->handle;

  sqlite3_extended_result_codes (handle, 1);
  sqlite3_busy_timeout (handle, BUSY_TIMEOUT_MS);
  if (sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
      sqlite3_db_config (handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL) != SQLITE_OK ||
      sqlite3_db_config (handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) != SQLITE_OK ||
      sqlite3_db_config (handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
      sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) != SQLITE_OK ||
      sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) != SQLITE_OK)
    return fail (connection, error);
  if (!sqlite_exec (connection,
                    "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA synchronous = FULL;"
                    "PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;",
                    error))
    return FALSE;
  return !read_only || sqlite_exec (connection, "PRAGMA query_only = ON;", error);
}

/* Gives a new file our number; refuses a file of something else. */
static gboolean
check_application (CobroDbConnection *connection, const char *path, guint32 application_id, gboolean read_only,
                   GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA application_id = %d;", (gint32)application_id);
  gint64 found = 0, objects = 0;

  if (!read_int64 (connection, "PRAGMA application_id", &found, error))
    return FALSE;
  if ((guint32)found == application_id)
    return TRUE;
  if (!read_int64 (connection, "SELECT count(*) FROM sqlite_master", &objects, error))
    return FALSE;
  if (found == 0 && objects == 0 && !read_only)
    return sqlite_exec (connection, sql, error);
  return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                          "“%s” is a database of another program (application id %" G_GINT64_FORMAT ")", path, found);
}

static gboolean
enable_log (CobroDbConnection *connection, gboolean read_only, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok;

  if (read_only)
    return TRUE;
  ok = sqlite3_prepare_v2 (connection->handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL) == SQLITE_OK &&
       sqlite3_step (statement) == SQLITE_ROW;
  if (!ok)
    fail (connection, error);
  else if (g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), "wal") != 0)
    ok = cobro_error_set (error, COBRO_ERROR_IO, "the folder does not allow a write-ahead log");
  sqlite3_finalize (statement);
  /* After journal_mode: turning the log on puts SQLite's own hook in place. */
  sqlite3_wal_hook (connection->handle, on_log_committed_cb, connection);
  return ok;
}

static gboolean
sqlite_handles (const char *uri)
{
  return strstr (uri, "://") == NULL;
}

/* SQLite counts every allocation under one lock for all connections, and nobody reads the count. Too late, and no harm,
 * where another library was first. */
static void
stop_counting (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&done, 1);
    }
}

static gboolean
open_handle (CobroDbConnection *connection, const char *path, gboolean read_only, GError **error)
{
  int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

  stop_counting ();
  if (sqlite3_open_v2 (path, &connection->handle, flags, NULL) == SQLITE_OK)
    return TRUE;
  if (connection->handle == NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "cannot open “%s”: out of memory", path);
  return cobro_error_set (error, error_code (connection->handle, sqlite3_extended_errcode (connection->handle)),
                          "cannot open “%s”: %s", path, sqlite3_errmsg (connection->handle));
}

static CobroDbConnection *
sqlite_open (const char *path, CobroDbFlags flags, guint32 application_id, GError **error)
{
  gboolean read_only = (flags & COBRO_DB_READ_ONLY) != 0;
  CobroDbConnection *connection = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      cobro_error_set (error, COBRO_ERROR_IO, "“%s” is a folder", path);
      return NULL;
    }
  if (!(flags & COBRO_DB_CREATE) && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      cobro_error_set (error, COBRO_ERROR_IO, "there is no file “%s”", path);
      return NULL;
    }
  if (!cobro_db_file_check_system (path, error))
    return NULL;

  connection = g_new0 (CobroDbConnection, 1);
  if ((!read_only && !(connection->lock = cobro_db_lock_new (path, error))) ||
      (!read_only && (flags & COBRO_DB_CREATE) && !cobro_db_file_create (path, error)) ||
      !open_handle (connection, path, read_only, error) || !configure (connection, read_only, error) ||
      !check_application (connection, path, application_id, read_only, error) ||
      !enable_log (connection, read_only, error))
    {
      sqlite_close (connection);
      return NULL;
    }
  return connection;
}

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────── */

static CobroDbCursor *
sqlite_prepare (CobroDbConnection *connection, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  const char *tail = NULL;
  CobroDbCursor *cursor;

  if (sqlite3_prepare_v3 (connection->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, &tail) != SQLITE_OK)
    {
      fail (connection, error);
      g_prefix_error (error, "in “%s”: ", sql);
      return NULL;
    }
  if (statement == NULL || tail[strspn (tail, " \t\r\n;")] != '\0')
    {
      sqlite3_finalize (statement);
      cobro_error_set (error, COBRO_ERROR_INTERNAL, "not exactly one statement: “%s”", sql);
      return NULL;
    }
  cursor = g_new (CobroDbCursor, 1);
  *cursor = (CobroDbCursor){ .connection = connection, .statement = statement };
  return cursor;
}

static void
sqlite_finalize (CobroDbCursor *cursor)
{
  sqlite3_finalize (cursor->statement);
  g_free (cursor);
}

static void
sqlite_reset (CobroDbCursor *cursor)
{
  sqlite3_reset (cursor->statement);
  sqlite3_clear_bindings (cursor->statement);
}

static int
sqlite_parameter (CobroDbCursor *cursor, const char *name)
{
  return sqlite3_bind_parameter_index (cursor->statement, name);
}

static gboolean
sqlite_bind_int64 (CobroDbCursor *cursor, int parameter, gint64 value)
{
  return sqlite3_bind_int64 (cursor->statement, parameter, value) == SQLITE_OK;
}

static gboolean
sqlite_bind_text (CobroDbCursor *cursor, int parameter, const char *value)
{
  return sqlite3_bind_text (cursor->statement, parameter, value, -1, SQLITE_TRANSIENT) == SQLITE_OK;
}

static gboolean
sqlite_bind_blob (CobroDbCursor *cursor, int parameter, gconstpointer bytes, gsize n)
{
  /* A NULL pointer would bind null; an empty blob is something else. */
  if (n == 0)
    return sqlite3_bind_zeroblob (cursor->statement, parameter, 0) == SQLITE_OK;
  return sqlite3_bind_blob64 (cursor->statement, parameter, bytes, n, SQLITE_TRANSIENT) == SQLITE_OK;
}

static gboolean
sqlite_bind_null (CobroDbCursor *cursor, int parameter)
{
  return sqlite3_bind_null (cursor->statement, parameter) == SQLITE_OK;
}

static CobroDbStep
sqlite_step (CobroDbCursor *cursor, GError **error)
{
  switch (sqlite3_step (cursor->statement))
    {
    case SQLITE_ROW:
      return COBRO_DB_ROW;
    case SQLITE_DONE:
      return COBRO_DB_DONE;
    default:
      fail (cursor->connection, error);
      return COBRO_DB_FAILED;
    }
}

static int
sqlite_n_columns (CobroDbCursor *cursor)
{
  return sqlite3_column_count (cursor->statement);
}

static const char *
sqlite_column_name (CobroDbCursor *cursor, int column)
{
  return sqlite3_column_name (cursor->statement, column);
}

static gboolean
sqlite_column_is_null (CobroDbCursor *cursor, int column)
{
  return sqlite3_column_type (cursor->statement, column) == SQLITE_NULL;
}

static gint64
sqlite_column_int64 (CobroDbCursor *cursor, int column)
{
  return sqlite3_column_int64 (cursor->statement, column);
}

static const char *
sqlite_column_text (CobroDbCursor *cursor, int column)
{
  return (const char *)sqlite3_column_text (cursor->statement, column);
}

static gconstpointer
sqlite_column_blob (CobroDbCursor *cursor, int column, gsize *out_n)
{
  gconstpointer bytes = sqlite3_column_blob (cursor->statement, column);

  *out_n = (gsize)sqlite3_column_bytes (cursor->statement, column);
  return bytes;
}

/* ── The connection ─────────────────────────────────────────────────────────────────────────────────────── */

static gint64
sqlite_changes (CobroDbConnection *connection)
{
  return sqlite3_changes64 (connection->handle);
}

static gint64
sqlite_total_changes (CobroDbConnection *connection)
{
  return sqlite3_total_changes64 (connection->handle);
}

static gboolean
sqlite_in_transaction (CobroDbConnection *connection)
{
  return !sqlite3_get_autocommit (connection->handle);
}

static gboolean
sqlite_set_schema_version (CobroDbConnection *connection, guint number, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %u", number);

  return sqlite_exec (connection, sql, error);
}

/* VACUUM INTO writes the copy without flushing it. */
static gboolean
flush_to_disk (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int code = errno;

  if (fd >= 0)
    close (fd);
  if (!ok)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot flush “%s”: %s", path, g_strerror (code));
  return TRUE;
}

static gboolean
sqlite_backup (CobroDbConnection *connection, const char *path, GError **error)
{
  sqlite3_stmt *statement = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean ok;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return cobro_error_set (error, COBRO_ERROR_EXISTS, "there is already a file “%s”", path);
  /* The copy holds what the original holds: for its owner only. SQLite accepts an empty file as target. */
  if (!cobro_db_file_create (path, error))
    return FALSE;

  /* Even a reading connection may write a copy: its own file stays read-only by the way it was opened. */
  ok = sqlite_exec (connection, "PRAGMA query_only = OFF;", &failure) &&
       sqlite3_prepare_v2 (connection->handle, "VACUUM INTO ?1", -1, &statement, NULL) == SQLITE_OK &&
       sqlite3_bind_text (statement, 1, path, -1, SQLITE_TRANSIENT) == SQLITE_OK &&
       sqlite3_step (statement) == SQLITE_DONE;
  if (!ok && failure == NULL)
    fail (connection, &failure);
  sqlite3_finalize (statement);
  if (sqlite3_db_readonly (connection->handle, "main") == 1 &&
      !sqlite_exec (connection, "PRAGMA query_only = ON;", &failure))
    ok = FALSE;
  if (ok)
    ok = flush_to_disk (path, &failure);
  if (!ok)
    {
      unlink (path);
      g_propagate_prefixed_error (error, g_steal_pointer (&failure), "copy to “%s”: ", path);
    }
  return ok;
}

static gboolean
sqlite_check (CobroDbConnection *connection, gboolean quick, GError **error)
{
  sqlite3_stmt *statement = NULL;
  const char *sql = quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)";
  const char *text;
  gint64 broken = 0;
  gboolean ok = sqlite3_prepare_v2 (connection->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step (statement) == SQLITE_ROW;

  if (!ok)
    fail (connection, error);
  else if (text = (const char *)sqlite3_column_text (statement, 0), g_strcmp0 (text, "ok") != 0)
    ok = cobro_error_set (error, COBRO_ERROR_CORRUPT, "the database is damaged: %s", text);
  sqlite3_finalize (statement);
  if (!ok || quick)
    return ok;

  if (!read_int64 (connection, "SELECT count(*) FROM pragma_foreign_key_check", &broken, error))
    return FALSE;
  if (broken > 0)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT, "%" G_GINT64_FORMAT " rows point to nothing", broken);
  return TRUE;
}

static gint64
sqlite_log_pages (CobroDbConnection *connection)
{
  return connection->log_pages;
}

static gboolean
sqlite_checkpoint (CobroDbConnection *connection, gboolean truncate, GError **error)
{
  int rc, logged = 0, moved = 0;

  /* Readers may hold an old snapshot for a while: never wait for them, the next time will do. */
  sqlite3_busy_timeout (connection->handle, 0);
  rc = sqlite3_wal_checkpoint_v2 (connection->handle, NULL,
                                  truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &logged, &moved);
  sqlite3_busy_timeout (connection->handle, BUSY_TIMEOUT_MS);
  if (rc == SQLITE_OK)
    connection->log_pages = logged - moved;
  if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
    return fail (connection, error);
  return TRUE;
}

const CobroDbDriver cobro_db_sqlite_driver = {
  .name = "sqlite",
  .handles = sqlite_handles,
  .open = sqlite_open,
  .close = sqlite_close,
  .prepare = sqlite_prepare,
  .finalize = sqlite_finalize,
  .reset = sqlite_reset,
  .parameter = sqlite_parameter,
  .bind_int64 = sqlite_bind_int64,
  .bind_text = sqlite_bind_text,
  .bind_blob = sqlite_bind_blob,
  .bind_null = sqlite_bind_null,
  .step = sqlite_step,
  .n_columns = sqlite_n_columns,
  .column_name = sqlite_column_name,
  .column_is_null = sqlite_column_is_null,
  .column_int64 = sqlite_column_int64,
  .column_text = sqlite_column_text,
  .column_blob = sqlite_column_blob,
  .exec = sqlite_exec,
  .changes = sqlite_changes,
  .total_changes = sqlite_total_changes,
  .in_transaction = sqlite_in_transaction,
  .begin_sql = "BEGIN IMMEDIATE",
  .begin_read_sql = "BEGIN",
  .register_sql = "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                  "checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
  .has_register_sql = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
  .begin_migration_sql = "BEGIN IMMEDIATE",
  .set_schema_version = sqlite_set_schema_version,
  .backup = sqlite_backup,
  .check = sqlite_check,
  .log_pages = sqlite_log_pages,
  .checkpoint = sqlite_checkpoint,
};
