/* src/core/cobro-customer.h — somebody who buys.
 * Layer: core. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"

typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  gint64 rev;
  char *name;  /* ≤ 200 characters */
  char *email; /* "" or an address */
  char *phone;
  char *tax_id;
  char *street, *city, *postal_code, *region;
  char *country; /* "" or ISO 3166 alpha-2 */
  char *locale;
  char *notes;
  CobroTime created_at, updated_at;
} CobroCustomer;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroCustomer *cobro_customer_new (void);
CobroCustomer *cobro_customer_ref (CobroCustomer *customer);
void cobro_customer_unref (CobroCustomer *customer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroCustomer, cobro_customer_unref)
gboolean cobro_customer_validate (const CobroCustomer *customer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
