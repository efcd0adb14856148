/* relay/api/relay-api-bill.c — what is to be paid, as INV-3 has it: of a link, or of the invoice behind it.
 * Layer: relay/api (private). Any thread. */
#include "relay-api-bill.h"

#include "cobro-wire.h"

CobroId
relay_api_bill_id (const CobroLink *link)
{
  return cobro_id_is_set (&link->invoice_id) ? link->invoice_id : link->id;
}

/* ── A link ── */

static void
write_line (CobroWireWriter *writer, const CobroLinkLine *line)
{
  CobroMoney total = COBRO_MONEY_NONE;
  g_autofree char *rate = cobro_decimal_to_text (line->tax_rate);

  if (!cobro_link_line_total (line, &total, NULL))
    total = COBRO_MONEY_NONE; /* cannot be: a stored link was validated; null is still the truth */
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "description", line->name);
  cobro_wire_put_int64 (writer, "quantity", line->quantity);
  cobro_wire_put_money_decimal (writer, "unit_price", line->unit_amount);
  cobro_wire_put_raw (writer, "tax_rate", rate);
  cobro_wire_put_money_decimal (writer, "amount", total);
  cobro_wire_end_object (writer);
}

static void
write_items (CobroWireWriter *writer, const RelayPage *page)
{
  const CobroLink *link = page->link;

  for (guint i = 0; i < link->lines->len; i++)
    write_line (writer, g_ptr_array_index (link->lines, i));
  if (link->pricing == COBRO_PRICING_FIXED)
    {
      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "description", link->title);
      cobro_wire_put_int64 (writer, "quantity", 1);
      cobro_wire_put_money_decimal (writer, "unit_price", page->total);
      cobro_wire_put_int64 (writer, "tax_rate", 0);
      cobro_wire_put_money_decimal (writer, "amount", page->total);
      cobro_wire_end_object (writer);
    }
}

/* The one rate of all lines, or null where there are several. */
static void
write_tax_rate (CobroWireWriter *writer, const CobroLink *link)
{
  CobroDecimal rate = link->lines->len > 0 ? ((CobroLinkLine *)g_ptr_array_index (link->lines, 0))->tax_rate : 0;
  g_autofree char *text = cobro_decimal_to_text (rate);

  for (guint i = 1; i < link->lines->len; i++)
    if (((CobroLinkLine *)g_ptr_array_index (link->lines, i))->tax_rate != rate)
      {
        cobro_wire_put_null (writer, "tax_rate");
        return;
      }
  cobro_wire_put_raw (writer, "tax_rate", text);
}

static gboolean
write_sums (CobroWireWriter *writer, const RelayPage *page, GError **error)
{
  CobroMoney tax = COBRO_MONEY_NONE, subtotal = COBRO_MONEY_NONE;

  if (cobro_money_is_set (page->total) &&
      (!cobro_link_tax (page->link, &tax, error) || !cobro_money_subtract (page->total, tax, &subtotal, error)))
    return FALSE;
  cobro_wire_put_money_decimal (writer, "subtotal", subtotal);
  write_tax_rate (writer, page->link);
  cobro_wire_put_money_decimal (writer, "tax_amount", tax);
  cobro_wire_put_money_decimal (writer, "total", page->total);
  return TRUE;
}

/* ── An invoice ── */

static void
write_item (CobroWireWriter *writer, const char *description, CobroDecimal quantity, const char *price,
            CobroDecimal tax_rate, CobroMoney amount)
{
  g_autofree char *count = cobro_decimal_to_text (quantity), *rate = cobro_decimal_to_text (tax_rate);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "description", description);
  cobro_wire_put_raw (writer, "quantity", count);
  cobro_wire_put_raw (writer, "unit_price", price);
  cobro_wire_put_raw (writer, "tax_rate", rate);
  cobro_wire_put_money_decimal (writer, "amount", amount);
  cobro_wire_end_object (writer);
}

/* What the whole document gets or costs besides its lines, so that the items add up. */
static void
write_extra (CobroWireWriter *writer, const char *description, CobroMoney amount, CobroDecimal tax_rate)
{
  g_autofree char *price = NULL;

  if (!cobro_money_is_set (amount) || cobro_money_is_zero (amount))
    return;
  price = cobro_money_to_decimal (amount);
  write_item (writer, description, COBRO_DECIMAL_ONE, price, tax_rate, amount);
}

static void
write_invoice_items (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  const CobroInvoiceTotals *totals = invoice->totals;
  CobroMoney discount = COBRO_MONEY_NONE;

  for (guint i = 0; i < invoice->lines->len; i++)
    {
      const CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);
      g_autofree char *price = cobro_unit_price_to_decimal (line->unit_price, invoice->currency);

      write_item (writer, line->description, line->quantity, price, line->tax_rate, totals->lines[i]);
    }
  write_extra (writer, "Shipping", totals->shipping, invoice->shipping_tax_rate);
  if (cobro_money_is_set (totals->discount) && cobro_money_negate (totals->discount, &discount, NULL))
    write_extra (writer, "Discount", discount, 0);
}

/* The one rate of the document, or null where it has several. */
static void
write_invoice_sums (CobroWireWriter *writer, const CobroInvoice *invoice)
{
  const CobroInvoiceTotals *totals = invoice->totals;
  const CobroInvoiceTax *only = totals->taxes->len > 0 ? g_ptr_array_index (totals->taxes, 0) : NULL;
  g_autofree char *rate = cobro_decimal_to_text (only != NULL ? only->rate : 0);
  gboolean several = FALSE;

  for (guint i = 1; i < totals->taxes->len; i++)
    several = several || ((const CobroInvoiceTax *)g_ptr_array_index (totals->taxes, i))->rate != only->rate;
  cobro_wire_put_money_decimal (writer, "subtotal", totals->subtotal);
  if (several)
    cobro_wire_put_null (writer, "tax_rate");
  else
    cobro_wire_put_raw (writer, "tax_rate", rate);
  cobro_wire_put_money_decimal (writer, "tax_amount", totals->tax);
  cobro_wire_put_money_decimal (writer, "total", totals->total);
}

/* ── The whole ── */

static void
write_state (CobroWireWriter *writer, const RelayPage *page)
{
  const CobroInvoice *invoice = page->invoice;

  cobro_wire_put_text (
    writer, "payment_status",
    cobro_paid_status_name (invoice != NULL ? page->invoice_view.paid_status : page->view.paid_status));
  cobro_wire_put_text (writer, "status",
                       invoice != NULL ? cobro_invoice_status_name (page->invoice_view.status)
                                       : cobro_link_status_name (page->view.status));
  cobro_wire_put_text (writer, "customer_name", invoice != NULL ? invoice->buyer.name : page->link->customer_name);
}

char *
relay_api_bill_to_json (const RelayPage *page, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  const CobroInvoice *invoice = page->invoice;
  gboolean can_pay = page->can_pay || page->state == RELAY_PAGE_CONTINUE;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "invoice_id", relay_api_bill_id (page->link).text);
  cobro_wire_put_text (writer, "currency", cobro_currency_code (page->link->currency));
  if (invoice != NULL)
    write_invoice_sums (writer, invoice);
  else if (!write_sums (writer, page, error))
    return NULL;
  write_state (writer, page);
  cobro_wire_begin_array (writer, "items");
  if (invoice != NULL)
    write_invoice_items (writer, invoice);
  else
    write_items (writer, page);
  cobro_wire_end_array (writer);
  cobro_wire_put_bool (writer, "canPay", can_pay);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}
