/* src/core/cobro-invoice.c — the invoice as a value: made, copied, counted, computed, issued, credited, and its link.
 * Rules: cobro-invoice-rules.c. Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-invoice.h"
#include "cobro-error.h"
#include "cobro-names.h"

#include <string.h>

#define TERMS_DEFAULT 30

static const char *const kind_names[] = { "invoice", "credit_note" };
static const char *const decision_names[] = { "draft", "issued", "void", "uncollectible" };

COBRO_DEFINE_NAMES (CobroInvoiceKind, cobro_invoice_kind, kind_names)
COBRO_DEFINE_NAMES (CobroInvoiceDecision, cobro_invoice_decision, decision_names)

/* Every text of its own; never NULL. */
static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroInvoice, void_reason),
  G_STRUCT_OFFSET (CobroInvoice, number),
  G_STRUCT_OFFSET (CobroInvoice, series),
  G_STRUCT_OFFSET (CobroInvoice, corrects_number),
  G_STRUCT_OFFSET (CobroInvoice, shipping_tax_name),
  G_STRUCT_OFFSET (CobroInvoice, iban),
  G_STRUCT_OFFSET (CobroInvoice, bic),
  G_STRUCT_OFFSET (CobroInvoice, bank_note),
  G_STRUCT_OFFSET (CobroInvoice, reference),
  G_STRUCT_OFFSET (CobroInvoice, notes),
  G_STRUCT_OFFSET (CobroInvoice, footer),
  G_STRUCT_OFFSET (CobroInvoice, private_notes),
  G_STRUCT_OFFSET (CobroInvoice, locale),
};

static void
make_owned (CobroInvoice *invoice)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, invoice, texts[i]) = g_strdup ("");
  invoice->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_line_free);
  invoice->gateways = g_ptr_array_new_with_free_func (g_free);
  invoice->parts = g_ptr_array_new_with_free_func (g_free);
  invoice->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  invoice->totals = NULL;
  cobro_party_init (&invoice->seller);
  cobro_party_init (&invoice->buyer);
  cobro_address_init (&invoice->delivery);
}

CobroInvoice *
cobro_invoice_new (void)
{
  CobroInvoice *invoice = g_new0 (CobroInvoice, 1);

  make_owned (invoice);
  invoice->ref_count = 1;
  cobro_link_set_text (&invoice->locale, "auto");
  invoice->terms = TERMS_DEFAULT;
  invoice->shipping_tax_category = COBRO_TAX_OUTSIDE;
  invoice->methods = COBRO_METHOD_CARD;
  invoice->reminders = cobro_reminders_default ();
  return invoice;
}

static void
copy_lists (const CobroInvoice *from, CobroInvoice *to)
{
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < from->lines->len; i++)
    g_ptr_array_add (to->lines, cobro_invoice_line_copy (from->lines->pdata[i]));
  for (guint i = 0; i < from->gateways->len; i++)
    g_ptr_array_add (to->gateways, g_strdup (from->gateways->pdata[i]));
  for (guint i = 0; i < from->parts->len; i++)
    {
      const CobroLinkPart *part = from->parts->pdata[i];

      g_ptr_array_add (to->parts, cobro_link_part_new (part->due, part->amount));
    }
  g_hash_table_iter_init (&iter, from->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (to->metadata, g_strdup (key), g_strdup (value));
}

CobroInvoice *
cobro_invoice_copy (const CobroInvoice *invoice)
{
  CobroInvoice *copy = g_new (CobroInvoice, 1);

  *copy = *invoice; /* whatever is a plain value; what is owned follows */
  copy->ref_count = 1;
  make_owned (copy);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    cobro_link_set_text (&G_STRUCT_MEMBER (char *, copy, texts[i]), G_STRUCT_MEMBER (char *, invoice, texts[i]));
  copy_lists (invoice, copy);
  cobro_party_copy (&invoice->seller, &copy->seller);
  cobro_party_copy (&invoice->buyer, &copy->buyer);
  cobro_address_copy (&invoice->delivery, &copy->delivery);
  if (invoice->totals != NULL)
    copy->totals = cobro_invoice_totals_copy (invoice->totals);
  return copy;
}

