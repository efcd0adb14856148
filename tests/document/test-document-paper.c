/* tests/document/test-document-paper.c — what other programs read in our documents: text (pdftotext), codes (zbarimg),
 * pages, fonts and metadata (pdfinfo, pdffonts). Layer: tests. */
#include "cobro-error.h"
#include "cobro-words-table.h"
#include "document-hostile.h"
#include "document-language.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static GBytes *
pdf_of (CobroPaper *take_paper)
{
  g_autoptr (CobroPaper) paper = take_paper;
  g_autoptr (GError) error = NULL;
  GBytes *pdf = cobro_paper_to_pdf (paper, &error);

  g_assert_no_error (error);
  return pdf;
}

/* As people copy it: in reading order; or line by line as it looks. NULL without poppler's tools. */
static char *
text_of (GBytes *pdf, gboolean layout)
{
  const char *const plain[] = { "pdftotext", NULL }, *const laid_out[] = { "pdftotext", "-layout", NULL };
  const char *const after[] = { "-", NULL };
  g_autofree char *text = sample_ask (pdf, layout ? laid_out : plain, after);
  GString *out = NULL;

  if (text == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return NULL;
    }
  out = g_string_new (text);
  g_string_replace (out, "\u00a0", " ", 0);
  g_string_replace (out, "\u202f", " ", 0);
  return g_string_free (out, FALSE);
}

/* All of @words, one after the other. */
static void
assert_order (const char *text, const char *const *words)
{
  const char *at = text;

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *found = strstr (at, words[i]);

      if (found == NULL)
        g_error ("\"%s\" does not come after \"%s\" in:\n%s", words[i], i > 0 ? words[i - 1] : "", text);
      at = found + strlen (words[i]);
    }
}

static GBytes *
invoice_pdf (const char *language, guint n_lines)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice (language, n_lines);
  CobroInvoiceView view = sample_view (invoice);
  CobroPaperSetup setup = sample_setup (language, NULL);

  return pdf_of (cobro_paper_new_invoice (invoice, &view, &setup));
}

/* Every field, in the order in which one reads. proves: INV-8, INV-11 */
static void
test_text (void)
{
  static const char *const order[] = { "Tax Invoice",
                                       "#502",
                                       "From",
                                       "12 Example Street",
                                       "Sydney NSW 2000",
                                       "ABN 51 824 753 556",
                                       "4 Long Lane",
                                       "Melbourne VIC 3000",
                                       "Issue date",
                                       "1 Dec 2026",
                                       "15 Dec 2026",
                                       "PO-88213",
                                       "Description",
                                       "Qty",
                                       "Unit price",
                                       "Tax",
                                       "Amount AUD",
                                       "Vacuum cleaner service",
                                       "75.00",
                                       "10 %",
                                       "Carpet head, 32 cm",
                                       "Subtotal",
                                       "$460.96",
                                       "GST 10 % on $460.96",
                                       "$46.10",
                                       "Total AUD",
                                       "$507.06",
                                       "Amount due",
                                       "$507.06",
                                       "by 15 Dec 2026",
                                       "Pay online",
                                       "pay.example/pay/0123456789abcdef",
                                       "Notes",
                                       "Thank you for your business.",
                                       "Goods remain our property",
                                       "Page 1 of 1",
                                       NULL };
  g_autoptr (GBytes) pdf = invoice_pdf ("en", 3);
  g_autofree char *text = text_of (pdf, FALSE);

  if (text != NULL)
    assert_order (text, order);
}

/* Line by line as it looks: a row is a row. */
static void
test_layout (void)
{
  static const char *const order[] = {
    "The Vacuum Shop", "Tax Invoice", "#502",      "Bill to",    "ABN 51 824 753 556",
    "Issue date",      "Due date",    "PO-88213",  "Unit price", "Vacuum cleaner service",
    "Subtotal",        "$75.00",      "Total AUD", "$82.50",     "Amount due",
    "$82.50",          "Pay online",  "Notes",     NULL
  };
  g_autoptr (GBytes) pdf = invoice_pdf ("en", 1);
  g_autofree char *text = text_of (pdf, TRUE);
  g_autoptr (GRegex) row = g_regex_new ("Vacuum cleaner service +1 +75\\.00 +10 % +75\\.00\n", 0, 0, NULL);

  if (text == NULL)
    return;
  assert_order (text, order);
  g_assert_true (g_regex_match (row, text, 0, NULL));
}

