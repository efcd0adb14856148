/* src/wire/cobro-wire-scan.c — the strict pass. json-glib has no strict mode (it takes comments, duplicate keys,
 * trailing bytes and wrapped integers in silence), so every text had to be read by our own rules before it read it once
 * more; a tree of what this pass has seen makes the second reading, and any difference between the two, unnecessary.
 * Layer: wire (private). A tree belongs to one thread at a time. */
#include "cobro-wire-scan.h"

#include <string.h>

#include "cobro-error.h"

#define PATH_KEY_MAX 64 /* characters of a key that a path shows */
#define FEW_KEYS     32 /* compared one by one; more are hashed */

struct _CobroWireTree
{
  gint ref_count;
  char *text;         /* our own copy, NUL-terminated: tokens point into it */
  GArray *tokens;     /* (element-type CobroWireToken) */
  GPtrArray *spelled; /* (element-type utf8) (nullable) keys that had escapes, by their meaning */
};

typedef struct
{
  CobroWireTree *tree;
  const char *at;
  const char *end;
  guint depth;
  guint here;       /* the value that is being read: errors name it */
  gboolean escaped; /* the last string had escapes */
} Scan;

static gboolean scan_value (Scan *scan, guint index, GError **error);

/* ── The tree ───────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroWireToken *
cobro_wire_tree_get (CobroWireTree *tree, guint index)
{
  return &g_array_index (tree->tokens, CobroWireToken, index);
}

CobroWireTree *
cobro_wire_tree_ref (CobroWireTree *tree)
{
  g_atomic_int_inc (&tree->ref_count);
  return tree;
}

void
cobro_wire_tree_unref (CobroWireTree *tree)
{
  if (tree == NULL || !g_atomic_int_dec_and_test (&tree->ref_count))
    return;
  g_clear_pointer (&tree->spelled, g_ptr_array_unref);
  g_array_unref (tree->tokens);
  g_free (tree->text);
  g_free (tree);
}

static gboolean
key_is (const CobroWireToken *token, const char *key, gsize length)
{
  return token->key_length == length && memcmp (token->key, key, length) == 0;
}

guint
cobro_wire_tree_find (CobroWireTree *tree, guint object, const char *key)
{
  gsize length = strlen (key);
  guint i = cobro_wire_tree_get (tree, object)->first;

  while (i != 0 && !key_is (cobro_wire_tree_get (tree, i), key, length))
    i = cobro_wire_tree_get (tree, i)->next;
  return i;
}

/* ── Paths ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

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

static guint
position_of (CobroWireTree *tree, guint index)
{
  guint position = 0;

  for (guint i = cobro_wire_tree_get (tree, cobro_wire_tree_get (tree, index)->parent)->first; i != index;
       i = cobro_wire_tree_get (tree, i)->next)
    position++;
  return position;
}

char *
cobro_wire_tree_dup_path (CobroWireTree *tree, guint index)
{
  GString *path = g_string_new (NULL);
  guint way[COBRO_WIRE_DEPTH_MAX + 1];
  guint n = 0;

  for (; index != 0 && n < G_N_ELEMENTS (way); index = cobro_wire_tree_get (tree, index)->parent)
    way[n++] = index;
  while (n-- > 0)
    {
      const CobroWireToken *token = cobro_wire_tree_get (tree, way[n]);

      if (token->key != NULL)
        {
          g_autofree char *key = g_strndup (token->key, token->key_length);

          cobro_wire_path_append (path, key);
        }
      else
        g_string_append_printf (path, "[%u]", position_of (tree, way[n]));
    }
  return g_string_free (path, FALSE);
}

/* ── Scanning ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
fail (Scan *scan, GError **error, const char *reason)
{
  g_autofree char *path = cobro_wire_tree_dup_path (scan->tree, scan->here);
  gsize byte = (gsize)(scan->at - scan->tree->text);

  if (*path == '\0')
    return cobro_error_set (error, COBRO_ERROR_INVALID, "%s (byte %" G_GSIZE_FORMAT ")", reason, byte);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "%s (byte %" G_GSIZE_FORMAT ")", reason, byte);
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
  scan->escaped = FALSE;
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
      scan->escaped = TRUE;
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

/* The digits from @digits to here, with the sign, must fit 64 bits. */
static gboolean
read_integer (Scan *scan, guint index, const char *digits, gboolean negative, GError **error)
{
  gint64 value = 0;

  for (const char *p = digits; p < scan->at; p++)
    {
      gint64 digit = g_ascii_digit_value (*p);

      if (__builtin_mul_overflow (value, 10, &value) ||
          __builtin_add_overflow (value, negative ? -digit : digit, &value))
        return fail (scan, error, "integer beyond 64 bits");
    }
  cobro_wire_tree_get (scan->tree, index)->kind = COBRO_WIRE_INT64;
  cobro_wire_tree_get (scan->tree, index)->integer = value;
  return TRUE;
}

