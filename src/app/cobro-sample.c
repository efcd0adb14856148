/* src/app/cobro-sample.c — a shop to look around in: whom it sells to, what, and how that went for a year.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-sample.h"

#include <glib/gi18n.h>
#include "cobro-link-status.h"
#include "cobro-record.h"

#define MONTHS   12
#define SERIES   "sample/invoice"
#define PROVIDER "mock"

typedef enum
{
  AS_OPEN,
  AS_PAID,
  AS_PARTLY,
  AS_FAILED,
  AS_PAUSED,
  AS_CANCELLED,
  AS_EXPIRED,
  AS_REFUNDED,
  AS_TWICE, /* paid by two people */
} SampleState;

static const struct
{
  const char *name;
  gboolean company;
  const char *contact;
  const char *email;
  const char *city;
  const char *country;
} customers[] = {
  { "Nora Lindqvist", FALSE, "", "nora@lindqvist.example", "Malmö", "SE" },
  { "Harbour Café", TRUE, "Tom Okafor", "orders@harbourcafe.example", "Cork", "IE" },
  { "Müller & Töchter", TRUE, "Ida Müller", "ida@mueller.example", "Bremen", "DE" },
  { "Lucía Ortega", FALSE, "", "lucia@ortega.example", "Cádiz", "ES" },
  { "Green Door School", TRUE, "Sam Whitfield", "office@greendoor.example", "Bristol", "GB" },
  { "Atelier Benoît", TRUE, "Claire Benoît", "claire@benoit.example", "Lyon", "FR" },
  { "Priya Raman", FALSE, "", "priya@raman.example", "Porto", "PT" },
};

static const struct
{
  const char *name;
  const char *code;
  const char *unit;
  gint64 units; /* whole units of the currency */
} products[] = {
  { N_ ("Coffee beans, 1 kg"), "C-100", "", 24 },   { N_ ("Birthday cake"), "K-200", "", 65 },
  { N_ ("Catering, per person"), "K-300", "", 18 }, { N_ ("Guitar lesson"), "L-400", N_ ("hour"), 35 },
  { N_ ("Bicycle repair"), "W-500", "", 90 },       { N_ ("Garden work"), "W-510", N_ ("hour"), 40 },
  { N_ ("Workshop ticket"), "T-600", "", 120 },
};

static const struct
{
  const char *title;
  const char *reference;
  gint64 units; /* 0: the customer chooses */
  SampleState state;
  int days_ago;
} links[] = {
  { N_ ("Coffee beans, 1 kg"), "A-1043", 24, AS_PAID, 0 },
  { N_ ("Table for four, deposit"), "R-0088", 40, AS_OPEN, 0 },
  { N_ ("Birthday cake"), "A-1042", 65, AS_TWICE, 1 },
  { N_ ("Garden work, October"), "W-0310", 480, AS_PARTLY, 2 },
  { N_ ("Guitar lesson"), "L-0217", 35, AS_FAILED, 3 },
  { N_ ("Donation for the playground"), "D-0001", 0, AS_OPEN, 4 },
  { N_ ("Bicycle repair"), "W-0309", 90, AS_PAID, 6 },
  { N_ ("Workshop ticket"), "T-0150", 120, AS_PAUSED, 8 },
  { N_ ("Wedding photos, balance"), "P-0012", 850, AS_REFUNDED, 11 },
  { N_ ("Gift card"), "G-0007", 50, AS_CANCELLED, 15 },
  { N_ ("Early bird offer"), "T-0001", 80, AS_EXPIRED, 30 },
};

/* How an invoice stands. */
typedef enum
{
  IS_DRAFT,
  IS_SENT,
  IS_PAID,
  IS_PAID_BY_BANK,
  IS_PAID_PARTLY,
} InvoiceState;

