/* src/view/rows/cobro-provider-row.h — one payment provider: its name, what it can do, how it stands.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-providers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PROVIDER_ROW (cobro_provider_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroProviderRow, cobro_provider_row, COBRO, PROVIDER_ROW, AdwActionRow)

/* Signal "move" (int index): it is to stand there among those that are offered. */

/* A row that follows @item. */
GtkWidget *cobro_provider_row_new (CobroProviderItem *item);
/* Lent. */
CobroProviderItem *cobro_provider_row_get_item (CobroProviderRow *self);

/* Its place among @n_offered that can be moved; others cannot. */
void cobro_provider_row_set_place (CobroProviderRow *self, guint index, guint n_offered);

G_END_DECLS
