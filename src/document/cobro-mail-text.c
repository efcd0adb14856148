/* src/document/cobro-mail-text.c — what each kind of mail says. Layer: document. Pure; any thread. */
#include "cobro-mail-text.h"

#include <string.h>

#include "cobro-date-text.h"
#include "cobro-letter.h"
#include "cobro-money-text.h"
#include "cobro-names.h"

#define SUBJECT_MAX 150
#define LINES_MAX   40 /* further lines stand in the document: a mail is read on a telephone */

static const char *const kinds[] = { "invoice", "reminder", "receipt", "credit_note", "voided", "paid_notice" };
COBRO_DEFINE_NAMES (CobroMailKind, cobro_mail_kind, kinds)

/* Everything that sentences are made of. */
typedef struct
{
  const CobroMailFacts *facts;
  CobroLocale *locale;
  char *number, *seller, *amount, *date, *what, *payer, *title;
} Writing;

static void
writing_clear (Writing *writing)
{
  cobro_locale_unref (writing->locale);
  g_free (writing->number);
  g_free (writing->seller);
  g_free (writing->amount);
  g_free (writing->date);
  g_free (writing->what);
  g_free (writing->payer);
  g_free (writing->title);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

static gboolean
is_about_payment (CobroMailKind kind)
{
  return kind == COBRO_MAIL_RECEIPT || kind == COBRO_MAIL_PAID_NOTICE;
}

/* What came in: the captured amount where the provider said it. */
static CobroMoney
payment_amount (const CobroPayment *payment)
{
  return cobro_money_is_set (payment->received) ? payment->received : payment->amount;
}

static CobroMoney
amount_of (const CobroMailFacts *facts)
{
  if (is_about_payment (facts->kind) && facts->payment != NULL)
    return payment_amount (facts->payment);
  if (facts->invoice == NULL || facts->invoice->totals == NULL)
    return COBRO_MONEY_NONE;
  return facts->kind == COBRO_MAIL_CREDIT_NOTE ? facts->invoice->totals->total
                                               : cobro_document_due (facts->invoice, facts->view);
}

static char *
payer_of (const CobroMailFacts *facts)
{
  g_autofree char *name = facts->payment != NULL ? cobro_clean_line (facts->payment->payer_name) : g_strdup ("");

  if (*name == '\0' && facts->invoice != NULL)
    return cobro_clean_line (facts->invoice->buyer.name);
  return g_steal_pointer (&name);
}

/* "invoice INV-7", or the link's title. */
static char *
subject_matter (const CobroMailFacts *facts, const char *number, CobroLocale *locale)
{
  if (facts->invoice != NULL)
    return cobro_words (COBRO_WORD_INVOICE_NUMBER, locale, "number", number, NULL);
  return cobro_clean_line (facts->title);
}

static Writing
write_facts (const CobroMailFacts *facts)
{
  const CobroInvoice *invoice = facts->invoice;
  Writing writing = { .facts = facts };

  writing.locale = cobro_words_locale (facts->locale, invoice != NULL ? invoice->seller.address.country : NULL);
  writing.number = invoice != NULL ? cobro_document_number (invoice) : g_strdup ("");
  writing.seller = cobro_clean_line (facts->seller);
  writing.amount = cobro_money_text_with_code (amount_of (facts), writing.locale);
  writing.date = invoice != NULL ? cobro_civil_date_text (invoice->due_date, writing.locale) : g_strdup ("");
  writing.what = subject_matter (facts, writing.number, writing.locale);
  writing.payer = payer_of (facts);
  writing.title = invoice != NULL ? cobro_document_title (invoice, writing.locale) : g_strdup ("");
  return writing;
}

static char *
say (const Writing *writing, CobroWord word)
{
  const CobroInvoice *invoice = writing->facts->invoice;

  return cobro_words (word, writing->locale, "number", writing->number, "seller", writing->seller, "amount",
                      writing->amount, "date", writing->date, "what", writing->what, "payer", writing->payer, "title",
                      writing->title, "corrects", invoice != NULL ? invoice->corrects_number : "", NULL);
}

/* ── Subject ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroWord
reminder_word (gint step, CobroWord soon, CobroWord today, CobroWord overdue)
{
  return step < 0 ? soon : step == 0 ? today : overdue;
}

static CobroWord
subject_word (const Writing *writing)
{
  switch (writing->facts->kind)
    {
    case COBRO_MAIL_INVOICE:
      return *writing->date != '\0' ? COBRO_WORD_SUBJECT_INVOICE_DUE : COBRO_WORD_SUBJECT_INVOICE;
    case COBRO_MAIL_REMINDER:
      return reminder_word (writing->facts->step, COBRO_WORD_SUBJECT_DUE_SOON, COBRO_WORD_SUBJECT_DUE_TODAY,
                            COBRO_WORD_SUBJECT_OVERDUE);
    case COBRO_MAIL_RECEIPT:
      return COBRO_WORD_SUBJECT_RECEIPT;
    case COBRO_MAIL_CREDIT_NOTE:
      return COBRO_WORD_SUBJECT_CREDIT_NOTE;
    case COBRO_MAIL_VOIDED:
      return COBRO_WORD_SUBJECT_VOIDED;
    case COBRO_MAIL_PAID_NOTICE:
      return *writing->payer != '\0' ? COBRO_WORD_SUBJECT_PAID_NOTICE_BY : COBRO_WORD_SUBJECT_PAID_NOTICE;
    }
  return COBRO_WORD_SUBJECT_INVOICE;
}

/* A header has no use for characters that isolate directions, and a mailbox shows no long line: names are what gives.
 */
static char *
make_subject (const Writing *writing)
{
  Writing brief = *writing;
  g_autofree char *seller = cobro_clip (writing->seller, 48), *what = cobro_clip (writing->what, 48),
                  *payer = cobro_clip (writing->payer, 36), *text = NULL, *line = NULL, *plain = NULL;

  brief.seller = seller;
  brief.what = what;
  brief.payer = payer;
  text = say (&brief, subject_word (writing));
  line = cobro_clean_line (text);
  plain = cobro_plain_blanks (line);
  return cobro_clip (plain, SUBJECT_MAX);
}

/* ── Parts ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
add_sentence (CobroLetter *letter, const Writing *writing, CobroWord word, gboolean quiet)
{
  g_autofree char *text = say (writing, word);

  cobro_letter_paragraph (letter, text, quiet);
}

static void
add_hello (CobroLetter *letter, const Writing *writing)
{
  const CobroInvoice *invoice = writing->facts->invoice;
  const char *name = invoice == NULL                   ? writing->payer
                     : *invoice->buyer.contact != '\0' ? invoice->buyer.contact
                                                       : invoice->buyer.name;
  g_autofree char *text = cobro_words (COBRO_WORD_HELLO, writing->locale, "name", name, NULL);

  if (*name != '\0')
    cobro_letter_paragraph (letter, text, FALSE);
  else
    add_sentence (letter, writing, COBRO_WORD_HELLO_NONE, FALSE);
}

static void
add_line (CobroLetter *letter, const Writing *writing, guint i)
{
  const CobroInvoice *invoice = writing->facts->invoice;
  const CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);
  g_autofree char *quantity = cobro_document_line_quantity (line, writing->locale),
                  *price = cobro_document_line_price (line, invoice->currency, writing->locale),
                  *discount = cobro_document_line_discount (line, writing->locale),
                  *what = cobro_clip (line->description, 300),
                  *detail = g_strdup_printf ("%s × %s%s%s", quantity, price, *discount != '\0' ? " · " : "", discount),
                  *amount = cobro_money_text (invoice->totals->lines[i], writing->locale);

  cobro_letter_line (letter, what, detail, amount);
}

static void
add_lines (CobroLetter *letter, const Writing *writing)
{
  const CobroInvoice *invoice = writing->facts->invoice;
  guint n = MIN (invoice->lines->len, (guint)invoice->totals->n_lines);
  g_autofree char *count = cobro_number_text ((gint64)n - LINES_MAX, writing->locale);
  g_autofree char *more = cobro_words (COBRO_WORD_MORE_LINES, writing->locale, "count", count, NULL);

  for (guint i = 0; i < MIN (n, LINES_MAX); i++)
    add_line (letter, writing, i);
  if (n > LINES_MAX)
    cobro_letter_paragraph (letter, more, TRUE);
}

static void
add_sums (CobroLetter *letter, const Writing *writing)
{
  const CobroInvoice *invoice = writing->facts->invoice;
  g_autoptr (GPtrArray) sums = cobro_document_sums (invoice, writing->locale);
  g_autoptr (GPtrArray) settled = cobro_document_settled (invoice, writing->facts->view, writing->locale);

  if (settled->len > 0)
    {
      cobro_text_rows_take (settled, cobro_word (COBRO_WORD_AMOUNT_DUE, writing->locale),
                            cobro_money_text (cobro_document_due (invoice, writing->facts->view), writing->locale));
      ((CobroTextRow *)g_ptr_array_index (settled, settled->len - 1))->strong = TRUE;
    }
  cobro_letter_rows (letter, "", sums);
  cobro_letter_rows (letter, "", settled);
}

static void
add_details (CobroLetter *letter, const Writing *writing)
{
  g_autoptr (GPtrArray) rows = cobro_document_dates (writing->facts->invoice, writing->locale);
  CobroTextRow *number;

  cobro_text_rows_take (rows, writing->title, g_strdup (writing->number));
  number = g_ptr_array_steal_index (rows, rows->len - 1);
  g_ptr_array_insert (rows, 0, number);
  cobro_letter_rows (letter, "", rows);
}

static void
add_bank (CobroLetter *letter, const Writing *writing)
{
  const CobroInvoice *invoice = writing->facts->invoice;
  g_autoptr (GPtrArray) bank = cobro_document_bank (invoice, writing->locale);
  g_autoptr (GPtrArray) plan = cobro_document_plan (invoice, writing->locale);

  cobro_letter_rows (letter, cobro_word (COBRO_WORD_PLAN, writing->locale), plan);
  cobro_letter_rows (letter, cobro_word (COBRO_WORD_BANK_TRANSFER, writing->locale), bank);
  cobro_letter_paragraph (letter, invoice->bank_note, FALSE);
}

static void
add_button (CobroLetter *letter, const Writing *writing)
{
  const CobroMailFacts *facts = writing->facts;
  g_autofree char *pay = say (writing, COBRO_WORD_PAY_BUTTON);
  gboolean open = facts->kind != COBRO_MAIL_RECEIPT && (facts->view == NULL || facts->view->can_pay);

  if (facts->url != NULL)
    cobro_letter_button (letter, open ? pay : cobro_word (COBRO_WORD_VIEW_BUTTON, writing->locale), facts->url);
}

static void
add_closing (CobroLetter *letter, const Writing *writing, CobroWord attached)
{
  const CobroMailFacts *facts = writing->facts;

  if (facts->attached)
    add_sentence (letter, writing, attached, FALSE);
  add_sentence (letter, writing, COBRO_WORD_SAY_QUESTIONS, TRUE);
  if (facts->support != NULL)
    cobro_letter_paragraph (letter, facts->support, TRUE);
  add_sentence (letter, writing, COBRO_WORD_SAY_AUTOMATIC, TRUE);
}

/* ── Kinds ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Number, dates, lines, subtotal, tax, total: the whole document (INV-10). */
static void
add_document (CobroLetter *letter, const Writing *writing)
{
  add_details (letter, writing);
  add_lines (letter, writing);
  add_sums (letter, writing);
}

static void
add_due (CobroLetter *letter, const Writing *writing)
{
  const CobroMailFacts *facts = writing->facts;
  g_autofree char *by = cobro_words (COBRO_WORD_BY_DATE, writing->locale, "date", writing->date, NULL);
  CobroMoney due = cobro_document_due (facts->invoice, facts->view);
  gboolean late = facts->kind == COBRO_MAIL_REMINDER && facts->step > 0;

  if (cobro_money_is_zero (due))
    add_sentence (letter, writing, COBRO_WORD_SAY_NOTHING_DUE, FALSE);
  else
    cobro_letter_amount (letter, cobro_word (COBRO_WORD_AMOUNT_DUE, writing->locale), writing->amount,
                         *writing->date != '\0' && !late ? by : "");
}

static void
write_invoice (CobroLetter *letter, const Writing *writing)
{
  const CobroMailFacts *facts = writing->facts;

  add_hello (letter, writing);
  if (facts->greeting != NULL && *facts->greeting != '\0')
    cobro_letter_paragraph (letter, facts->greeting, FALSE);
  else
    add_sentence (letter, writing, COBRO_WORD_SAY_INVOICE, FALSE);
  add_due (letter, writing);
  add_button (letter, writing);
  add_document (letter, writing);
  add_bank (letter, writing);
  cobro_letter_paragraph (letter, facts->invoice->notes, FALSE);
  add_closing (letter, writing, COBRO_WORD_SAY_ATTACHED_INVOICE);
}

static void
write_reminder (CobroLetter *letter, const Writing *writing)
{
  add_hello (letter, writing);
  add_sentence (
    letter, writing,
    reminder_word (writing->facts->step, COBRO_WORD_SAY_DUE_SOON, COBRO_WORD_SAY_DUE_TODAY, COBRO_WORD_SAY_OVERDUE),
    FALSE);
  add_due (letter, writing);
  add_button (letter, writing);
  add_document (letter, writing);
  add_bank (letter, writing);
  add_sentence (letter, writing, COBRO_WORD_SAY_CROSSED, FALSE);
  add_closing (letter, writing, COBRO_WORD_SAY_ATTACHED_INVOICE);
}

static void
add_payment_rows (CobroLetter *letter, const Writing *writing, gboolean for_merchant)
{
  const CobroPayment *payment = writing->facts->payment;
  g_autoptr (GPtrArray) rows = cobro_text_rows_new ();
  CobroLocale *locale = writing->locale;

  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID_FOR, locale),
                        writing->facts->invoice != NULL ? g_strdup_printf ("%s %s", writing->title, writing->number)
                                                        : g_strdup (writing->what));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID_ON, locale),
                        cobro_document_paid_on (payment, writing->facts->zone, locale));
  if (*payment->method != '\0' || *payment->method_detail != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID_WITH, locale), cobro_document_method (payment, locale));
  if (for_merchant && *writing->payer != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAYER, locale), g_strdup (writing->payer));
  if (for_merchant && *payment->payer_email != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_EMAIL, locale), g_strdup (payment->payer_email));
  if (for_merchant && *payment->payer_phone != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PHONE, locale), g_strdup (payment->payer_phone));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAYMENT_ID, locale), g_strdup (payment->id.text));
  cobro_letter_rows (letter, "", rows);
}

