/* tests/relay/providers/test-razorpay.c — beginning and looking at Razorpay, over bytes as its documentation prints
 * them: what is asked, in which order, and what the answers mean. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "razorpay-talk.h"

#define LINK_HEAD                                                                                                      \
  "{'id':'plink_ExjpAUN3gVHrPJ','accept_partial':false,'amount':125000,'amount_paid':0,'currency':'INR',"              \
  "'customer':{'name':'Gaurav'},'payments':null,'reference_id':'" TALK_RECEIPT "','reminders':[],"                     \
  "'short_url':'https://rzp.io/i/nxrHnLJ','created_at':1795273200,'updated_at':1795273200,'user_id':'',"               \
  "'notes':{'cobro_reference':'" TALK_REFERENCE "'},"
#define LINK LINK_HEAD "'status':'created'}"
#define ORDER(id, created)                                                                                             \
  "{'id':'" id "','entity':'order','amount':125000,'amount_paid':0,'amount_due':125000,'currency':'INR',"              \
  "'receipt':'" TALK_RECEIPT                                                                                           \
  "','offer_id':null,'status':'created','attempts':0,'notes':{'cobro_reference':'" TALK_REFERENCE                      \
  "'},'created_at':" created "}"
#define PAYMENT(id, status, created, more)                                                                             \
  "{'id':'" id "','entity':'payment','amount':125000,'currency':'INR','status':'" status "',"                          \
  "'order_id':'order_DESlLckIVRkHWj','invoice_id':null,'international':false,'method':'card','amount_refunded':0,"     \
  "'refund_status':null,'description':null,'card':{'id':'card_1','last4':'1007','network':'Visa'},'bank':null,"        \
  "'wallet':null,'vpa':null,'notes':[],'fee':2500,'tax':0,'acquirer_data':{},'created_at':" created "," more "}"
#define CAPTURED(id, created) PAYMENT (id, "captured", created, "'captured':true,'error_code':null")
#define AUTHORIZED            PAYMENT ("pay_IH4NVgf4Dreq1l", "authorized", "1795273300", "'captured':false")
#define FAILED(created)                                                                                                \
  PAYMENT ("pay_GFailedGFailed1", "failed", created,                                                                   \
           "'captured':false,'error_code':'BAD_REQUEST_ERROR','error_description':'Declined by the "                   \
           "bank','error_source':'bank',"                                                                              \
           "'error_step':'payment_authorization','error_reason':'card_declined'")
#define LIST(items) "{'entity':'collection','items':[" items "]}"
#define REFUSED(words)                                                                                                 \
  "{'error':{'code':'BAD_REQUEST_ERROR','description':'" words                                                         \
  "','source':'NA','step':'NA','reason':'NA','metadata':{}}}"

/* ── Payment links ──────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_link (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step = razorpay_talk_start (self, RELAY_TALK_BEGIN);
  const CobroFact *fact;

  g_assert_cmpint (step, ==, RELAY_TALK_ASK);
  razorpay_talk_assert_asked (
    self, "POST /v1/payment_links",
    "{'amount':125000,'currency':'INR','accept_partial':false,'description':'Asha: tea','reference_id':'" TALK_RECEIPT
    "','expire_by':1795276800,'customer':{'name':'Gaurav','email':'g@example.com','contact':'+919876543210'},"
    "'notify':{'sms':false,'email':false},'reminder_enable':false,'notes':{'cobro_reference':'" TALK_REFERENCE
    "'},'callback_url':'https://pay.example/pay/t/back/k','callback_method':'get'}");
  step = razorpay_talk_answer (self, 200, LINK);
  fact = razorpay_talk_assert_fact (self, step, COBRO_FACT_PENDING, "plink_ExjpAUN3gVHrPJ/created");
  g_assert_cmpstr (fact->provider_payment_id, ==, "plink_ExjpAUN3gVHrPJ");
  g_assert_cmpstr (fact->reference, ==, TALK_REFERENCE);
  g_assert_true (cobro_money_equal (fact->amount, self->intent.amount));
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_cmpstr (self->talk.begun->redirect_url, ==, "https://rzp.io/i/nxrHnLJ");
}

/* What the payer did not say, or says in a way that Razorpay refuses, is left out; the link's end is at least 16
 * minutes away and at most 180 days. */
