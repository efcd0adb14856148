/* tests/relay/templates/page-samples-invoices.c — one page model for every state an invoice can be met in.
 * Layer: tests. */
#include "page-samples.h"

#define NOW G_GINT64_CONSTANT (1795257000000000) /* 2026-11-21T10:30:00Z */

/* What a sample begins with. */
typedef struct
{
  const char *code; /* currency */
  const char *seller, *seller_country, *seller_tax_id;
  const char *tax;
  gint64 rate; /* percent */
  gboolean inclusive;
} Shop;

static const Shop vacuums = { "AUD", "The Vacuum Shop", "AU", "51 824 753 556", "GST", 10, FALSE };
static const Shop cafe = { "EUR", "Café de Ana, S. L.", "ES", "ESB86561412", "IVA", 21, TRUE };

static CobroMoney
money (gint64 minor, const char *code)
{
  CobroCurrency currency;
  gboolean known = cobro_currency_from_code (code, &currency, NULL);

  g_assert_true (known);
  return cobro_money (minor, currency);
}

static CobroInvoiceLine *
add_line (RelayPage *page, const Shop *shop, const char *text, gint64 quantity, gint64 minor)
{
  CobroInvoiceLine *line = cobro_invoice_line_new (text);

  line->quantity = quantity * COBRO_DECIMAL_ONE;
  line->unit_price = cobro_unit_price_of (money (minor, shop->code));
  cobro_link_set_text (&line->tax_name, shop->tax);
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = shop->rate * COBRO_DECIMAL_ONE;
  g_ptr_array_add (page->invoice->lines, line);
  return line;
}

static void
fill_parties (CobroInvoice *invoice, const Shop *shop)
{
  cobro_link_set_text (&invoice->seller.name, shop->seller);
  cobro_link_set_text (&invoice->seller.address.street, "12 Harbour Street");
  cobro_link_set_text (&invoice->seller.address.city, "Sydney");
  cobro_link_set_text (&invoice->seller.address.postal_code, "2000");
  cobro_link_set_text (&invoice->seller.address.region, "NSW");
  cobro_link_set_text (&invoice->seller.address.country, shop->seller_country);
  cobro_link_set_text (&invoice->seller.tax_id, shop->seller_tax_id);
  cobro_link_set_text (&invoice->buyer.name, "Jane Citizen");
  cobro_link_set_text (&invoice->buyer.email, "jane@example.com");
  cobro_link_set_text (&invoice->buyer.address.street, "7 Elm Road");
  cobro_link_set_text (&invoice->buyer.address.city, "Newtown");
  cobro_link_set_text (&invoice->buyer.address.postal_code, "2042");
}

static RelayPage *
page_new (RelayPageState state, const Shop *shop)
{
  RelayPage *page = relay_page_new (state);
  RelayPageWay *way = g_new0 (RelayPageWay, 1);

  page->status = 200;
  page->now = NOW;
  page->version = 7;
  cobro_link_set_text (&page->token, PAGE_SAMPLES_TOKEN);
  page->merchant = cobro_merchant_new ();
  cobro_link_set_text (&page->merchant->name, shop->seller);
  cobro_link_set_text (&page->merchant->support, "Questions? +61 2 5550 0000");
  cobro_link_set_text (&page->merchant->website, "https://vacuums.example");
  cobro_link_set_text (&page->merchant->time_zone, "Australia/Sydney");
  page->invoice = cobro_invoice_new ();
  page->invoice->currency = cobro_money_currency (money (1, shop->code));
  page->invoice->decision = COBRO_INVOICE_ISSUED;
  page->invoice->tax_inclusive = shop->inclusive;
  cobro_link_set_text (&page->invoice->number, "502");
  g_strlcpy (page->invoice->issue_date, "2026-11-20", COBRO_DATE_SIZE);
  g_strlcpy (page->invoice->due_date, "2026-12-04", COBRO_DATE_SIZE);
  fill_parties (page->invoice, shop);
  page->can_pay = state == RELAY_PAGE_OPEN || state == RELAY_PAGE_DECLINED;
  way->method = COBRO_METHOD_CARD;
  way->gateway = g_strdup ("mock");
  way->title = g_strdup ("Test card");
  way->available = TRUE;
  g_ptr_array_add (page->ways, way);
  return page;
}

/* Its totals, its link, and what is due when @paid minor units are there. */
static void
settle (RelayPage *page, gint64 paid)
{
  g_autoptr (GError) error = NULL;
  gboolean fits;

  fits = cobro_invoice_compute (page->invoice, &error);
  g_assert_no_error (error);
  g_assert_true (fits);
  g_clear_pointer (&page->link, cobro_link_unref);
  page->link = cobro_invoice_to_link (page->invoice, COBRO_MONEY_NONE);
  page->total = page->invoice->totals->total;
  page->paid = cobro_money (paid, page->invoice->currency);
  fits = cobro_money_subtract (page->total, page->paid, &page->rest, &error);
  g_assert_true (fits);
  page->due = page->rest;
  page->invoice_view = (CobroInvoiceView){ .status = COBRO_INVOICE_IS_OPEN, .paid = page->paid, .due = page->rest };
}

