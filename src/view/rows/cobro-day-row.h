/* src/view/rows/cobro-day-row.h — a row that holds a day, or none. The day is one of the person's own calendar.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-clock.h"

G_BEGIN_DECLS

#define COBRO_TYPE_DAY_ROW (cobro_day_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroDayRow, cobro_day_row, COBRO, DAY_ROW, AdwActionRow)

/* Properties: "none-text": what no day is called, "At Once". Signal "changed". */

/* An instant of that day, 0 for none. The instant itself comes back from _get as long as nobody chose another day. */
void cobro_day_row_set_time (CobroDayRow *self, CobroTime time, gboolean is_end);
/**
 * cobro_day_row_get_time:
 *
 * Returns: the beginning of the chosen day, or its end (the first instant of the next) for a row that was set so with
 * is_end; 0 for none
 */
CobroTime cobro_day_row_get_time (CobroDayRow *self);

G_END_DECLS
