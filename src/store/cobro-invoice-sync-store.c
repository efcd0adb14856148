/* src/store/cobro-invoice-sync-store.c — see cobro-invoice-sync-store.h.
 * Layer: store, on the store's writing thread. */
#include "config.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-error.h"
#include "cobro-invoice-private.h"
#include "cobro-outbox.h"
#include "cobro-payment-store.h"

#include <string.h>

/* ── Answers to what was pushed ─────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_invoice_sync_applied (CobroStoreTx *tx, const CobroId *id, gint64 rev, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "UPDATE invoice SET rev = :rev WHERE id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id->text);
  cobro_db_bind_int64 (statement, ":rev", rev);
  return cobro_db_run (statement, error) && cobro_invoice_row_note_waiting (tx, id, error);
}

gboolean
cobro_invoice_sync_rejected (CobroStoreTx *tx, const CobroId *id, const char *reason, const char *path, GError **error)
{
  return cobro_invoice_row_set_trouble (tx, id, COBRO_TROUBLE_REJECTED, reason, path, error) &&
         cobro_invoice_row_note_waiting (tx, id, error);
}

gboolean
cobro_invoice_sync_mail_failed (CobroStoreTx *tx, const CobroId *id, const char *reason, GError **error)
{
  return cobro_invoice_row_set_problem (tx, id, reason, error);
}

gboolean
cobro_invoice_sync_merged (CobroStoreTx *tx, const CobroInvoice *merged, gint64 rev, gboolean queue, const char *reason,
                           GError **error)
{
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (merged);
  g_autoptr (CobroInvoiceRecord) ours = cobro_invoice_store_find (tx, &merged->id, error);
  gboolean sent;

  if (ours == NULL)
    return FALSE;
  copy->rev = rev;
  copy->token = ours->invoice->token;
  if (!cobro_invoice_row_write (tx, copy, FALSE, error) ||
      !cobro_outbox_take_back (tx, "invoice.put", copy->id.text, &sent, error) ||
      (queue && !cobro_invoice_queue_put (tx, copy, error)))
    return FALSE;
  return cobro_invoice_row_set_trouble (tx, &copy->id, reason[0] != '\0' ? COBRO_TROUBLE_CONFLICT : COBRO_TROUBLE_NONE,
                                        reason, "", error) &&
         cobro_invoice_row_note_waiting (tx, &copy->id, error);
}

/* ── Recorded money ─────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroPayment *
read_payment (CobroStoreTx *tx, const char *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT document FROM payment WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id);
  return cobro_db_step (statement, error) == COBRO_DB_ROW
           ? tx->codec->read_payment (cobro_db_column_text (statement, "document"), error)
           : NULL;
}

/* It stays in the books as one that failed, with the reason: what somebody typed is not lost. */
gboolean
cobro_record_sync_rejected (CobroStoreTx *tx, const char *payment_id, const char *reason, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CobroPayment) payment = read_payment (tx, payment_id, &failure);
  g_autofree char *document = NULL;
  g_autofree char *problem = NULL;
  CobroId invoice_id;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (payment == NULL)
    return TRUE;
  payment->state = COBRO_PAYMENT_FAILED;
  payment->received = COBRO_MONEY_NONE;
  payment->updated_at = tx->now;
  cobro_link_set_text (&payment->failure_code, "refused");
  cobro_link_set_text (&payment->failure_message, reason);
  document = tx->codec->write_payment (payment);
  problem = g_strdup_printf ("the payment recorded here was refused: %s", reason);
  invoice_id = cobro_invoice_id_of_link (&payment->link_id);
  return cobro_payment_store_keep (tx, payment, document, TRUE, error) &&
         cobro_store_run_for (tx, "DELETE FROM record WHERE id = :id", payment_id, NULL, error) &&
         cobro_link_row_sum_up (tx, &payment->link_id, error) &&
         cobro_invoice_row_set_problem (tx, &invoice_id, problem, error);
}

