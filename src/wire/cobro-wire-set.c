/* src/wire/cobro-wire-set.c — what the codecs of the nouns share.
 * Layer: wire (private). Any thread. */
#include "cobro-wire-set.h"

#include "cobro-error.h"
#include "cobro-text.h"

#include <string.h>

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

/* ── What documents share ───────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_wire_get_date (CobroWireObject *object, const char *key, char out_date[COBRO_DATE_SIZE], GError **error)
{
  g_autofree char *text = NULL;

  if (!cobro_wire_get_text (object, key, "", &text, error))
    return FALSE;
  if (text[0] != '\0' && !cobro_text_check_date (text, NULL, NULL))
    return cobro_wire_refuse (object, key, error, "must be a date such as \"2026-02-28\"");
  g_strlcpy (out_date, text, COBRO_DATE_SIZE);
  return TRUE;
}

void
cobro_wire_put_date (CobroWireWriter *writer, const char *key, const char *date)
{
  cobro_wire_put_text_or_null (writer, key, date);
}

#define PRICE_PLACES 4

gboolean
cobro_wire_get_unit_price (CobroWireObject *object, const char *key, CobroUnitPrice *out_price, GError **error)
{
  g_autofree char *text = NULL;
  gint64 minor;

  if (cobro_wire_kind (object, key) == COBRO_WIRE_TEXT)
    {
      if (!cobro_wire_get_text (object, key, "0", &text, error))
        return FALSE;
      return cobro_scaled_from_text (text, PRICE_PLACES, out_price, NULL) ||
             cobro_wire_refuse (object, key, error, "must be minor units with at most %d decimals such as \"0.75\"",
                                PRICE_PLACES);
    }
  if (!cobro_wire_get_int64 (object, key, 0, &minor, error))
    return FALSE;
  return !__builtin_mul_overflow (minor, COBRO_UNIT_PRICE_ONE, out_price) ||
         cobro_wire_refuse (object, key, error, "is too large");
}

void
cobro_wire_put_unit_price (CobroWireWriter *writer, const char *key, CobroUnitPrice price)
{
  g_autofree char *text = NULL;
  char *end;

  if (price % COBRO_UNIT_PRICE_ONE == 0)
    {
      cobro_wire_put_int64 (writer, key, price / COBRO_UNIT_PRICE_ONE);
      return;
    }
  text = cobro_scaled_to_text (price, PRICE_PLACES);
  for (end = text + strlen (text); end[-1] == '0'; end--)
    end[-1] = '\0';
  cobro_wire_put_text (writer, key, text);
}

gboolean
cobro_wire_get_tax_category (CobroWireObject *object, const char *key, CobroTaxCategory *out_category, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text (object, key, cobro_tax_category_name (COBRO_TAX_OUTSIDE), &name, error))
    return FALSE;
  return cobro_tax_category_from_name (name, out_category) ||
         cobro_wire_refuse (object, key, error,
                            "must be standard, zero, exempt, reverse_charge, intra_community, export or outside");
}

static const char *const rounding_names[] = { "half_up", "half_even" };

gboolean
cobro_wire_get_rounding (CobroWireObject *object, const char *key, CobroRounding *out_rounding, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text (object, key, rounding_names[COBRO_ROUND_HALF_UP], &name, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (rounding_names); i++)
    if (g_str_equal (name, rounding_names[i]))
      {
        *out_rounding = (CobroRounding)i;
        return TRUE;
      }
  return cobro_wire_refuse (object, key, error, "must be half_up or half_even");
}

void
cobro_wire_put_rounding (CobroWireWriter *writer, const char *key, CobroRounding rounding)
{
  cobro_wire_put_text (writer, key, rounding_names[rounding]);
}

gboolean
cobro_wire_get_reminders (CobroWireObject *object, const char *key, CobroReminders *out_reminders, GError **error)
{
  g_autoptr (GArray) days = NULL;

  if (!cobro_wire_has (object, key))
    {
      *out_reminders = cobro_reminders_default ();
      return TRUE;
    }
  if (!cobro_wire_get_int64s (object, key, COBRO_REMINDERS_MAX, &days, error))
    return FALSE;
  *out_reminders = (CobroReminders){ .custom = TRUE, .n = days->len };
  for (guint i = 0; i < days->len; i++)
    out_reminders->days[i] = (gint)CLAMP (g_array_index (days, gint64, i), G_MININT, G_MAXINT);
  return TRUE;
}

void
cobro_wire_put_reminders (CobroWireWriter *writer, const char *key, const CobroReminders *reminders)
{
  if (!reminders->custom)
    {
      cobro_wire_put_null (writer, key);
      return;
    }
  cobro_wire_begin_array (writer, key);
  for (guint i = 0; i < reminders->n; i++)
    cobro_wire_put_int64 (writer, NULL, reminders->days[i]);
  cobro_wire_end_array (writer);
}