static void
test_spanish (void)
{
  static const char *const order[] = { "Factura",
                                       "F-2026-00042",
                                       "NIF ESB12345674",
                                       "NIF ESA58818501",
                                       "Fecha de vencimiento",
                                       "31 dic 2026",
                                       "Descripción",
                                       "Impuesto",
                                       "Café en grano, tueste natural",
                                       "1 kg",
                                       "18,50",
                                       "21 %",
                                       "Subtotal",
                                       "IVA 21 % sobre",
                                       "IVA 10 % sobre",
                                       "Total EUR",
                                       "Importe a pagar",
                                       "hasta el 31 dic 2026",
                                       "Transferencia bancaria",
                                       "ES91 2100 0418 4502 0005 1332",
                                       "CAIXESBBXXX",
                                       "Registro Mercantil de Madrid",
                                       NULL };
  g_autoptr (GBytes) pdf = invoice_pdf ("es", 4);
  g_autofree char *text = text_of (pdf, FALSE);

  if (text != NULL)
    assert_order (text, order);
}

static void
assert_written_in (GBytes *pdf, guint language, CobroWord title)
{
  g_autofree char *text = text_of (pdf, FALSE);

  if (text == NULL)
    return;
  g_assert_nonnull (strstr (text, cobro_words_table (title, language)));
  document_assert_language (text, language);
}

/* Every document in every language: its title, its words and nobody else's. */
static void
test_languages (void)
{
  static const CobroWord titles[COBRO_N_LANGUAGES] = { COBRO_WORD_INVOICE, COBRO_WORD_INVOICE, COBRO_WORD_INVOICE,
                                                       COBRO_WORD_INVOICE, COBRO_WORD_INVOICE, COBRO_WORD_TAX_INVOICE };

  for (guint i = 0; i < COBRO_N_LANGUAGES; i++)
    {
      const char *language = cobro_words_languages ()[i];
      g_autoptr (CobroInvoice) invoice = sample_invoice (language, 4);
      g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
      g_autoptr (CobroStatement) statement = sample_statement (5);
      CobroPaperSetup setup = sample_setup (language, NULL);
      g_autoptr (GBytes) paper = invoice_pdf (language, 4);
      g_autoptr (GBytes) receipt = pdf_of (cobro_paper_new_receipt (payment, invoice, NULL, NULL, &setup));
      g_autoptr (GBytes) account =
        pdf_of (cobro_paper_new_statement (statement, &invoice->seller, &invoice->buyer, &setup));

      assert_written_in (paper, i, titles[i]);
      assert_written_in (receipt, i, COBRO_WORD_RECEIPT);
      assert_written_in (account, i, COBRO_WORD_STATEMENT);
    }
}

/* Letters come out as letters, not as the shapes they take beside each other. */
static void
test_arabic (void)
{
  g_autoptr (GBytes) pdf = invoice_pdf ("ar", 2);
  g_autofree char *text = text_of (pdf, FALSE);

  if (text == NULL)
    return;
  g_assert_nonnull (strstr (text, "فاتورة ضريبية"));
  g_assert_nonnull (strstr (text, "مكتبة الرياض الحديثة"));
  g_assert_nonnull (strstr (text, "INV-2026-00007"));
  g_assert_nonnull (strstr (text, "Al Noor Trading"));
  g_assert_nonnull (strstr (text, "٢٠٢٦/١٢/٣١"));
  g_assert_nonnull (strstr (text, "١٢٠٫٠٠"));
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, word)) != NULL; p += strlen (word))
    n++;
  return n;
}