/* ── What the feed tells ────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
note_moments (CobroStoreTx *tx, const CobroId *id, CobroTime sent_at, CobroTime viewed_at, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db,
                                                  "UPDATE invoice SET sent_at = coalesce (:sent, sent_at), "
                                                  "  viewed_at = coalesce (:viewed, viewed_at) WHERE id = :id",
                                                  error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id->text);
  cobro_db_bind_time (statement, ":sent", sent_at);
  cobro_db_bind_time (statement, ":viewed", viewed_at);
  return cobro_db_run (statement, error) && cobro_invoice_row_settle (tx, id, error);
}

/* What the feed leaves out is ours: token and private notes. */
static gboolean
take_over (CobroStoreTx *tx, const CobroInvoice *heard, const CobroInvoiceRecord *ours, GError **error)
{
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (heard);

  copy->token = COBRO_TOKEN_NONE;
  if (ours != NULL)
    {
      copy->token = ours->invoice->token;
      cobro_link_set_text (&copy->private_notes, ours->invoice->private_notes);
    }
  return cobro_invoice_row_write (tx, copy, FALSE, error);
}

gboolean
cobro_invoice_sync_heard (CobroStoreTx *tx, const CobroInvoice *invoice, CobroTime sent_at, CobroTime viewed_at,
                          GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CobroInvoiceRecord) ours = cobro_invoice_row_find (tx, &invoice->id, &failure);
  gboolean busy;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  busy = ours != NULL && (ours->state == COBRO_RECORD_WAITING || ours->state == COBRO_RECORD_REJECTED);
  if (!busy && (ours == NULL || invoice->rev > ours->invoice->rev) && !take_over (tx, invoice, ours, error))
    return FALSE;
  return (sent_at == 0 && viewed_at == 0) || note_moments (tx, &invoice->id, sent_at, viewed_at, error);
}

/* ── Publishing again ───────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
publish (CobroStoreTx *tx, gint64 row, gboolean livemode, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_row_load (tx, row, error);
  g_autoptr (CobroInvoice) invoice = NULL;

  if (record == NULL)
    return FALSE;
  /* One whose token is not known here is published by the computer that knows it. */
  if (record->invoice->kind == COBRO_INVOICE_INVOICE && !cobro_token_is_set (&record->invoice->token))
    return TRUE;
  invoice = cobro_invoice_copy (record->invoice);
  if (invoice->livemode != livemode)
    {
      invoice->livemode = livemode;
      if (!cobro_invoice_row_write (tx, invoice, FALSE, error))
        return FALSE;
    }
  return cobro_invoice_queue_put (tx, invoice, error);
}

/* Money that went back entirely is as if it had never come. */
#define RECORDS                                                                                                        \
  "SELECT r.id AS id, r.document AS document FROM record AS r JOIN payment AS p ON p.id = r.id "                       \
  "WHERE p.refunded < p.amount ORDER BY p.created_at, p.row"

static gboolean
publish_records (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, RECORDS, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!cobro_outbox_add (tx, "payment.record", cobro_db_column_text (statement, "id"),
                           cobro_db_column_text (statement, "document"), error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

/* Invoices before their credit notes, which the relay takes only for an invoice that it knows. */
gboolean
cobro_invoice_sync_publish_all (CobroStoreTx *tx, gboolean livemode, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT row FROM invoice WHERE decision <> 0 AND sample = 0 ORDER BY kind, row", error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      g_array_append_val (rows, row);
    }
  if (step != COBRO_DB_DONE)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!publish (tx, g_array_index (rows, gint64, i), livemode, error))
      return FALSE;
  return publish_records (tx, error);
}

/* Numbers of test documents are of a series of their own: what has one of another was meant. */
gboolean
cobro_invoice_sync_make_samples (CobroStoreTx *tx, GError **error)
{
  tx->change->kinds |= COBRO_STORE_INVOICES | COBRO_STORE_OUTBOX;
  tx->change->all = TRUE;
  return cobro_db_exec (
    tx->db,
    "UPDATE invoice SET sample = 1, waiting = 0 "
    "WHERE decision <> 0 AND sample = 0 AND (series LIKE '%/test/%' OR sequence IS NULL AND rev > 0);"
    "UPDATE link SET sample = 1, waiting = 0 "
    "WHERE invoice_id IN (SELECT id FROM invoice WHERE sample = 1);"
    "DELETE FROM record WHERE id IN (SELECT p.id FROM payment AS p JOIN link AS l "
    "  ON l.id = p.link_id WHERE l.sample = 1);"
    "DELETE FROM outbox WHERE object_id IN (SELECT id FROM invoice WHERE sample = 1) "
    "  OR object_id IN (SELECT link_id FROM invoice WHERE sample = 1) "
    "  OR kind = 'payment.record' AND object_id NOT IN (SELECT id FROM record);",
    error);
}
