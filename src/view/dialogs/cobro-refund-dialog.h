/* src/view/dialogs/cobro-refund-dialog.h — money is given back: how much, why, and what the provider answered.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-payment-watch.h"
#include "cobro-invoices.h"
#include "cobro-refunds.h"

G_BEGIN_DECLS

#define COBRO_TYPE_REFUND_DIALOG (cobro_refund_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroRefundDialog, cobro_refund_dialog, COBRO, REFUND_DIALOG, AdwWindow)

/* One dialog is good for one refund, however often its button is pressed. */
CobroRefundDialog *cobro_refund_dialog_new (GtkWindow *parent, CobroRefunds *refunds, const CobroPaymentDetail *detail);
/* Where the payment was for an invoice, the refund also issues the credit note over it, unless that is switched off. */
void cobro_refund_dialog_set_invoices (CobroRefundDialog *self, CobroInvoices *invoices);

G_END_DECLS
