/* src/db/cobro-db.c — a connection over a driver: the cache of prepared statements, typed binds and columns by name,
 * transactions and savepoints.
 * Layer: db. A connection belongs to one thread at a time. */
#include "config.h"
#include "cobro-db.h"
#include "cobro-db-driver.h"
#include "cobro-error.h"

#include <string.h>

#define ADDRESSES_MAX 1024

static const CobroDbDriver *const drivers[] = {
  &cobro_db_sqlite_driver,
#ifdef COBRO_HAVE_POSTGRES
  &cobro_db_postgres_driver,
#endif
};

struct _CobroDb
{
  const CobroDbDriver *driver;
  CobroDbConnection *connection;
  GHashTable *by_text; /* (element-type utf8 CobroDbStatement) owns the statements */
  GHashTable
    *by_address; /* (element-type pointer CobroDbStatement) address of the literal → statement: the short way */
  guint depth;   /* open savepoints */
};

/* Which parameter was bound at this place of the order the last time. */
typedef struct
{
  char *name;
  int parameter;
} Hint;

struct _CobroDbStatement
{
  CobroDb *db;
  CobroDbCursor *cursor;
  char *sql;
  gboolean lent;
  gboolean spoiled; /* a bind went wrong: the step fails */
  GArray *hints;    /* (element-type Hint) the parameters in the order they are bound, use after use */
  guint bound;      /* binds of this use */
  int next_column;  /* where the next column is looked for first: rows are read in order */
  int n_columns;    /* -1: not known yet */
  char **names;     /* of the columns: copies, for the engine may prepare anew by itself */
};

/* ── The connection ─────────────────────────────────────────────────────────────────────────────────────── */

static void
statement_free (gpointer data)
{
  CobroDbStatement *statement = data;

  statement->db->driver->finalize (statement->cursor);
  for (int i = 0; i < statement->n_columns; i++)
    g_free (statement->names[i]);
  g_free (statement->names);
  g_free (statement->sql);
  g_free (statement);
}

static void
hint_clear (gpointer data)
{
  g_free (((Hint *)data)->name);
}

CobroDb *
cobro_db_open (const char *uri, CobroDbFlags flags, guint32 application_id, GError **error)
{
  const CobroDbDriver *driver = NULL;
  CobroDbConnection *connection;
  CobroDb *db;

  g_return_val_if_fail (uri != NULL && uri[0] != '\0', NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (drivers) && driver == NULL; i++)
    if (drivers[i]->handles (uri))
      driver = drivers[i];
  if (driver == NULL)
    {
      g_autofree char *scheme = g_uri_parse_scheme (uri);
      cobro_error_set (error, COBRO_ERROR_CONFIG, "this program has no database driver for “%s”",
                       scheme ? scheme : uri);
      return NULL;
    }
  if (!(connection = driver->open (uri, flags, application_id, error)))
    return NULL;

  db = g_new0 (CobroDb, 1);
  db->driver = driver;
  db->connection = connection;
  db->by_text = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, statement_free);
  db->by_address = g_hash_table_new (NULL, NULL);
  return db;
}

void
cobro_db_close (CobroDb *db)
{
  if (db == NULL)
    return;
  if (db->driver->in_transaction (db->connection))
    cobro_db_rollback (db);
  g_hash_table_unref (db->by_address);
  g_hash_table_unref (db->by_text);
  db->driver->close (db->connection);
  g_free (db);
}

gboolean
cobro_db_is_postgres (CobroDb *db)
{
  return g_str_equal (db->driver->name, "postgresql");
}

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────── */

static void
learn_columns (CobroDbStatement *statement)
{
  const CobroDbDriver *driver = statement->db->driver;

  statement->n_columns = driver->n_columns (statement->cursor);
  statement->names = g_new0 (char *, (gsize)MAX (statement->n_columns, 0));
  for (int i = 0; i < statement->n_columns; i++)
    statement->names[i] = g_strdup (driver->column_name (statement->cursor, i));
}

static CobroDbStatement *
statement_new (CobroDb *db, const char *sql, GError **error)
{
  CobroDbCursor *cursor = db->driver->prepare (db->connection, sql, error);
  CobroDbStatement *statement;

  if (cursor == NULL)
    return NULL;
  statement = g_new0 (CobroDbStatement, 1);
  statement->db = db;
  statement->cursor = cursor;
  statement->sql = g_strdup (sql);
  statement->hints = g_array_new (FALSE, TRUE, sizeof (Hint));
  g_array_set_clear_func (statement->hints, hint_clear);
  learn_columns (statement);
  return statement;
}

