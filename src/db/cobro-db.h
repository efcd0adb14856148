/* src/db/cobro-db.h — the SQL engine without tables: a connection, its prepared statements, transactions.
 * Layer: db. A connection belongs to one thread at a time. Drivers (cobro-db-driver.h) do the talking: SQLite and
 * PostgreSQL. Statements are written once in the common subset, with named parameters ":id". */
#pragma once
#include <gio/gio.h>
#include "cobro-clock.h"
#include "cobro-id.h"
#include "cobro-money.h"
#include "cobro-token.h"

typedef struct _CobroDb CobroDb;
typedef struct _CobroDbStatement CobroDbStatement;

typedef enum
{
  COBRO_DB_READ_WRITE = 0,
  COBRO_DB_READ_ONLY = 1 << 0,
  COBRO_DB_CREATE = 1 << 1,  /* make the file when it is not there */
  COBRO_DB_PATIENT = 1 << 2, /* statements may take as long as they like: audits, copies (PostgreSQL; SQLite always) */
} CobroDbFlags;

/**
 * cobro_db_open:
 * @uri: a file path for SQLite, or "postgresql://…" as libpq understands it
 * @application_id: the file's application id; another one is refused (a file of something else). SQLite only.
 *
 * A file is opened with the settings for a file that must survive everything: write-ahead log, a flush per commit,
 * foreign keys, no memory mapping, no trust in the schema. A connection that may write holds the file's lock: there is
 * one of it, in one process. Readers are opened with %COBRO_DB_READ_ONLY, as many as wanted, after the writer. Files on
 * network file systems are refused.
 *
 * A PostgreSQL database must be UTF-8, compare text by bytes (collation C) and keep what it acknowledged (fsync;
 * synchronous_commit is turned on for the session). Statements are limited to 5 s, waiting for a lock to 2 s, idling in
 * a transaction to 10 s, unless @flags say %COBRO_DB_PATIENT. A session that was lost is opened again by the next
 * cobro_db_begin() or cobro_db_begin_read(), and, for %COBRO_DB_READ_ONLY, by any statement outside a transaction.
 *
 * Returns: (transfer full): the connection, or %NULL with %COBRO_ERROR_BUSY (another connection writes this file),
 * _IO, _CORRUPT (damaged, or a file of another program), _UNAVAILABLE (disk full, server not there) or _CONFIG (no such
 * driver, or a server that will not do)
 */
CobroDb *cobro_db_open (const char *uri, CobroDbFlags flags, guint32 application_id, GError **error);
void cobro_db_close (CobroDb *db);
/* Which engine this is, for the few statements of which there is a pair. */
gboolean cobro_db_is_postgres (CobroDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDb, cobro_db_close)

/**
 * cobro_db_prepare:
 * @sql: one statement, a string literal that lives for ever (the cache is keyed by its text)
 *
 * Prepared once per connection; comes back reset and with cleared bindings. Ends with cobro_db_reset(), which
 * g_autoptr(CobroDbStatement) calls; cobro_db_run() ends it too, after which it may be bound and run again. Preparing a
 * statement that is still lent out is %COBRO_ERROR_INTERNAL.
 *
 * Returns: (transfer none): lent until cobro_db_reset(), or %NULL with an error
 */
CobroDbStatement *cobro_db_prepare (CobroDb *db, const char *sql, GError **error);
/* Words within a statement that only PostgreSQL needs: there the comment becomes its content. SQLite has one writer, so
 * that what a writing transaction reads is its own anyway. */
#define COBRO_DB_FOR_UPDATE  "/*pg: FOR UPDATE */"
#define COBRO_DB_SKIP_LOCKED "/*pg: FOR UPDATE SKIP LOCKED */"
void cobro_db_reset (CobroDbStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDbStatement, cobro_db_reset)

/* Binds by name (":title"). An unknown name is a programmer error (critical, and the step then fails). */
void cobro_db_bind_int64 (CobroDbStatement *statement, const char *name, gint64 value);
void cobro_db_bind_bool (CobroDbStatement *statement, const char *name, gboolean value);
void cobro_db_bind_text (CobroDbStatement *statement, const char *name,
                         const char *value); /* NULL binds null; copied */
