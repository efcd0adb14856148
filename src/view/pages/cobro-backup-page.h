/* src/view/pages/cobro-backup-page.h — Preferences → Backup: copies of the books, going back to one, and
 * everything published anew. Layer: view. Main thread. */
#pragma once
#include "cobro-backups.h"
#include "cobro-connection.h"
#include "cobro-late-page.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BACKUP_PAGE (cobro_backup_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroBackupPage, cobro_backup_page, COBRO, BACKUP_PAGE, CobroLatePage)

/* Keeps both; once. */
void cobro_backup_page_set_models (CobroBackupPage *self, CobroBackups *backups, CobroConnection *connection);

G_END_DECLS
