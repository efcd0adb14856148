/* src/document/cobro-paper-receipt.c — receipts and statements on paper. Layer: document. */
#include <string.h>

#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-paper-private.h"

#define PAID_GREEN ((CobroColour){ 23, 122, 72 })

static gboolean
is_something (CobroMoney money)
{
  return cobro_money_is_set (money) && !cobro_money_is_zero (money);
}

/* (transfer full) */
static char *
name_of (const CobroParty *seller, const CobroPaperSetup *setup)
{
  g_autofree char *name = cobro_clean_line (seller->name);

  return *name == '\0' && setup->seller != NULL ? cobro_clean_line (setup->seller) : g_steal_pointer (&name);
}

static void
add_parties (CobroPaper *paper, const CobroParty *seller, const char *name, CobroWord heading, GPtrArray *lines)
{
  g_autoptr (GPtrArray) from = cobro_document_party (seller, cobro_sheet_get_locale (paper->sheet));
  const CobroPaperParty parties[] = { { COBRO_WORD_FROM, from }, { heading, lines } };

  if (*seller->name == '\0')
    g_ptr_array_insert (from, 0, g_strdup (name));
  cobro_paper_parties (paper, parties, G_N_ELEMENTS (parties));
}

/* ── Receipt ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
add_rest (CobroPaper *paper, const CobroPayment *payment, CobroLocale *locale, double x, double width, double *y)
{
  const struct
  {
    CobroWord word;
    CobroMoney money;
  } parts[] = { { COBRO_WORD_REFUNDED, payment->refunded }, { COBRO_WORD_CHARGED_BACK, payment->lost } };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (is_something (parts[i].money))
      {
        g_autofree char *amount = cobro_money_text (parts[i].money, locale);
        CobroTextRow row = { .label = (char *)cobro_word (parts[i].word, locale), .value = amount };

        *y += 6 + cobro_paper_sum (paper->sheet, &row, x, *y + 6, width);
      }
}

static void
add_paid (CobroPaper *paper, const CobroPayment *payment, CobroLocale *locale)
{
  CobroSheet *sheet = paper->sheet;
  CobroMoney money = cobro_money_is_set (payment->received) ? payment->received : payment->amount;
  g_autofree char *amount = cobro_money_text_with_code (money, locale);
  double full = cobro_sheet_get_width (sheet), width = full * 0.55, y;

  y = cobro_paper_big (sheet, cobro_word (COBRO_WORD_AMOUNT_PAID, locale), amount, "", 0, 0, width);
  cobro_sheet_stamp (sheet, PAID_GREEN, cobro_word (COBRO_WORD_PAID_MARK, locale), width + 40, 22);
  add_rest (paper, payment, locale, 0, width, &y);
  cobro_sheet_end (sheet, MAX (y, 80), COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 18);
}

static void
add_receipt_rows (CobroPaper *paper, const CobroPayment *payment, const char *what, const char *zone,
                  CobroLocale *locale)
{
  g_autoptr (GPtrArray) rows = cobro_text_rows_new ();

  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID_ON, locale), cobro_document_paid_on (payment, zone, locale));
  if (*payment->method != '\0' || *payment->method_detail != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID_WITH, locale), cobro_document_method (payment, locale));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID_FOR, locale), g_strdup (what));
  cobro_paper_strip (paper, rows);
}

static GPtrArray *
payer_lines (const CobroPayment *payment, const CobroInvoice *invoice, CobroLocale *locale)
{
  CobroParty payer;
  GPtrArray *lines;

  if (invoice != NULL)
    return cobro_document_party (&invoice->buyer, locale);
  cobro_party_init (&payer);
  g_free (payer.name);
  g_free (payer.email);
  payer.name = g_strdup (payment->payer_name);
  payer.email = g_strdup (payment->payer_email);
  lines = cobro_document_party (&payer, locale);
  cobro_party_clear (&payer);
  return lines;
}

static char *
matter (const CobroInvoice *invoice, const char *title, CobroLocale *locale)
{
  g_autofree char *kind = NULL, *number = NULL;

  if (invoice == NULL)
    return cobro_clean_line (title);
  kind = cobro_document_title (invoice, locale);
  number = cobro_document_number (invoice);
  return g_strdup_printf ("%s %s", kind, number);
}

CobroPaper *
cobro_paper_new_receipt (const CobroPayment *payment, const CobroInvoice *invoice, const char *title,
                         const CobroParty *seller, const CobroPaperSetup *setup)
{
  const CobroParty *from = invoice != NULL ? &invoice->seller : seller;
  CobroPaper *paper = cobro_paper_begin (setup, from->address.country);
  CobroLocale *locale = cobro_sheet_get_locale (paper->sheet);
  const char *word = cobro_word (COBRO_WORD_RECEIPT, locale);
  g_autofree char *what = matter (invoice, title, locale);
  g_autofree char *name = name_of (from, setup);
  g_autofree char *foot =
    g_strdup_printf ("%s · %s · %s%s%s", word, name, payment->id.text, payment->livemode ? "" : " · ",
                     payment->livemode ? "" : cobro_word (COBRO_WORD_TEST_MARK, locale));
  g_autoptr (GPtrArray) lines = payer_lines (payment, invoice, locale);

  cobro_paper_name (paper, word, invoice != NULL && *invoice->number != '\0' ? invoice->number : payment->id.text,
                    name);
  paper->date = payment->created_at > 0 ? cobro_time_to_text (payment->created_at) : g_strdup ("");
  cobro_sheet_set_running (paper->sheet, foot, foot);
  cobro_paper_head (paper, setup, name, word, what);
  add_parties (paper, from, name, COBRO_WORD_RECEIVED_FROM, lines);
  add_receipt_rows (paper, payment, what, setup->zone, locale);
  add_paid (paper, payment, locale);
  cobro_paper_words (paper, "", cobro_word (COBRO_WORD_RECEIPT_NOTE, locale), FALSE);
  cobro_paper_words (paper, "", payment->id.text, TRUE);
  return paper;
}

/* ── Statement ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
day_text (CobroDay day, CobroLocale *locale)
{
  char text[COBRO_DATE_SIZE];

  cobro_day_to_text (day, text);
  return cobro_civil_date_text (text, locale);
}

static CobroWord
entry_word (CobroStatementKind kind)
{
  switch (kind)
    {
    case COBRO_STATEMENT_INVOICE:
      return COBRO_WORD_INVOICE;
    case COBRO_STATEMENT_CREDIT_NOTE:
      return COBRO_WORD_CREDIT_NOTE;
    case COBRO_STATEMENT_PAYMENT:
      return COBRO_WORD_PAYMENT;
    case COBRO_STATEMENT_REFUND:
      return COBRO_WORD_REFUND;
    }
  return COBRO_WORD_INVOICE;
}

static void
take_cells (GPtrArray *cells, char *date, char *what, char *charge, char *credit, char *balance)
{
  g_ptr_array_add (cells, date);
  g_ptr_array_add (cells, what);
  g_ptr_array_add (cells, charge);
  g_ptr_array_add (cells, credit);
  g_ptr_array_add (cells, balance);
}

static void
take_entry (GPtrArray *cells, const CobroStatementEntry *entry, CobroLocale *locale)
{
  gboolean charge = entry->kind == COBRO_STATEMENT_INVOICE || entry->kind == COBRO_STATEMENT_REFUND;
  g_autofree char *amount = cobro_money_text_plain (entry->amount, locale);
  g_autofree char *text = cobro_clean_line (entry->text);

  take_cells (cells, day_text (entry->date, locale),
              g_strdup_printf ("%s %s", cobro_word (entry_word (entry->kind), locale), text),
              g_strdup (charge ? amount : ""), g_strdup (charge ? "" : amount),
              cobro_money_text_plain (entry->balance, locale));
}

static void
add_entries (CobroPaper *paper, const CobroStatement *statement, CobroLocale *locale)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  const CobroColumn columns[5] = {
    { cobro_word (COBRO_WORD_DATE, locale), COBRO_SIDE_START, 56, 90, FALSE, FALSE },
    { cobro_word (COBRO_WORD_ENTRY, locale), COBRO_SIDE_START, 0, 0, TRUE, FALSE },
    { cobro_word (COBRO_WORD_CHARGES, locale), COBRO_SIDE_END, 56, 96, FALSE, FALSE },
    { cobro_word (COBRO_WORD_CREDITS, locale), COBRO_SIDE_END, 56, 96, FALSE, FALSE },
    { cobro_word (COBRO_WORD_BALANCE, locale), COBRO_SIDE_END, 56, 100, FALSE, FALSE },
  };

  take_cells (cells, day_text (statement->from, locale), g_strdup (cobro_word (COBRO_WORD_OPENING, locale)),
              g_strdup (""), g_strdup (""), cobro_money_text_plain (statement->opening, locale));
  for (guint i = 0; i < statement->entries->len; i++)
    take_entry (cells, g_ptr_array_index (statement->entries, i), locale);
  if (statement->entries->len == 0)
    take_cells (cells, g_strdup (""), g_strdup (cobro_word (COBRO_WORD_NO_ENTRIES, locale)), g_strdup (""),
                g_strdup (""), g_strdup (""));
  cobro_paper_table (paper, columns, 5, cells, NULL);
}

static void
add_ageing (CobroPaper *paper, const CobroAgeing *ageing, CobroLocale *locale)
{
  const struct
  {
    CobroWord word;
    CobroMoney money;
  } buckets[] = {
    { COBRO_WORD_AGE_CURRENT, ageing->current }, { COBRO_WORD_AGE_30, ageing->days_30 },
    { COBRO_WORD_AGE_60, ageing->days_60 },      { COBRO_WORD_AGE_90, ageing->days_90 },
    { COBRO_WORD_AGE_OLDER, ageing->older },
  };
  CobroColumn columns[G_N_ELEMENTS (buckets)];
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  CobroPen title = { .size = 9.5, .bold = TRUE, .colour = COBRO_INK, .lines = 2 };
  double width = cobro_sheet_get_width (paper->sheet) / G_N_ELEMENTS (buckets) - 8, height;

  height = cobro_sheet_text (paper->sheet, &title, cobro_word (COBRO_WORD_AGEING, locale), 0, 0,
                             cobro_sheet_get_width (paper->sheet));
  cobro_sheet_end (paper->sheet, height + 8, COBRO_BLOCK_KEEP);
  for (guint i = 0; i < G_N_ELEMENTS (buckets); i++)
    {
      columns[i] = (CobroColumn){ cobro_word (buckets[i].word, locale), COBRO_SIDE_END, width, width, FALSE, FALSE };
      g_ptr_array_add (cells, cobro_money_text_plain (buckets[i].money, locale));
    }
  cobro_paper_table (paper, columns, G_N_ELEMENTS (buckets), cells, NULL);
}

static void
add_closing (CobroPaper *paper, const CobroStatement *statement, CobroLocale *locale)
{
  CobroSheet *sheet = paper->sheet;
  CobroMoney closing = statement->closing;
  gboolean credit = cobro_money_is_negative (closing) && cobro_money_negate (closing, &closing, NULL);
  g_autofree char *amount = cobro_money_text_with_code (closing, locale);
  double full = cobro_sheet_get_width (sheet), width = full * 0.47, y;

  y = cobro_paper_big (sheet, cobro_word (credit ? COBRO_WORD_IN_CREDIT : COBRO_WORD_CLOSING, locale), amount, "",
                       full - width, 0, width);
  cobro_sheet_end (sheet, y, COBRO_BLOCK_PLAIN);
  cobro_sheet_space (sheet, 18);
}

static void
add_period (CobroPaper *paper, const CobroStatement *statement, const CobroPaperSetup *setup, CobroLocale *locale)
{
  g_autoptr (GPtrArray) rows = cobro_text_rows_new ();
  g_autofree char *from = day_text (statement->from, locale), *to = day_text (statement->to, locale);

  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PERIOD, locale),
                        cobro_words (COBRO_WORD_PERIOD_VALUE, locale, "from", from, "to", to, NULL));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_STATEMENT_DATE, locale), day_text (setup->today, locale));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_CLOSING, locale), cobro_money_text (statement->closing, locale));
  cobro_paper_strip (paper, rows);
}

CobroPaper *
cobro_paper_new_statement (const CobroStatement *statement, const CobroParty *seller, const CobroParty *buyer,
                           const CobroPaperSetup *setup)
{
  CobroPaper *paper = cobro_paper_begin (setup, seller->address.country);
  CobroLocale *locale = cobro_sheet_get_locale (paper->sheet);
  const char *title = cobro_word (COBRO_WORD_STATEMENT, locale);
  g_autoptr (GPtrArray) lines = cobro_document_party (buyer, locale);
  g_autofree char *name = name_of (seller, setup), *customer = cobro_clean_line (buyer->name);
  g_autofree char *foot = g_strdup_printf ("%s · %s · %s", title, name, customer);
  char date[COBRO_DATE_SIZE];

  cobro_day_to_text (setup->today, date);
  cobro_paper_name (paper, title, customer, name);
  paper->date = g_strconcat (date, "T00:00:00Z", NULL);
  cobro_sheet_set_running (paper->sheet, foot, foot);
  cobro_paper_head (paper, setup, name, title, "");
  add_parties (paper, seller, name, COBRO_WORD_STATEMENT_FOR, lines);
  add_period (paper, statement, setup, locale);
  add_entries (paper, statement, locale);
  add_closing (paper, statement, locale);
  add_ageing (paper, &statement->ageing, locale);
  return paper;
}
