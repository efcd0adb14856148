/* src/store/cobro-invoice-issue.c — what takes a number: issuing, crediting, voiding, importing. The number, the
 * document, its link and what must be uploaded are one transaction: a job that fails undoes them all.
 * Layer: store. */
#include "config.h"
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-invoice-private.h"
#include "cobro-outbox.h"
#include "cobro-profile-store.h"
#include "cobro-series-store.h"

#include <string.h>

/* ── Issuing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Draft → issued, stored and queued. @invoice: written. */
static gboolean
issue (CobroStoreTx *tx, CobroInvoice *invoice, const CobroCustomer *customer, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);
  g_autoptr (CobroPairing) pairing = merchant != NULL ? cobro_pairing_find (tx, error) : NULL;
  g_auto (CobroGivenNumber) given = { NULL, NULL, 0 };

  if (pairing == NULL || !cobro_series_store_take (tx, merchant, invoice->kind, tx->today, &given, error))
    return FALSE;
  if (cobro_id_is_set (&pairing->device_id))
    invoice->livemode = pairing->livemode;
  return cobro_invoice_issue (invoice, merchant, customer, given.number, given.series, given.sequence, tx->today,
                              tx->now, error) &&
         cobro_invoice_row_write (tx, invoice, TRUE, error) && cobro_invoice_queue_put (tx, invoice, error);
}

/* The buyer as of now: somebody new, who is written first, or the one of the draft. */
static gboolean
find_customer (CobroStoreTx *tx, CobroInvoice *draft, const CobroInvoiceIssue *wish, CobroCustomer **out_customer,
               GError **error)
{
  g_autoptr (CobroCustomer) copy = NULL;
  g_autoptr (GError) failure = NULL;

  *out_customer = NULL;
  if (wish != NULL && wish->customer != NULL && !cobro_id_is_set (&draft->customer_id))
    {
      copy = cobro_customer_copy (wish->customer);
      if (!(*out_customer = cobro_customer_store_put (tx, copy, error)))
        return FALSE;
      draft->customer_id = (*out_customer)->id;
    }
  else if (cobro_id_is_set (&draft->customer_id) &&
           !(*out_customer = cobro_customer_store_find (tx, &draft->customer_id, &failure)) &&
           !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

CobroInvoiceChange *
cobro_invoice_store_issue (CobroStoreTx *tx, const CobroInvoice *draft, const CobroInvoiceIssue *wish, GError **error)
{
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (draft);
  g_autoptr (CobroInvoiceChange) stored = NULL;
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (CobroCustomer) customer = NULL;

  if (!find_customer (tx, copy, wish, &customer, error) || !(stored = cobro_invoice_store_put (tx, copy, error)))
    return NULL;
  if (stored->record->invoice->decision != COBRO_INVOICE_DRAFT)
    {
      cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "is issued already, as “%s”",
                          stored->record->invoice->number);
      return NULL;
    }
  g_clear_pointer (&copy, cobro_invoice_unref);
  copy = cobro_invoice_copy (stored->record->invoice);
  if (!issue (tx, copy, customer, error) ||
      !(change = cobro_invoice_change_of (tx, &copy->id, stored->record->invoice, error)))
    return NULL;
  if (wish != NULL && wish->send)
    {
      if (!cobro_invoice_queue_send (tx, change->record, wish->to, error))
        return NULL;
      change->record->sending = TRUE;
    }
  return g_steal_pointer (&change);
}

/* ── Credit notes ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* What was not credited yet. */
static gboolean
count_left (const CobroInvoiceRecord *record, CobroMoney *out_left)
{
  *out_left = cobro_invoice_asked (record->invoice, record->tally.credited);
  return cobro_money_is_positive (*out_left);
}

static CobroInvoice *
issue_credit (CobroStoreTx *tx, const CobroInvoiceRecord *record, CobroMoney amount, const char *reason, GError **error)
{
  gboolean whole = cobro_money_equal (amount, record->invoice->totals->total);
  g_autoptr (CobroInvoice) note =
    cobro_invoice_credit (record->invoice, whole ? COBRO_MONEY_NONE : amount, reason, error);

  if (note == NULL)
    return NULL;
  note->id = cobro_id_new (COBRO_ID_INVOICE, tx->clock, tx->random);
  note->created_at = tx->now;
  note->livemode = record->invoice->livemode;
  return issue (tx, note, NULL, error) ? g_steal_pointer (&note) : NULL;
}

static CobroInvoiceRecord *
find_creditable (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);

  if (record == NULL)
    return NULL;
  if (record->invoice->kind == COBRO_INVOICE_CREDIT_NOTE || record->invoice->decision == COBRO_INVOICE_DRAFT ||
      record->invoice->decision == COBRO_INVOICE_VOID || record->state == COBRO_RECORD_SAMPLE)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "only an invoice that was issued, and is not void, can be credited");
      return NULL;
    }
  return g_steal_pointer (&record);
}

