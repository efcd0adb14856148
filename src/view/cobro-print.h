/* src/view/cobro-print.h — paper on a printer, through the system's own dialog; its preview is our own.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-paper.h"

G_BEGIN_DECLS

/* (transfer full) ready to be run; takes @take_paper. @name: what the queue calls it. A printed file is called as a
 * saved one is. */
GtkPrintOperation *cobro_print_operation_new (CobroPaper *take_paper, const char *name);
/* Asks for a printer and prints; what goes wrong is told. */
void cobro_print (GtkWindow *parent, CobroPaper *take_paper, const char *name);

G_END_DECLS
