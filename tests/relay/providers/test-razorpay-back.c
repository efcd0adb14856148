/* tests/relay/providers/test-razorpay-back.c — money that goes back at Razorpay, the nightly lists, and amounts against
 * a table of their own. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "razorpay-talk.h"

#define LIST(items) "{'entity':'collection','items':[" items "]}"
#define REFUSED(words)                                                                                                 \
  "{'error':{'code':'BAD_REQUEST_ERROR','description':'" words                                                         \
  "','source':'NA','step':'NA','reason':'NA','metadata':{}}}"
/* printf 'the key of the refund' | sha256sum | cut -c1-40 */
#define KEY     "the key of the refund"
#define RECEIPT "2612753039ae54f71545eb463fd45c4e8dbcf244"
#define REFUND_OF(id, payment, amount, status, receipt)                                                                \
  "{'id':'" id "','entity':'refund','amount':" amount ",'currency':'INR','payment_id':'" payment "','notes':[],"       \
  "'receipt':" receipt ",'acquirer_data':{'arn':null},'created_at':1795273400,'batch_id':null,'status':'" status "',"  \
  "'speed_processed':'normal','speed_requested':'normal'}"
#define REFUND(status, receipt) REFUND_OF ("rfnd_FP8QHiV938haTz", "pay_IH4NVgf4Dreq1l", "50000", status, receipt)
#define CAPTURED                                                                                                       \
  "{'id':'pay_IH4NVgf4Dreq1l','amount':125000,'currency':'INR','status':'captured','captured':true,'method':'upi',"    \
  "'order_id':'order_DESlLckIVRkHWj','notes':[],'created_at':1795273300}"
#define DISPUTE(id, payment, status, deducted, created)                                                                \
  "{'id':'" id "','entity':'dispute','payment_id':'" payment                                                           \
  "','amount':39000,'currency':'INR','amount_deducted':" deducted                                                      \
  ",'reason_code':'goods_not_received','status':'" status "','phase':'chargeback','created_at':" created "}"

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
start_refund (RazorpayTalk *self)
{
  self->target.charge_id = "pay_IH4NVgf4Dreq1l";
  self->talk.amount = razorpay_money ("INR", 50000);
  self->talk.key = KEY;
  return razorpay_talk_start (self, RELAY_TALK_REFUND);
}

static void
assert_refund_asked (RazorpayTalk *self)
{
  razorpay_talk_assert_asked (self, "POST /v1/payments/pay_IH4NVgf4Dreq1l/refund",
                              "{'amount':50000,'speed':'normal','notes':{'cobro_reference':'" TALK_REFERENCE
                              "'},'receipt':'" RECEIPT "'}");
  g_assert_cmpstr (razorpay_talk_header (self, "X-Refund-Idempotency"), ==, RECEIPT);
  g_assert_true (self->ask.keyed);
}

static void
test_refund (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;
  const CobroFact *fact;

  start_refund (self);
  assert_refund_asked (self);
  step = razorpay_talk_answer (self, 200, REFUND ("processed", "'" RECEIPT "'"));
  fact = razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUNDED, "rfnd_FP8QHiV938haTz/processed");
  g_assert_cmpstr (fact->refund_id, ==, "rfnd_FP8QHiV938haTz");
  g_assert_cmpstr (fact->charge_id, ==, "pay_IH4NVgf4Dreq1l");
  g_assert_cmpstr (fact->provider_payment_id, ==, "order_DESlLckIVRkHWj");
  g_assert_true (cobro_money_equal (fact->amount, self->talk.amount));
  start_refund (self);
  step = razorpay_talk_answer (self, 200, REFUND ("pending", "null"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUND_PENDING, "rfnd_FP8QHiV938haTz/pending");
  start_refund (self);
  step = razorpay_talk_answer (self, 200, REFUND ("failed", "null"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUND_FAILED, "rfnd_FP8QHiV938haTz/failed");
}

/* While the books do not know the charge, the order says it. */
static void
test_refund_unknown_charge (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  self->talk.amount = razorpay_money ("INR", 50000);
  self->talk.key = KEY;
  razorpay_talk_start (self, RELAY_TALK_REFUND);
  razorpay_talk_assert_asked (self, "GET /v1/orders/order_DESlLckIVRkHWj/payments", NULL);
  razorpay_talk_answer (self, 200, LIST (CAPTURED));
  assert_refund_asked (self);
  razorpay_talk_start (self, RELAY_TALK_REFUND);
  step = razorpay_talk_answer (self, 200, LIST (""));
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_PROVIDER);
}

