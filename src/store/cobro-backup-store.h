/* src/store/cobro-backup-store.h — copies of the books: what is in one, what going back to it would lose, and putting
 * it in the place of the books, also of such that cannot be read any more. Layer: store. Blocking functions run on any
 * thread but the main one, unless they say so. */
#pragma once
#include "cobro-store.h"

/* What books hold. Sample data does not count. */
typedef struct
{
  char *business;
  gint64 links, invoices, customers, products, payments;
  CobroTime last_change; /* of whatever was written last; 0: nothing was */
} CobroBackupFacts;
void cobro_backup_facts_free (CobroBackupFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBackupFacts, cobro_backup_facts_free)

/* What is in the books and not in the copy. */
typedef struct
{
  gint64 links, invoices, customers, products, payments;
  gint64 changed; /* is in both, and is another now */
} CobroBackupLoss;

/**
 * cobro_backup_look:
 *
 * Reads a copy without changing it; it is checked from end to end.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_CORRUPT (damaged, or no books), _NEWER_SCHEMA, _NOT_FOUND or _IO
 */
CobroBackupFacts *cobro_backup_look (const char *path, GError **error);
/* Free with g_free(). Finish with cobro_backup_loss_finish(). */
void cobro_backup_loss_async (CobroStore *store, const char *path, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
CobroBackupLoss *cobro_backup_loss_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* Copies @path to @part, a new file beside the books, and checks the copy. Errors of cobro_backup_look(). */
gboolean cobro_backup_fetch (const char *path, const char *part, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * cobro_backup_put_in_place:
 * @part: what cobro_backup_fetch() made
 * @books: nobody has them open
 *
 * What must not go back is taken over from the books before: the next numbers of documents, and how far these books and
 * their relay have heard of each other. Books that cannot be read give nothing. Then @part stands in their place.
 * Brief: also on the main thread.
 */
gboolean cobro_backup_put_in_place (const char *part, const char *books, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Books that cannot be opened ────────────────────────────────────────────────────────────────────────────────── */

/**
 * cobro_backup_keep:
 * @out_kept: (out) (transfer full): the name under which they are kept
 *
 * Gives the file of the books, and its log, another name beside it, "books-kept-20261122T101500Z.sqlite", and leaves
 * it where it is: whatever takes its place then, nothing of it is lost. Brief: also on the main thread.
 */
gboolean cobro_backup_keep (const char *books, CobroTime now, char **out_kept,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes books that are kept out of their place: they begin anew. Brief. */
void cobro_backup_clear (const char *books);
