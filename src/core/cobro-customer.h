/* src/core/cobro-customer.h — somebody who buys.
 * Layer: core. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"
#include "cobro-party.h"

typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  gint64 rev;
  gboolean is_company;
  CobroParty party;      /* name, contact, e-mail, phone, tax number, address */
  CobroAddress delivery; /* empty: the same */
  char *locale;
  char *notes;
  gboolean archived; /* not offered any more */
  CobroTime created_at, updated_at;
} CobroCustomer;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroCustomer *cobro_customer_new (void);
CobroCustomer *cobro_customer_ref (CobroCustomer *customer);
CobroCustomer *cobro_customer_copy (const CobroCustomer *customer);
void cobro_customer_unref (CobroCustomer *customer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroCustomer, cobro_customer_unref)
gboolean cobro_customer_validate (const CobroCustomer *customer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
