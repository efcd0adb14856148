/* tests/core/test-invoice.c — what invoices come to, by hand-made examples; issuing, crediting, changing, their links
 * and their status. Random documents against Python's decimal: oracle-invoice.py. Layer: tests. proves: INV-8 INV-15 */
#include "cobro-error.h"
#include "cobro-invoice-status.h"
#include "cobro-test.h"

#define NOW   G_GINT64_CONSTANT (1790000000000000) /* 2026-09-21 */
#define ULID  "01jdvh00000000000000000000"
#define TODAY (cobro_day_of_time (NOW, "UTC"))

static CobroCurrency
currency (const char *code)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code (code, &found, NULL));
  return found;
}

static CobroMoney
aud (gint64 minor)
{
  return cobro_money (minor, currency ("AUD"));
}

#define assert_minor(money, expected) g_assert_cmpint (cobro_money_minor (money), ==, expected)

static CobroInvoiceLine *
add_line (CobroInvoice *invoice, const char *text, const char *quantity, const char *price, const char *rate)
{
  CobroInvoiceLine *line = cobro_invoice_line_new (text);

  g_assert_true (cobro_decimal_from_text (quantity, &line->quantity, NULL));
  g_assert_true (cobro_unit_price_from_decimal (price, invoice->currency, &line->unit_price, NULL));
  g_assert_true (cobro_decimal_from_text (rate, &line->tax_rate, NULL));
  if (line->tax_rate > 0)
    {
      line->tax_category = COBRO_TAX_STANDARD;
      cobro_link_set_text (&line->tax_name, "GST");
    }
  g_ptr_array_add (invoice->lines, line);
  return line;
}

/* Invoice #502 of The Vacuum Shop, as a draft. */
static CobroInvoice *
vacuum (void)
{
  CobroInvoice *invoice = cobro_invoice_new ();

  invoice->currency = currency ("AUD");
  g_assert_true (cobro_id_parse (COBRO_ID_INVOICE, "inv_" ULID, &invoice->id, NULL));
  cobro_link_set_text (&invoice->buyer.name, "The Vacuum Shop");
  cobro_link_set_text (&invoice->buyer.email, "accounts@vacuum.example");
  invoice->created_at = NOW;
  add_line (invoice, "Service of a vacuum cleaner", "1", "75", "10");
  return invoice;
}

static CobroMerchant *
merchant (void)
{
  CobroMerchant *self = cobro_merchant_new ();

  cobro_link_set_text (&self->name, "Ana's Café");
  cobro_link_set_text (&self->time_zone, "Australia/Sydney");
  self->token_days = 30;
  return self;
}

static CobroInvoice *
issued (void)
{
  CobroInvoice *invoice = vacuum ();
  g_autoptr (CobroMerchant) seller = merchant ();
  g_autoptr (GError) error = NULL;

  g_assert_true (
    cobro_invoice_issue (invoice, seller, NULL, "INV-2026-00502", "dev/invoice/2026", 502, TODAY, NOW, &error));
  g_assert_no_error (error);
  return invoice;
}

static void
compute (CobroInvoice *invoice)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_invoice_compute (invoice, &error));
  g_assert_no_error (error);
}

/* ── Totals ── */

static void
test_sample (void)
{
  g_autoptr (CobroInvoice) invoice = vacuum ();
  const CobroInvoiceTax *tax;

  compute (invoice);
  assert_minor (invoice->totals->subtotal, 7500);
  assert_minor (invoice->totals->tax, 750);
  assert_minor (invoice->totals->total, 8250);
  g_assert_cmpuint (invoice->totals->taxes->len, ==, 1);
  tax = invoice->totals->taxes->pdata[0];
  g_assert_cmpstr (tax->name, ==, "GST");
  assert_minor (tax->base, 7500);
}

/* Three lines of 0.33 at 19 %: together 0.99 × 19 % = 0.1881; each alone 0.0627 → 0.06. */
static void
test_rounded_once (void)
{
  g_autoptr (CobroInvoice) invoice = vacuum ();

  g_ptr_array_set_size (invoice->lines, 0);
  for (guint i = 0; i < 3; i++)
    add_line (invoice, "screw", "1", "0.33", "19");
  compute (invoice);
  assert_minor (invoice->totals->tax, 19);
  invoice->tax_per_line = TRUE;
  compute (invoice);
  assert_minor (invoice->totals->tax, 18);
  assert_minor (invoice->totals->total, 117);
}

