/* src/view/rows/cobro-payment-row.h — one payment of a link: amount, how it was paid, by whom, how it stands.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-link-history.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PAYMENT_ROW (cobro_payment_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroPaymentRow, cobro_payment_row, COBRO, PAYMENT_ROW, AdwActionRow)

/* A row that shows @item as it is now. */
GtkWidget *cobro_payment_row_new (CobroPaymentItem *item);

G_END_DECLS
