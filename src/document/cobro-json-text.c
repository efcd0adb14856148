/* src/document/cobro-json-text.c — line breaks and blanks between the tokens; what stands in strings is not touched.
 * Layer: document. Any thread. */
#include "cobro-json-text.h"

#include <string.h>

static void
break_line (GString *text, guint level)
{
  g_string_append_c (text, '\n');
  for (guint i = 0; i < level; i++)
    g_string_append (text, "  ");
}

/* Copies a string with its quotes. Returns where it ends. */
static const char *
copy_string (GString *text, const char *from)
{
  const char *c = from + 1;

  while (*c != '\0' && *c != '"')
    c += c[0] == '\\' && c[1] != '\0' ? 2 : 1;
  if (*c == '"')
    c++;
  g_string_append_len (text, from, c - from);
  return c;
}

static const char *
skip_blanks (const char *c)
{
  return c + strspn (c, " \t\r\n");
}

/* Opens a level; an empty one stays on its line. Returns where to go on. */
static const char *
open_level (GString *text, const char *c, guint *level)
{
  const char *next = skip_blanks (c + 1);

  g_string_append_c (text, *c);
  if (*next == '}' || *next == ']')
    {
      g_string_append_c (text, *next);
      return next + 1;
    }
  break_line (text, ++*level);
  return next;
}

char *
cobro_json_text (const char *json)
{
  GString *text = g_string_new (NULL);
  guint level = 0;

  for (const char *c = skip_blanks (json); *c != '\0'; c = skip_blanks (c))
    if (*c == '"')
      c = copy_string (text, c);
    else if (*c == '{' || *c == '[')
      c = open_level (text, c, &level);
    else
      {
        if (*c == '}' || *c == ']')
          break_line (text, level > 0 ? --level : 0);
        g_string_append_c (text, *c);
        if (*c == ',')
          break_line (text, level);
        else if (*c == ':')
          g_string_append_c (text, ' ');
        c++;
      }
  return g_string_free (text, FALSE);
}
