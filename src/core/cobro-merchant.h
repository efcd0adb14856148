/* src/core/cobro-merchant.h — who is paid: the profile that buyers see.
 * Layer: core. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"
#include "cobro-late-fee.h"
#include "cobro-party.h"
#include "cobro-reminder.h"
#include "cobro-tax.h"

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

  /* What stands on documents. */
  CobroParty seller; /* legal name ("": the name), address, tax number, register */
  char *iban, *bic;  /* "" or checked */
  char *bank_note;   /* ≤ 500: how to pay by other transfers */
  GPtrArray *taxes;  /* (element-type CobroTaxRate) ≤ 20; never NULL */
  gboolean tax_inclusive, tax_per_line;
  CobroRounding rounding;
  gint64 cash_rounding; /* minor units; 0: not */
  gint terms;           /* days until an invoice is due, 0 … 365 */
  gint token_days;      /* 0 … 3650; an invoice's link expires so many days after the issue; 0: never (INV-13) */
  char *invoice_pattern, *credit_note_pattern; /* cobro-series.h; the relay's own numbers get an "R" in front */
  char *invoice_notes, *invoice_footer;        /* what a new invoice begins with */
  gboolean letter;                             /* paper: US Letter, not A4 */
  CobroReminders reminders;
  CobroLateFee late_fee;
  char *mail_greeting; /* ≤ 1000: what stands above the button of an invoice's mail; "": the usual words */
  char *logo;          /* "" or hex SHA-256 of the picture (PNG or JPEG), which travels by itself */
  CobroTime created_at, updated_at;
} CobroMerchant;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroMerchant *cobro_merchant_new (void);
/* (transfer full) a deep copy that may be written. */
CobroMerchant *cobro_merchant_copy (const CobroMerchant *merchant);
CobroMerchant *cobro_merchant_ref (CobroMerchant *merchant);
void cobro_merchant_unref (CobroMerchant *merchant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroMerchant, cobro_merchant_unref)
gboolean cobro_merchant_validate (const CobroMerchant *merchant, GError **error) G_GNUC_WARN_UNUSED_RESULT;