static void
test_link_bare (RazorpayTalk *self, gconstpointer data)
{
  self->intent.payer_name = self->intent.payer_email = "";
  self->intent.payer_phone = "ask for Gaurav";
  self->intent.return_url = "";
  self->intent.expires_at = TALK_NOW + COBRO_MINUTE;
  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  razorpay_talk_assert_asked (
    self, "POST /v1/payment_links",
    "{'amount':125000,'currency':'INR','accept_partial':false,'description':'Asha: tea','reference_id':'" TALK_RECEIPT
    "','expire_by':1795274160,'customer':{},'notify':{'sms':false,'email':false},'reminder_enable':false,"
    "'notes':{'cobro_reference':'" TALK_REFERENCE "'}}");
  self->intent.expires_at = 0;
  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  g_assert_nonnull (strstr (self->ask.body, "\"expire_by\":1795359600,"));
  self->intent.expires_at = TALK_NOW + 400 * COBRO_DAY;
  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  g_assert_nonnull (strstr (self->ask.body, "\"expire_by\":1810825200,"));
}

/* The answer got lost, the call is repeated: Razorpay takes a reference only once, and shows the link it has. */
static void
test_link_again (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  step = razorpay_talk_answer (self, 400, REFUSED ("payment link creation with reference ID already attempted"));
  g_assert_cmpint (step, ==, RELAY_TALK_ASK);
  razorpay_talk_assert_asked (self, "GET /v1/payment_links?reference_id=" TALK_RECEIPT, NULL);
  step = razorpay_talk_answer (self, 200, "{'payment_links':[{'id':'plink_other','reference_id':'x'}," LINK "]}");
  razorpay_talk_assert_fact (self, step, COBRO_FACT_PENDING, "plink_ExjpAUN3gVHrPJ/created");
  g_assert_cmpstr (self->talk.begun->redirect_url, ==, "https://rzp.io/i/nxrHnLJ");

  /* Paid meanwhile: nothing is left for the payer to do. */
  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  razorpay_talk_answer (self, 400, REFUSED ("payment link creation with reference ID already attempted"));
  razorpay_talk_answer (self, 200,
                        "{'payment_links':[" LINK_HEAD "'order_id':'order_DESlLckIVRkHWj','status':'paid'}]}");
  razorpay_talk_assert_asked (self, "GET /v1/orders/order_DESlLckIVRkHWj/payments", NULL);
  step = razorpay_talk_answer (self, 200, LIST (CAPTURED ("pay_IH4NVgf4Dreq1l", "1795273300")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_SUCCEEDED, "pay_IH4NVgf4Dreq1l/captured");
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_NOTHING);
  g_assert_cmpstr (self->talk.begun->fact->provider_payment_id, ==, "plink_ExjpAUN3gVHrPJ");
}

/* Refused, and no link is there: nothing happened, and Razorpay's words say why. */
static void
test_link_refused (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  razorpay_talk_answer (self, 400, REFUSED ("The amount must be at least INR 1.00"));
  step = razorpay_talk_answer (self, 200, "{'payment_links':[]}");
  g_assert_cmpint (step, ==, RELAY_TALK_FAILED);
  g_assert_cmpstr (self->error->message, ==, "The amount must be at least INR 1.00");
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_PROVIDER);
}