static CobroInvoiceChange *
change_with_note (CobroStoreTx *tx, const CobroInvoiceRecord *before, const CobroInvoice *note, GError **error)
{
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_change_of (tx, &before->invoice->id, before->invoice, error);

  if (change == NULL || (note != NULL && !(change->credit_note = cobro_invoice_store_find (tx, &note->id, error))))
    return NULL;
  return g_steal_pointer (&change);
}

/* @inout_amount: unset: what is left, which it is set to. */
static gboolean
check_credit (const CobroInvoiceRecord *record, CobroMoney *inout_amount, GError **error)
{
  CobroMoney left;

  if (!count_left (record, &left))
    return cobro_error_set (error, COBRO_ERROR_STATE, "all of it was credited already");
  if (!cobro_money_is_set (*inout_amount))
    *inout_amount = left;
  if (cobro_money_currency (*inout_amount) != record->invoice->currency || !cobro_money_is_positive (*inout_amount) ||
      cobro_money_compare (*inout_amount, left) > 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount",
                               "must be above zero and at most what is left to credit");
  return TRUE;
}

gboolean
cobro_invoice_store_can_credit (CobroStoreTx *tx, const CobroId *id, CobroMoney amount, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = find_creditable (tx, id, error);

  return record != NULL && check_credit (record, &amount, error);
}

CobroInvoiceChange *
cobro_invoice_store_credit (CobroStoreTx *tx, const CobroId *id, CobroMoney amount, const char *reason, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = find_creditable (tx, id, error);
  g_autoptr (CobroInvoice) note = NULL;

  if (record == NULL || !check_credit (record, &amount, error))
    return NULL;
  if (!(note = issue_credit (tx, record, amount, reason, error)))
    return NULL;
  return change_with_note (tx, record, note, error);
}

static gboolean
take_mails_back (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  gboolean sent;

  return cobro_outbox_take_back (tx, "invoice.send", id->text, &sent, error) &&
         cobro_outbox_take_back (tx, "invoice.remind", id->text, &sent, error);
}

CobroInvoiceChange *
cobro_invoice_store_void (CobroStoreTx *tx, const CobroId *id, const char *reason, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = find_creditable (tx, id, error);
  g_autoptr (CobroInvoiceRecord) credited = NULL;
  g_autoptr (CobroInvoice) note = NULL;
  g_autoptr (CobroInvoice) copy = NULL;
  CobroMoney left;

  if (record == NULL)
    return NULL;
  if (record->link_tally.processing > 0)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "money is on its way; wait until it has come, or failed");
      return NULL;
    }
  if (count_left (record, &left) && !(note = issue_credit (tx, record, left, reason, error)))
    return NULL;
  if (!(credited = cobro_invoice_store_find (tx, id, error)))
    return NULL;
  copy = cobro_invoice_copy (credited->invoice);
  copy->decision = COBRO_INVOICE_VOID;
  cobro_link_set_text (&copy->void_reason, reason);
  if (!cobro_invoice_write_over (tx, credited, copy, error) || !take_mails_back (tx, id, error))
    return NULL;
  return change_with_note (tx, record, note, error);
}

/* ── Another number ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* The relay never took it under the old one, so that nobody was sent it by that name. */
static CobroInvoiceChange *
renumber (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_find (tx, id, error);
  g_autoptr (CobroMerchant) merchant = record != NULL ? cobro_merchant_store_find (tx, error) : NULL;
  g_autoptr (CobroInvoice) copy = NULL;
  g_auto (CobroGivenNumber) given = { NULL, NULL, 0 };

  if (merchant == NULL)
    return NULL;
  if (record->state != COBRO_RECORD_REJECTED || record->invoice->rev != 0 || strcmp (record->path, "number") != 0)
    {
      cobro_error_set_at (error, COBRO_ERROR_STATE, "number", "it keeps its number");
      return NULL;
    }
  if (!cobro_series_store_take (tx, merchant, record->invoice->kind, tx->today, &given, error))
    return NULL;
  copy = cobro_invoice_copy (record->invoice);
  cobro_link_set_text (&copy->number, given.number);
  cobro_link_set_text (&copy->series, given.series);
  copy->sequence = given.sequence;
  copy->updated_at = MAX (tx->now, copy->updated_at + 1);
  if (!cobro_invoice_validate (copy, error) || !cobro_invoice_row_write (tx, copy, TRUE, error) ||
      !cobro_invoice_queue_put (tx, copy, error))
    return NULL;
  return cobro_invoice_change_of (tx, id, record->invoice, error);
}

