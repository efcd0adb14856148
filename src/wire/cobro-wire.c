/* src/wire/cobro-wire.c — strict reading: the scanner passes the text, json-glib makes the tree, typed getters hand out
 * values and remember what was asked for, so that cobro_wire_done() can refuse the rest.
 * Layer: wire. An object belongs to one thread at a time. */
#include "cobro-wire.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-scan.h"

struct _CobroWireObject
{
  gint ref_count;
  JsonObject *members;
  GHashTable *known;   /* (element-type JsonNode) members that a getter asked for; borrowed from members */
  GPtrArray *children; /* (element-type CobroWireObject) handed out; checked by done */
  char *path;
  GBytes *text;     /* the whole text, NUL-terminated */
  const char *span; /* where this object starts in it */
};

/* ── Objects ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroWireObject *
object_new (JsonObject *members, char *take_path, GBytes *text, const char *span)
{
  CobroWireObject *object = g_new0 (CobroWireObject, 1);

  object->ref_count = 1;
  object->members = json_object_ref (members);
  object->known = g_hash_table_new (NULL, NULL);
  object->children = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_object_unref);
  object->path = take_path;
  object->text = g_bytes_ref (text);
  object->span = span;
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
  g_ptr_array_unref (object->children);
  g_hash_table_unref (object->known);
  json_object_unref (object->members);
  g_bytes_unref (object->text);
  g_free (object->path);
  g_free (object);
}

CobroWireObject *
cobro_wire_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GBytes) copy = NULL;
  g_autoptr (GError) fault = NULL;
  gsize size = length < 0 ? strlen (text) : (gsize)length;
  char *owned;

  if (!cobro_wire_scan (text, size, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize)size, &fault))
    {
      cobro_error_set (error, COBRO_ERROR_INVALID, "not JSON: %s", fault->message);
      return NULL;
    }
  root = json_parser_steal_root (parser);
  owned = g_strndup (text, size);
  copy = g_bytes_new_take (owned, size);
  return object_new (json_node_get_object (root), g_strdup (""), copy, strchr (owned, '{'));
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

static CobroWireKind
kind_of (JsonNode *node)
{
  if (node == NULL)
    return COBRO_WIRE_ABSENT;
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return COBRO_WIRE_OBJECT;
    case JSON_NODE_ARRAY:
      return COBRO_WIRE_ARRAY;
    case JSON_NODE_NULL:
      return COBRO_WIRE_NULL;
    case JSON_NODE_VALUE:
      break;
    }
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return COBRO_WIRE_TEXT;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return COBRO_WIRE_INT64;
  return json_node_get_value_type (node) == G_TYPE_BOOLEAN ? COBRO_WIRE_BOOL : COBRO_WIRE_NUMBER;
}

static JsonNode *
look (CobroWireObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object->members, key);

  if (node != NULL)
    g_hash_table_add (object->known, node);
  return node;
}

CobroWireKind
cobro_wire_kind (CobroWireObject *object, const char *key)
{
  return kind_of (json_object_get_member (object->members, key));
}

gboolean
cobro_wire_has (CobroWireObject *object, const char *key)
{
  CobroWireKind kind = kind_of (look (object, key));

  return kind != COBRO_WIRE_ABSENT && kind != COBRO_WIRE_NULL;
}

/* Finds the member and checks its kind; @out_node is NULL for absent and null. */
static gboolean
want (CobroWireObject *object, const char *key, CobroWireKind kind, const char *what, JsonNode **out_node,
      GError **error)
{
  JsonNode *node = look (object, key);
  CobroWireKind found = kind_of (node);

  if (found == COBRO_WIRE_ABSENT || found == COBRO_WIRE_NULL)
    node = NULL;
  else if (found != kind)
    return cobro_wire_refuse (object, key, error, "must be %s", what);
  *out_node = node;
  return TRUE;
}

static gboolean
want_needed (CobroWireObject *object, const char *key, CobroWireKind kind, const char *what, JsonNode **out_node,
             GError **error)
{
  JsonNode *node = NULL;

  if (!want (object, key, kind, what, &node, error))
    return FALSE;
  if (node == NULL)
    return cobro_wire_refuse (object, key, error, "is required");
  *out_node = node;
  return TRUE;
}

/* ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define TEXT_WANTED    "a string"
#define INTEGER_WANTED "a whole number"

gboolean
cobro_wire_get_text (CobroWireObject *object, const char *key, const char *fallback, char **out_text, GError **error)
{
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_TEXT, TEXT_WANTED, &node, error))
    return FALSE;
  *out_text = node != NULL ? json_node_dup_string (node) : g_strdup (fallback);
  return TRUE;
}

gboolean
cobro_wire_get_text_needed (CobroWireObject *object, const char *key, char **out_text, GError **error)
{
  JsonNode *node = NULL;

  if (!want_needed (object, key, COBRO_WIRE_TEXT, TEXT_WANTED, &node, error))
    return FALSE;
  *out_text = json_node_dup_string (node);
  return TRUE;
}

gboolean
cobro_wire_get_int64 (CobroWireObject *object, const char *key, gint64 fallback, gint64 *out_value, GError **error)
{
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_INT64, INTEGER_WANTED, &node, error))
    return FALSE;
  *out_value = node != NULL ? json_node_get_int (node) : fallback;
  return TRUE;
}

gboolean
cobro_wire_get_int64_needed (CobroWireObject *object, const char *key, gint64 *out_value, GError **error)
{
  JsonNode *node = NULL;

  if (!want_needed (object, key, COBRO_WIRE_INT64, INTEGER_WANTED, &node, error))
    return FALSE;
  *out_value = json_node_get_int (node);
  return TRUE;
}

gboolean
cobro_wire_get_bool (CobroWireObject *object, const char *key, gboolean fallback, gboolean *out_value, GError **error)
{
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_BOOL, "true or false", &node, error))
    return FALSE;
  *out_value = node != NULL ? json_node_get_boolean (node) : fallback;
  return TRUE;
}

gboolean
cobro_wire_get_time (CobroWireObject *object, const char *key, CobroTime *out_time, GError **error)
{
  g_autoptr (GError) fault = NULL;
  CobroTime time = 0;
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_TEXT, "a time in RFC 3339", &node, error))
    return FALSE;
  if (node != NULL && !cobro_time_from_text (json_node_get_string (node), &time, &fault))
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
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_INT64, "a whole number of minor units", &node, error))
    return FALSE;
  if (node != NULL)
    {
      money = cobro_money (json_node_get_int (node), currency);
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
  CobroDecimal decimal = fallback;
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_TEXT, "a decimal number as a string", &node, error))
    return FALSE;
  if (node != NULL && !cobro_decimal_from_text (json_node_get_string (node), &decimal, &fault))
    return refuse_as (object, key, fault, error);
  *out_decimal = decimal;
  return TRUE;
}

/* ── Children ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroWireObject *
adopt (CobroWireObject *object, JsonNode *node, char *take_path, const char *span)
{
  CobroWireObject *child = object_new (json_node_get_object (node), take_path, object->text, span);

  g_ptr_array_add (object->children, cobro_wire_object_ref (child));
  return child;
}

gboolean
cobro_wire_get_object (CobroWireObject *object, const char *key, CobroWireObject **out_child, GError **error)
{
  JsonNode *node = NULL;

  if (!want (object, key, COBRO_WIRE_OBJECT, "an object", &node, error))
    return FALSE;
  *out_child = node == NULL
                 ? NULL
                 : adopt (object, node, cobro_wire_path (object, key), cobro_wire_scan_member (object->span, key));
  return TRUE;
}

/* The array at @key, of at most @max elements that are all of @kind. */
static gboolean
want_array (CobroWireObject *object, const char *key, gsize max, CobroWireKind kind, const char *what,
            JsonArray **out_array, GError **error)
{
  JsonArray *array;
  JsonNode *node = NULL;

  *out_array = NULL;
  if (!want (object, key, COBRO_WIRE_ARRAY, "a list", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;

  array = json_node_get_array (node);
  if (json_array_get_length (array) > max)
    return cobro_wire_refuse (object, key, error, "has more than %" G_GSIZE_FORMAT " entries", max);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (kind_of (json_array_get_element (array, i)) != kind)
      {
        g_autofree char *list = cobro_wire_path (object, key);
        g_autofree char *path = g_strdup_printf ("%s[%u]", list, i);

        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be %s", what);
      }
  *out_array = array;
  return TRUE;
}

gboolean
cobro_wire_get_objects (CobroWireObject *object, const char *key, gsize max, GPtrArray **out_children, GError **error)
{
  g_autoptr (GPtrArray) starts = NULL;
  g_autofree char *path = NULL;
  GPtrArray *children;
  JsonArray *array;

  if (!want_array (object, key, max, COBRO_WIRE_OBJECT, "an object", &array, error))
    return FALSE;

  children = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_object_unref);
  *out_children = children;
  if (array == NULL)
    return TRUE;

  path = cobro_wire_path (object, key);
  starts = cobro_wire_scan_elements (cobro_wire_scan_member (object->span, key));
  for (guint i = 0; i < starts->len; i++)
    g_ptr_array_add (children, adopt (object, json_array_get_element (array, i), g_strdup_printf ("%s[%u]", path, i),
                                      g_ptr_array_index (starts, i)));
  return TRUE;
}

gboolean
cobro_wire_get_texts (CobroWireObject *object, const char *key, gsize max, GPtrArray **out_texts, GError **error)
{
  GPtrArray *texts;
  JsonArray *array;

  if (!want_array (object, key, max, COBRO_WIRE_TEXT, TEXT_WANTED, &array, error))
    return FALSE;
  texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (texts, g_strdup (json_array_get_string_element (array, i)));
  *out_texts = texts;
  return TRUE;
}

gboolean
cobro_wire_get_int64s (CobroWireObject *object, const char *key, gsize max, GArray **out_numbers, GError **error)
{
  GArray *numbers;
  JsonArray *array;

  if (!want_array (object, key, max, COBRO_WIRE_INT64, INTEGER_WANTED, &array, error))
    return FALSE;
  numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      gint64 number = json_array_get_int_element (array, i);

      g_array_append_val (numbers, number);
    }
  *out_numbers = numbers;
  return TRUE;
}

