/* src/db/cobro-db-postgres.c — the PostgreSQL driver: statements, values, transactions. The only files that include
 * libpq-fe.h are this one and its neighbours cobro-db-postgres-*.c.
 * Layer: db. A connection belongs to one thread at a time.
 *
 * A statement is prepared when it is run, for the types of what is bound to it: one plan per combination of types. A
 * null takes the type that its parameter had before, or none, which leaves it to the server. Results come whole, in the
 * binary format. */
#include "config.h"
#include "cobro-db-postgres.h"
#include "cobro-error.h"

#include <string.h>

#define PLANS_MAX 16
#define OID_BYTEA 17
#define OID_INT8  20
#define OID_TEXT  25

typedef struct
{
  gboolean is_null;
  Oid type;      /* of what is bound; with a null, what was bound the last time, or 0 */
  gint64 number; /* the highest byte first */
  char *bytes;   /* text or blob; NULL for a number */
  gsize length;
} Value;

/* One prepared statement. */
typedef struct
{
  guint generation;
  char *name;
  Oid *types;
} Plan;

struct _CobroDbCursor
{
  CobroDbConnection *connection;
  CobroDbNumberedSql *sql;
  gboolean is_control; /* BEGIN, SAVEPOINT …: said in the simple protocol, which works in a failed transaction, too */
  gboolean begins;
  gboolean is_with; /* "WITH … SELECT" may hide a change */
  guint n;          /* values: one per name */
  Value *values;
  GPtrArray *plans; /* (element-type Plan) */
  PGresult *result;
  int row;
  char **texts; /* of this row's numbers that were read as texts; NULL until one was */
};

/* ── Opening ────────────────────────────────────────────────────────────────────────────────────────────── */

static void
postgres_close (CobroDbConnection *self)
{
  if (self == NULL)
    return;
  PQfinish (self->pg);
  g_free (self->uri);
  g_free (self);
}

static CobroDbConnection *
postgres_open (const char *uri, CobroDbFlags flags, guint32 application_id, GError **error)
{
  CobroDbConnection *self = g_new0 (CobroDbConnection, 1);

  self->uri = g_strdup (uri);
  self->flags = flags;
  if (cobro_db_postgres_connect (self, error))
    return self;
  postgres_close (self);
  return NULL;
}

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────── */

static void
plan_free (gpointer data)
{
  Plan *plan = data;

  g_free (plan->name);
  g_free (plan->types);
  g_free (plan);
}

static gboolean
begins_with_word (const char *sql, const char *word)
{
  gsize n = strlen (word);

  return g_ascii_strncasecmp (sql, word, n) == 0 && !g_ascii_isalnum (sql[n]) && sql[n] != '_';
}

static CobroDbCursor *
postgres_prepare (CobroDbConnection *connection, const char *sql, GError **error)
{
  static const char *const control[] = { "BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE" };
  CobroDbCursor *cursor = g_new0 (CobroDbCursor, 1);

  sql += strspn (sql, " \t\r\n");
  cursor->connection = connection;
  cursor->sql = cobro_db_numbered_sql_new (sql);
  cursor->n = cursor->sql->names->len;
  cursor->values = g_new0 (Value, cursor->n);
  cursor->plans = g_ptr_array_new_with_free_func (plan_free);
  for (guint i = 0; i < cursor->n; i++)
    cursor->values[i].is_null = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (control); i++)
    cursor->is_control = cursor->is_control || begins_with_word (sql, control[i]);
  cursor->begins = begins_with_word (sql, "BEGIN") || begins_with_word (sql, "START");
  cursor->is_with = begins_with_word (sql, "WITH");
  return cursor;
}

static void
forget_texts (CobroDbCursor *cursor)
{
  g_clear_pointer (&cursor->texts, g_strfreev);
}

static void
unbind (Value *value)
{
  g_clear_pointer (&value->bytes, g_free);
  value->is_null = TRUE;
}

static void
postgres_reset (CobroDbCursor *cursor)
{
  forget_texts (cursor);
  g_clear_pointer (&cursor->result, PQclear);
  for (guint i = 0; i < cursor->n; i++)
    unbind (&cursor->values[i]);
}

/* The server's side of it ends with the session. */
static void
postgres_finalize (CobroDbCursor *cursor)
{
  postgres_reset (cursor);
  g_free (cursor->values);
  g_ptr_array_unref (cursor->plans);
  cobro_db_numbered_sql_free (cursor->sql);
  g_free (cursor);
}

