/* src/store/cobro-invoice-sync-store.h — what the sync engine does to invoices: answers of the relay, and what its feed
 * tells. An issued document never merges field by field (src/sync/README.md, "Merge").
 * Layer: store; every function runs inside a writing job. */
#pragma once
#include "cobro-invoice-store.h"

/* The relay has taken the document as revision @rev. */
gboolean cobro_invoice_sync_applied (CobroStoreTx *tx, const CobroId *id, gint64 rev,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The relay refused it: shown until it is edited, or has another number. */
gboolean cobro_invoice_sync_rejected (CobroStoreTx *tx, const CobroId *id, const char *reason, const char *path,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The outcome of a merge with the relay's revision @rev: stored, and queued when @queue. @reason: "" or what the user
 * should see. */
gboolean cobro_invoice_sync_merged (CobroStoreTx *tx, const CobroInvoice *merged, gint64 rev, gboolean queue,
                                    const char *reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A mail that the relay would not send: shown on the document. */
gboolean cobro_invoice_sync_mail_failed (CobroStoreTx *tx, const CobroId *id, const char *reason,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A recorded payment that the relay refused: it never came. Shown on its invoice. */
gboolean cobro_record_sync_rejected (CobroStoreTx *tx, const char *payment_id, const char *reason,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes over a document that is new, or newer at the relay, unless changes of ours wait. @sent_at, @viewed_at: 0: it
 * was not. */
gboolean cobro_invoice_sync_heard (CobroStoreTx *tx, const CobroInvoice *invoice, CobroTime sent_at,
                                   CobroTime viewed_at, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues every document that was issued, and all money that was recorded here. */
gboolean cobro_invoice_sync_publish_all (CobroStoreTx *tx, gboolean livemode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was issued for practice is never uploaded again. */
gboolean cobro_invoice_sync_make_samples (CobroStoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
