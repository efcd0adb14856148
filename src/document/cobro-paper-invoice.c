/* src/document/cobro-paper-invoice.c — invoices and credit notes on paper. Layer: document. */
#include <string.h>

#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-paper-private.h"

#define PAID_GREEN ((CobroColour){ 23, 122, 72 })
#define PALE       ((CobroColour){ 236, 238, 241 })
#define PALE_RED   ((CobroColour){ 250, 228, 226 })
#define QR_SIDE    92.0
#define SUMS_MAX   12 /* more rows of sums than these stand one by one, so that they may cross pages */

typedef struct
{
  CobroPaper *paper;
  const CobroInvoice *invoice;
  const CobroInvoiceView *view;
  const CobroPaperSetup *setup;
  CobroLocale *locale;
  CobroMoney due;
} Page;

static gboolean
is_paid (const Page *page)
{
  return page->view != NULL &&
         (page->view->status == COBRO_INVOICE_IS_PAID || page->view->status == COBRO_INVOICE_IS_OVERPAID);
}

/* Whether somebody who holds it in their hands is asked to pay. */
static gboolean
asks (const Page *page)
{
  return page->invoice->kind == COBRO_INVOICE_INVOICE && page->invoice->decision != COBRO_INVOICE_VOID &&
         cobro_money_is_positive (page->due);
}

/* ── Lines ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
has_tax_column (const CobroInvoice *invoice)
{
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      const CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);

      if (*line->tax_name != '\0' || line->tax_rate != 0 ||
          (line->tax_category != COBRO_TAX_ZERO && line->tax_category != COBRO_TAX_OUTSIDE))
        return TRUE;
    }
  return FALSE;
}

static void
add_cells (const Page *page, guint i, gboolean taxed, GPtrArray *cells, GPtrArray *notes)
{
  const CobroInvoice *invoice = page->invoice;
  const CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);

  g_ptr_array_add (cells, g_strdup (line->description));
  g_ptr_array_add (cells, cobro_document_line_quantity (line, page->locale));
  g_ptr_array_add (cells, cobro_document_line_price (line, invoice->currency, page->locale));
  if (taxed)
    g_ptr_array_add (cells, cobro_document_line_tax (line, page->locale));
  g_ptr_array_add (cells, i < invoice->totals->n_lines
                            ? cobro_money_text_plain (invoice->totals->lines[i], page->locale)
                            : g_strdup (""));
  g_ptr_array_add (notes, cobro_document_line_discount (line, page->locale));
}

static void
add_lines (const Page *page)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *amount = g_strdup_printf ("%s %s", cobro_word (COBRO_WORD_AMOUNT, page->locale),
                                             cobro_currency_code (page->invoice->currency));
  gboolean taxed = has_tax_column (page->invoice);
  CobroColumn columns[5] = {
    { cobro_word (COBRO_WORD_DESCRIPTION, page->locale), COBRO_SIDE_START, 0, 0, TRUE, FALSE },
    { cobro_word (COBRO_WORD_QUANTITY, page->locale), COBRO_SIDE_END, 34, 76, FALSE, FALSE },
    { cobro_word (COBRO_WORD_UNIT_PRICE, page->locale), COBRO_SIDE_END, 48, 96, FALSE, FALSE },
    { cobro_word (COBRO_WORD_TAX, page->locale), COBRO_SIDE_END, 34, 62, FALSE, FALSE },
    { amount, COBRO_SIDE_END, 62, 104, FALSE, FALSE },
  };

  if (!taxed)
    columns[3] = columns[4];
  for (guint i = 0; i < page->invoice->lines->len; i++)
    add_cells (page, i, taxed, cells, notes);
  cobro_paper_table (page->paper, columns, taxed ? 5 : 4, cells, notes);
}

/* ── How to pay ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The address without its scheme: what people read; the link beneath is whole. */
static const char *
short_url (const char *url)
{
  const char *rest = strstr (url, "://");

  return rest != NULL ? rest + 3 : url;
}

