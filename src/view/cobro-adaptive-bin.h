/* src/view/cobro-adaptive-bin.h — holds one child, tells when there is little room for it, and lets the window become
 * narrower than the child is at the moment, so that the child gets the chance to change.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_ADAPTIVE_BIN (cobro_adaptive_bin_get_type ())
G_DECLARE_FINAL_TYPE (CobroAdaptiveBin, cobro_adaptive_bin, COBRO, ADAPTIVE_BIN, GtkWidget)

/* Properties: "child"; "threshold" (int): below this width, for text of the usual size, it is narrow; "narrow"
 * (read-only). */
gboolean cobro_adaptive_bin_get_narrow (CobroAdaptiveBin *self);

G_END_DECLS