static void
remember_address (CobroDb *db, const char *sql, CobroDbStatement *statement)
{
  /* Statements that were put together at run time come from ever new addresses. */
  if (g_hash_table_size (db->by_address) >= ADDRESSES_MAX)
    g_hash_table_remove_all (db->by_address);
  g_hash_table_insert (db->by_address, (gpointer)sql, statement);
}

/* The address of a literal is looked up first; the text is compared in any case, for an address may be used again. */
static CobroDbStatement *
find_statement (CobroDb *db, const char *sql)
{
  CobroDbStatement *statement = g_hash_table_lookup (db->by_address, sql);

  if (statement != NULL && strcmp (statement->sql, sql) == 0)
    return statement;
  statement = g_hash_table_lookup (db->by_text, sql);
  if (statement != NULL)
    remember_address (db, sql, statement);
  return statement;
}

CobroDbStatement *
cobro_db_prepare (CobroDb *db, const char *sql, GError **error)
{
  CobroDbStatement *statement = find_statement (db, sql);

  if (statement == NULL)
    {
      if (!(statement = statement_new (db, sql, error)))
        return NULL;
      g_hash_table_insert (db->by_text, statement->sql, statement);
      remember_address (db, sql, statement);
    }
  if (statement->lent)
    {
      cobro_error_set (error, COBRO_ERROR_INTERNAL, "the statement is still in use: “%s”", sql);
      return NULL;
    }
  statement->lent = TRUE;
  return statement;
}

void
cobro_db_reset (CobroDbStatement *statement)
{
  if (statement == NULL || !statement->lent)
    return;
  statement->db->driver->reset (statement->cursor);
  statement->lent = FALSE;
  statement->spoiled = FALSE;
  statement->bound = 0;
}

/* Statements are bound in the same order every time: one comparison instead of a walk over all names. */
static int
find_parameter (CobroDbStatement *statement, const char *name)
{
  guint place = statement->bound++;
  Hint *hint;

  if (place >= statement->hints->len)
    g_array_set_size (statement->hints, place + 1);
  hint = &g_array_index (statement->hints, Hint, place);
  if (hint->name != NULL && strcmp (hint->name, name) == 0)
    return hint->parameter;
  g_free (hint->name);
  hint->name = g_strdup (name);
  hint->parameter = statement->db->driver->parameter (statement->cursor, name);
  return hint->parameter;
}

/* Number of the parameter; 0 spoils the statement. A bind after cobro_db_run() starts the next use. */
static int
parameter_of (CobroDbStatement *statement, const char *name)
{
  int parameter = find_parameter (statement, name);

  statement->lent = TRUE;
  if (parameter > 0)
    return parameter;
  statement->spoiled = TRUE;
  g_critical ("no parameter %s in “%s”", name, statement->sql);
  return 0;
}

static void
note_bound (CobroDbStatement *statement, gboolean ok)
{
  if (!ok)
    statement->spoiled = TRUE;
}

void
cobro_db_bind_int64 (CobroDbStatement *statement, const char *name, gint64 value)
{
  int parameter = parameter_of (statement, name);

  if (parameter > 0)
    note_bound (statement, statement->db->driver->bind_int64 (statement->cursor, parameter, value));
}

void
cobro_db_bind_text (CobroDbStatement *statement, const char *name, const char *value)
{
  int parameter = parameter_of (statement, name);

  if (parameter == 0)
    return;
  if (value == NULL)
    note_bound (statement, statement->db->driver->bind_null (statement->cursor, parameter));
  else
    note_bound (statement, statement->db->driver->bind_text (statement->cursor, parameter, value));
}

void
cobro_db_bind_blob (CobroDbStatement *statement, const char *name, gconstpointer bytes, gsize n)
{
  int parameter = parameter_of (statement, name);

  if (parameter > 0)
    note_bound (statement, statement->db->driver->bind_blob (statement->cursor, parameter, bytes, n));
}

void
cobro_db_bind_null (CobroDbStatement *statement, const char *name)
{
  cobro_db_bind_text (statement, name, NULL);
}

