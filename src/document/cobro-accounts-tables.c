/* src/document/cobro-accounts-tables.c — a period as tables for the accountant.
 * Layer: document. Any thread. */
#include "cobro-accounts-tables.h"

#include "cobro-csv.h"

/* A credit note takes away. */
static CobroMoney
with_sign (const CobroInvoice *invoice, CobroMoney money)
{
  CobroMoney negative;

  if (invoice->kind != COBRO_INVOICE_CREDIT_NOTE || !cobro_money_is_set (money) ||
      !cobro_money_negate (money, &negative, NULL))
    return money;
  return negative;
}

static void
put_document (CobroCsvWriter *writer, const CobroInvoice *invoice)
{
  cobro_csv_put_text (writer, invoice->number);
  cobro_csv_put_plain (writer, cobro_invoice_kind_name (invoice->kind));
  cobro_csv_put_plain (writer, invoice->issue_date);
  cobro_csv_put_text (writer, invoice->buyer.name);
  cobro_csv_put_plain (writer, cobro_currency_code (invoice->currency));
}

static void
put_sum (CobroCsvWriter *writer, const CobroInvoice *invoice, CobroMoney money)
{
  cobro_csv_put_money (writer, with_sign (invoice, money));
}

/* A draft may not have been computed yet. */
static void
put_totals (CobroCsvWriter *writer, const CobroInvoice *invoice)
{
  static const CobroInvoiceTotals unknown;
  const CobroInvoiceTotals *totals = invoice->totals != NULL ? invoice->totals : &unknown;

  put_sum (writer, invoice, totals->subtotal);
  put_sum (writer, invoice, totals->tax);
  put_sum (writer, invoice, totals->rounding);
  put_sum (writer, invoice, totals->total);
}

static GBytes *
write_documents (const GPtrArray *invoices, const GArray *views)
{
  static const char *const names[] = { "number",   "kind",       "issue date", "customer",  "currency",
                                       "due date", "tax number", "country",    "reference", "corrects",
                                       "net",      "tax",        "rounding",   "total",     "paid",
                                       "due",      "status",     "id",         NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < invoices->len; i++)
    {
      const CobroInvoice *invoice = invoices->pdata[i];
      const CobroInvoiceView *view = &g_array_index (views, CobroInvoiceView, i);

      put_document (writer, invoice);
      cobro_csv_put_plain (writer, invoice->due_date);
      cobro_csv_put_text (writer, invoice->buyer.tax_id);
      cobro_csv_put_plain (writer, invoice->buyer.address.country);
      cobro_csv_put_text (writer, invoice->reference);
      cobro_csv_put_text (writer, invoice->corrects_number);
      put_totals (writer, invoice);
      cobro_csv_put_money (writer, view->paid);
      cobro_csv_put_money (writer, view->due);
      cobro_csv_put_plain (writer, cobro_invoice_status_name (view->status));
      cobro_csv_put_plain (writer, invoice->id.text);
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}

GBytes *
cobro_accounts_invoices (const CobroAccountsPeriod *period)
{
  return write_documents (period->invoices, period->views);
}

GBytes *
cobro_accounts_drafts (const CobroAccountsPeriod *period)
{
  return write_documents (period->drafts, period->draft_views);
}

static void
put_tax (CobroCsvWriter *writer, const char *name, CobroTaxCategory category, CobroDecimal rate)
{
  cobro_csv_put_text (writer, name);
  cobro_csv_put_plain (writer, cobro_tax_category_name (category));
  cobro_csv_put_decimal (writer, rate);
}

GBytes *
cobro_accounts_lines (const CobroAccountsPeriod *period)
{
  static const char *const names[] = { "number",        "kind",     "issue date",   "customer",   "currency",
                                       "description",   "quantity", "unit",         "unit price", "amount",
                                       "tax inclusive", "tax name", "tax category", "tax rate",   NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < period->invoices->len; i++)
    {
      const CobroInvoice *invoice = period->invoices->pdata[i];

      for (guint n = 0; n < invoice->lines->len; n++)
        {
          const CobroInvoiceLine *line = invoice->lines->pdata[n];
          g_autofree char *price = cobro_unit_price_to_decimal (line->unit_price, invoice->currency);

          put_document (writer, invoice);
          cobro_csv_put_text (writer, line->description);
          cobro_csv_put_decimal (writer, line->quantity);
          cobro_csv_put_text (writer, line->unit);
          cobro_csv_put_number (writer, price);
          put_sum (writer, invoice, invoice->totals->lines[n]);
          cobro_csv_put_plain (writer, invoice->tax_inclusive ? "yes" : "no");
          put_tax (writer, line->tax_name, line->tax_category, line->tax_rate);
          cobro_csv_end_row (writer);
        }
    }
  return cobro_csv_writer_take (writer);
}

GBytes *
cobro_accounts_taxes (const CobroAccountsPeriod *period)
{
  static const char *const names[] = { "number",       "kind",     "issue date", "customer", "currency", "tax name",
                                       "tax category", "tax rate", "net",        "tax",      NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < period->invoices->len; i++)
    {
      const CobroInvoice *invoice = period->invoices->pdata[i];

      for (guint n = 0; n < invoice->totals->taxes->len; n++)
        {
          const CobroInvoiceTax *tax = invoice->totals->taxes->pdata[n];

          put_document (writer, invoice);
          put_tax (writer, tax->name, tax->category, tax->rate);
          put_sum (writer, invoice, tax->base);
          put_sum (writer, invoice, tax->amount);
          cobro_csv_end_row (writer);
        }
    }
  return cobro_csv_writer_take (writer);
}

/* (transfer container) link id → the number of the invoice that it pays. */
static GHashTable *
map_numbers (const CobroAccountsPeriod *period)
{
  GHashTable *numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < period->invoices->len; i++)
    {
      const CobroInvoice *invoice = period->invoices->pdata[i];
      CobroId link = cobro_invoice_link_id (&invoice->id);

      g_hash_table_insert (numbers, g_strdup (link.text), invoice->number);
    }
  return numbers;
}