/* Refused because of what the payer wrote: once more without it. */
static void
test_link_odd_payer (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  razorpay_talk_answer (self, 400, REFUSED ("customer.email: must be a valid email address"));
  step = razorpay_talk_answer (self, 200, "{'payment_links':[]}");
  g_assert_cmpint (step, ==, RELAY_TALK_ASK);
  g_assert_cmpstr (self->ask.path, ==, "/v1/payment_links");
  g_assert_nonnull (strstr (self->ask.body, "\"customer\":{},"));
  g_assert_nonnull (strstr (self->ask.body, "\"reference_id\":\"" TALK_RECEIPT "\""));
  razorpay_talk_answer (self, 400, REFUSED ("customer.email: must be a valid email address"));
  step = razorpay_talk_answer (self, 200, "{'payment_links':[]}");
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_PROVIDER); /* and no more than once */
}

/* Whatever is not certain is NO_ANSWER; what certainly did not happen is not. */
static void
test_uncertain (RazorpayTalk *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    CobroError code;
  } cases[] = {
    { 500, "{}", COBRO_ERROR_NO_ANSWER },
    { 502, "<html>", COBRO_ERROR_NO_ANSWER },
    { 409, REFUSED ("busy"), COBRO_ERROR_NO_ANSWER },
    { 302, "", COBRO_ERROR_NO_ANSWER },
    { 408, "", COBRO_ERROR_NO_ANSWER },
    { 404, "", COBRO_ERROR_PROVIDER },
    { 429, "{}", COBRO_ERROR_UNAVAILABLE },
    { 503, "", COBRO_ERROR_UNAVAILABLE },
    { 401, REFUSED ("Authentication failed"), COBRO_ERROR_PROVIDER },
    { 200, "", COBRO_ERROR_NO_ANSWER },
    { 200, "<html>", COBRO_ERROR_NO_ANSWER },
    { 200, "[]", COBRO_ERROR_NO_ANSWER },
    { 200, "{}", COBRO_ERROR_NO_ANSWER },
    { 200, "{'id':'plink_1','id':'plink_2'}", COBRO_ERROR_NO_ANSWER },
    { 200, "{'id':'plink_../../x','amount':125000,'currency':'INR','status':'created'}", COBRO_ERROR_NO_ANSWER },
    { 200, "{'id':'plink_1','amount':125000.5,'currency':'INR','status':'created'}", COBRO_ERROR_NO_ANSWER },
    { 200, "{'id':'plink_1','amount':125000,'currency':'XXX','status':'created'}", COBRO_ERROR_NO_ANSWER },
    { 200, LINK_HEAD "'status':'settled'}", COBRO_ERROR_NO_ANSWER },
    { 200, LINK_HEAD "'status':'paid'}", COBRO_ERROR_NO_ANSWER }, /* paid by nothing */
    { 200, "{'id':'plink_1','amount':125001,'currency':'INR','status':'created','reference_id':'" TALK_RECEIPT "'}",
      COBRO_ERROR_NO_ANSWER },
    { 200, "{'id':'plink_1','amount':125000,'currency':'INR','status':'created','reference_id':'pay_other'}",
      COBRO_ERROR_NO_ANSWER },
    { 200,
      "{'id':'plink_1','amount':125000,'currency':'INR','status':'created','reference_id':'" TALK_RECEIPT
      "','short_url':'javascript:alert(1)'}",
      COBRO_ERROR_NO_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u %s", cases[i].status, cases[i].body);
      razorpay_talk_start (self, RELAY_TALK_BEGIN);
      razorpay_talk_assert_failed (self, razorpay_talk_answer (self, cases[i].status, cases[i].body), cases[i].code);
    }
}

