/* relay/store/relay-move.c — from SQLite to PostgreSQL: tables in the order they were made, which is that of their
 * foreign keys; columns and keys as the schema tells them. Layer: relay/store. Any thread. */
#include "relay-move.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-db-migration.h"
#include "relay-audit.h"
#include "relay-row.h"
#include "relay-store-private.h"
#include "relay-table.h"

/* Rows of one INSERT. */
#define BATCH 16

typedef struct
{
  RelayStore *store;
  CobroDb *from, *to;
  GPtrArray *tables; /* (element-type RelayTable) */
  RelayMoveTold told;
  gpointer data;
} Move;

/* ── Before ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
audit (CobroDb *db, const char *whose, CobroTime now, GError **error)
{
  g_autoptr (RelayAuditReport) report = relay_audit_run (db, 0, now, error);
  const RelayViolation *first;

  if (report == NULL)
    return FALSE;
  if (report->count == 0)
    return TRUE;
  first = report->violations->pdata[0];
  return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                          "the audit of %s found %" G_GINT64_FORMAT
                          " violations (first: %s, %s: expected %s, found %s)",
                          whose, report->count, first->invariant, first->object, first->expected, first->found);
}

static gboolean
make_ready (Move *move, GError **error)
{
  g_autoptr (GPtrArray) migrations = relay_store_migrations (TRUE, error);

  return migrations != NULL &&
         cobro_db_migrate (move->to, migrations, NULL, cobro_clock_now (relay_store_clock (move->store)), error);
}

static gboolean
check_empty (Move *move, GError **error)
{
  for (guint i = 0; i < move->tables->len; i++)
    {
      const RelayTable *table = move->tables->pdata[i];
      gint64 n;

      if (!relay_table_count (table, move->to, &n, error))
        return FALSE;
      if (n > 0)
        return cobro_error_set (error, COBRO_ERROR_EXISTS,
                                "the database is not empty: %s has %" G_GINT64_FORMAT " rows; nothing was changed",
                                table->name, n);
    }
  return TRUE;
}

/* ── Copying ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "INSERT … VALUES (:c0_0, :c1_0), (:c0_1, …": @rows of them. */
static char *
insert_sql (const RelayTable *table, guint rows)
{
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, "INSERT INTO %s (%s) VALUES ", table->name, table->list);
  for (guint row = 0; row < rows; row++)
    {
      g_string_append (sql, row > 0 ? ", (" : "(");
      for (guint i = 0; i < table->columns->len; i++)
        g_string_append_printf (sql, "%s:c%u_%u", i > 0 ? ", " : "", i, row);
      g_string_append_c (sql, ')');
    }
  return g_string_free (sql, FALSE);
}

static void
bind_column (CobroDbStatement *insert, const char *name, CobroDbStatement *row, const RelayColumn *column)
{
  gsize n;
  gconstpointer bytes;

  if (cobro_db_column_is_null (row, column->name))
    cobro_db_bind_null (insert, name);
  else if (column->type == RELAY_COLUMN_INTEGER)
    cobro_db_bind_int64 (insert, name, cobro_db_column_int64 (row, column->name));
  else if (column->type == RELAY_COLUMN_TEXT)
    cobro_db_bind_text (insert, name, cobro_db_column_text (row, column->name));
  else
    {
      bytes = cobro_db_column_blob (row, column->name, &n);
      cobro_db_bind_blob (insert, name, n > 0 ? bytes : "", n);
    }
}

/* Moves @rows rows that @from stands before. */
static gboolean
copy_rows (Move *move, const RelayTable *table, CobroDbStatement *from, guint rows, GError **error)
{
  g_autofree char *sql = insert_sql (table, rows);
  g_autoptr (CobroDbStatement) insert = cobro_db_prepare (move->to, sql, error);

  if (insert == NULL)
    return FALSE;
  for (guint row = 0; row < rows; row++)
    {
      CobroDbStep step = cobro_db_step (from, error);

      if (step == COBRO_DB_DONE)
        cobro_error_set (error, COBRO_ERROR_INTERNAL, "%s has fewer rows than it had", table->name);
      if (step != COBRO_DB_ROW)
        return FALSE;
      for (guint i = 0; i < table->columns->len; i++)
        {
          char name[32];

          g_snprintf (name, sizeof name, ":c%u_%u", i, row);
          bind_column (insert, name, from, table->columns->pdata[i]);
        }
    }
  return cobro_db_run (insert, error);
}