static void
write_receipt (CobroLetter *letter, const Writing *writing)
{
  const CobroMailFacts *facts = writing->facts;

  add_hello (letter, writing);
  add_sentence (letter, writing, COBRO_WORD_SAY_RECEIPT, FALSE);
  cobro_letter_amount (letter, cobro_word (COBRO_WORD_AMOUNT_PAID, writing->locale), writing->amount, "");
  add_payment_rows (letter, writing, FALSE);
  if (facts->invoice != NULL)
    add_document (letter, writing);
  add_button (letter, writing);
  add_closing (letter, writing, COBRO_WORD_SAY_ATTACHED_RECEIPT);
}

static void
write_credit_note (CobroLetter *letter, const Writing *writing)
{
  add_hello (letter, writing);
  add_sentence (letter, writing, COBRO_WORD_SAY_CREDIT_NOTE, FALSE);
  cobro_letter_amount (letter, cobro_word (COBRO_WORD_TOTAL_CREDIT, writing->locale), writing->amount, "");
  add_document (letter, writing);
  add_closing (letter, writing, COBRO_WORD_SAY_ATTACHED_CREDIT_NOTE);
}

static void
write_voided (CobroLetter *letter, const Writing *writing)
{
  const CobroInvoiceView *view = writing->facts->view;
  gboolean paid = view != NULL && cobro_money_is_set (view->paid) && cobro_money_is_positive (view->paid);

  add_hello (letter, writing);
  add_sentence (letter, writing, COBRO_WORD_SAY_VOIDED, FALSE);
  if (paid)
    add_sentence (letter, writing, COBRO_WORD_SAY_VOIDED_PAID, FALSE);
  cobro_letter_paragraph (letter, writing->facts->invoice->void_reason, FALSE);
  add_details (letter, writing);
  add_closing (letter, writing, COBRO_WORD_SAY_ATTACHED_CREDIT_NOTE);
}

