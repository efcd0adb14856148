/* src/view/cobro-chime.c — the sound of money.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-chime.h"

/* GTK plays sounds by a module that need not be installed; a bell is better than silence. */
static void
on_error_cb (GtkMediaStream *stream, GParamSpec *pspec, gpointer user_data)
{
  if (gtk_media_stream_get_error (stream))
    gtk_widget_error_bell (user_data);
}

GtkMediaStream *
cobro_chime_play (GtkWidget *widget)
{
  GtkMediaStream *stream = gtk_media_file_new_for_resource (COBRO_RESOURCE "/sounds/paid.wav");

  g_signal_connect_object (stream, "notify::error", G_CALLBACK (on_error_cb), widget, 0);
  on_error_cb (stream, NULL, widget);
  gtk_media_stream_play (stream);
  return stream;
}