/* The numbers go on behind the highest. */
static gboolean
set_sequence (Move *move, const RelayTable *table, GError **error)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT setval ('%s_row_seq', (SELECT max (row) FROM %s)) AS n", table->name, table->name);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (move->to, sql, error);
  gint64 n;

  return statement != NULL && relay_row_count (statement, &n, error);
}

/* The guards are about what a relay may do, and let no history in; foreign keys and checks stay. */
static gboolean
set_guards (Move *move, const RelayTable *table, const char *verb, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE %s %s TRIGGER USER", table->name, verb);

  return cobro_db_exec (move->to, sql, error);
}

static gboolean
copy_table (Move *move, const RelayTable *table, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s ORDER BY %s", table->list, table->name, table->key_list);
  g_autoptr (CobroDbStatement) from = NULL;
  gint64 n, left;

  if (!relay_table_count (table, move->from, &n, error) || !set_guards (move, table, "DISABLE", error) ||
      !(from = cobro_db_prepare (move->from, sql, error)))
    return FALSE;
  for (left = n; left > 0; left -= left >= BATCH ? BATCH : 1)
    if (!copy_rows (move, table, from, left >= BATCH ? BATCH : 1, error))
      return FALSE;
  if (n > 0 && table->is_numbered && !set_sequence (move, table, error))
    return FALSE;
  if (!set_guards (move, table, "ENABLE", error))
    return FALSE;
  if (move->told != NULL)
    move->told (table->name, n, move->data);
  return TRUE;
}

/* ── After ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
compare_table (Move *move, const RelayTable *table, GError **error)
{
  RelayTableDigest here, there;

  if (!relay_table_digest (table, move->from, &here, error) || !relay_table_digest (table, move->to, &there, error))
    return FALSE;
  if (here.rows == there.rows && strcmp (here.hash, there.hash) == 0)
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                          "%s differs: %" G_GINT64_FORMAT " rows (%.12s…) in the file, %" G_GINT64_FORMAT
                          " (%.12s…) in the database; nothing was kept",
                          table->name, here.rows, here.hash, there.rows, there.hash);
}

/* In the target's transaction. */
static gboolean
move_all (Move *move, GError **error)
{
  for (guint i = 0; i < move->tables->len; i++)
    if (!copy_table (move, move->tables->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < move->tables->len; i++)
    if (!compare_table (move, move->tables->pdata[i], error))
      return FALSE;
  return audit (move->to, "the copy", cobro_clock_now (relay_store_clock (move->store)), error);
}

static gboolean
move_between (Move *move, GError **error)
{
  if (!audit (move->from, "the books", cobro_clock_now (relay_store_clock (move->store)), error) ||
      !(move->tables = relay_tables_of (move->from, error)) || !make_ready (move, error) ||
      !check_empty (move, error) || !cobro_db_begin (move->to, error))
    return FALSE;
  if (move_all (move, error) && cobro_db_commit (move->to, error))
    return TRUE;
  cobro_db_rollback (move->to);
  return FALSE;
}

/* The file, and what SQLite keeps beside it, which is empty after a proper end. */
static gboolean
put_aside (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "relay.sqlite", NULL);
  g_autofree char *moved = g_strconcat (path, RELAY_STORE_MOVED, NULL);

  if (g_rename (path, moved) == 0)
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_IO,
                          "the books are in the database now, but \"%s\" could not be renamed (%s): take it away", path,
                          g_strerror (errno));
}

gboolean
relay_move_to_postgres (const RelayStoreConfig *config, const char *uri, RelayMoveTold told, gpointer data,
                        GError **error)
{
  g_autoptr (RelayStore) store = relay_store_open (config, error);
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (CobroDb) to = NULL;
  Move move = { .store = store, .told = told, .data = data };
  gboolean moved;

  if (store == NULL || !(reader = relay_store_read (store, error)) ||
      !(to = cobro_db_open (uri, COBRO_DB_CREATE | COBRO_DB_PATIENT, RELAY_STORE_APPLICATION_ID, error)))
    return FALSE;
  if (!cobro_db_is_postgres (to))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "the target is not a PostgreSQL database");
  move.from = reader->db;
  move.to = to;
  moved = move_between (&move, error);
  g_clear_pointer (&move.tables, g_ptr_array_unref);
  g_clear_pointer (&reader, relay_reader_release);
  g_clear_pointer (&store, relay_store_close);
  return moved && put_aside (config->folder, error);
}
