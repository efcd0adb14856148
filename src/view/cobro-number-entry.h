/* src/view/cobro-number-entry.h — an entry for a quantity, a price per unit or a discount. What is typed is read by
 * locale, never rounded, and written back the way it was understood as soon as the entry is left.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-invoice-line.h"

G_BEGIN_DECLS

#define COBRO_TYPE_NUMBER_ENTRY (cobro_number_entry_get_type ())
G_DECLARE_FINAL_TYPE (CobroNumberEntry, cobro_number_entry, COBRO, NUMBER_ENTRY, GtkEntry)

typedef enum
{
  COBRO_NUMBER_QUANTITY, /* a decimal; may be negative */
  COBRO_NUMBER_PRICE,    /* per unit, in the entry's currency, with fractions of a minor unit */
  COBRO_NUMBER_DISCOUNT, /* "10 %" or an amount of the entry's currency */
  COBRO_NUMBER_AMOUNT,   /* an amount of the entry's currency, whole minor units */
} CobroNumberKind;

/* Signal "changed-number": value or validity changed. */

void cobro_number_entry_set_kind (CobroNumberEntry *self, CobroNumberKind kind);
/* Prices and discounts are read anew in another currency. */
void cobro_number_entry_set_currency (CobroNumberEntry *self, CobroCurrency currency);
gboolean cobro_number_entry_get_is_empty (CobroNumberEntry *self);
/* An empty entry is valid: nothing was said. */
gboolean cobro_number_entry_get_valid (CobroNumberEntry *self);
/* The value: 1 piece, 0, no discount, an unset amount while it is empty or not valid. */
CobroDecimal cobro_number_entry_get_quantity (CobroNumberEntry *self);
CobroUnitPrice cobro_number_entry_get_price (CobroNumberEntry *self);
CobroDiscount cobro_number_entry_get_discount (CobroNumberEntry *self);
CobroMoney cobro_number_entry_get_amount (CobroNumberEntry *self);
void cobro_number_entry_set_quantity (CobroNumberEntry *self, CobroDecimal quantity);
void cobro_number_entry_set_price (CobroNumberEntry *self, CobroUnitPrice price);
void cobro_number_entry_set_discount (CobroNumberEntry *self, CobroDiscount discount);
void cobro_number_entry_set_amount (CobroNumberEntry *self, CobroMoney amount);

G_END_DECLS
