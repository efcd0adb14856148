/* tests/document/test-document-mail.c — what mails say, in both bodies, and that nothing breaks out of them.
 * Layer: tests. */
#include "document-sample.h"

#include "cobro-words-table.h"
#include "document-hostile.h"
#include "document-language.h"

#include <string.h>

static CobroMailText *
write_mail (CobroMailKind kind, const char *language, const CobroInvoice *invoice, const CobroPayment *payment,
            gint step)
{
  CobroInvoiceView view = sample_view (invoice);
  CobroMailFacts facts = { .kind = kind,
                           .locale = language,
                           .invoice = invoice,
                           .view = &view,
                           .payment = payment,
                           .seller = invoice->seller.name,
                           .url = SAMPLE_URL,
                           .step = step,
                           .attached = TRUE };

  return cobro_mail_text_new (&facts);
}

static void
assert_says (const CobroMailText *text, const char *words)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1), *html = cobro_plain_blanks (text->html);

  if (strstr (text->plain, words) == NULL)
    g_error ("the plain text does not say \"%s\":\n%s", words, text->plain);
  if (strstr (html, escaped) == NULL)
    g_error ("the HTML does not say \"%s\":\n%s", words, text->html);
}

/* proves: INV-10 */
static void
test_invoice (void)
{
  static const char *const said[] = { "#502",      "1 Dec 2026",      "15 Dec 2026",        "Vacuum cleaner service",
                                      "Subtotal",  "$75.00",          "GST 10 % on $75.00", "$7.50",
                                      "Total AUD", "$82.50",          "AUD 82.50",          "Pay AUD 82.50",
                                      SAMPLE_URL,  "The Vacuum Shop", "Jane Buyer" };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  g_autoptr (CobroMailText) text = write_mail (COBRO_MAIL_INVOICE, "en", invoice, NULL, 0);
  g_autofree char *href = g_strdup_printf ("<a href=\"%s\"", SAMPLE_URL);

  g_assert_cmpstr (text->subject, ==, "Invoice #502 from The Vacuum Shop: AUD 82.50, due 15 Dec 2026");
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    assert_says (text, said[i]);
  g_assert_nonnull (strstr (text->html, href));
  g_assert_nonnull (strstr (text->html, "prefers-color-scheme:dark"));
}

static void
test_spanish (void)
{
  static const char *const said[] = { "F-2026-00042",   "31 dic 2026", "Base imponible",
                                      "IVA 21 % sobre", "IBAN",        "ES91 2100 0418 4502 0005 1332" };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("es", 2);
  g_autoptr (CobroMailText) text = NULL;

  invoice->shipping = cobro_money (2711, invoice->currency);
  g_assert_true (cobro_invoice_compute (invoice, NULL));
  text = write_mail (COBRO_MAIL_INVOICE, "es", invoice, NULL, 0);
  g_assert_true (g_str_has_prefix (text->subject, "Factura F-2026-00042 de Café de Ana, S.L.: "));
  g_assert_true (g_str_has_suffix (text->subject, ", vence el 31 dic 2026"));
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    assert_says (text, said[i]);
  g_assert_nonnull (strstr (text->html, "<html lang=\"es"));
}

