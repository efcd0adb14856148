/* src/view/cobro-drag-out.c — an address dragged out of the window.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-drag-out.h"

#define FUNC_KEY "cobro-drag-out"

GdkContentProvider *
cobro_drag_out_content (const char *uri)
{
  /* RFC 2483: a line for each, ended by CR LF. */
  char *list = g_strconcat (uri, "\r\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (list, strlen (list));
  GdkContentProvider *forms[] = {
    gdk_content_provider_new_for_bytes ("text/uri-list", bytes),
    gdk_content_provider_new_typed (G_TYPE_STRING, uri),
  };

  return gdk_content_provider_new_union (forms, G_N_ELEMENTS (forms));
}

static GdkContentProvider *
on_prepare_cb (GtkDragSource *source, double x, double y, gpointer data)
{
  CobroDragOutFunc func = (CobroDragOutFunc)g_object_get_data (G_OBJECT (source), FUNC_KEY);
  const char *uri = func (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source)), data);

  return uri && *uri ? cobro_drag_out_content (uri) : NULL;
}

void
cobro_drag_out_add (GtkWidget *widget, CobroDragOutFunc func, gpointer data)
{
  GtkDragSource *source = gtk_drag_source_new ();

  g_object_set_data (G_OBJECT (source), FUNC_KEY, (gpointer)func);
  g_signal_connect (source, "prepare", G_CALLBACK (on_prepare_cb), data);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (source));
}