/* ── Orders ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_order (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  g_hash_table_insert (self->account->settings, g_strdup ("partner-account"), g_strdup ("acc_BFQ7uQEaa7j2z7"));
  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  razorpay_talk_assert_asked (self, "GET /v1/orders?receipt=" TALK_RECEIPT "&count=100", NULL);
  g_assert_cmpstr (razorpay_talk_header (self, "X-Razorpay-Account"), ==, "acc_BFQ7uQEaa7j2z7");
  step = razorpay_talk_answer (self, 200, LIST (""));
  g_assert_cmpint (step, ==, RELAY_TALK_ASK);
  razorpay_talk_assert_asked (self, "POST /v1/orders",
                              "{'amount':125000,'currency':'INR','receipt':'" TALK_RECEIPT
                              "','notes':{'cobro_reference':'" TALK_REFERENCE "'}}");
  step = razorpay_talk_answer (self, 201, ORDER ("order_DESlLckIVRkHWj", "1795273200")); /* any 2xx */
  razorpay_talk_assert_fact (self, step, COBRO_FACT_PENDING, "order_DESlLckIVRkHWj/created");
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_CLIENT_SECRET);
  g_assert_cmpstr (self->talk.begun->client_secret, ==, "order_DESlLckIVRkHWj");
  g_assert_cmpstr (self->talk.begun->publishable_key, ==, "rzp_test_1DP5mmOlF5G5ag");
  g_assert_cmpstr (self->talk.begun->account, ==, "acc_BFQ7uQEaa7j2z7");
}

/* Two orders with one receipt: always the older, of the same second the first by name; a stranger's is none. */
static void
test_two_orders (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  razorpay_talk_start (self, RELAY_TALK_BEGIN);
  step = razorpay_talk_answer (
    self, 200,
    LIST (ORDER ("order_Newer0", "1795273209") "," ORDER ("order_OlderB", "1795273201") "," ORDER (
      "order_OlderA", "1795273201") ",{'id':'order_Strange','receipt':'" TALK_RECEIPT
                                    "','notes':{'cobro_reference':'pay_another'},'created_at':1}"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_PENDING, "order_OlderA/created");
  g_assert_cmpstr (self->talk.begun->client_secret, ==, "order_OlderA");

  /* Looking for it finds the same one. */
  self->target.object_id = "";
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_assert_asked (self, "GET /v1/payment_links?reference_id=" TALK_RECEIPT, NULL);
  razorpay_talk_answer (self, 200, "{'payment_links':[]}");
  razorpay_talk_assert_asked (self, "GET /v1/orders?receipt=" TALK_RECEIPT "&count=100", NULL);
  razorpay_talk_answer (self, 200,
                        LIST (ORDER ("order_OlderB", "1795273201") "," ORDER ("order_OlderA", "1795273201")));
  razorpay_talk_assert_asked (self, "GET /v1/orders/order_OlderA/payments", NULL);
  step = razorpay_talk_answer (self, 200, LIST (""));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_PENDING, "order_OlderA/created");

  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_answer (self, 200, "{'payment_links':null}");
  razorpay_talk_assert_failed (self, razorpay_talk_answer (self, 200, LIST ("")), COBRO_ERROR_NOT_FOUND);
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_assert_failed (self, razorpay_talk_answer (self, 200, "{}"), COBRO_ERROR_NO_ANSWER);
}

/* ── How an order stands ────────────────────────────────────────────────────────────────────────────────────── */

static const CobroFact *
ask_order (RazorpayTalk *self, const char *items, CobroFactKind kind, const char *event_id)
{
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_assert_asked (self, "GET /v1/orders/order_DESlLckIVRkHWj/payments", NULL);
  return razorpay_talk_assert_fact (self, razorpay_talk_answer (self, 200, items), kind, event_id);
}

