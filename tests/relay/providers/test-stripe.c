/* tests/relay/providers/test-stripe.c — the adapter alone, by recorded bytes: the very requests it makes, and what it
 * makes of answers that contradict themselves, lie, or are of another version. Layer: tests. */
/* proves: OPF-3, INV-6 */
#include <string.h>
#include "cobro-test.h"
#include "relay-stripe.h"

#define REFERENCE "pay_01m7zczpdvtprk5hfzepxn3vfe.52583222d80c2f6773cc9f6917"
#define PAYMENT   "pay_01m7zczpdvtprk5hfzepxn3vfe"
#define META(by)  "\"metadata\":{\"cobro_reference\":\"" REFERENCE "\",\"cobro_object\":\"" by "\"}"
#define INTENT(status, more)                                                                                           \
  "{\"id\":\"pi_1\",\"object\":\"payment_intent\",\"amount\":4200,\"currency\":\"eur\",\"livemode\":false,\"status\":" \
  "\"" status "\",\"client_secret\":\"pi_1_secret_s\"," more META ("intent") "}"
#define PAID                                                                                                           \
  INTENT ("succeeded", "\"amount_received\":4200,\"latest_charge\":{\"id\":\"ch_1\",\"payment_method_details\":"       \
                       "{\"type\":\"card\",\"card\":{\"brand\":\"visa\",\"last4\":\"4242\"}}},")
#define SESSION(status, paid, intent)                                                                                  \
  "{\"id\":\"cs_test_1\",\"object\":\"checkout.session\",\"amount_total\":4200,\"currency\":\"eur\",\"livemode\":"     \
  "false,\"status\":\"" status "\",\"payment_status\":\"" paid "\",\"url\":\"https://checkout.stripe.com/c/pay/1\","   \
  "\"payment_intent\":" intent "," META ("session") "}"

/* One conversation under way. */
typedef struct
{
  RelayAccount *account;
  RelayIntent intent;
  RelayTarget target;
  RelayTalk talk;
  RelayAsk ask;
  GError *error;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  CobroCurrency euro;

  self->account = relay_account_new ();
  cobro_link_set_text (&self->account->id, "0123456789abcdef0123456789abcdef");
  cobro_link_set_text (&self->account->provider, "stripe");
  g_hash_table_insert (self->account->settings, g_strdup ("secret-key"), g_strdup ("sk_test_1"));
  g_hash_table_insert (self->account->settings, g_strdup ("publishable-key"), g_strdup ("pk_test_1"));
  g_assert_true (cobro_currency_from_code ("EUR", &euro, NULL));
  self->intent = (RelayIntent){ .reference = REFERENCE,
                                .amount = cobro_money (4200, euro),
                                .description = "Anna’s Bakery: 2 & more",
                                .idempotency_key = "the-key",
                                .return_url = "https://pay.example/pay/t/back/p",
                                .payer_email = "payer+1@example.com",
                                .locale = "pt_BR" };
  g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, PAYMENT, &self->intent.payment_id, NULL));
  self->target = (RelayTarget){ .object_id = "cs_test_1",
                                .charge_id = "",
                                .reference = REFERENCE,
                                .amount = self->intent.amount,
                                .created_at = 1796119200 * COBRO_SECOND };
  self->talk = (RelayTalk){ .kind = RELAY_TALK_BEGIN,
                            .account = self->account,
                            .intent = &self->intent,
                            .target = &self->target,
                            .amount = self->intent.amount,
                            .key = "the-key",
                            .refund_id = "",
                            .now = 1796119200 * COBRO_SECOND };
}

static void
clear_ask (Fixture *self)
{
  g_clear_pointer (&self->ask.path, g_free);
  g_clear_pointer (&self->ask.headers, g_ptr_array_unref);
  g_clear_pointer (&self->ask.body, g_free);
  self->ask = (RelayAsk){ 0 };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  clear_ask (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->talk.notes); i++)
    g_free (self->talk.notes[i]);
  g_clear_pointer (&self->talk.begun, relay_begun_free);
  g_clear_pointer (&self->talk.fact, cobro_fact_unref);
  g_clear_pointer (&self->talk.listing, relay_listing_free);
  g_free (self->talk.words);
  g_clear_error (&self->error);
  relay_account_free (self->account);
}

