/* src/core/cobro-party.h — who stands on a document: seller or buyer, with address and tax numbers. An embedded value:
 * the noun that holds it owns its strings.
 * Layer: core. */
#pragma once
#include <glib.h>

typedef struct
{
  char *street; /* ≤ 200 characters, several lines */
  char *city;
  char *postal_code;
  char *region;
  char *country; /* "" or ISO 3166 alpha-2 */
} CobroAddress;

typedef struct
{
  char *name;    /* ≤ 200: the company, or the person */
  char *contact; /* ≤ 200: a person at the company */
  char *email;   /* "" or an address */
  char *phone;   /* ≤ 64 */
  char *tax_id; /* ≤ 64: VAT number, ABN, RFC, GSTIN …: checked by cobro_tax_id_check() where the country is known */
  char *registration; /* ≤ 64: the company's number in a register */
  CobroAddress address;
} CobroParty;

/* Every text "" (never NULL); for an embedded, zeroed value. */
void cobro_address_init (CobroAddress *address);
void cobro_address_clear (CobroAddress *address);
void cobro_address_copy (const CobroAddress *from, CobroAddress *to); /* @to: initialised */
gboolean cobro_address_equal (const CobroAddress *a, const CobroAddress *b);
gboolean cobro_address_is_empty (const CobroAddress *address);
/* @path: "address", "seller.address": put in front of the member's name. */
gboolean cobro_address_validate (const CobroAddress *address, const char *path,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

void cobro_party_init (CobroParty *party);
void cobro_party_clear (CobroParty *party);
void cobro_party_copy (const CobroParty *from, CobroParty *to);
gboolean cobro_party_equal (const CobroParty *a, const CobroParty *b);
/* @path: "" or "seller", "buyer". Lengths, e-mail shape, country; the tax number by the rules of the address' country.
 */
gboolean cobro_party_validate (const CobroParty *party, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
