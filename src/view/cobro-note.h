/* src/view/cobro-note.h — a sentence that belongs to the row before it: its help, or what is wrong with it.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

/* A row with a sentence that belongs to the row before it. Lent @out_label. */
GtkWidget *cobro_note_new (GtkWidget *row, GtkLabel **out_label);
/* The same, put into the list below @row, which is in it already. Lent. */
GtkLabel *cobro_note_put_below (GtkWidget *row);
/* @problem: (nullable): what is wrong; otherwise @help (nullable) stands there. */
void cobro_note_set (GtkWidget *row, GtkLabel *label, const char *help, const char *problem);

G_END_DECLS
