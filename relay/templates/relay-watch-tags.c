/* relay/templates/relay-watch-tags.c — the tags of an HTML page. Browsers forgive more than this reads; what it cannot
 * read as a tag of ours it still shows, since every '<' with a letter behind it is one.
 * Layer: relay/templates. */
#include "relay-watch-tags.h"

#include <string.h>

static void
tag_free (gpointer data)
{
  RelayTag *tag = data;

  g_free (tag->name);
  g_ptr_array_unref (tag->names);
  g_ptr_array_unref (tag->values);
  g_free (tag->text);
  g_free (tag);
}

const char *
relay_tag_get (const RelayTag *tag, const char *attribute)
{
  for (guint i = 0; i < tag->names->len; i++)
    if (strcmp (tag->names->pdata[i], attribute) == 0)
      return tag->values->pdata[i];
  return NULL;
}

/* "&amp;" and "&#38;": what our own pages write. */
static char *
resolve (const char *text, gsize length)
{
  static const struct
  {
    const char *reference;
    char character;
  } known[] = { { "&amp;", '&' },  { "&lt;", '<' },   { "&gt;", '>' }, { "&quot;", '"' },
                { "&#39;", '\'' }, { "&#10;", '\n' }, { "&#9;", '\t' } };
  GString *out = g_string_sized_new (length);

  while (length > 0)
    {
      gsize step = 1;
      char character = *text;

      for (guint i = 0; character == '&' && step == 1 && i < G_N_ELEMENTS (known); i++)
        if (strncmp (text, known[i].reference, MIN (strlen (known[i].reference), length)) == 0 &&
            strlen (known[i].reference) <= length)
          {
            character = known[i].character;
            step = strlen (known[i].reference);
          }
      g_string_append_c (out, character);
      text += step;
      length -= step;
    }
  return g_string_free (out, FALSE);
}

static const char *
skip_blanks (const char *at)
{
  return at + strspn (at, " \t\r\n\f/");
}

/* One value, quoted or not; returns what follows. */
static const char *
read_value (const char *at, char **out_value)
{
  gsize length;

  at += strspn (at, " \t\r\n\f");
  if (*at != '"' && *at != '\'')
    {
      length = strcspn (at, " \t\r\n\f>");
      *out_value = resolve (at, length);
      return at + length;
    }
  length = strcspn (at + 1, *at == '"' ? "\"" : "'");
  *out_value = resolve (at + 1, length);
  at += 1 + length;
  return *at != '\0' ? at + 1 : at;
}

static const char *
read_attributes (RelayTag *tag, const char *at)
{
  for (at = skip_blanks (at); *at != '\0' && *at != '>'; at = skip_blanks (at))
    {
      gsize length = MAX (strcspn (at, " \t\r\n\f/>="), 1);
      char *value = NULL;

      g_ptr_array_add (tag->names, g_ascii_strdown (at, (gssize)length));
      at += length;
      at += strspn (at, " \t\r\n\f");
      if (*at == '=')
        at = read_value (at + 1, &value);
      g_ptr_array_add (tag->values, value != NULL ? value : g_strdup (""));
    }
  return *at == '>' ? at + 1 : at;
}

/* Where "</script" begins, in any case; the end of the page when it does not. */
static const char *
find_end (const char *at, const char *name)
{
  for (; *at != '\0'; at++)
    if (at[0] == '<' && at[1] == '/' && g_ascii_strncasecmp (at + 2, name, strlen (name)) == 0)
      return at;
  return at;
}

static const char *
read_tag (GPtrArray *tags, const char *at)
{
  RelayTag *tag = g_new0 (RelayTag, 1);
  gsize length = strcspn (at, " \t\r\n\f/>");
  const char *end;

  tag->name = g_ascii_strdown (at, (gssize)length);
  tag->names = g_ptr_array_new_with_free_func (g_free);
  tag->values = g_ptr_array_new_with_free_func (g_free);
  at = read_attributes (tag, at + length);
  g_ptr_array_add (tags, tag);
  if (strcmp (tag->name, "script") != 0 && strcmp (tag->name, "style") != 0)
    {
      tag->text = g_strdup ("");
      return at;
    }
  end = find_end (at, tag->name);
  tag->text = g_strndup (at, (gsize)(end - at));
  return end;
}

GPtrArray *
relay_tags_parse (const char *html)
{
  GPtrArray *tags = g_ptr_array_new_with_free_func (tag_free);
  const char *at = html;

  while ((at = strchr (at, '<')) != NULL)
    {
      at++;
      if (g_ascii_isalpha (
            *at)) /* also inside comments: our pages have none, and where one ends is a matter of taste */
        at = read_tag (tags, at);
    }
  return tags;
}
