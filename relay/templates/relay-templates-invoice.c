/* relay/templates/relay-templates-invoice.c — an invoice as a document on its page: who, when, what, how it adds up;
 * and the parts of a plan. Its words are those of the PDF (cobro-document-text.h). Bounded whatever its length: what
 * does not fit is in the PDF. Layer: relay/templates. Any thread. */
#include "relay-templates-private.h"

#include <string.h>
#include "cobro-date-text.h"
#include "cobro-document-text.h"
#include "cobro-money-text.h"

#define ITEMS_OPEN 10  /* seen at once */
#define ITEMS_MAX  40  /* and folded; the rest is in the PDF */
#define ITEM_MAX   200 /* characters of one description */
#define TAXES_MAX  8   /* rates that stand each by themselves; of more the sum alone */

/* ── Who and when ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* @party as lines, without what one would write or call them by: that is nobody else's business. */
static char *
party_text (RelayFilling *self, const CobroParty *party)
{
  g_autoptr (GPtrArray) lines = cobro_document_party (party, self->locale);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = g_ptr_array_index (lines, i);

      if (strcmp (line, party->email) != 0 && strcmp (line, party->phone) != 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_row (RelayFilling *self, RelayName list, const CobroTextRow *row)
{
  RelayValues *values = relay_values_add (self->values, list);

  relay_values_take (values, NAME_ROW_LABEL, g_strdup (row->label));
  relay_values_take (values, NAME_ROW_VALUE, g_strdup (row->value));
  relay_values_set_bool (values, NAME_ROW_STRONG, row->strong);
}

static void
add_rows (RelayFilling *self, RelayName list, GPtrArray *take_rows)
{
  g_autoptr (GPtrArray) rows = take_rows;

  for (guint i = 0; i < rows->len; i++)
    add_row (self, list, g_ptr_array_index (rows, i));
}

static void
fill_head (RelayFilling *self)
{
  const CobroInvoice *invoice = self->page->invoice;

  relay_values_take (self->values, NAME_FROM, party_text (self, &invoice->seller));
  relay_values_take (self->values, NAME_TO, party_text (self, &invoice->buyer));
  add_rows (self, NAME_DATES, cobro_document_dates (invoice, self->locale));
  relay_filling_set (self, NAME_NOTES, invoice->notes);
}

/* What the law wants to be said, and the seller's own last words. */
static void
fill_legal (RelayFilling *self)
{
  const CobroInvoice *invoice = self->page->invoice;
  g_autoptr (GPtrArray) sentences = cobro_document_legal (invoice, self->locale);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < sentences->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *)g_ptr_array_index (sentences, i));
  if (*invoice->footer != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", invoice->footer);
  relay_values_take (self->values, NAME_LEGAL, g_string_free (g_steal_pointer (&text), FALSE));
}

/* ── Items ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "1.5 h × $75.00, Discount 10 %"; nothing where it is one piece at its price. */
static char *
count_text (RelayFilling *self, const CobroInvoiceLine *line)
{
  g_autofree char *quantity = cobro_document_line_quantity (line, self->locale);
  g_autofree char *price = cobro_document_line_price (line, self->page->invoice->currency, self->locale);
  g_autofree char *discount = cobro_document_line_discount (line, self->locale);

  if (line->quantity == COBRO_DECIMAL_ONE && *discount == '\0' && *line->unit == '\0')
    return NULL;
  return g_strdup_printf ("\u2068%s\u2069 × \u2068%s\u2069%s%s", quantity, price, *discount != '\0' ? ", " : "",
                          discount);
}

static void
fill_item (RelayFilling *self, RelayName list, guint i)
{
  const CobroInvoice *invoice = self->page->invoice;
  const CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);
  RelayValues *values = relay_values_add (self->values, list);
  char *count = count_text (self, line);

  relay_values_take (values, NAME_ROW_LABEL, cobro_clip (line->description, ITEM_MAX));
  if (count != NULL)
    relay_values_take (values, NAME_ROW_COUNT, count);
  relay_values_take (values, NAME_ROW_VALUE, cobro_money_text (invoice->totals->lines[i], self->locale));
}

static void
fill_items (RelayFilling *self)
{
  guint n = self->page->invoice->lines->len;

  for (guint i = 0; i < MIN (n, ITEMS_MAX); i++)
    fill_item (self, i < ITEMS_OPEN ? NAME_ITEMS : NAME_MORE_ITEMS, i);
  if (n > ITEMS_OPEN)
    relay_values_take (self->values, NAME_MORE_COUNT, cobro_number_text (n - ITEMS_OPEN, self->locale));
  if (n > ITEMS_MAX)
    relay_values_take (self->values, NAME_ITEMS_LEFT, cobro_number_text (n - ITEMS_MAX, self->locale));
}