void cobro_db_bind_blob (CobroDbStatement *statement, const char *name, gconstpointer bytes, gsize n);
void cobro_db_bind_null (CobroDbStatement *statement, const char *name);
void cobro_db_bind_time (CobroDbStatement *statement, const char *name, CobroTime value); /* 0 binds null */
void cobro_db_bind_id (CobroDbStatement *statement, const char *name, const CobroId *id); /* "" binds null */
void cobro_db_bind_money (CobroDbStatement *statement, const char *name,
                          CobroMoney money); /* minor units; unset binds null */
void cobro_db_bind_hash (CobroDbStatement *statement, const char *name, const CobroTokenHash *hash);

typedef enum
{
  COBRO_DB_ROW,
  COBRO_DB_DONE,
  COBRO_DB_FAILED
} CobroDbStep;
/* Steps once. FAILED sets @error (EXISTS for unique violations, UNAVAILABLE for a full disk, busy or a lost server,
 * CORRUPT, IO). On PostgreSQL a failed statement spoils the transaction, up to the last savepoint. */
CobroDbStep cobro_db_step (CobroDbStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Steps to the end and resets; for statements without rows. */
gboolean cobro_db_run (CobroDbStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows changed by the last run. */
gint64 cobro_db_changes (CobroDb *db);
/* Rows changed since the connection was opened. */
gint64 cobro_db_total_changes (CobroDb *db);

/* Reads columns by name; lent text and blobs live until the next step or reset. A column that is not there is a
 * programmer error. Null reads as 0, NULL, "" (id), unset (money). */
gint64 cobro_db_column_int64 (CobroDbStatement *statement, const char *name);
gboolean cobro_db_column_bool (CobroDbStatement *statement, const char *name);
const char *cobro_db_column_text (CobroDbStatement *statement, const char *name);
gconstpointer cobro_db_column_blob (CobroDbStatement *statement, const char *name, gsize *out_n);
gboolean cobro_db_column_is_null (CobroDbStatement *statement, const char *name);
CobroTime cobro_db_column_time (CobroDbStatement *statement, const char *name);
CobroId cobro_db_column_id (CobroDbStatement *statement, const char *name);
CobroMoney cobro_db_column_money (CobroDbStatement *statement, const char *name, CobroCurrency currency);

/* PostgreSQL: waits for a notification on a channel that this connection LISTENs to, outside a transaction, until
 * @wake_fd (-1: none) can be read or @timeout_us are over (-1: for ever). Returns: FALSE with an error when the
 * connection is lost: the next statement opens a new one, which listens to nothing. @out_payload: (transfer full)
 * (nullable): NULL: nothing came. */
gboolean cobro_db_wait_notification (CobroDb *db, gint64 timeout_us, int wake_fd, char **out_payload,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PostgreSQL: whether statements may take as long as they like from now on (outside a transaction). */
gboolean cobro_db_set_patient (CobroDb *db, gboolean patient, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Several statements without parameters or rows (schema). */
gboolean cobro_db_exec (CobroDb *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_db_begin (CobroDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* BEGIN IMMEDIATE */
gboolean cobro_db_begin_read (CobroDb *db,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT; /* one snapshot for several reads */
gboolean cobro_db_commit (CobroDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cobro_db_rollback (CobroDb *db);
/* Whether a transaction is open. A full disk or a damaged file may have ended it. */
gboolean cobro_db_in_transaction (CobroDb *db);
gboolean cobro_db_savepoint (CobroDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* nestable */
gboolean cobro_db_release (CobroDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cobro_db_rollback_savepoint (CobroDb *db);
guint cobro_db_savepoint_depth (CobroDb *db);

/* Writes @number into the engine's own file header, inside the migration's transaction. */
gboolean cobro_db_set_schema_version (CobroDb *db, guint number, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Pages that wait in the write-ahead log; and moving them into the file, without waiting for readers. For the one
 * writer. */
gint64 cobro_db_log_pages (CobroDb *db);
gboolean cobro_db_checkpoint (CobroDb *db, gboolean truncate, GError **error);

/* A consistent copy into a new file (VACUUM INTO). Refuses an existing file; on PostgreSQL refuses with words: its own
 * tools (pg_basebackup, pg_dump) make copies. */
gboolean cobro_db_backup (CobroDb *db, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PRAGMA quick_check or integrity_check. FALSE with COBRO_ERROR_CORRUPT. PostgreSQL: whether it answers. */
gboolean cobro_db_check (CobroDb *db, gboolean quick, GError **error) G_GNUC_WARN_UNUSED_RESULT;
