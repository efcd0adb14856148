/* tests/relay/store/test-engines.c — SQLite and PostgreSQL side by side: the schemas as the engines see them, and every
 * statement that the relay's compiled files hold (statements.py), prepared on both. Layer: tests. */
#include <glib/gstdio.h>
#include <string.h>

#include "cobro-test.h"
#include "rig.h"

/* Both books, new. */
typedef struct
{
  Rig *rig; /* on PostgreSQL */
  char *folder;
  RelayStore *store; /* on SQLite */
  CobroDb *sqlite, *postgres;
} Engines;

static void
set_up (Engines *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  self->rig = rig_new ();
  g_assert_true (relay_store_is_shared (self->rig->store));
  self->folder = g_dir_make_tmp ("cobro-engines-XXXXXX", &error);
  self->store = relay_store_open (
    &(RelayStoreConfig){ .folder = self->folder, .clock = self->rig->clock, .random = self->rig->random }, &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "relay.sqlite", NULL);
  self->sqlite = cobro_db_open (path, COBRO_DB_READ_ONLY, 0x436F5265, &error);
  g_assert_no_error (error);
  self->postgres = rig_connect (self->rig, self->rig->folder);
}

static void
tear_down (Engines *self, gconstpointer data)
{
  cobro_db_close (self->sqlite);
  cobro_db_close (self->postgres);
  relay_store_close (self->store);
  rig_remove_folder (self->folder);
  g_free (self->folder);
  rig_free (self->rig);
}

/* ── The schema ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) the rows of a query with one column "fact", a line each. */
static char *
read_facts (CobroDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, &error);
  g_autoptr (GString) facts = g_string_new (NULL);
  CobroDbStep step;

  g_assert_no_error (error);
  while ((step = cobro_db_step (statement, &error)) == COBRO_DB_ROW)
    g_string_append_printf (facts, "%s\n", cobro_db_column_text (statement, "fact"));
  g_assert_no_error (error);
  g_assert_cmpuint (facts->len, >, 0);
  return g_strdup (facts->str);
}

static void
compare (Engines *self, const char *sqlite, const char *postgres)
{
  g_autofree char *here = read_facts (self->sqlite, sqlite);
  g_autofree char *there = read_facts (self->postgres, postgres);
  g_auto (GStrv) lines = g_strsplit (here, "\n", -1);
  g_auto (GStrv) others = g_strsplit (there, "\n", -1);

  for (guint i = 0; lines[i] != NULL && others[i] != NULL; i++)
    g_assert_cmpstr (lines[i], ==, others[i]);
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (others));
}

#define OURS "NOT IN ('schema_migration', 'writer_lane')"

static void
test_columns (Engines *self, gconstpointer data)
{
  compare (
    self,
    "SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' "
    "ELSE 'text' END || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' needed' ELSE '' END || CASE WHEN c.pk > 0 "
    "THEN ' key' ELSE '' END AS fact FROM sqlite_master AS t JOIN pragma_table_info (t.name) AS c WHERE t.type = "
    "'table' AND t.name " OURS " AND substr (t.name, 1, 7) <> 'sqlite_' ORDER BY 1",
    "SELECT r.relname || '.' || a.attname || ' ' || format_type (a.atttypid, -1) || CASE WHEN a.attnotnull THEN "
    "' needed' ELSE '' END || CASE WHEN EXISTS (SELECT 1 FROM pg_index WHERE indrelid = r.oid AND indisprimary AND "
    "a.attnum = ANY (indkey)) THEN ' key' ELSE '' END AS fact FROM pg_class AS r JOIN pg_attribute AS a ON "
    "a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE r.relkind = 'r' AND r.relnamespace = "
    "CAST ('public' AS regnamespace) AND r.relname " OURS " ORDER BY 1");
}