/* The next step, after this answer; NULL: the first. */
static RelayTalkStep
step (Fixture *self, guint status, const char *body)
{
  CobroNetAnswer *answer = NULL;
  RelayTalkStep result;

  if (body != NULL)
    {
      answer = g_new0 (CobroNetAnswer, 1);
      answer->status = status;
      answer->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      answer->body = g_bytes_new (body, strlen (body));
    }
  clear_ask (self);
  result = relay_stripe_adapter ()->next (&self->talk, answer, &self->ask, &self->error);
  self->talk.step++;
  cobro_net_answer_free (answer);
  return result;
}

static const char *
header (const Fixture *self, const char *name)
{
  for (guint i = 0; i + 1 < self->ask.headers->len; i += 2)
    if (g_ascii_strcasecmp (self->ask.headers->pdata[i], name) == 0)
      return self->ask.headers->pdata[i + 1];
  return NULL;
}

static void
test_token (Fixture *self, gconstpointer data)
{
  self->intent.token = "tok_of_another_company";
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_PROVIDER, NULL);
}

/* Nothing is made there that nobody could pay. */
static void
test_no_publishable_key (Fixture *self, gconstpointer data)
{
  self->intent.embedded = TRUE;
  g_hash_table_remove (self->account->settings, "publishable-key");
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_PROVIDER, NULL);
}

/* ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_session_request (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpstr (self->ask.method, ==, "POST");
  g_assert_cmpstr (self->ask.path, ==, "/v1/checkout/sessions");
  g_assert_cmpstr (self->ask.content_type, ==, "application/x-www-form-urlencoded");
  g_assert_false (self->ask.safe);
  g_assert_cmpstr (header (self, "Authorization"), ==, "Bearer sk_test_1");
  g_assert_cmpstr (header (self, "Stripe-Version"), ==, "2026-10-28.endive");
  g_assert_cmpstr (header (self, "Idempotency-Key"), ==, "the-key");
  g_assert_null (header (self, "Stripe-Account"));
  g_assert_cmpstr (
    self->ask.body, ==,
    "mode=payment&line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=4200"
    "&line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=eur"
    "&line_items%5B0%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=Anna%E2%80%99s%20Bakery%3A%202%20%26%20more"
    "&line_items%5B0%5D%5Bquantity%5D=1&success_url=https%3A%2F%2Fpay.example%2Fpay%2Ft%2Fback%2Fp"
    "&cancel_url=https%3A%2F%2Fpay.example%2Fpay%2Ft%2Fback%2Fp&client_reference_id=" REFERENCE
    "&metadata%5Bcobro_reference%5D=" REFERENCE "&metadata%5Bcobro_object%5D=session"
    "&payment_intent_data%5Bmetadata%5D%5Bcobro_reference%5D=" REFERENCE
    "&payment_intent_data%5Bmetadata%5D%5Bcobro_object%5D=session"
    "&payment_intent_data%5Bdescription%5D=Anna%E2%80%99s%20Bakery%3A%202%20%26%20more"
    "&customer_email=payer%2B1%40example.com&locale=pt-BR");
}

static void
test_intent_request (Fixture *self, gconstpointer data)
{
  self->intent.embedded = TRUE;
  g_hash_table_insert (self->account->settings, g_strdup ("connected-account"), g_strdup ("acct_1"));
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpstr (self->ask.path, ==, "/v1/payment_intents");
  g_assert_cmpstr (header (self, "Stripe-Account"), ==, "acct_1");
  g_assert_cmpstr (self->ask.body, ==,
                   "amount=4200&currency=eur&automatic_payment_methods%5Benabled%5D=true"
                   "&description=Anna%E2%80%99s%20Bakery%3A%202%20%26%20more&receipt_email=payer%2B1%40example.com"
                   "&metadata%5Bcobro_reference%5D=" REFERENCE "&metadata%5Bcobro_object%5D=intent");
  g_assert_cmpint (step (self, 200, INTENT ("requires_payment_method", "")), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_CLIENT_SECRET);
  g_assert_cmpstr (self->talk.begun->client_secret, ==, "pi_1_secret_s");
  g_assert_cmpstr (self->talk.begun->publishable_key, ==, "pk_test_1");
  g_assert_cmpstr (self->talk.begun->account, ==, "acct_1");
  g_assert_cmpstr (self->talk.begun->fact->provider_payment_id, ==, "pi_1");
  g_assert_cmpstr (self->talk.begun->fact->charge_id, ==, "pi_1");
}

/* The end of a session: within Stripe's bounds, and the same bytes whenever it is asked for. */
static void
test_session_end (Fixture *self, gconstpointer data)
{
  CobroTime made = cobro_id_time (&self->intent.payment_id);
  const struct
  {
    CobroTime wanted, end; /* after it was made; 0: Stripe's own day */
  } cases[] = { { COBRO_MINUTE, COBRO_HOUR },
                { 2 * COBRO_HOUR, 2 * COBRO_HOUR },
                { 23 * COBRO_HOUR, 23 * COBRO_HOUR },
                { 24 * COBRO_HOUR, 0 },
                { 30 * COBRO_DAY, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *expected =
        g_strdup_printf ("&expires_at=%" G_GINT64_FORMAT, (made + cases[i].end) / COBRO_SECOND);

      self->intent.expires_at = made + cases[i].wanted;
      self->talk.now = made + i * COBRO_MINUTE;
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      if (cases[i].end != 0)
        g_assert_true (g_str_has_suffix (self->ask.body, expected));
      else
        g_assert_null (strstr (self->ask.body, "expires_at"));
    }
}

static void
test_languages (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *ours, *theirs;
  } cases[] = { { "en", "en" },         { "en-GB", "en-GB" },   { "en_US", "en" },    { "es-MX", "es" },
                { "es-419", "es-419" }, { "ar", "auto" },       { "", "auto" },       { "fil-PH", "fil" },
                { "fi", "fi" },         { "zh-Hant-TW", "zh" }, { "zh-TW", "zh-TW" }, { "x", "auto" },
                { "pt-PT", "pt" },      { "english", "auto" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *expected = g_strconcat ("&locale=", cases[i].theirs, NULL);

      self->intent.locale = cases[i].ours;
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_assert_true (g_str_has_suffix (self->ask.body, expected));
    }
}

static void
test_stop_requests (Fixture *self, gconstpointer data)
{
  self->talk.kind = RELAY_TALK_CANCEL;
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpstr (self->ask.path, ==, "/v1/checkout/sessions/cs_test_1/expire");
  g_assert_cmpstr (header (self, "Idempotency-Key"), ==, "stop-cs_test_1-1796119200000000");
  self->target.object_id = "pi_1";
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpstr (self->ask.path, ==, "/v1/payment_intents/pi_1/cancel");
  g_assert_cmpstr (self->ask.body, ==, "cancellation_reason=abandoned&expand%5B%5D=latest_charge");
}

static void
test_refund_request (Fixture *self, gconstpointer data)
{
  self->talk.kind = RELAY_TALK_REFUND;
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK); /* which intent? */
  g_assert_cmpstr (self->ask.path, ==, "/v1/checkout/sessions/cs_test_1?expand%5B%5D=payment_intent.latest_charge");
  g_assert_true (self->ask.safe);
  g_assert_cmpint (step (self, 200, SESSION ("complete", "paid", "\"pi_1\"")), ==, RELAY_TALK_ASK);
  g_assert_cmpstr (self->ask.path, ==, "/v1/refunds");
  g_assert_cmpstr (header (self, "Idempotency-Key"), ==, "the-key");
  g_assert_cmpstr (self->ask.body, ==,
                   "payment_intent=pi_1&amount=4200&metadata%5Bcobro_reference%5D=" REFERENCE
                   "&metadata%5Bcobro_refund%5D=the-key");
  g_assert_cmpint (step (self, 200,
                         "{\"id\":\"re_1\",\"amount\":4200,\"currency\":\"eur\",\"payment_intent\":\"pi_1\","
                         "\"status\":\"succeeded\"}"),
                   ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.fact->provider_payment_id, ==, "cs_test_1");
  g_assert_cmpstr (self->talk.fact->refund_id, ==, "re_1");
}

