/* src/model/cobro-backups.h — copies of the books: made every day by themselves, or when somebody wants one; which are
 * there; looking into one, and going back to it. Layer: model. Main thread. */
#pragma once
#include "cobro-backup-files.h"
#include "cobro-backup-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BACKUPS (cobro_backups_get_type ())
G_DECLARE_FINAL_TYPE (CobroBackups, cobro_backups, COBRO, BACKUPS, GObject)

/* Properties: "folder" (string): where copies are kept, "" beside the books; "automatic" (boolean): one every day.
 * Signals: "changed": one of the getters would answer something else.
 * "restore" (char *part, CobroTime made): the part, beside the books, shall stand in their place; whoever has the
 * application closes the books, calls cobro_backup_put_in_place() and opens them again. */

/* Begins to look after itself: a first look at once, then every ten minutes. */
CobroBackups *cobro_backups_new (CobroStore *store);

/* (element-type CobroBackup) lent until "changed": the newest first. */
GPtrArray *cobro_backups_get_list (CobroBackups *self);
/* Lent: the folder that is used. */
const char *cobro_backups_get_folder (CobroBackups *self);
/* Whether a copy is being made, and how many percent of it are written, about. */
gboolean cobro_backups_get_running (CobroBackups *self, guint *out_percent);
/* Why the last one failed (lent, nullable). */
const GError *cobro_backups_get_problem (CobroBackups *self);

/* Makes one now, in the folder. Old ones are removed afterwards as cobro_backup_plan() says. What came of it is told by
 * "changed". */
void cobro_backups_run (CobroBackups *self);
/* Gives up the one that is being made; nothing of it stays. */
void cobro_backups_cancel (CobroBackups *self);

/* What somebody must know before they go back. */
typedef struct
{
  CobroBackupFacts *facts;
  CobroBackupLoss *loss;
} CobroBackupPreview;
void cobro_backup_preview_free (CobroBackupPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBackupPreview, cobro_backup_preview_free)

/* (transfer full) errors of cobro_backup_look(). Changes nothing. */
void cobro_backups_preview_async (CobroBackups *self, const char *path, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
CobroBackupPreview *cobro_backups_preview_finish (CobroBackups *self, GAsyncResult *result, GError **error);
/* Keeps a copy of the books as they are, checks the file, and asks by "restore" for the exchange. */
void cobro_backups_restore_async (CobroBackups *self, const char *path, CobroTime made, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_backups_restore_finish (CobroBackups *self, GAsyncResult *result, GError **error);

G_END_DECLS
