/* src/view/cobro-rules-group.h — what a provider is offered for: its rules, to be added and taken away.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-provider.h"

G_BEGIN_DECLS

#define COBRO_TYPE_RULES_GROUP (cobro_rules_group_get_type ())
G_DECLARE_FINAL_TYPE (CobroRulesGroup, cobro_rules_group, COBRO, RULES_GROUP, AdwPreferencesGroup)

/* Signal "changed". */

/* Shows the rules of @provider, unless somebody has changed them here; @force: even then. */
void cobro_rules_group_set_provider (CobroRulesGroup *self, CobroProvider *provider, gboolean force);
/* (nullable) Lent: what they are to be; NULL: nobody has changed them. */
GPtrArray *cobro_rules_group_get_changed (CobroRulesGroup *self);

G_END_DECLS