static void
test_inclusive (void)
{
  g_autoptr (CobroInvoice) invoice = vacuum ();

  invoice->tax_inclusive = TRUE;
  g_ptr_array_set_size (invoice->lines, 0);
  add_line (invoice, "coffee", "1", "10", "21");
  compute (invoice);
  assert_minor (invoice->totals->subtotal, 826); /* 10.00 − round (10.00 × 100 ÷ 121 = 8.2644…) */
  assert_minor (invoice->totals->tax, 174);
  assert_minor (invoice->totals->total, 1000);
}

/* Quantities and prices with fractions, two rates, a discount of each kind, shipping. */
static void
test_everything (void)
{
  g_autoptr (CobroInvoice) invoice = vacuum ();
  CobroInvoiceLine *line;

  g_ptr_array_set_size (invoice->lines, 0);
  line = add_line (invoice, "sheets", "1333", "0.0075", "10"); /* 9.9975 → 10.00 */
  line = add_line (invoice, "hours", "1.5", "40", "10");       /* 60.00 − 10 % = 54.00 */
  line->discount = (CobroDiscount){ COBRO_DISCOUNT_PERCENT, 10 * COBRO_DECIMAL_ONE, COBRO_MONEY_NONE };
  line = add_line (invoice, "book", "2", "20", "0"); /* 40.00 − 5.00 = 35.00, untaxed */
  line->discount = (CobroDiscount){ COBRO_DISCOUNT_AMOUNT, 0, aud (500) };
  invoice->discount = (CobroDiscount){ COBRO_DISCOUNT_AMOUNT, 0, aud (1000) };
  invoice->shipping = aud (700);
  invoice->shipping_tax_category = COBRO_TAX_STANDARD;
  invoice->shipping_tax_rate = 10 * COBRO_DECIMAL_ONE;
  cobro_link_set_text (&invoice->shipping_tax_name, "GST");
  compute (invoice);
  assert_minor (invoice->totals->lines[0], 1000);
  assert_minor (invoice->totals->lines[1], 5400);
  assert_minor (invoice->totals->lines[2], 3500);
  assert_minor (invoice->totals->lines_total, 9900);
  assert_minor (invoice->totals->discount, 1000);
  /* 10.00 over 10, 54, 35: 1.01, 5.45, 3.54 (1.0101…, 5.4545…, 3.5353…: the last cent goes to the largest rest) */
  assert_minor (((CobroInvoiceTax *)invoice->totals->taxes->pdata[0])->base, 1000 - 101 + 5400 - 545 + 700);
  assert_minor (((CobroInvoiceTax *)invoice->totals->taxes->pdata[1])->base, 3500 - 354);
  assert_minor (invoice->totals->subtotal, 9900 - 1000 + 700);
  assert_minor (invoice->totals->tax, 645); /* 64.54 × 10 % */
  assert_minor (invoice->totals->total, 9600 + 645);
}

static void
test_cash_rounding (void)
{
  g_autoptr (CobroInvoice) invoice = vacuum ();

  g_ptr_array_set_size (invoice->lines, 0);
  add_line (invoice, "tea", "1", "1.13", "0");
  invoice->cash_rounding = 5;
  compute (invoice);
  assert_minor (invoice->totals->rounding, 2);
  assert_minor (invoice->totals->total, 115);
  ((CobroInvoiceLine *)invoice->lines->pdata[0])->unit_price = 1120000;
  compute (invoice);
  assert_minor (invoice->totals->rounding, -2);
  assert_minor (invoice->totals->total, 110);
}

