/* src/store/cobro-invoice-private.h — what the files that write invoices share.
 * Layer: store, private to it. */
#pragma once
#include "cobro-store-private.h"

/* (transfer full) what a write did. */
CobroInvoiceChange *cobro_invoice_change_of (CobroStoreTx *tx, const CobroId *id, const CobroInvoice *before,
                                             GError **error);
/* Queues the document for the relay; whatever was wrong with it is forgotten. */
gboolean cobro_invoice_queue_put (CobroStoreTx *tx, const CobroInvoice *invoice,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores and queues an issued document that was changed by the rules. */
gboolean cobro_invoice_write_over (CobroStoreTx *tx, const CobroInvoiceRecord *record, CobroInvoice *invoice,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_invoice_queue_send (CobroStoreTx *tx, const CobroInvoiceRecord *record, const char *to,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What somebody asked for, until the store's thread does it. */
typedef struct
{
  CobroId id;
  CobroInvoice *invoice;   /* owned (nullable) */
  CobroCustomer *customer; /* owned (nullable) */
  CobroRecord *record;     /* owned (nullable) */
  char *text;              /* owned (nullable) reason, or address */
  CobroInvoiceDecision decision;
  gboolean send;
} CobroInvoiceJob;
CobroInvoiceJob *cobro_invoice_job_new (const CobroId *id, const CobroInvoice *invoice, const char *text);
void cobro_invoice_job_free (gpointer job);
/* Queues @work; it answers with a CobroInvoiceChange. */
void cobro_invoice_job_run (CobroStore *store, CobroStoreWork work, CobroInvoiceJob *take_job,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
