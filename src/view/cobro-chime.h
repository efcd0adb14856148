/* src/view/cobro-chime.h — the sound of money: two notes of our own, or the display's bell where nothing plays sounds.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full) plays at once, and for as long as somebody holds it. */
GtkMediaStream *cobro_chime_play (GtkWidget *widget);

G_END_DECLS
