/* src/view/cobro-mode-banner.h — whether real money moves: symbol, word, sentence and colour, not to be overlooked.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_MODE_BANNER (cobro_mode_banner_get_type ())
G_DECLARE_FINAL_TYPE (CobroModeBanner, cobro_mode_banner, COBRO, MODE_BANNER, GtkWidget)

/* Whether customers' cards are really charged. */
void cobro_mode_banner_set_livemode (CobroModeBanner *self, gboolean livemode);

G_END_DECLS
