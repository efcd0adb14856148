/* src/core/cobro-merchant.h — who is paid: the profile that buyers see.
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
  char *name;                 /* 1 … 120 characters: the seller on every page */
  char *email;                /* "" or where notices go */
  char *website;              /* "" or https URL */
  char *support;              /* "" or a line for buyers: phone, address, hours; ≤ 200 */
  char *accent;               /* "" or #rrggbb */
  char *locale;               /* default language of pages: "auto" or tag */
  char *currency;             /* default currency code, "" if none */
  char *time_zone;            /* IANA name */
  gboolean refund_duplicates; /* give back a success that found no slot, by itself */
  CobroTime created_at, updated_at;
} CobroMerchant;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroMerchant *cobro_merchant_new (void);
CobroMerchant *cobro_merchant_ref (CobroMerchant *merchant);
void cobro_merchant_unref (CobroMerchant *merchant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroMerchant, cobro_merchant_unref)
gboolean cobro_merchant_validate (const CobroMerchant *merchant, GError **error) G_GNUC_WARN_UNUSED_RESULT;
