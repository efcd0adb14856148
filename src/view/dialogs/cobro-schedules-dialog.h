/* src/view/dialogs/cobro-schedules-dialog.h — what repeats: each schedule with its next date, to be paused and resumed.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-schedules.h"

G_BEGIN_DECLS

#define COBRO_TYPE_SCHEDULES_DIALOG (cobro_schedules_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroSchedulesDialog, cobro_schedules_dialog, COBRO, SCHEDULES_DIALOG, AdwWindow)

/* (transfer full) "Every month from Dec 1, 2026", "Every 2 weeks from …". */
char *cobro_schedules_dialog_text (const CobroRecurring *recurring);
/* Keeps @schedules. */
CobroSchedulesDialog *cobro_schedules_dialog_new (GtkWindow *parent, CobroSchedules *schedules);

G_END_DECLS