/* "No" may mean that it was made before: what bears our receipt is ours. */
static void
test_refund_refused (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  start_refund (self);
  razorpay_talk_answer (self, 400, REFUSED ("The payment has been fully refunded already"));
  razorpay_talk_assert_asked (self, "GET /v1/payments/pay_IH4NVgf4Dreq1l/refunds?count=100&skip=0", NULL);
  step = razorpay_talk_answer (self, 200,
                               LIST (REFUND_OF ("rfnd_X", "pay_IH4NVgf4Dreq1l", "75000", "processed",
                                                "null") "," REFUND ("processed", "'" RECEIPT "'")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUNDED, "rfnd_FP8QHiV938haTz/processed");

  start_refund (self);
  razorpay_talk_answer (self, 400, REFUSED ("The payment has been fully refunded already"));
  step =
    razorpay_talk_answer (self, 200, LIST (REFUND_OF ("rfnd_X", "pay_IH4NVgf4Dreq1l", "50000", "processed", "null")));
  g_assert_cmpstr (self->error->message, ==, "The payment has been fully refunded already");
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_PROVIDER);
}

static void
test_refund_uncertain (RazorpayTalk *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    CobroError code;
  } cases[] = {
    { 409, REFUSED ("in progress"), COBRO_ERROR_NO_ANSWER },
    { 500, "{}", COBRO_ERROR_NO_ANSWER },
    { 429, "{}", COBRO_ERROR_UNAVAILABLE },
    { 200, "<html>", COBRO_ERROR_NO_ANSWER },
    { 200, REFUND ("sent", "null"), COBRO_ERROR_NO_ANSWER },
    { 200, REFUND_OF ("rfnd_X", "pay_Another", "50000", "processed", "null"), COBRO_ERROR_NO_ANSWER },
    { 200, REFUND_OF ("rfnd_X", "pay_IH4NVgf4Dreq1l", "125000", "processed", "null"), COBRO_ERROR_NO_ANSWER },
    { 200, REFUND_OF ("pay_X", "pay_IH4NVgf4Dreq1l", "50000", "processed", "null"), COBRO_ERROR_NO_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      start_refund (self);
      razorpay_talk_assert_failed (self, razorpay_talk_answer (self, cases[i].status, cases[i].body), cases[i].code);
    }
}

static void
test_query_refund (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  self->target.charge_id = "pay_IH4NVgf4Dreq1l";
  self->talk.key = KEY;
  self->talk.refund_id = "rfnd_FP8QHiV938haTz";
  razorpay_talk_start (self, RELAY_TALK_QUERY_REFUND);
  razorpay_talk_assert_asked (self, "GET /v1/payments/pay_IH4NVgf4Dreq1l/refunds/rfnd_FP8QHiV938haTz", NULL);
  step = razorpay_talk_answer (self, 200, REFUND ("processed", "null"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUNDED, "rfnd_FP8QHiV938haTz/processed");
  razorpay_talk_start (self, RELAY_TALK_QUERY_REFUND);
  step = razorpay_talk_answer (self, 200, REFUND_OF ("rfnd_Other", "pay_IH4NVgf4Dreq1l", "1", "processed", "null"));
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_NO_ANSWER);
  razorpay_talk_start (self, RELAY_TALK_QUERY_REFUND);
  step = razorpay_talk_answer (self, 400, REFUSED ("The id provided does not exist"));
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_NOT_FOUND);

  self->talk.refund_id = "";
  razorpay_talk_start (self, RELAY_TALK_QUERY_REFUND);
  razorpay_talk_assert_asked (self, "GET /v1/payments/pay_IH4NVgf4Dreq1l/refunds?count=100&skip=0", NULL);
  step = razorpay_talk_answer (self, 200, LIST (REFUND ("pending", "'" RECEIPT "'")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUND_PENDING, "rfnd_FP8QHiV938haTz/pending");
  razorpay_talk_start (self, RELAY_TALK_QUERY_REFUND);
  step = razorpay_talk_answer (self, 200, LIST (""));
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_NOT_FOUND);
}