CobroInvoice *
cobro_invoice_ref (CobroInvoice *invoice)
{
  g_atomic_int_inc (&invoice->ref_count);
  return invoice;
}

void
cobro_invoice_unref (CobroInvoice *invoice)
{
  if (invoice == NULL || !g_atomic_int_dec_and_test (&invoice->ref_count))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, invoice, texts[i]));
  g_ptr_array_unref (invoice->lines);
  g_ptr_array_unref (invoice->gateways);
  g_ptr_array_unref (invoice->parts);
  g_hash_table_unref (invoice->metadata);
  cobro_party_clear (&invoice->seller);
  cobro_party_clear (&invoice->buyer);
  cobro_address_clear (&invoice->delivery);
  cobro_invoice_totals_free (invoice->totals);
  g_free (invoice);
}

/* ── Totals ── */

static CobroInvoiceTotals *
compute (const CobroInvoice *invoice, GError **error)
{
  CobroInvoiceSum sum = {
    .currency = invoice->currency,
    .lines = invoice->lines,
    .tax_inclusive = invoice->tax_inclusive,
    .tax_per_line = invoice->tax_per_line,
    .rounding = invoice->rounding,
    .discount = invoice->discount,
    .shipping = invoice->shipping,
    .shipping_tax_name = invoice->shipping_tax_name,
    .shipping_tax_category = invoice->shipping_tax_category,
    .shipping_tax_rate = invoice->shipping_tax_rate,
    .cash_rounding = invoice->cash_rounding,
  };

  return cobro_invoice_totals_compute (&sum, error);
}

gboolean
cobro_invoice_compute (CobroInvoice *invoice, GError **error)
{
  CobroInvoiceTotals *totals = compute (invoice, error);

  if (totals == NULL)
    return FALSE;
  cobro_invoice_totals_free (invoice->totals);
  invoice->totals = totals;
  return TRUE;
}

gboolean
cobro_invoice_check_totals (const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroInvoiceTotals) totals = compute (invoice, error);

  if (totals == NULL)
    return FALSE;
  return (invoice->totals != NULL && cobro_invoice_totals_equal (totals, invoice->totals)) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "totals", "is not what the lines come to");
}

/* ── Issuing ── */

static void
take_seller (CobroInvoice *invoice, const CobroMerchant *merchant)
{
  cobro_party_copy (&merchant->seller, &invoice->seller);
  if (invoice->seller.name[0] == '\0')
    cobro_link_set_text (&invoice->seller.name, merchant->name);
  if (invoice->seller.email[0] == '\0')
    cobro_link_set_text (&invoice->seller.email, merchant->email);
  cobro_link_set_text (&invoice->iban, merchant->iban);
  cobro_link_set_text (&invoice->bic, merchant->bic);
  cobro_link_set_text (&invoice->bank_note, merchant->bank_note);
  if (g_str_equal (invoice->locale, "auto"))
    cobro_link_set_text (&invoice->locale, merchant->locale);
}

static void
take_buyer (CobroInvoice *invoice, const CobroCustomer *customer)
{
  cobro_party_copy (&customer->party, &invoice->buyer);
  if (cobro_address_is_empty (&invoice->delivery))
    cobro_address_copy (&customer->delivery, &invoice->delivery);
  invoice->customer_id = customer->id;
  if (g_str_equal (invoice->locale, "auto"))
    cobro_link_set_text (&invoice->locale, customer->locale);
}

/* A plan's last part says when everything is due. */
static void
settle_dates (CobroInvoice *invoice, const CobroMerchant *merchant, CobroDay today)
{
  cobro_day_to_text (today, invoice->issue_date);
  if (invoice->partial == COBRO_PARTIAL_PLAN && invoice->parts->len > 0)
    g_strlcpy (invoice->due_date, ((const CobroLinkPart *)invoice->parts->pdata[invoice->parts->len - 1])->due,
               sizeof invoice->due_date);
  else if (invoice->due_date[0] == '\0')
    cobro_day_to_text (today + invoice->terms, invoice->due_date);
  if (invoice->expires_at == 0 && merchant->token_days > 0 && invoice->kind == COBRO_INVOICE_INVOICE)
    invoice->expires_at = cobro_day_begins_at (today + merchant->token_days + 1, merchant->time_zone);
}

