/* src/store/cobro-bank-store.h — account statements against the books: what is open, which lines were recorded before,
 * recording many at once and taking that back.
 * Layer: store. Main context. */
#pragma once
#include "cobro-bank-line.h"
#include "cobro-bank-match.h"
#include "cobro-store.h"

/* What a statement is held against. */
typedef struct
{
  GPtrArray *targets; /* (element-type CobroBankTarget) invoices of which something is due, and links that fit a line */
  GArray *known;      /* (element-type guint8) per line: whether it was recorded, here or on another computer, or is not
                         wanted */
} CobroBankBooks;
void cobro_bank_books_free (CobroBankBooks *books);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankBooks, cobro_bank_books_free)

/* @lines: (element-type CobroBankLine) and @names: cobro_bank_line_names() of them; both are kept and must not change.
 * Sample data is left out. */
void cobro_bank_store_load_async (CobroStore *store, GPtrArray *lines, GPtrArray *names, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
CobroBankBooks *cobro_bank_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);

/**
 * cobro_bank_store_record_async:
 * @records: (element-type CobroRecord) whose ids come from cobro_bank_line_payment_id(); kept
 *
 * All or nothing, in one transaction. What is in the books already is left out, so that a statement can be recorded
 * twice, or again after a crash, and every line is there once. The relay is told after %COBRO_LINK_UNDO_TIME.
 *
 * Finish: (transfer full) (element-type CobroRecord) those that are new; errors as cobro_invoice_store_record_async()
 */
void cobro_bank_store_record_async (CobroStore *store, GPtrArray *records, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_bank_store_record_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* Takes back what cobro_bank_store_record_finish() gave: all or nothing. COBRO_ERROR_STATE: the relay was told already.
 * Finish with cobro_store_finish(); non-NULL is success. */
void cobro_bank_store_take_back_async (CobroStore *store, GPtrArray *records, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);

/* A line that is no business of ours is not proposed again; or is. Finish with cobro_store_finish(). */
void cobro_bank_store_ignore_async (CobroStore *store, const char *name, gboolean ignore, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
