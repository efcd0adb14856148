/* src/view/dialogs/cobro-restore-dialog.h — what is in a copy of the books, what going back to it would lose, and doing
 * it. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-backups.h"

G_BEGIN_DECLS

#define COBRO_TYPE_RESTORE_DIALOG (cobro_restore_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CobroRestoreDialog, cobro_restore_dialog, COBRO, RESTORE_DIALOG, AdwWindow)

/* @made: when the copy was made; 0: not known. */
CobroRestoreDialog *cobro_restore_dialog_new (GtkWindow *parent, CobroBackups *backups, const char *path,
                                              CobroTime made);

G_END_DECLS