/* Named ones: those of UNIQUE and PRIMARY KEY are compared with the columns and the texts. */
static void
test_indexes (Engines *self, gconstpointer data)
{
  compare (
    self,
    "SELECT m.tbl_name || '.' || m.name || CASE WHEN l.\"unique\" = 1 THEN ' unique' ELSE '' END || CASE WHEN "
    "l.partial = 1 THEN ' partial' ELSE '' END || (SELECT count(*) FROM pragma_index_info (m.name)) AS fact FROM "
    "sqlite_master AS m JOIN pragma_index_list (m.tbl_name) AS l ON l.name = m.name WHERE m.type = 'index' AND "
    "m.sql IS NOT NULL ORDER BY 1",
    "SELECT t.relname || '.' || i.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END || CASE WHEN "
    "x.indpred IS NOT NULL THEN ' partial' ELSE '' END || x.indnatts AS fact FROM pg_index AS x JOIN pg_class AS i "
    "ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid WHERE t.relnamespace = CAST ('public' AS "
    "regnamespace) AND t.relname " OURS " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.oid AND "
    "contype IN ('p', 'u')) ORDER BY 1");
}

static void
test_triggers (Engines *self, gconstpointer data)
{
  compare (self, "SELECT tbl_name || '.' || name AS fact FROM sqlite_master WHERE type = 'trigger' ORDER BY 1",
           "SELECT relname || '.' || tgname AS fact FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT "
           "tgisinternal AND tgenabled = 'O' ORDER BY 1");
}

/* ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *file; /* what statements.py wrote */

/* Put together at run time: tests that run it prove it. */
static gboolean
is_part (const char *sql)
{
  return strstr (sql, "%s") != NULL || g_str_has_suffix (sql, " ");
}

static gboolean
is_meant_for (const char *sql, gboolean postgres)
{
  static const char *const theirs[] = { "pg_", "nextval (", "setval (", NULL };
  static const char *const ours[] = { "sqlite_", "pragma_", NULL };
  const char *const *others = postgres ? ours : theirs;

  for (guint i = 0; others[i] != NULL; i++)
    if (strstr (sql, others[i]) != NULL)
      return FALSE;
  return TRUE;
}

/* EXPLAIN makes the engine read all of it and do nothing. */
static gboolean
try_statement (CobroDb *db, const char *sql, GError **error)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN ", sql, NULL);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, explain, error);

  return statement != NULL && cobro_db_step (statement, error) != COBRO_DB_FAILED;
}

static void
test_statements (Engines *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length;
  guint tried = 0, bad = 0;

  g_assert_true (g_file_get_contents (file, &text, &length, NULL));
  for (const char *sql = text; sql < text + length; sql += strlen (sql) + 1)
    for (int postgres = 0; postgres <= 1; postgres++)
      {
        g_autoptr (GError) error = NULL;

        if (is_part (sql) || !is_meant_for (sql, postgres))
          continue;
        tried++;
        if (try_statement (postgres ? self->postgres : self->sqlite, sql, &error))
          continue;
        bad++;
        g_test_message ("%s: %s: %s", postgres ? "PostgreSQL" : "SQLite", sql, error->message);
      }
  g_test_message ("%u tried", tried);
  g_assert_cmpuint (tried, >, 300);
  g_assert_cmpuint (bad, ==, 0);
}

/* The test sees a statement that only one engine takes. */
static void
test_sees (Engines *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  g_assert_true (try_statement (self->sqlite, "INSERT OR IGNORE INTO token (link) VALUES (1)", &error));
  g_assert_false (try_statement (self->postgres, "INSERT OR IGNORE INTO token (link) VALUES (1)", &error));
  g_assert_nonnull (error);
  g_assert_true (try_statement (self->postgres, "SELECT 1 FROM token FOR UPDATE", &other));
  g_assert_false (try_statement (self->sqlite, "SELECT 1 FROM token FOR UPDATE", &other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  file = argv[1];
  g_test_add ("/relay/engines/columns", Engines, NULL, set_up, test_columns, tear_down);
  g_test_add ("/relay/engines/indexes", Engines, NULL, set_up, test_indexes, tear_down);
  g_test_add ("/relay/engines/triggers", Engines, NULL, set_up, test_triggers, tear_down);
  g_test_add ("/relay/engines/sees", Engines, NULL, set_up, test_sees, tear_down);
  g_test_add ("/relay/engines/statements", Engines, NULL, set_up, test_statements, tear_down);
  return g_test_run ();
}
