/* src/core/cobro-reminder.h — when an unpaid invoice is brought to mind: days relative to the due date. Pure.
 * Layer: core. Any thread. */
#pragma once
#include "cobro-civil.h"

#define COBRO_REMINDERS_MAX 8

typedef struct
{
  gboolean custom;                /* FALSE: the merchant's own policy, or the default: −3, 0, +7, +14 */
  guint n;                        /* 0: never */
  gint days[COBRO_REMINDERS_MAX]; /* ascending, −60 … 365, no two alike */
} CobroReminders;

/* −3, 0, +7, +14. */
CobroReminders cobro_reminders_default (void);
gboolean cobro_reminders_equal (const CobroReminders *a, const CobroReminders *b);
gboolean cobro_reminders_validate (const CobroReminders *reminders, const char *path,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * cobro_reminders_due:
 * @today: the merchant's civil date
 * @last_sent: the step that was sent last (days relative to the due date); G_MININT: none
 * @issued: the issue date: steps on or before it are skipped
 * @out_step: (out): the newest step whose day has come and that is newer than @last_sent; older ones are dropped
 *
 * Returns: %FALSE when nothing is to be sent today
 */
gboolean cobro_reminders_due (const CobroReminders *reminders, CobroDay due, CobroDay issued, CobroDay today,
                              gint last_sent, gint *out_step);
/* The next day on which a step comes after @today; FALSE when none is left. */
gboolean cobro_reminders_next (const CobroReminders *reminders, CobroDay due, CobroDay today, CobroDay *out_day);