gboolean
cobro_wire_get_map (CobroWireObject *object, const char *key, GHashTable **out_map, GError **error)
{
  g_autoptr (GHashTable) map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (CobroWireObject) child = NULL;
  g_autoptr (GList) names = NULL;

  if (!cobro_wire_get_object (object, key, &child, error))
    return FALSE;
  names = child != NULL ? json_object_get_members (child->members) : NULL;
  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *node = look (child, l->data);

      if (kind_of (node) != COBRO_WIRE_TEXT)
        return cobro_wire_refuse (child, l->data, error, "must be " TEXT_WANTED);
      g_hash_table_insert (map, g_strdup (l->data), json_node_dup_string (node));
    }
  *out_map = g_steal_pointer (&map);
  return TRUE;
}

char *
cobro_wire_get_raw (CobroWireObject *object, const char *key)
{
  if (look (object, key) == NULL)
    return NULL;
  return cobro_wire_scan_compact (cobro_wire_scan_member (object->span, key));
}

gboolean
cobro_wire_only (CobroWireObject *object, const char *const *keys, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object->members);

  for (GList *l = names; l != NULL; l = l->next)
    if (!g_strv_contains (keys, l->data))
      return cobro_wire_refuse (object, l->data, error, "unknown key");
  return TRUE;
}

gboolean
cobro_wire_done (CobroWireObject *object, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object->members);

  for (GList *l = names; l != NULL; l = l->next)
    if (!g_hash_table_contains (object->known, json_object_get_member (object->members, l->data)))
      return cobro_wire_refuse (object, l->data, error, "unknown key");
  for (guint i = 0; i < object->children->len; i++)
    if (!cobro_wire_done (g_ptr_array_index (object->children, i), error))
      return FALSE;
  return TRUE;
}