/* ── How it adds up ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* Net, tax, total: where every line has a rate of its own, the PDF says which. */
static GPtrArray *
short_sums (RelayFilling *self)
{
  const CobroInvoiceTotals *totals = self->page->invoice->totals;
  GPtrArray *rows = cobro_text_rows_new ();

  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_SUBTOTAL_NET, self->locale),
                        cobro_money_text (totals->subtotal, self->locale));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_TAX, self->locale), cobro_money_text (totals->tax, self->locale));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_TOTAL, self->locale),
                        cobro_money_text (totals->total, self->locale));
  ((CobroTextRow *)rows->pdata[rows->len - 1])->strong = TRUE;
  return rows;
}

static void
fill_sums (RelayFilling *self)
{
  const CobroInvoice *invoice = self->page->invoice;

  add_rows (self, NAME_SUMS,
            invoice->totals->taxes->len > TAXES_MAX ? short_sums (self) : cobro_document_sums (invoice, self->locale));
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* An expired or replaced link does not tell what was in it; the page of a card form is for the card. */
static gboolean
shows_document (RelayPageState state)
{
  return state != RELAY_PAGE_EXPIRED && state != RELAY_PAGE_REPLACED && state != RELAY_PAGE_UNKNOWN &&
         state != RELAY_PAGE_EMBEDDED;
}

static void
fill_title (RelayFilling *self)
{
  const CobroInvoice *invoice = self->page->invoice;
  g_autofree char *title = cobro_document_title (invoice, self->locale);
  g_autofree char *number = cobro_document_number (invoice);

  relay_values_take (self->values, NAME_LINK_TITLE, g_strdup_printf ("%s \u2068%s\u2069", title, number));
}

static void
fill_due (RelayFilling *self)
{
  const RelayPage *page = self->page;
  gboolean late = page->invoice_view.status == COBRO_INVOICE_IS_OVERDUE;
  g_autofree char *date = cobro_civil_date_text (page->invoice->due_date, self->locale);

  if (!cobro_money_is_set (page->invoice_view.due) || !cobro_money_is_positive (page->invoice_view.due) ||
      !shows_document (page->state) || page->state == RELAY_PAGE_CANCELLED || *date == '\0')
    return;
  relay_values_set_bool (self->values, NAME_LATE, late);
  relay_values_take (
    self->values, NAME_DUE_BY,
    relay_templates_fill (relay_filling_text (self, late ? "invoice-late" : "invoice-due"), "date", date, NULL));
}

void
relay_filling_invoice (RelayFilling *self)
{
  const RelayPage *page = self->page;
  gboolean folded = !page->can_pay;

  if (page->invoice == NULL)
    return;
  fill_title (self);
  fill_due (self);
  if (!shows_document (page->state) || page->invoice->totals == NULL)
    return;
  relay_values_set_bool (self->values, NAME_SEEN, page->invoice_tally.viewed_at == 0);
  relay_values_set_bool (self->values, NAME_DOC, TRUE);
  relay_values_set_bool (self->values, NAME_FOLDED, folded);
  relay_values_set_bool (self->values, NAME_WIDE, !folded);
  relay_values_set_bool (self->values, NAME_PDF, TRUE);
  fill_head (self);
  fill_items (self);
  fill_sums (self);
  fill_legal (self);
}

/* ── Parts ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* How one part stands: @from and @to are what must have come before it, and with it. */
static void
fill_part (RelayFilling *self, const CobroLinkPart *part, CobroMoney from, CobroMoney to, const char *today)
{
  const RelayPage *page = self->page;
  RelayValues *values = relay_values_add (self->values, NAME_PARTS);
  gboolean is_paid = cobro_money_compare (page->paid, to) >= 0;
  gboolean is_begun = !is_paid && cobro_money_compare (page->paid, from) > 0;
  gboolean is_late = !is_paid && strcmp (part->due, today) < 0;
  CobroMoney left = part->amount;

  relay_values_take (values, NAME_PART_DATE, cobro_civil_date_text (part->due, self->locale));
  relay_values_take (values, NAME_PART_AMOUNT, cobro_money_text (part->amount, self->locale));
  relay_values_set_bool (values, NAME_PART_LATE, is_late);
  if (is_begun && cobro_money_subtract (to, page->paid, &left, NULL))
    {
      g_autofree char *amount = cobro_money_text (left, self->locale);

      relay_values_take (values, NAME_PART_WORDS,
                         relay_templates_fill (relay_filling_text (self, "part-left"), "amount", amount, NULL));
    }
  else if (is_paid || is_late)
    relay_values_set (values, NAME_PART_WORDS, relay_filling_text (self, is_paid ? "part-paid" : "part-late"));
}

void
relay_filling_parts (RelayFilling *self)
{
  const RelayPage *page = self->page;
  const CobroLink *link = page->link;
  CobroMoney from = cobro_money_zero (link->currency), to = from;
  char today[COBRO_DATE_SIZE];

  if (link->partial != COBRO_PARTIAL_PLAN)
    return;
  cobro_day_to_text (cobro_day_of_time (page->now, page->merchant != NULL ? page->merchant->time_zone : "UTC"), today);
  for (guint i = 0; i < link->parts->len; i++, from = to)
    {
      const CobroLinkPart *part = g_ptr_array_index (link->parts, i);

      if (!cobro_money_add (from, part->amount, &to, NULL))
        return;
      fill_part (self, part, from, to, today);
    }
}