static void
test_pages (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 60);
  CobroInvoiceView view = sample_view (invoice);
  CobroPaperSetup setup = sample_setup ("en", NULL);
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (invoice, &view, &setup);
  guint pages = cobro_paper_n_pages (paper);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = cobro_paper_to_pdf (paper, &error);
  g_autofree char *text = text_of (pdf, FALSE);
  g_autofree char *last = g_strdup_printf ("Page %u of %u", pages, pages);

  g_assert_cmpuint (pages, >=, 3);
  if (text == NULL)
    return;
  g_assert_nonnull (strstr (text, last));
  g_assert_cmpuint (count (text, "Unit price"), >=, pages - 1);
  g_assert_cmpuint (count (text, "Unit price"), <=, pages);
  g_assert_cmpuint (count (text, "Vacuum cleaner service"), ==, 15);
}

/* ── Codes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static cairo_status_t
append_png (void *data, const guchar *bytes, guint length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

/* A page as a telephone's camera would see it: 200 dots to the inch. */
static GBytes *
picture_of (CobroPaper *paper, guint page)
{
  GByteArray *png = g_byte_array_new ();
  double width, height, scale = 200.0 / 72;
  cairo_surface_t *surface;
  cairo_t *cr;

  cobro_paper_get_size (paper, &width, &height);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)(width * scale), (int)(height * scale));
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  cobro_paper_draw (paper, cr, page);
  cairo_destroy (cr);
  g_assert_cmpint (cairo_surface_write_to_png_stream (surface, append_png, png), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (png);
}

static void
test_codes (void)
{
  static const char *const zbarimg[] = { "zbarimg", "-q", "--raw", NULL };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("es", 1);
  CobroInvoiceView view = sample_view (invoice);
  CobroPaperSetup setup = sample_setup ("es", NULL);
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (invoice, &view, &setup);
  g_autoptr (GBytes) picture = picture_of (paper, 0);
  g_autofree char *codes = sample_ask (picture, zbarimg, NULL);

  if (codes == NULL)
    {
      g_test_skip ("zbarimg is not installed");
      return;
    }
  g_assert_nonnull (strstr (codes, SAMPLE_URL));
  /* zbarimg guesses the alphabet of the name; banking apps go by the line that says UTF-8. */
  g_assert_nonnull (strstr (codes, " de Ana, S.L.\nES9121000418450200051332\nEUR22.39\n\n\nF-2026-00042"));
  g_assert_nonnull (strstr (codes, "BCD\n002\n1\nSCT\nCAIXESBBXXX\nCaf"));
}

/* EPC069-12, version 2.1. */
static void
test_epc (void)
{
  CobroCurrency eur, usd;
  g_autofree char *text = NULL, *long_one = NULL, *name = g_strnfill (200, 'n');

  g_assert_true (cobro_currency_from_code ("EUR", &eur, NULL) && cobro_currency_from_code ("USD", &usd, NULL));
  text = cobro_epc_text ("A\nB", "de89 3704 0044 0532 0130 00", NULL, cobro_money (5, eur), "R 1\n2");
  g_assert_cmpstr (text, ==, "BCD\n002\n1\nSCT\n\nA B\nDE89370400440532013000\nEUR0.05\n\n\nR 1 2");
  long_one = cobro_epc_text (name, "DE89370400440532013000", "", cobro_money (1, eur), name);
  g_assert_cmpuint (strlen (long_one), <=, 331);
  g_assert_null (cobro_epc_text ("A", "DE89370400440532013000", "", cobro_money (5, usd), ""));
  g_assert_null (cobro_epc_text ("A", "", "", cobro_money (5, eur), ""));
  g_assert_null (cobro_epc_text ("", "DE89370400440532013000", "", cobro_money (5, eur), ""));
  g_assert_null (cobro_epc_text ("A", "DE89370400440532013000", "", cobro_money (0, eur), ""));
  g_assert_null (cobro_epc_text ("A", "DE89370400440532013000", "", cobro_money (100000000000, eur), ""));
}