gboolean
cobro_invoice_issue (CobroInvoice *invoice, const CobroMerchant *merchant, const CobroCustomer *customer,
                     const char *number, const char *series, gint64 sequence, CobroDay today, CobroTime now,
                     GError **error)
{
  if (invoice->decision != COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "is issued already, as \"%s\"", invoice->number);
  if (customer != NULL)
    take_buyer (invoice, customer);
  take_seller (invoice, merchant);
  settle_dates (invoice, merchant, today);
  cobro_link_set_text (&invoice->number, number);
  cobro_link_set_text (&invoice->series, series);
  invoice->sequence = sequence;
  invoice->decision = COBRO_INVOICE_ISSUED;
  invoice->issued_at = now;
  invoice->updated_at = now;
  return cobro_invoice_compute (invoice, error) && cobro_invoice_validate (invoice, error);
}

/* ── Copies with another purpose ── */

/* Back to a draft that nobody has seen. */
static void
forget_issue (CobroInvoice *invoice)
{
  invoice->id = COBRO_ID_NONE;
  invoice->rev = 0;
  invoice->token = COBRO_TOKEN_NONE;
  invoice->decision = COBRO_INVOICE_DRAFT;
  cobro_link_set_text (&invoice->void_reason, "");
  cobro_link_set_text (&invoice->number, "");
  cobro_link_set_text (&invoice->series, "");
  invoice->sequence = 0;
  invoice->issue_date[0] = invoice->due_date[0] = invoice->delivery_date[0] = '\0';
  invoice->expires_at = 0;
  invoice->recurring_id = COBRO_ID_NONE;
  invoice->period[0] = '\0';
  invoice->created_at = invoice->updated_at = invoice->issued_at = 0;
  cobro_party_clear (&invoice->seller);
  cobro_party_init (&invoice->seller);
}

/* Parts have dates of their own, which are past. */
static void
forget_parts (CobroInvoice *invoice)
{
  invoice->partial = COBRO_PARTIAL_OFF;
  invoice->minimum_first = COBRO_MONEY_NONE;
  g_ptr_array_set_size (invoice->parts, 0);
}

CobroInvoice *
cobro_invoice_duplicate (const CobroInvoice *invoice)
{
  CobroInvoice *copy = cobro_invoice_copy (invoice);

  forget_issue (copy);
  if (copy->partial == COBRO_PARTIAL_PLAN)
    forget_parts (copy);
  copy->kind = COBRO_INVOICE_INVOICE;
  copy->corrects_id = COBRO_ID_NONE;
  cobro_link_set_text (&copy->corrects_number, "");
  copy->corrects_date[0] = '\0';
  return copy;
}

CobroInvoice *
cobro_invoice_for_late_fee (const CobroInvoice *invoice, CobroMoney fee, const char *words)
{
  CobroInvoice *draft = cobro_invoice_duplicate (invoice);
  CobroInvoiceLine *line = cobro_invoice_line_new (words); /* damages, not a supply: outside of any tax */

  line->unit_price = cobro_unit_price_of (fee);
  g_ptr_array_set_size (draft->lines, 0);
  g_ptr_array_add (draft->lines, line);
  forget_parts (draft);
  draft->discount = COBRO_DISCOUNT_OFF;
  draft->shipping = COBRO_MONEY_NONE;
  draft->cash_rounding = 0;
  cobro_link_set_text (&draft->reference, invoice->number);
  cobro_link_set_text (&draft->notes, "");
  cobro_link_set_text (&draft->private_notes, "");
  g_clear_pointer (&draft->totals, cobro_invoice_totals_free);
  return draft;
}

