/* src/view/cobro-drag-out.h — an address dragged out of the window: into a chat, a mail, a text.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer none) (nullable) the address that @widget stands for now. */
typedef const char *(*CobroDragOutFunc) (GtkWidget *widget, gpointer data);

/* Lets @widget be dragged as text/uri-list and as plain text; not while @func gives none. */
void cobro_drag_out_add (GtkWidget *widget, CobroDragOutFunc func, gpointer data);
/* (transfer full) what is dragged. */
GdkContentProvider *cobro_drag_out_content (const char *uri);

G_END_DECLS
