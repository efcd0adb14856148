/* src/wire/cobro-wire.c — strict reading: the scanner leaves a tree of values, typed getters hand them out and remember
 * what was asked for, so that cobro_wire_done() can refuse the rest.
 * Layer: wire. An object belongs to one thread at a time. */
#include "cobro-wire.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-scan.h"

struct _CobroWireObject
{
  gint ref_count;
  CobroWireTree *tree;
  guint index; /* of this object in the tree */
  char *path;
};

/* ── Objects ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroWireObject *
object_new (CobroWireTree *tree, guint index, char *take_path)
{
  CobroWireObject *object = g_new0 (CobroWireObject, 1);

  object->ref_count = 1;
  object->tree = cobro_wire_tree_ref (tree);
  object->index = index;
  object->path = take_path;
  return object;
}

CobroWireObject *
cobro_wire_object_ref (CobroWireObject *object)
{
  g_return_val_if_fail (object != NULL, NULL);
  g_atomic_int_inc (&object->ref_count);
  return object;
}

void
cobro_wire_object_unref (CobroWireObject *object)
{
  if (object == NULL || !g_atomic_int_dec_and_test (&object->ref_count))
    return;
  cobro_wire_tree_unref (object->tree);
  g_free (object->path);
  g_free (object);
}

CobroWireObject *
cobro_wire_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (CobroWireTree) tree = cobro_wire_tree_new (text, length < 0 ? strlen (text) : (gsize)length, error);

  return tree != NULL ? object_new (tree, 0, g_strdup ("")) : NULL;
}

/* ── Paths and refusals ─────────────────────────────────────────────────────────────────────────────────────────── */

char *
cobro_wire_path (CobroWireObject *object, const char *key)
{
  GString *path = g_string_new (object->path);

  if (key != NULL)
    cobro_wire_path_append (path, key);
  return g_string_free (path, FALSE);
}

gboolean
cobro_wire_refuse (CobroWireObject *object, const char *key, GError **error, const char *format, ...)
{
  g_autofree char *path = cobro_wire_path (object, key);
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "%s", reason);
}