/* One line per category, with what it came to as its share of @amount, tax included. */
static gboolean
credit_in_part (CobroInvoice *note, const CobroInvoice *invoice, CobroMoney amount, const char *why, GError **error)
{
  const GPtrArray *taxes = invoice->totals->taxes;
  g_autofree gint64 *weights = g_new (gint64, MAX (taxes->len, 1));
  g_autofree CobroMoney *shares = g_new (CobroMoney, MAX (taxes->len, 1));

  for (guint i = 0; i < taxes->len; i++)
    {
      const CobroInvoiceTax *tax = taxes->pdata[i];
      CobroMoney gross;

      if (!cobro_money_add (tax->base, tax->amount, &gross, error))
        return FALSE;
      weights[i] = MAX (cobro_money_minor (gross), 0);
    }
  if (!cobro_money_split (amount, weights, taxes->len, shares, error))
    return FALSE;

  g_ptr_array_set_size (note->lines, 0);
  note->discount = COBRO_DISCOUNT_OFF;
  note->shipping = COBRO_MONEY_NONE;
  note->cash_rounding = 0;
  note->tax_inclusive = TRUE;
  for (guint i = 0; i < taxes->len; i++)
    {
      const CobroInvoiceTax *tax = taxes->pdata[i];
      CobroInvoiceLine *line;

      if (cobro_money_is_zero (shares[i]))
        continue;
      line = cobro_invoice_line_new (why);
      line->unit_price = cobro_unit_price_of (shares[i]);
      line->tax_category = tax->category;
      line->tax_rate = tax->rate;
      cobro_link_set_text (&line->tax_name, tax->name);
      g_ptr_array_add (note->lines, line);
    }
  return TRUE;
}

CobroInvoice *
cobro_invoice_credit (const CobroInvoice *invoice, CobroMoney amount, const char *why, GError **error)
{
  g_autoptr (CobroInvoice) note = NULL;
  gboolean whole;

  if (invoice->kind != COBRO_INVOICE_INVOICE || invoice->decision == COBRO_INVOICE_DRAFT || invoice->totals == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "only an invoice that was issued can be credited");
      return NULL;
    }
  if (cobro_money_is_set (amount) &&
      (cobro_money_currency (amount) != invoice->currency || !cobro_money_is_positive (amount) ||
       cobro_money_compare (amount, invoice->totals->total) > 0))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be above zero and at most what was asked for");
      return NULL;
    }
  whole = !cobro_money_is_set (amount) || cobro_money_equal (amount, invoice->totals->total);
  note = cobro_invoice_copy (invoice);
  forget_issue (note);
  forget_parts (note);
  note->kind = COBRO_INVOICE_CREDIT_NOTE;
  note->corrects_id = invoice->id;
  cobro_link_set_text (&note->corrects_number, invoice->number);
  g_strlcpy (note->corrects_date, invoice->issue_date, sizeof note->corrects_date);
  cobro_link_set_text (&note->notes, why);
  cobro_link_set_text (&note->private_notes, "");
  note->terms = 0;
  note->reminders.custom = TRUE;
  note->reminders.n = 0;
  if (!whole && !credit_in_part (note, invoice, amount, why[0] != '\0' ? why : invoice->number, error))
    return NULL;
  return cobro_invoice_compute (note, error) ? g_steal_pointer (&note) : NULL;
}

/* ── The link ── */

static CobroId
with_prefix (CobroIdKind kind, const CobroId *id)
{
  const char *ulid = strchr (id->text, '_');
  CobroId other = COBRO_ID_NONE;

  if (ulid != NULL)
    g_snprintf (other.text, sizeof other.text, "%s%s", cobro_id_prefix (kind), ulid + 1);
  return other;
}

CobroId
cobro_invoice_link_id (const CobroId *invoice_id)
{
  return with_prefix (COBRO_ID_LINK, invoice_id);
}

CobroId
cobro_invoice_id_of_link (const CobroId *link_id)
{
  return with_prefix (COBRO_ID_INVOICE, link_id);
}

static CobroDecision
link_decision (const CobroInvoice *invoice)
{
  switch (invoice->decision)
    {
    case COBRO_INVOICE_DRAFT:
      return COBRO_DECISION_DRAFT;
    case COBRO_INVOICE_ISSUED:
    case COBRO_INVOICE_UNCOLLECTIBLE:
      return COBRO_DECISION_ACTIVE;
    case COBRO_INVOICE_VOID:
      return COBRO_DECISION_CANCELLED;
    }
  g_return_val_if_reached (COBRO_DECISION_CANCELLED);
}