static void
test_states (RazorpayTalk *self, gconstpointer data)
{
  const CobroFact *fact;

  ask_order (self, LIST (""), COBRO_FACT_PENDING, "order_DESlLckIVRkHWj/created");
  ask_order (self, LIST (PAYMENT ("pay_A", "created", "1795273300", "'captured':false")), COBRO_FACT_ACTION_NEEDED,
             "pay_A/created");
  fact = ask_order (self, LIST (FAILED ("1795273300")), COBRO_FACT_PENDING, "pay_GFailedGFailed1/failed");
  g_assert_cmpstr (fact->failure_code, ==, "card_declined");
  g_assert_cmpstr (fact->failure_message, ==, "Declined by the bank");
  g_assert_cmpstr (fact->charge_id, ==, "");
  fact = ask_order (self, LIST (FAILED ("1795273400") "," AUTHORIZED), COBRO_FACT_PROCESSING,
                    "pay_IH4NVgf4Dreq1l/authorized");
  g_assert_cmpstr (fact->failure_code, ==, "");
  g_assert_cmpstr (fact->charge_id, ==, ""); /* it may lapse, and another be captured */
  /* A bank that answers late: failed, and captured after all. */
  fact = ask_order (self, LIST (FAILED ("1795273200") "," CAPTURED ("pay_IH4NVgf4Dreq1l", "1795273300")),
                    COBRO_FACT_SUCCEEDED, "pay_IH4NVgf4Dreq1l/captured");
  g_assert_cmpstr (fact->provider_payment_id, ==, "order_DESlLckIVRkHWj");
  g_assert_cmpstr (fact->charge_id, ==, "pay_IH4NVgf4Dreq1l");
  g_assert_cmpstr (fact->reference, ==, TALK_REFERENCE);
  g_assert_cmpstr (fact->method_detail, ==, "Visa •••• 1007");
  g_assert_true (cobro_money_equal (fact->amount, self->target.amount));
  g_assert_cmpint (fact->occurred_at, ==, G_GINT64_CONSTANT (1795273300) * COBRO_SECOND);
  /* Given back later: the money came all the same. Never captured: it did not. */
  ask_order (self, LIST (PAYMENT ("pay_A", "refunded", "1795273300", "'captured':true")), COBRO_FACT_SUCCEEDED,
             "pay_A/captured");
  fact = ask_order (self, LIST (PAYMENT ("pay_A", "refunded", "1795273300", "'captured':false")), COBRO_FACT_FAILED,
                    "pay_A/returned");
  g_assert_cmpstr (fact->failure_code, ==, "not_captured");
  /* Two that were captured: the first, whoever asks and however they are listed. */
  ask_order (self, LIST (CAPTURED ("pay_B", "1795273310") "," CAPTURED ("pay_A", "1795273300")), COBRO_FACT_SUCCEEDED,
             "pay_A/captured");
  ask_order (self, LIST (CAPTURED ("pay_A", "1795273300") "," CAPTURED ("pay_B", "1795273310")), COBRO_FACT_SUCCEEDED,
             "pay_A/captured");
}

/* Nothing that is not understood is money. proves: OPL-9 */
static void
test_nonsense (RazorpayTalk *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "{}",
    "{'items':{}}",
    "{'count':1,'items':[]}", /* fewer than it says: not "none" */
    "{'items':[null]}",
    "{'items':['pay_A']}",
    LIST (PAYMENT ("pay_A", "settled", "1", "'captured':true")),
    LIST (PAYMENT ("pay_A", "CAPTURED", "1", "'captured':true")),
    LIST ("{'id':'pay_A','amount':125000,'currency':'INR','status':'captured','order_id':'order_another'}"),
    LIST ("{'id':'pay_A','amount':-1,'currency':'INR','status':'captured','order_id':'order_DESlLckIVRkHWj'}"),
    LIST ("{'id':'pay_A','currency':'INR','status':'captured','order_id':'order_DESlLckIVRkHWj'}"),
    LIST ("{'id':'rfnd_A','amount':125000,'currency':'INR','status':'captured','order_id':'order_DESlLckIVRkHWj'}"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_test_message ("%s", bodies[i]);
      razorpay_talk_start (self, RELAY_TALK_QUERY);
      razorpay_talk_assert_failed (self, razorpay_talk_answer (self, 200, bodies[i]), COBRO_ERROR_NO_ANSWER);
    }
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_assert_failed (self, razorpay_talk_answer (self, 400, REFUSED ("The id provided does not exist")),
                               COBRO_ERROR_NOT_FOUND);
  self->target.object_id = "order_../../refunds";
  razorpay_talk_assert_failed (self, razorpay_talk_start (self, RELAY_TALK_QUERY), COBRO_ERROR_NOT_FOUND);
}

