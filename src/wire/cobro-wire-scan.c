/* src/wire/cobro-wire-scan.c — the strict pass in front of json-glib, which has no strict mode of its own: it takes
 * comments, duplicate keys, trailing bytes and wrapped integers in silence.
 * Layer: wire (private). Any thread. */
#include "cobro-wire-scan.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire.h"

#define PATH_KEY_MAX 64 /* characters of a key that a path shows */

typedef struct
{
  const char *text;
  const char *at;
  const char *end;
  guint depth;
  GString *path;
} Scan;

static gboolean scan_value (Scan *scan, GError **error);

void
cobro_wire_path_append (GString *path, const char *key)
{
  gboolean plain = *key != '\0' && strlen (key) <= PATH_KEY_MAX;

  for (const char *p = key; plain && *p != '\0'; p++)
    plain = g_ascii_isalnum (*p) || *p == '_' || *p == '-';
  if (plain)
    {
      g_string_append_printf (path, "%s%s", path->len > 0 ? "." : "", key);
      return;
    }

  g_autofree char *shown =
    g_utf8_strlen (key, -1) > PATH_KEY_MAX ? g_utf8_substring (key, 0, PATH_KEY_MAX) : g_strdup (key);
  for (char *p = shown; *p != '\0'; p++)
    if ((guchar)*p < 0x20 || *p == 0x7f || *p == '"')
      *p = '?';
  g_string_append_printf (path, "[\"%s\"]", shown);
}

static gboolean
fail (Scan *scan, GError **error, const char *reason)
{
  gsize byte = (gsize)(scan->at - scan->text);

  if (scan->path->len == 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "%s (byte %" G_GSIZE_FORMAT ")", reason, byte);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, scan->path->str, "%s (byte %" G_GSIZE_FORMAT ")", reason,
                             byte);
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
    scan->at++;
}

static gboolean
next_is (Scan *scan, char c)
{
  return scan->at < scan->end && *scan->at == c;
}

static gboolean
next_is_digit (Scan *scan)
{
  return scan->at < scan->end && g_ascii_isdigit (*scan->at);
}

