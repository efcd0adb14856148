/* src/wire/cobro-wire-invoice.c — how an invoice is read: one reader for its three forms.
 * Layer: wire. Any thread. */
#include "cobro-wire-invoice.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-set.h"
#include "cobro-wire-terms.h"

/* What the author decides. */
static const char *const decided[] = {
  "id",           "kind",       "decision", "currency",     "customer", "delivery",     "reference", "lines",
  "taxInclusive", "taxPerLine", "rounding", "discount",     "shipping", "cashRounding", "dueDate",   "terms",
  "deliveryDate", "notes",      "footer",   "privateNotes", "locale",   "methods",      "gateways",  "partial",
  "expiresAt",    "reminders",  "metadata", "totals",       "token",
};
/* What comes with the issue, or with the relay: accepted and ignored in a PUT. */
static const char *const issued[] = {
  "rev",      "number",      "series", "sequence",      "issueDate", "corrects",  "seller",
  "bank",     "recurringId", "period", "voidReason",    "livemode",  "createdAt", "updatedAt",
  "issuedAt", "url",         "status", "paymentStatus", "flags",     "sentAt",    "viewedAt",
};

static gboolean
is_stored (CobroWireInvoiceForm form)
{
  return form == COBRO_WIRE_INVOICE_STORED;
}

/* ── Small things ── */

/* @key: an object {"percent": "10"} or {"amount": 500}; absent and null: none. */
static gboolean
read_discount (CobroWireObject *object, const char *key, CobroCurrency currency, CobroDiscount *out_discount,
               GError **error)
{
  g_autoptr (CobroWireObject) child = NULL;
  gboolean in_percent;

  if (!cobro_wire_get_object (object, key, &child, error))
    return FALSE;
  *out_discount = COBRO_DISCOUNT_OFF;
  if (child == NULL)
    return TRUE;
  in_percent = cobro_wire_has (child, "percent");
  if (in_percent == cobro_wire_has (child, "amount"))
    return cobro_wire_refuse (object, key, error, "must have either percent or amount");
  out_discount->kind = in_percent ? COBRO_DISCOUNT_PERCENT : COBRO_DISCOUNT_AMOUNT;
  return in_percent ? cobro_wire_get_decimal (child, "percent", 0, &out_discount->percent, error)
                    : cobro_wire_get_money (child, "amount", currency, &out_discount->amount, error);
}

/* A rate alone is a standard rate; without one nothing is taxed. */
static gboolean
read_tax (CobroWireObject *object, char **name, CobroTaxCategory *out_category, CobroDecimal *out_rate, GError **error)
{
  g_autofree char *category = NULL;

  if (!cobro_wire_set_text (object, "taxName", name, error) ||
      !cobro_wire_get_decimal (object, "taxRate", 0, out_rate, error) ||
      !cobro_wire_get_text (object, "taxCategory", *out_rate != 0 ? "standard" : "outside", &category, error))
    return FALSE;
  return cobro_tax_category_from_name (category, out_category) ||
         cobro_wire_refuse (object, "taxCategory", error,
                            "must be standard, zero, exempt, reverse_charge, intra_community, export or outside");
}

/* ── Lines ── */

static gboolean
fill_line (CobroWireObject *object, CobroCurrency currency, CobroInvoiceLine *line, GError **error)
{
  return cobro_wire_get_text_needed (object, "description", cobro_wire_slot (&line->description), error) &&
         cobro_wire_get_id (object, "productId", COBRO_ID_PRODUCT, &line->product_id, error) &&
         cobro_wire_set_text (object, "unit", &line->unit, error) &&
         cobro_wire_get_decimal (object, "quantity", COBRO_DECIMAL_ONE, &line->quantity, error) &&
         (cobro_wire_has (object, "unitAmount") || cobro_wire_refuse (object, "unitAmount", error, "is required")) &&
         cobro_wire_get_unit_price (object, "unitAmount", &line->unit_price, error) &&
         read_discount (object, "discount", currency, &line->discount, error) &&
         read_tax (object, &line->tax_name, &line->tax_category, &line->tax_rate, error);
}

static gboolean
read_lines (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;

  if (!cobro_wire_get_objects (object, "lines", COBRO_INVOICE_LINES_MAX, &lines, error))
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    {
      g_autoptr (CobroInvoiceLine) line = cobro_invoice_line_new ("");

      if (!fill_line (lines->pdata[i], invoice->currency, line, error))
        return FALSE;
      g_ptr_array_add (invoice->lines, g_steal_pointer (&line));
    }
  return TRUE;
}

