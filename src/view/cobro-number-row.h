/* src/view/cobro-number-row.h — a small whole number (days, places) to be set with a spin button. Never for money.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_NUMBER_ROW (cobro_number_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroNumberRow, cobro_number_row, COBRO, NUMBER_ROW, AdwActionRow)

/* Signal "chosen": by the person, not by _set_value(). */

/* Both included. */
void cobro_number_row_set_range (CobroNumberRow *self, int minimum, int maximum);
int cobro_number_row_get_value (CobroNumberRow *self);
void cobro_number_row_set_value (CobroNumberRow *self, int value);

G_END_DECLS
