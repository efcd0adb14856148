/* src/core/cobro-customer.c — somebody who buys, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-customer.h"
#include "cobro-error.h"
#include "cobro-text.h"

#define NOTES_MAX 2000

CobroCustomer *
cobro_customer_new (void)
{
  CobroCustomer *customer = g_new0 (CobroCustomer, 1);

  customer->ref_count = 1;
  cobro_party_init (&customer->party);
  cobro_address_init (&customer->delivery);
  customer->locale = g_strdup ("auto");
  customer->notes = g_strdup ("");
  return customer;
}

CobroCustomer *
cobro_customer_copy (const CobroCustomer *customer)
{
  CobroCustomer *copy = g_new0 (CobroCustomer, 1);

  *copy = *customer;
  copy->ref_count = 1;
  copy->party = (CobroParty){ 0 };
  copy->delivery = (CobroAddress){ 0 };
  cobro_party_copy (&customer->party, &copy->party);
  cobro_address_copy (&customer->delivery, &copy->delivery);
  copy->locale = g_strdup (customer->locale);
  copy->notes = g_strdup (customer->notes);
  return copy;
}

CobroCustomer *
cobro_customer_ref (CobroCustomer *customer)
{
  g_atomic_int_inc (&customer->ref_count);
  return customer;
}

void
cobro_customer_unref (CobroCustomer *customer)
{
  if (customer == NULL || !g_atomic_int_dec_and_test (&customer->ref_count))
    return;
  cobro_party_clear (&customer->party);
  cobro_address_clear (&customer->delivery);
  g_free (customer->locale);
  g_free (customer->notes);
  g_free (customer);
}

gboolean
cobro_customer_validate (const CobroCustomer *customer, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_CUSTOMER, customer->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  return cobro_party_validate (&customer->party, "", error) &&
         cobro_address_validate (&customer->delivery, "delivery", error) &&
         cobro_text_check_locale (customer->locale, "locale", error) &&
         cobro_text_check (customer->notes, NOTES_MAX, COBRO_TEXT_BLOCK, "notes", error);
}
