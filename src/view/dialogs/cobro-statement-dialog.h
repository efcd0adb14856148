/* src/view/dialogs/cobro-statement-dialog.h — a customer's account over a time: what was asked, what came, what is left
 * and how old that is; as a PDF, too. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-customers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_STATEMENT_DIALOG (cobro_statement_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroStatementDialog, cobro_statement_dialog, COBRO, STATEMENT_DIALOG, AdwWindow)

/* The words above how old a debt is, in the order of CobroAgeing: "Not Due Yet", "1–30 Days" … 5 of them, then NULL. */
const char *const *cobro_statement_dialog_age_words (void);
/* The part of that number. */
CobroMoney cobro_statement_dialog_age_part (const CobroAgeing *ageing, guint i);

/* @item: whose account it is. */
CobroStatementDialog *cobro_statement_dialog_new (GtkWindow *parent, CobroCustomers *customers, CobroBusiness *business,
                                                  CobroCustomerItem *item);

G_END_DECLS