static gboolean
read_shipping (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroWireObject) shipping = NULL;

  if (!cobro_wire_get_object (object, "shipping", &shipping, error))
    return FALSE;
  return shipping == NULL || (cobro_wire_get_money (shipping, "amount", invoice->currency, &invoice->shipping, error) &&
                              read_tax (shipping, &invoice->shipping_tax_name, &invoice->shipping_tax_category,
                                        &invoice->shipping_tax_rate, error));
}

static gboolean
read_money (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  if (!cobro_wire_get_currency_needed (object, "currency", &invoice->currency, error) ||
      !cobro_wire_get_bool (object, "taxInclusive", FALSE, &invoice->tax_inclusive, error) ||
      !cobro_wire_get_bool (object, "taxPerLine", FALSE, &invoice->tax_per_line, error) ||
      !cobro_wire_get_rounding (object, "rounding", &invoice->rounding, error))
    return FALSE;
  return read_lines (object, invoice, error) &&
         read_discount (object, "discount", invoice->currency, &invoice->discount, error) &&
         read_shipping (object, invoice, error) &&
         cobro_wire_get_int64 (object, "cashRounding", 0, &invoice->cash_rounding, error);
}

/* ── People, dates, terms ── */

static gboolean
read_people (CobroWireObject *object, CobroWireInvoiceForm form, CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroWireObject) customer = NULL, bank = NULL;

  if (!cobro_wire_get_object (object, "customer", &customer, error) ||
      (customer != NULL && (!cobro_wire_get_id (customer, "id", COBRO_ID_CUSTOMER, &invoice->customer_id, error) ||
                            !cobro_wire_party_read_members (customer, &invoice->buyer, error))) ||
      !cobro_wire_address_read (object, "delivery", &invoice->delivery, error))
    return FALSE;
  if (!is_stored (form))
    return TRUE;
  if (!cobro_wire_party_read (object, "seller", &invoice->seller, error) ||
      !cobro_wire_get_object (object, "bank", &bank, error))
    return FALSE;
  return bank == NULL || (cobro_wire_set_text (bank, "iban", &invoice->iban, error) &&
                          cobro_wire_set_text (bank, "bic", &invoice->bic, error) &&
                          cobro_wire_set_text (bank, "note", &invoice->bank_note, error));
}

static gboolean
read_terms (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  CobroWireTerms terms = { invoice->currency, &invoice->methods,       &invoice->gateways,
                           &invoice->partial, &invoice->minimum_first, invoice->parts };
  gint64 days;

  if (!cobro_wire_get_int64 (object, "terms", invoice->terms, &days, error))
    return FALSE;
  invoice->terms = (gint)CLAMP (days, -1, 100000); /* the rules say what is right */
  return cobro_wire_terms_read (object, &terms, error) &&
         cobro_wire_get_date (object, "dueDate", invoice->due_date, error) &&
         cobro_wire_get_date (object, "deliveryDate", invoice->delivery_date, error) &&
         cobro_wire_get_time (object, "expiresAt", &invoice->expires_at, error) &&
         cobro_wire_get_reminders (object, "reminders", &invoice->reminders, error);
}

static gboolean
read_texts (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  return cobro_wire_set_text (object, "reference", &invoice->reference, error) &&
         cobro_wire_set_text (object, "notes", &invoice->notes, error) &&
         cobro_wire_set_text (object, "footer", &invoice->footer, error) &&
         cobro_wire_set_text (object, "privateNotes", &invoice->private_notes, error) &&
         cobro_wire_get_text (object, "locale", "auto", cobro_wire_slot (&invoice->locale), error) &&
         cobro_wire_set_map (object, "metadata", &invoice->metadata, error);
}

/* ── What comes with the issue ── */

static gboolean
read_tax_total (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  g_autofree char *name = NULL;
  CobroTaxCategory category;
  CobroDecimal rate;
  CobroMoney base = COBRO_MONEY_NONE, amount = COBRO_MONEY_NONE;
  g_autofree char *category_name = NULL;

  if (!cobro_wire_get_text (object, "name", "", &name, error) ||
      !cobro_wire_get_text_needed (object, "category", &category_name, error) ||
      !cobro_wire_get_decimal (object, "rate", 0, &rate, error) ||
      !cobro_wire_get_money (object, "base", invoice->currency, &base, error) ||
      !cobro_wire_get_money (object, "amount", invoice->currency, &amount, error))
    return FALSE;
  if (!cobro_tax_category_from_name (category_name, &category))
    return cobro_wire_refuse (object, "category", error, "unknown category \"%s\"", category_name);
  if (!cobro_money_is_set (base) || !cobro_money_is_set (amount))
    return cobro_wire_refuse (object, "base", error, "is required, and amount, too");
  g_ptr_array_add (invoice->totals->taxes, cobro_invoice_tax_new (name, category, rate, base, amount));
  return TRUE;
}

