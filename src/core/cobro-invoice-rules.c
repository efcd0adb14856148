/* src/core/cobro-invoice-rules.c — what an invoice must obey: field by field, when it is issued, and when it changes.
 * Layer: core. Pure. Paths are the wire's names. */
#include "cobro-error.h"
#include "cobro-invoice.h"
#include "cobro-text.h"

#include <string.h>

#define VOID_REASON_MAX 500
#define BANK_MAX        64
#define BANK_NOTE_MAX   500
#define TERMS_MAX       365
#define SERIES_MAX      120
#define CASH_MAX        1000

static gboolean
check_texts (const CobroInvoice *invoice, GError **error)
{
  return cobro_text_check (invoice->void_reason, VOID_REASON_MAX, COBRO_TEXT_BLOCK, "voidReason", error) &&
         cobro_text_check (invoice->number, COBRO_INVOICE_NUMBER_MAX, COBRO_TEXT_LINE, "number", error) &&
         cobro_text_check (invoice->series, SERIES_MAX, COBRO_TEXT_LINE, "series", error) &&
         cobro_text_check (invoice->corrects_number, COBRO_INVOICE_NUMBER_MAX, COBRO_TEXT_LINE, "corrects.number",
                           error) &&
         cobro_text_check (invoice->iban, BANK_MAX, COBRO_TEXT_LINE, "bank.iban", error) &&
         cobro_text_check (invoice->bic, BANK_MAX, COBRO_TEXT_LINE, "bank.bic", error) &&
         cobro_text_check (invoice->bank_note, BANK_NOTE_MAX, COBRO_TEXT_BLOCK, "bank.note", error) &&
         cobro_text_check (invoice->reference, COBRO_INVOICE_REFERENCE_MAX, COBRO_TEXT_LINE, "reference", error) &&
         cobro_text_check (invoice->notes, COBRO_INVOICE_NOTES_MAX, COBRO_TEXT_BLOCK, "notes", error) &&
         cobro_text_check (invoice->footer, COBRO_INVOICE_NOTES_MAX, COBRO_TEXT_BLOCK, "footer", error) &&
         cobro_text_check (invoice->private_notes, COBRO_INVOICE_NOTES_MAX, COBRO_TEXT_BLOCK, "privateNotes", error) &&
         cobro_text_check_locale (invoice->locale, "locale", error) &&
         cobro_text_check_metadata (invoice->metadata, "metadata", error);
}

static gboolean
check_date (const char *date, const char *path, GError **error)
{
  return date[0] == '\0' || cobro_text_check_date (date, path, error);
}

