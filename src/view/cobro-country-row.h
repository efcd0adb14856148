/* src/view/cobro-country-row.h — a country to be chosen, found by typing its name.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_COUNTRY_ROW (cobro_country_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroCountryRow, cobro_country_row, COBRO, COUNTRY_ROW, AdwActionRow)

/* Signal "chosen": by the person, not by _set_code(). */

/* "" or an ISO 3166 code; lent. */
const char *cobro_country_row_get_code (CobroCountryRow *self);
/* A code that nobody knows counts as none. */
void cobro_country_row_set_code (CobroCountryRow *self, const char *code);

G_END_DECLS
