/* src/view/cobro-status-label.h — a status: symbol and word, coloured on top. Never colour alone.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-view-text.h"

G_BEGIN_DECLS

#define COBRO_TYPE_STATUS_LABEL (cobro_status_label_get_type ())
G_DECLARE_FINAL_TYPE (CobroStatusLabel, cobro_status_label, COBRO, STATUS_LABEL, GtkWidget)

/* Empty until it is told what to show. */
GtkWidget *cobro_status_label_new (void);
void cobro_status_label_set_status (CobroStatusLabel *self, CobroViewStatus status);

G_END_DECLS
