/* src/store/cobro-store-private.h — what the nouns of this layer share and nobody else sees.
 * Layer: store, private to it. */
#pragma once
#include "cobro-invoice-store.h"
#include "cobro-link-store.h"
#include "cobro-payment-store.h"
#include "cobro-store.h"

/* Numbers of link.trouble, customer.trouble, merchant.trouble. */
typedef enum
{
  COBRO_TROUBLE_NONE = 0,
  COBRO_TROUBLE_REJECTED = 1,
  COBRO_TROUBLE_CONFLICT = 2,
} CobroTrouble;

/* Nothing yet. */
CobroStoreChange *cobro_store_change_new (void);
/* (transfer full) shares what is listed. */
CobroStoreChange *cobro_store_change_copy (CobroStoreChange *change);
void cobro_store_change_free (CobroStoreChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroStoreChange, cobro_store_change_free)

/* A payment has just succeeded: told with the change. */
void cobro_store_tx_tell_paid (CobroStoreTx *tx, CobroPayment *payment);
/* (transfer full) NULL: not set (or an error). */
char *cobro_setting_read (CobroStoreTx *tx, const char *name, GError **error);
/* NULL removes. */
gboolean cobro_setting_write (CobroStoreTx *tx, const char *name, const char *value,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) of the pairing, else of practice mode, else "". NULL with an error. */
char *cobro_pairing_read_public_url (CobroStoreTx *tx, GError **error);
/* What these files are, and where their schema lies in the program. */
#define COBRO_STORE_APPLICATION_ID 0x436f4272u /* "CoBr" */
#define COBRO_STORE_SCHEMA         "/app/cobro/Cobro/store/schema"

/* A reading job on a thread where nothing waits behind it: copies, exports. */
void cobro_store_aside_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                              GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
/* As cobro_store_read_async(), on the thread for long jobs. */
void cobro_store_list_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                             GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
/* (transfer full) text without case and accents: what names are sorted by. */
char *cobro_store_sort_text (const char *text);
/* The URL of links as it is now, after a pairing or in practice mode. */
void cobro_store_set_public_url (CobroStore *self, const char *public_url);
/* (transfer full) "" when there is none yet. Any thread. */
char *cobro_store_dup_public_url (CobroStore *self);

/* ── A link and its table row (cobro-link-row.c) ────────────────────────────────────────────────────────────────── */

/* The columns that cobro_link_row_read() wants. */
#define COBRO_LINK_COLUMNS                                                                                             \
  "row, id, document, token, rev, waiting, trouble, reason, path, sample, currency, invoice_id, "                      \
  "paid, refunded, lost, uses, open_attempts, processing, attempts, last_failed, flags"

/* (transfer full) the row that @statement stands on. */
CobroLinkRecord *cobro_link_row_read (CobroStoreTx *tx, CobroDbStatement *statement, GError **error);
/* (transfer full) by id. NULL without an error: no such link. */
CobroLinkRecord *cobro_link_row_find (CobroStoreTx *tx, const CobroId *id, GError **error);
/* Inserts @link; its row number comes back. Its words are found when the job is done. */
gboolean cobro_link_row_insert (CobroStoreTx *tx, const CobroLink *link, gboolean sample, gint64 *out_row,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the decisions and the token of @link over row @row (and its words). */
gboolean cobro_link_row_update (CobroStoreTx *tx, gint64 row, const CobroLink *link,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At the end of a writing job: the words of links that it inserted enter the search. */
gboolean cobro_link_row_learn (CobroStoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_link_row_delete (CobroStoreTx *tx, gint64 row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes sums that do not come from payments (tests and benchmarks). */
gboolean cobro_link_row_set_tally (CobroStoreTx *tx, gint64 row, const CobroLinkTally *tally,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Recomputes the sums of a link from its payments. */
gboolean cobro_link_row_sum_up (CobroStoreTx *tx, const CobroId *link_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets `waiting` to whether something of the link is in the outbox. */
gboolean cobro_link_row_note_waiting (CobroStoreTx *tx, const CobroId *link_id,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The sums of the row that @statement stands on. */
CobroLinkTally cobro_link_row_read_tally (CobroDbStatement *statement, CobroCurrency currency);

/* (transfer full) what the row that @statement stands on tells: sequence, type, occurred_at, object_id, object, member,
 * other_value (cobro-timeline.c). */
CobroTimelineEntry *cobro_timeline_read_entry (CobroStoreTx *tx, CobroDbStatement *statement);

/* ── A document and its table row (cobro-invoice-row.c) ──────────────────────────────────────────────────────────── */

/* (transfer full) by id. NULL without an error: there is none. */
CobroInvoiceRecord *cobro_invoice_row_find (CobroStoreTx *tx, const CobroId *id, GError **error);
CobroInvoiceRecord *cobro_invoice_row_load (CobroStoreTx *tx, gint64 row, GError **error);
/* Writes @invoice, new or over its row, with its words, its link, and everything that is computed from it.
 * @own: its number was given out here. */
gboolean cobro_invoice_row_write (CobroStoreTx *tx, const CobroInvoice *invoice, gboolean own,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_invoice_row_delete (CobroStoreTx *tx, gint64 row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Computes anew what the row says about credit notes, payments and standing; its link follows. */
gboolean cobro_invoice_row_settle (CobroStoreTx *tx, const CobroId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The sums of link number @link_row have changed: its invoice, if it has one, follows. */
gboolean cobro_invoice_row_settle_link (CobroStoreTx *tx, gint64 link_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets `waiting` to whether its document is in the outbox. */
gboolean cobro_invoice_row_note_waiting (CobroStoreTx *tx, const CobroId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why a mail or a recorded payment failed; "" clears. */
gboolean cobro_invoice_row_set_problem (CobroStoreTx *tx, const CobroId *id, const char *problem,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_invoice_row_set_trouble (CobroStoreTx *tx, const CobroId *id, CobroTrouble trouble, const char *reason,
                                        const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs @sql with :id bound, and with :text where it has one. */
gboolean cobro_store_run_for (CobroStoreTx *tx, const char *sql, const char *id, const char *text,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