/* Another amount, another payment, an unknown status: nobody knows what was refunded. */
static void
test_refund_lies (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = {
    "{\"id\":\"re_1\",\"amount\":4100,\"currency\":\"eur\",\"payment_intent\":\"pi_1\",\"status\":\"succeeded\"}",
    "{\"id\":\"re_1\",\"amount\":4200,\"currency\":\"usd\",\"payment_intent\":\"pi_1\",\"status\":\"succeeded\"}",
    "{\"id\":\"re_1\",\"amount\":4200,\"currency\":\"eur\",\"payment_intent\":\"pi_2\",\"status\":\"succeeded\"}",
    "{\"id\":\"re_1\",\"amount\":4200,\"currency\":\"eur\",\"payment_intent\":\"pi_1\",\"status\":\"on_its_way\"}",
    "{\"amount\":4200,\"currency\":\"eur\",\"payment_intent\":\"pi_1\",\"status\":\"succeeded\"}",
    "{}",
    "nonsense",
    ""
  };

  self->target.charge_id = "pi_1";
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      self->talk.kind = RELAY_TALK_REFUND;
      g_clear_pointer (&self->talk.notes[0], g_free);
      g_clear_pointer (&self->talk.fact, cobro_fact_unref);
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_assert_cmpint (step (self, 200, answers[i]), ==, RELAY_TALK_FAILED);
      cobro_test_assert_error (&self->error, COBRO_ERROR_NO_ANSWER, NULL);
    }
}

/* ── Answers to a question ──────────────────────────────────────────────────────────────────────────────────────── */

static const struct
{
  const char *object_id, *body;
  CobroFactKind kind;
} told[] = {
  { "cs_test_1", SESSION ("open", "unpaid", "null"), COBRO_FACT_PENDING },
  { "cs_test_1", SESSION ("open", "unpaid", INTENT ("requires_action", "")), COBRO_FACT_ACTION_NEEDED },
  { "cs_test_1", SESSION ("open", "unpaid", INTENT ("processing", "")), COBRO_FACT_PROCESSING },
  { "cs_test_1", SESSION ("open", "unpaid", INTENT ("requires_payment_method", "")), COBRO_FACT_PENDING },
  { "cs_test_1", SESSION ("open", "unpaid", PAID), COBRO_FACT_SUCCEEDED }, /* the session lags behind */
  { "cs_test_1", SESSION ("complete", "paid", PAID), COBRO_FACT_SUCCEEDED },
  { "cs_test_1", SESSION ("complete", "unpaid", INTENT ("processing", "")), COBRO_FACT_PROCESSING },
  { "cs_test_1", SESSION ("complete", "unpaid", INTENT ("requires_capture", "")), COBRO_FACT_PROCESSING },
  { "cs_test_1", SESSION ("complete", "unpaid", INTENT ("requires_payment_method", "")), COBRO_FACT_FAILED },
  { "cs_test_1", SESSION ("complete", "unpaid", INTENT ("canceled", "")), COBRO_FACT_CANCELLED },
  { "cs_test_1", SESSION ("expired", "unpaid", "null"), COBRO_FACT_CANCELLED },
  { "cs_test_1", SESSION ("expired", "unpaid", INTENT ("canceled", "")), COBRO_FACT_CANCELLED },
  { "cs_test_1", SESSION ("expired", "unpaid", INTENT ("requires_action", "")), COBRO_FACT_CANCELLED },
  { "cs_test_1", SESSION ("expired", "unpaid", PAID), COBRO_FACT_SUCCEEDED }, /* money is money */
  { "pi_1", INTENT ("requires_confirmation", ""), COBRO_FACT_PENDING },
  { "pi_1", INTENT ("canceled", "\"cancellation_reason\":\"abandoned\","), COBRO_FACT_CANCELLED },
  { "pi_1", PAID, COBRO_FACT_SUCCEEDED },
  { "pi_1", INTENT ("succeeded", "\"amount_received\":\"4200\",\"new_member\":{\"a\":[]},"), COBRO_FACT_SUCCEEDED },
};