/* Before the due date, which the plan may have given. */
static gboolean
check_part_dates (const CobroInvoice *invoice, GError **error)
{
  for (guint i = 0; i < invoice->parts->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("partial.parts[%u].due", i);

      if (!cobro_text_check_date (((const CobroLinkPart *)invoice->parts->pdata[i])->due, path, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_dates (const CobroInvoice *invoice, GError **error)
{
  return check_part_dates (invoice, error) && check_date (invoice->issue_date, "issueDate", error) &&
         check_date (invoice->due_date, "dueDate", error) &&
         check_date (invoice->delivery_date, "deliveryDate", error) &&
         check_date (invoice->corrects_date, "corrects.date", error) && check_date (invoice->period, "period", error) &&
         ((invoice->terms >= 0 && invoice->terms <= TERMS_MAX) ||
          cobro_error_set_at (error, COBRO_ERROR_INVALID, "terms", "must be from 0 to %d days", TERMS_MAX));
}

static gboolean
check_lines (const CobroInvoice *invoice, GError **error)
{
  if (invoice->lines->len > COBRO_INVOICE_LINES_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "lines", "must not be more than %d",
                               COBRO_INVOICE_LINES_MAX);
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("lines[%u]", i);

      if (!cobro_invoice_line_validate (invoice->lines->pdata[i], invoice->currency, path, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_shipping (const CobroInvoice *invoice, GError **error)
{
  if (!cobro_tax_of_line_validate (invoice->shipping_tax_name, invoice->shipping_tax_category,
                                   invoice->shipping_tax_rate, error))
    return cobro_error_prefix_path (error, "shipping");
  if (!cobro_money_is_set (invoice->shipping))
    return TRUE;
  if (cobro_money_currency (invoice->shipping) != invoice->currency || cobro_money_is_negative (invoice->shipping))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "shipping.amount",
                               "must be zero or more, in the currency of the invoice");
  return cobro_money_check (invoice->shipping, error) || cobro_error_prefix_path (error, "shipping.amount");
}

static gboolean
check_money (const CobroInvoice *invoice, GError **error)
{
  if (invoice->currency == COBRO_CURRENCY_NONE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "is required");
  if (invoice->cash_rounding < 0 || invoice->cash_rounding > CASH_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "cashRounding", "must be from 0 to %d minor units",
                               CASH_MAX);
  return check_lines (invoice, error) && cobro_discount_validate (&invoice->discount, invoice->currency, error) &&
         check_shipping (invoice, error);
}

static gboolean
check_identity (const CobroInvoice *invoice, GError **error)
{
  CobroId id;
  CobroToken token;

  if (cobro_id_is_set (&invoice->id) && !cobro_id_parse (COBRO_ID_INVOICE, invoice->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  if (cobro_token_is_set (&invoice->token) &&
      (!cobro_token_parse (invoice->token.text, &token, error) || strlen (invoice->token.text) != 64))
    {
      g_clear_error (error);
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "token", "must be 64 lower-case hex digits");
    }
  if (cobro_id_is_set (&invoice->customer_id) &&
      !cobro_id_parse (COBRO_ID_CUSTOMER, invoice->customer_id.text, &id, error))
    return cobro_error_prefix_path (error, "customer.id");
  return TRUE;
}

/* What may be paid how is the link's business, whose rules apply to the plan, the methods and the first part. */
static gboolean
check_link (const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroLink) link = cobro_invoice_to_link (invoice, COBRO_MONEY_NONE);

  if (link == NULL)
    return TRUE;
  link->partial = invoice->partial;
  link->minimum_first = invoice->minimum_first;
  if (link->parts->len != invoice->parts->len)
    {
      g_ptr_array_set_size (link->parts, 0);
      for (guint i = 0; i < invoice->parts->len; i++)
        {
          const CobroLinkPart *part = invoice->parts->pdata[i];

          g_ptr_array_add (link->parts, cobro_link_part_new (part->due, part->amount));
        }
    }
  for (guint i = 0; i < invoice->parts->len; i++) /* to_link() shortens what is too long */
    ((CobroLinkPart *)link->parts->pdata[i])->amount = ((CobroLinkPart *)invoice->parts->pdata[i])->amount;
  link->rev = 0;
  return cobro_link_validate (link, error);
}

static gboolean
check_plan_dates (const CobroInvoice *invoice, GError **error)
{
  for (guint i = 0; i < invoice->parts->len; i++)
    if (strcmp (((const CobroLinkPart *)invoice->parts->pdata[i])->due, invoice->issue_date) < 0)
      {
        g_autofree char *path = g_strdup_printf ("partial.parts[%u].due", i);

        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not be before the issue date, %s",
                                   invoice->issue_date);
      }
  return TRUE;
}

/* The stored sums must agree with each other; what the lines come to is cobro_invoice_check_totals()'. */
static gboolean
check_sums (const CobroInvoice *invoice, GError **error)
{
  const CobroInvoiceTotals *totals = invoice->totals;
  CobroMoney base = cobro_money_zero (invoice->currency), tax = base, total;

  if (totals == NULL || totals->n_lines != invoice->lines->len)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "totals", "are required, with an amount for each line");
  for (guint i = 0; i < totals->taxes->len; i++)
    {
      const CobroInvoiceTax *each = totals->taxes->pdata[i];

      if (!cobro_money_add (base, each->base, &base, error) || !cobro_money_add (tax, each->amount, &tax, error))
        return cobro_error_prefix_path (error, "totals.taxes");
    }
  if (!cobro_money_add (base, tax, &total, error) || !cobro_money_add (total, totals->rounding, &total, error))
    return cobro_error_prefix_path (error, "totals");
  if (!cobro_money_equal (base, totals->subtotal) || !cobro_money_equal (tax, totals->tax) ||
      !cobro_money_equal (total, totals->total))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "totals", "do not add up");
  return cobro_money_is_positive (total) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "totals.total", "must be above zero");
}

static gboolean
check_reverse_charge (const CobroInvoice *invoice, GError **error)
{
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      const CobroInvoiceLine *line = invoice->lines->pdata[i];

      if ((line->tax_category == COBRO_TAX_REVERSE || line->tax_category == COBRO_TAX_INTRA) &&
          invoice->buyer.tax_id[0] == '\0')
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "customer.taxId",
                                   "is required where the buyer owes the tax (line %u)", i + 1);
    }
  return TRUE;
}

