/* tests/relay/templates/page-samples.c — one page model for every state a buyer can meet.
 * Layer: tests. */
#include "page-samples.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795257000000000) /* 2026-11-21T10:30:00Z */

static CobroMoney
money (gint64 minor, const char *code)
{
  CobroCurrency currency;
  gboolean known = cobro_currency_from_code (code, &currency, NULL);

  g_assert_true (known);
  return cobro_money (minor, currency);
}

static CobroMerchant *
merchant_new (const char *name, const char *accent)
{
  CobroMerchant *merchant = cobro_merchant_new ();

  cobro_link_set_text (&merchant->name, name);
  cobro_link_set_text (&merchant->accent, accent);
  cobro_link_set_text (&merchant->support, "Questions? +34 600 000 000, Mon–Fri 9–18");
  cobro_link_set_text (&merchant->website, "https://ana.example");
  cobro_link_set_text (&merchant->time_zone, "Europe/Madrid");
  return merchant;
}

static void
add_way (RelayPage *page, guint method, const char *gateway, const char *title, gboolean available)
{
  RelayPageWay *way = g_new0 (RelayPageWay, 1);

  way->method = method;
  way->gateway = g_strdup (gateway);
  way->title = g_strdup (title);
  way->available = available;
  g_ptr_array_add (page->ways, way);
}