static gboolean
scan_number (Scan *scan, guint index, GError **error)
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
  cobro_wire_tree_get (scan->tree, index)->kind = COBRO_WIRE_NUMBER;
  return !integer || read_integer (scan, index, digits, negative, error);
}

static gboolean
scan_word (Scan *scan, guint index, GError **error)
{
  static const struct
  {
    const char *word;
    CobroWireKind kind;
    gint64 value;
  } words[] = { { "true", COBRO_WIRE_BOOL, 1 }, { "false", COBRO_WIRE_BOOL, 0 }, { "null", COBRO_WIRE_NULL, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].word);

      if ((gsize)(scan->end - scan->at) < length || memcmp (scan->at, words[i].word, length) != 0)
        continue;
      scan->at += length;
      cobro_wire_tree_get (scan->tree, index)->kind = words[i].kind;
      cobro_wire_tree_get (scan->tree, index)->integer = words[i].value;
      return TRUE;
    }
  return fail (scan, error, scan->at < scan->end ? "unexpected character" : "text ends too early");
}

/* ── Containers ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static guint
slice_hash (gconstpointer data)
{
  const CobroWireToken *token = data;
  guint hash = 5381;

  for (guint i = 0; i < token->key_length; i++)
    hash = hash * 33 + (guchar)token->key[i];
  return hash;
}

static gboolean
slice_equal (gconstpointer a, gconstpointer b)
{
  const CobroWireToken *token = b;

  return key_is (a, token->key, token->key_length);
}

/* The keys of an object that has become large; copies, because the tokens move while they are read. */
static gboolean
add_hashed (GHashTable *keys, const CobroWireToken *token)
{
  return g_hash_table_add (keys, g_memdup2 (token, sizeof *token));
}

/* Whether the key of the newest member stands for the first time in its object. */
static gboolean
is_new_key (CobroWireTree *tree, guint member, guint count, GHashTable **keys)
{
  const CobroWireToken *token = cobro_wire_tree_get (tree, member);
  guint first = cobro_wire_tree_get (tree, token->parent)->first;

  if (count > FEW_KEYS && *keys == NULL)
    {
      *keys = g_hash_table_new_full (slice_hash, slice_equal, g_free, NULL);
      for (guint i = first; i != member; i = cobro_wire_tree_get (tree, i)->next)
        add_hashed (*keys, cobro_wire_tree_get (tree, i));
    }
  if (*keys != NULL)
    return add_hashed (*keys, token);
  for (guint i = first; i != member; i = cobro_wire_tree_get (tree, i)->next)
    if (key_is (cobro_wire_tree_get (tree, i), token->key, token->key_length))
      return FALSE;
  return TRUE;
}

/* A child of @parent, behind @previous (0: the first). */
static guint
add_token (Scan *scan, guint parent, guint previous)
{
  CobroWireToken token = { .parent = parent };
  guint index = scan->tree->tokens->len;

  g_array_append_val (scan->tree->tokens, token);
  if (previous != 0)
    cobro_wire_tree_get (scan->tree, previous)->next = index;
  else
    cobro_wire_tree_get (scan->tree, parent)->first = index;
  return index;
}

/* At the opening quote of a key: its meaning, as long as the tree lives. */
static gboolean
scan_key (Scan *scan, const char **out_key, guint *out_length, GError **error)
{
  const char *literal = scan->at;
  GString *meaning;

  if (!scan_string (scan, NULL, error))
    return FALSE;
  *out_key = literal + 1;
  *out_length = (guint)(scan->at - literal) - 2;
  if (!scan->escaped)
    return TRUE;
  meaning = g_string_new (NULL);
  scan->at = literal;
  if (!scan_string (scan, meaning, error))
    {
      g_string_free (meaning, TRUE);
      return FALSE;
    }
  if (scan->tree->spelled == NULL)
    scan->tree->spelled = g_ptr_array_new_with_free_func (g_free);
  *out_length = (guint)meaning->len;
  *out_key = g_string_free (meaning, FALSE);
  g_ptr_array_add (scan->tree->spelled, (gpointer)*out_key);
  return TRUE;
}

/* One "key": value of an object. */
static gboolean
scan_member (Scan *scan, guint object, guint *previous, guint count, GHashTable **keys, GError **error)
{
  const char *key;
  guint length, member;

  if (!next_is (scan, '"'))
    return fail (scan, error, scan->at < scan->end ? "key in double quotes expected" : "text ends too early");
  if (!scan_key (scan, &key, &length, error))
    return FALSE;
  member = scan->here = add_token (scan, object, *previous);
  cobro_wire_tree_get (scan->tree, member)->key = key;
  cobro_wire_tree_get (scan->tree, member)->key_length = length;
  if (!is_new_key (scan->tree, member, count, keys))
    return fail (scan, error, "duplicate key");
  skip_space (scan);
  if (!next_is (scan, ':'))
    return fail (scan, error, "':' expected");
  scan->at++;
  *previous = member;
  return scan_value (scan, member, error);
}

