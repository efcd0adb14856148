/* src/wire/cobro-wire-terms.c — how something may be paid: methods, gateways, in parts.
 * Layer: wire. Any thread. */
#include "cobro-wire-terms.h"

#include <string.h>

gboolean
cobro_wire_get_choice (CobroWireObject *object, const char *key, const char *fallback, CobroWireObject **out_child,
                       char **out_type, GError **error)
{
  *out_child = NULL;
  if (cobro_wire_kind (object, key) != COBRO_WIRE_OBJECT)
    return cobro_wire_get_text (object, key, fallback, out_type, error);
  return cobro_wire_get_object (object, key, out_child, error) &&
         cobro_wire_get_text_needed (*out_child, "type", out_type, error);
}

static gboolean
read_part (CobroWireObject *object, CobroCurrency currency, GPtrArray *parts, GError **error)
{
  g_autofree char *due = NULL;
  CobroMoney amount = COBRO_MONEY_NONE;

  if (!cobro_wire_get_text_needed (object, "due", &due, error) ||
      !cobro_wire_get_money (object, "amount", currency, &amount, error))
    return FALSE;
  if (strlen (due) != 10)
    return cobro_wire_refuse (object, "due", error, "must be a date such as 2026-12-01");
  if (!cobro_money_is_set (amount))
    return cobro_wire_refuse (object, "amount", error, "is required");
  g_ptr_array_add (parts, cobro_link_part_new (due, amount));
  return TRUE;
}

static gboolean
read_partial (CobroWireObject *object, const CobroWireTerms *terms, GError **error)
{
  g_autoptr (CobroWireObject) partial = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  g_autofree char *type = NULL;

  if (!cobro_wire_get_choice (object, "partial", "off", &partial, &type, error))
    return FALSE;
  if (!cobro_partial_from_name (type, terms->partial))
    return cobro_wire_refuse (object, "partial", error, "must be off, on or plan");

  switch (*terms->partial)
    {
    case COBRO_PARTIAL_OFF:
      return TRUE;
    case COBRO_PARTIAL_ON:
      return partial == NULL ||
             cobro_wire_get_money (partial, "minimumFirst", terms->currency, terms->minimum_first, error);
    case COBRO_PARTIAL_PLAN:
      break;
    }
  if (partial == NULL)
    return cobro_wire_refuse (object, "partial", error, "needs its parts");
  if (!cobro_wire_get_objects (partial, "parts", COBRO_LINK_PARTS_MAX, &parts, error))
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    if (!read_part (g_ptr_array_index (parts, i), terms->currency, terms->parts, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_methods (CobroWireObject *object, const CobroWireTerms *terms, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  if (!cobro_wire_has (object, "methods"))
    return TRUE;
  if (!cobro_wire_get_texts (object, "methods", 8, &names, error))
    return FALSE;
  *terms->methods = 0;
  for (guint i = 0; i < names->len; i++)
    {
      CobroMethods method;

      if (!cobro_method_from_name (g_ptr_array_index (names, i), &method))
        return cobro_wire_refuse (object, "methods", error, "unknown method \"%s\"",
                                  (char *)g_ptr_array_index (names, i));
      *terms->methods |= method;
    }
  return TRUE;
}

gboolean
cobro_wire_terms_read (CobroWireObject *object, const CobroWireTerms *terms, GError **error)
{
  g_autoptr (GPtrArray) gateways = NULL;

  if (!read_methods (object, terms, error) || !read_partial (object, terms, error) ||
      !cobro_wire_get_texts (object, "gateways", COBRO_LINK_GATEWAYS_MAX, &gateways, error))
    return FALSE;
  g_ptr_array_unref (*terms->gateways);
  *terms->gateways = g_steal_pointer (&gateways);
  return TRUE;
}

static void
write_partial (CobroWireWriter *writer, CobroPartial partial, CobroMoney minimum_first, const GPtrArray *parts)
{
  cobro_wire_begin_object (writer, "partial");
  cobro_wire_put_text (writer, "type", cobro_partial_name (partial));
  switch (partial)
    {
    case COBRO_PARTIAL_OFF:
      break;
    case COBRO_PARTIAL_ON:
      cobro_wire_put_money (writer, "minimumFirst", minimum_first);
      break;
    case COBRO_PARTIAL_PLAN:
      cobro_wire_begin_array (writer, "parts");
      for (guint i = 0; i < parts->len; i++)
        {
          const CobroLinkPart *part = g_ptr_array_index (parts, i);

          cobro_wire_begin_object (writer, NULL);
          cobro_wire_put_text (writer, "due", part->due);
          cobro_wire_put_money (writer, "amount", part->amount);
          cobro_wire_end_object (writer);
        }
      cobro_wire_end_array (writer);
      break;
    }
  cobro_wire_end_object (writer);
}

static void
write_sets (CobroWireWriter *writer, guint methods, const GPtrArray *gateways)
{
  cobro_wire_begin_array (writer, "methods");
  for (guint bit = 1; bit != 0 && bit <= methods; bit <<= 1)
    if (methods & bit)
      cobro_wire_put_text (writer, NULL, cobro_method_name (bit));
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "gateways");
  for (guint i = 0; i < gateways->len; i++)
    cobro_wire_put_text (writer, NULL, g_ptr_array_index (gateways, i));
  cobro_wire_end_array (writer);
}

void
cobro_wire_terms_write (CobroWireWriter *writer, guint methods, const GPtrArray *gateways, CobroPartial partial,
                        CobroMoney minimum_first, const GPtrArray *parts)
{
  write_sets (writer, methods, gateways);
  write_partial (writer, partial, minimum_first, parts);
}