void
cobro_db_bind_bool (CobroDbStatement *statement, const char *name, gboolean value)
{
  cobro_db_bind_int64 (statement, name, value ? 1 : 0);
}

void
cobro_db_bind_time (CobroDbStatement *statement, const char *name, CobroTime value)
{
  if (value == 0)
    cobro_db_bind_null (statement, name);
  else
    cobro_db_bind_int64 (statement, name, value);
}

void
cobro_db_bind_id (CobroDbStatement *statement, const char *name, const CobroId *id)
{
  cobro_db_bind_text (statement, name, id->text[0] == '\0' ? NULL : id->text);
}

void
cobro_db_bind_money (CobroDbStatement *statement, const char *name, CobroMoney money)
{
  if (cobro_money_is_set (money))
    cobro_db_bind_int64 (statement, name, cobro_money_minor (money));
  else
    cobro_db_bind_null (statement, name);
}

void
cobro_db_bind_hash (CobroDbStatement *statement, const char *name, const CobroTokenHash *hash)
{
  cobro_db_bind_blob (statement, name, hash->bytes, sizeof hash->bytes);
}

CobroDbStep
cobro_db_step (CobroDbStatement *statement, GError **error)
{
  CobroDbStep step;

  if (statement->spoiled)
    {
      cobro_error_set (error, COBRO_ERROR_INTERNAL, "a value could not be bound in “%s”", statement->sql);
      return COBRO_DB_FAILED;
    }
  step = statement->db->driver->step (statement->cursor, error);
  if (step == COBRO_DB_ROW && statement->n_columns < 0)
    learn_columns (statement);
  return step;
}

gboolean
cobro_db_run (CobroDbStatement *statement, GError **error)
{
  CobroDbStep step;

  do
    step = cobro_db_step (statement, error);
  while (step == COBRO_DB_ROW);
  cobro_db_reset (statement);
  return step == COBRO_DB_DONE;
}

gint64
cobro_db_changes (CobroDb *db)
{
  return db->driver->changes (db->connection);
}

gint64
cobro_db_total_changes (CobroDb *db)
{
  return db->driver->total_changes (db->connection);
}

/* ── Columns ────────────────────────────────────────────────────────────────────────────────────────────── */

static int
column_of (CobroDbStatement *statement, const char *name)
{
  for (int i = 0, column = statement->next_column; i < statement->n_columns; i++, column++)
    {
      if (column >= statement->n_columns)
        column = 0;
      if (strcmp (statement->names[column], name) != 0)
        continue;
      statement->next_column = column + 1;
      return column;
    }
  g_critical ("no column %s in “%s”", name, statement->sql);
  return -1;
}

gint64
cobro_db_column_int64 (CobroDbStatement *statement, const char *name)
{
  int column = column_of (statement, name);

  return column < 0 ? 0 : statement->db->driver->column_int64 (statement->cursor, column);
}

gboolean
cobro_db_column_bool (CobroDbStatement *statement, const char *name)
{
  return cobro_db_column_int64 (statement, name) != 0;
}

const char *
cobro_db_column_text (CobroDbStatement *statement, const char *name)
{
  int column = column_of (statement, name);

  return column < 0 ? NULL : statement->db->driver->column_text (statement->cursor, column);
}

gconstpointer
cobro_db_column_blob (CobroDbStatement *statement, const char *name, gsize *out_n)
{
  int column = column_of (statement, name);

  *out_n = 0;
  return column < 0 ? NULL : statement->db->driver->column_blob (statement->cursor, column, out_n);
}

gboolean
cobro_db_column_is_null (CobroDbStatement *statement, const char *name)
{
  int column = column_of (statement, name);

  return column < 0 || statement->db->driver->column_is_null (statement->cursor, column);
}

CobroTime
cobro_db_column_time (CobroDbStatement *statement, const char *name)
{
  return cobro_db_column_int64 (statement, name);
}

CobroId
cobro_db_column_id (CobroDbStatement *statement, const char *name)
{
  const char *text = cobro_db_column_text (statement, name);
  CobroId id = COBRO_ID_NONE;

  if (text != NULL)
    g_strlcpy (id.text, text, sizeof id.text);
  return id;
}

CobroMoney
cobro_db_column_money (CobroDbStatement *statement, const char *name, CobroCurrency currency)
{
  int column = column_of (statement, name);

  if (column < 0 || statement->db->driver->column_is_null (statement->cursor, column))
    return COBRO_MONEY_NONE;
  return cobro_money (statement->db->driver->column_int64 (statement->cursor, column), currency);
}