/* ── States and laws ────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
say (const CobroInvoice *invoice, const CobroInvoiceView *view, const char *language)
{
  CobroPaperSetup setup = sample_setup (language, NULL);
  g_autoptr (GBytes) pdf = pdf_of (cobro_paper_new_invoice (invoice, view, &setup));

  return text_of (pdf, FALSE);
}

static void
test_states (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  CobroInvoiceView paid = sample_view_paid (invoice, invoice->totals->total);
  CobroInvoiceView part = sample_view_paid (invoice, cobro_money (3000, invoice->currency));
  CobroInvoiceView over = sample_view_paid (invoice, cobro_money (10000, invoice->currency));
  g_autofree char *paid_text = say (invoice, &paid, "en"), *part_text = say (invoice, &part, "en"),
                  *over_text = say (invoice, &over, "en"), *draft_text = NULL, *void_text = NULL;

  if (paid_text == NULL)
    return;
  invoice->decision = COBRO_INVOICE_VOID;
  void_text = say (invoice, &part, "en");
  invoice->decision = COBRO_INVOICE_DRAFT;
  draft_text = say (invoice, NULL, "en");
  g_assert_true (strstr (paid_text, "PAID") != NULL && strstr (paid_text, "Pay online") == NULL);
  g_assert_true (strstr (paid_text, "-$82.50") != NULL && strstr (paid_text, "$0.00") != NULL);
  g_assert_true (strstr (part_text, "-$30.00") != NULL && strstr (part_text, "$52.50") != NULL);
  g_assert_true (strstr (part_text, "PAID") == NULL && strstr (part_text, "Pay online") != NULL);
  g_assert_true (strstr (over_text, "Paid too much") != NULL && strstr (over_text, "$17.50") != NULL);
  g_assert_true (strstr (void_text, "VOID") != NULL && strstr (void_text, "Pay online") == NULL);
  g_assert_nonnull (strstr (draft_text, "DRAFT"));
}

static void
set_category (CobroInvoice *invoice, CobroTaxCategory category)
{
  CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, 0);

  line->tax_category = category;
  line->tax_rate = 0;
  sample_put (&line->tax_name, "");
  g_assert_true (cobro_invoice_compute (invoice, NULL));
}

static void
test_laws (void)
{
  static const struct
  {
    const char *country, *tax_id;
    int category; /* −1: standard */
    CobroInvoiceKind kind;
    const char *said, *not_said;
  } cases[] = {
    { "AU", "51 824 753 556", -1, COBRO_INVOICE_INVOICE, "Tax Invoice", NULL },
    { "AU", "51 824 753 556", -1, COBRO_INVOICE_CREDIT_NOTE, "Adjustment Note", "Pay online" },
    { "AU", "", -1, COBRO_INVOICE_INVOICE, "Invoice", "Tax Invoice" },
    { "AU", "51 824 753 556", COBRO_TAX_ZERO, COBRO_INVOICE_INVOICE, "No GST has been charged.", "Tax Invoice" },
    { "GB", "GB123456789", -1, COBRO_INVOICE_INVOICE, "Invoice", "Tax Invoice" },
    { "SG", "M90312345A", -1, COBRO_INVOICE_INVOICE, "Tax Invoice", NULL },
    { "DE", "DE136695976", COBRO_TAX_REVERSE, COBRO_INVOICE_INVOICE,
      "Reverse charge: VAT is to be accounted for by the recipient", NULL },
    { "GB", "GB123456789", COBRO_TAX_REVERSE, COBRO_INVOICE_INVOICE, "account for the VAT to HMRC", NULL },
    { "FR", "FR40303265045", COBRO_TAX_INTRA, COBRO_INVOICE_INVOICE, "Exempt intra-Community supply (Art. 138", NULL },
    { "FR", "FR40303265045", -1, COBRO_INVOICE_INVOICE, "Art. L441-10", NULL },
    { "NL", "NL123456789B01", COBRO_TAX_EXPORT, COBRO_INVOICE_INVOICE, "Art. 146", NULL },
    { "US", "", COBRO_TAX_EXPORT, COBRO_INVOICE_INVOICE, "Export: no tax is charged.", "Art. 146" },
    { "IE", "IE6388047V", COBRO_TAX_EXEMPT, COBRO_INVOICE_INVOICE, "Exempt from VAT", NULL },
    { "US", "", COBRO_TAX_OUTSIDE, COBRO_INVOICE_INVOICE, "Not subject to tax.", NULL },
    { "US", "", COBRO_TAX_ZERO, COBRO_INVOICE_INVOICE, "Total AUD", "Subtotal" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
      g_autofree char *text = NULL;

      sample_put (&invoice->seller.address.country, cases[i].country);
      sample_put (&invoice->seller.tax_id, cases[i].tax_id);
      sample_put (&invoice->buyer.tax_id, "X1");
      sample_put (&invoice->corrects_number, "501");
      invoice->kind = cases[i].kind;
      if (cases[i].category >= 0)
        set_category (invoice, (CobroTaxCategory)cases[i].category);
      if ((text = say (invoice, NULL, "en")) == NULL)
        return;
      g_strdelimit (text, "\n", ' ');
      if (strstr (text, cases[i].said) == NULL ||
          (cases[i].not_said != NULL && strstr (text, cases[i].not_said) != NULL))
        g_error ("%s, case %u: \"%s\" but not \"%s\" in:\n%s", cases[i].country, i, cases[i].said,
                 cases[i].not_said != NULL ? cases[i].not_said : "", text);
    }
}

