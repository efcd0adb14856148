/* src/model/cobro-bank-statement.h — an account statement that was opened: its lines held against the books, always as
 * they are now; recording what fits, and taking that back.
 * Layer: model. Main thread. */
#pragma once
#include "cobro-bank.h"
#include "cobro-bank-match.h"
#include "cobro-business.h"
#include "cobro-payments.h"
#include "cobro-undo.h"

G_BEGIN_DECLS

/* One line of it with what it is proposed for. */
typedef struct
{
  guint index; /* of the line: names it for the statement's life */
  const CobroBankLine *line;
  const CobroBankMatch *match;
  const CobroBankProposal *proposal; /* (nullable) the best, or what somebody chose */
  gboolean chosen;                   /* somebody chose it */
} CobroBankEntry;

#define COBRO_TYPE_BANK_STATEMENT (cobro_bank_statement_get_type ())
G_DECLARE_FINAL_TYPE (CobroBankStatement, cobro_bank_statement, COBRO, BANK_STATEMENT, GObject)

/* Signals: "changed": the entries are others; whatever was lent of them is gone. "failed" (GError): something that
 * nobody waits for went wrong. */

/**
 * cobro_bank_statement_open_async:
 * @payments: of the books
 * @undo: the window's
 * @order: how dates that read both ways are read; UNKNOWN: see cobro_bank_statement_get_unclear()
 *
 * Reads @file and holds it against the books, on threads of their own. Errors: the file's, those of cobro_bank_read(),
 * the store's.
 */
void cobro_bank_statement_open_async (CobroPayments *payments, CobroBusiness *business, CobroUndo *undo, GFile *file,
                                      CobroBankOrder order, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* (transfer full) */
CobroBankStatement *cobro_bank_statement_open_finish (GAsyncResult *result, GError **error);

/* A date that reads both ways, where that must be asked before anything is shown; else "". Lent. */
const char *cobro_bank_statement_get_unclear (CobroBankStatement *self);
/* (transfer full) (element-type CobroBankEntry) those of one verdict, in the order of the file. Lent until "changed".
 */
GArray *cobro_bank_statement_list (CobroBankStatement *self, CobroBankVerdict verdict);
guint cobro_bank_statement_count (CobroBankStatement *self, CobroBankVerdict verdict);
/* Lines that are not booked (yet). */
guint cobro_bank_statement_get_n_pending (CobroBankStatement *self);
/* (element-type CobroBankTarget) what is open. Lent until "changed". */
GPtrArray *cobro_bank_statement_get_targets (CobroBankStatement *self);

/* Somebody says what a line is for. FALSE: it cannot be recorded there. */
gboolean cobro_bank_statement_choose (CobroBankStatement *self, guint index, guint target);
/**
 * cobro_bank_statement_accept_async:
 * @indexes: (element-type guint) lines with a proposal
 * @done_text: what is said and can be taken back, as one thing
 *
 * Records them as payments by bank, in one transaction: the bank's date, and who wrote what as the note.
 */
void cobro_bank_statement_accept_async (CobroBankStatement *self, GArray *indexes, const char *done_text,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_bank_statement_accept_finish (CobroBankStatement *self, GAsyncResult *result, GError **error);
/* The line is not shown any more, also when it comes again; can be taken back. */
void cobro_bank_statement_ignore (CobroBankStatement *self, guint index, const char *done_text);

G_END_DECLS
