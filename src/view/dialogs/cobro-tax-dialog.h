/* src/view/dialogs/cobro-tax-dialog.h — a tax rate that the merchant chooses from: made.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-tax.h"

G_BEGIN_DECLS

#define COBRO_TYPE_TAX_DIALOG (cobro_tax_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroTaxDialog, cobro_tax_dialog, COBRO, TAX_DIALOG, AdwWindow)

/* Signal "done" (CobroTaxRate *, lent). @name: what a tax is called here, or "". */
CobroTaxDialog *cobro_tax_dialog_new (GtkWindow *parent, const char *name);

/* What a category means, in words. */
const char *cobro_tax_dialog_category_word (CobroTaxCategory category);
/* (transfer full) "IVA 21 %", "VAT, reverse charge". */
char *cobro_tax_dialog_rate_text (const CobroTaxRate *rate);
/* A percentage as people write it: "21", "5.2", "5,2", "21 %". */
gboolean cobro_tax_dialog_read_percent (const char *text, CobroDecimal *out_percent, GError **error);

G_END_DECLS