static gboolean
read_sum (CobroWireObject *totals, const char *key, CobroCurrency currency, CobroMoney *out_sum, GError **error)
{
  CobroMoney sum = COBRO_MONEY_NONE;

  if (!cobro_wire_get_money (totals, key, currency, &sum, error))
    return FALSE;
  if (!cobro_money_is_set (sum))
    return cobro_wire_refuse (totals, key, error, "is required");
  *out_sum = sum;
  return TRUE;
}

/* A stored result is taken as it is. */
static gboolean
take_totals (CobroWireObject *totals, CobroInvoice *invoice, GError **error)
{
  CobroCurrency currency = invoice->currency;
  g_autoptr (GArray) lines = NULL;
  g_autoptr (GPtrArray) taxes = NULL;
  CobroInvoiceTotals *into;

  if (!cobro_wire_get_int64s (totals, "lines", COBRO_INVOICE_LINES_MAX, &lines, error) ||
      !cobro_wire_get_objects (totals, "taxes", COBRO_INVOICE_LINES_MAX + 1, &taxes, error))
    return FALSE;
  into = invoice->totals = cobro_invoice_totals_new (currency, lines->len);
  for (guint i = 0; i < lines->len; i++)
    into->lines[i] = cobro_money (g_array_index (lines, gint64, i), currency);
  for (guint i = 0; i < taxes->len; i++)
    if (!read_tax_total (taxes->pdata[i], invoice, error))
      return FALSE;
  for (gsize i = 0; i < 4; i++) /* of the view: not of the document */
    cobro_wire_has (totals, ((const char *const[]){ "paid", "due", "credit", "credited" })[i]);
  return read_sum (totals, "linesTotal", currency, &into->lines_total, error) &&
         read_sum (totals, "discount", currency, &into->discount, error) &&
         read_sum (totals, "shipping", currency, &into->shipping, error) &&
         read_sum (totals, "subtotal", currency, &into->subtotal, error) &&
         read_sum (totals, "tax", currency, &into->tax, error) &&
         read_sum (totals, "rounding", currency, &into->rounding, error) &&
         read_sum (totals, "total", currency, &into->total, error);
}

/* Computed here; a caller who says what it should come to is told when it does not. */
static gboolean
compute_totals (CobroWireObject *object, CobroWireInvoiceForm form, CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroWireObject) totals = NULL;
  CobroMoney said = COBRO_MONEY_NONE;

  if (form == COBRO_WIRE_INVOICE_UPDATE)
    cobro_wire_has (object, "totals");
  else if (!cobro_wire_get_object (object, "totals", &totals, error) ||
           (totals != NULL && !cobro_wire_get_money (totals, "total", invoice->currency, &said, error)))
    return FALSE;
  if (!cobro_invoice_compute (invoice, error))
    return FALSE;
  if (cobro_money_is_set (said) && !cobro_money_equal (said, invoice->totals->total))
    {
      g_autofree char *comes_to = cobro_money_to_decimal (invoice->totals->total);

      return cobro_wire_refuse (totals, "total", error, "is not what the lines come to: %s", comes_to);
    }
  return TRUE;
}

static gboolean
read_totals (CobroWireObject *object, CobroWireInvoiceForm form, CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroWireObject) totals = NULL;

  if (!is_stored (form))
    return compute_totals (object, form, invoice, error);
  return cobro_wire_get_object (object, "totals", &totals, error) &&
         (totals == NULL || take_totals (totals, invoice, error));
}

static gboolean
read_corrects (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroWireObject) corrects = NULL;

  if (!cobro_wire_get_object (object, "corrects", &corrects, error))
    return FALSE;
  return corrects == NULL || (cobro_wire_get_id (corrects, "id", COBRO_ID_INVOICE, &invoice->corrects_id, error) &&
                              cobro_wire_set_text (corrects, "number", &invoice->corrects_number, error) &&
                              cobro_wire_get_date (corrects, "date", invoice->corrects_date, error));
}

static gboolean
read_issue (CobroWireObject *object, CobroInvoice *invoice, GError **error)
{
  return cobro_wire_get_int64 (object, "rev", 0, &invoice->rev, error) &&
         cobro_wire_set_text (object, "number", &invoice->number, error) &&
         cobro_wire_set_text (object, "series", &invoice->series, error) &&
         cobro_wire_get_int64 (object, "sequence", 0, &invoice->sequence, error) &&
         cobro_wire_get_date (object, "issueDate", invoice->issue_date, error) &&
         read_corrects (object, invoice, error) &&
         cobro_wire_get_id (object, "recurringId", COBRO_ID_RECURRING, &invoice->recurring_id, error) &&
         cobro_wire_get_date (object, "period", invoice->period, error) &&
         cobro_wire_set_text (object, "voidReason", &invoice->void_reason, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &invoice->livemode, error) &&
         cobro_wire_get_time (object, "createdAt", &invoice->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &invoice->updated_at, error) &&
         cobro_wire_get_time (object, "issuedAt", &invoice->issued_at, error);
}

