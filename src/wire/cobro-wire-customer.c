/* src/wire/cobro-wire-customer.c — somebody who buys.
 * Layer: wire. Any thread. */
#include "cobro-wire-customer.h"

#include "cobro-wire-set.h"

void
cobro_wire_customer_write (CobroWireWriter *writer, const char *key, const CobroCustomer *customer)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", customer->id.text);
  cobro_wire_put_int64 (writer, "rev", customer->rev);
  cobro_wire_put_text (writer, "name", customer->name);
  cobro_wire_put_text (writer, "email", customer->email);
  cobro_wire_put_text (writer, "phone", customer->phone);
  cobro_wire_put_text (writer, "taxId", customer->tax_id);
  cobro_wire_begin_object (writer, "address");
  cobro_wire_put_text (writer, "street", customer->street);
  cobro_wire_put_text (writer, "city", customer->city);
  cobro_wire_put_text (writer, "postalCode", customer->postal_code);
  cobro_wire_put_text (writer, "region", customer->region);
  cobro_wire_put_text (writer, "country", customer->country);
  cobro_wire_end_object (writer);
  cobro_wire_put_text (writer, "locale", customer->locale);
  cobro_wire_put_text (writer, "notes", customer->notes);
  cobro_wire_put_time (writer, "createdAt", customer->created_at);
  cobro_wire_put_time (writer, "updatedAt", customer->updated_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_address (CobroWireObject *object, CobroCustomer *customer, GError **error)
{
  g_autoptr (CobroWireObject) address = NULL;

  if (!cobro_wire_get_object (object, "address", &address, error))
    return FALSE;
  return address == NULL || (cobro_wire_set_text (address, "street", &customer->street, error) &&
                             cobro_wire_set_text (address, "city", &customer->city, error) &&
                             cobro_wire_set_text (address, "postalCode", &customer->postal_code, error) &&
                             cobro_wire_set_text (address, "region", &customer->region, error) &&
                             cobro_wire_set_text (address, "country", &customer->country, error));
}

static gboolean
parse_customer (CobroWireObject *object, CobroCustomer *customer, GError **error)
{
  return cobro_wire_get_id_needed (object, "id", COBRO_ID_CUSTOMER, &customer->id, error) &&
         cobro_wire_get_int64 (object, "rev", 0, &customer->rev, error) &&
         cobro_wire_set_text (object, "name", &customer->name, error) &&
         cobro_wire_set_text (object, "email", &customer->email, error) &&
         cobro_wire_set_text (object, "phone", &customer->phone, error) &&
         cobro_wire_set_text (object, "taxId", &customer->tax_id, error) && parse_address (object, customer, error) &&
         cobro_wire_get_text (object, "locale", "auto", cobro_wire_slot (&customer->locale), error) &&
         cobro_wire_set_text (object, "notes", &customer->notes, error) &&
         cobro_wire_get_time (object, "createdAt", &customer->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &customer->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_customer_validate (customer, error);
}

CobroCustomer *
cobro_wire_customer_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();

  if (!parse_customer (object, customer, error))
    return NULL;
  return g_steal_pointer (&customer);
}
