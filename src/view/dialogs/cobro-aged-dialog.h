/* src/view/dialogs/cobro-aged-dialog.h — who owes how much for how long. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-customers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_AGED_DIALOG (cobro_aged_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroAgedDialog, cobro_aged_dialog, COBRO, AGED_DIALOG, AdwWindow)

/* Signal "chosen" (char *id): somebody wants to see that customer. */
CobroAgedDialog *cobro_aged_dialog_new (GtkWindow *parent, CobroCustomers *customers);

G_END_DECLS