static double
add_link (const Page *page, double x, double y, double width)
{
  CobroSheet *sheet = page->paper->sheet;
  CobroPen strong = { .size = 9.5, .bold = TRUE, .colour = COBRO_INK, .lines = 2 };
  CobroPen quiet = { .size = 8, .colour = COBRO_DIM, .lines = 3 };
  CobroPen link = { .size = 7.5, .colour = cobro_sheet_accent_text (sheet), .lines = 8, .url = page->setup->url };
  double top = y;

  cobro_sheet_qr (sheet, page->setup->url, x - 6, y - 4, QR_SIDE);
  x += QR_SIDE;
  width -= QR_SIDE;
  y += 4;
  y += cobro_sheet_text (sheet, &strong, cobro_word (COBRO_WORD_PAY_ONLINE, page->locale), x, y, width) + 2;
  y += cobro_sheet_text (sheet, &quiet, cobro_word (COBRO_WORD_SCAN, page->locale), x, y, width) + 2;
  y += cobro_sheet_text (sheet, &link, short_url (page->setup->url), x, y, width);
  return MAX (y - top, QR_SIDE - 4);
}

/* Labels beside the values, or small above them where a code takes the room. */
static double
add_bank_rows (const Page *page, GPtrArray *rows, gboolean narrow, double x, double y, double width)
{
  CobroSheet *sheet = page->paper->sheet;
  CobroPen label = { .size = narrow ? 7 : 8, .colour = COBRO_DIM, .lines = 2 };
  CobroPen value = { .size = 8.5, .colour = COBRO_INK, .lines = 4 };
  double top = y, beside = narrow ? 0 : width * 0.34;

  for (guint i = 0; i < rows->len; i++)
    {
      const CobroTextRow *row = g_ptr_array_index (rows, i);
      double first =
        cobro_sheet_text (sheet, &label, row->label, x, y + (narrow ? 0 : 0.4), narrow ? width : beside - 6);
      double second =
        cobro_sheet_text (sheet, &value, row->value, x + beside, y + (narrow ? first - 1 : 0), width - beside);

      y += narrow ? first + second : MAX (first, second) + 2;
    }
  return y - top;
}

static double
add_bank (const Page *page, double x, double y, double width)
{
  CobroSheet *sheet = page->paper->sheet;
  const CobroInvoice *invoice = page->invoice;
  g_autoptr (GPtrArray) rows = cobro_document_bank (invoice, page->locale);
  g_autofree char *epc = cobro_epc_text (invoice->seller.name, invoice->iban, invoice->bic, page->due, invoice->number);
  CobroPen strong = { .size = 9.5, .bold = TRUE, .colour = COBRO_INK, .lines = 2 };
  CobroPen quiet = { .size = 8, .colour = COBRO_DIM, .lines = 2 };
  CobroPen note = { .size = 8.5, .colour = COBRO_INK, .foreign = TRUE, .lines = 14 };
  gboolean code = epc != NULL && cobro_sheet_qr (sheet, epc, x - 6, y - 4, QR_SIDE);
  double top = y, indent = code ? QR_SIDE : 0;

  if (rows->len == 0 && *invoice->bank_note == '\0')
    return 0;
  y += cobro_sheet_text (sheet, &strong, cobro_word (COBRO_WORD_BANK_TRANSFER, page->locale), x + indent, y,
                         width - indent);
  if (code)
    y +=
      cobro_sheet_text (sheet, &quiet, cobro_word (COBRO_WORD_SCAN_BANK, page->locale), x + indent, y, width - indent);
  y += add_bank_rows (page, rows, code, x + indent, y + 3, width - indent) + 3;
  if (code)
    y = MAX (y, top + QR_SIDE - 4);
  if (*invoice->bank_note != '\0')
    y += cobro_sheet_text (sheet, &note, invoice->bank_note, x, y + 2, width) + 4;
  return y - top;
}

