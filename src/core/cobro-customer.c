/* src/core/cobro-customer.c — somebody who buys, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-customer.h"
#include "cobro-error.h"
#include "cobro-text.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 200
#define SHORT_MAX           64
#define NOTES_MAX           2000

static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroCustomer, name),        G_STRUCT_OFFSET (CobroCustomer, email),
  G_STRUCT_OFFSET (CobroCustomer, phone),       G_STRUCT_OFFSET (CobroCustomer, tax_id),
  G_STRUCT_OFFSET (CobroCustomer, street),      G_STRUCT_OFFSET (CobroCustomer, city),
  G_STRUCT_OFFSET (CobroCustomer, postal_code), G_STRUCT_OFFSET (CobroCustomer, region),
  G_STRUCT_OFFSET (CobroCustomer, country),     G_STRUCT_OFFSET (CobroCustomer, locale),
  G_STRUCT_OFFSET (CobroCustomer, notes),
};

CobroCustomer *
cobro_customer_new (void)
{
  CobroCustomer *customer = g_new0 (CobroCustomer, 1);

  customer->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, customer, texts[i]) = g_strdup ("");
  g_free (customer->locale);
  customer->locale = g_strdup ("auto");
  return customer;
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
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, customer, texts[i]));
  g_free (customer);
}

static gboolean
check_country (const char *country, GError **error)
{
  if (country[0] == '\0' || (strlen (country) == 2 && g_ascii_isupper (country[0]) && g_ascii_isupper (country[1])))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "address.country",
                             "must be two capital letters such as \"MX\"");
}

gboolean
cobro_customer_validate (const CobroCustomer *customer, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_CUSTOMER, customer->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  return cobro_text_check (customer->name, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "name", error) &&
         cobro_text_check_email (customer->email, "email", error) &&
         cobro_text_check (customer->phone, SHORT_MAX, COBRO_TEXT_LINE, "phone", error) &&
         cobro_text_check (customer->tax_id, SHORT_MAX, COBRO_TEXT_LINE, "taxId", error) &&
         cobro_text_check (customer->street, NAME_MAX_CHARACTERS, COBRO_TEXT_BLOCK, "address.street", error) &&
         cobro_text_check (customer->city, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "address.city", error) &&
         cobro_text_check (customer->postal_code, SHORT_MAX, COBRO_TEXT_LINE, "address.postalCode", error) &&
         cobro_text_check (customer->region, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "address.region", error) &&
         check_country (customer->country, error) && cobro_text_check_locale (customer->locale, "locale", error) &&
         cobro_text_check (customer->notes, NOTES_MAX, COBRO_TEXT_BLOCK, "notes", error);
}
