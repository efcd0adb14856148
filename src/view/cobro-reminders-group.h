/* src/view/cobro-reminders-group.h — on which days an unpaid invoice is brought to mind: to be added and taken away.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-reminder.h"

G_BEGIN_DECLS

#define COBRO_TYPE_REMINDERS_GROUP (cobro_reminders_group_get_type ())
G_DECLARE_FINAL_TYPE (CobroRemindersGroup, cobro_reminders_group, COBRO, REMINDERS_GROUP, AdwPreferencesGroup)

/* Signal "chosen": by the person, not by _set(). */

CobroReminders cobro_reminders_group_get (CobroRemindersGroup *self);
/* A policy that is not custom shows the default's days. */
void cobro_reminders_group_set (CobroRemindersGroup *self, const CobroReminders *reminders);

G_END_DECLS