static const struct
{
  guint customer;
  guint product[2];
  gint64 quantity[2]; /* 0: no second line */
  gboolean abroad;    /* in the second currency */
  int days_ago;       /* issued; one of more than 30 days that is not paid is overdue */
  InvoiceState state;
} invoices[] = {
  { 2, { 2, 0 }, { 40, 3 }, FALSE, 318, IS_PAID_BY_BANK },
  { 4, { 6, 0 }, { 8, 0 }, TRUE, 263, IS_PAID },
  { 1, { 0, 0 }, { 30, 0 }, FALSE, 201, IS_PAID },
  { 5, { 2, 1 }, { 25, 1 }, FALSE, 148, IS_PAID_BY_BANK },
  { 4, { 3, 0 }, { 20, 0 }, TRUE, 112, IS_PAID },
  { 1, { 0, 0 }, { 40, 0 }, FALSE, 77, IS_PAID },
  { 2, { 5, 0 }, { 16, 0 }, FALSE, 52, IS_SENT },
  { 5, { 2, 0 }, { 60, 0 }, FALSE, 41, IS_PAID_PARTLY },
  { 4, { 6, 3 }, { 4, 6 }, TRUE, 19, IS_SENT },
  { 0, { 1, 0 }, { 2, 0 }, FALSE, 9, IS_PAID },
  { 1, { 0, 0 }, { 35, 0 }, FALSE, 3, IS_SENT },
  { 3, { 3, 0 }, { 10, 0 }, FALSE, 0, IS_DRAFT },
};

/* What is being made, and of what. */
typedef struct
{
  CobroSampleShop *shop;
  CobroClock *clock;
  CobroRandom *random;
  CobroTime now;
  CobroCurrency home, abroad;
} Maker;

static CobroMoney
whole_units (gint64 units, CobroCurrency currency)
{
  return cobro_money (units * cobro_currency_unit (currency), currency);
}

/* ── Who, and what ── */

static void
make_merchant (Maker *maker)
{
  CobroMerchant *merchant = maker->shop->merchant;

  merchant->id = cobro_id_new (COBRO_ID_MERCHANT, maker->clock, maker->random);
  merchant->rev = 1;
  merchant->created_at = merchant->updated_at = maker->now - 2 * 365 * COBRO_DAY;
  cobro_link_set_text (&merchant->name, _ ("Sample Shop"));
  cobro_link_set_text (&merchant->email, "hello@sample.example");
  cobro_link_set_text (&merchant->currency, cobro_currency_code (maker->home));
  cobro_link_set_text (&merchant->seller.address.street, "1 Market Square");
  cobro_link_set_text (&merchant->seller.address.city, "Sampleton");
}

static void
make_customers (Maker *maker)
{
  for (gsize i = 0; i < G_N_ELEMENTS (customers); i++)
    {
      CobroCustomer *customer = cobro_customer_new ();

      customer->id = cobro_id_new (COBRO_ID_CUSTOMER, maker->clock, maker->random);
      customer->rev = 1;
      customer->is_company = customers[i].company;
      cobro_link_set_text (&customer->party.name, customers[i].name);
      cobro_link_set_text (&customer->party.contact, customers[i].contact);
      cobro_link_set_text (&customer->party.email, customers[i].email);
      cobro_link_set_text (&customer->party.address.city, customers[i].city);
      cobro_link_set_text (&customer->party.address.country, customers[i].country);
      customer->created_at = customer->updated_at = maker->now - (gint64)(400 - 7 * i) * COBRO_DAY;
      g_ptr_array_add (maker->shop->customers, customer);
    }
}

static void
make_products (Maker *maker)
{
  for (gsize i = 0; i < G_N_ELEMENTS (products); i++)
    {
      CobroProduct *product = cobro_product_new ();

      product->id = cobro_id_new (COBRO_ID_PRODUCT, maker->clock, maker->random);
      product->rev = 1;
      cobro_link_set_text (&product->name, _ (products[i].name));
      cobro_link_set_text (&product->code, products[i].code);
      cobro_link_set_text (&product->unit, *products[i].unit ? _ (products[i].unit) : "");
      product->currency = maker->home;
      product->unit_price = cobro_unit_price_of (whole_units (products[i].units, maker->home));
      product->created_at = product->updated_at = maker->now - (gint64)(390 - 5 * i) * COBRO_DAY;
      g_ptr_array_add (maker->shop->products, product);
    }
}

/* ── Money ── */

static CobroPayment *
pay (Maker *maker, const CobroId *link_id, CobroMoney amount, CobroTime at, guint who)
{
  CobroPayment *payment = cobro_payment_new ();

  payment->id = cobro_id_new (COBRO_ID_PAYMENT, maker->clock, maker->random);
  payment->link_id = *link_id;
  payment->amount = payment->received = amount;
  payment->refunded = payment->lost = cobro_money_zero (cobro_money_currency (amount));
  payment->state = COBRO_PAYMENT_SUCCEEDED;
  cobro_link_set_text (&payment->gateway, PROVIDER);
  cobro_link_set_text (&payment->method, cobro_method_name (COBRO_METHOD_CARD));
  cobro_link_set_text (&payment->method_detail, "visa •••• 4242");
  cobro_link_set_text (&payment->payer_name, customers[who % G_N_ELEMENTS (customers)].name);
  cobro_link_set_text (&payment->payer_email, customers[who % G_N_ELEMENTS (customers)].email);
  payment->created_at = payment->updated_at = MIN (at, maker->now);
  g_ptr_array_add (maker->shop->payments, payment);
  return payment;
}