static void
test_kinds (void)
{
  static const struct
  {
    CobroMailKind kind;
    gint step;
    const char *subject, *body;
  } cases[] = {
    { COBRO_MAIL_REMINDER, -3, "Reminder: invoice #502 from The Vacuum Shop is due 15 Dec 2026: AUD 82.50",
      "friendly" },
    { COBRO_MAIL_REMINDER, 0, "Invoice #502 from The Vacuum Shop is due today: AUD 82.50", "is due today" },
    { COBRO_MAIL_REMINDER, 14, "Overdue: invoice #502 from The Vacuum Shop, AUD 82.50, was due 15 Dec 2026",
      "still open" },
    { COBRO_MAIL_RECEIPT, 0, "Receipt from The Vacuum Shop: AUD 82.50 for invoice #502", "has received your payment" },
    { COBRO_MAIL_CREDIT_NOTE, 0, "Adjustment Note #502 from The Vacuum Shop: AUD 82.50", "corrects invoice 501" },
    { COBRO_MAIL_VOIDED, 0, "Invoice #502 from The Vacuum Shop was cancelled: please do not pay it",
      "Please do not pay it" },
    { COBRO_MAIL_PAID_NOTICE, 0, "Jane Buyer paid AUD 82.50 for invoice #502", "jane@buyer.example" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
      g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
      g_autoptr (CobroMailText) text = NULL;
      CobroMailKind kind;

      if (cases[i].kind == COBRO_MAIL_CREDIT_NOTE)
        {
          invoice->kind = COBRO_INVOICE_CREDIT_NOTE;
          sample_put (&invoice->corrects_number, "501");
        }
      text = write_mail (cases[i].kind, "en", invoice, payment, cases[i].step);
      g_assert_cmpstr (text->subject, ==, cases[i].subject);
      assert_says (text, cases[i].body);
      g_assert_true (cobro_mail_kind_from_name (cobro_mail_kind_name (cases[i].kind), &kind) && kind == cases[i].kind);
    }
}

/* Every kind in every language: all of it in that language, amounts and dates as it writes them. */
static void
test_languages (void)
{
  for (guint i = 0; i < COBRO_N_LANGUAGES; i++)
    for (guint kind = COBRO_MAIL_INVOICE; kind <= COBRO_MAIL_PAID_NOTICE; kind++)
      {
        const char *language = cobro_words_languages ()[i];
        g_autoptr (CobroInvoice) invoice = sample_invoice (language, 2);
        g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
        g_autoptr (CobroMailText) text = NULL;
        g_autofree char *tag = g_strdup_printf ("<html lang=\"%s", language);

        if (kind == COBRO_MAIL_CREDIT_NOTE)
          {
            invoice->kind = COBRO_INVOICE_CREDIT_NOTE;
            sample_put (&invoice->corrects_number, "501");
          }
        text = write_mail ((CobroMailKind)kind, language, invoice, payment, 7);
        g_assert_true (g_str_has_prefix (strstr (text->html, "<html"), tag));
        g_assert_cmpint (strstr (text->html, "dir=\"rtl\"") != NULL, ==, g_str_equal (language, "ar"));
        document_assert_language (text->subject, i);
        document_assert_language (text->plain, i);
        document_assert_language (text->html, i);
      }
}

/* A receipt of a link that has no invoice. proves: DYN-10 */
static void
test_link (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
  CobroMailFacts facts = { .kind = COBRO_MAIL_RECEIPT,
                           .locale = "es",
                           .payment = payment,
                           .title = "Summer course",
                           .seller = "Ana's Café & Co",
                           .support = "Call <us>" };
  g_autoptr (CobroMailText) text = cobro_mail_text_new (&facts);

  g_assert_cmpstr (text->subject, ==, "Recibo de Ana's Café & Co: 82,50 AUD por Summer course");
  assert_says (text, "visa •••• 4242");
  assert_says (text, payment->id.text);
  assert_says (text, "Call <us>");
  g_assert_null (strstr (text->html, "<a "));
}

/* No line is longer than mail programs like, but for words that cannot be broken. */
static void
test_width (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("es", 60);
  g_autoptr (CobroMailText) text = NULL;
  g_auto (GStrv) lines = NULL;

  sample_put (&invoice->notes,
              "una nota que es larga y que sigue y sigue, palabra tras palabra, hasta que pasa del fin de la línea");
  text = write_mail (COBRO_MAIL_INVOICE, "es", invoice, NULL, 0);
  lines = g_strsplit (text->plain, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_utf8_strlen (lines[i], -1) > 76)
      g_assert_null (strchr (lines[i], ' '));
  assert_says (text, "y más líneas: 20");
}

static void
test_urls (void)
{
  static const char *const bad[] = { "javascript:alert(1)", "data:text/html,x", "", "//pay.example/", "HTTPS:/x" };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  CobroMailFacts facts = { .kind = COBRO_MAIL_INVOICE, .locale = "en", .invoice = invoice, .seller = "S" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (CobroMailText) text = NULL;

      facts.url = bad[i];
      text = cobro_mail_text_new (&facts);
      g_assert_null (strstr (text->html, "<a "));
      g_assert_null (strstr (text->html, "javascript"));
    }
}

/* Every field of every kind of mail, with every text that somebody might try. */
static void
check_hostile (const HostileCase *hostile, gpointer data)
{
  CobroMailFacts facts = { .locale = "en",
                           .invoice = hostile->invoice,
                           .payment = hostile->payment,
                           .title = hostile->text,
                           .seller = hostile->invoice->seller.name,
                           .greeting = hostile->text,
                           .support = hostile->text,
                           .accent = hostile->text,
                           .url = SAMPLE_URL };

  for (guint kind = COBRO_MAIL_INVOICE; kind <= COBRO_MAIL_PAID_NOTICE; kind++)
    {
      g_autoptr (CobroMailText) text = NULL;

      facts.kind = (CobroMailKind)kind;
      text = cobro_mail_text_new (&facts);
      g_assert_true (g_utf8_validate (text->subject, -1, NULL) && g_utf8_validate (text->plain, -1, NULL) &&
                     g_utf8_validate (text->html, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (text->subject, -1), <=, 150);
      g_assert_null (strpbrk (text->subject, "\r\n\t\x01\x1b"));
      g_assert_null (strpbrk (text->plain, "\r\t\x01\x1b"));
      for (const char *p = strstr (text->html, "<body"); (p = strchr (p + 1, '<')) != NULL;)
        g_assert_true (hostile_tag_is_ours (p));
    }
}

static void
test_hostile (void)
{
  hostile_each (check_hostile, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/invoice", test_invoice);
  g_test_add_func ("/mail/spanish", test_spanish);
  g_test_add_func ("/mail/languages", test_languages);
  g_test_add_func ("/mail/kinds", test_kinds);
  g_test_add_func ("/mail/link", test_link);
  g_test_add_func ("/mail/width", test_width);
  g_test_add_func ("/mail/urls", test_urls);
  g_test_add_func ("/mail/hostile", test_hostile);
  return g_test_run ();
}
