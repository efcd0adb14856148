/* src/view/cobro-sample-bar.h — says that one looks around in sample data, and removes it in one step.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-links.h"

G_BEGIN_DECLS

#define COBRO_TYPE_SAMPLE_BAR (cobro_sample_bar_get_type ())
G_DECLARE_FINAL_TYPE (CobroSampleBar, cobro_sample_bar, COBRO, SAMPLE_BAR, AdwBin)

/* Follows @links until it goes. */
GtkWidget *cobro_sample_bar_new (CobroLinks *links);

G_END_DECLS