static void
pay_by_bank (CobroPayment *payment)
{
  cobro_link_set_text (&payment->gateway, COBRO_RECORD_GATEWAY);
  cobro_link_set_text (&payment->method, cobro_record_how_name (COBRO_RECORD_BANK));
  cobro_link_set_text (&payment->method_detail, "");
}

/* ── Links ── */

static CobroLink *
new_link (Maker *maker, const char *title, CobroMoney amount, CobroTime at)
{
  CobroLink *link = cobro_link_new ();

  link->id = cobro_id_new (COBRO_ID_LINK, maker->clock, maker->random);
  link->rev = 1;
  cobro_link_set_text (&link->title, title);
  link->currency = cobro_money_currency (amount);
  if (cobro_money_is_positive (amount))
    link->amount = amount;
  else
    {
      link->pricing = COBRO_PRICING_OPEN;
      link->usage = COBRO_USAGE_UNLIMITED;
      link->minimum = whole_units (5, link->currency);
    }
  link->created_at = link->updated_at = at;
  g_ptr_array_add (maker->shop->links, link);
  return link;
}

static void
settle_link (Maker *maker, CobroLink *link, SampleState state, guint who)
{
  CobroTime at = link->created_at + COBRO_HOUR / 2;

  switch (state)
    {
    case AS_OPEN:
      break;
    case AS_TWICE:
      pay (maker, &link->id, link->amount, at, who);
      pay (maker, &link->id, link->amount, at + COBRO_MINUTE, who + 1)->flags = COBRO_FLAG_DUPLICATE;
      break;
    case AS_PAID:
      pay (maker, &link->id, link->amount, at, who);
      break;
    case AS_REFUNDED:
      pay (maker, &link->id, link->amount, at, who)->refunded = link->amount;
      break;
    case AS_PARTLY:
      link->partial = COBRO_PARTIAL_ON;
      pay (maker, &link->id, cobro_money (cobro_money_minor (link->amount) / 3, link->currency), at, who);
      break;
    case AS_FAILED:
      {
        CobroPayment *failed = pay (maker, &link->id, link->amount, at, who);

        failed->state = COBRO_PAYMENT_FAILED;
        failed->received = COBRO_MONEY_NONE;
        cobro_link_set_text (&failed->failure_code, "card_declined");
        cobro_link_set_text (&failed->failure_message, _ ("The bank declined the card."));
        break;
      }
    case AS_PAUSED:
      link->decision = COBRO_DECISION_PAUSED;
      break;
    case AS_CANCELLED:
      link->decision = COBRO_DECISION_CANCELLED;
      break;
    case AS_EXPIRED:
      link->expires_at = maker->now - COBRO_DAY;
      break;
    }
}

static void
make_links (Maker *maker)
{
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      CobroTime at = maker->now - links[i].days_ago * COBRO_DAY - (gint64)(i + 1) * COBRO_HOUR;
      CobroLink *link = new_link (maker, _ (links[i].title), whole_units (links[i].units, maker->home), at);

      cobro_link_set_text (&link->reference, links[i].reference);
      if (links[i].units > 0)
        cobro_link_set_text (&link->customer_name, customers[i % G_N_ELEMENTS (customers)].name);
      settle_link (maker, link, links[i].state, (guint)i);
    }
}

/* A year behind the counter: more from month to month. One customer's bank takes the money back, unless it is answered.
 */
static void
make_year (Maker *maker)
{
  CobroTime begun = maker->now - MONTHS * 30 * COBRO_DAY;
  CobroLink *counter = new_link (maker, _ ("Counter sale"), cobro_money_zero (maker->home), begun);
  CobroLink *post = new_link (maker, _ ("Coffee by post"), whole_units (32, maker->abroad), begun);

  post->usage = COBRO_USAGE_UNLIMITED;
  for (guint month = 0; month < MONTHS; month++)
    for (guint i = 0; i < 4 + month / 4; i++)
      {
        CobroTime at = begun + (month * 30 + 2 + 5 * i) * COBRO_DAY + (gint64)(i * 97 % 480) * COBRO_MINUTE;
        gint64 units = 30 + 6 * month + (month * 37 + i * 53) % 90;

        pay (maker, &counter->id, whole_units (units, maker->home), at, month + i);
        if (i % 2 == 0)
          pay (maker, &post->id, post->amount, at + COBRO_DAY, month + i + 3);
      }
  {
    CobroPayment *disputed = pay (maker, &counter->id, whole_units (145, maker->home), maker->now - 5 * COBRO_DAY,
                                  G_N_ELEMENTS (customers) - 1);

    disputed->flags = COBRO_FLAG_DISPUTED;
    disputed->dispute_due = maker->now + 6 * COBRO_DAY;
  }
}