static void
test_told (Fixture *self, gconstpointer data)
{
  self->talk.kind = RELAY_TALK_QUERY;
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_test_message ("%s", told[i].body);
      g_clear_pointer (&self->talk.fact, cobro_fact_unref);
      self->target.object_id = told[i].object_id;
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_assert_cmpint (step (self, 200, told[i].body), ==, RELAY_TALK_DONE);
      g_assert_cmpint (self->talk.fact->kind, ==, told[i].kind);
      g_assert_cmpstr (self->talk.fact->provider_payment_id, ==, told[i].object_id);
      g_assert_cmpint (cobro_money_minor (self->talk.fact->amount), ==, 4200);
    }
}

/* Never "paid", never "failed": nobody knows. */
static const char *const nonsense[] = {
  SESSION ("complete", "paid", INTENT ("requires_payment_method", "")),
  SESSION ("complete", "paid", INTENT ("processing", "")),
  SESSION ("complete", "paid", INTENT ("canceled", "")),
  SESSION ("complete", "paid", INTENT ("succeeded", "")),
  SESSION ("complete", "paid", INTENT ("succeeded", "\"amount_received\":0,")),
  SESSION ("open", "paid", "null"),
  SESSION ("complete", "no_payment_required", "null"),
  SESSION ("complete", "paid", INTENT ("brand_new_status", "\"amount_received\":4200,")),
  SESSION ("brand_new_status", "unpaid", "null"),
  "{\"id\":\"pi_1\",\"status\":\"succeeded\",\"amount_received\":4200,\"currency\":\"eur\",\"livemode\":true}",
  "{\"id\":\"pi_1\",\"status\":\"succeeded\",\"amount_received\":4200,\"currency\":\"zzz\",\"livemode\":false}",
  "{\"id\":\"pi_1\",\"status\":\"succeeded\",\"amount_received\":99999999999999,\"currency\":\"eur\"}",
  "{\"id\":\"pi_1\",\"status\":\"succeeded\",\"amount_received\":4200.5,\"currency\":\"eur\"}",
  "{\"id\":\"pi_1\",\"status\":\"succeeded\",\"amount_received\":550,\"currency\":\"isk\"}", /* half a króna */
  "{\"id\":\"ch_1\",\"status\":\"succeeded\",\"amount_received\":4200,\"currency\":\"eur\"}",
  "{\"id\":\"\",\"status\":\"succeeded\",\"amount_received\":4200,\"currency\":\"eur\"}",
  "{\"object\":\"list\",\"data\":[]}",
  "{}",
  "[]",
  "<html>",
  "",
};

static void
test_nonsense (Fixture *self, gconstpointer data)
{
  self->talk.kind = RELAY_TALK_QUERY;
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_test_message ("%s", nonsense[i]);
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_assert_cmpint (step (self, 200, nonsense[i]), ==, RELAY_TALK_FAILED);
      cobro_test_assert_error (&self->error, COBRO_ERROR_NO_ANSWER, NULL);
      g_assert_null (self->talk.fact);
    }
}