/* Four hex digits at @p, or -1. */
static int
hex4 (const char *p, const char *end)
{
  int unit = 0;

  if (end - p < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
  return unit;
}

/* At the 'u' of a \u escape; pairs of surrogates are one character. */
static gboolean
scan_unicode_escape (Scan *scan, GString *out, GError **error)
{
  int unit = hex4 (scan->at + 1, scan->end);
  gunichar c = (gunichar)unit;

  if (unit < 0)
    return fail (scan, error, "broken \\u escape");
  if (unit == 0)
    return fail (scan, error, "strings must not contain NUL");
  if (unit >= 0xDC00 && unit <= 0xDFFF)
    return fail (scan, error, "lone surrogate in a string");
  scan->at += 5;
  if (unit >= 0xD800 && unit <= 0xDBFF)
    {
      int low =
        scan->end - scan->at >= 6 && scan->at[0] == '\\' && scan->at[1] == 'u' ? hex4 (scan->at + 2, scan->end) : -1;

      if (low < 0xDC00 || low > 0xDFFF)
        return fail (scan, error, "lone surrogate in a string");
      c = 0x10000 + (((gunichar)unit - 0xD800) << 10) + ((gunichar)low - 0xDC00);
      scan->at += 6;
    }
  if (out != NULL)
    g_string_append_unichar (out, c);
  return TRUE;
}

/* At the character after a backslash. */
static gboolean
scan_escape (Scan *scan, GString *out, GError **error)
{
  static const char names[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (scan->at >= scan->end)
    return fail (scan, error, "string without an end");
  if (*scan->at == 'u')
    return scan_unicode_escape (scan, out, error);
  if ((found = memchr (names, *scan->at, sizeof names - 1)) == NULL)
    return fail (scan, error, "unknown escape in a string");
  if (out != NULL)
    g_string_append_c (out, meanings[found - names]);
  scan->at++;
  return TRUE;
}

/* At the opening quote. @out gets the meaning of the string where it is wanted. */
static gboolean
scan_string (Scan *scan, GString *out, GError **error)
{
  scan->at++;
  while (scan->at < scan->end)
    {
      const char *run = scan->at;

      while (scan->at < scan->end && *scan->at != '"' && *scan->at != '\\' && (guchar)*scan->at >= 0x20)
        scan->at++;
      if (out != NULL)
        g_string_append_len (out, run, scan->at - run);
      if (scan->at >= scan->end)
        break;
      if ((guchar)*scan->at < 0x20)
        return fail (scan, error, "raw control character in a string");
      if (*scan->at++ == '"')
        return TRUE;
      if (!scan_escape (scan, out, error))
        return FALSE;
    }
  return fail (scan, error, "string without an end");
}

static gboolean
scan_digits (Scan *scan, GError **error)
{
  if (!next_is_digit (scan))
    return fail (scan, error, "malformed number");
  while (next_is_digit (scan))
    scan->at++;
  return TRUE;
}

/* The digits from @digits to here, with the sign, must fit 64 bits: json-glib would wrap. */
static gboolean
check_integer (Scan *scan, const char *digits, gboolean negative, GError **error)
{
  gint64 value = 0;

  for (const char *p = digits; p < scan->at; p++)
    {
      gint64 digit = g_ascii_digit_value (*p);

      if (__builtin_mul_overflow (value, 10, &value) ||
          __builtin_add_overflow (value, negative ? -digit : digit, &value))
        return fail (scan, error, "integer beyond 64 bits");
    }
  return TRUE;
}

static gboolean
scan_number (Scan *scan, GError **error)
{
  gboolean negative = next_is (scan, '-');
  gboolean integer = TRUE;
  const char *digits;

  if (negative)
    scan->at++;
  digits = scan->at;
  if (!scan_digits (scan, error))
    return FALSE;
  if (*digits == '0' && scan->at - digits > 1)
    return fail (scan, error, "number with a leading zero");
  if (next_is (scan, '.'))
    {
      integer = FALSE;
      scan->at++;
      if (!scan_digits (scan, error))
        return FALSE;
    }
  if (next_is (scan, 'e') || next_is (scan, 'E'))
    {
      integer = FALSE;
      scan->at++;
      if (next_is (scan, '+') || next_is (scan, '-'))
        scan->at++;
      if (!scan_digits (scan, error))
        return FALSE;
    }
  return !integer || check_integer (scan, digits, negative, error);
}

static gboolean
scan_word (Scan *scan, GError **error)
{
  static const char *const words[] = { "true", "false", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize)(scan->end - scan->at) >= length && memcmp (scan->at, words[i], length) == 0)
        {
          scan->at += length;
          return TRUE;
        }
    }
  return fail (scan, error, scan->at < scan->end ? "unexpected character" : "text ends too early");
}

/* One "key": value of an object; @keys are those seen in it so far. */
static gboolean
scan_member (Scan *scan, GHashTable *keys, GError **error)
{
  g_autoptr (GString) key = g_string_new (NULL);
  gsize outer = scan->path->len;

  if (!next_is (scan, '"'))
    return fail (scan, error, scan->at < scan->end ? "key in double quotes expected" : "text ends too early");
  if (!scan_string (scan, key, error))
    return FALSE;
  cobro_wire_path_append (scan->path, key->str);
  if (!g_hash_table_add (keys, g_strdup (key->str)))
    return fail (scan, error, "duplicate key");
  skip_space (scan);
  if (!next_is (scan, ':'))
    return fail (scan, error, "':' expected");
  scan->at++;
  if (!scan_value (scan, error))
    return FALSE;
  g_string_truncate (scan->path, outer);
  return TRUE;
}

static gboolean
scan_element (Scan *scan, guint index, GError **error)
{
  gsize outer = scan->path->len;

  g_string_append_printf (scan->path, "[%u]", index);
  if (!scan_value (scan, error))
    return FALSE;
  g_string_truncate (scan->path, outer);
  return TRUE;
}

/* At the '{' or '['. */
static gboolean
scan_container (Scan *scan, GError **error)
{
  gboolean is_object = *scan->at == '{';
  char close = is_object ? '}' : ']';
  g_autoptr (GHashTable) keys = is_object ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;

  if (++scan->depth > COBRO_WIRE_DEPTH_MAX)
    return fail (scan, error, "nested too deeply");
  scan->at++;
  skip_space (scan);
  for (guint i = 0; !(i == 0 && next_is (scan, close)); i++)
    {
      skip_space (scan);
      if (!(is_object ? scan_member (scan, keys, error) : scan_element (scan, i, error)))
        return FALSE;
      skip_space (scan);
      if (next_is (scan, close))
        break;
      if (!next_is (scan, ','))
        return fail (scan, error, scan->at < scan->end ? "',' or the end of the list expected" : "text ends too early");
      scan->at++;
    }
  scan->at++;
  scan->depth--;
  return TRUE;
}

