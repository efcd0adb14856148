/* src/db/cobro-db-postgres-sql.c — named parameters become numbered ones: "WHERE id = :id" is "WHERE id = $1".
 * Layer: db, private to it. Any thread.
 *
 * Strings, quoted names, comments, dollar quotes and casts ("::") are passed over; what stands in a comment that begins
 * with "pg:" is said to PostgreSQL and hidden from SQLite; the rest of the SQL is not looked at. */
#include "config.h"
#include "cobro-db-postgres.h"

#include <string.h>

#define OURS "/*pg:"

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Behind a quoted text that begins at @p; a doubled quote is two texts side by side. */
static const char *
skip_quoted (const char *p, char quote, gboolean escapes)
{
  for (p++; *p != '\0' && *p != quote; p++)
    if (escapes && *p == '\\' && p[1] != '\0')
      p++;
  return *p == '\0' ? p : p + 1;
}

/* Behind "$tag$ … $tag$" at @p, or NULL when there is none. */
static const char *
skip_dollar_quoted (const char *p)
{
  const char *end = p + 1;
  g_autofree char *tag = NULL;

  if (g_ascii_isdigit (*end))
    return NULL;
  while (is_name_char (*end))
    end++;
  if (*end != '$')
    return NULL;
  tag = g_strndup (p, (gsize)(end + 1 - p));
  p = strstr (end + 1, tag);
  return p != NULL ? p + strlen (tag) : end + strlen (end);
}

/* Behind whatever at @p may contain a colon that is no parameter; @p itself when it is nothing of the kind. */
static const char *
skip_opaque (const char *start, const char *p)
{
  gboolean after_name = p > start && is_name_char (p[-1]);
  const char *end;

  if (*p == '\'')
    return skip_quoted (p, '\'',
                        p > start && (p[-1] == 'E' || p[-1] == 'e') && (p - 1 == start || !is_name_char (p[-2])));
  if (*p == '"')
    return skip_quoted (p, '"', FALSE);
  if (p[0] == '-' && p[1] == '-')
    return p + strcspn (p, "\n");
  if (p[0] == '/' && p[1] == '*')
    return (end = strstr (p + 2, "*/")) != NULL ? end + 2 : p + strlen (p);
  if (*p == '$' && !after_name && (end = skip_dollar_quoted (p)) != NULL)
    return end;
  return p[0] == ':' && p[1] == ':' ? p + 2 : p;
}

/* Whether what follows a parameter is "IS NULL" or "IS NOT NULL". */
static gboolean
is_null_test (const char *p)
{
  static const char *const words[] = { "IS", "NOT", "NULL" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      p += strspn (p, " \t\r\n");
      if (g_ascii_strncasecmp (p, words[i], strlen (words[i])) == 0 && !is_name_char (p[strlen (words[i])]))
        p += strlen (words[i]);
      else if (i != 1)
        return FALSE;
    }
  return TRUE;
}

/* Index of the name; a new one when it is new. */
static guint
name_of (CobroDbNumberedSql *self, const char *name, gsize length)
{
  for (guint i = 0; i < self->names->len; i++)
    if (strncmp (self->names->pdata[i], name, length) == 0 && ((const char *)self->names->pdata[i])[length] == '\0')
      return i;
  g_ptr_array_add (self->names, g_strndup (name, length));
  return self->names->len - 1;
}

/* Number of the slot, 1 …: one per name, and another one for its tests. */
static guint
slot_of (CobroDbNumberedSql *self, const char *name, gsize length, gboolean is_test)
{
  const CobroDbSlot slot = { name_of (self, name, length), is_test };

  for (guint i = 0; i < self->slots->len; i++)
    {
      const CobroDbSlot *known = &g_array_index (self->slots, CobroDbSlot, i);

      if (known->name == slot.name && known->is_test == is_test)
        return i + 1;
    }
  g_array_append_val (self->slots, slot);
  return self->slots->len;
}

CobroDbNumberedSql *
cobro_db_numbered_sql_new (const char *sql)
{
  CobroDbNumberedSql *self = g_new0 (CobroDbNumberedSql, 1);
  GString *text = g_string_sized_new (strlen (sql));
  const char *p = sql;
  gboolean ours = FALSE; /* within a comment that is not one for us */

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->slots = g_array_new (FALSE, FALSE, sizeof (CobroDbSlot));
  while (*p != '\0')
    {
      gboolean opens = g_str_has_prefix (p, OURS);
      const char *end = opens ? p + strlen (OURS) : ours && g_str_has_prefix (p, "*/") ? p + 2 : skip_opaque (sql, p);

      if (opens || (ours && g_str_has_prefix (p, "*/")))
        ours = opens;
      else if (end == p && *p == ':' && (g_ascii_isalpha (p[1]) || p[1] == '_'))
        {
          for (end = p + 1; is_name_char (*end);)
            end++;
          g_string_append_printf (text, "$%u", slot_of (self, p, (gsize)(end - p), is_null_test (end)));
        }
      else
        {
          end = MAX (end, p + 1);
          g_string_append_len (text, p, end - p);
        }
      p = end;
    }
  self->sql = g_string_free (text, FALSE);
  return self;
}

void
cobro_db_numbered_sql_free (CobroDbNumberedSql *self)
{
  g_ptr_array_unref (self->names);
  g_array_unref (self->slots);
  g_free (self->sql);
  g_free (self);
}
