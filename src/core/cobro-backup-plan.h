/* src/core/cobro-backup-plan.h — which copies of the books are kept: of the last days, weeks and months that have one.
 * Layer: core. */
#pragma once
#include "cobro-civil.h"

#define COBRO_BACKUP_DAYS   7
#define COBRO_BACKUP_WEEKS  4
#define COBRO_BACKUP_MONTHS 12

/**
 * cobro_backup_plan:
 * @times: (array length=n): when each copy was made, the newest first
 * @zone: in whose days, weeks (from Monday on) and months they are counted
 * @out_keep: (array length=n): whether it stays
 *
 * The newest copy of each of the last 7 days, 4 weeks and 12 months that have copies at all; so the newest always
 * stays.
 */
void cobro_backup_plan (const CobroTime *times, gsize n, const char *zone, gboolean *out_keep);