static void
test_inclusive (void)
{
  static const char *const order[] = { "Total AUD",  "$75.00", "Includes GST 10 % on $68.18", "$6.82",
                                       "Net of tax", "$68.18", "Prices include tax.",         NULL };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  g_autofree char *text = NULL;

  invoice->tax_inclusive = TRUE;
  g_assert_true (cobro_invoice_compute (invoice, NULL));
  if ((text = say (invoice, NULL, "en")) != NULL)
    assert_order (text, order);
}

/* Every text that the merchant and the buyer gave, and every number, is on the paper. */
static void
test_every_field (void)
{
  static const char *const said[] = { "CONTACT-A", "+61 2 5550", "REG-77", "DELIVERY-ST", "BANKNOTE-5",
                                      "FOOTER-2",  "2 Dec 2026", "1.5 h",  "0.0075",      "Discount 12.5 %",
                                      "-$",        "Shipping",   "$9.90",  "Discount" };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 2);
  CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, 0);
  g_autofree char *text = NULL;

  sample_put (&invoice->seller.contact, "CONTACT-A");
  sample_put (&invoice->seller.phone, "+61 2 5550");
  sample_put (&invoice->seller.registration, "REG-77");
  sample_put (&invoice->delivery.street, "DELIVERY-ST");
  sample_put (&invoice->bank_note, "BANKNOTE-5");
  sample_put (&invoice->footer, "FOOTER-2");
  g_strlcpy (invoice->delivery_date, "2026-12-02", COBRO_DATE_SIZE);
  line->quantity = 1500000;
  sample_put (&line->unit, "h");
  ((CobroInvoiceLine *)g_ptr_array_index (invoice->lines, 1))->unit_price = 7500;
  line->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_PERCENT, .percent = 12500000 };
  invoice->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_AMOUNT, .amount = cobro_money (1000, invoice->currency) };
  invoice->shipping = cobro_money (990, invoice->currency);
  g_assert_true (cobro_invoice_compute (invoice, NULL));
  if ((text = say (invoice, NULL, "en")) == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (strstr (text, said[i]) == NULL)
      g_error ("\"%s\" is missing in:\n%s", said[i], text);
}

