/* src/store/cobro-record-store.c — money that came another way: at once a payment of these books, and told to the
 * relay.
 * Layer: store. */
#include "config.h"
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-invoice-private.h"
#include "cobro-outbox.h"
#include "cobro-payment-store.h"

#include <string.h>

#define KIND "payment.record" /* of operations */

/* ── Rules ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_date (CobroStoreTx *tx, const CobroRecord *record, GError **error)
{
  CobroDay day;

  if (!cobro_day_from_text (record->date, &day, error))
    return cobro_error_prefix_path (error, "date");
  return day <= tx->today || cobro_error_set_at (error, COBRO_ERROR_INVALID, "date", "is in the future");
}

/* Credit pays what is due, and no more than there is of it. */
static gboolean
check_credit (CobroStoreTx *tx, const CobroRecord *record, const CobroLinkRecord *link,
              const CobroInvoiceRecord *invoice, GError **error)
{
  CobroMoney credit;
  CobroInvoiceView view;

  if (record->how != COBRO_RECORD_CREDIT)
    return TRUE;
  if (invoice == NULL || !cobro_id_is_set (&link->link->customer_id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "how", "credit is a known customer's, for an invoice");
  if (!cobro_customer_store_credit (tx, &link->link->customer_id, link->link->currency, &credit, error))
    return FALSE;
  view = cobro_invoice_view (invoice->invoice, &invoice->link_tally, &invoice->tally, tx->today, tx->now);
  return (cobro_money_compare (record->amount, credit) <= 0 && cobro_money_compare (record->amount, view.due) <= 0) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount",
                             "is more than the customer has to their credit, or than is due");
}

/* A draft has no link yet. */
static CobroLinkRecord *
find_link (CobroStoreTx *tx, const CobroId *link_id, CobroInvoiceRecord **out_invoice, GError **error)
{
  CobroId invoice_id = cobro_invoice_id_of_link (link_id);
  g_autoptr (GError) failure = NULL;

  *out_invoice = cobro_invoice_row_find (tx, &invoice_id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (*out_invoice != NULL && (*out_invoice)->invoice->decision == COBRO_INVOICE_DRAFT)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "a draft asks for nothing yet; issue it first");
      return NULL;
    }
  return cobro_link_store_find (tx, link_id, error);
}

static gboolean
check (CobroStoreTx *tx, const CobroRecord *record, const CobroLinkRecord *link, const CobroInvoiceRecord *invoice,
       GError **error)
{
  if (!cobro_record_validate (record, error) || !check_date (tx, record, error))
    return FALSE;
  if (cobro_money_currency (record->amount) != link->link->currency)
    return cobro_error_set_at (error, COBRO_ERROR_CURRENCY, "amount", "must be in %s",
                               cobro_currency_code (link->link->currency));
  if (link->state == COBRO_RECORD_SAMPLE)
    return cobro_error_set (error, COBRO_ERROR_STATE, "it was made for practice");
  return check_credit (tx, record, link, invoice, error);
}

/* ── The payment ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) as the relay will tell it. */
static CobroPayment *
payment_of (CobroStoreTx *tx, const CobroRecord *record, const CobroLink *link)
{
  CobroPayment *payment = cobro_payment_new ();

  payment->id = record->id;
  payment->link_id = record->link_id;
  payment->amount = payment->received = record->amount;
  payment->refunded = payment->lost = cobro_money_zero (link->currency);
  payment->state = COBRO_PAYMENT_SUCCEEDED;
  cobro_link_set_text (&payment->gateway, COBRO_RECORD_GATEWAY);
  cobro_link_set_text (&payment->method, cobro_record_how_name (record->how));
  cobro_link_set_text (&payment->method_detail, record->note);
  g_hash_table_insert (payment->metadata, g_strdup ("date"), g_strdup (record->date));
  payment->livemode = link->livemode;
  payment->created_at = payment->updated_at = tx->now;
  return payment;
}

static gboolean
store_payment (CobroStoreTx *tx, const CobroRecord *record, const CobroLink *link, CobroTime due, GError **error)
{
  g_autoptr (CobroPayment) payment = payment_of (tx, record, link);
  g_autofree char *document = tx->codec->write_payment (payment);
  g_autofree char *body = tx->codec->write_record (record);

  return cobro_payment_store_keep (tx, payment, document, TRUE, error) &&
         cobro_store_run_for (tx, "INSERT INTO record (id, document) VALUES (:id, :text)", record->id.text, body,
                              error) &&
         cobro_outbox_put (tx, KIND, record->id.text, body, "{}", due, error) &&
         cobro_link_row_sum_up (tx, &record->link_id, error);
}

CobroInvoiceChange *
cobro_invoice_store_record (CobroStoreTx *tx, const CobroRecord *wish, GError **error)
{
  return cobro_invoice_store_record_later (tx, wish, 0, error);
}

CobroInvoiceChange *
cobro_invoice_store_record_later (CobroStoreTx *tx, const CobroRecord *wish, CobroTime due, GError **error)
{
  g_autoptr (CobroInvoiceRecord) invoice = NULL;
  g_autoptr (CobroLinkRecord) link = find_link (tx, &wish->link_id, &invoice, error);
  g_autoptr (CobroRecord) record = link != NULL ? cobro_record_copy (wish) : NULL;

  if (record == NULL)
    return NULL;
  if (!cobro_id_is_set (&record->id))
    record->id = cobro_id_new (COBRO_ID_PAYMENT, tx->clock, tx->random);
  if (!check (tx, record, link, invoice, error) || !store_payment (tx, record, link->link, due, error))
    return NULL;
  if (invoice == NULL)
    return g_new0 (CobroInvoiceChange, 1);
  if (!cobro_invoice_row_set_problem (tx, &invoice->invoice->id, "", error))
    return NULL;
  return cobro_invoice_change_of (tx, &invoice->invoice->id, invoice->invoice, error);
}

/* ── Taking back ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
was_told (CobroStoreTx *tx, const CobroId *id, gboolean *out_told, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE object_id = :id AND kind = '" KIND "' AND seq IS NULL) AS told",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_told = cobro_db_column_bool (statement, "told");
  return TRUE;
}

gboolean
cobro_invoice_store_unrecord (CobroStoreTx *tx, const CobroId *id, const CobroId *link_id, GError **error)
{
  gboolean told = FALSE;

  if (!was_told (tx, id, &told, error))
    return FALSE;
  if (told)
    return cobro_error_set (error, COBRO_ERROR_STATE,
                            "the relay knows of the payment already; refund it on the payment's own page");
  return cobro_outbox_take_back (tx, KIND, id->text, &told, error) &&
         cobro_store_run_for (tx, "DELETE FROM record WHERE id = :id", id->text, NULL, error) &&
         cobro_payment_store_forget (tx, id, error) && cobro_link_row_sum_up (tx, link_id, error);
}

static gpointer
do_record (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_record (tx, ((CobroInvoiceJob *)data)->record, error);
}

void
cobro_invoice_store_record_async (CobroStore *store, const CobroRecord *record, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  CobroInvoiceJob *job = cobro_invoice_job_new (NULL, NULL, NULL);

  job->record = cobro_record_copy (record);
  cobro_invoice_job_run (store, do_record, job, cancellable, callback, user_data);
}