static void
test_too_much (void)
{
  g_autoptr (CobroInvoice) invoice = vacuum ();
  g_autoptr (GError) error = NULL;
  CobroInvoiceLine *line = invoice->lines->pdata[0];

  line->discount = (CobroDiscount){ COBRO_DISCOUNT_AMOUNT, 0, aud (7501) };
  g_assert_false (cobro_invoice_compute (invoice, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "lines[0].discount.amount");
  g_clear_error (&error);
  line->discount = COBRO_DISCOUNT_OFF;
  line->quantity = G_GINT64_CONSTANT (999999999) * COBRO_DECIMAL_ONE;
  line->unit_price = COBRO_UNIT_PRICE_LIMIT;
  g_assert_false (cobro_invoice_compute (invoice, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_OVERFLOW);
  g_clear_error (&error);
  line->quantity = COBRO_DECIMAL_ONE;
  line->unit_price = 75000000;
  invoice->discount = (CobroDiscount){ COBRO_DISCOUNT_AMOUNT, 0, aud (8000) };
  g_assert_false (cobro_invoice_compute (invoice, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "discount.amount");
}

static void
test_unit_prices (void)
{
  CobroCurrency yen = currency ("JPY"), euro = currency ("EUR"), dinar = currency ("KWD");
  CobroUnitPrice price;
  const struct
  {
    CobroUnitPrice price;
    const char *text;
  } euros[] = {
    { 75000000, "75.00" }, { 7500, "0.0075" }, { 1234567800, "1234.5678" }, { 10000, "0.01" }, { 1, "0.000001" }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (euros); i++)
    {
      g_autofree char *text = cobro_unit_price_to_decimal (euros[i].price, euro);

      g_assert_cmpstr (text, ==, euros[i].text);
      g_assert_true (cobro_unit_price_from_decimal (text, euro, &price, NULL));
      g_assert_cmpint (price, ==, euros[i].price);
    }
  g_assert_true (cobro_unit_price_from_decimal ("500", yen, &price, NULL));
  g_assert_cmpint (price, ==, 5000000);
  for (CobroUnitPrice part = -20; part <= 20; part++) /* seven decimals */
    {
      g_autofree char *text = cobro_unit_price_to_decimal (12345678 * part + part, dinar);

      g_assert_true (cobro_unit_price_from_decimal (text, dinar, &price, NULL));
      g_assert_cmpint (price, ==, 12345678 * part + part);
    }
  g_assert_false (cobro_unit_price_from_decimal ("1.12345678", dinar, &price, NULL));
  g_assert_false (cobro_unit_price_from_decimal ("1.123456x", dinar, &price, NULL));
  g_assert_false (cobro_unit_price_from_decimal ("999999999999.1234567", dinar, &price, NULL));
  g_assert_false (cobro_unit_price_from_decimal ("1.12345", yen, &price, NULL));
  g_assert_false (cobro_unit_price_from_decimal ("1,5", euro, &price, NULL));
  g_assert_false (cobro_unit_price_from_decimal ("99999999999999999999", euro, &price, NULL));
}

/* ── Life ── */

static void
test_issue (void)
{
  g_autoptr (CobroInvoice) invoice = issued ();
  g_autoptr (CobroMerchant) seller = merchant ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (invoice->seller.name, ==, "Ana's Café");
  g_assert_cmpstr (invoice->issue_date, ==, "2026-09-21");
  g_assert_cmpstr (invoice->due_date, ==, "2026-10-21");
  g_assert_cmpint (invoice->expires_at, ==, cobro_day_begins_at (TODAY + 31, "Australia/Sydney"));
  g_assert_false (cobro_invoice_issue (invoice, seller, NULL, "X", "s", 1, TODAY, NOW, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

static void
assert_refused (CobroInvoice *invoice, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_invoice_validate (invoice, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, path);
}

static void
test_rules (void)
{
  g_autoptr (CobroInvoice) invoice = issued ();
  CobroInvoiceLine *line = invoice->lines->pdata[0];
  CobroMoney total = invoice->totals->total;

  invoice->totals->total = aud (8251);
  assert_refused (invoice, "totals");
  invoice->totals->total = total;
  line->tax_category = COBRO_TAX_EXEMPT;
  assert_refused (invoice, "lines[0].taxRate");
  line->tax_category = COBRO_TAX_STANDARD;
  line->quantity = 0;
  assert_refused (invoice, "lines[0].quantity");
  line->quantity = COBRO_DECIMAL_ONE;
  g_strlcpy (invoice->due_date, "2026-09-20", sizeof invoice->due_date);
  assert_refused (invoice, "dueDate");
  g_strlcpy (invoice->due_date, "2026-09-21", sizeof invoice->due_date);
  cobro_link_set_text (&invoice->buyer.name, "");
  assert_refused (invoice, "customer.name");
  cobro_link_set_text (&invoice->buyer.name, "x");
  invoice->partial = COBRO_PARTIAL_PLAN;
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-09-30", aud (4000)));
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-10-30", aud (4251)));
  assert_refused (invoice, "partial.parts");
  ((CobroLinkPart *)invoice->parts->pdata[1])->amount = aud (4250);
  g_assert_true (cobro_invoice_validate (invoice, NULL));
  g_strlcpy (((CobroLinkPart *)invoice->parts->pdata[0])->due, "2026-09-01", COBRO_DATE_SIZE);
  assert_refused (invoice, "partial.parts[0].due");
}

static void
test_immutable (void)
{
  g_autoptr (CobroInvoice) from = issued (), to = cobro_invoice_copy (from);
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_invoice_is_same (from, to));
  to->decision = COBRO_INVOICE_UNCOLLECTIBLE;
  to->reminders.custom = TRUE;
  to->reminders.n = 0;
  cobro_link_set_text (&to->private_notes, "called on Monday");
  g_assert_true (cobro_invoice_validate_change (from, to, NULL));
  g_assert_false (cobro_invoice_is_same (from, to));
  ((CobroInvoiceLine *)to->lines->pdata[0])->unit_price++;
  g_assert_false (cobro_invoice_validate_change (from, to, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "lines");
  g_clear_error (&error);
  ((CobroInvoiceLine *)to->lines->pdata[0])->unit_price--;
  to->decision = COBRO_INVOICE_DRAFT;
  g_assert_false (cobro_invoice_validate_change (from, to, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "decision");
  g_clear_error (&error);
  from->decision = COBRO_INVOICE_VOID;
  to->decision = COBRO_INVOICE_ISSUED;
  g_assert_false (cobro_invoice_validate_change (from, to, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "decision");
}

static void
test_credit (void)
{
  g_autoptr (CobroInvoice) invoice = issued (), whole = NULL, part = NULL, none = NULL;
  g_autoptr (GError) error = NULL;

  add_line (invoice, "book", "1", "20", "0");
  compute (invoice);
  whole = cobro_invoice_credit (invoice, COBRO_MONEY_NONE, "wrong address", &error);
  g_assert_no_error (error);
  g_assert_true (cobro_invoice_totals_equal (whole->totals, invoice->totals));
  g_assert_cmpstr (whole->corrects_number, ==, "INV-2026-00502");
  g_assert_cmpstr (whole->number, ==, "");
  g_assert_null (cobro_invoice_to_link (whole, COBRO_MONEY_NONE));
  part = cobro_invoice_credit (invoice, aud (1000), "one returned", &error);
  g_assert_no_error (error);
  assert_minor (part->totals->total, 1000); /* 82.50 and 20.00 of 102.50: 8.05 and 1.95 */
  g_assert_cmpuint (part->lines->len, ==, 2);
  assert_minor (((CobroInvoiceTax *)part->totals->taxes->pdata[0])->amount, 805 - 732);
  none = cobro_invoice_credit (invoice, aud (10251), "too much", &error);
  g_assert_null (none);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "amount");
}

/* Two per cent of what is due and 10.00, fourteen days late: a draft of its own, with nothing of the old lines in it.
 */
static void
test_late_fee (void)
{
  g_autoptr (CobroInvoice) invoice = issued (), draft = NULL;
  CobroLateFee policy = { .on = TRUE, .after = 14, .percent = 2 * COBRO_DECIMAL_ONE, .fixed = aud (1000) };
  g_autoptr (GError) error = NULL;
  CobroMoney fee;

  g_assert_true (cobro_late_fee (&policy, invoice->totals->total, 14, &fee, &error));
  draft = cobro_invoice_for_late_fee (invoice, fee, "Late fee");
  g_assert_true (cobro_invoice_compute (draft, &error));
  assert_minor (draft->totals->total, 1165);
  assert_minor (draft->totals->tax, 0);
  g_assert_cmpint (draft->decision, ==, COBRO_INVOICE_DRAFT);
  g_assert_cmpstr (draft->reference, ==, "INV-2026-00502");
  g_assert_cmpstr (draft->buyer.name, ==, "The Vacuum Shop");
  g_assert_true (cobro_invoice_validate (draft, &error));
  g_assert_no_error (error);
}

/* ── Link ── */

static void
test_link (void)
{
  g_autoptr (CobroInvoice) invoice = issued ();
  g_autoptr (CobroLink) link = cobro_invoice_to_link (invoice, COBRO_MONEY_NONE), less = NULL;
  g_autoptr (GError) error = NULL;
  CobroId back = cobro_invoice_id_of_link (&link->id);

  g_assert_cmpstr (link->id.text, ==, "link_" ULID);
  g_assert_true (cobro_id_equal (&back, &invoice->id));
  g_assert_true (cobro_link_validate (link, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (link->title, ==, "INV-2026-00502");
  assert_minor (link->amount, 8250);
  /* The payer pays all that is due, no less, also after cash came in part. */
  g_assert_true (cobro_link_check_amount (link, COBRO_MONEY_NONE, aud (8250), NULL));
  g_assert_false (cobro_link_check_amount (link, COBRO_MONEY_NONE, aud (8249), NULL));
  g_assert_true (cobro_link_check_amount (link, aud (3000), aud (5250), NULL));
  g_assert_false (cobro_link_check_amount (link, aud (3000), aud (100), NULL));
  less = cobro_invoice_to_link (invoice, aud (250));
  assert_minor (less->amount, 8000);
  g_assert_true (cobro_link_validate (less, &error));
}

static void
test_link_of_plan (void)
{
  g_autoptr (CobroInvoice) invoice = issued ();
  g_autoptr (CobroLink) link = NULL, less = NULL, little = NULL;

  invoice->partial = COBRO_PARTIAL_PLAN;
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-09-30", aud (3000)));
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-10-30", aud (3000)));
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-11-30", aud (2250)));
  link = cobro_invoice_to_link (invoice, COBRO_MONEY_NONE);
  g_assert_true (cobro_link_validate (link, NULL));
  g_assert_cmpuint (link->parts->len, ==, 3);
  less = cobro_invoice_to_link (invoice, aud (2500));
  g_assert_true (cobro_link_validate (less, NULL));
  g_assert_cmpuint (less->parts->len, ==, 2);
  assert_minor (((CobroLinkPart *)less->parts->pdata[1])->amount, 2750);
  little = cobro_invoice_to_link (invoice, aud (6000));
  g_assert_true (cobro_link_validate (little, NULL));
  g_assert_cmpint (little->partial, ==, COBRO_PARTIAL_ON);
}

/* ── Status ── */

static void
test_status (void)
{
  g_autoptr (CobroInvoice) invoice = issued ();
  CobroLinkTally paid = cobro_link_tally_new (invoice->currency);
  CobroInvoiceTally tally = { 0 };
  CobroInvoiceView view = cobro_invoice_view (invoice, &paid, &tally, TODAY, NOW);

  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_OPEN);
  g_assert_true (view.can_pay);
  assert_minor (view.due, 8250);
  tally.sent_at = NOW;
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY + 30, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_SENT);
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY + 31, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_OVERDUE);
  g_assert_cmpint (view.days_overdue, ==, 1);
  tally.viewed_at = NOW;
  paid.paid = aud (3000);
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  assert_minor (view.due, 5250);
  g_assert_true (view.can_pay);
  paid.paid = aud (8250);
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY + 90, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_PAID);
  g_assert_false (view.can_pay);
  paid.paid = aud (9000);
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_OVERPAID);
  assert_minor (view.credit, 750);
  paid.paid = aud (8250);
  paid.refunded = aud (2000);
  tally.credited = aud (2000);
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_PAID);
  paid.refunded = aud (8250);
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_REFUNDED);
  invoice->decision = COBRO_INVOICE_VOID;
  view = cobro_invoice_view (invoice, &paid, &tally, TODAY, NOW);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_false (view.can_pay);
  assert_minor (view.due, 0);
}

/* A plan is late from the first part that is not covered. */
static void
test_late_part (void)
{
  g_autoptr (CobroInvoice) invoice = issued ();
  CobroLinkTally paid = cobro_link_tally_new (invoice->currency);
  CobroInvoiceTally tally = { 0 };

  invoice->partial = COBRO_PARTIAL_PLAN;
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-09-30", aud (4000)));
  g_ptr_array_add (invoice->parts, cobro_link_part_new ("2026-10-21", aud (4250)));
  g_assert_cmpint (cobro_invoice_view (invoice, &paid, &tally, TODAY + 10, NOW).status, ==, COBRO_INVOICE_IS_OVERDUE);
  paid.paid = aud (4000);
  g_assert_cmpint (cobro_invoice_view (invoice, &paid, &tally, TODAY + 10, NOW).status, ==,
                   COBRO_INVOICE_IS_PARTIALLY_PAID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/invoice/sample", test_sample);
  g_test_add_func ("/core/invoice/rounded-once", test_rounded_once);
  g_test_add_func ("/core/invoice/inclusive", test_inclusive);
  g_test_add_func ("/core/invoice/everything", test_everything);
  g_test_add_func ("/core/invoice/cash-rounding", test_cash_rounding);
  g_test_add_func ("/core/invoice/too-much", test_too_much);
  g_test_add_func ("/core/invoice/unit-prices", test_unit_prices);
  g_test_add_func ("/core/invoice/issue", test_issue);
  g_test_add_func ("/core/invoice/rules", test_rules);
  g_test_add_func ("/core/invoice/immutable", test_immutable);
  g_test_add_func ("/core/invoice/credit", test_credit);
  g_test_add_func ("/core/invoice/late-fee", test_late_fee);
  g_test_add_func ("/core/invoice/link", test_link);
  g_test_add_func ("/core/invoice/link-of-plan", test_link_of_plan);
  g_test_add_func ("/core/invoice/status", test_status);
  g_test_add_func ("/core/invoice/late-part", test_late_part);
  return g_test_run ();
}
