/* src/wire/cobro-wire-invoice-write.c — how an invoice is written: the stored document, and the /v1 shape around it.
 * Layer: wire. Any thread. */
#include "cobro-wire-invoice.h"
#include "cobro-wire-set.h"
#include "cobro-wire-terms.h"

static void
write_discount (CobroWireWriter *writer, const CobroDiscount *discount)
{
  if (discount->kind == COBRO_DISCOUNT_NONE)
    {
      cobro_wire_put_null (writer, "discount");
      return;
    }
  cobro_wire_begin_object (writer, "discount");
  if (discount->kind == COBRO_DISCOUNT_PERCENT)
    cobro_wire_put_decimal (writer, "percent", discount->percent);
  else
    cobro_wire_put_money (writer, "amount", discount->amount);
  cobro_wire_end_object (writer);
}

static void
write_tax (CobroWireWriter *writer, const char *name, CobroTaxCategory category, CobroDecimal rate)
{
  cobro_wire_put_text (writer, "taxName", name);
  cobro_wire_put_text (writer, "taxCategory", cobro_tax_category_name (category));
  cobro_wire_put_decimal (writer, "taxRate", rate);
}

static void
write_lines (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  cobro_wire_begin_array (writer, "lines");
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      const CobroInvoiceLine *line = invoice->lines->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "description", line->description);
      if (cobro_id_is_set (&line->product_id))
        cobro_wire_put_text (writer, "productId", line->product_id.text);
      cobro_wire_put_text (writer, "unit", line->unit);
      cobro_wire_put_decimal (writer, "quantity", line->quantity);
      cobro_wire_put_unit_price (writer, "unitAmount", line->unit_price);
      write_discount (writer, &line->discount);
      write_tax (writer, line->tax_name, line->tax_category, line->tax_rate);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

static void
write_shipping (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  if (!cobro_money_is_set (invoice->shipping))
    {
      cobro_wire_put_null (writer, "shipping");
      return;
    }
  cobro_wire_begin_object (writer, "shipping");
  cobro_wire_put_money (writer, "amount", invoice->shipping);
  write_tax (writer, invoice->shipping_tax_name, invoice->shipping_tax_category, invoice->shipping_tax_rate);
  cobro_wire_end_object (writer);
}

static void
write_sums (CobroWireWriter *writer, const CobroInvoiceTotals *totals)
{
  cobro_wire_begin_array (writer, "lines");
  for (gsize i = 0; i < totals->n_lines; i++)
    cobro_wire_put_money (writer, NULL, totals->lines[i]);
  cobro_wire_end_array (writer);
  cobro_wire_put_money (writer, "linesTotal", totals->lines_total);
  cobro_wire_put_money (writer, "discount", totals->discount);
  cobro_wire_put_money (writer, "shipping", totals->shipping);
  cobro_wire_put_money (writer, "subtotal", totals->subtotal);
  cobro_wire_begin_array (writer, "taxes");
  for (guint i = 0; i < totals->taxes->len; i++)
    {
      const CobroInvoiceTax *tax = totals->taxes->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "name", tax->name);
      cobro_wire_put_text (writer, "category", cobro_tax_category_name (tax->category));
      cobro_wire_put_decimal (writer, "rate", tax->rate);
      cobro_wire_put_money (writer, "base", tax->base);
      cobro_wire_put_money (writer, "amount", tax->amount);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
  cobro_wire_put_money (writer, "tax", totals->tax);
  cobro_wire_put_money (writer, "rounding", totals->rounding);
  cobro_wire_put_money (writer, "total", totals->total);
}

/* @view, @tally: (nullable): what happened since. */
static void
write_totals (CobroWireWriter *writer, const CobroInvoice *invoice, const CobroInvoiceView *view,
              const CobroInvoiceTally *tally)
{
  if (invoice->totals == NULL)
    {
      cobro_wire_put_null (writer, "totals");
      return;
    }
  cobro_wire_begin_object (writer, "totals");
  write_sums (writer, invoice->totals);
  if (view != NULL)
    {
      cobro_wire_put_money (writer, "paid", view->paid);
      cobro_wire_put_money (writer, "due", view->due);
      cobro_wire_put_money (writer, "credit", view->credit);
    }
  if (tally != NULL)
    cobro_wire_put_money (
      writer, "credited",
      cobro_money_is_set (tally->credited) ? tally->credited : cobro_money_zero (invoice->currency));
  cobro_wire_end_object (writer);
}

static void
write_document_money (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  cobro_wire_put_text (writer, "currency", cobro_currency_code (invoice->currency));
  cobro_wire_put_bool (writer, "taxInclusive", invoice->tax_inclusive);
  cobro_wire_put_bool (writer, "taxPerLine", invoice->tax_per_line);
  cobro_wire_put_rounding (writer, "rounding", invoice->rounding);
  write_lines (writer, invoice);
  write_discount (writer, &invoice->discount);
  write_shipping (writer, invoice);
  cobro_wire_put_int64 (writer, "cashRounding", invoice->cash_rounding);
}

