/* tests/document/document-sample.c — documents as a shop would write them. Layer: tests. */
#include "document-sample.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  const char *language, *currency, *number, *issue, *due;
  const char *seller[8]; /* name, tax id, street, city, code, region, country, e-mail */
  const char *buyer[8];
  const char *iban, *bic, *tax;
  const char *goods[4];
  const char *unit, *notes, *footer, *reference;
  gint64 price;
  gint rate, lower; /* per cent of tax; the lower one is the fourth line's */
} Kind;

static const Kind kinds[] = {
  { .language = "en",
    .currency = "AUD",
    .number = "502",
    .issue = "2026-12-01",
    .due = "2026-12-15",
    .seller = { "The Vacuum Shop", "51 824 753 556", "12 Example Street", "Sydney", "2000", "NSW", "AU",
                "hello@vacuum.example" },
    .buyer = { "Jane Buyer", "", "4 Long Lane\nUnit 7", "Melbourne", "3000", "VIC", "AU", "jane@buyer.example" },
    .iban = "",
    .bic = "",
    .tax = "GST",
    .goods = { "Vacuum cleaner service", "Replacement filter HEPA 13\nfor models V8, V10 and V11; washable",
               "Carpet head, 32 cm", "Call-out, first hour" },
    .unit = "",
    .price = 7500,
    .rate = 10,
    .lower = 10,
    .reference = "PO-88213",
    .notes = "Thank you for your business.",
    .footer = "Goods remain our property until they are paid." },
  { .language = "es",
    .currency = "EUR",
    .number = "F-2026-00042",
    .issue = "2026-12-01",
    .due = "2026-12-31",
    .seller = { "Café de Ana, S.L.", "ESB12345674", "Calle Mayor 3, bajo", "Madrid", "28013", "Madrid", "ES",
                "hola@cafedeana.example" },
    .buyer = { "Panadería Núñez e Hijos", "ESA58818501", "Avenida de la Constitución 12", "Sevilla", "41001", "Sevilla",
               "ES", "compras@nunez.example" },
    .iban = "ES9121000418450200051332",
    .bic = "CAIXESBBXXX",
    .tax = "IVA",
    .goods = { "Café en grano, tueste natural", "Molinillo manual\nacero inoxidable, 12 ajustes", "Taza de cerámica",
               "Curso de barista" },
    .unit = "kg",
    .price = 1850,
    .rate = 21,
    .lower = 10,
    .reference = "PED-7731",
    .notes = "Gracias por su compra.",
    .footer = "Inscrita en el Registro Mercantil de Madrid, tomo 1234, folio 56, hoja M-78901." },
  { .language = "de",
    .currency = "EUR",
    .number = "R-2026-0117",
    .issue = "2026-12-01",
    .due = "2026-12-15",
    .seller = { "Fahrradwerkstatt Jürgens GmbH", "DE136695976", "Größenstraße 9", "Köln", "50667", "", "DE",
                "hallo@juergens.example" },
    .buyer = { "Bäckerei Weiß & Söhne", "", "Am Marktplatz 1", "Bonn", "53111", "", "DE", "buero@weiss.example" },
    .iban = "DE89370400440532013000",
    .bic = "COBADEFFXXX",
    .tax = "MwSt.",
    .goods = { "Inspektion eines Lastenrads", "Bremsbeläge vorn und hinten\norganisch, zwei Paar",
               "Fahrradschlauch 26 Zoll", "Fachbuch Fahrradtechnik" },
    .unit = "Std.",
    .price = 6450,
    .rate = 19,
    .lower = 7,
    .reference = "B-2026-88",
    .notes = "Vielen Dank für Ihren Auftrag.",
    .footer = "Amtsgericht Köln, HRB 12345. Geschäftsführerin: Änne Jürgens." },
  { .language = "fr",
    .currency = "EUR",
    .number = "F2026-0311",
    .issue = "2026-12-01",
    .due = "2026-12-31",
    .seller = { "Atelier Hélène Lefèvre", "FR40303265045", "14 rue de l’Église", "Lyon", "69005", "", "FR",
                "bonjour@lefevre.example" },
    .buyer = { "Théâtre du Vieux Pont", "FR83404833048", "2 place Bellecour", "Lyon", "69002", "", "FR",
               "achats@theatre.example" },
    .iban = "FR1420041010050500013M02606",
    .bic = "PSSTFRPPLYO",
    .tax = "TVA",
    .goods = { "Création de costumes", "Retouches sur mesure\ntrois essayages compris", "Tissu de laine",
               "Billets de spectacle" },
    .unit = "h",
    .price = 125000,
    .rate = 20,
    .lower = 10,
    .reference = "BC-417",
    .notes = "Merci de votre confiance.",
    .footer = "RCS Lyon 303 265 045. Pas d’escompte pour paiement anticipé." },
  { .language = "pt",
    .currency = "EUR",
    .number = "FT 2026/58",
    .issue = "2026-12-01",
    .due = "2026-12-31",
    .seller = { "Padaria São João, Lda.", "PT501442600", "Rua da Conceição 21", "Lisboa", "1100-152", "", "PT",
                "ola@saojoao.example" },
    .buyer = { "Câmara das Artes", "PT502757191", "Praça da República 5", "Porto", "4050-497", "", "PT",
               "compras@artes.example" },
    .iban = "PT50000201231234567890154",
    .bic = "CGDIPTPL",
    .tax = "IVA",
    .goods = { "Pão de centeio", "Bolo de anos\nchocolate, 40 fatias", "Café em grão", "Entrega em mão" },
    .unit = "kg",
    .price = 940,
    .rate = 23,
    .lower = 6,
    .reference = "ENC-209",
    .notes = "Obrigado pela preferência.",
    .footer = "Capital social 5 000 €. Matriculada na Conservatória do Registo Comercial de Lisboa." },
  { .language = "ar",
    .currency = "SAR",
    .number = "INV-2026-00007",
    .issue = "2026-12-01",
    .due = "2026-12-31",
    .seller = { "مكتبة الرياض الحديثة", "310122393500003", "شارع الملك فهد 120", "الرياض", "12211", "", "SA",
                "info@maktaba.example" },
    .buyer = { "شركة النور للتجارة (Al Noor Trading)", "311111111100003", "طريق الأمير سلطان 45", "جدة", "23435", "",
               "SA", "ap@alnoor.example" },
    .iban = "",
    .bic = "",
    .tax = "ضريبة القيمة المضافة",
    .goods = { "دفتر ملاحظات جلدي A5", "قلم حبر Pilot V5\nأزرق، علبة 12", "طابعة HP LaserJet M110", "خدمة التوصيل" },
    .unit = "",
    .price = 12000,
    .rate = 15,
    .lower = 15,
    .reference = "PO-5521",
    .notes = "شكرًا لتعاملكم معنا.",
    .footer = "تبقى البضاعة ملكًا لنا حتى سداد كامل المبلغ." },
};