/* ── Transactions ───────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_db_wait_notification (CobroDb *db, gint64 timeout_us, int wake_fd, char **out_payload, GError **error)
{
  g_return_val_if_fail (db->driver->wait_notification != NULL, FALSE);

  return db->driver->wait_notification (db->connection, timeout_us, wake_fd, out_payload, error);
}

gboolean
cobro_db_set_patient (CobroDb *db, gboolean patient, GError **error)
{
  return db->driver->set_patient == NULL || db->driver->set_patient (db->connection, patient, error);
}

gboolean
cobro_db_exec (CobroDb *db, const char *sql, GError **error)
{
  return db->driver->exec (db->connection, sql, error);
}

static gboolean
run_sql (CobroDb *db, const char *sql, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (db, sql, error);

  return statement != NULL && cobro_db_run (statement, error);
}

gboolean
cobro_db_begin (CobroDb *db, GError **error)
{
  return run_sql (db, db->driver->begin_sql, error);
}

gboolean
cobro_db_begin_read (CobroDb *db, GError **error)
{
  return run_sql (db, db->driver->begin_read_sql, error);
}

gboolean
cobro_db_commit (CobroDb *db, GError **error)
{
  if (db->depth > 0)
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "a savepoint is still open");
  return run_sql (db, "COMMIT", error);
}

void
cobro_db_rollback (CobroDb *db)
{
  g_autoptr (GError) error = NULL;

  db->depth = 0;
  if (db->driver->in_transaction (db->connection) && !run_sql (db, "ROLLBACK", &error))
    g_debug ("rollback: %s", error->message);
}

gboolean
cobro_db_in_transaction (CobroDb *db)
{
  return db->driver->in_transaction (db->connection);
}

guint
cobro_db_savepoint_depth (CobroDb *db)
{
  return db->depth;
}

/* Savepoints nest under one name: the newest of that name is meant. */
gboolean
cobro_db_savepoint (CobroDb *db, GError **error)
{
  if (!run_sql (db, "SAVEPOINT cobro", error))
    return FALSE;
  db->depth++;
  return TRUE;
}

gboolean
cobro_db_release (CobroDb *db, GError **error)
{
  if (db->depth == 0)
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "no savepoint is open");
  if (!run_sql (db, "RELEASE cobro", error))
    return FALSE;
  db->depth--;
  return TRUE;
}

void
cobro_db_rollback_savepoint (CobroDb *db)
{
  g_autoptr (GError) error = NULL;

  if (db->depth == 0)
    return;
  db->depth--;
  /* A failure may have ended the whole transaction already, and the savepoint with it. */
  if (!db->driver->in_transaction (db->connection))
    db->depth = 0;
  else if (!run_sql (db, "ROLLBACK TO cobro", &error) || !run_sql (db, "RELEASE cobro", &error))
    g_debug ("rollback to savepoint: %s", error->message);
}

const CobroDbDriver *
cobro_db_get_driver (CobroDb *db)
{
  return db->driver;
}

CobroDbConnection *
cobro_db_get_connection (CobroDb *db)
{
  return db->connection;
}

/* ── Care of the file ───────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_db_set_schema_version (CobroDb *db, guint number, GError **error)
{
  return db->driver->set_schema_version == NULL || db->driver->set_schema_version (db->connection, number, error);
}

gboolean
cobro_db_backup (CobroDb *db, const char *path, GError **error)
{
  if (db->driver->backup == NULL)
    return cobro_error_set (
      error, COBRO_ERROR_CONFIG,
      "a database server is copied with its own tools: pg_basebackup and archived logs, or pg_dump");
  return db->driver->backup (db->connection, path, error);
}

gboolean
cobro_db_check (CobroDb *db, gboolean quick, GError **error)
{
  return db->driver->check (db->connection, quick, error);
}

gint64
cobro_db_log_pages (CobroDb *db)
{
  return db->driver->log_pages == NULL ? 0 : db->driver->log_pages (db->connection);
}

gboolean
cobro_db_checkpoint (CobroDb *db, gboolean truncate, GError **error)
{
  return db->driver->checkpoint == NULL || db->driver->checkpoint (db->connection, truncate, error);
}