/* ── Documents that were issued elsewhere ───────────────────────────────────────────────────────────────────────── */

static gboolean
check_number_is_free (CobroStoreTx *tx, const char *number, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT 1 AS n FROM invoice WHERE number = :number AND sample = 0 LIMIT 1", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":number", number);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "number", "“%s” is in the books already", number);
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

static gboolean
import_issued (CobroStoreTx *tx, const CobroInvoice *invoice, const CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (invoice);
  g_autofree char *number = g_strdup (invoice->number);
  g_autoptr (CobroPairing) pairing = cobro_pairing_find (tx, error);
  CobroDay day;

  if (pairing == NULL || !cobro_day_from_text (invoice->issue_date, &day, error) ||
      !check_number_is_free (tx, number, error))
    return FALSE;
  copy->id = cobro_id_new (COBRO_ID_INVOICE, tx->clock, tx->random);
  if (copy->kind == COBRO_INVOICE_INVOICE)
    copy->token = cobro_token_new (tx->random);
  copy->rev = 0;
  copy->created_at = tx->now;
  copy->decision = COBRO_INVOICE_DRAFT;
  if (cobro_id_is_set (&pairing->device_id))
    copy->livemode = pairing->livemode;
  /* Its address is new, however old it is itself. */
  if (copy->kind == COBRO_INVOICE_INVOICE && copy->expires_at == 0 && merchant->token_days > 0)
    copy->expires_at = cobro_day_begins_at (tx->today + merchant->token_days + 1, tx->zone);
  return cobro_invoice_issue (copy, merchant, NULL, number, "", 0, day, tx->now, error) &&
         cobro_invoice_row_write (tx, copy, FALSE, error) && cobro_invoice_queue_put (tx, copy, error);
}

static gboolean
import_draft (CobroStoreTx *tx, const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_put (tx, invoice, error);

  return change != NULL;
}

gboolean
cobro_invoice_store_take (CobroStoreTx *tx, gpointer invoice, GError **error)
{
  g_autoptr (CobroMerchant) merchant = NULL;

  if (((CobroInvoice *)invoice)->number[0] == '\0')
    return import_draft (tx, invoice, error);
  merchant = cobro_merchant_store_find (tx, error);
  return merchant != NULL && import_issued (tx, invoice, merchant, error);
}

gboolean
cobro_invoice_store_check (CobroStoreTx *tx, gpointer invoice, GError **error)
{
  const char *number = ((CobroInvoice *)invoice)->number;

  return number[0] == '\0' || check_number_is_free (tx, number, error);
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_issue (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroInvoiceJob *job = data;
  CobroInvoiceIssue wish = { job->customer, job->send, job->text };

  return cobro_invoice_store_issue (tx, job->invoice, &wish, error);
}

void
cobro_invoice_store_issue_async (CobroStore *store, const CobroInvoice *invoice, const CobroInvoiceIssue *wish,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CobroInvoiceJob *job = cobro_invoice_job_new (NULL, invoice, wish != NULL ? wish->to : NULL);

  job->send = wish != NULL && wish->send;
  job->customer = wish != NULL && wish->customer != NULL ? cobro_customer_copy (wish->customer) : NULL;
  cobro_invoice_job_run (store, do_issue, job, cancellable, callback, user_data);
}

static gpointer
do_void (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroInvoiceJob *job = data;

  return cobro_invoice_store_void (tx, &job->id, job->text, error);
}

void
cobro_invoice_store_void_async (CobroStore *store, const CobroId *id, const char *reason, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_void, cobro_invoice_job_new (id, NULL, reason), cancellable, callback, user_data);
}

static gpointer
do_renumber (CobroStoreTx *tx, gpointer data, GError **error)
{
  return renumber (tx, &((CobroInvoiceJob *)data)->id, error);
}

void
cobro_invoice_store_renumber_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_job_run (store, do_renumber, cobro_invoice_job_new (id, NULL, NULL), cancellable, callback, user_data);
}
