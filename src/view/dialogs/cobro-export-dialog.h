/* src/view/dialogs/cobro-export-dialog.h — the books of a period as one file for the accountant, or
 * everything that is in them, with progress.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-books-export.h"

G_BEGIN_DECLS

#define COBRO_TYPE_EXPORT_DIALOG (cobro_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroExportDialog, cobro_export_dialog, COBRO, EXPORT_DIALOG, AdwWindow)

/* Signal "written" (char *name): the file is there. Closing the dialog before that cancels. @today: the merchant's. */
CobroExportDialog *cobro_export_dialog_new (GtkWindow *parent, CobroBooksExport *export, CobroDay today);

G_END_DECLS