/* A page of a link of 12.50 euros for coffee beans. */
static RelayPage *
page_new (RelayPageState state)
{
  RelayPage *page = relay_page_new (state);

  page->status = 200;
  page->now = NOW;
  page->version = 7;
  cobro_link_set_text (&page->token, PAGE_SAMPLES_TOKEN);
  page->merchant = merchant_new ("Ana’s Café", "");
  page->link = cobro_link_new ();
  cobro_link_set_text (&page->link->title, "Coffee beans, 1 kg");
  cobro_link_set_text (&page->link->description,
                       "House blend, freshly roasted on Friday.\nSent by post within two days.");
  cobro_link_set_text (&page->link->reference, "A-2026-17");
  page->link->amount = money (1250, "EUR");
  page->link->currency = cobro_money_currency (page->link->amount);
  page->total = page->due = page->rest = page->link->amount;
  page->paid = money (0, "EUR");
  page->can_pay = state == RELAY_PAGE_OPEN || state == RELAY_PAGE_DECLINED;
  add_way (page, COBRO_METHOD_CARD, "mock", "Test card", TRUE);
  return page;
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

static void
pay (RelayPage *page, gint64 minor)
{
  page->payment = cobro_payment_new ();
  page->payment->amount = page->payment->received = money (minor, "EUR");
  page->payment->state = COBRO_PAYMENT_SUCCEEDED;
  page->paid_at = NOW;
  cobro_link_set_text (&page->payment->method_detail, "visa •••• 4242");
  g_strlcpy (page->payment->id.text, "pay_01k9zvb7w3m5t8x2c4n6q0r1se", sizeof page->payment->id.text);
}

static void
mark_wrong (RelayPage *page, const char *field, const char *typed)
{
  g_hash_table_insert (page->errors, g_strdup (field), g_strdup ("is wrong"));
  if (typed != NULL)
    g_hash_table_insert (page->values, g_strdup (field), g_strdup (typed));
}

static void
ask_everything (RelayPage *page)
{
  page->link->collect = COBRO_COLLECT_NAME | COBRO_COLLECT_EMAIL | COBRO_COLLECT_PHONE | COBRO_COLLECT_ADDRESS;
  g_ptr_array_add (page->link->fields, cobro_link_field_new ("size", "T-shirt size", TRUE));
  g_ptr_array_add (page->link->fields, cobro_link_field_new ("note", "A note for us", FALSE));
}

static void
sell_lines (RelayPage *page, gboolean choose)
{
  CobroLink *link = page->link;
  gint64 most = choose ? 10 : 0;

  link->pricing = COBRO_PRICING_LINES;
  link->amount = COBRO_MONEY_NONE;
  g_ptr_array_add (link->lines, cobro_link_line_new ("House blend, 1 kg", money (1250, "EUR"), 2, most, 0));
  g_ptr_array_add (link->lines, cobro_link_line_new ("Paper filters, 100 pieces", money (480, "EUR"), 1, 0, 0));
  g_ptr_array_add (link->lines, cobro_link_line_new ("Delivery", money (395, "EUR"), 1, 0, 0));
  page->choose_quantities = choose;
  page->total = page->due = page->rest = money (3375, "EUR");
}

static void
add_open (GPtrArray *samples)
{
  RelayPage *page;

  add (samples, "open", page_new (RELAY_PAGE_OPEN));
  page = add (samples, "open-live", page_new (RELAY_PAGE_OPEN));
  page->livemode = TRUE;
  page->link->expires_at = NOW + 5 * COBRO_DAY;
  cobro_link_set_text (&page->link->customer_name, "Luis Pérez");
  cobro_link_set_text (&page->merchant->accent, "#ffd400");
  cobro_link_set_text (&page->merchant->name, "Zitrone & Co.");
  page = add (samples, "open-usd", page_new (RELAY_PAGE_OPEN));
  page->total = page->due = page->rest = money (123456789, "USD");
  cobro_link_set_text (&page->link->title, "Deposit");
  page = add (samples, "amount", page_new (RELAY_PAGE_OPEN));
  page->choose_amount = TRUE;
  page->total = page->due = page->rest = COBRO_MONEY_NONE;
  page->minimum = money (500, "EUR");
  page->maximum = money (100000, "EUR");
  page->preset = money (2000, "EUR");
  cobro_link_set_text (&page->link->title, "Support our choir");
  page = add (samples, "amount-wrong", page_new (RELAY_PAGE_OPEN));
  page->choose_amount = TRUE;
  page->total = page->due = page->rest = COBRO_MONEY_NONE;
  page->minimum = money (500, "EUR");
  mark_wrong (page, "amount", "1,2,3");
  page->status = 400;
}

static void
add_asking (GPtrArray *samples)
{
  RelayPage *page;

  sell_lines (add (samples, "lines", page_new (RELAY_PAGE_OPEN)), FALSE);
  sell_lines (add (samples, "quantities", page_new (RELAY_PAGE_OPEN)), TRUE);
  page = add (samples, "quantities-wrong", page_new (RELAY_PAGE_OPEN));
  sell_lines (page, TRUE);
  mark_wrong (page, "quantity_0", "99");
  ask_everything (add (samples, "fields", page_new (RELAY_PAGE_OPEN)));
  page = add (samples, "fields-wrong", page_new (RELAY_PAGE_OPEN));
  ask_everything (page);
  mark_wrong (page, "", NULL);
  mark_wrong (page, "name", "");
  mark_wrong (page, "email", "ana at example");
  mark_wrong (page, "phone", "x");
  mark_wrong (page, "address", "");
  mark_wrong (page, "field_size", "");
  page = add (samples, "ways", page_new (RELAY_PAGE_OPEN));
  add_way (page, COBRO_METHOD_BANK_TRANSFER, "bank", "SEPA", TRUE);
  add_way (page, COBRO_METHOD_CRYPTO, "chain", "Bitcoin", FALSE);
  page = add (samples, "ways-one-left", page_new (RELAY_PAGE_OPEN));
  ((RelayPageWay *)page->ways->pdata[0])->available = FALSE;
  add_way (page, COBRO_METHOD_BANK_TRANSFER, "bank", "SEPA", TRUE);
  page = add (samples, "once-more", page_new (RELAY_PAGE_OPEN));
  g_hash_table_replace (page->values, g_strdup ("confirm"), g_strdup ("1796119200.0123456789abcdef"));
  page = add (samples, "partly", page_new (RELAY_PAGE_OPEN));
  page->total = money (12000, "EUR");
  page->paid = money (5000, "EUR");
  page->due = page->rest = money (7000, "EUR");
  page->choose_amount = TRUE;
  page->minimum = money (100, "EUR");
  page->maximum = money (7000, "EUR");
  page = add (samples, "hostile", page_new (RELAY_PAGE_OPEN));
  cobro_link_set_text (&page->link->title, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->link->description, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->merchant->name, PAGE_SAMPLES_HOSTILE);
  cobro_link_set_text (&page->merchant->website, "javascript:alert(3)");
  cobro_link_set_text (&page->merchant->accent, "#fff;}</style>");
  ask_everything (page);
  mark_wrong (page, "name", PAGE_SAMPLES_HOSTILE);
  mark_wrong (page, "address", "</textarea>" PAGE_SAMPLES_HOSTILE);
}

static void
add_under_way (GPtrArray *samples)
{
  RelayPage *page;

  page = add (samples, "continue", page_new (RELAY_PAGE_CONTINUE));
  cobro_link_set_text (&page->continue_url, "/mock/pay/mp_1");
  page = add (samples, "continue-declined", page_new (RELAY_PAGE_CONTINUE));
  cobro_link_set_text (&page->continue_url, "/pay/" PAGE_SAMPLES_TOKEN "/with/stripe");
  cobro_link_set_text (&page->failure_code, "insufficient_funds");
  add_way (page, COBRO_METHOD_BANK_TRANSFER, "bank", "SEPA", TRUE);
  add (samples, "processing", page_new (RELAY_PAGE_PROCESSING));
  add (samples, "declined", page_new (RELAY_PAGE_DECLINED));
  page = add (samples, "declined-funds", page_new (RELAY_PAGE_DECLINED));
  cobro_link_set_text (&page->failure_code, "insufficient_funds");
  page = add (samples, "declined-closed", page_new (RELAY_PAGE_DECLINED));
  page->can_pay = FALSE;
  page = add (samples, "unconfirmed", page_new (RELAY_PAGE_DECLINED));
  cobro_link_set_text (&page->failure_code, "authentication_failed");
  page = add (samples, "ran-out", page_new (RELAY_PAGE_DECLINED));
  cobro_link_set_text (&page->failure_code, "expired");
  page = add (samples, "declined-unavailable", page_new (RELAY_PAGE_DECLINED));
  cobro_link_set_text (&page->failure_code, "provider_unavailable");
  page = add (samples, "given-up", page_new (RELAY_PAGE_DECLINED));
  pay (page, 1250);
  page->payment->state = COBRO_PAYMENT_CANCELLED;
  page = add (samples, "busy", page_new (RELAY_PAGE_BUSY));
  page->wait_seconds = 40;
  page = add (samples, "busy-minutes", page_new (RELAY_PAGE_BUSY));
  page->wait_seconds = 541;
  page = add (samples, "unavailable", page_new (RELAY_PAGE_UNAVAILABLE));
  page->wait_seconds = 120;
}

static void
tell (RelayPage *page, const char *name, const char *text)
{
  if (page->details == NULL)
    page->details = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (page->details, g_strdup (name), g_strdup (text));
}

/* By transfer, in a shop, and with the provider's script. */
static void
add_elsewhere (GPtrArray *samples)
{
  RelayPage *page;

  page = add (samples, "transfer", page_new (RELAY_PAGE_INSTRUCTIONS));
  page->total = page->due = page->rest = money (8250, "MXN");
  tell (page, "kind", "transfer");
  tell (page, "clabe", "000000000000000001");
  tell (page, "bank", "BBVA Bancomer");
  tell (page, "agreement", "0001234");
  tell (page, "name", "000020TRLZ");
  tell (page, "reference", "11030021342311520255");
  tell (page, "due", "2026-11-24T05:59:59Z");
  page = add (samples, "store", page_new (RELAY_PAGE_INSTRUCTIONS));
  page->total = page->due = page->rest = money (8250, "MXN");
  tell (page, "kind", "store");
  tell (page, "reference", "1010102085460000000001");
  tell (page, "due", "2026-11-24T05:59:59Z");
  tell (page, "hosted-url", "https://voucher.example/1");
  page = add (samples, "embedded", page_new (RELAY_PAGE_EMBEDDED));
  page->embed = relay_page_embed_new ("stripe", "Stripe");
  page->embed->is_begun = TRUE;
  cobro_link_set_text (&page->embed->secret, "pi_1_secret_x");
  cobro_link_set_text (&page->embed->key, "pk_test_1");
  cobro_link_set_text (&page->embed->back, "/pay/" PAGE_SAMPLES_TOKEN "/back/x");
  page = add (samples, "embedded-form", page_new (RELAY_PAGE_EMBEDDED));
  page->embed = relay_page_embed_new ("openpay", "Openpay");
  page->embed->by_token = TRUE;
  cobro_link_set_text (&page->embed->account, "m_1");
  cobro_link_set_text (&page->embed->key, "pk_1");
  add_way (page, COBRO_METHOD_STORE, "openpay", "Openpay", TRUE);
  g_hash_table_insert (page->values, g_strdup ("email"), g_strdup ("ana@example.com"));
  page = add (samples, "embedded-start", page_new (RELAY_PAGE_EMBEDDED));
  page->embed = relay_page_embed_new ("razorpay", "Razorpay");
}

static void
add_paid (GPtrArray *samples)
{
  RelayPage *page;

  page = add (samples, "paid", page_new (RELAY_PAGE_PAID));
  pay (page, 1250);
  page->due = page->rest = money (0, "EUR");
  cobro_link_set_text (&page->link->after_message, "Thank you! Your beans leave the shop tomorrow.");
  page = add (samples, "paid-next", page_new (RELAY_PAGE_PAID));
  pay (page, 1250);
  page->due = page->rest = COBRO_MONEY_NONE; /* a use of its own: nothing is due of it */
  cobro_link_set_text (&page->next_url, "https://ana.example/thanks?payment=pay_1");
  page = add (samples, "paid-part", page_new (RELAY_PAGE_PAID));
  pay (page, 5000);
  page->due = page->rest = money (7000, "EUR");
  page = add (samples, "already-paid", page_new (RELAY_PAGE_PAID));
  page->due = page->rest = money (0, "EUR");
  page = add (samples, "refunded", page_new (RELAY_PAGE_REFUNDED));
  pay (page, 1250);
  page->payment->refunded = money (1250, "EUR");
}

static void
add_closed (GPtrArray *samples)
{
  RelayPage *page;

  page = add (samples, "scheduled", page_new (RELAY_PAGE_SCHEDULED));
  page->link->not_before = NOW + 2 * COBRO_DAY;
  page = add (samples, "paused", page_new (RELAY_PAGE_PAUSED));
  cobro_link_set_text (&page->link->closed_message, "We are on holiday until 6 January.");
  page = add (samples, "expired", page_new (RELAY_PAGE_EXPIRED));
  page->link->expires_at = NOW - 2 * COBRO_DAY;
  page->status = 410;
  add (samples, "used-up", page_new (RELAY_PAGE_USED_UP));
  page = add (samples, "cancelled", page_new (RELAY_PAGE_CANCELLED));
  page->status = 410;
  page = add (samples, "replaced", page_new (RELAY_PAGE_REPLACED));
  g_clear_pointer (&page->link, cobro_link_unref);
  page->status = 410;
  page = relay_page_new (RELAY_PAGE_UNKNOWN);
  page->status = 404;
  add (samples, "unknown", page);
}

static void
page_sample_free (gpointer data)
{
  PageSample *sample = data;

  relay_page_unref (sample->page);
  g_free (sample);
}

GPtrArray *
page_samples_new (void)
{
  GPtrArray *samples = g_ptr_array_new_with_free_func (page_sample_free);

  add_open (samples);
  add_asking (samples);
  add_under_way (samples);
  add_elsewhere (samples);
  add_paid (samples);
  add_closed (samples);
  page_samples_add_invoices (samples);
  return samples;
}
