/* src/wire/cobro-wire-party.c — sellers, buyers and addresses.
 * Layer: wire. Any thread. */
#include "cobro-wire-party.h"

#include "cobro-wire-set.h"

void
cobro_wire_address_write (CobroWireWriter *writer, const char *key, const CobroAddress *address)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "street", address->street);
  cobro_wire_put_text (writer, "city", address->city);
  cobro_wire_put_text (writer, "postalCode", address->postal_code);
  cobro_wire_put_text (writer, "region", address->region);
  cobro_wire_put_text (writer, "country", address->country);
  cobro_wire_end_object (writer);
}

gboolean
cobro_wire_address_read (CobroWireObject *object, const char *key, CobroAddress *address, GError **error)
{
  g_autoptr (CobroWireObject) child = NULL;

  if (!cobro_wire_get_object (object, key, &child, error))
    return FALSE;
  return child == NULL || (cobro_wire_set_text (child, "street", &address->street, error) &&
                           cobro_wire_set_text (child, "city", &address->city, error) &&
                           cobro_wire_set_text (child, "postalCode", &address->postal_code, error) &&
                           cobro_wire_set_text (child, "region", &address->region, error) &&
                           cobro_wire_set_text (child, "country", &address->country, error));
}

void
cobro_wire_party_write_members (CobroWireWriter *writer, const CobroParty *party)
{
  cobro_wire_put_text (writer, "name", party->name);
  cobro_wire_put_text (writer, "contact", party->contact);
  cobro_wire_put_text (writer, "email", party->email);
  cobro_wire_put_text (writer, "phone", party->phone);
  cobro_wire_put_text (writer, "taxId", party->tax_id);
  cobro_wire_put_text (writer, "registration", party->registration);
  cobro_wire_address_write (writer, "address", &party->address);
}

void
cobro_wire_party_write (CobroWireWriter *writer, const char *key, const CobroParty *party)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_party_write_members (writer, party);
  cobro_wire_end_object (writer);
}

gboolean
cobro_wire_party_read_members (CobroWireObject *object, CobroParty *party, GError **error)
{
  return cobro_wire_set_text (object, "name", &party->name, error) &&
         cobro_wire_set_text (object, "contact", &party->contact, error) &&
         cobro_wire_set_text (object, "email", &party->email, error) &&
         cobro_wire_set_text (object, "phone", &party->phone, error) &&
         cobro_wire_set_text (object, "taxId", &party->tax_id, error) &&
         cobro_wire_set_text (object, "registration", &party->registration, error) &&
         cobro_wire_address_read (object, "address", &party->address, error);
}

gboolean
cobro_wire_party_read (CobroWireObject *object, const char *key, CobroParty *party, GError **error)
{
  g_autoptr (CobroWireObject) child = NULL;

  if (!cobro_wire_get_object (object, key, &child, error))
    return FALSE;
  return child == NULL || cobro_wire_party_read_members (child, party, error);
}