static gboolean
need (const char *text, const char *path, GError **error)
{
  return text[0] != '\0' || cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "is required");
}

static gboolean
check_issued (const CobroInvoice *invoice, GError **error)
{
  if (!need (invoice->number, "number", error) || !need (invoice->issue_date, "issueDate", error) ||
      !need (invoice->due_date, "dueDate", error) || !need (invoice->buyer.name, "customer.name", error) ||
      !need (invoice->seller.name, "seller.name", error))
    return FALSE;
  if (invoice->lines->len == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "lines", "must be at least one");
  if (strcmp (invoice->due_date, invoice->issue_date) < 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "dueDate", "must not be before the issue date, %s",
                               invoice->issue_date);
  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE && !need (invoice->corrects_number, "corrects.number", error))
    return FALSE;
  return check_sums (invoice, error) && check_plan_dates (invoice, error) && check_link (invoice, error) &&
         check_reverse_charge (invoice, error);
}

gboolean
cobro_invoice_validate (const CobroInvoice *invoice, GError **error)
{
  if (!check_identity (invoice, error) || !check_texts (invoice, error) || !check_dates (invoice, error) ||
      !check_money (invoice, error) || !cobro_party_validate (&invoice->seller, "seller", error) ||
      !cobro_party_validate (&invoice->buyer, "customer", error) ||
      !cobro_address_validate (&invoice->delivery, "delivery", error) ||
      !cobro_reminders_validate (&invoice->reminders, "reminders", error))
    return FALSE;
  if (invoice->methods == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "methods", "must name at least one way to pay");
  return invoice->decision == COBRO_INVOICE_DRAFT || check_issued (invoice, error);
}

/* ── Changes ── */

static gboolean
lines_equal (const CobroInvoiceLine *a, const CobroInvoiceLine *b)
{
  return g_str_equal (a->description, b->description) && cobro_id_equal (&a->product_id, &b->product_id) &&
         g_str_equal (a->unit, b->unit) && a->quantity == b->quantity && a->unit_price == b->unit_price &&
         cobro_discount_equal (&a->discount, &b->discount) && g_str_equal (a->tax_name, b->tax_name) &&
         a->tax_category == b->tax_category && a->tax_rate == b->tax_rate;
}