static const char *
number_of (GHashTable *numbers, const CobroId *link_id)
{
  const char *number = g_hash_table_lookup (numbers, link_id->text);

  return number != NULL ? number : "";
}

GBytes *
cobro_accounts_payments (const CobroAccountsPeriod *period)
{
  static const char *const names[] = { "id",
                                       "paid at",
                                       "amount",
                                       "currency",
                                       "refunded",
                                       "lost",
                                       "gateway",
                                       "method",
                                       "payer",
                                       "email",
                                       "invoice",
                                       "link",
                                       "provider payment id",
                                       NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();
  g_autoptr (GHashTable) numbers = map_numbers (period);

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < period->payments->len; i++)
    {
      const CobroPayment *payment = period->payments->pdata[i];
      CobroTime paid_at = i < period->paid_at->len ? g_array_index (period->paid_at, CobroTime, i) : 0;
      CobroMoney amount = cobro_money_is_set (payment->received) ? payment->received : payment->amount;

      cobro_csv_put_plain (writer, payment->id.text);
      cobro_csv_put_time (writer, paid_at);
      cobro_csv_put_money (writer, amount);
      cobro_csv_put_plain (writer, cobro_money_code (amount));
      cobro_csv_put_money (writer, payment->refunded);
      cobro_csv_put_money (writer, payment->lost);
      cobro_csv_put_plain (writer, payment->gateway);
      cobro_csv_put_text (writer, payment->method);
      cobro_csv_put_text (writer, payment->payer_name);
      cobro_csv_put_text (writer, payment->payer_email);
      cobro_csv_put_text (writer, number_of (numbers, &payment->link_id));
      cobro_csv_put_plain (writer, payment->link_id.text);
      cobro_csv_put_text (writer, payment->provider_payment_id);
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}

GBytes *
cobro_accounts_refunds (const CobroAccountsPeriod *period)
{
  static const char *const names[] = { "id", "refunded at", "amount", "currency", "payment", "reason", NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < period->refunds->len; i++)
    {
      const CobroRefund *refund = period->refunds->pdata[i];

      cobro_csv_put_plain (writer, refund->id.text);
      cobro_csv_put_time (writer, refund->updated_at);
      cobro_csv_put_money (writer, refund->amount);
      cobro_csv_put_plain (writer, cobro_money_code (refund->amount));
      cobro_csv_put_plain (writer, refund->payment_id.text);
      cobro_csv_put_text (writer, refund->reason);
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}

GBytes *
cobro_accounts_recurring (const CobroAccountsPeriod *period)
{
  static const char *const names[] = { "name",   "every",    "interval", "start", "end", "count", "send",
                                       "paused", "customer", "currency", "total", "id",  NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < period->recurring->len; i++)
    {
      const CobroRecurring *recurring = period->recurring->pdata[i];
      const CobroInvoice *invoice = recurring->invoice;
      g_autofree char *interval = g_strdup_printf ("%d", recurring->interval);
      g_autofree char *count = recurring->count > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, recurring->count) : NULL;

      cobro_csv_put_text (writer, recurring->name);
      cobro_csv_put_plain (writer, cobro_every_name (recurring->every));
      cobro_csv_put_plain (writer, interval);
      cobro_csv_put_plain (writer, recurring->start);
      cobro_csv_put_plain (writer, recurring->end);
      cobro_csv_put_plain (writer, count != NULL ? count : "");
      cobro_csv_put_plain (writer, recurring->send ? "yes" : "no");
      cobro_csv_put_plain (writer, recurring->paused ? "yes" : "no");
      cobro_csv_put_text (writer, invoice->buyer.name);
      cobro_csv_put_plain (writer, cobro_currency_code (invoice->currency));
      cobro_csv_put_money (writer, invoice->totals != NULL ? invoice->totals->total : (CobroMoney){ 0 });
      cobro_csv_put_plain (writer, recurring->id.text);
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}
