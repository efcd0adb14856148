/* src/model/cobro-books-export.h — the books of a period as a file for the accountant, or everything that is in them:
 * written aside, with progress, and cancelled without leaving anything behind. Layer: model. Main thread. */
#pragma once
#include "cobro-accounts-store.h"
#include "cobro-business.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BOOKS_EXPORT (cobro_books_export_get_type ())
G_DECLARE_FINAL_TYPE (CobroBooksExport, cobro_books_export, COBRO, BOOKS_EXPORT, GObject)

/* Keeps both. */
CobroBooksExport *cobro_books_export_new (CobroStore *store, CobroBusiness *business);

/**
 * cobro_books_export_write_async:
 * @path: of the ZIP; replaced only when the whole has been written
 *
 * One at a time. Errors of the books, and of cobro_accounts_zip_write().
 */
void cobro_books_export_write_async (CobroBooksExport *self, const CobroAccountsQuery *query, const char *path,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_books_export_write_finish (CobroBooksExport *self, GAsyncResult *result, GError **error);
/* How many links and documents are written, and how many there are; 0 of 0 before it is known. */
void cobro_books_export_get_progress (CobroBooksExport *self, guint *out_done, guint *out_total);

G_END_DECLS