static void
write_customer (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  cobro_wire_begin_object (writer, "customer");
  if (cobro_id_is_set (&invoice->customer_id))
    cobro_wire_put_text (writer, "id", invoice->customer_id.text);
  cobro_wire_party_write_members (writer, &invoice->buyer);
  cobro_wire_end_object (writer);
}

static void
write_people (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  write_customer (writer, invoice);
  cobro_wire_address_write (writer, "delivery", &invoice->delivery);
  cobro_wire_party_write (writer, "seller", &invoice->seller);
  cobro_wire_begin_object (writer, "bank");
  cobro_wire_put_text (writer, "iban", invoice->iban);
  cobro_wire_put_text (writer, "bic", invoice->bic);
  cobro_wire_put_text (writer, "note", invoice->bank_note);
  cobro_wire_end_object (writer);
}

static void
write_identity (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  cobro_wire_put_text (writer, "kind", cobro_invoice_kind_name (invoice->kind));
  cobro_wire_put_text (writer, "decision", cobro_invoice_decision_name (invoice->decision));
  cobro_wire_put_text_or_null (writer, "number", invoice->number);
  cobro_wire_put_text_or_null (writer, "series", invoice->series);
  cobro_wire_put_int64 (writer, "sequence", invoice->sequence);
  cobro_wire_put_date (writer, "issueDate", invoice->issue_date);
  cobro_wire_put_date (writer, "dueDate", invoice->due_date);
  cobro_wire_put_int64 (writer, "terms", invoice->terms);
  cobro_wire_put_date (writer, "deliveryDate", invoice->delivery_date);
  if (invoice->kind != COBRO_INVOICE_CREDIT_NOTE)
    return;
  cobro_wire_begin_object (writer, "corrects");
  cobro_wire_put_text_or_null (writer, "id", invoice->corrects_id.text);
  cobro_wire_put_text (writer, "number", invoice->corrects_number);
  cobro_wire_put_date (writer, "date", invoice->corrects_date);
  cobro_wire_end_object (writer);
}

static void
write_private (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  cobro_wire_put_text (writer, "privateNotes", invoice->private_notes);
  cobro_wire_put_reminders (writer, "reminders", &invoice->reminders);
  cobro_wire_put_map (writer, "metadata", invoice->metadata);
  if (cobro_id_is_set (&invoice->recurring_id))
    {
      cobro_wire_put_text (writer, "recurringId", invoice->recurring_id.text);
      cobro_wire_put_text (writer, "period", invoice->period);
    }
}

static void
write_rest (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  cobro_wire_put_text (writer, "reference", invoice->reference);
  cobro_wire_put_text (writer, "notes", invoice->notes);
  cobro_wire_put_text (writer, "footer", invoice->footer);
  cobro_wire_put_text (writer, "locale", invoice->locale);
  cobro_wire_terms_write (writer, invoice->methods, invoice->gateways, invoice->partial, invoice->minimum_first,
                          invoice->parts);
  cobro_wire_put_time (writer, "expiresAt", invoice->expires_at);
  cobro_wire_put_text (writer, "voidReason", invoice->void_reason);
  cobro_wire_put_bool (writer, "livemode", invoice->livemode);
  cobro_wire_put_time (writer, "createdAt", invoice->created_at);
  cobro_wire_put_time (writer, "updatedAt", invoice->updated_at);
  cobro_wire_put_time (writer, "issuedAt", invoice->issued_at);
}

char *
cobro_wire_invoice_to_document (const CobroInvoice *invoice, gboolean with_token)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", invoice->id.text);
  if (with_token && cobro_token_is_set (&invoice->token))
    cobro_wire_put_text (writer, "token", invoice->token.text);
  write_identity (writer, invoice);
  write_document_money (writer, invoice);
  write_totals (writer, invoice, NULL, NULL);
  write_people (writer, invoice);
  write_private (writer, invoice);
  write_rest (writer, invoice);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static void
write_view (CobroWireWriter *writer, const CobroInvoiceView *view, const CobroInvoiceTally *tally)
{
  cobro_wire_put_text (writer, "status", cobro_invoice_status_name (view->status));
  cobro_wire_put_text (writer, "paymentStatus", cobro_paid_status_name (view->paid_status));
  cobro_wire_put_flags (writer, "flags", view->flags);
  cobro_wire_put_time (writer, "sentAt", tally->sent_at);
  cobro_wire_put_time (writer, "viewedAt", tally->viewed_at);
}

void
cobro_wire_invoice_write (CobroWireWriter *writer, const char *key, const CobroInvoice *invoice,
                          const CobroWireInvoiceContext *context)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", invoice->id.text);
  cobro_wire_put_int64 (writer, "rev", invoice->rev);
  if (context->url != NULL)
    cobro_wire_put_text (writer, "url", context->url);
  if (context->with_token && cobro_token_is_set (&invoice->token))
    cobro_wire_put_text (writer, "token", invoice->token.text);
  write_identity (writer, invoice);
  write_view (writer, context->view, context->tally);
  write_document_money (writer, invoice);
  write_totals (writer, invoice, context->view, context->tally);
  write_people (writer, invoice);
  if (!context->for_buyer)
    write_private (writer, invoice);
  write_rest (writer, invoice);
  cobro_wire_end_object (writer);
}
