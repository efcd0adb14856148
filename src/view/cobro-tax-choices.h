/* src/view/cobro-tax-choices.h — the taxes that a line is given one of: the merchant's, and none.
 * Layer: view. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-merchant.h"

G_BEGIN_DECLS

#define COBRO_TYPE_TAX_CHOICES (cobro_tax_choices_get_type ())
G_DECLARE_FINAL_TYPE (CobroTaxChoices, cobro_tax_choices, COBRO, TAX_CHOICES, GObject)

CobroTaxChoices *cobro_tax_choices_new (const CobroMerchant *merchant);
guint cobro_tax_choices_n (CobroTaxChoices *self);
/* Lent. */
const CobroTaxRate *cobro_tax_choices_get (CobroTaxChoices *self, guint index);
/* (transfer full) "GST 10 %", "Reverse charge", "No tax". */
char *cobro_tax_choices_text (const char *name, CobroTaxCategory category, CobroDecimal rate);

G_END_DECLS
