/* src/view/dialogs/cobro-event-dialog.h — one event as JSON, laid out for people, with a way to copy it.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-events.h"

G_BEGIN_DECLS

#define COBRO_TYPE_EVENT_DIALOG (cobro_event_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroEventDialog, cobro_event_dialog, COBRO, EVENT_DIALOG, AdwWindow)

/* @entry: filled; not needed after the call. */
CobroEventDialog *cobro_event_dialog_new (GtkWindow *parent, CobroEventEntry *entry);

G_END_DECLS