/* ── How a link stands ──────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
ask_link (RazorpayTalk *self, const char *link)
{
  self->target.object_id = "plink_ExjpAUN3gVHrPJ";
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_assert_asked (self, "GET /v1/payment_links/plink_ExjpAUN3gVHrPJ", NULL);
  return razorpay_talk_answer (self, 200, link);
}

static void
test_link_states (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;
  const CobroFact *fact;

  razorpay_talk_assert_fact (self, ask_link (self, LINK), COBRO_FACT_PENDING, "plink_ExjpAUN3gVHrPJ/created");
  fact = razorpay_talk_assert_fact (self, ask_link (self, LINK_HEAD "'status':'expired'}"), COBRO_FACT_CANCELLED,
                                    "plink_ExjpAUN3gVHrPJ/expired");
  g_assert_cmpstr (fact->failure_code, ==, "expired");

  /* Once it was opened it has an order, which knows every try. */
  ask_link (self, LINK_HEAD "'order_id':'order_DESlLckIVRkHWj','status':'created'}");
  razorpay_talk_assert_asked (self, "GET /v1/orders/order_DESlLckIVRkHWj/payments", NULL);
  step = razorpay_talk_answer (self, 200, LIST (FAILED ("1795273300")));
  fact = razorpay_talk_assert_fact (self, step, COBRO_FACT_PENDING, "pay_GFailedGFailed1/failed");
  g_assert_cmpstr (fact->provider_payment_id, ==, "plink_ExjpAUN3gVHrPJ");

  /* Paid after it had expired; and expired while the bank is still thinking. */
  ask_link (self, LINK_HEAD "'order_id':'order_DESlLckIVRkHWj','status':'expired'}");
  step = razorpay_talk_answer (self, 200, LIST (CAPTURED ("pay_A", "1795273300")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_SUCCEEDED, "pay_A/captured");
  ask_link (self, LINK_HEAD "'order_id':'order_DESlLckIVRkHWj','status':'expired'}");
  step = razorpay_talk_answer (self, 200, LIST (AUTHORIZED));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_PROCESSING, "pay_IH4NVgf4Dreq1l/authorized");
  ask_link (self, LINK_HEAD "'order_id':'order_DESlLckIVRkHWj','status':'expired'}");
  step = razorpay_talk_answer (self, 200, LIST (FAILED ("1795273300")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_CANCELLED, "plink_ExjpAUN3gVHrPJ/expired");

  /* Paid, and only the payment is named. */
  ask_link (self, "{'id':'plink_ExjpAUN3gVHrPJ','amount':125000,'currency':'INR','status':'paid','notes':[],"
                  "'payments':[{'payment_id':'pay_A','status':'captured'}]}");
  razorpay_talk_assert_asked (self, "GET /v1/payments/pay_A", NULL);
  step = razorpay_talk_answer (self, 200, CAPTURED ("pay_A", "1795273300"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_SUCCEEDED, "pay_A/captured");

  /* Paid without a payment, another's link, another's reference: nonsense. */
  razorpay_talk_assert_failed (self, ask_link (self, LINK_HEAD "'status':'paid'}"), COBRO_ERROR_NO_ANSWER);
  razorpay_talk_assert_failed (
    self, ask_link (self, "{'id':'plink_Another','amount':125000,'currency':'INR','status':'created'}"),
    COBRO_ERROR_NO_ANSWER);
  razorpay_talk_assert_failed (self,
                               ask_link (self, "{'id':'plink_ExjpAUN3gVHrPJ','amount':125000,'currency':'INR',"
                                               "'status':'created','notes':{'cobro_reference':'pay_another'}}"),
                               COBRO_ERROR_NO_ANSWER);
}

/* ── Capture, cancel ────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_capture (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  g_hash_table_insert (self->account->settings, g_strdup ("capture"), g_strdup ("relay"));
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_answer (self, 200, LIST (AUTHORIZED));
  razorpay_talk_assert_asked (self, "POST /v1/payments/pay_IH4NVgf4Dreq1l/capture",
                              "{'amount':125000,'currency':'INR'}");
  step = razorpay_talk_answer (self, 200, CAPTURED ("pay_IH4NVgf4Dreq1l", "1795273300"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_SUCCEEDED, "pay_IH4NVgf4Dreq1l/captured");

  /* Refused: it was captured or let go meanwhile; the payment says which. */
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_answer (self, 200, LIST (AUTHORIZED));
  razorpay_talk_answer (self, 400, REFUSED ("This payment has already been captured"));
  razorpay_talk_assert_asked (self, "GET /v1/payments/pay_IH4NVgf4Dreq1l", NULL);
  step = razorpay_talk_answer (self, 200, CAPTURED ("pay_IH4NVgf4Dreq1l", "1795273300"));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_SUCCEEDED, "pay_IH4NVgf4Dreq1l/captured");

  /* The answer is lost or lies: nobody knows. */
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_answer (self, 200, LIST (AUTHORIZED));
  razorpay_talk_assert_failed (self, razorpay_talk_answer (self, 502, ""), COBRO_ERROR_NO_ANSWER);
  razorpay_talk_start (self, RELAY_TALK_QUERY);
  razorpay_talk_answer (self, 200, LIST (AUTHORIZED));
  razorpay_talk_assert_failed (self, razorpay_talk_answer (self, 200, CAPTURED ("pay_Another", "1")),
                               COBRO_ERROR_NO_ANSWER);

  /* Another amount is never captured. */
  self->target.amount = razorpay_money ("INR", 125001);
  ask_order (self, LIST (AUTHORIZED), COBRO_FACT_PROCESSING, "pay_IH4NVgf4Dreq1l/authorized");
}