/* What begin is answered must be what was asked for, with a way on. */
static void
test_begin_lies (Fixture *self, gconstpointer data)
{
  static const char *const answers[] = {
    INTENT ("requires_payment_method", ""),
    "{\"id\":\"cs_test_1\",\"amount_total\":4200,\"currency\":\"eur\",\"status\":\"open\",\"payment_status\":"
    "\"unpaid\",\"url\":\"https://checkout.stripe.com/1\"}",
    "{\"id\":\"cs_test_1\",\"amount_total\":4200,\"currency\":\"eur\",\"status\":\"open\",\"payment_status\":"
    "\"unpaid\",\"url\":\"javascript:1\"," META ("session") "}",
    "{\"id\":\"cs_test_1\",\"amount_total\":4200,\"currency\":\"eur\",\"status\":\"open\",\"payment_status\":"
    "\"unpaid\"," META ("session") "}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_assert_cmpint (step (self, 200, answers[i]), ==, RELAY_TALK_FAILED);
      cobro_test_assert_error (&self->error, COBRO_ERROR_NO_ANSWER, NULL);
      g_assert_null (self->talk.begun);
    }
}

/* Looking by reference: pages, both kinds, an hour, then the day; another's object is passed over. */
static void
test_find (Fixture *self, gconstpointer data)
{
  static const char *const paths[] = {
    "/v1/checkout/sessions?expand%5B%5D=data.payment_intent.latest_charge&limit=100&created%5Bgte%5D=1796118600"
    "&created%5Blte%5D=1796122800",
    "/v1/checkout/sessions?expand%5B%5D=data.payment_intent.latest_charge&limit=100&created%5Bgte%5D=1796118600"
    "&created%5Blte%5D=1796122800&starting_after=cs_other",
    "/v1/payment_intents?expand%5B%5D=data.latest_charge&limit=100&created%5Bgte%5D=1796118600"
    "&created%5Blte%5D=1796122800",
    "/v1/checkout/sessions?expand%5B%5D=data.payment_intent.latest_charge&limit=100&created%5Bgte%5D=1796122800"
    "&created%5Blte%5D=1796209200",
    "/v1/payment_intents?expand%5B%5D=data.latest_charge&limit=100&created%5Bgte%5D=1796122800"
    "&created%5Blte%5D=1796209200",
  };
  static const char *const answers[] = {
    "{\"data\":[{\"id\":\"cs_other\",\"metadata\":{\"cobro_reference\":\"" PAYMENT ".0\"}}],\"has_more\":true}",
    "{\"data\":[],\"has_more\":false}",
    "{\"data\":[{\"id\":\"pi_other\",\"metadata\":[]}],\"has_more\":false}",
    "{\"data\":[],\"has_more\":false}",
    "{\"data\":[" PAID "],\"has_more\":false}",
  };

  self->talk.kind = RELAY_TALK_QUERY;
  self->target.object_id = "";
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_cmpint (step (self, 200, i == 0 ? NULL : answers[i - 1]), ==, RELAY_TALK_ASK);
      g_assert_cmpstr (self->ask.path, ==, paths[i]);
    }
  g_assert_cmpint (step (self, 200, answers[4]), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.fact->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_cmpstr (self->talk.fact->method_detail, ==, "visa •••• 4242");
}

/* Half a list is no "never seen". */
static void
test_find_nonsense (Fixture *self, gconstpointer data)
{
  static const char *const halves[] = { "{\"object\":\"list\"}",
                                        "{\"data\":{},\"has_more\":false}",
                                        "{\"data\":[]}",
                                        "{\"data\":[null],\"has_more\":false}",
                                        "{\"data\":[{\"id\":\"cs_1\"},7],\"has_more\":false}",
                                        "{\"data\":[],\"has_more\":true}",
                                        "{\"data\":[{\"object\":\"x\"}],\"has_more\":true}" };

  self->talk.kind = RELAY_TALK_QUERY;
  self->target.object_id = "";
  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_assert_cmpint (step (self, 200, halves[i]), ==, RELAY_TALK_FAILED);
      cobro_test_assert_error (&self->error, COBRO_ERROR_NO_ANSWER, NULL);
    }
}

