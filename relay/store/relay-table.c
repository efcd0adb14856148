/* relay/store/relay-table.c — tables as the schema tells them.
 * Layer: relay/store. */
#include "relay-table.h"

#include <string.h>

#include "relay-row.h"

/* Rows that are read at once. */
#define PAGE 2000

static void
column_free (gpointer data)
{
  RelayColumn *column = data;

  g_free (column->name);
  g_free (column);
}

static void
table_free (gpointer data)
{
  RelayTable *table = data;

  g_ptr_array_unref (table->keys);
  g_ptr_array_unref (table->columns);
  g_free (table->list);
  g_free (table->key_list);
  g_free (table->name);
  g_free (table);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return (int)((*(const RelayColumn *const *)a)->key - (*(const RelayColumn *const *)b)->key);
}

static char *
join (GPtrArray *columns)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", ((RelayColumn *)columns->pdata[i])->name);
  return g_string_free (list, FALSE);
}

static gboolean
read_columns (RelayTable *table, CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT info.name AS name, info.type AS type, info.pk AS pk FROM pragma_table_info (:table) AS info ORDER BY cid",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":table", table->name);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayColumn *column = g_new0 (RelayColumn, 1);
      const char *type = cobro_db_column_text (statement, "type");

      column->name = g_strdup (cobro_db_column_text (statement, "name"));
      column->type = g_str_equal (type, "INTEGER") ? RELAY_COLUMN_INTEGER
                     : g_str_equal (type, "TEXT")  ? RELAY_COLUMN_TEXT
                                                   : RELAY_COLUMN_BLOB;
      column->key = cobro_db_column_int64 (statement, "pk");
      g_ptr_array_add (table->columns, column);
      if (column->key > 0)
        g_ptr_array_add (table->keys, column);
    }
  return step == COBRO_DB_DONE;
}

static RelayTable *
table_new (const char *name, CobroDb *db, GError **error)
{
  RelayTable *table = g_new0 (RelayTable, 1);

  table->name = g_strdup (name);
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->keys = g_ptr_array_new ();
  if (!read_columns (table, db, error))
    {
      table_free (table);
      return NULL;
    }
  g_ptr_array_sort (table->keys, compare_keys);
  table->list = join (table->columns);
  table->key_list = join (table->keys);
  table->is_numbered = g_str_equal (table->key_list, "row");
  return table;
}

