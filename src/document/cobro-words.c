/* src/document/cobro-words.c — sentences from the table, with values put in that cannot break out of them.
 * Layer: document. Any thread. */
#include "cobro-words.h"

#include <string.h>

#include "cobro-words-table.h"

#define ISOLATE "\xe2\x81\xa8" /* U+2068 */
#define RELEASE "\xe2\x81\xa9" /* U+2069 */

static guint
language_of (const char *tag)
{
  const char *const *languages = cobro_words_languages ();

  for (guint i = 0; i < COBRO_N_LANGUAGES; i++)
    if (g_ascii_strncasecmp (tag, languages[i], 2) == 0 && !g_ascii_isalnum (tag[2]))
      return i;
  return COBRO_N_LANGUAGES;
}

/* The calendar of documents is the one that their dates are kept in, also where another is usual: "en-TH" would count
 * from Buddha, "ar-SA" from the Hijra. */
CobroLocale *
cobro_words_locale (const char *tag, const char *country)
{
  GString *full;
  CobroLocale *locale;

  if (tag == NULL || language_of (tag) == COBRO_N_LANGUAGES)
    tag = "en";
  full = g_string_new (tag);
  if (strlen (tag) == 2 && country != NULL && strlen (country) == 2)
    g_string_append_printf (full, "-%s", country);
  if (strpbrk (tag, "_.@") == NULL && strstr (tag, "-u-") == NULL)
    g_string_append (full, "-u-ca-gregory");
  locale = cobro_locale_new (full->str, NULL);
  g_string_free (full, TRUE);
  return locale;
}

const char *
cobro_word (CobroWord word, CobroLocale *locale)
{
  guint language = language_of (cobro_locale_get_tag (locale));

  return cobro_words_table (word, language == COBRO_N_LANGUAGES ? 0 : language);
}

/* ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Characters that turn the direction of what follows, or hide in a line: U+202A–202E, U+2066–2069, U+FEFF. */
static gboolean
is_trick (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static gboolean
is_break (gunichar c)
{
  return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static char *
clean (const char *text, gboolean block)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_trick (c) || c == '\r')
        continue;
      if (is_break (c) && block && g_str_has_suffix (out->str, "\n\n"))
        continue;
      if (is_break (c) && block)
        g_string_append_c (out, '\n');
      else if (is_break (c) || g_unichar_iscntrl (c))
        g_string_append_c (out, ' ');
      else
        g_string_append_unichar (out, c);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

char *
cobro_clean_line (const char *text)
{
  return clean (text, FALSE);
}

char *
cobro_clean_block (const char *text)
{
  return clean (text, TRUE);
}

char *
cobro_plain_blanks (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      g_string_append_unichar (out, c == 0xa0 || c == 0x202f ? ' ' : c);
    }
  return g_string_free (out, FALSE);
}

/* > 0: reads from right to left; < 0: from left to right; 0: as what is around it. */
static int
direction_of (gunichar c)
{
  switch ((int)g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_COMMON:
    case G_UNICODE_SCRIPT_INHERITED:
      return 0;
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO:
      return 1;
    default:
      return -1;
    }
}

int
cobro_text_direction (const char *text)
{
  int direction = 0;

  for (; *text != '\0' && direction == 0; text = g_utf8_next_char (text))
    direction = direction_of (g_utf8_get_char (text));
  return direction;
}

char *
cobro_clip (const char *text, guint max)
{
  g_autofree char *head = NULL;

  if (g_utf8_strlen (text, -1) <= (glong)max)
    return g_strdup (text);
  head = g_utf8_substring (text, 0, (glong)max - 1);
  return g_strconcat (g_strchomp (head), "…", NULL);
}

static gboolean
has_rtl (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (direction_of (g_utf8_get_char (text)) > 0)
      return TRUE;
  return FALSE;
}

static void
append_value (GString *out, const char *value, gboolean isolate)
{
  g_autofree char *line = cobro_clean_line (value);

  isolate = isolate || has_rtl (line);
  if (isolate)
    g_string_append (out, ISOLATE);
  g_string_append (out, line);
  if (isolate)
    g_string_append (out, RELEASE);
}

static gboolean
ends_with_dot (GString *out)
{
  return g_str_has_suffix (out->str, ".") || g_str_has_suffix (out->str, "." RELEASE);
}

char *
cobro_words (CobroWord word, CobroLocale *locale, ...)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean rtl = cobro_locale_is_rtl (locale);
  GString *out = g_string_new (NULL);
  const char *name, *end;
  va_list list;

  va_start (list, locale);
  while ((name = va_arg (list, const char *)) != NULL)
    g_hash_table_insert (values, (gpointer)name, va_arg (list, char *));
  va_end (list);

  for (const char *p = cobro_word (word, locale); *p != '\0'; p++)
    if (*p == '{' && (end = strchr (p, '}')) != NULL)
      {
        g_autofree char *key = g_strndup (p + 1, (gsize)(end - p - 1));

        append_value (out, g_hash_table_lookup (values, key), rtl);
        p = end;
      }
    else if (*p != '.' || !ends_with_dot (out)) /* "Ana, S.L." at the end of a sentence */
      g_string_append_c (out, *p);
  return g_string_free (out, FALSE);
}
