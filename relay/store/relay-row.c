/* relay/store/relay-row.c — small helpers for reading and writing rows, shared by the nouns.
 * Layer: relay/store. */
#include "relay-row.h"

#include <string.h>

#include "cobro-wire.h"

gboolean
relay_row_broken (GError **error, const char *column, const char *value)
{
  return cobro_error_set (error, COBRO_ERROR_CORRUPT, "a row is damaged: %s is \"%s\"", column,
                          value != NULL ? value : "");
}

void
relay_row_text (CobroDbStatement *statement, const char *column, char **field)
{
  const char *text = cobro_db_column_text (statement, column);

  g_free (*field);
  *field = g_strdup (text != NULL ? text : "");
}

char *
relay_row_dup_text (CobroDbStatement *statement, const char *column)
{
  return g_strdup (cobro_db_column_text (statement, column));
}

gboolean
relay_row_bytes (CobroDbStatement *statement, const char *column, guint8 *out, gsize n, GError **error)
{
  gsize found;
  gconstpointer bytes = cobro_db_column_blob (statement, column, &found);

  if (found != n)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                            "a row is damaged: %s has %" G_GSIZE_FORMAT " bytes, not %" G_GSIZE_FORMAT, column, found,
                            n);
  memcpy (out, bytes, n);
  return TRUE;
}

gboolean
relay_row_currency (CobroDbStatement *statement, const char *column, CobroCurrency *out_currency, GError **error)
{
  const char *code = cobro_db_column_text (statement, column);

  return cobro_currency_from_code (code != NULL ? code : "", out_currency, NULL) ||
         relay_row_broken (error, column, code);
}

gboolean
relay_row_count (CobroDbStatement *statement, gint64 *out_n, GError **error)
{
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_n = cobro_db_column_int64 (statement, "n");
  cobro_db_reset (statement);
  return TRUE;
}

gboolean
relay_row_ask (CobroDb *db, const char *sqlite, const char *postgres, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, cobro_db_is_postgres (db) ? postgres : sqlite, error);

  return statement != NULL && relay_row_count (statement, out_n, error);
}

char *
relay_row_map_to_json (GHashTable *map)
{
  g_autoptr (CobroWireWriter) writer = NULL;

  if (map == NULL || g_hash_table_size (map) == 0)
    return NULL;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_map (writer, "map", map);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

GHashTable *
relay_row_map_from_json (const char *json, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  GHashTable *map = NULL;

  if (json == NULL)
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  object = cobro_wire_parse (json, -1, error);
  if (object == NULL || !cobro_wire_get_map (object, "map", &map, error))
    {
      g_prefix_error (error, "a row is damaged: ");
      return NULL;
    }
  return map;
}

gboolean
relay_row_found (CobroDbStatement *statement, const char *what, GError **error)
{
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return TRUE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such %s", what);
    case COBRO_DB_FAILED:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

GPtrArray *
relay_row_all (CobroDbStatement *statement, RelayRowRead read, GDestroyNotify free_record, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (free_record);
  CobroDbStep step;
  gpointer record;

  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      if (!(record = read (statement, error)))
        return NULL;
      g_ptr_array_add (records, record);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&records) : NULL;
}

char *
relay_row_like (const char *text)
{
  GString *pattern;

  if (text == NULL || *text == '\0')
    return NULL;
  pattern = g_string_new ("%");
  for (const char *p = text; *p != '\0'; p++)
    {
      if (strchr ("%_\\", *p) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, g_ascii_tolower (*p));
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}
