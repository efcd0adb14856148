/* src/view/dialogs/cobro-customer-dialog.h — a customer: written down, or changed.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-customers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_CUSTOMER_DIALOG (cobro_customer_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroCustomerDialog, cobro_customer_dialog, COBRO, CUSTOMER_DIALOG, AdwWindow)

/* Signal "saved" (char *id). */

/* @customer: (nullable): who is changed; NULL: somebody new, in @country ("" or a code). */
CobroCustomerDialog *cobro_customer_dialog_new (GtkWindow *parent, CobroCustomers *customers,
                                                const CobroCustomer *customer, const char *country);

G_END_DECLS
