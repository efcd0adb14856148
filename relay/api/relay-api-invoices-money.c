/* relay/api/relay-api-invoices-money.c — money for an invoice that came another way, on the merchant's word; and credit
 * notes over a part of it. Both happen once for one Idempotency-Key. Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-wire-payment.h"
#include "relay-api-handlers.h"
#include "relay-api-order.h"
#include "relay-invoices.h"
#include "relay-payment-store.h"

#define REASON_MAX 500 /* characters */

/* ── Money that came another way ────────────────────────────────────────────────────────────────── */

static gboolean
parse_how (CobroWireObject *json, CobroRecord *record, GError **error)
{
  g_autofree char *how = NULL;

  if (!cobro_wire_get_text_needed (json, "how", &how, error))
    return FALSE;
  return cobro_record_how_from_name (how, &record->how) ||
         cobro_wire_refuse (json, "how", error, "must be cash, bank, cheque, credit or other");
}

/* Without a date it came today. */
static gboolean
parse_date (RelayApiOrder *order, CobroWireObject *json, CobroRecord *record, GError **error)
{
  g_autofree char *date = NULL;

  if (!cobro_wire_get_text (json, "date", NULL, &date, error))
    return FALSE;
  if (date == NULL)
    cobro_day_to_text (cobro_day_of_time (cobro_clock_now (order->ctx->clock), order->invoice.merchant->time_zone),
                       record->date);
  else if (g_strlcpy (record->date, date, sizeof record->date) >= sizeof record->date)
    return cobro_wire_refuse (json, "date", error, "must be a date such as 2026-12-01");
  return TRUE;
}

/* The payment's id comes from the key: whoever dies in between finds it there when the request comes again. */
static CobroRecord *
parse_record (RelayApiOrder *order, GError **error)
{
  const CobroInvoice *invoice = order->invoice.record->invoice;
  CobroWireObject *json = relay_request_get_json (order->request, error);
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autofree char *note = NULL;

  record->id = relay_api_once_id (&order->once, COBRO_ID_PAYMENT);
  record->link_id = cobro_invoice_link_id (&invoice->id);
  if (json == NULL || !cobro_wire_get_money (json, "amount", invoice->currency, &record->amount, error) ||
      !parse_how (json, record, error) || !parse_date (order, json, record, error) ||
      !cobro_wire_get_text (json, "note", "", &note, error) || !cobro_wire_done (json, error))
    return NULL;
  if (!cobro_money_is_set (record->amount))
    return cobro_wire_refuse (json, "amount", error, "is required"), NULL;
  g_free (record->note);
  record->note = g_steal_pointer (&note);
  return cobro_record_validate (record, error) ? g_steal_pointer (&record) : NULL;
}

static char *
payment_to_json (RelayApiOrder *order, const CobroId *id, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (order->ctx->store, error);
  g_autoptr (RelayPaymentRecord) payment =
    reader != NULL ? relay_payment_find (reader->db, &order->scope, id, error) : NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (payment == NULL)
    return NULL;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  cobro_wire_payment_write (writer, "data", payment->payment);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static char *
record_payment (RelayApiOrder *order, GError **error)
{
  g_autoptr (CobroRecord) record = NULL;

  if (order->invoice.record->link == NULL || order->invoice.record->invoice->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set (error, COBRO_ERROR_STATE, "only an issued invoice is paid"), NULL;
  if (!(record = parse_record (order, error)) ||
      !relay_invoices_record (order->ctx->store, &order->scope, record, error))
    return NULL;
  return payment_to_json (order, &record->id, error);
}

RelayReply *
relay_api_invoices_record (gpointer context, RelayRequest *request)
{
  return relay_api_order_run (context, request, 201, TRUE, record_payment);
}

/* ── Credit notes ───────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_credit (RelayApiOrder *order, CobroMoney *out_amount, char **out_reason, GError **error)
{
  CobroCurrency currency = order->invoice.record->invoice->currency;
  CobroWireObject *json = relay_request_get_json (order->request, error);

  if (json == NULL || !cobro_wire_get_money (json, "amount", currency, out_amount, error) ||
      !cobro_wire_get_text_needed (json, "reason", out_reason, error) || !cobro_wire_done (json, error))
    return FALSE;
  return g_utf8_strlen (*out_reason, -1) <= REASON_MAX ||
         cobro_wire_refuse (json, "reason", error, "must have at most %d characters", REASON_MAX);
}

static char *
credited_to_json (RelayApiOrder *order, const RelayInvoiceRecord *note, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_auto (RelayApiInvoice) now = { 0 };

  if (!relay_api_find_invoice (order->ctx, order->request, &now, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  cobro_wire_begin_object (writer, "data");
  relay_api_put_invoice (order->ctx, order->request, writer, "invoice", now.record, now.merchant->time_zone);
  relay_api_put_invoice (order->ctx, order->request, writer, "creditNote", note, now.merchant->time_zone);
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* The note's id comes from the key, as a recorded payment's. */
static char *
credit (RelayApiOrder *order, GError **error)
{
  const CobroId *id = &order->invoice.record->invoice->id;
  CobroId note_id = relay_api_once_id (&order->once, COBRO_ID_INVOICE);
  g_autofree char *reason = NULL;
  g_autoptr (RelayInvoiceRecord) note = NULL;
  CobroMoney amount = COBRO_MONEY_NONE;

  if (!parse_credit (order, &amount, &reason, error) ||
      !(note = relay_invoices_credit_note (order->ctx->store, &order->scope, id, &note_id, amount, reason, error)))
    return NULL;
  return credited_to_json (order, note, error);
}

RelayReply *
relay_api_invoices_credit (gpointer context, RelayRequest *request)
{
  return relay_api_order_run (context, request, 201, TRUE, credit);
}