static gboolean
scan_value (Scan *scan, GError **error)
{
  skip_space (scan);
  if (next_is (scan, '{') || next_is (scan, '['))
    return scan_container (scan, error);
  if (next_is (scan, '"'))
    return scan_string (scan, NULL, error);
  if (next_is (scan, '-') || next_is_digit (scan))
    return scan_number (scan, error);
  return scan_word (scan, error);
}

gboolean
cobro_wire_scan (const char *text, gsize length, GError **error)
{
  g_autoptr (GString) path = g_string_new (NULL);
  Scan scan = { .text = text, .at = text, .end = text + length, .path = path };
  const char *fault;

  if (!g_utf8_validate_len (text, length, &fault))
    {
      scan.at = fault;
      return fail (&scan, error, *fault == '\0' ? "NUL in the text" : "text is not UTF-8");
    }
  skip_space (&scan);
  if (!next_is (&scan, '{'))
    return fail (&scan, error, scan.at < scan.end ? "a JSON object is expected" : "text is empty");
  if (!scan_container (&scan, error))
    return FALSE;
  skip_space (&scan);
  if (scan.at < scan.end)
    return fail (&scan, error, "bytes after the end of the object");
  return TRUE;
}

/* ── Finding things in text that has passed ─────────────────────────────────────────────────────────────────────── */

static const char *
over_space (const char *p)
{
  return p + strspn (p, " \t\n\r");
}

/* From the opening quote to behind the closing one. */
static const char *
over_string (const char *p)
{
  for (p++; *p != '"'; p++)
    if (*p == '\\')
      p++;
  return p + 1;
}

/* From the start of a value to behind its end. */
static const char *
over_value (const char *p)
{
  guint depth = 0;

  do
    {
      if (*p == '"')
        {
          p = over_string (p);
          continue;
        }
      if (*p == '{' || *p == '[')
        depth++;
      else if (*p == '}' || *p == ']')
        depth--;
      else if (depth == 0)
        return p + strcspn (p, ",]} \t\n\r"); /* a number or word that stands alone */
      p++;
    }
  while (depth > 0);
  return p;
}

/* Whether the string literal at @literal means @key. */
static gboolean
literal_equals (const char *literal, const char *end, const char *key)
{
  gsize length = (gsize)(end - literal) - 2;

  if (memchr (literal, '\\', (gsize)(end - literal)) == NULL)
    return strlen (key) == length && memcmp (literal + 1, key, length) == 0;

  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (GString) meaning = g_string_new (NULL);
  Scan scan = { .text = literal, .at = literal, .end = end, .path = path };
  return scan_string (&scan, meaning, NULL) && strcmp (meaning->str, key) == 0;
}

const char *
cobro_wire_scan_member (const char *object, const char *key)
{
  const char *p = over_space (object + 1);

  while (*p == '"')
    {
      const char *literal = p;
      const char *end = over_string (p);
      const char *value = over_space (over_space (end) + 1);

      if (literal_equals (literal, end, key))
        return value;
      p = over_space (over_value (value));
      if (*p == ',')
        p = over_space (p + 1);
    }
  return NULL;
}

GPtrArray *
cobro_wire_scan_elements (const char *array)
{
  GPtrArray *starts = g_ptr_array_new ();
  const char *p = over_space (array + 1);

  while (*p != ']')
    {
      g_ptr_array_add (starts, (gpointer)p);
      p = over_space (over_value (p));
      if (*p == ',')
        p = over_space (p + 1);
    }
  return starts;
}

char *
cobro_wire_scan_compact (const char *value)
{
  const char *end = over_value (value);
  GString *text = g_string_sized_new ((gsize)(end - value));

  for (const char *p = value; p < end;)
    {
      const char *next = *p == '"' ? over_string (p) : p + 1;

      if (!g_ascii_isspace (*p))
        g_string_append_len (text, p, next - p);
      p = next;
    }
  return g_string_free (text, FALSE);
}
