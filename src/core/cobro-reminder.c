/* src/core/cobro-reminder.c — which reminder is due.
 * Layer: core. Any thread. */
#include "cobro-reminder.h"
#include "cobro-error.h"

#define EARLIEST (-60)
#define LATEST   365

CobroReminders
cobro_reminders_default (void)
{
  return (CobroReminders){ .custom = FALSE, .n = 4, .days = { -3, 0, 7, 14 } };
}

gboolean
cobro_reminders_equal (const CobroReminders *a, const CobroReminders *b)
{
  if (a->custom != b->custom)
    return FALSE;
  if (!a->custom)
    return TRUE;
  if (a->n != b->n)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    if (a->days[i] != b->days[i])
      return FALSE;
  return TRUE;
}

gboolean
cobro_reminders_validate (const CobroReminders *reminders, const char *path, GError **error)
{
  if (!reminders->custom)
    return TRUE;
  if (reminders->n > COBRO_REMINDERS_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be at most %d days", COBRO_REMINDERS_MAX);
  for (guint i = 0; i < reminders->n; i++)
    {
      if (reminders->days[i] < EARLIEST || reminders->days[i] > LATEST)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be days from %d to %d", EARLIEST, LATEST);
      if (i > 0 && reminders->days[i] <= reminders->days[i - 1])
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be in ascending order, no day twice");
    }
  return TRUE;
}

gboolean
cobro_reminders_due (const CobroReminders *reminders, CobroDay due, CobroDay issued, CobroDay today, gint last_sent,
                     gint *out_step)
{
  const CobroReminders usual = cobro_reminders_default ();
  const CobroReminders *steps = reminders->custom ? reminders : &usual;
  guint come = steps->n;

  while (come > 0 && due + steps->days[come - 1] > today)
    come--;
  if (come == 0 || due + steps->days[come - 1] <= issued || steps->days[come - 1] <= last_sent)
    return FALSE;
  *out_step = steps->days[come - 1];
  return TRUE;
}

gboolean
cobro_reminders_next (const CobroReminders *reminders, CobroDay due, CobroDay today, CobroDay *out_day)
{
  const CobroReminders usual = cobro_reminders_default ();
  const CobroReminders *steps = reminders->custom ? reminders : &usual;

  for (guint i = 0; i < steps->n; i++)
    if (due + steps->days[i] > today)
      {
        *out_day = due + steps->days[i];
        return TRUE;
      }
  return FALSE;
}
