/* src/view/dialogs/cobro-import-dialog.h — customers, products or existing invoices from a file: a dry run that says
 * what is wrong, line by line, then all or nothing. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-books-import.h"

G_BEGIN_DECLS

#define COBRO_TYPE_IMPORT_DIALOG (cobro_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroImportDialog, cobro_import_dialog, COBRO, IMPORT_DIALOG, AdwWindow)

/* Signal "taken" (char *said): what is in the books now, in words. */
CobroImportDialog *cobro_import_dialog_new (GtkWindow *parent, CobroBooksImport *import, CobroImportKind kind);

G_END_DECLS