static RelayPage *
add (GPtrArray *samples, const char *name, RelayPage *page)
{
  PageSample *sample = g_new0 (PageSample, 1);

  sample->name = name;
  sample->page = page;
  g_ptr_array_add (samples, sample);
  return page;
}

/* Invoice 502 of The Vacuum Shop: 75.00 and 10 % GST. */
static RelayPage *
add_vacuum (GPtrArray *samples, const char *name, RelayPageState state, gint64 paid)
{
  RelayPage *page = add (samples, name, page_new (state, &vacuums));

  add_line (page, &vacuums, "Vacuum cleaner service", 1, 7500);
  settle (page, paid);
  return page;
}

static void
pay (RelayPage *page, gint64 minor)
{
  page->payment = cobro_payment_new ();
  page->payment->amount = page->payment->received = cobro_money (minor, page->invoice->currency);
  page->payment->state = COBRO_PAYMENT_SUCCEEDED;
  page->paid_at = NOW;
  cobro_link_set_text (&page->payment->method_detail, "visa •••• 4242");
  g_strlcpy (page->payment->id.text, "pay_01k9zvb7w3m5t8x2c4n6q0r1se", sizeof page->payment->id.text);
}

/* ── What is on it ── */

static void
add_ten (GPtrArray *samples)
{
  static const char *const things[] = {
    "Upright vacuum, refurbished",   "HEPA filter, set of two",      "Motor brushes",
    "Paper bags, box of 20",         "Hose, 1.8 m, anti-static",     "Labour",
    "Collection and return, Sydney", "Power cord, 10 m, heavy duty", "Turbo brush head",
    "Extended warranty, 12 months",
  };
  RelayPage *page = add (samples, "invoice-ten", page_new (RELAY_PAGE_OPEN, &vacuums));
  CobroInvoiceLine *line;

  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    add_line (page, &vacuums, things[i], 1 + i % 3, 1995 + 731 * i);
  line = page->invoice->lines->pdata[5];
  line->quantity = COBRO_DECIMAL_ONE * 5 / 2;
  cobro_link_set_text (&line->unit, "h");
  line->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_PERCENT, .percent = 10 * COBRO_DECIMAL_ONE };
  line = page->invoice->lines->pdata[9];
  line->tax_category = COBRO_TAX_EXEMPT;
  line->tax_rate = 0;
  cobro_link_set_text (&line->tax_name, "");
  page->invoice->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_AMOUNT, .amount = money (2500, "AUD") };
  page->invoice->shipping = money (1500, "AUD");
  page->invoice->shipping_tax_category = COBRO_TAX_STANDARD;
  page->invoice->shipping_tax_rate = 10 * COBRO_DECIMAL_ONE;
  cobro_link_set_text (&page->invoice->shipping_tax_name, "GST");
  cobro_link_set_text (&page->invoice->number, "INV-2026-00502");
  cobro_link_set_text (&page->invoice->reference, "PO-7781");
  cobro_link_set_text (&page->invoice->notes, "Thank you for keeping old machines alive.");
  settle (page, 0);
}

static void
add_contents (GPtrArray *samples)
{
  RelayPage *page;
  CobroInvoiceLine *line;

  add_vacuum (samples, "invoice", RELAY_PAGE_OPEN, 0);
  add_ten (samples);
  page = add (samples, "invoice-inclusive", page_new (RELAY_PAGE_OPEN, &cafe));
  add_line (page, &cafe, "Máquina de café, alquiler de un mes", 1, 12100);
  line = add_line (page, &cafe, "Café en grano, 1 kg", 4, 1650);
  line->tax_rate = 10 * COBRO_DECIMAL_ONE;
  settle (page, 0);
  page = add (samples, "invoice-reverse", page_new (RELAY_PAGE_OPEN, &cafe));
  page->invoice->tax_inclusive = FALSE;
  line = add_line (page, &cafe, "Consulting", 3, 50000);
  line->tax_category = COBRO_TAX_REVERSE;
  line->tax_rate = 0;
  cobro_link_set_text (&page->invoice->buyer.tax_id, "DE136695976");
  cobro_link_set_text (&page->invoice->buyer.address.country, "DE");
  settle (page, 0);
  page = add (samples, "invoice-long", page_new (RELAY_PAGE_OPEN, &vacuums));
  for (guint i = 0; i < COBRO_INVOICE_LINES_MAX; i++)
    {
      g_autofree char *text = g_strdup_printf ("Part no. %u", i + 1);

      add_line (page, &vacuums, text, 1 + i % 7, 100 + i);
    }
  settle (page, 0);
  page = add (samples, "invoice-hostile", page_new (RELAY_PAGE_OPEN, &vacuums));
  add_line (page, &vacuums, PAGE_SAMPLES_HOSTILE, 2, 7500);
  cobro_link_set_text (&page->invoice->number, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->invoice->buyer.name, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->invoice->seller.address.street, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->invoice->notes, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->invoice->footer, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->invoice->reference, PAGE_SAMPLES_HOSTILE);
  settle (page, 0);
}

