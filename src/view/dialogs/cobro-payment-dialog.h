/* src/view/dialogs/cobro-payment-dialog.h — one payment: how it was paid, what went back, and giving money back.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-links.h"
#include "cobro-invoices.h"
#include "cobro-refunds.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PAYMENT_DIALOG (cobro_payment_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroPaymentDialog, cobro_payment_dialog, COBRO, PAYMENT_DIALOG, AdwWindow)

/* Follows the payment for as long as it is open. */
CobroPaymentDialog *cobro_payment_dialog_new (GtkWindow *parent, CobroLinks *links, CobroRefunds *refunds,
                                              CobroInvoices *invoices, const CobroId *payment_id);

G_END_DECLS