void
sample_put (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static void
put_party (CobroParty *party, const char *const *texts)
{
  sample_put (&party->name, texts[0]);
  sample_put (&party->tax_id, texts[1]);
  sample_put (&party->address.street, texts[2]);
  sample_put (&party->address.city, texts[3]);
  sample_put (&party->address.postal_code, texts[4]);
  sample_put (&party->address.region, texts[5]);
  sample_put (&party->address.country, texts[6]);
  sample_put (&party->email, texts[7]);
}

static const Kind *
find_kind (const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (language, kinds[i].language))
      return &kinds[i];
  return &kinds[0];
}

static CobroInvoiceLine *
make_line (const Kind *kind, guint i, CobroCurrency currency)
{
  CobroInvoiceLine *line = cobro_invoice_line_new (kind->goods[i % 4]);
  gboolean second = i % 4 == 3;

  sample_put (&line->unit, i % 4 == 0 ? kind->unit : "");
  line->quantity = i == 0 ? COBRO_DECIMAL_ONE : (CobroDecimal)(i % 5 + 1) * COBRO_DECIMAL_ONE / (i % 3 == 0 ? 2 : 1);
  line->unit_price = (kind->price + (gint64)i * 137) * COBRO_UNIT_PRICE_ONE;
  sample_put (&line->tax_name, kind->tax);
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = (second ? kind->lower : kind->rate) * COBRO_DECIMAL_ONE;
  if (i % 7 == 5)
    line->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_PERCENT, .percent = 5 * COBRO_DECIMAL_ONE };
  if (i % 11 == 9)
    line->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_AMOUNT, .amount = cobro_money (150, currency) };
  return line;
}