/* A core parser refused the text at @key: say the same, with the path. */
static gboolean
refuse_as (CobroWireObject *object, const char *key, const GError *fault, GError **error)
{
  g_autofree char *path = cobro_wire_path (object, key);

  return cobro_error_set_at (error, fault->code, path, "%s", fault->message);
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The member, marked as known; 0: there is none. */
static guint
look (CobroWireObject *object, const char *key)
{
  guint index = cobro_wire_tree_find (object->tree, object->index, key);

  if (index != 0)
    cobro_wire_tree_get (object->tree, index)->known = TRUE;
  return index;
}

static CobroWireKind
kind_of (CobroWireObject *object, guint index)
{
  return index != 0 ? cobro_wire_tree_get (object->tree, index)->kind : COBRO_WIRE_ABSENT;
}

CobroWireKind
cobro_wire_kind (CobroWireObject *object, const char *key)
{
  return kind_of (object, cobro_wire_tree_find (object->tree, object->index, key));
}

gboolean
cobro_wire_has (CobroWireObject *object, const char *key)
{
  CobroWireKind kind = kind_of (object, look (object, key));

  return kind != COBRO_WIRE_ABSENT && kind != COBRO_WIRE_NULL;
}

/* Finds the member and checks its kind; @out_index is 0 for absent and null. */
static gboolean
want (CobroWireObject *object, const char *key, CobroWireKind kind, const char *what, guint *out_index, GError **error)
{
  guint index = look (object, key);
  CobroWireKind found = kind_of (object, index);

  if (found == COBRO_WIRE_ABSENT || found == COBRO_WIRE_NULL)
    index = 0;
  else if (found != kind)
    return cobro_wire_refuse (object, key, error, "must be %s", what);
  *out_index = index;
  return TRUE;
}

static gboolean
want_needed (CobroWireObject *object, const char *key, CobroWireKind kind, const char *what, guint *out_index,
             GError **error)
{
  if (!want (object, key, kind, what, out_index, error))
    return FALSE;
  return *out_index != 0 || cobro_wire_refuse (object, key, error, "is required");
}

static gint64
integer_at (CobroWireObject *object, guint index)
{
  return cobro_wire_tree_get (object->tree, index)->integer;
}

/* ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define TEXT_WANTED    "a string"
#define INTEGER_WANTED "a whole number"

gboolean
cobro_wire_get_text (CobroWireObject *object, const char *key, const char *fallback, char **out_text, GError **error)
{
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_TEXT, TEXT_WANTED, &index, error))
    return FALSE;
  *out_text = index != 0 ? cobro_wire_tree_dup_text (object->tree, index) : g_strdup (fallback);
  return TRUE;
}

gboolean
cobro_wire_get_text_needed (CobroWireObject *object, const char *key, char **out_text, GError **error)
{
  guint index = 0;

  if (!want_needed (object, key, COBRO_WIRE_TEXT, TEXT_WANTED, &index, error))
    return FALSE;
  *out_text = cobro_wire_tree_dup_text (object->tree, index);
  return TRUE;
}

gboolean
cobro_wire_get_int64 (CobroWireObject *object, const char *key, gint64 fallback, gint64 *out_value, GError **error)
{
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_INT64, INTEGER_WANTED, &index, error))
    return FALSE;
  *out_value = index != 0 ? integer_at (object, index) : fallback;
  return TRUE;
}

gboolean
cobro_wire_get_int64_needed (CobroWireObject *object, const char *key, gint64 *out_value, GError **error)
{
  guint index = 0;

  if (!want_needed (object, key, COBRO_WIRE_INT64, INTEGER_WANTED, &index, error))
    return FALSE;
  *out_value = integer_at (object, index);
  return TRUE;
}

gboolean
cobro_wire_get_bool (CobroWireObject *object, const char *key, gboolean fallback, gboolean *out_value, GError **error)
{
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_BOOL, "true or false", &index, error))
    return FALSE;
  *out_value = index != 0 ? integer_at (object, index) != 0 : fallback;
  return TRUE;
}

gboolean
cobro_wire_get_time (CobroWireObject *object, const char *key, CobroTime *out_time, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autofree char *text = NULL;
  CobroTime time = 0;
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_TEXT, "a time in RFC 3339", &index, error))
    return FALSE;
  text = index != 0 ? cobro_wire_tree_dup_text (object->tree, index) : NULL;
  if (text != NULL && !cobro_time_from_text (text, &time, &fault))
    return refuse_as (object, key, fault, error);
  *out_time = time;
  return TRUE;
}

gboolean
cobro_wire_get_money (CobroWireObject *object, const char *key, CobroCurrency currency, CobroMoney *out_money,
                      GError **error)
{
  g_autoptr (GError) fault = NULL;
  CobroMoney money = COBRO_MONEY_NONE;
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_INT64, "a whole number of minor units", &index, error))
    return FALSE;
  if (index != 0)
    {
      money = cobro_money (integer_at (object, index), currency);
      if (!cobro_money_check (money, &fault))
        return refuse_as (object, key, fault, error);
    }
  *out_money = money;
  return TRUE;
}

gboolean
cobro_wire_get_decimal (CobroWireObject *object, const char *key, CobroDecimal fallback, CobroDecimal *out_decimal,
                        GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autofree char *text = NULL;
  CobroDecimal decimal = fallback;
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_TEXT, "a decimal number as a string", &index, error))
    return FALSE;
  text = index != 0 ? cobro_wire_tree_dup_text (object->tree, index) : NULL;
  if (text != NULL && !cobro_decimal_from_text (text, &decimal, &fault))
    return refuse_as (object, key, fault, error);
  *out_decimal = decimal;
  return TRUE;
}

/* ── Children ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroWireObject *
adopt (CobroWireObject *object, guint index, char *take_path)
{
  cobro_wire_tree_get (object->tree, index)->opened = TRUE;
  return object_new (object->tree, index, take_path);
}

gboolean
cobro_wire_get_object (CobroWireObject *object, const char *key, CobroWireObject **out_child, GError **error)
{
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_OBJECT, "an object", &index, error))
    return FALSE;
  *out_child = index != 0 ? adopt (object, index, cobro_wire_path (object, key)) : NULL;
  return TRUE;
}

/* The first and the number of the elements of the list at @key: at most @max, all of @kind. */
static gboolean
want_list (CobroWireObject *object, const char *key, gsize max, CobroWireKind kind, const char *what, guint *out_first,
           GError **error)
{
  guint index = 0;
  gsize count = 0;

  *out_first = 0;
  if (!want (object, key, COBRO_WIRE_ARRAY, "a list", &index, error))
    return FALSE;
  if (index == 0)
    return TRUE;
  *out_first = cobro_wire_tree_get (object->tree, index)->first;
  for (guint i = *out_first; i != 0; i = cobro_wire_tree_get (object->tree, i)->next)
    if (++count > max)
      return cobro_wire_refuse (object, key, error, "has more than %" G_GSIZE_FORMAT " entries", max);
  for (guint i = *out_first; i != 0; i = cobro_wire_tree_get (object->tree, i)->next)
    if (kind_of (object, i) != kind)
      {
        g_autofree char *path = cobro_wire_tree_dup_path (object->tree, i);

        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be %s", what);
      }
  return TRUE;
}

gboolean
cobro_wire_get_objects (CobroWireObject *object, const char *key, gsize max, GPtrArray **out_children, GError **error)
{
  g_autofree char *path = cobro_wire_path (object, key);
  GPtrArray *children;
  guint first;

  if (!want_list (object, key, max, COBRO_WIRE_OBJECT, "an object", &first, error))
    return FALSE;
  children = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_object_unref);
  for (guint i = first; i != 0; i = cobro_wire_tree_get (object->tree, i)->next)
    g_ptr_array_add (children, adopt (object, i, g_strdup_printf ("%s[%u]", path, children->len)));
  *out_children = children;
  return TRUE;
}

