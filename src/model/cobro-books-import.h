/* src/model/cobro-books-import.h — a file becomes links, customers, products or invoices of the books: read first
 * (the dry run), then taken, all or nothing. Layer: model. Main thread. */
#pragma once
#include "cobro-business.h"
#include "cobro-import.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BOOKS_IMPORT (cobro_books_import_get_type ())
G_DECLARE_FINAL_TYPE (CobroBooksImport, cobro_books_import, COBRO, BOOKS_IMPORT, GObject)

/* Keeps both. */
CobroBooksImport *cobro_books_import_new (CobroStore *store, CobroBusiness *business);

/* Reads a file, on a thread of its own; nothing is written. @locale: how its numbers are read where both ways are
 * possible. @columns: (nullable) (element-type int): which column of the file each of ours is, where somebody said so.
 * (transfer full) with every reason why a row is refused, the books' own among them; errors of cobro_import_read(). */
void cobro_books_import_read_async (CobroBooksImport *self, CobroImportKind kind, GFile *file, CobroLocale *locale,
                                    const GArray *columns, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
CobroImport *cobro_books_import_read_finish (CobroBooksImport *self, GAsyncResult *result, GError **error);
/* Takes what was read into the books, in one transaction. One at a time. COBRO_ERROR_STATE when it has problems;
 * G_IO_ERROR_CANCELLED leaves nothing behind. */
void cobro_books_import_take_async (CobroBooksImport *self, const CobroImport *import, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_books_import_take_finish (CobroBooksImport *self, GAsyncResult *result, GError **error);
/* How many rows were read or things written, of how many; 0: not known yet. */
void cobro_books_import_get_progress (CobroBooksImport *self, guint *out_done, guint *out_total);

G_END_DECLS