CobroInvoice *
sample_invoice (const char *language, guint n_lines)
{
  const Kind *kind = find_kind (language);
  CobroInvoice *invoice = cobro_invoice_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_id_parse (COBRO_ID_INVOICE, "inv_01kc0000000000000000000502", &invoice->id, NULL));
  g_assert_true (cobro_currency_from_code (kind->currency, &invoice->currency, NULL));
  invoice->livemode = TRUE;
  invoice->decision = COBRO_INVOICE_ISSUED;
  invoice->sequence = 502;
  sample_put (&invoice->number, kind->number);
  g_strlcpy (invoice->issue_date, kind->issue, COBRO_DATE_SIZE);
  g_strlcpy (invoice->due_date, kind->due, COBRO_DATE_SIZE);
  put_party (&invoice->seller, kind->seller);
  put_party (&invoice->buyer, kind->buyer);
  sample_put (&invoice->iban, kind->iban);
  sample_put (&invoice->bic, kind->bic);
  sample_put (&invoice->notes, kind->notes);
  sample_put (&invoice->footer, kind->footer);
  sample_put (&invoice->reference, kind->reference);
  for (guint i = 0; i < n_lines; i++)
    g_ptr_array_add (invoice->lines, make_line (kind, i, invoice->currency));
  g_assert_true (cobro_invoice_compute (invoice, &error));
  g_assert_no_error (error);
  return invoice;
}

CobroInvoiceView
sample_view (const CobroInvoice *invoice)
{
  CobroMoney zero = cobro_money_zero (invoice->currency);

  return (CobroInvoiceView){
    .status = COBRO_INVOICE_IS_SENT, .can_pay = TRUE, .paid = zero, .due = invoice->totals->total, .credit = zero
  };
}

CobroInvoiceView
sample_view_paid (const CobroInvoice *invoice, CobroMoney paid)
{
  CobroInvoiceView view = sample_view (invoice);
  int left = cobro_money_compare (invoice->totals->total, paid);

  view.paid = paid;
  view.status = left > 0    ? COBRO_INVOICE_IS_PARTIALLY_PAID
                : left == 0 ? COBRO_INVOICE_IS_PAID
                            : COBRO_INVOICE_IS_OVERPAID;
  view.can_pay = left > 0;
  view.due = cobro_money_zero (invoice->currency);
  if (left > 0)
    g_assert_true (cobro_money_subtract (invoice->totals->total, paid, &view.due, NULL));
  else
    g_assert_true (cobro_money_subtract (paid, invoice->totals->total, &view.credit, NULL));
  return view;
}

