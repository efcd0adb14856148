/* src/wire/cobro-wire-set.c — what the codecs of the nouns share.
 * Layer: wire (private). Any thread. */
#include "cobro-wire-set.h"

#include "cobro-error.h"

char **
cobro_wire_slot (char **field)
{
  g_clear_pointer (field, g_free);
  return field;
}

gboolean
cobro_wire_set_text (CobroWireObject *object, const char *key, char **field, GError **error)
{
  char *text;

  if (!cobro_wire_get_text (object, key, "", &text, error))
    return FALSE;
  g_free (*field);
  *field = text;
  return TRUE;
}

gboolean
cobro_wire_get_id (CobroWireObject *object, const char *key, CobroIdKind kind, CobroId *out_id, GError **error)
{
  g_autofree char *text = NULL;

  if (!cobro_wire_get_text (object, key, NULL, &text, error))
    return FALSE;
  if (text == NULL)
    {
      *out_id = COBRO_ID_NONE;
      return TRUE;
    }
  return cobro_id_parse (kind, text, out_id, NULL) ||
         cobro_wire_refuse (object, key, error, "must be an id: %s and 26 characters", cobro_id_prefix (kind));
}

gboolean
cobro_wire_get_id_needed (CobroWireObject *object, const char *key, CobroIdKind kind, CobroId *out_id, GError **error)
{
  if (!cobro_wire_has (object, key))
    return cobro_wire_refuse (object, key, error, "is required");
  return cobro_wire_get_id (object, key, kind, out_id, error);
}

gboolean
cobro_wire_get_token (CobroWireObject *object, const char *key, CobroToken *out_token, GError **error)
{
  g_autofree char *text = NULL;

  if (!cobro_wire_get_text (object, key, NULL, &text, error))
    return FALSE;
  if (text == NULL)
    {
      *out_token = COBRO_TOKEN_NONE;
      return TRUE;
    }
  return cobro_token_parse (text, out_token, NULL) ||
         cobro_wire_refuse (object, key, error, "must be 64 (or 48) lower-case hex digits");
}

gboolean
cobro_wire_get_currency_needed (CobroWireObject *object, const char *key, CobroCurrency *out_currency, GError **error)
{
  g_autofree char *code = NULL;
  g_autoptr (GError) fault = NULL;

  if (!cobro_wire_get_text_needed (object, key, &code, error))
    return FALSE;
  if (!cobro_currency_from_code (code, out_currency, &fault))
    {
      g_autofree char *path = cobro_wire_path (object, key);

      return cobro_error_set_at (error, fault->code, path, "%s", fault->message);
    }
  return TRUE;
}

gboolean
cobro_wire_get_flags (CobroWireObject *object, const char *key, guint *out_flags, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  guint flags = 0;

  if (!cobro_wire_get_texts (object, key, 32, &names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      CobroFlags flag;

      if (!cobro_flag_from_name (g_ptr_array_index (names, i), &flag))
        return cobro_wire_refuse (object, key, error, "unknown flag \"%s\"", (char *)g_ptr_array_index (names, i));
      flags |= flag;
    }
  *out_flags = flags;
  return TRUE;
}

gboolean
cobro_wire_set_map (CobroWireObject *object, const char *key, GHashTable **field, GError **error)
{
  GHashTable *map;

  if (!cobro_wire_get_map (object, key, &map, error))
    return FALSE;
  g_clear_pointer (field, g_hash_table_unref);
  *field = map;
  return TRUE;
}

void
cobro_wire_put_flags (CobroWireWriter *writer, const char *key, guint flags)
{
  cobro_wire_begin_array (writer, key);
  for (guint bit = 1; bit != 0 && bit <= flags; bit <<= 1)
    if (flags & bit)
      cobro_wire_put_text (writer, NULL, cobro_flag_name (bit));
  cobro_wire_end_array (writer);
}

void
cobro_wire_put_text_or_null (CobroWireWriter *writer, const char *key, const char *value)
{
  cobro_wire_put_text (writer, key, value != NULL && *value != '\0' ? value : NULL);
}