/* ── The whole ── */

static gboolean
check_keys (CobroWireObject *object, CobroWireInvoiceForm form, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (decided); i++)
    g_ptr_array_add (keys, (gpointer)decided[i]);
  for (gsize i = 0; form != COBRO_WIRE_INVOICE_CREATE && i < G_N_ELEMENTS (issued); i++)
    g_ptr_array_add (keys, (gpointer)issued[i]);
  g_ptr_array_add (keys, NULL);
  return cobro_wire_only (object, (const char *const *)keys->pdata, error);
}

static gboolean
read_identity (CobroWireObject *object, CobroWireInvoiceForm form, CobroInvoice *invoice, GError **error)
{
  g_autofree char *kind = NULL, *decision = NULL;

  if (!(is_stored (form) ? cobro_wire_get_id_needed (object, "id", COBRO_ID_INVOICE, &invoice->id, error)
                         : cobro_wire_get_id (object, "id", COBRO_ID_INVOICE, &invoice->id, error)) ||
      !cobro_wire_get_token (object, "token", &invoice->token, error) ||
      !cobro_wire_get_text (object, "kind", "invoice", &kind, error) ||
      !cobro_wire_get_text (object, "decision", "draft", &decision, error))
    return FALSE;
  if (!cobro_invoice_kind_from_name (kind, &invoice->kind))
    return cobro_wire_refuse (object, "kind", error, "must be invoice or credit_note");
  return cobro_invoice_decision_from_name (decision, &invoice->decision) ||
         cobro_wire_refuse (object, "decision", error, "must be draft, issued, void or uncollectible");
}

/* What an issued document needs is given to it when it is issued: until then it is looked at as a draft. */
static gboolean
validate (CobroWireInvoiceForm form, CobroInvoice *invoice, GError **error)
{
  CobroInvoiceDecision decision = invoice->decision;
  gboolean valid;

  if (!is_stored (form))
    invoice->decision = COBRO_INVOICE_DRAFT;
  valid = cobro_invoice_validate (invoice, error);
  invoice->decision = decision;
  return valid;
}

/* What is not ours to read is known all the same; everything else is a typing error. */
static gboolean
check_rest (CobroWireObject *object, CobroWireInvoiceForm form, GError **error)
{
  if (is_stored (form))
    return TRUE;
  for (gsize i = 0; form == COBRO_WIRE_INVOICE_UPDATE && i < G_N_ELEMENTS (issued); i++)
    cobro_wire_has (object, issued[i]);
  return cobro_wire_done (object, error);
}

static gboolean
read_invoice (CobroWireObject *object, CobroWireInvoiceForm form, CobroInvoice *invoice, GError **error)
{
  return check_keys (object, form, error) && read_identity (object, form, invoice, error) &&
         read_money (object, invoice, error) && read_people (object, form, invoice, error) &&
         read_terms (object, invoice, error) && read_texts (object, invoice, error) &&
         (!is_stored (form) || read_issue (object, invoice, error)) && read_totals (object, form, invoice, error) &&
         check_rest (object, form, error) && validate (form, invoice, error);
}

CobroInvoice *
cobro_wire_invoice_parse (CobroWireObject *object, CobroWireInvoiceForm form, GError **error)
{
  g_autoptr (CobroInvoice) invoice = cobro_invoice_new ();

  if (!read_invoice (object, form, invoice, error))
    return NULL;
  return g_steal_pointer (&invoice);
}

gboolean
cobro_wire_invoice_read_tally (CobroWireObject *object, CobroCurrency currency, CobroInvoiceTally *out_tally,
                               GError **error)
{
  g_autoptr (CobroWireObject) totals = NULL;
  CobroInvoiceTally tally = { .credited = COBRO_MONEY_NONE };

  if (!cobro_wire_get_time (object, "sentAt", &tally.sent_at, error) ||
      !cobro_wire_get_time (object, "viewedAt", &tally.viewed_at, error) ||
      !cobro_wire_get_object (object, "totals", &totals, error) ||
      (totals != NULL && !cobro_wire_get_money (totals, "credited", currency, &tally.credited, error)))
    return FALSE;
  *out_tally = tally;
  return TRUE;
}
