/* src/core/cobro-party.c — addresses and the people who have them, as embedded values.
 * Layer: core. */
#include "cobro-party.h"
#include "cobro-error.h"
#include "cobro-tax.h"
#include "cobro-text.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 200
#define SHORT_MAX           64

static const gsize address_texts[] = {
  G_STRUCT_OFFSET (CobroAddress, street),      G_STRUCT_OFFSET (CobroAddress, city),
  G_STRUCT_OFFSET (CobroAddress, postal_code), G_STRUCT_OFFSET (CobroAddress, region),
  G_STRUCT_OFFSET (CobroAddress, country),
};
static const gsize party_texts[] = {
  G_STRUCT_OFFSET (CobroParty, name),   G_STRUCT_OFFSET (CobroParty, contact),
  G_STRUCT_OFFSET (CobroParty, email),  G_STRUCT_OFFSET (CobroParty, phone),
  G_STRUCT_OFFSET (CobroParty, tax_id), G_STRUCT_OFFSET (CobroParty, registration),
};

static void
init_texts (gpointer value, const gsize *offsets, gsize n)
{
  for (gsize i = 0; i < n; i++)
    G_STRUCT_MEMBER (char *, value, offsets[i]) = g_strdup ("");
}

static void
clear_texts (gpointer value, const gsize *offsets, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_clear_pointer (&G_STRUCT_MEMBER (char *, value, offsets[i]), g_free);
}

static void
copy_texts (gconstpointer from, gpointer to, const gsize *offsets, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      char *copy = g_strdup (G_STRUCT_MEMBER (char *, from, offsets[i]));

      g_free (G_STRUCT_MEMBER (char *, to, offsets[i]));
      G_STRUCT_MEMBER (char *, to, offsets[i]) = copy;
    }
}

static gboolean
texts_equal (gconstpointer a, gconstpointer b, const gsize *offsets, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (G_STRUCT_MEMBER (char *, a, offsets[i]), G_STRUCT_MEMBER (char *, b, offsets[i])) != 0)
      return FALSE;
  return TRUE;
}

void
cobro_address_init (CobroAddress *address)
{
  init_texts (address, address_texts, G_N_ELEMENTS (address_texts));
}

void
cobro_address_clear (CobroAddress *address)
{
  clear_texts (address, address_texts, G_N_ELEMENTS (address_texts));
}

void
cobro_address_copy (const CobroAddress *from, CobroAddress *to)
{
  copy_texts (from, to, address_texts, G_N_ELEMENTS (address_texts));
}

gboolean
cobro_address_equal (const CobroAddress *a, const CobroAddress *b)
{
  return texts_equal (a, b, address_texts, G_N_ELEMENTS (address_texts));
}

gboolean
cobro_address_is_empty (const CobroAddress *address)
{
  for (gsize i = 0; i < G_N_ELEMENTS (address_texts); i++)
    if (G_STRUCT_MEMBER (char *, address, address_texts[i])[0] != '\0')
      return FALSE;
  return TRUE;
}

static gboolean
check_country (const char *country, GError **error)
{
  if (country[0] == '\0' || (strlen (country) == 2 && g_ascii_isupper (country[0]) && g_ascii_isupper (country[1])))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "country", "must be two capital letters such as \"MX\"");
}

gboolean
cobro_address_validate (const CobroAddress *address, const char *path, GError **error)
{
  return (cobro_text_check (address->street, NAME_MAX_CHARACTERS, COBRO_TEXT_BLOCK, "street", error) &&
          cobro_text_check (address->city, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "city", error) &&
          cobro_text_check (address->postal_code, SHORT_MAX, COBRO_TEXT_LINE, "postalCode", error) &&
          cobro_text_check (address->region, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "region", error) &&
          check_country (address->country, error)) ||
         cobro_error_prefix_path (error, path);
}

void
cobro_party_init (CobroParty *party)
{
  init_texts (party, party_texts, G_N_ELEMENTS (party_texts));
  cobro_address_init (&party->address);
}

void
cobro_party_clear (CobroParty *party)
{
  clear_texts (party, party_texts, G_N_ELEMENTS (party_texts));
  cobro_address_clear (&party->address);
}

void
cobro_party_copy (const CobroParty *from, CobroParty *to)
{
  copy_texts (from, to, party_texts, G_N_ELEMENTS (party_texts));
  cobro_address_copy (&from->address, &to->address);
}

gboolean
cobro_party_equal (const CobroParty *a, const CobroParty *b)
{
  return texts_equal (a, b, party_texts, G_N_ELEMENTS (party_texts)) && cobro_address_equal (&a->address, &b->address);
}

gboolean
cobro_party_validate (const CobroParty *party, const char *path, GError **error)
{
  gboolean fine = cobro_text_check (party->name, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "name", error) &&
                  cobro_text_check (party->contact, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "contact", error) &&
                  cobro_text_check_email (party->email, "email", error) &&
                  cobro_text_check (party->phone, SHORT_MAX, COBRO_TEXT_LINE, "phone", error) &&
                  cobro_text_check (party->tax_id, SHORT_MAX, COBRO_TEXT_LINE, "taxId", error) &&
                  cobro_text_check (party->registration, SHORT_MAX, COBRO_TEXT_LINE, "registration", error) &&
                  cobro_address_validate (&party->address, "address", error) &&
                  cobro_tax_id_check (party->address.country, party->tax_id, "taxId", error);

  return fine || (path[0] != '\0' ? cobro_error_prefix_path (error, path) : FALSE);
}