/* ── Invoices ── */

static void
add_line (CobroInvoice *invoice, const CobroProduct *product, gint64 quantity)
{
  CobroInvoiceLine *line = cobro_invoice_line_new (product->name);

  line->product_id = product->id;
  line->unit_price = product->unit_price;
  line->quantity = quantity * COBRO_DECIMAL_ONE;
  cobro_link_set_text (&line->unit, product->unit);
  g_ptr_array_add (invoice->lines, line);
}

static void
settle_invoice (Maker *maker, const CobroInvoice *invoice, InvoiceState state, guint who)
{
  CobroId link_id = cobro_invoice_link_id (&invoice->id);
  CobroMoney total = invoice->totals->total;
  CobroTime at = invoice->issued_at + 6 * COBRO_DAY;

  switch (state)
    {
    case IS_DRAFT:
    case IS_SENT:
      break;
    case IS_PAID:
      pay (maker, &link_id, total, at, who);
      break;
    case IS_PAID_BY_BANK:
      pay_by_bank (pay (maker, &link_id, total, at, who));
      break;
    case IS_PAID_PARTLY:
      pay_by_bank (
        pay (maker, &link_id, cobro_money (cobro_money_minor (total) / 2, cobro_money_currency (total)), at, who));
      break;
    }
}

/* The documents are made by the same function as real ones; only their numbers come from no series. */
static gboolean
make_invoice (Maker *maker, guint i, GError **error)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  const CobroCustomer *customer = maker->shop->customers->pdata[invoices[i].customer];
  CobroTime at = maker->now - invoices[i].days_ago * COBRO_DAY - COBRO_HOUR;
  CobroDay day = cobro_day_of_time (at, maker->shop->merchant->time_zone);
  g_autofree char *number = g_strdup_printf ("S-%04u", i + 1);

  g_ptr_array_add (maker->shop->invoices, invoice);
  invoice->id = cobro_id_new (COBRO_ID_INVOICE, maker->clock, maker->random);
  invoice->currency = invoices[i].abroad ? maker->abroad : maker->home;
  invoice->created_at = invoice->updated_at = at;
  invoice->customer_id = customer->id;
  cobro_party_copy (&customer->party, &invoice->buyer);
  for (guint k = 0; k < 2; k++)
    if (invoices[i].quantity[k] > 0)
      add_line (invoice, maker->shop->products->pdata[invoices[i].product[k]], invoices[i].quantity[k]);
  if (invoices[i].state == IS_DRAFT)
    return cobro_invoice_compute (invoice, error);

  invoice->rev = 1;
  if (!cobro_invoice_issue (invoice, maker->shop->merchant, customer, number, SERIES, i + 1, day, at, error))
    return FALSE;
  settle_invoice (maker, invoice, invoices[i].state, invoices[i].customer);
  return TRUE;
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  const CobroPayment *left = *(CobroPayment *const *)a;
  const CobroPayment *right = *(CobroPayment *const *)b;

  return left->created_at < right->created_at ? -1 : left->created_at > right->created_at;
}

CobroSampleShop *
cobro_sample_make (CobroClock *clock, CobroRandom *random, CobroCurrency currency, GError **error)
{
  const char *other = g_str_equal (cobro_currency_code (currency), "EUR") ? "USD" : "EUR";
  g_autoptr (CobroSampleShop) shop = cobro_sample_shop_new ();
  Maker maker = {
    .shop = shop, .clock = clock, .random = random, .now = cobro_clock_now (clock), .home = currency, .abroad = currency
  };

  if (!cobro_currency_from_code (other, &maker.abroad, error))
    return NULL;
  make_merchant (&maker);
  make_customers (&maker);
  make_products (&maker);
  make_links (&maker);
  make_year (&maker);
  for (guint i = 0; i < G_N_ELEMENTS (invoices); i++)
    if (!make_invoice (&maker, i, error))
      return NULL;
  g_ptr_array_sort (shop->payments, by_time);
  return g_steal_pointer (&shop);
}