CobroMoney
cobro_invoice_asked (const CobroInvoice *invoice, CobroMoney credited)
{
  CobroMoney total = invoice->totals != NULL ? invoice->totals->total : cobro_money_zero (invoice->currency), asked;

  if (!cobro_money_is_set (credited) || !cobro_money_subtract (total, credited, &asked, NULL))
    return total;
  return cobro_money_is_negative (asked) ? cobro_money_zero (invoice->currency) : asked;
}

/* The plan, shortened from its end until it comes to @asked. */
static void
plan_parts (const CobroInvoice *invoice, CobroLink *link, CobroMoney asked)
{
  CobroMoney left = asked;

  for (guint i = 0; i < invoice->parts->len && cobro_money_is_positive (left); i++)
    {
      const CobroLinkPart *part = invoice->parts->pdata[i];
      CobroMoney amount = cobro_money_compare (part->amount, left) > 0 ? left : part->amount;

      g_ptr_array_add (link->parts, cobro_link_part_new (part->due, amount));
      if (!cobro_money_subtract (left, amount, &left, NULL))
        break;
    }
}

/* What the payer may pay at a time. The merchant may record any part of any invoice, so that a link "in parts" it
 * always is: where the payer has no say, the first part is everything. */
static void
settle_parts (const CobroInvoice *invoice, CobroLink *link, CobroMoney asked)
{
  link->partial = COBRO_PARTIAL_ON;
  link->minimum_first = asked;
  if (invoice->partial == COBRO_PARTIAL_ON)
    {
      link->minimum_first = invoice->minimum_first;
      if (cobro_money_is_set (invoice->minimum_first) && cobro_money_compare (invoice->minimum_first, asked) > 0)
        link->minimum_first = asked;
    }
  if (invoice->partial != COBRO_PARTIAL_PLAN)
    return;
  plan_parts (invoice, link, asked);
  if (link->parts->len < 2)
    {
      g_ptr_array_set_size (link->parts, 0);
      return;
    }
  link->partial = COBRO_PARTIAL_PLAN;
  link->minimum_first = COBRO_MONEY_NONE;
}

CobroLink *
cobro_invoice_to_link (const CobroInvoice *invoice, CobroMoney credited)
{
  CobroLink *link;
  CobroMoney asked = cobro_invoice_asked (invoice, credited);
  GHashTableIter iter;
  gpointer key, value;

  if (invoice->kind != COBRO_INVOICE_INVOICE)
    return NULL;
  if (!cobro_money_is_positive (asked))
    asked = cobro_invoice_asked (invoice, COBRO_MONEY_NONE);
  link = cobro_link_new ();
  link->id = cobro_invoice_link_id (&invoice->id);
  link->invoice_id = invoice->id;
  link->rev = invoice->rev;
  link->token = invoice->token;
  cobro_link_set_text (&link->title, invoice->number[0] != '\0' ? invoice->number : invoice->id.text);
  link->currency = invoice->currency;
  link->amount = asked;
  settle_parts (invoice, link, asked);
  link->expires_at = invoice->expires_at;
  link->methods = invoice->methods;
  for (guint i = 0; i < invoice->gateways->len; i++)
    g_ptr_array_add (link->gateways, g_strdup (invoice->gateways->pdata[i]));
  link->customer_id = invoice->customer_id;
  cobro_link_set_text (&link->customer_name, invoice->buyer.name);
  cobro_link_set_text (&link->customer_email, invoice->buyer.email);
  g_hash_table_iter_init (&iter, invoice->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (link->metadata, g_strdup (key), g_strdup (value));
  cobro_link_set_text (&link->locale, invoice->locale);
  link->decision = link_decision (invoice);
  link->livemode = invoice->livemode;
  link->created_at = invoice->created_at;
  link->updated_at = invoice->updated_at;
  return link;
}