/* ── Long lists ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) a page with @n times @item. */
static char *
full_page (const char *item, guint n)
{
  GString *text = g_string_new ("{'entity':'collection','items':[");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", item);
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static void
test_pages (RazorpayTalk *self, gconstpointer data)
{
  g_autofree char *refunds = full_page (REFUND_OF ("rfnd_X", "pay_IH4NVgf4Dreq1l", "100", "processed", "null"), 100);
  g_autofree char *disputes = full_page (DISPUTE ("disp_X", "pay_Another", "open", "0", "1795273400"), 100);
  g_autofree char *older = full_page (DISPUTE ("disp_X", "pay_Another", "open", "0", "1500000000"), 100);
  RelayTalkStep step;

  self->target.charge_id = "pay_IH4NVgf4Dreq1l";
  self->talk.key = KEY;
  self->talk.refund_id = "";
  razorpay_talk_start (self, RELAY_TALK_QUERY_REFUND);
  razorpay_talk_answer (self, 200, refunds);
  razorpay_talk_assert_asked (self, "GET /v1/payments/pay_IH4NVgf4Dreq1l/refunds?count=100&skip=100", NULL);
  step = razorpay_talk_answer (self, 200, LIST (REFUND ("processed", "'" RECEIPT "'")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_REFUNDED, "rfnd_FP8QHiV938haTz/processed");

  /* Disputes about others: on, until they are older than the payment. */
  razorpay_talk_start (self, RELAY_TALK_QUERY_DISPUTE);
  razorpay_talk_assert_asked (self, "GET /v1/disputes?count=100&skip=0", NULL);
  razorpay_talk_answer (self, 200, disputes);
  razorpay_talk_assert_asked (self, "GET /v1/disputes?count=100&skip=100", NULL);
  step = razorpay_talk_answer (self, 200, older);
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_NOT_FOUND);
}

/* ── Disputes ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_disputes (RazorpayTalk *self, gconstpointer data)
{
  static const struct
  {
    const char *body, *event_id;
    CobroFactKind kind;
    gint64 amount;
  } cases[] = {
    { LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "open", "0", "5")), "disp_A/open", COBRO_FACT_DISPUTE_OPENED,
      39000 },
    { LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "under_review", "0", "5")), "disp_A/under_review",
      COBRO_FACT_DISPUTE_OPENED, 39000 },
    { LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "won", "0", "5")), "disp_A/won", COBRO_FACT_DISPUTE_WON, 39000 },
    { LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "lost", "38000", "5")), "disp_A/lost", COBRO_FACT_DISPUTE_LOST,
      38000 },
    { LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "closed", "0", "5")), "disp_A/closed", COBRO_FACT_DISPUTE_WON,
      39000 },
    { LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "closed", "9", "5")), "disp_A/closed", COBRO_FACT_DISPUTE_LOST,
      9 },
    { LIST (DISPUTE ("disp_X", "pay_Another", "lost", "1", "9") "," DISPUTE (
        "disp_A", "pay_IH4NVgf4Dreq1l", "lost", "1", "5") "," DISPUTE ("disp_B", "pay_IH4NVgf4Dreq1l", "open", "0",
                                                                       "7")),
      "disp_B/open", COBRO_FACT_DISPUTE_OPENED, 39000 },
  };

  self->target.charge_id = "pay_IH4NVgf4Dreq1l";
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const CobroFact *fact;

      razorpay_talk_start (self, RELAY_TALK_QUERY_DISPUTE);
      fact = razorpay_talk_assert_fact (self, razorpay_talk_answer (self, 200, cases[i].body), cases[i].kind,
                                        cases[i].event_id);
      g_assert_cmpint (cobro_money_minor (fact->amount), ==, cases[i].amount);
      g_assert_cmpstr (fact->charge_id, ==, "pay_IH4NVgf4Dreq1l");
    }
  razorpay_talk_start (self, RELAY_TALK_QUERY_DISPUTE);
  razorpay_talk_assert_failed (
    self, razorpay_talk_answer (self, 200, LIST (DISPUTE ("disp_A", "pay_IH4NVgf4Dreq1l", "settled", "0", "5"))),
    COBRO_ERROR_NO_ANSWER);
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
assert_page (RazorpayTalk *self, RelayTalkStep step, guint n, const char *next)
{
  g_assert_no_error (self->error);
  g_assert_cmpint (step, ==, RELAY_TALK_DONE);
  g_assert_cmpuint (self->talk.listing->facts->len, ==, n);
  g_assert_cmpstr (self->talk.listing->next, ==, next);
}

#define OURS "'notes':{'cobro_reference':'" TALK_REFERENCE "'}"
#define PAID(id, notes)                                                                                                \
  "{'id':'" id "','amount':100,'currency':'INR','status':'captured','captured':true,'order_id':'order_A'," notes "}"

static void
test_list (RazorpayTalk *self, gconstpointer data)
{
  g_autofree char *full = full_page (PAID ("pay_A", OURS), 100);
  RelayTalkStep step;
  const CobroFact *fact;

  self->talk.since = TALK_NOW - COBRO_DAY;
  razorpay_talk_start (self, RELAY_TALK_LIST);
  razorpay_talk_assert_asked (self, "GET /v1/payments?from=1794841200&to=1795273200&count=100&skip=0", NULL);
  /* Ours, another shop's, one that failed. */
  step = razorpay_talk_answer (
    self, 200,
    LIST (PAID ("pay_A", OURS) "," PAID (
      "pay_B", "'notes':[]") ",{'id':'pay_C','amount':100,'currency':'INR','status':'failed'," OURS
                             "},{'id':'pay_D','amount':100,'currency':'INR','status':'authorized'," OURS "}"));
  assert_page (self, step, 1, "orders 1794841200 1795273200 0");
  fact = self->talk.listing->facts->pdata[0];
  g_assert_cmpstr (fact->event_id, ==, "pay_A/captured");
  g_assert_cmpstr (fact->charge_id, ==, "pay_A");
  g_assert_cmpstr (fact->provider_payment_id, ==, "");
  g_assert_cmpstr (fact->reference, ==, TALK_REFERENCE);

  razorpay_talk_start (self, RELAY_TALK_LIST);
  step = razorpay_talk_answer (self, 200, full);
  assert_page (self, step, 100, "payments 1794841200 1795273200 100");

  self->talk.cursor = "orders 1794841200 1795273200 0";
  razorpay_talk_start (self, RELAY_TALK_LIST);
  razorpay_talk_assert_asked (
    self, "GET /v1/orders?from=1794841200&to=1795273200&count=100&skip=0&expand%5B%5D=payments", NULL);
  step = razorpay_talk_answer (
    self, 200,
    LIST ("{'id':'order_A','amount':100,'currency':'INR','status':'paid'," OURS ",'payments':{'items':[" PAID (
      "pay_A", "'notes':[]") "]}},"
                             "{'id':'order_B','amount':100,'currency':'INR','status':'paid','notes':[],"
                             "'payments':{'items':[" PAID ("pay_B", "'notes':[]") "]}}"));
  assert_page (self, step, 1, "refunds 1794841200 1795273200 0");
  fact = self->talk.listing->facts->pdata[0];
  g_assert_cmpstr (fact->event_id, ==, "pay_A/captured");
  g_assert_cmpstr (fact->reference, ==, TALK_REFERENCE);

  self->talk.cursor = "refunds 1794841200 1795273200 200";
  razorpay_talk_start (self, RELAY_TALK_LIST);
  razorpay_talk_assert_asked (self, "GET /v1/refunds?from=1794841200&to=1795273200&count=100&skip=200", NULL);
  step = razorpay_talk_answer (self, 200, LIST (REFUND ("processed", "null") "," REFUND ("pending", "null")));
  assert_page (self, step, 2, NULL);
  fact = self->talk.listing->facts->pdata[1];
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_REFUND_PENDING);

  self->talk.cursor = "settlements 1 2 3";
  razorpay_talk_assert_failed (self, razorpay_talk_start (self, RELAY_TALK_LIST), COBRO_ERROR_INVALID);
}

/* ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The table of Razorpay's page "International Payments" and its notes, written down once more. */
static void
test_amounts (RazorpayTalk *self, gconstpointer data)
{
  static const char zero[] = " BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ";
  static const char three[] = " BHD IQD JOD KWD OMR TND ";
  const RelayCurrencies *table = relay_razorpay_adapter ()->facts.currencies;
  guint n[4] = { 0 };

  for (guint i = 0; i < table->n_rules; i++)
    {
      const RelayCurrencyRule *rule = &table->rules[i];
      g_autofree char *word = g_strdup_printf (" %s ", rule->code);
      guint digits = strstr (zero, word) != NULL ? 0 : (strstr (three, word) != NULL ? 3 : 2);

      g_assert_cmpuint (rule->exponent, ==, digits);
      g_assert_cmpint (rule->step, ==, digits == 3 ? 10 : 1);
      g_assert_cmpint (rule->minimum, ==, strcmp (rule->code, "INR") == 0 ? 100 : (digits == 3 ? 10 : 1));
      n[digits]++;
    }
  g_assert_cmpuint (n[0], ==, 16);
  g_assert_cmpuint (n[3], ==, 6);
  g_assert_cmpuint (n[2], ==, 106);
}

static void
test_conversions (RazorpayTalk *self, gconstpointer data)
{
  static const struct
  {
    const char *code;
    gint64 ours, theirs; /* theirs 0: refused at "amount", -1: at "currency" */
  } cases[] = {
    { "INR", 100, 100 },     { "INR", 99, 0 },        { "INR", 125000, 125000 }, { "ISK", 500, 500 },
    { "UGX", 500, 500 },     { "JPY", 1, 1 },         { "MGA", 12345, 12345 },   { "HUF", 12345, 12345 },
    { "TWD", 12345, 12345 }, { "KWD", 99990, 99990 }, { "KWD", 99991, 0 },       { "IQD", 10, 10 },
    { "USD", 1, 1 },         { "LYD", 1000, -1 },     { "UYI", 5, -1 },          { "CLF", 50000, -1 },
  };
  const RelayCurrencies *table = relay_razorpay_adapter ()->facts.currencies;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroMoney money = razorpay_money (cases[i].code, cases[i].ours), back;
      gint64 units;

      g_test_message ("%s %" G_GINT64_FORMAT, cases[i].code, cases[i].ours);
      if (cases[i].theirs <= 0)
        {
          g_assert_false (relay_currencies_to_provider (table, money, &units, &self->error));
          cobro_test_assert_error (&self->error, COBRO_ERROR_INVALID, cases[i].theirs == 0 ? "amount" : "currency");
          continue;
        }
      g_assert_true (relay_currencies_to_provider (table, money, &units, &self->error));
      g_assert_cmpint (units, ==, cases[i].theirs);
      g_assert_true (relay_currencies_from_provider (table, cases[i].code, units, &back, &self->error));
      g_assert_true (cobro_money_equal (money, back));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                                                \
  g_test_add ("/razorpay-back/" path, RazorpayTalk, NULL, razorpay_talk_set_up, func, razorpay_talk_tear_down)
  ADD ("refund", test_refund);
  ADD ("refund-unknown-charge", test_refund_unknown_charge);
  ADD ("refund-refused", test_refund_refused);
  ADD ("refund-uncertain", test_refund_uncertain);
  ADD ("query-refund", test_query_refund);
  ADD ("pages", test_pages);
  ADD ("disputes", test_disputes);
  ADD ("list", test_list);
  ADD ("amounts", test_amounts);
  ADD ("conversions", test_conversions);
#undef ADD
  return g_test_run ();
}