/* A code for the page, a code and the numbers for the bank: side by side where there are both. */
static void
add_ways (const Page *page)
{
  CobroSheet *sheet = page->paper->sheet;
  gboolean online = page->setup->url != NULL && *page->setup->url != '\0';
  gboolean bank = *page->invoice->iban != '\0' || *page->invoice->bank_note != '\0';
  double full = cobro_sheet_get_width (sheet), width = full, height = 0, other = 0;

  if (!asks (page) || (!online && !bank))
    return;
  if (online && bank)
    width = (full - 2 * COBRO_PAPER_GAP) / 2;
  if (online)
    height = add_link (page, 0, 4, width);
  if (bank)
    other = add_bank (page, full - width, 4, width);
  cobro_sheet_end (sheet, MAX (height, other) + 4, COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 14);
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
all_sums (const Page *page)
{
  GPtrArray *rows = cobro_document_sums (page->invoice, page->locale);
  g_autoptr (GPtrArray) settled = cobro_document_settled (page->invoice, page->view, page->locale);

  while (settled->len > 0)
    g_ptr_array_add (rows, g_ptr_array_steal_index (settled, 0));
  return rows;
}

static double
add_sum_rows (const Page *page, GPtrArray *rows, double x, double width)
{
  double y = 2;

  for (guint i = 0; i < rows->len; i++)
    y += cobro_paper_sum (page->paper->sheet, g_ptr_array_index (rows, i), x, y, width);
  return y;
}

static double
add_due (const Page *page, double x, double y, double width)
{
  gboolean credit = page->invoice->kind == COBRO_INVOICE_CREDIT_NOTE;
  g_autofree char *amount = cobro_money_text (credit ? page->invoice->totals->total : page->due, page->locale);
  g_autofree char *date = cobro_civil_date_text (page->invoice->due_date, page->locale);
  g_autofree char *by = cobro_words (COBRO_WORD_BY_DATE, page->locale, "date", date, NULL);
  CobroWord word = credit ? COBRO_WORD_TOTAL_CREDIT : COBRO_WORD_AMOUNT_DUE;

  return cobro_paper_big (page->paper->sheet, cobro_word (word, page->locale), amount,
                          asks (page) && *date != '\0' ? by : "", x, y, width);
}

static void
add_plan (const Page *page)
{
  g_autoptr (GPtrArray) parts = cobro_document_plan (page->invoice, page->locale);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  const CobroColumn columns[2] = {
    { cobro_word (COBRO_WORD_PLAN, page->locale), COBRO_SIDE_START, 0, 0, FALSE, FALSE },
    { cobro_word (COBRO_WORD_AMOUNT, page->locale), COBRO_SIDE_END, 80, 140, FALSE, FALSE },
  };

  for (guint i = 0; i < parts->len; i++)
    {
      const CobroTextRow *row = g_ptr_array_index (parts, i);

      g_ptr_array_add (cells, g_strdup (row->label));
      g_ptr_array_add (cells, g_strdup (row->value));
    }
  if (parts->len > 0)
    cobro_paper_table (page->paper, columns, 2, cells, NULL);
}

static void
add_sums (const Page *page)
{
  CobroSheet *sheet = page->paper->sheet;
  g_autoptr (GPtrArray) rows = all_sums (page);
  double full = cobro_sheet_get_width (sheet), width = full * 0.5, x = full - width, y = 0;

  if (rows->len > SUMS_MAX)
    for (guint i = 0; i < rows->len; i++)
      {
        double height = cobro_paper_sum (sheet, g_ptr_array_index (rows, i), x, 0, width);

        cobro_sheet_end (sheet, height, COBRO_BLOCK_PLAIN);
      }
  else
    y = add_sum_rows (page, rows, x, width) + 4;
  if (is_paid (page))
    cobro_sheet_stamp (sheet, PAID_GREEN, cobro_word (COBRO_WORD_PAID_MARK, page->locale), 6, 16);
  y += add_due (page, x, y, width);
  cobro_sheet_end (sheet, MAX (y, 70), COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 14);
}

/* ── Whole ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
add_legal (const Page *page)
{
  g_autoptr (GPtrArray) sentences = cobro_document_legal (page->invoice, page->locale);

  for (guint i = 0; i < sentences->len; i++)
    cobro_paper_words (page->paper, "", g_ptr_array_index (sentences, i), TRUE);
  cobro_paper_words (page->paper, "", page->invoice->footer, TRUE);
}

static void
add_parties (const Page *page)
{
  g_autoptr (GPtrArray) seller = cobro_document_party (&page->invoice->seller, page->locale);
  g_autoptr (GPtrArray) buyer = cobro_document_party (&page->invoice->buyer, page->locale);
  g_autoptr (GPtrArray) delivery = cobro_document_address (&page->invoice->delivery, page->locale);
  const CobroPaperParty parties[] = { { COBRO_WORD_FROM, seller },
                                      { COBRO_WORD_BILL_TO, buyer },
                                      { COBRO_WORD_DELIVER_TO, delivery } };

  cobro_paper_parties (page->paper, parties, G_N_ELEMENTS (parties));
}

static void
add_strip (const Page *page)
{
  g_autoptr (GPtrArray) rows = cobro_document_dates (page->invoice, page->locale);

  if (asks (page))
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_AMOUNT_DUE, page->locale),
                          cobro_money_text (page->due, page->locale));
  cobro_paper_strip (page->paper, rows);
}

static void
set_marks (const Page *page, const char *title, const char *number, const char *seller)
{
  CobroSheet *sheet = page->paper->sheet;
  g_autofree char *head = g_strdup_printf ("%s%s%s · %s", title, *number != '\0' ? " " : "", number, seller);
  g_autofree char *foot = page->invoice->livemode
                            ? g_strdup (head)
                            : g_strdup_printf ("%s · %s", head, cobro_word (COBRO_WORD_TEST_MARK, page->locale));

  cobro_sheet_set_running (sheet, foot, head);
  if (page->invoice->decision == COBRO_INVOICE_DRAFT)
    cobro_sheet_set_watermark (sheet, cobro_word (COBRO_WORD_DRAFT, page->locale), PALE);
  else if (page->invoice->decision == COBRO_INVOICE_VOID)
    cobro_sheet_set_watermark (sheet, cobro_word (COBRO_WORD_VOID_MARK, page->locale), PALE_RED);
}

/* (transfer full) what stands below the title: drafts have no number yet, and void ones say so in words, too: a mark in
 * the background is for eyes alone. */
static char *
number_line (const Page *page, const char *number)
{
  if (page->invoice->decision == COBRO_INVOICE_DRAFT)
    return g_strdup (cobro_word (COBRO_WORD_DRAFT, page->locale));
  if (page->invoice->decision == COBRO_INVOICE_VOID)
    return g_strdup_printf ("%s · %s", number, cobro_word (COBRO_WORD_VOID_MARK, page->locale));
  return g_strdup (number);
}

CobroPaper *
cobro_paper_new_invoice (const CobroInvoice *invoice, const CobroInvoiceView *view, const CobroPaperSetup *setup)
{
  CobroPaper *paper;
  Page page;
  g_autofree char *title = NULL, *number = NULL, *seller = NULL, *line = NULL;

  g_return_val_if_fail (invoice->totals != NULL, NULL);

  paper = cobro_paper_begin (setup, invoice->seller.address.country);
  page =
    (Page){ paper, invoice, view, setup, cobro_sheet_get_locale (paper->sheet), cobro_document_due (invoice, view) };
  title = cobro_document_title (invoice, page.locale);
  number = cobro_document_number (invoice);
  seller = cobro_clean_line (invoice->seller.name);
  cobro_paper_name (paper, title, invoice->number, seller);
  paper->date = *invoice->issue_date != '\0' ? g_strconcat (invoice->issue_date, "T00:00:00Z", NULL) : g_strdup ("");
  line = number_line (&page, number);
  set_marks (&page, title, number, seller);
  cobro_paper_head (paper, setup, seller, title, line);
  add_parties (&page);
  add_strip (&page);
  add_lines (&page);
  add_sums (&page);
  add_plan (&page);
  add_ways (&page);
  cobro_paper_words (paper, cobro_word (COBRO_WORD_NOTES, page.locale), invoice->notes, FALSE);
  add_legal (&page);
  return paper;
}