GPtrArray *
relay_tables_of (CobroDb *sqlite, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (table_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (sqlite,
                      "SELECT name FROM sqlite_master WHERE type = 'table' AND substr (name, 1, 7) <> 'sqlite_' AND "
                      "name NOT IN ('schema_migration', 'payment_transition', 'life') ORDER BY rowid",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    g_ptr_array_add (names, relay_row_dup_text (statement, "name"));
  if (step != COBRO_DB_DONE)
    return NULL;
  for (guint i = 0; i < names->len; i++)
    {
      RelayTable *table = table_new (names->pdata[i], sqlite, error);

      if (table == NULL)
        return NULL;
      g_ptr_array_add (tables, table);
    }
  return g_steal_pointer (&tables);
}

gboolean
relay_table_count (const RelayTable *table, CobroDb *db, gint64 *out_n, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) AS n FROM %s", table->name);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);

  return statement != NULL && relay_row_count (statement, out_n, error);
}

/* ── The digest ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* A value with its kind and length in front, so that no two rows read the same. */
static void
add_value (GChecksum *sum, CobroDbStatement *row, const RelayColumn *column)
{
  gsize n = 0;
  gint64 number;
  char head[32];
  gconstpointer bytes = &number;

  if (cobro_db_column_is_null (row, column->name))
    {
      g_checksum_update (sum, (const guchar *)"-", 1);
      return;
    }
  if (column->type == RELAY_COLUMN_INTEGER)
    {
      number = GINT64_TO_BE (cobro_db_column_int64 (row, column->name));
      n = sizeof number;
    }
  else if (column->type == RELAY_COLUMN_TEXT)
    {
      bytes = cobro_db_column_text (row, column->name);
      n = strlen (bytes);
    }
  else
    bytes = cobro_db_column_blob (row, column->name, &n);
  g_snprintf (head, sizeof head, "%d:%" G_GSIZE_FORMAT ":", (int)column->type, n);
  g_checksum_update (sum, (const guchar *)head, -1);
  if (n > 0)
    g_checksum_update (sum, bytes, (gssize)n);
}

/* Where the next page begins. */
typedef struct
{
  GPtrArray *values; /* (element-type GBytes) of the keys; texts with their end, numbers as gint64 */
} Place;

static void
note_place (Place *place, const RelayTable *table, CobroDbStatement *row)
{
  g_ptr_array_set_size (place->values, 0);
  for (guint i = 0; i < table->keys->len; i++)
    {
      const RelayColumn *key = table->keys->pdata[i];
      gint64 number = key->type == RELAY_COLUMN_INTEGER ? cobro_db_column_int64 (row, key->name) : 0;
      gsize n = sizeof number;
      gconstpointer bytes = &number;

      if (key->type == RELAY_COLUMN_TEXT)
        {
          bytes = cobro_db_column_text (row, key->name);
          n = strlen (bytes) + 1;
        }
      else if (key->type == RELAY_COLUMN_BLOB)
        bytes = cobro_db_column_blob (row, key->name, &n);
      g_ptr_array_add (place->values, g_bytes_new (bytes, n));
    }
}

static void
bind_place (CobroDbStatement *statement, const RelayTable *table, const Place *place)
{
  for (guint i = 0; i < table->keys->len; i++)
    {
      const RelayColumn *key = table->keys->pdata[i];
      gsize n;
      gconstpointer bytes = g_bytes_get_data (place->values->pdata[i], &n);
      char name[16];

      g_snprintf (name, sizeof name, ":k%u", i);
      if (key->type == RELAY_COLUMN_INTEGER)
        cobro_db_bind_int64 (statement, name, *(const gint64 *)bytes);
      else if (key->type == RELAY_COLUMN_TEXT)
        cobro_db_bind_text (statement, name, bytes);
      else
        cobro_db_bind_blob (statement, name, bytes, n);
    }
}

static char *
page_sql (const RelayTable *table, gboolean is_first)
{
  g_autoptr (GString) after = g_string_new (NULL);

  for (guint i = 0; i < table->keys->len && !is_first; i++)
    g_string_append_printf (after, "%s:k%u", i > 0 ? ", " : "", i);
  return is_first
           ? g_strdup_printf ("SELECT %s FROM %s ORDER BY %s LIMIT %d", table->list, table->name, table->key_list, PAGE)
           : g_strdup_printf ("SELECT %s FROM %s WHERE (%s) > (%s) ORDER BY %s LIMIT %d", table->list, table->name,
                              table->key_list, after->str, table->key_list, PAGE);
}

/* @out_n: rows of this page. */
static gboolean
add_page (const RelayTable *table, CobroDb *db, GChecksum *sum, Place *place, gint64 *out_n, GError **error)
{
  g_autofree char *sql = page_sql (table, place->values->len == 0);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);
  CobroDbStep step;

  *out_n = 0;
  if (statement == NULL)
    return FALSE;
  if (place->values->len > 0)
    bind_place (statement, table, place);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      for (guint i = 0; i < table->columns->len; i++)
        add_value (sum, statement, table->columns->pdata[i]);
      note_place (place, table, statement);
      ++*out_n;
    }
  return step == COBRO_DB_DONE;
}

gboolean
relay_table_digest (const RelayTable *table, CobroDb *db, RelayTableDigest *out_digest, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  Place place = { values };
  gint64 n;

  out_digest->rows = 0;
  do
    {
      if (!add_page (table, db, sum, &place, &n, error))
        return FALSE;
      out_digest->rows += n;
    }
  while (n == PAGE);
  g_strlcpy (out_digest->hash, g_checksum_get_string (sum), sizeof out_digest->hash);
  return TRUE;
}
