/* src/view/dialogs/cobro-businesses-dialog.h — the businesses on this computer: rename, take out of the list, begin
 * another one. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-bookshelf.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BUSINESSES_DIALOG (cobro_businesses_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroBusinessesDialog, cobro_businesses_dialog, COBRO, BUSINESSES_DIALOG, AdwWindow)

/* @begin_new: the name of another business is asked for first. A business that is begun or added is opened. */
CobroBusinessesDialog *cobro_businesses_dialog_new (GtkWindow *parent, CobroBookshelf *bookshelf, gboolean begin_new);

G_END_DECLS