static gboolean
scan_element (Scan *scan, guint array, guint *previous, GError **error)
{
  *previous = scan->here = add_token (scan, array, *previous);
  return scan_value (scan, *previous, error);
}

/* At the '{' or '['. */
static gboolean
scan_container (Scan *scan, guint index, GError **error)
{
  gboolean is_object = *scan->at == '{';
  char close = is_object ? '}' : ']';
  g_autoptr (GHashTable) keys = NULL;
  guint previous = 0;

  cobro_wire_tree_get (scan->tree, index)->kind = is_object ? COBRO_WIRE_OBJECT : COBRO_WIRE_ARRAY;
  if (++scan->depth > COBRO_WIRE_DEPTH_MAX)
    return fail (scan, error, "nested too deeply");
  scan->at++;
  skip_space (scan);
  for (guint i = 0; !(i == 0 && next_is (scan, close)); i++)
    {
      skip_space (scan);
      if (!(is_object ? scan_member (scan, index, &previous, i + 1, &keys, error)
                      : scan_element (scan, index, &previous, error)))
        return FALSE;
      scan->here = index;
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
scan_string_value (Scan *scan, guint index, GError **error)
{
  cobro_wire_tree_get (scan->tree, index)->kind = COBRO_WIRE_TEXT;
  return scan_string (scan, NULL, error);
}

static gboolean
scan_value (Scan *scan, guint index, GError **error)
{
  gboolean ok;

  skip_space (scan);
  cobro_wire_tree_get (scan->tree, index)->at = scan->at;
  if (next_is (scan, '{') || next_is (scan, '['))
    ok = scan_container (scan, index, error);
  else if (next_is (scan, '"'))
    ok = scan_string_value (scan, index, error);
  else if (next_is (scan, '-') || next_is_digit (scan))
    ok = scan_number (scan, index, error);
  else
    ok = scan_word (scan, index, error);
  cobro_wire_tree_get (scan->tree, index)->end = scan->at;
  return ok;
}

static gboolean
scan_text (Scan *scan, gsize length, GError **error)
{
  CobroWireToken root = { 0 };

  g_array_append_val (scan->tree->tokens, root);
  if (!g_utf8_validate_len (scan->tree->text, length, &scan->at))
    return fail (scan, error, *scan->at == '\0' ? "NUL in the text" : "text is not UTF-8");
  scan->at = scan->tree->text;
  skip_space (scan);
  if (!next_is (scan, '{'))
    return fail (scan, error, scan->at < scan->end ? "a JSON object is expected" : "text is empty");
  if (!scan_value (scan, 0, error))
    return FALSE;
  skip_space (scan);
  return scan->at >= scan->end || fail (scan, error, "bytes after the end of the object");
}

CobroWireTree *
cobro_wire_tree_new (const char *text, gsize length, GError **error)
{
  g_autoptr (CobroWireTree) tree = g_new0 (CobroWireTree, 1);
  Scan scan = { .tree = tree };

  tree->ref_count = 1;
  tree->text = g_malloc (length + 1);
  memcpy (tree->text, text, length);
  tree->text[length] = '\0';
  tree->tokens = g_array_sized_new (FALSE, FALSE, sizeof (CobroWireToken), 64);
  scan.at = tree->text;
  scan.end = tree->text + length;
  return scan_text (&scan, length, error) ? g_steal_pointer (&tree) : NULL;
}

/* ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *
cobro_wire_tree_dup_text (CobroWireTree *tree, guint index)
{
  const CobroWireToken *token = cobro_wire_tree_get (tree, index);
  gsize length = (gsize)(token->end - token->at);
  g_autoptr (GString) meaning = NULL;
  Scan scan = { .tree = tree, .at = token->at, .end = token->end };

  if (memchr (token->at, '\\', length) == NULL)
    return g_strndup (token->at + 1, length - 2);
  meaning = g_string_sized_new (length);
  if (!scan_string (&scan, meaning, NULL))
    return g_strdup (""); /* cannot be: it was scanned before */
  return g_string_free (g_steal_pointer (&meaning), FALSE);
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

char *
cobro_wire_tree_dup_compact (CobroWireTree *tree, guint index)
{
  const CobroWireToken *token = cobro_wire_tree_get (tree, index);
  GString *text = g_string_sized_new ((gsize)(token->end - token->at) + 1);

  for (const char *p = token->at; p < token->end;)
    {
      const char *next = *p == '"' ? over_string (p) : p + 1;

      if (!g_ascii_isspace (*p))
        g_string_append_len (text, p, next - p);
      p = next;
    }
  return g_string_free (text, FALSE);
}