static gboolean
all_lines_equal (const CobroInvoice *a, const CobroInvoice *b)
{
  if (a->lines->len != b->lines->len)
    return FALSE;
  for (guint i = 0; i < a->lines->len; i++)
    if (!lines_equal (a->lines->pdata[i], b->lines->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
parts_equal (const CobroInvoice *a, const CobroInvoice *b)
{
  if (a->partial != b->partial || !cobro_money_equal (a->minimum_first, b->minimum_first) ||
      a->parts->len != b->parts->len)
    return FALSE;
  for (guint i = 0; i < a->parts->len; i++)
    {
      const CobroLinkPart *left = a->parts->pdata[i], *right = b->parts->pdata[i];

      if (!g_str_equal (left->due, right->due) || !cobro_money_equal (left->amount, right->amount))
        return FALSE;
    }
  return TRUE;
}

static gboolean
gateways_equal (const CobroInvoice *a, const CobroInvoice *b)
{
  if (a->methods != b->methods || a->gateways->len != b->gateways->len)
    return FALSE;
  for (guint i = 0; i < a->gateways->len; i++)
    if (!g_str_equal (a->gateways->pdata[i], b->gateways->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
metadata_equal (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer key, value;

  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (g_hash_table_lookup (b, key), value) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
totals_equal (const CobroInvoice *a, const CobroInvoice *b)
{
  if (a->totals == NULL || b->totals == NULL)
    return a->totals == b->totals;
  return cobro_invoice_totals_equal (a->totals, b->totals);
}

static gboolean
shipping_equal (const CobroInvoice *a, const CobroInvoice *b)
{
  return cobro_money_equal (a->shipping, b->shipping) && g_str_equal (a->shipping_tax_name, b->shipping_tax_name) &&
         a->shipping_tax_category == b->shipping_tax_category && a->shipping_tax_rate == b->shipping_tax_rate;
}

/* The first member of the document itself that differs; NULL: none. */
static const char *
find_difference (const CobroInvoice *a, const CobroInvoice *b)
{
  const struct
  {
    gboolean same;
    const char *path;
  } members[] = {
    { cobro_id_equal (&a->id, &b->id), "id" },
    { a->kind == b->kind, "kind" },
    { g_str_equal (a->number, b->number), "number" },
    { g_str_equal (a->series, b->series) && a->sequence == b->sequence, "series" },
    { g_str_equal (a->issue_date, b->issue_date), "issueDate" },
    { g_str_equal (a->due_date, b->due_date), "dueDate" },
    { g_str_equal (a->delivery_date, b->delivery_date), "deliveryDate" },
    { cobro_id_equal (&a->corrects_id, &b->corrects_id) && g_str_equal (a->corrects_number, b->corrects_number) &&
        g_str_equal (a->corrects_date, b->corrects_date),
      "corrects" },
    { a->currency == b->currency, "currency" },
    { a->tax_inclusive == b->tax_inclusive, "taxInclusive" },
    { a->tax_per_line == b->tax_per_line, "taxPerLine" },
    { a->rounding == b->rounding, "rounding" },
    { all_lines_equal (a, b), "lines" },
    { cobro_discount_equal (&a->discount, &b->discount), "discount" },
    { shipping_equal (a, b), "shipping" },
    { a->cash_rounding == b->cash_rounding, "cashRounding" },
    { totals_equal (a, b), "totals" },
    { cobro_id_equal (&a->customer_id, &b->customer_id), "customer.id" },
    { cobro_party_equal (&a->seller, &b->seller), "seller" },
    { cobro_party_equal (&a->buyer, &b->buyer), "customer" },
    { cobro_address_equal (&a->delivery, &b->delivery), "delivery" },
    { g_str_equal (a->iban, b->iban) && g_str_equal (a->bic, b->bic) && g_str_equal (a->bank_note, b->bank_note),
      "bank" },
    { g_str_equal (a->reference, b->reference), "reference" },
    { g_str_equal (a->notes, b->notes), "notes" },
    { g_str_equal (a->footer, b->footer), "footer" },
    { g_str_equal (a->locale, b->locale), "locale" },
    { gateways_equal (a, b), "methods" },
    { parts_equal (a, b), "partial" },
    { metadata_equal (a->metadata, b->metadata), "metadata" },
    { cobro_id_equal (&a->recurring_id, &b->recurring_id) && g_str_equal (a->period, b->period), "recurringId" },
    { a->livemode == b->livemode, "livemode" },
    { a->issued_at == b->issued_at, "issuedAt" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (!members[i].same)
      return members[i].path;
  return NULL;
}

gboolean
cobro_invoice_validate_change (const CobroInvoice *from, const CobroInvoice *to, GError **error)
{
  const char *path;

  if (!cobro_id_equal (&from->id, &to->id))
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "id", "never changes");
  if (from->livemode != to->livemode)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "livemode", "never changes");
  if (from->decision == COBRO_INVOICE_DRAFT)
    return from->kind == to->kind || cobro_error_set_at (error, COBRO_ERROR_STATE, "kind", "never changes");
  if (to->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision",
                               "an issued document does not become a draft again");
  if (from->decision == COBRO_INVOICE_VOID && to->decision != COBRO_INVOICE_VOID)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "what is void stays void");
  path = find_difference (from, to);
  return path == NULL ||
         cobro_error_set_at (error, COBRO_ERROR_STATE, path,
                             "never changes once the document is issued: credit it and write a new one");
}

gboolean
cobro_invoice_is_same (const CobroInvoice *a, const CobroInvoice *b)
{
  return find_difference (a, b) == NULL && a->decision == b->decision && a->terms == b->terms &&
         a->expires_at == b->expires_at && g_str_equal (a->void_reason, b->void_reason) &&
         g_str_equal (a->private_notes, b->private_notes) && cobro_reminders_equal (&a->reminders, &b->reminders);
}