static void
write_paid_notice (CobroLetter *letter, const Writing *writing)
{
  add_sentence (letter, writing, *writing->payer != '\0' ? COBRO_WORD_SAY_PAID_NOTICE_BY : COBRO_WORD_SAY_PAID_NOTICE,
                FALSE);
  cobro_letter_amount (letter, cobro_word (COBRO_WORD_AMOUNT_PAID, writing->locale), writing->amount, "");
  add_payment_rows (letter, writing, TRUE);
  if (writing->facts->invoice != NULL)
    add_sums (letter, writing);
}

static void
write_body (CobroLetter *letter, const Writing *writing)
{
  switch (writing->facts->kind)
    {
    case COBRO_MAIL_INVOICE:
      write_invoice (letter, writing);
      break;
    case COBRO_MAIL_REMINDER:
      write_reminder (letter, writing);
      break;
    case COBRO_MAIL_RECEIPT:
      write_receipt (letter, writing);
      break;
    case COBRO_MAIL_CREDIT_NOTE:
      write_credit_note (letter, writing);
      break;
    case COBRO_MAIL_VOIDED:
      write_voided (letter, writing);
      break;
    case COBRO_MAIL_PAID_NOTICE:
      write_paid_notice (letter, writing);
      break;
    }
}

static gboolean
is_complete (const CobroMailFacts *facts)
{
  if (is_about_payment (facts->kind))
    return facts->payment != NULL && (facts->invoice != NULL || facts->title != NULL);
  return facts->invoice != NULL && facts->invoice->totals != NULL;
}

CobroMailText *
cobro_mail_text_new (const CobroMailFacts *facts)
{
  g_auto (Writing) writing = { 0 };
  g_autoptr (CobroLetter) letter = NULL;
  CobroMailText *text;

  g_return_val_if_fail (is_complete (facts), NULL);

  writing = write_facts (facts);
  text = g_new0 (CobroMailText, 1);
  text->subject = make_subject (&writing);
  letter = cobro_letter_new (writing.locale, facts->accent, text->subject, writing.seller, writing.amount);
  write_body (letter, &writing);
  text->plain = cobro_letter_plain (letter);
  text->html = cobro_letter_html (letter);
  return text;
}

void
cobro_mail_text_free (CobroMailText *text)
{
  if (text == NULL)
    return;
  g_free (text->subject);
  g_free (text->plain);
  g_free (text->html);
  g_free (text);
}