CobroPayment *
sample_payment (CobroMoney amount)
{
  CobroPayment *payment = cobro_payment_new ();

  g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, "pay_01kc0000000000000000000777", &payment->id, NULL));
  payment->amount = payment->received = amount;
  payment->refunded = payment->lost = cobro_money_zero (cobro_money_currency (amount));
  payment->state = COBRO_PAYMENT_SUCCEEDED;
  payment->livemode = TRUE;
  g_assert_true (cobro_time_from_text ("2026-12-05T10:15:00Z", &payment->created_at, NULL));
  sample_put (&payment->gateway, "stripe");
  sample_put (&payment->method, "card");
  sample_put (&payment->method_detail, "visa •••• 4242");
  sample_put (&payment->payer_name, "Jane Buyer");
  sample_put (&payment->payer_email, "jane@buyer.example");
  return payment;
}

static cairo_status_t
append_png (void *data, const guchar *bytes, guint length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
sample_logo (void)
{
  GByteArray *png = g_byte_array_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 360, 120);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 0.06, 0.43, 0.39);
  cairo_arc (cr, 60, 60, 54, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 12);
  cairo_arc (cr, 60, 60, 28, 0.6, 5.6);
  cairo_stroke (cr);
  cairo_set_source_rgb (cr, 0.95, 0.6, 0.2);
  cairo_rectangle (cr, 140, 42, 200, 14);
  cairo_rectangle (cr, 140, 66, 140, 14);
  cairo_fill (cr);
  cairo_destroy (cr);
  g_assert_cmpint (cairo_surface_write_to_png_stream (surface, append_png, png), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (png);
}

CobroPaperSetup
sample_setup (const char *language, GBytes *logo)
{
  return (CobroPaperSetup){ .locale = language, .url = SAMPLE_URL, .logo = logo, .today = 20788 };
}

CobroStatement *
sample_statement (guint n)
{
  CobroDay from = cobro_day_from_parts (2026, 10, 1), to = cobro_day_from_parts (2026, 12, 31);
  CobroCurrency eur;
  CobroStatement *statement;

  g_assert_true (cobro_currency_from_code ("EUR", &eur, NULL));
  statement = cobro_statement_new (eur, from, to);
  g_assert_true (cobro_statement_add (statement, COBRO_STATEMENT_INVOICE, from - 20, "INV-2026-00031",
                                      cobro_money (41000, eur), NULL));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = i % 3 == 1 ? g_strdup ("visa •••• 4242") : g_strdup_printf ("INV-2026-%05u", 40 + i);

      g_assert_true (cobro_statement_add (statement,
                                          i % 3 == 1   ? COBRO_STATEMENT_PAYMENT
                                          : i % 9 == 8 ? COBRO_STATEMENT_CREDIT_NOTE
                                                       : COBRO_STATEMENT_INVOICE,
                                          from + (CobroDay)(i * 90 / MAX (n, 1)), text,
                                          cobro_money (12000 + (gint64)i * 731, eur), NULL));
    }
  g_assert_true (cobro_statement_close (statement, NULL));
  statement->ageing = cobro_ageing_new (eur);
  g_assert_true (cobro_ageing_add (&statement->ageing, cobro_money (41000, eur), from, to, NULL));
  g_assert_true (cobro_ageing_add (&statement->ageing, cobro_money (15500, eur), to - 12, to, NULL));
  g_assert_true (cobro_ageing_add (&statement->ageing, cobro_money (8800, eur), to + 9, to, NULL));
  return statement;
}

char *
sample_ask (GBytes *bytes, const char *const *argv_before, const char *const *argv_after)
{
  g_autofree char *program = g_find_program_in_path (argv_before[0]), *path = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *answer = NULL;
  int file;

  if (program == NULL)
    return NULL;
  file = g_file_open_tmp ("cobro-document-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_close (file, NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes), NULL));
  for (; *argv_before != NULL; argv_before++)
    g_ptr_array_add (argv, (gpointer)*argv_before);
  g_ptr_array_add (argv, path);
  for (; argv_after != NULL && *argv_after != NULL; argv_after++)
    g_ptr_array_add (argv, (gpointer)*argv_after);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *)argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &answer, NULL, &error));
  g_assert_no_error (error);
  g_unlink (path);
  return answer;
}