/* ── Receipt and statement ──────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-12 */
static void
test_receipt (void)
{
  static const char *const order[] = { "Receipt",
                                       "Tax Invoice #502",
                                       "Paid on",
                                       "5 Dec 2026",
                                       "Card, visa •••• 4242",
                                       "Amount paid",
                                       "AUD 82.50",
                                       "pay_01kc0000000000000000000777",
                                       NULL };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
  CobroPaperSetup setup = sample_setup ("en", NULL);
  g_autoptr (GBytes) pdf = pdf_of (cobro_paper_new_receipt (payment, invoice, NULL, NULL, &setup));
  g_autoptr (GBytes) link = NULL;
  g_autofree char *text = NULL, *link_text = NULL;

  /* A merchant without a legal name, and late in the evening in Sydney it is the next day already. */
  sample_put (&invoice->seller.name, "");
  payment->created_at += 8 * COBRO_HOUR;
  setup.seller = "Ana's Corner";
  setup.zone = "Australia/Sydney";
  link = pdf_of (cobro_paper_new_receipt (payment, NULL, "Summer course", &invoice->seller, &setup));
  text = text_of (pdf, TRUE);
  link_text = text_of (link, TRUE);
  if (text == NULL)
    return;
  g_strdelimit (text, "\n", ' ');
  g_assert_nonnull (strstr (text, "PAID"));
  g_assert_nonnull (strstr (link_text, "Summer course"));
  g_assert_nonnull (strstr (link_text, "Ana's Corner"));
  g_assert_nonnull (strstr (link_text, "6 Dec 2026"));
  for (guint i = 0; order[i] != NULL; i++)
    if (strstr (text, order[i]) == NULL)
      g_error ("\"%s\" is missing in:\n%s", order[i], text);
}