/* ── How it is paid ── */

static void
plan (RelayPage *page, gint64 paid)
{
  static const char *const days[] = { "2026-11-15", "2026-12-15", "2027-01-15" };

  page->invoice->partial = COBRO_PARTIAL_PLAN;
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    g_ptr_array_add (page->invoice->parts, cobro_link_part_new (days[i], money (2750, "AUD")));
  settle (page, paid);
  page->due = money (2750 - paid % 2750, "AUD");
  page->choose_amount = TRUE;
  page->minimum = page->preset = page->due;
  page->maximum = page->rest;
}

static void
add_parts (GPtrArray *samples)
{
  RelayPage *page;

  page = add_vacuum (samples, "invoice-part", RELAY_PAGE_OPEN, 0);
  page->link->partial = COBRO_PARTIAL_ON;
  page->choose_amount = TRUE;
  page->minimum = page->link->minimum_first = money (2000, "AUD");
  page->maximum = page->preset = page->rest;
  page = add_vacuum (samples, "invoice-partly", RELAY_PAGE_OPEN, 3000);
  page->link->partial = COBRO_PARTIAL_ON;
  page->choose_amount = TRUE;
  page->minimum = money (1, "AUD");
  page->maximum = page->preset = page->rest;
  plan (add_vacuum (samples, "invoice-plan", RELAY_PAGE_OPEN, 0), 0);
  plan (add_vacuum (samples, "invoice-plan-second", RELAY_PAGE_OPEN, 0), 4000);
  plan (add_vacuum (samples, "invoice-plan-last", RELAY_PAGE_OPEN, 0), 5500);
  page = add_vacuum (samples, "invoice-plan-wrong", RELAY_PAGE_OPEN, 0);
  plan (page, 0);
  page->status = 400;
  g_hash_table_insert (page->errors, g_strdup ("amount"), g_strdup ("is not what is due"));
  page = add_vacuum (samples, "invoice-overdue", RELAY_PAGE_OPEN, 0);
  g_strlcpy (page->invoice->due_date, "2026-11-18", COBRO_DATE_SIZE);
  page->invoice_view.status = COBRO_INVOICE_IS_OVERDUE;
  page->invoice_view.days_overdue = 3;
  page = add_vacuum (samples, "invoice-credited", RELAY_PAGE_OPEN, 0);
  page->invoice_tally.credited = money (2000, "AUD");
  page->total = page->rest = page->due = page->invoice_view.due = money (6250, "AUD");
  add_vacuum (samples, "invoice-declined", RELAY_PAGE_DECLINED, 0);
}

/* ── When it is over ── */

static void
add_over (GPtrArray *samples)
{
  RelayPage *page;

  page = add_vacuum (samples, "invoice-paid", RELAY_PAGE_PAID, 8250);
  pay (page, 8250);
  page = add_vacuum (samples, "invoice-paid-part", RELAY_PAGE_PAID, 3000);
  pay (page, 3000);
  page->link->partial = COBRO_PARTIAL_ON;
  add_vacuum (samples, "invoice-settled", RELAY_PAGE_PAID, 8250);
  page = add_vacuum (samples, "invoice-credit", RELAY_PAGE_PAID, 8250);
  pay (page, 9000);
  page->invoice_view.credit = money (750, "AUD");
  page = add_vacuum (samples, "invoice-void", RELAY_PAGE_CANCELLED, 0);
  page->invoice->decision = COBRO_INVOICE_VOID;
  cobro_link_set_text (&page->invoice->void_reason, "Sent twice: 501 is the right one.");
  page->status = 410;
  page = add_vacuum (samples, "invoice-expired", RELAY_PAGE_EXPIRED, 0);
  page->link->expires_at = NOW - 2 * COBRO_DAY;
  page->status = 410;
  page = add_vacuum (samples, "invoice-replaced", RELAY_PAGE_REPLACED, 0);
  g_clear_pointer (&page->link, cobro_link_unref);
  g_clear_pointer (&page->invoice, cobro_invoice_unref);
  page->status = 410;
  page = add_vacuum (samples, "invoice-refunded", RELAY_PAGE_REFUNDED, 0);
  pay (page, 8250);
  page->payment->refunded = money (8250, "AUD");
  page = add_vacuum (samples, "invoice-given-back", RELAY_PAGE_USED_UP, 6250);
  page->view.paid_status = COBRO_PAID_PARTIALLY_REFUNDED;
  add_vacuum (samples, "invoice-processing", RELAY_PAGE_PROCESSING, 0);
  page = add_vacuum (samples, "invoice-busy", RELAY_PAGE_BUSY, 0);
  page->wait_seconds = 40;
}

void
page_samples_add_invoices (GPtrArray *samples)
{
  add_contents (samples);
  add_parts (samples);
  add_over (samples);
}
