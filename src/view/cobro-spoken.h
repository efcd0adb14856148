/* src/view/cobro-spoken.h — what has the keyboard has a name and, where it holds something, says what: GTK 4.8 and
 * libadwaita 1.2 leave the inner parts of entry rows, drop-downs and combo rows without. Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once, before the first widget is made: the text inside an entry is a text box for assistive technology. GTK 4.8
 * leaves it out, and nothing is said when it gets the keyboard. */
void cobro_spoken_prepare (void);

/* From now on, as long as @keeper lives, in every window that opens: what gets the keyboard is named first. */
void cobro_spoken_listen (GObject *keeper);

/* A row of a table says what stands in it: again, where that changed while it had the keyboard. */
void cobro_spoken_name_row (GtkWidget *row);

G_END_DECLS