static void
test_statement (void)
{
  static const char *const said[] = { "Statement of Account",
                                      "Opening balance",
                                      "410.00",
                                      "Invoice INV-2026-00040",
                                      "Payment visa",
                                      "Closing balance",
                                      "Over 90 days",
                                      "61–90 days",
                                      "155.00",
                                      "88.00",
                                      "Page 1 of " };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("es", 1);
  g_autoptr (CobroStatement) statement = sample_statement (40);
  CobroPaperSetup setup = sample_setup ("en", NULL);
  g_autoptr (GBytes) pdf = pdf_of (cobro_paper_new_statement (statement, &invoice->seller, &invoice->buyer, &setup));
  g_autofree char *text = text_of (pdf, TRUE);

  if (text == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (strstr (text, said[i]) == NULL)
      g_error ("\"%s\" is missing in:\n%s", said[i], text);
}

/* ── The file ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_file (void)
{
  static const char *const pdfinfo[] = { "pdfinfo", NULL }, *const pdffonts[] = { "pdffonts", NULL };
  g_autoptr (GBytes) pdf = invoice_pdf ("ar", 3), again = invoice_pdf ("ar", 3);
  g_autofree char *info = sample_ask (pdf, pdfinfo, NULL), *fonts = sample_ask (pdf, pdffonts, NULL);
  g_auto (GStrv) rows = NULL;

  g_assert_true (g_bytes_equal (pdf, again));
  if (info == NULL)
    {
      g_test_skip ("poppler's tools are not installed");
      return;
    }
  g_assert_nonnull (strstr (info, "فاتورة ضريبية INV-2026-00007"));
  g_assert_nonnull (strstr (info, "مكتبة الرياض الحديثة"));
  g_assert_nonnull (strstr (info, "JavaScript:      no"));
  g_assert_nonnull (strstr (info, "(A4)"));
  rows = g_strsplit (fonts, "\n", -1);
  g_assert_cmpuint (g_strv_length (rows), >, 3);
  for (guint i = 2; rows[i] != NULL && *rows[i] != '\0'; i++)
    g_assert_nonnull (strstr (rows[i], " yes yes "));
}

static void
test_sizes (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  CobroPaperSetup setup = sample_setup ("en", NULL);
  g_autoptr (CobroPaper) paper = NULL;
  g_autofree char *name = NULL;
  double width, height;

  setup.letter = TRUE;
  sample_put (&invoice->number, "../A:\\7|\"?*`$(x)\n&%");
  paper = cobro_paper_new_invoice (invoice, NULL, &setup);
  cobro_paper_get_size (paper, &width, &height);
  g_assert_true (width == 612 && height == 792);
  name = cobro_paper_file_name (paper);
  g_assert_cmpstr (name, ==, "Tax Invoice ..-A--7------(x) --.pdf");
}

/* ── Logos ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
has_picture (GBytes *logo)
{
  static const char *const pdfimages[] = { "pdfimages", "-list", NULL };
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  CobroPaperSetup setup = sample_setup ("en", logo);
  g_autoptr (GBytes) pdf = pdf_of (cobro_paper_new_invoice (invoice, NULL, &setup));
  g_autofree char *list = sample_ask (pdf, pdfimages, NULL);

  return list == NULL || strstr (list, " image ") != NULL;
}

/* An 8 × 8 grey JPEG, and what may be wrong with one. */
static const guint8 jpeg[] = {
  0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43, 0x00, 1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,
  1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,
  1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,
  1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    1,    0xff,
  0xc0, 0x00, 0x0b, 0x08, 0x00, 0x08, 0x00, 0x08, 0x01, 0x01, 0x11, 0x00, 0xff, 0xc4, 0x00, 0x14, 0x00, 0x01,
  0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x00, 0xff, 0xc4,
  0x00, 0x14, 0x10, 0x01, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
  0,    0x00, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3f, 0x00, 0x3f, 0xff, 0xd9,
};

static void
test_logos (void)
{
  g_autoptr (GBytes) good = sample_logo ();
  g_autoptr (GBytes) photo = g_bytes_new_static (jpeg, sizeof jpeg);
  g_autoptr (GBytes) text = g_bytes_new_static ("<svg/>", 6), none = g_bytes_new_static ("", 0);
  gsize length = g_bytes_get_size (good);
  g_autofree guint8 *bomb = g_memdup2 (g_bytes_get_data (good, NULL), length);
  g_autofree guint8 *wide = g_memdup2 (jpeg, sizeof jpeg);
  g_autoptr (GBytes) huge_png = NULL, huge_jpeg = NULL;

  g_assert_true (has_picture (good));
  g_assert_true (has_picture (photo));
  g_assert_false (has_picture (text));
  g_assert_false (has_picture (none));
  for (gsize cut = 1; cut < length; cut += 97)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (good, 0, cut);

      g_assert_false (has_picture (part));
    }
  bomb[16] = bomb[20] = 0x7f; /* two thousand million pixels a side */
  huge_png = g_bytes_new_static (bomb, length);
  g_assert_false (has_picture (huge_png));
  wide[76] = 0xff; /* height of the frame */
  huge_jpeg = g_bytes_new_static (wide, sizeof jpeg);
  g_assert_false (has_picture (huge_jpeg));
}

/* ── A machine without fonts ────────────────────────────────────────────────────────────────────────────────────── */

/* What this program does there: anything but making a paper of empty boxes. */
static int
try_without_fonts (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  CobroPaperSetup setup = sample_setup ("en", NULL);
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (invoice, NULL, &setup);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = cobro_paper_to_pdf (paper, &error);

  g_assert_null (pdf);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  return 0;
}

static void
test_no_fonts (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;
  int file = g_file_open_tmp ("cobro-fonts-XXXXXX", &config, &error);

  g_assert_no_error (error);
  g_close (file, NULL);
  g_assert_true (g_file_set_contents (config, "<fontconfig/>", -1, NULL));
  g_subprocess_launcher_setenv (launcher, "FONTCONFIG_FILE", config, TRUE);
  g_subprocess_launcher_setenv (launcher, "COBRO_TEST_NO_FONTS", "1", TRUE);
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "", TRUE); /* pango complains */
  process = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_unlink (config);
}

/* ── What somebody might try ────────────────────────────────────────────────────────────────────────────────────── */