static void
test_cancel (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  self->target.object_id = "plink_ExjpAUN3gVHrPJ";
  razorpay_talk_start (self, RELAY_TALK_CANCEL);
  g_assert_cmpstr (self->ask.method, ==, "POST");
  g_assert_cmpstr (self->ask.path, ==, "/v1/payment_links/plink_ExjpAUN3gVHrPJ/cancel");
  g_assert_null (self->ask.body);
  step = razorpay_talk_answer (self, 200, LINK_HEAD "'status':'cancelled'}");
  razorpay_talk_assert_fact (self, step, COBRO_FACT_CANCELLED, "plink_ExjpAUN3gVHrPJ/cancelled");

  /* Too late. */
  razorpay_talk_start (self, RELAY_TALK_CANCEL);
  razorpay_talk_answer (self, 400, REFUSED ("cannot cancel or expire an already paid/partially paid link"));
  razorpay_talk_assert_asked (self, "GET /v1/payment_links/plink_ExjpAUN3gVHrPJ", NULL);
  razorpay_talk_answer (self, 200, LINK_HEAD "'order_id':'order_DESlLckIVRkHWj','status':'paid'}");
  step = razorpay_talk_answer (self, 200, LIST (CAPTURED ("pay_A", "1795273300")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_SUCCEEDED, "pay_A/captured");

  /* An order cannot be cancelled: it is let go when nothing of it is under way. */
  self->target.object_id = "order_DESlLckIVRkHWj";
  razorpay_talk_start (self, RELAY_TALK_CANCEL);
  razorpay_talk_assert_asked (self, "GET /v1/orders/order_DESlLckIVRkHWj/payments", NULL);
  step = razorpay_talk_answer (self, 200, LIST (FAILED ("1795273300")));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_CANCELLED, "order_DESlLckIVRkHWj/cancelled");
  razorpay_talk_start (self, RELAY_TALK_CANCEL);
  step = razorpay_talk_answer (self, 200, LIST (AUTHORIZED));
  razorpay_talk_assert_fact (self, step, COBRO_FACT_PROCESSING, "pay_IH4NVgf4Dreq1l/authorized");
}

/* ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
set (RazorpayTalk *self, const char *name, const char *value)
{
  g_hash_table_insert (self->account->settings, g_strdup (name), g_strdup (value));
}

static void
test_settings (RazorpayTalk *self, gconstpointer data)
{
  static const struct
  {
    const char *name, *good, *bad;
  } cases[] = {
    { "checkout", "embedded", "popup" },
    { "capture", "relay", "by hand" },
    { "account-id", "acc_BFQ7uQEaa7j2z7", "BFQ7uQEaa7j2z7" },
    { "partner-account", "acc_BFQ7uQEaa7j2z7", "acc_\r\nX: y" },
    { "key-id", "rzp_test_1DP5mmOlF5G5ag", "rzp_live_1DP5mmOlF5G5ag" },
    { "key-id", "rzp_test_1DP5mmOlF5G5ag", "1DP5mmOlF5G5ag" },
    { "key-secret", "EnLs21M47BllR3X8PSFtjtbd", "" },
  };
  const RelayProviderClass *class = &relay_razorpay_adapter ()->facts;

  g_assert_true (class->check_settings (NULL, self->account, &self->error));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set (self, cases[i].name, cases[i].bad);
      g_assert_false (class->check_settings (NULL, self->account, &self->error));
      cobro_test_assert_error (&self->error, COBRO_ERROR_INVALID, cases[i].name);
      set (self, cases[i].name, cases[i].good);
      g_assert_true (class->check_settings (NULL, self->account, &self->error));
    }
  self->account->livemode = TRUE;
  g_assert_false (class->check_settings (NULL, self->account, &self->error));
  cobro_test_assert_error (&self->error, COBRO_ERROR_INVALID, "key-id");
}

static void
test_connection (RazorpayTalk *self, gconstpointer data)
{
  RelayTalkStep step;

  razorpay_talk_start (self, RELAY_TALK_TEST);
  razorpay_talk_assert_asked (self, "GET /v1/payments?count=1", NULL);
  step = razorpay_talk_answer (self, 200, LIST (""));
  g_assert_cmpint (step, ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.words, ==, "test account, the keys are good");
  razorpay_talk_start (self, RELAY_TALK_TEST);
  step = razorpay_talk_answer (self, 401, REFUSED ("Authentication failed"));
  g_assert_cmpstr (self->error->message, ==, "Razorpay does not take the keys: Authentication failed");
  razorpay_talk_assert_failed (self, step, COBRO_ERROR_PROVIDER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, embedded, func)                                                                                      \
  g_test_add ("/razorpay/" path, RazorpayTalk, GINT_TO_POINTER (embedded), razorpay_talk_set_up, func,                 \
              razorpay_talk_tear_down)
  ADD ("link", FALSE, test_link);
  ADD ("link-bare", FALSE, test_link_bare);
  ADD ("link-again", FALSE, test_link_again);
  ADD ("link-refused", FALSE, test_link_refused);
  ADD ("link-odd-payer", FALSE, test_link_odd_payer);
  ADD ("uncertain", FALSE, test_uncertain);
  ADD ("order", TRUE, test_order);
  ADD ("two-orders", TRUE, test_two_orders);
  ADD ("states", FALSE, test_states);
  ADD ("nonsense", FALSE, test_nonsense);
  ADD ("link-states", FALSE, test_link_states);
  ADD ("capture", FALSE, test_capture);
  ADD ("cancel", FALSE, test_cancel);
  ADD ("settings", FALSE, test_settings);
  ADD ("connection", FALSE, test_connection);
#undef ADD
  return g_test_run ();
}
