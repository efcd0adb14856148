/* src/view/rows/cobro-refund-row.h — money on its way back: how much, why, how it stands in words.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-payment-watch.h"

G_BEGIN_DECLS

#define COBRO_TYPE_REFUND_ROW (cobro_refund_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroRefundRow, cobro_refund_row, COBRO, REFUND_ROW, AdwActionRow)

/* Signal "drop" (char *id): an order that was not carried out is to be cleared away. */

/* @provider: its name, as people know it. */
GtkWidget *cobro_refund_row_new (const CobroRefund *refund, const char *provider);
GtkWidget *cobro_refund_row_new_for_order (const CobroRefundOrder *order);

G_END_DECLS
