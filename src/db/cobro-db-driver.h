/* src/db/cobro-db-driver.h — what a database engine must offer: one vtable per engine, one row in the table of
 * cobro-db.c. Layer: db, private to it: only this folder includes it. A connection belongs to one thread at a time. */
#pragma once
#include "cobro-db.h"

/* What a driver calls its connection and its statements. */
typedef struct _CobroDbConnection CobroDbConnection;
typedef struct _CobroDbCursor CobroDbCursor;
typedef struct _CobroDbLanesClass CobroDbLanesClass;

/* What a failure means for the transaction it happened in. */
typedef enum
{
  COBRO_DB_TROUBLE_NONE,  /* an ordinary refusal */
  COBRO_DB_TROUBLE_AGAIN, /* somebody was in the way (serialisation, deadlock, lock): all of it may be run again */
  COBRO_DB_TROUBLE_LOST,  /* the server or the way to it is gone, and the transaction with it */
} CobroDbTrouble;

typedef struct
{
  const char *name;

  /* Whether @uri is meant for this driver. The first that says yes is taken. */
  gboolean (*handles) (const char *uri);
  CobroDbConnection *(*open) (const char *uri, CobroDbFlags flags, guint32 application_id, GError **error);
  void (*close) (CobroDbConnection *connection);

  /* (transfer full) prepares exactly one statement. */
  CobroDbCursor *(*prepare) (CobroDbConnection *connection, const char *sql, GError **error);
  void (*finalize) (CobroDbCursor *cursor);
  /* Ends a run; the bindings are cleared. */
  void (*reset) (CobroDbCursor *cursor);

  /* Number of a parameter by its name with ":", 1 … ; 0 when there is none of that name. */
  int (*parameter) (CobroDbCursor *cursor, const char *name);
  gboolean (*bind_int64) (CobroDbCursor *cursor, int parameter, gint64 value);
  gboolean (*bind_text) (CobroDbCursor *cursor, int parameter, const char *value);
  gboolean (*bind_blob) (CobroDbCursor *cursor, int parameter, gconstpointer bytes, gsize n);
  gboolean (*bind_null) (CobroDbCursor *cursor, int parameter);

  CobroDbStep (*step) (CobroDbCursor *cursor, GError **error);

  /* -1: not known before the first row. */
  int (*n_columns) (CobroDbCursor *cursor);
  const char *(*column_name) (CobroDbCursor *cursor, int column);
  gboolean (*column_is_null) (CobroDbCursor *cursor, int column);
  gint64 (*column_int64) (CobroDbCursor *cursor, int column);
  const char *(*column_text) (CobroDbCursor *cursor, int column);
  gconstpointer (*column_blob) (CobroDbCursor *cursor, int column, gsize *out_n);

  /* Several statements, no rows. */
  gboolean (*exec) (CobroDbConnection *connection, const char *sql, GError **error);
  /* Rows changed by the last statement, and since the connection was opened. */
  gint64 (*changes) (CobroDbConnection *connection);
  gint64 (*total_changes) (CobroDbConnection *connection);
  /* Whether a transaction is open: an engine may have ended it by itself when it failed. */
  gboolean (*in_transaction) (CobroDbConnection *connection);
  /* How this engine begins a transaction that will write, and one that only reads a snapshot. */
  const char *begin_sql;
  const char *begin_read_sql;

  /* Makes the register of migrations ("schema_migration") when it is not there, within a transaction; and whether it is
   * there ("n"). How a transaction begins that migrates: whoever else wants to migrate waits. */
  const char *register_sql;
  const char *has_register_sql;
  const char *begin_migration_sql;
  /* Statements may take as long as they like, or not. May be NULL: they always may. */
  gboolean (*set_patient) (CobroDbConnection *connection, gboolean patient, GError **error);

  /* May be NULL: nobody else could tell us anything. */
  gboolean (*wait_notification) (CobroDbConnection *connection, gint64 timeout_us, int wake_fd, char **out_payload,
                                 GError **error);

  /* Tells the engine's own header the schema number, inside the migration's transaction. May be NULL. */
  gboolean (*set_schema_version) (CobroDbConnection *connection, guint number, GError **error);
  /* May be NULL: this engine is not copied by us. */
  gboolean (*backup) (CobroDbConnection *connection, const char *path, GError **error);
  gboolean (*check) (CobroDbConnection *connection, gboolean quick, GError **error);
  /* Pages in the write-ahead log since it was last emptied, and moving them into the file. May be NULL. */
  gint64 (*log_pages) (CobroDbConnection *connection);
  gboolean (*checkpoint) (CobroDbConnection *connection, gboolean truncate, GError **error);

  const CobroDbLanesClass *lanes; /* several writers; NULL: there is one */
} CobroDbDriver;

extern const CobroDbDriver cobro_db_sqlite_driver;
extern const CobroDbDriver cobro_db_postgres_driver;

/* For the files of this folder that know an engine. */
const CobroDbDriver *cobro_db_get_driver (CobroDb *db);
CobroDbConnection *cobro_db_get_connection (CobroDb *db);
