/* src/view/dialogs/cobro-rule-dialog.h — what a provider is offered for: one rule.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-provider.h"

G_BEGIN_DECLS

#define COBRO_TYPE_RULE_DIALOG (cobro_rule_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroRuleDialog, cobro_rule_dialog, COBRO, RULE_DIALOG, AdwWindow)

/* Signal "done" (CobroProviderRule *rule, a pointer): lent for the call. */

/* @provider tells which currencies and ways there are. */
CobroRuleDialog *cobro_rule_dialog_new (GtkWindow *parent, const CobroProvider *provider);

G_END_DECLS
