/* src/core/cobro-backup-plan.c — see cobro-backup-plan.h.
 * Layer: core. */
#include "cobro-backup-plan.h"

/* Periods that were met so far, from the newest on. */
typedef struct
{
  gint64 last;
  guint left;
} Shelf;

/* Whether @period is a new one, and there is room for it. */
static gboolean
take (Shelf *shelf, gint64 period)
{
  if (period == shelf->last || shelf->left == 0)
    return FALSE;
  shelf->last = period;
  shelf->left--;
  return TRUE;
}

void
cobro_backup_plan (const CobroTime *times, gsize n, const char *zone, gboolean *out_keep)
{
  Shelf days = { G_MININT64, COBRO_BACKUP_DAYS };
  Shelf weeks = { G_MININT64, COBRO_BACKUP_WEEKS };
  Shelf months = { G_MININT64, COBRO_BACKUP_MONTHS };

  for (gsize i = 0; i < n; i++)
    {
      CobroDay day = cobro_day_of_time (times[i], zone);
      int year, month, day_of_month;
      gboolean of_day, of_week, of_month;

      cobro_day_to_parts (day, &year, &month, &day_of_month);
      of_day = take (&days, day);
      of_week = take (&weeks, (day + 3) / 7); /* day 0 was a Thursday */
      of_month = take (&months, (gint64)year * 12 + month);
      out_keep[i] = of_day || of_week || of_month;
    }
}
