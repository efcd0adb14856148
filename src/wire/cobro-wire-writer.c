/* src/wire/cobro-wire-writer.c — JSON text straight from values: no tree in between, one buffer.
 * Layer: wire. A writer belongs to one thread. */
#include <string.h>

#include "cobro-wire.h"

struct _CobroWireWriter
{
  GString *text;
  gboolean comma; /* something stands before in the present object or array */
};

CobroWireWriter *
cobro_wire_writer_new (void)
{
  CobroWireWriter *writer = g_new0 (CobroWireWriter, 1);

  writer->text = g_string_sized_new (512);
  return writer;
}

void
cobro_wire_writer_free (CobroWireWriter *writer)
{
  if (writer == NULL)
    return;
  g_string_free (writer->text, TRUE);
  g_free (writer);
}

char *
cobro_wire_writer_take (CobroWireWriter *writer)
{
  char *text = g_string_free (writer->text, FALSE);

  writer->text = g_string_sized_new (512);
  writer->comma = FALSE;
  return text;
}

/* What must not stand in a JSON string, or is dangerous inside HTML, as \u escapes. */
static gsize
escape_at (const guchar *p, const char **out_escape, char buffer[7])
{
  static const char hex[] = "0123456789abcdef";

  *out_escape = buffer;
  if (p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) /* U+2028, U+2029 end lines in scripts */
    {
      *out_escape = p[2] == 0xA8 ? "\\u2028" : "\\u2029";
      return 3;
    }
  if (p[0] == '"')
    *out_escape = "\\\"";
  else if (p[0] == '\\')
    *out_escape = "\\\\";
  else if (p[0] == '\n')
    *out_escape = "\\n";
  else if (p[0] < 0x20 || p[0] == 0x7f || p[0] == '<' || p[0] == '>' || p[0] == '&')
    {
      memcpy (buffer, "\\u00", 4);
      buffer[4] = hex[p[0] >> 4];
      buffer[5] = hex[p[0] & 15];
      buffer[6] = '\0';
    }
  else
    return 0;
  return 1;
}

/* How many bytes need nothing done: ASCII without the characters above. Most texts, and all keys, are nothing else. */
static gsize
plain_length (const char *text)
{
  const char *at = text;

  while (*at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\' && *at != '<' && *at != '>' && *at != '&')
    at++;
  return at - text;
}

static void
append_quoted (GString *text, const char *value, gsize length)
{
  g_string_append_c (text, '"');
  g_string_append_len (text, value, length);
  g_string_append_c (text, '"');
}

static void
append_string (GString *text, const char *value)
{
  gsize plain = plain_length (value);
  g_autofree char *repaired = NULL;
  const guchar *p;
  const guchar *run;

  if (value[plain] == '\0')
    {
      append_quoted (text, value, plain);
      return;
    }
  if (!g_utf8_validate (value, -1, NULL))
    repaired = g_utf8_make_valid (value, -1);
  p = run = (const guchar *)(repaired != NULL ? repaired : value);
  g_string_append_c (text, '"');
  while (*p != '\0')
    {
      char buffer[7];
      const char *escape;
      gsize length = escape_at (p, &escape, buffer);

      if (length == 0)
        {
          p++;
          continue;
        }
      g_string_append_len (text, (const char *)run, p - run);
      g_string_append (text, escape);
      p += length;
      run = p;
    }
  g_string_append_len (text, (const char *)run, p - run);
  g_string_append_c (text, '"');
}

/* The comma and the key in front of a value. */
static void
start (CobroWireWriter *writer, const char *key)
{
  if (writer->comma)
    g_string_append_c (writer->text, ',');
  writer->comma = TRUE;
  if (key == NULL)
    return;
  append_string (writer->text, key);
  g_string_append_c (writer->text, ':');
}

static void
begin (CobroWireWriter *writer, const char *key, char open)
{
  start (writer, key);
  g_string_append_c (writer->text, open);
  writer->comma = FALSE;
}

static void
end (CobroWireWriter *writer, char close)
{
  g_string_append_c (writer->text, close);
  writer->comma = TRUE;
}

void
cobro_wire_begin_object (CobroWireWriter *writer, const char *key)
{
  begin (writer, key, '{');
}

void
cobro_wire_end_object (CobroWireWriter *writer)
{
  end (writer, '}');
}

void
cobro_wire_begin_array (CobroWireWriter *writer, const char *key)
{
  begin (writer, key, '[');
}

void
cobro_wire_end_array (CobroWireWriter *writer)
{
  end (writer, ']');
}

void
cobro_wire_put_raw (CobroWireWriter *writer, const char *key, const char *json)
{
  start (writer, key);
  g_string_append (writer->text, json);
}

void
cobro_wire_put_null (CobroWireWriter *writer, const char *key)
{
  cobro_wire_put_raw (writer, key, "null");
}

void
cobro_wire_put_text (CobroWireWriter *writer, const char *key, const char *value)
{
  if (value == NULL)
    {
      cobro_wire_put_null (writer, key);
      return;
    }
  start (writer, key);
  append_string (writer->text, value);
}

void
cobro_wire_put_int64 (CobroWireWriter *writer, const char *key, gint64 value)
{
  guint64 rest = value < 0 ? -(guint64)value : (guint64)value;
  char digits[24];
  char *at = digits + sizeof digits;

  do
    *--at = '0' + rest % 10;
  while ((rest /= 10) > 0);
  if (value < 0)
    *--at = '-';
  start (writer, key);
  g_string_append_len (writer->text, at, digits + sizeof digits - at);
}

void
cobro_wire_put_bool (CobroWireWriter *writer, const char *key, gboolean value)
{
  cobro_wire_put_raw (writer, key, value ? "true" : "false");
}

void
cobro_wire_put_time (CobroWireWriter *writer, const char *key, CobroTime value)
{
  g_autofree char *text = value != 0 ? cobro_time_to_text (value) : NULL;

  cobro_wire_put_text (writer, key, text);
}

void
cobro_wire_put_money (CobroWireWriter *writer, const char *key, CobroMoney value)
{
  if (cobro_money_is_set (value))
    cobro_wire_put_int64 (writer, key, cobro_money_minor (value));
  else
    cobro_wire_put_null (writer, key);
}

void
cobro_wire_put_money_decimal (CobroWireWriter *writer, const char *key, CobroMoney value)
{
  g_autofree char *text = cobro_money_is_set (value) ? cobro_money_to_decimal (value) : g_strdup ("null");

  cobro_wire_put_raw (writer, key, text);
}

void
cobro_wire_put_decimal (CobroWireWriter *writer, const char *key, CobroDecimal value)
{
  g_autofree char *text = cobro_decimal_to_text (value);

  cobro_wire_put_text (writer, key, text);
}

void
cobro_wire_put_map (CobroWireWriter *writer, const char *key, GHashTable *map)
{
  g_autoptr (GList) names = map != NULL ? g_list_sort (g_hash_table_get_keys (map), (GCompareFunc)strcmp) : NULL;

  cobro_wire_begin_object (writer, key);
  for (GList *l = names; l != NULL; l = l->next)
    cobro_wire_put_text (writer, l->data, g_hash_table_lookup (map, l->data));
  cobro_wire_end_object (writer);
}
