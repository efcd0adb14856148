/* src/store/cobro-invoice-store.c — writing invoices: drafts, what may change later, mails, tokens. Issuing is in
 * cobro-invoice-issue.c.
 * Layer: store. */
#include "config.h"
#include "cobro-invoice-store.h"
#include "cobro-error.h"
#include "cobro-invoice-private.h"
#include "cobro-outbox.h"
#include "cobro-profile-store.h"
#include "cobro-text.h"

#include <string.h>

void
cobro_invoice_change_free (CobroInvoiceChange *change)
{
  if (change == NULL)
    return;
  cobro_invoice_record_unref (change->record);
  cobro_invoice_record_unref (change->credit_note);
  g_clear_pointer (&change->before, cobro_invoice_unref);
  g_free (change);
}

CobroInvoiceRecord *
cobro_invoice_store_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  CobroInvoiceRecord *record = cobro_invoice_row_find (tx, id, &failure);

  if (record == NULL && failure == NULL)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no invoice “%s”", id->text);
  else if (record == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return record;
}

CobroInvoiceChange *
cobro_invoice_change_of (CobroStoreTx *tx, const CobroId *id, const CobroInvoice *before, GError **error)
{
  CobroInvoiceRecord *record = cobro_invoice_store_find (tx, id, error);
  CobroInvoiceChange *change;

  if (record == NULL)
    return NULL;
  change = g_new0 (CobroInvoiceChange, 1);
  change->record = record;
  change->before = before != NULL ? cobro_invoice_copy (before) : NULL;
  return change;
}

/* ── The document ───────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_invoice_queue_put (CobroStoreTx *tx, const CobroInvoice *invoice, GError **error)
{
  g_autofree char *body = tx->codec->write_invoice (invoice, TRUE);

  return cobro_invoice_row_set_trouble (tx, &invoice->id, COBRO_TROUBLE_NONE, "", "", error) &&
         cobro_outbox_put (tx, "invoice.put", invoice->id.text, body, "{}", 0, error) &&
         cobro_invoice_row_note_waiting (tx, &invoice->id, error);
}

gboolean
cobro_invoice_write_over (CobroStoreTx *tx, const CobroInvoiceRecord *record, CobroInvoice *invoice, GError **error)
{
  invoice->rev = record->invoice->rev;
  invoice->token = record->invoice->token;
  invoice->updated_at = MAX (tx->now, record->invoice->updated_at + 1);
  return cobro_invoice_validate_change (record->invoice, invoice, error) &&
         cobro_invoice_row_write (tx, invoice, FALSE, error) &&
         (record->state == COBRO_RECORD_SAMPLE || cobro_invoice_queue_put (tx, invoice, error));
}

static gboolean
write_draft (CobroStoreTx *tx, CobroInvoice *draft, GError **error)
{
  if (draft->kind != COBRO_INVOICE_INVOICE)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "kind", "a credit note is made from an invoice");
  if (draft->decision != COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "must be a draft");
  draft->rev = 0;
  draft->updated_at = tx->now;
  return cobro_invoice_compute (draft, error) && cobro_invoice_validate (draft, error) &&
         cobro_invoice_row_write (tx, draft, FALSE, error);
}

static CobroInvoiceChange *
put_new (CobroStoreTx *tx, CobroInvoice *draft, GError **error)
{
  if (!cobro_id_is_set (&draft->id))
    draft->id = cobro_id_new (COBRO_ID_INVOICE, tx->clock, tx->random);
  if (!cobro_token_is_set (&draft->token))
    draft->token = cobro_token_new (tx->random);
  if (draft->created_at == 0)
    draft->created_at = tx->now;
  return write_draft (tx, draft, error) ? cobro_invoice_change_of (tx, &draft->id, NULL, error) : NULL;
}

static gboolean
is_same (CobroStoreTx *tx, const CobroInvoice *a, CobroInvoice *b)
{
  g_autofree char *ours = tx->codec->write_invoice (a, FALSE);
  g_autofree char *theirs = NULL;

  b->updated_at = a->updated_at;
  theirs = tx->codec->write_invoice (b, FALSE);
  return strcmp (ours, theirs) == 0;
}

static gboolean
put_over (CobroStoreTx *tx, const CobroInvoiceRecord *record, CobroInvoice *invoice, GError **error)
{
  const CobroInvoice *before = record->invoice;

  invoice->created_at = before->created_at;
  if (before->decision == COBRO_INVOICE_DRAFT)
    {
      invoice->token = before->token;
      return write_draft (tx, invoice, error);
    }
  if (invoice->decision != before->decision)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "is “%s” already",
                               cobro_invoice_decision_name (before->decision));
  return is_same (tx, before, invoice) || cobro_invoice_write_over (tx, record, invoice, error);
}

CobroInvoiceChange *
cobro_invoice_store_put (CobroStoreTx *tx, const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (invoice);
  g_autoptr (CobroInvoiceRecord) record = NULL;
  g_autoptr (GError) failure = NULL;

  if (cobro_id_is_set (&invoice->id))
    record = cobro_invoice_row_find (tx, &invoice->id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (record == NULL)
    return put_new (tx, copy, error);
  return put_over (tx, record, copy, error) ? cobro_invoice_change_of (tx, &copy->id, record->invoice, error) : NULL;
}

static CobroInvoiceChange *
delete_draft (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);
  CobroInvoiceChange *change;

  if (record == NULL)
    return NULL;
  if (record->invoice->decision != COBRO_INVOICE_DRAFT)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "what was issued is never deleted; it is credited");
      return NULL;
    }
  if (!cobro_invoice_row_delete (tx, record->row, error))
    return NULL;
  change = g_new0 (CobroInvoiceChange, 1);
  change->before = cobro_invoice_copy (record->invoice);
  return change;
}

static CobroInvoiceChange *
duplicate (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);
  g_autoptr (CobroInvoice) copy = record != NULL ? cobro_invoice_duplicate (record->invoice) : NULL;

  return copy != NULL ? put_new (tx, copy, error) : NULL;
}

static CobroInvoiceChange *
decide (CobroStoreTx *tx, const CobroId *id, CobroInvoiceDecision decision, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);
  g_autoptr (CobroInvoice) copy = NULL;

  if (record == NULL)
    return NULL;
  if (decision != COBRO_INVOICE_ISSUED && decision != COBRO_INVOICE_UNCOLLECTIBLE)
    {
      cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "it is issued and voided in other ways");
      return NULL;
    }
  copy = cobro_invoice_copy (record->invoice);
  copy->decision = decision;
  if (record->invoice->decision != decision && !cobro_invoice_write_over (tx, record, copy, error))
    return NULL;
  return cobro_invoice_change_of (tx, id, record->invoice, error);
}

/* ── Token ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A document that was never sent simply gets another token; the relay must be told to replace one that it may have. */
static gboolean
queue_token (CobroStoreTx *tx, const CobroInvoiceRecord *record, const CobroInvoice *invoice, GError **error)
{
  g_autofree char *body = g_strdup_printf ("{\"token\":\"%s\"}", invoice->token.text);
  CobroId link_id = cobro_invoice_link_id (&invoice->id);
  gboolean sent = TRUE;

  if (record->invoice->rev == 0 && (!cobro_outbox_take_back (tx, "invoice.put", invoice->id.text, &sent, error) ||
                                    !cobro_invoice_queue_put (tx, invoice, error)))
    return FALSE;
  return !sent || (cobro_outbox_put (tx, "link.token", link_id.text, body, "{}", 0, error) &&
                   cobro_link_row_note_waiting (tx, &link_id, error));
}