static void
check_hostile (const HostileCase *hostile, gpointer data)
{
  static const char *const pdfinfo[] = { "pdfinfo", NULL };
  CobroInvoiceView view = sample_view (hostile->invoice);
  CobroPaperSetup setup = { .locale = hostile->text, .url = hostile->text, .accent = hostile->text };
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (hostile->invoice, &view, &setup);
  g_autoptr (GBytes) pdf = cobro_paper_to_pdf (paper, NULL);
  g_autoptr (GBytes) receipt =
    pdf_of (cobro_paper_new_receipt (hostile->payment, NULL, hostile->text, &hostile->invoice->seller, &setup));
  g_autofree char *info = sample_ask (pdf, pdfinfo, NULL), *name = cobro_paper_file_name (paper);

  g_assert_nonnull (pdf);
  g_assert_null (strpbrk (name, "/\\\n\r\"<>|:*?"));
  g_assert_true (*name != '.' && g_utf8_validate (name, -1, NULL));
  g_assert_cmpuint (cobro_paper_n_pages (paper), <, 12);
  if (info == NULL)
    return;
  g_assert_nonnull (strstr (info, "JavaScript:      no"));
  g_assert_nonnull (strstr (info, "Form:            none"));
  if (strstr (hostile->text, "evil.example") != NULL)
    g_assert_null (memmem (g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), "/URI", 4));
}

static void
test_hostile (void)
{
  hostile_each_whole (check_hostile, NULL);
}

/* As much as an invoice may hold: each of a thousand lines with a thousand characters, many of them breaks. */
static void
test_most (void)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", g_test_slow () ? COBRO_INVOICE_LINES_MAX : 120);
  CobroPaperSetup setup = sample_setup ("en", NULL);
  g_autoptr (CobroPaper) paper = NULL;
  g_autoptr (GBytes) pdf = NULL;
  g_autofree char *words = g_strnfill (1000, 'w'), *breaks = g_strnfill (1000, 'b');

  for (guint i = 1; i < 1000; i += 2)
    breaks[i] = '\n';
  for (guint i = 0; i < invoice->lines->len; i++)
    sample_put (&((CobroInvoiceLine *)g_ptr_array_index (invoice->lines, i))->description, i % 2 == 0 ? words : breaks);
  paper = cobro_paper_new_invoice (invoice, NULL, &setup);
  pdf = cobro_paper_to_pdf (paper, NULL);
  g_assert_nonnull (pdf);
  g_assert_cmpuint (cobro_paper_n_pages (paper), <, 1000);
  g_assert_cmpuint (g_bytes_get_size (pdf), <, 16 * 1024 * 1024);
}

int
main (int argc, char **argv)
{
  if (g_getenv ("COBRO_TEST_NO_FONTS") != NULL)
    return try_without_fonts ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paper/text", test_text);
  g_test_add_func ("/paper/layout", test_layout);
  g_test_add_func ("/paper/spanish", test_spanish);
  g_test_add_func ("/paper/arabic", test_arabic);
  g_test_add_func ("/paper/languages", test_languages);
  g_test_add_func ("/paper/pages", test_pages);
  g_test_add_func ("/paper/codes", test_codes);
  g_test_add_func ("/paper/epc", test_epc);
  g_test_add_func ("/paper/states", test_states);
  g_test_add_func ("/paper/laws", test_laws);
  g_test_add_func ("/paper/inclusive", test_inclusive);
  g_test_add_func ("/paper/every-field", test_every_field);
  g_test_add_func ("/paper/receipt", test_receipt);
  g_test_add_func ("/paper/statement", test_statement);
  g_test_add_func ("/paper/file", test_file);
  g_test_add_func ("/paper/sizes", test_sizes);
  g_test_add_func ("/paper/logos", test_logos);
  g_test_add_func ("/paper/no-fonts", test_no_fonts);
  g_test_add_func ("/paper/hostile", test_hostile);
  g_test_add_func ("/paper/most", test_most);
  return g_test_run ();
}