/* 404 without a word of what is missing is not Stripe's "never seen". */
static void
test_missing (Fixture *self, gconstpointer data)
{
  self->talk.kind = RELAY_TALK_QUERY;
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpint (step (self, 404, "<html>no such page"), ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_NO_ANSWER, NULL);
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpint (step (self, 404, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\"}}"),
                   ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_NOT_FOUND, NULL);
}

/* A key that was used for other words, and nothing to be found: something happened, and nobody knows what. */
static void
test_key_reused (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpint (step (self, 400, "{\"error\":{\"type\":\"idempotency_error\",\"message\":\"…\"}}"), ==,
                   RELAY_TALK_ASK);
  g_assert_true (self->talk.acted);
  g_assert_true (g_str_has_prefix (self->ask.path, "/v1/checkout/sessions?"));
  g_assert_cmpint (step (self, 200, "{\"data\":[],\"has_more\":false}"), ==, RELAY_TALK_ASK);
  g_assert_cmpint (step (self, 200, "{\"data\":[],\"has_more\":false}"), ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_NO_ANSWER, NULL);
}

static void
test_test (Fixture *self, gconstpointer data)
{
  self->talk.kind = RELAY_TALK_TEST;
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_cmpint (step (self, 200, "{\"id\":\"acct_1\",\"charges_enabled\":false}"), ==, RELAY_TALK_ASK);
  g_assert_cmpint (step (self, 200, "{\"livemode\":true}"), ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_PROVIDER, NULL);
  g_assert_cmpint (step (self, 200, "{\"livemode\":false}"), ==, RELAY_TALK_DONE);
  g_assert_true (g_str_has_prefix (self->talk.words, "test account acct_1, charges not enabled yet"));
}

/* The lists in their order, page after page, and an unknown cursor is none. */
static void
test_list (Fixture *self, gconstpointer data)
{
  static const char *const cursors[] = { "refunds|", "paid|", "back|", NULL };

  self->talk.kind = RELAY_TALK_LIST;
  self->talk.since = 1796119200 * COBRO_SECOND;
  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
      g_clear_pointer (&self->talk.listing, relay_listing_free);
      g_assert_cmpint (step (self, 200, "{\"data\":[],\"has_more\":false}"), ==, RELAY_TALK_DONE);
      g_assert_cmpstr (self->talk.listing->next, ==, cursors[i]);
      self->talk.cursor = cursors[i];
    }
  g_clear_pointer (&self->talk.listing, relay_listing_free);
  self->talk.cursor = "paid|evt_1";
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_ASK);
  g_assert_true (g_str_has_suffix (self->ask.path, "&starting_after=evt_1"));
  g_assert_cmpint (step (self, 200, "{\"data\":[{\"id\":\"evt_0\"}],\"has_more\":true}"), ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.listing->next, ==, "paid|evt_0");
  self->talk.cursor = "elsewhere|";
  g_assert_cmpint (step (self, 0, NULL), ==, RELAY_TALK_FAILED);
  cobro_test_assert_error (&self->error, COBRO_ERROR_INVALID, NULL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/stripe/token", test_token },
    { "/stripe/no-publishable-key", test_no_publishable_key },
    { "/stripe/session-request", test_session_request },
    { "/stripe/intent-request", test_intent_request },
    { "/stripe/session-end", test_session_end },
    { "/stripe/languages", test_languages },
    { "/stripe/stop-requests", test_stop_requests },
    { "/stripe/refund-request", test_refund_request },
    { "/stripe/refund-lies", test_refund_lies },
    { "/stripe/told", test_told },
    { "/stripe/nonsense", test_nonsense },
    { "/stripe/begin-lies", test_begin_lies },
    { "/stripe/find", test_find },
    { "/stripe/find-nonsense", test_find_nonsense },
    { "/stripe/missing", test_missing },
    { "/stripe/key-reused", test_key_reused },
    { "/stripe/test", test_test },
    { "/stripe/list", test_list },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
