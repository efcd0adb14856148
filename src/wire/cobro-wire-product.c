/* src/wire/cobro-wire-product.c — something that is sold.
 * Layer: wire. Any thread. */
#include "cobro-wire-product.h"

#include "cobro-wire-set.h"

void
cobro_wire_product_write (CobroWireWriter *writer, const char *key, const CobroProduct *product)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", product->id.text);
  cobro_wire_put_int64 (writer, "rev", product->rev);
  cobro_wire_put_text (writer, "name", product->name);
  cobro_wire_put_text (writer, "description", product->description);
  cobro_wire_put_text (writer, "code", product->code);
  cobro_wire_put_text (writer, "unit", product->unit);
  cobro_wire_put_text (writer, "currency", cobro_currency_code (product->currency));
  cobro_wire_put_unit_price (writer, "unitAmount", product->unit_price);
  cobro_wire_put_bool (writer, "taxInclusive", product->tax_inclusive);
  cobro_wire_put_text (writer, "taxName", product->tax_name);
  cobro_wire_put_text (writer, "taxCategory", cobro_tax_category_name (product->tax_category));
  cobro_wire_put_decimal (writer, "taxRate", product->tax_rate);
  cobro_wire_put_bool (writer, "archived", product->archived);
  cobro_wire_put_time (writer, "createdAt", product->created_at);
  cobro_wire_put_time (writer, "updatedAt", product->updated_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_product (CobroWireObject *object, CobroProduct *product, GError **error)
{
  return cobro_wire_get_id_needed (object, "id", COBRO_ID_PRODUCT, &product->id, error) &&
         cobro_wire_get_int64 (object, "rev", 0, &product->rev, error) &&
         cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&product->name), error) &&
         cobro_wire_set_text (object, "description", &product->description, error) &&
         cobro_wire_set_text (object, "code", &product->code, error) &&
         cobro_wire_set_text (object, "unit", &product->unit, error) &&
         cobro_wire_get_currency_needed (object, "currency", &product->currency, error) &&
         cobro_wire_get_unit_price (object, "unitAmount", &product->unit_price, error) &&
         cobro_wire_get_bool (object, "taxInclusive", FALSE, &product->tax_inclusive, error) &&
         cobro_wire_set_text (object, "taxName", &product->tax_name, error) &&
         cobro_wire_get_tax_category (object, "taxCategory", &product->tax_category, error) &&
         cobro_wire_get_decimal (object, "taxRate", 0, &product->tax_rate, error) &&
         cobro_wire_get_bool (object, "archived", FALSE, &product->archived, error) &&
         cobro_wire_get_time (object, "createdAt", &product->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &product->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_product_validate (product, error);
}

CobroProduct *
cobro_wire_product_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroProduct) product = cobro_product_new ();

  if (!parse_product (object, product, error))
    return NULL;
  return g_steal_pointer (&product);
}