static int
postgres_parameter (CobroDbCursor *cursor, const char *name)
{
  for (guint i = 0; i < cursor->n; i++)
    if (strcmp (cursor->sql->names->pdata[i], name) == 0)
      return (int)i + 1;
  return 0;
}

static Value *
bind_value (CobroDbCursor *cursor, int parameter, Oid type)
{
  Value *value = &cursor->values[parameter - 1];

  unbind (value);
  value->is_null = FALSE;
  value->type = type;
  return value;
}

static gboolean
postgres_bind_int64 (CobroDbCursor *cursor, int parameter, gint64 number)
{
  Value *value = bind_value (cursor, parameter, OID_INT8);

  value->number = GINT64_TO_BE (number);
  value->length = sizeof value->number;
  return TRUE;
}

static gboolean
postgres_bind_text (CobroDbCursor *cursor, int parameter, const char *text)
{
  Value *value = bind_value (cursor, parameter, OID_TEXT);

  value->bytes = g_strdup (text);
  value->length = strlen (text);
  return value->length <= G_MAXINT;
}

static gboolean
postgres_bind_blob (CobroDbCursor *cursor, int parameter, gconstpointer bytes, gsize n)
{
  Value *value = bind_value (cursor, parameter, OID_BYTEA);

  value->bytes = g_malloc (n + 1);
  if (n > 0)
    memcpy (value->bytes, bytes, n);
  value->length = n;
  return n <= G_MAXINT;
}

static gboolean
postgres_bind_null (CobroDbCursor *cursor, int parameter)
{
  unbind (&cursor->values[parameter - 1]);
  return TRUE;
}

/* ── Running ────────────────────────────────────────────────────────────────────────────────────────────── */

/* What is sent for $1, $2 …; one more element than there are, for there may be none. */
typedef struct
{
  guint n;
  Oid *types;
  const char **bytes;
  int *lengths, *formats;
} Arguments;

static void
arguments_clear (Arguments *self)
{
  g_free (self->types);
  g_free (self->bytes);
  g_free (self->lengths);
  g_free (self->formats);
}

static void
arguments_fill (Arguments *self, CobroDbCursor *cursor)
{
  self->n = cursor->sql->slots->len;
  self->types = g_new0 (Oid, self->n + 1);
  self->bytes = g_new (const char *, self->n + 1);
  self->lengths = g_new0 (int, self->n + 1);
  self->formats = g_new (int, self->n + 1);
  for (guint i = 0; i < self->n; i++)
    {
      const CobroDbSlot *slot = &g_array_index (cursor->sql->slots, CobroDbSlot, i);
      const Value *value = &cursor->values[slot->name];

      self->types[i] = slot->is_test ? OID_TEXT : value->type;
      self->formats[i] = 1;
      if (value->is_null)
        self->bytes[i] = NULL;
      else if (slot->is_test)
        self->bytes[i] = "";
      else
        {
          self->bytes[i] = value->bytes != NULL ? value->bytes : (const char *)&value->number;
          self->lengths[i] = (int)value->length;
        }
    }
}

static Plan *
find_plan (CobroDbCursor *cursor, const Arguments *arguments)
{
  for (guint i = 0; i < cursor->plans->len; i++)
    {
      Plan *plan = cursor->plans->pdata[i];

      if (plan->generation == cursor->connection->generation &&
          memcmp (plan->types, arguments->types, arguments->n * sizeof (Oid)) == 0)
        return plan;
    }
  return NULL;
}

/* Prepares it for these types. Plans of a session that has ended are forgotten; a statement with many combinations of
 * types starts over: its old plans stay with the server until the session ends. */
static Plan *
make_plan (CobroDbCursor *cursor, const Arguments *arguments, GError **error)
{
  CobroDbConnection *connection = cursor->connection;
  g_autofree char *name = g_strdup_printf ("s%u", ++connection->prepared);
  PGresult *result = cobro_db_postgres_answer (
    connection, PQsendPrepare (connection->pg, name, cursor->sql->sql, (int)arguments->n, arguments->types) == 1,
    error);
  Plan *first = cursor->plans->len > 0 ? cursor->plans->pdata[0] : NULL;
  Plan *plan;

  if (result == NULL)
    return NULL;
  PQclear (result);
  if (first != NULL && (first->generation != connection->generation || cursor->plans->len >= PLANS_MAX))
    g_ptr_array_set_size (cursor->plans, 0);
  plan = g_new (Plan, 1);
  *plan = (Plan){ connection->generation, g_steal_pointer (&name),
                  g_memdup2 (arguments->types, (arguments->n + 1) * sizeof (Oid)) };
  g_ptr_array_add (cursor->plans, plan);
  return plan;
}

