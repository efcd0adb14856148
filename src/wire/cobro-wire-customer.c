/* src/wire/cobro-wire-customer.c — somebody who buys.
 * Layer: wire. Any thread. */
#include "cobro-wire-customer.h"

#include "cobro-wire-party.h"
#include "cobro-wire-set.h"

void
cobro_wire_customer_write (CobroWireWriter *writer, const char *key, const CobroCustomer *customer)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", customer->id.text);
  cobro_wire_put_int64 (writer, "rev", customer->rev);
  cobro_wire_put_bool (writer, "company", customer->is_company);
  cobro_wire_party_write_members (writer, &customer->party);
  cobro_wire_address_write (writer, "delivery", &customer->delivery);
  cobro_wire_put_text (writer, "locale", customer->locale);
  cobro_wire_put_text (writer, "notes", customer->notes);
  cobro_wire_put_bool (writer, "archived", customer->archived);
  cobro_wire_put_time (writer, "createdAt", customer->created_at);
  cobro_wire_put_time (writer, "updatedAt", customer->updated_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_customer (CobroWireObject *object, CobroCustomer *customer, GError **error)
{
  return cobro_wire_get_id_needed (object, "id", COBRO_ID_CUSTOMER, &customer->id, error) &&
         cobro_wire_get_int64 (object, "rev", 0, &customer->rev, error) &&
         cobro_wire_get_bool (object, "company", FALSE, &customer->is_company, error) &&
         cobro_wire_party_read_members (object, &customer->party, error) &&
         cobro_wire_address_read (object, "delivery", &customer->delivery, error) &&
         cobro_wire_get_text (object, "locale", "auto", cobro_wire_slot (&customer->locale), error) &&
         cobro_wire_set_text (object, "notes", &customer->notes, error) &&
         cobro_wire_get_bool (object, "archived", FALSE, &customer->archived, error) &&
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
