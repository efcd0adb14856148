/* src/view/rows/cobro-event-row.h — one thing that happened to a link, in words.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-link-history.h"

G_BEGIN_DECLS

#define COBRO_TYPE_EVENT_ROW (cobro_event_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroEventRow, cobro_event_row, COBRO, EVENT_ROW, AdwActionRow)

/* A row that shows @item; and one among events of several things: @about names the thing. */
GtkWidget *cobro_event_row_new (CobroTimelineItem *item);
GtkWidget *cobro_event_row_new_about (const CobroTimelineEntry *entry, const char *about);

G_END_DECLS