static PGresult *
run_prepared (CobroDbCursor *cursor, GError **error)
{
  CobroDbConnection *connection = cursor->connection;
  Arguments arguments;
  const Plan *plan;
  PGresult *result = NULL;

  arguments_fill (&arguments, cursor);
  plan = find_plan (cursor, &arguments);
  if (plan == NULL)
    plan = make_plan (cursor, &arguments, error);
  if (plan != NULL)
    result =
      cobro_db_postgres_answer (connection,
                                PQsendQueryPrepared (connection->pg, plan->name, (int)arguments.n, arguments.bytes,
                                                     arguments.lengths, arguments.formats, 1) == 1,
                                error);
  arguments_clear (&arguments);
  return result;
}

static PGresult *
run_once (CobroDbCursor *cursor, GError **error)
{
  if (!cobro_db_postgres_ready (cursor->connection, cursor->begins, error))
    return NULL;
  if (cursor->is_control)
    return cobro_db_postgres_query (cursor->connection, cursor->sql->sql, error);
  if (cursor->is_with)
    cursor->connection->wrote = TRUE;
  return run_prepared (cursor, error);
}

/* The server may have ended the session while nobody looked. What begins a transaction, or reads outside of one, has
 * done nothing by then and is said again; a writer is told. */
static PGresult *
run (CobroDbCursor *cursor, GError **error)
{
  CobroDbConnection *connection = cursor->connection;
  gboolean harmless = !connection->within && (cursor->begins || (connection->flags & COBRO_DB_READ_ONLY) != 0);
  g_autoptr (GError) failure = NULL;
  PGresult *result = run_once (cursor, &failure);

  if (result != NULL)
    return result;
  if (harmless && connection->pg != NULL && cobro_db_postgres_is_lost (connection))
    return run_once (cursor, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* Columns of types that we do not read, and sums beyond 64 bits, are errors before anybody takes them for zero. */
static gboolean
check_columns (const PGresult *result, GError **error)
{
  for (int column = 0; column < PQnfields (result); column++)
    {
      if (!cobro_db_postgres_type_is_known (PQftype (result, column)))
        return cobro_error_set (error, COBRO_ERROR_INTERNAL, "column “%s” has a type (%u) that must be cast",
                                PQfname (result, column), PQftype (result, column));
      for (int row = 0; row < PQntuples (result); row++)
        if (!cobro_db_postgres_fits (result, row, column))
          return cobro_error_set (error, COBRO_ERROR_OVERFLOW, "a number in column “%s” exceeds 64 bits",
                                  PQfname (result, column));
    }
  return TRUE;
}

static CobroDbStep
postgres_step (CobroDbCursor *cursor, GError **error)
{
  if (cursor->result == NULL)
    {
      cursor->row = -1;
      if ((cursor->result = run (cursor, error)) == NULL || !check_columns (cursor->result, error))
        {
          g_clear_pointer (&cursor->result, PQclear);
          g_prefix_error (error, "in “%s”: ", cursor->sql->sql);
          return COBRO_DB_FAILED;
        }
    }
  forget_texts (cursor);
  if (cursor->row + 1 >= PQntuples (cursor->result))
    return COBRO_DB_DONE;
  cursor->row++;
  return COBRO_DB_ROW;
}

/* ── Columns ────────────────────────────────────────────────────────────────────────────────────────────── */

static int
postgres_n_columns (CobroDbCursor *cursor)
{
  return cursor->result != NULL ? PQnfields (cursor->result) : -1;
}

static const char *
postgres_column_name (CobroDbCursor *cursor, int column)
{
  return PQfname (cursor->result, column);
}

static gboolean
postgres_column_is_null (CobroDbCursor *cursor, int column)
{
  return PQgetisnull (cursor->result, cursor->row, column) != 0;
}

static gint64
postgres_column_int64 (CobroDbCursor *cursor, int column)
{
  return cobro_db_postgres_int64 (cursor->result, cursor->row, column);
}

/* A number that is read as a text lives until the next row. */
static const char *
number_as_text (CobroDbCursor *cursor, int column)
{
  if (cursor->texts == NULL)
    {
      cursor->texts = g_new0 (char *, (gsize)PQnfields (cursor->result) + 1);
      for (int i = 0; i < PQnfields (cursor->result); i++)
        cursor->texts[i] = g_strdup_printf ("%" G_GINT64_FORMAT, postgres_column_int64 (cursor, i));
    }
  return cursor->texts[column];
}

static const char *
postgres_column_text (CobroDbCursor *cursor, int column)
{
  if (postgres_column_is_null (cursor, column))
    return NULL;
  if (cobro_db_postgres_is_number (PQftype (cursor->result, column)))
    return number_as_text (cursor, column);
  return PQgetvalue (cursor->result, cursor->row, column);
}

static gconstpointer
postgres_column_blob (CobroDbCursor *cursor, int column, gsize *out_n)
{
  const char *text = postgres_column_text (cursor, column);

  *out_n = 0;
  if (text == NULL)
    return NULL;
  *out_n = cobro_db_postgres_is_number (PQftype (cursor->result, column))
             ? strlen (text)
             : (gsize)PQgetlength (cursor->result, cursor->row, column);
  return *out_n > 0 ? text : NULL;
}

/* ── The connection ─────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
exec_once (CobroDbConnection *self, const char *sql, gboolean begins, GError **error)
{
  PGresult *result = NULL;
  gboolean ok;

  if (!cobro_db_postgres_ready (self, begins, error))
    return FALSE;
  result = cobro_db_postgres_query (self, sql, error);
  ok = result != NULL;
  PQclear (result);
  return ok;
}

/* As run(): only what begins a transaction, and does not end it as well, is said again. */
static gboolean
postgres_exec (CobroDbConnection *self, const char *sql, GError **error)
{
  gboolean begins = begins_with_word (sql, "BEGIN");
  gboolean harmless = begins && !self->within && strstr (sql, "COMMIT") == NULL;
  g_autoptr (GError) failure = NULL;

  if (exec_once (self, sql, begins, &failure))
    return TRUE;
  if (harmless && self->pg != NULL && cobro_db_postgres_is_lost (self))
    return exec_once (self, sql, begins, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gint64
postgres_changes (CobroDbConnection *self)
{
  return self->changes;
}

static gint64
postgres_total_changes (CobroDbConnection *self)
{
  return self->total_changes;
}

static gboolean
postgres_in_transaction (CobroDbConnection *self)
{
  return self->within;
}

/* The server looks after its files itself. */
static gboolean
postgres_check (CobroDbConnection *self, gboolean quick, GError **error)
{
  return postgres_exec (self, "SELECT 1", error);
}

const CobroDbDriver cobro_db_postgres_driver = {
  .name = "postgresql",
  .handles = cobro_db_postgres_handles,
  .open = postgres_open,
  .close = postgres_close,
  .prepare = postgres_prepare,
  .finalize = postgres_finalize,
  .reset = postgres_reset,
  .parameter = postgres_parameter,
  .bind_int64 = postgres_bind_int64,
  .bind_text = postgres_bind_text,
  .bind_blob = postgres_bind_blob,
  .bind_null = postgres_bind_null,
  .step = postgres_step,
  .n_columns = postgres_n_columns,
  .column_name = postgres_column_name,
  .column_is_null = postgres_column_is_null,
  .column_int64 = postgres_column_int64,
  .column_text = postgres_column_text,
  .column_blob = postgres_column_blob,
  .exec = postgres_exec,
  .changes = postgres_changes,
  .total_changes = postgres_total_changes,
  .in_transaction = postgres_in_transaction,
  .begin_sql = "BEGIN ISOLATION LEVEL READ COMMITTED",
  .begin_read_sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  .register_sql = "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, "
                  "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
  .has_register_sql = "SELECT count(*) AS n FROM pg_class WHERE oid = to_regclass ('schema_migration')",
  .begin_migration_sql = "BEGIN; SELECT pg_advisory_xact_lock (" COBRO_DB_POSTGRES_LOCKS ", 1)",
  .set_patient = cobro_db_postgres_set_patient,
  .wait_notification = cobro_db_postgres_wait_notification,
  .check = postgres_check,
  .lanes = &cobro_db_postgres_lanes,
};