static CobroInvoiceChange *
replace_token (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);
  g_autoptr (CobroInvoice) copy = NULL;
  CobroId link_id = cobro_invoice_link_id (id);

  if (record == NULL)
    return NULL;
  if (record->invoice->kind == COBRO_INVOICE_CREDIT_NOTE || record->invoice->decision == COBRO_INVOICE_VOID)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "it has no address any more");
      return NULL;
    }
  copy = cobro_invoice_copy (record->invoice);
  copy->token = cobro_token_new (tx->random);
  if (copy->decision == COBRO_INVOICE_DRAFT)
    return cobro_invoice_row_write (tx, copy, FALSE, error) ? cobro_invoice_change_of (tx, id, record->invoice, error)
                                                            : NULL;
  if (!cobro_store_run_for (tx, "UPDATE link SET token = :text WHERE id = :id", link_id.text, copy->token.text,
                            error) ||
      !cobro_invoice_row_settle (tx, id, error) ||
      (record->state != COBRO_RECORD_SAMPLE && !queue_token (tx, record, copy, error)))
    return NULL;
  return cobro_invoice_change_of (tx, id, record->invoice, error);
}

/* ── Mails ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_mail (const CobroInvoiceRecord *record, GError **error)
{
  const CobroInvoice *invoice = record->invoice;

  if (invoice->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set (error, COBRO_ERROR_STATE, "a draft is not sent; issue it first");
  if (invoice->decision == COBRO_INVOICE_VOID)
    return cobro_error_set (error, COBRO_ERROR_STATE, "it is void");
  return record->state != COBRO_RECORD_SAMPLE ||
         cobro_error_set (error, COBRO_ERROR_STATE, "it was issued for practice");
}

static gboolean
queue_mail (CobroStoreTx *tx, const CobroInvoiceRecord *record, const char *kind, const char *body, GError **error)
{
  return cobro_invoice_row_set_problem (tx, &record->invoice->id, "", error) &&
         cobro_outbox_add (tx, kind, record->invoice->id.text, body, error);
}

gboolean
cobro_invoice_queue_send (CobroStoreTx *tx, const CobroInvoiceRecord *record, const char *to, GError **error)
{
  g_autofree char *body = NULL;

  if (!check_mail (record, error))
    return FALSE;
  if (to == NULL && record->invoice->buyer.email[0] == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "to", "the customer has no e-mail address");
  if (to != NULL && !cobro_text_check_email (to, "to", error))
    return FALSE;
  body = tx->codec->write_send (to);
  return queue_mail (tx, record, "invoice.send", body, error);
}

static CobroInvoiceChange *
send_to (CobroStoreTx *tx, const CobroId *id, const char *to, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);

  return record != NULL && cobro_invoice_queue_send (tx, record, to, error)
           ? cobro_invoice_change_of (tx, id, record->invoice, error)
           : NULL;
}

static CobroInvoiceChange *
remind (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);
  CobroInvoiceView view;

  if (record == NULL || !check_mail (record, error))
    return NULL;
  view = cobro_invoice_view (record->invoice, &record->link_tally, &record->tally, tx->today, tx->now);
  if (!cobro_money_is_positive (view.due))
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "nothing is due");
      return NULL;
    }
  if (record->invoice->buyer.email[0] == '\0')
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "to", "the customer has no e-mail address");
      return NULL;
    }
  return queue_mail (tx, record, "invoice.remind", "{}", error)
           ? cobro_invoice_change_of (tx, id, record->invoice, error)
           : NULL;
}

static CobroInvoiceChange *
mark_seen (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);

  if (record == NULL || !cobro_invoice_row_set_problem (tx, id, "", error) ||
      (record->state == COBRO_RECORD_CONFLICT &&
       !cobro_invoice_row_set_trouble (tx, id, COBRO_TROUBLE_NONE, "", "", error)))
    return NULL;
  return cobro_invoice_change_of (tx, id, record->invoice, error);
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_invoice_job_free (gpointer data)
{
  CobroInvoiceJob *job = data;

  g_clear_pointer (&job->invoice, cobro_invoice_unref);
  g_clear_pointer (&job->customer, cobro_customer_unref);
  g_clear_pointer (&job->record, cobro_record_free);
  g_free (job->text);
  g_free (job);
}

CobroInvoiceJob *
cobro_invoice_job_new (const CobroId *id, const CobroInvoice *invoice, const char *text)
{
  CobroInvoiceJob *job = g_new0 (CobroInvoiceJob, 1);

  if (id != NULL)
    job->id = *id;
  job->invoice = invoice != NULL ? cobro_invoice_copy (invoice) : NULL;
  job->text = g_strdup (text);
  return job;
}

void
cobro_invoice_job_run (CobroStore *store, CobroStoreWork work, CobroInvoiceJob *job, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, work, job, cobro_invoice_job_free, (GDestroyNotify)cobro_invoice_change_free,
                           cancellable, callback, user_data);
}

CobroInvoiceChange *
cobro_invoice_store_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_put (tx, ((CobroInvoiceJob *)data)->invoice, error);
}

void
cobro_invoice_store_put_async (CobroStore *store, const CobroInvoice *invoice, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_put, cobro_invoice_job_new (NULL, invoice, NULL), cancellable, callback, user_data);
}

static gpointer
do_delete (CobroStoreTx *tx, gpointer data, GError **error)
{
  return delete_draft (tx, &((CobroInvoiceJob *)data)->id, error);
}

void
cobro_invoice_store_delete_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_delete, cobro_invoice_job_new (id, NULL, NULL), cancellable, callback, user_data);
}

static gpointer
do_duplicate (CobroStoreTx *tx, gpointer data, GError **error)
{
  return duplicate (tx, &((CobroInvoiceJob *)data)->id, error);
}

void
cobro_invoice_store_duplicate_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_duplicate, cobro_invoice_job_new (id, NULL, NULL), cancellable, callback, user_data);
}

static gpointer
do_decide (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroInvoiceJob *job = data;

  return decide (tx, &job->id, job->decision, error);
}

void
cobro_invoice_store_decide_async (CobroStore *store, const CobroId *id, CobroInvoiceDecision decision,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CobroInvoiceJob *job = cobro_invoice_job_new (id, NULL, NULL);

  job->decision = decision;
  cobro_invoice_job_run (store, do_decide, job, cancellable, callback, user_data);
}

static gpointer
do_replace_token (CobroStoreTx *tx, gpointer data, GError **error)
{
  return replace_token (tx, &((CobroInvoiceJob *)data)->id, error);
}

void
cobro_invoice_store_replace_token_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_replace_token, cobro_invoice_job_new (id, NULL, NULL), cancellable, callback,
                         user_data);
}

static gpointer
do_send (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroInvoiceJob *job = data;

  return send_to (tx, &job->id, job->text, error);
}

void
cobro_invoice_store_send_async (CobroStore *store, const CobroId *id, const char *to, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_send, cobro_invoice_job_new (id, NULL, to), cancellable, callback, user_data);
}

static gpointer
do_remind (CobroStoreTx *tx, gpointer data, GError **error)
{
  return remind (tx, &((CobroInvoiceJob *)data)->id, error);
}

void
cobro_invoice_store_remind_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_remind, cobro_invoice_job_new (id, NULL, NULL), cancellable, callback, user_data);
}

static gpointer
do_mark_seen (CobroStoreTx *tx, gpointer data, GError **error)
{
  return mark_seen (tx, &((CobroInvoiceJob *)data)->id, error);
}

void
cobro_invoice_store_mark_seen_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_mark_seen, cobro_invoice_job_new (id, NULL, NULL), cancellable, callback, user_data);
}