gboolean
cobro_wire_get_texts (CobroWireObject *object, const char *key, gsize max, GPtrArray **out_texts, GError **error)
{
  GPtrArray *texts;
  guint first;

  if (!want_list (object, key, max, COBRO_WIRE_TEXT, TEXT_WANTED, &first, error))
    return FALSE;
  texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = first; i != 0; i = cobro_wire_tree_get (object->tree, i)->next)
    g_ptr_array_add (texts, cobro_wire_tree_dup_text (object->tree, i));
  *out_texts = texts;
  return TRUE;
}

gboolean
cobro_wire_get_int64s (CobroWireObject *object, const char *key, gsize max, GArray **out_numbers, GError **error)
{
  GArray *numbers;
  guint first;

  if (!want_list (object, key, max, COBRO_WIRE_INT64, INTEGER_WANTED, &first, error))
    return FALSE;
  numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = first; i != 0; i = cobro_wire_tree_get (object->tree, i)->next)
    {
      gint64 number = integer_at (object, i);

      g_array_append_val (numbers, number);
    }
  *out_numbers = numbers;
  return TRUE;
}

gboolean
cobro_wire_get_map (CobroWireObject *object, const char *key, GHashTable **out_map, GError **error)
{
  g_autoptr (GHashTable) map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint index = 0;

  if (!want (object, key, COBRO_WIRE_OBJECT, "an object", &index, error))
    return FALSE;
  for (guint i = index != 0 ? cobro_wire_tree_get (object->tree, index)->first : 0; i != 0;
       i = cobro_wire_tree_get (object->tree, i)->next)
    {
      const CobroWireToken *token = cobro_wire_tree_get (object->tree, i);

      if (token->kind != COBRO_WIRE_TEXT)
        {
          g_autofree char *path = cobro_wire_tree_dup_path (object->tree, i);

          return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be " TEXT_WANTED);
        }
      g_hash_table_insert (map, g_strndup (token->key, token->key_length), cobro_wire_tree_dup_text (object->tree, i));
    }
  *out_map = g_steal_pointer (&map);
  return TRUE;
}

char *
cobro_wire_get_raw (CobroWireObject *object, const char *key)
{
  guint index = look (object, key);

  return index != 0 ? cobro_wire_tree_dup_compact (object->tree, index) : NULL;
}

/* ── Nothing but what is known ──────────────────────────────────────────────────────────────────────────────────── */

static gboolean
refuse_unknown (CobroWireTree *tree, guint index, GError **error)
{
  g_autofree char *path = cobro_wire_tree_dup_path (tree, index);

  return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "unknown key");
}

gboolean
cobro_wire_only (CobroWireObject *object, const char *const *keys, GError **error)
{
  for (guint i = cobro_wire_tree_get (object->tree, object->index)->first; i != 0;
       i = cobro_wire_tree_get (object->tree, i)->next)
    {
      const CobroWireToken *token = cobro_wire_tree_get (object->tree, i);
      gboolean found = FALSE;

      for (const char *const *key = keys; *key != NULL && !found; key++)
        found = strlen (*key) == token->key_length && memcmp (*key, token->key, token->key_length) == 0;
      if (!found)
        return refuse_unknown (object->tree, i, error);
    }
  return TRUE;
}

/* This object's members, and those of every object below that was handed out. */
static gboolean
check_known (CobroWireTree *tree, guint index, GError **error)
{
  for (guint i = cobro_wire_tree_get (tree, index)->first; i != 0; i = cobro_wire_tree_get (tree, i)->next)
    {
      const CobroWireToken *token = cobro_wire_tree_get (tree, i);

      if (token->key != NULL && !token->known)
        return refuse_unknown (tree, i, error);
      if ((token->opened || token->kind == COBRO_WIRE_ARRAY) && !check_known (tree, i, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
cobro_wire_done (CobroWireObject *object, GError **error)
{
  return check_known (object->tree, object->index, error);
}
