/* tests/relay/providers/test-flutterwave.c — payments at Flutterwave, by recorded bytes: hosted page, charge by token,
 * what became of a tx_ref, cancelling, settings. Layer: tests. */
#include <string.h>
#include "flutterwave-fixture.h"

#define LOOK    "GET /v3/transactions/verify_by_reference?tx_ref=" FLUTTERWAVE_REFERENCE
#define MISSING "{\"status\":\"error\",\"message\":\"No transaction was found for this id\",\"data\":null}"
#define REFUSED "{\"status\":\"error\",\"message\":\"Invalid currency provided\",\"data\":null}"

/* Hears that transaction; @status NULL: that there is none. */
static void
hears_one (FlutterwaveFixture *self, gint64 id, const char *status)
{
  g_autofree char *data = status != NULL ? flutterwave_transaction (id, status, "82.5", "NGN") : NULL;
  g_autofree char *body = data != NULL ? flutterwave_success (data) : g_strdup (MISSING);

  flutterwave_hears (self, data != NULL ? 200 : 400, body);
}

/* Hears a page of several: "id status" pairs. */
static void
hears_page (FlutterwaveFixture *self, gint64 pages, const char *transactions)
{
  g_auto (GStrv) words = g_strsplit (transactions, " ", -1);
  g_autoptr (GString) body = g_string_new ("{\"status\":\"success\",\"message\":\"Transactions fetched\",");

  g_string_append_printf (
    body, "\"meta\":{\"page_info\":{\"total\":2,\"current_page\":1,\"total_pages\":%d}},\"data\":[", (int)pages);
  for (guint i = 0; words[0] != NULL && i + 1 < g_strv_length (words); i += 2)
    {
      g_autofree char *data =
        flutterwave_transaction (g_ascii_strtoll (words[i], NULL, 10), words[i + 1], "82.50", "NGN");

      g_string_append_printf (body, "%s%s", i > 0 ? "," : "", data);
    }
  g_string_append (body, "]}");
  flutterwave_hears (self, 200, body->str);
}

/* ── begin ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_link (FlutterwaveFixture *self, gconstpointer data)
{
  const CobroFact *fact;

  flutterwave_talk (self, RELAY_TALK_BEGIN);
  flutterwave_asks (self, LOOK, NULL, TRUE);
  hears_one (self, 0, NULL);
  flutterwave_asks (self, "POST /v3/payments",
                    "{\"tx_ref\":\"" FLUTTERWAVE_REFERENCE "\",\"amount\":82.50,\"currency\":\"NGN\","
                    "\"redirect_url\":\"https://pay.example/pay/abc?back=1\",\"payment_options\":\"card\","
                    "\"customer\":{\"email\":\"ada@example.com\"},\"customizations\":{\"title\":\"Ada's shop: a hat\"},"
                    "\"meta\":{\"payment\":\"pay_01hzy3x8c2v4m6n7p9q0r1s2t3\"},\"session_duration\":30,"
                    "\"max_retry_attempt\":1}",
                    FALSE);
  flutterwave_hears (self, 200,
                     "{\"status\":\"success\",\"message\":\"Hosted Link\","
                     "\"data\":{\"link\":\"https://checkout.flutterwave.com/v3/hosted/pay/flwlnk-1\"}}");
  fact = flutterwave_fact (self);
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_PENDING);
  g_assert_cmpstr (fact->charge_id, ==, "");
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_cmpstr (self->talk.begun->redirect_url, ==, "https://checkout.flutterwave.com/v3/hosted/pay/flwlnk-1");
}

/* What the page is made of when less, or more, is known. */
static void
test_link_parts (FlutterwaveFixture *self, gconstpointer data)
{
  self->intent.payer_name = "Ada \"A\" Obi";
  self->intent.payer_phone = "+2348012345678";
  self->intent.description = "";
  self->intent.return_url = "";
  self->intent.method = COBRO_METHOD_BANK_TRANSFER;
  self->intent.expires_at = FLUTTERWAVE_NOW + 10 * COBRO_SECOND;
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  hears_one (self, 0, NULL);
  flutterwave_asks (self, "POST /v3/payments",
                    "{\"tx_ref\":\"" FLUTTERWAVE_REFERENCE "\",\"amount\":82.50,\"currency\":\"NGN\","
                    "\"redirect_url\":\"https://pay.example/\",\"payment_options\":\"banktransfer\","
                    "\"customer\":{\"email\":\"ada@example.com\",\"name\":\"Ada \\\"A\\\" Obi\","
                    "\"phonenumber\":\"+2348012345678\"},"
                    "\"meta\":{\"payment\":\"pay_01hzy3x8c2v4m6n7p9q0r1s2t3\"},\"session_duration\":1,"
                    "\"max_retry_attempt\":1}",
                    FALSE);
  self->intent.expires_at = 0; /* a day, at most */
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  hears_one (self, 0, NULL);
  g_assert_nonnull (strstr (self->ask.body, "\"session_duration\":1440,"));
}

static void
test_email (FlutterwaveFixture *self, gconstpointer data)
{
  self->intent.payer_email = "";
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  flutterwave_fails (self, COBRO_ERROR_PROVIDER, "Flutterwave wants the payer's e-mail address");
  g_hash_table_insert (self->account->settings, g_strdup ("fallback-email"), g_strdup ("shop@example.com"));
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  hears_one (self, 0, NULL);
  g_assert_nonnull (strstr (self->ask.body, "\"customer\":{\"email\":\"shop@example.com\"}"));
}

/* The answer to an earlier begin got lost: what is there already is the answer, and nothing is made anew. */
static void
test_found (FlutterwaveFixture *self, gconstpointer data)
{
  const CobroFact *fact;

  flutterwave_talk (self, RELAY_TALK_BEGIN);
  hears_one (self, 7, "successful");
  fact = flutterwave_fact (self);
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_cmpstr (fact->charge_id, ==, "7");
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_NOTHING);
}

static void
test_link_refused (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    CobroError code;
    const char *words;
  } answers[] = {
    { 400, REFUSED, COBRO_ERROR_PROVIDER, "Invalid currency provided" },
    { 200, REFUSED, COBRO_ERROR_PROVIDER, "Invalid currency provided" },
    { 401, REFUSED, COBRO_ERROR_PROVIDER, "does not accept the secret key" },
    { 429, "", COBRO_ERROR_UNAVAILABLE, NULL },
    { 503, "", COBRO_ERROR_UNAVAILABLE, NULL },
    { 500, REFUSED, COBRO_ERROR_NO_ANSWER, NULL },
    { 302, "", COBRO_ERROR_PROVIDER, NULL },
    { 408, REFUSED, COBRO_ERROR_NO_ANSWER, NULL },
    { 403, "<html>who are you</html>", COBRO_ERROR_NO_ANSWER, NULL },
    { 200, "<html>gateway</html>", COBRO_ERROR_NO_ANSWER, NULL },
    { 200, "{\"status\":\"success\",\"data\":{}}", COBRO_ERROR_NO_ANSWER, "without a page" },
    { 200, "{\"status\":\"success\",\"data\":{\"link\":\"javascript:alert(1)\"}}", COBRO_ERROR_NO_ANSWER, NULL },
    { 200, "{\"status\":\"success\",\"data\":[]}", COBRO_ERROR_NO_ANSWER, NULL },
    { 200, "{\"status\":\"pending\",\"data\":{\"link\":\"https://x.example/\"}}", COBRO_ERROR_NO_ANSWER, NULL },
    { 200, "[]", COBRO_ERROR_NO_ANSWER, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      flutterwave_talk (self, RELAY_TALK_BEGIN);
      hears_one (self, 0, NULL);
      flutterwave_hears (self, answers[i].status, answers[i].body);
      flutterwave_fails (self, answers[i].code, answers[i].words);
    }
}

/* The look before fails: nothing has happened yet. */
static void
test_look_fails (FlutterwaveFixture *self, gconstpointer data)
{
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  flutterwave_hears (self, 500, "");
  flutterwave_fails (self, COBRO_ERROR_UNAVAILABLE, NULL);
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  flutterwave_hears (self, 401, REFUSED);
  flutterwave_fails (self, COBRO_ERROR_PROVIDER, NULL);
}

static void
test_amounts_sent (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *code;
    gint64 units;
    const char *sent;
  } amounts[] = {
    { "NGN", 1, "\"amount\":0.01,\"currency\":\"NGN\"" },
    { "UGX", 500, "\"amount\":500,\"currency\":\"UGX\"" },
    { "USD", 999999999999, "\"amount\":9999999999.99,\"currency\":\"USD\"" },
    { "BHD", 1000, NULL }, /* not taken */
  };

  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      CobroCurrency currency;

      g_assert_true (cobro_currency_from_code (amounts[i].code, &currency, NULL));
      self->intent.amount = cobro_money (amounts[i].units, currency);
      flutterwave_talk (self, RELAY_TALK_BEGIN);
      hears_one (self, 0, NULL);
      if (amounts[i].sent != NULL)
        g_assert_nonnull (strstr (self->ask.body, amounts[i].sent));
      else
        flutterwave_fails (self, COBRO_ERROR_PROVIDER, "BHD is not taken here");
    }
}

/* ── Charges by token ───────────────────────────────────────────────────────────────────────────────────────── */

static void
charges (FlutterwaveFixture *self)
{
  self->intent.token = "flw-t1nf-0123-m03k";
  self->intent.payer_name = "Ada Obi";
  flutterwave_talk (self, RELAY_TALK_BEGIN);
  flutterwave_asks (self, LOOK, NULL, TRUE);
  hears_one (self, 0, NULL);
  flutterwave_asks (self, "POST /v3/tokenized-charges",
                    "{\"tx_ref\":\"" FLUTTERWAVE_REFERENCE "\",\"amount\":82.50,\"currency\":\"NGN\","
                    "\"token\":\"flw-t1nf-0123-m03k\",\"country\":\"NG\",\"email\":\"ada@example.com\","
                    "\"full_name\":\"Ada Obi\",\"redirect_url\":\"https://pay.example/pay/abc?back=1\","
                    "\"narration\":\"Ada's shop: a hat\"}",
                    FALSE);
}

static void
test_token (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } ends[] = { { "successful", COBRO_FACT_SUCCEEDED }, { "failed", COBRO_FACT_FAILED } };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      charges (self);
      hears_one (self, 9, ends[i].status);
      flutterwave_asks (self, "GET /v3/transactions/9/verify", NULL, FALSE); /* something is open now */
      hears_one (self, 9, ends[i].status);
      if (ends[i].kind == COBRO_FACT_FAILED)
        hears_page (self, 1, "9 failed");
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, ends[i].kind);
      g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_NOTHING);
    }
  g_assert_cmpstr (flutterwave_fact (self)->failure_code, ==, "insufficient_funds");
  g_assert_cmpstr (flutterwave_fact (self)->failure_message, ==, "Insufficient Funds");
}

static void
test_token_redirect (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *transaction = flutterwave_transaction (9, "pending", "82.5", "NGN");
  g_autofree char *body =
    g_strdup_printf ("{\"status\":\"success\",\"data\":%s,\"meta\":{\"authorization\":{\"mode\":\"redirect\","
                     "\"redirect\":\"https://bank.example/3ds\"}}}",
                     transaction);

  charges (self);
  flutterwave_hears (self, 200, body);
  g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_ACTION_NEEDED);
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_cmpstr (self->talk.begun->redirect_url, ==, "https://bank.example/3ds");
}

/* A refusal is believed when there is no transaction; it may have been one of a repeated tx_ref. */
static void
test_token_refused (FlutterwaveFixture *self, gconstpointer data)
{
  charges (self);
  flutterwave_hears (self, 400, REFUSED);
  flutterwave_asks (self, LOOK, NULL, FALSE);
  hears_one (self, 0, NULL);
  flutterwave_fails (self, COBRO_ERROR_PROVIDER, "Invalid currency provided");
  charges (self);
  flutterwave_hears (self, 400, REFUSED);
  hears_one (self, 9, "successful");
  g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_SUCCEEDED);
}

/* Once a charge has been sent, nothing but an answer about it ends the doubt. */
static void
test_token_unclear (FlutterwaveFixture *self, gconstpointer data)
{
  static const guint statuses[] = { 429, 500, 503, 401, 404 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      charges (self);
      hears_one (self, 9, "successful");
      flutterwave_hears (self, statuses[i], REFUSED);
      flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, "it is not known how it ended");
    }
  charges (self);
  hears_one (self, 9, "successful");
  hears_one (self, 0, NULL); /* success, and then it was never there */
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
  charges (self);
  flutterwave_hears (self, 500, "");
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
  charges (self);
  flutterwave_hears (self, 200, "{\"status\":\"success\",\"data\":{\"id\":3}}"); /* unreadable: asked by tx_ref */
  flutterwave_asks (self, LOOK, NULL, FALSE);
}

/* ── query, cancel ──────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_query (FlutterwaveFixture *self, gconstpointer data)
{
  const CobroFact *fact;

  flutterwave_talk (self, RELAY_TALK_QUERY);
  flutterwave_asks (self, LOOK, NULL, TRUE);
  hears_one (self, 288200108, "successful");
  fact = flutterwave_fact (self);
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_cmpstr (fact->event_id, ==, "288200108/successful");
  g_assert_cmpstr (fact->charge_id, ==, "288200108");
  g_assert_cmpstr (fact->receipt, ==, "FLW-288200108");
  g_assert_cmpstr (fact->method_detail, ==, "mastercard •••• 2950");
  g_assert_true (cobro_money_equal (fact->amount, flutterwave_naira (8250))); /* not charged_amount */
  g_assert_cmpint (fact->occurred_at, ==, FLUTTERWAVE_NOW - 15 * COBRO_MINUTE);
  self->target.charge_id = "288200108";
  flutterwave_talk (self, RELAY_TALK_QUERY);
  flutterwave_asks (self, "GET /v3/transactions/288200108/verify", NULL, TRUE);
}

/* Nobody has paid: pending where the page was made, not found where that is not known. */
static void
test_query_nothing (FlutterwaveFixture *self, gconstpointer data)
{
  flutterwave_talk (self, RELAY_TALK_QUERY);
  hears_one (self, 0, NULL);
  g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_PENDING);
  self->target.object_id = "";
  flutterwave_talk (self, RELAY_TALK_QUERY);
  hears_one (self, 0, NULL);
  flutterwave_fails (self, COBRO_ERROR_NOT_FOUND, NULL);
  flutterwave_talk (self, RELAY_TALK_QUERY);
  flutterwave_hears (self, 404, "<html>not here</html>"); /* somebody in between */
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
}

/* Several transactions of one tx_ref. */
static void
test_query_several (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *first, *page, *event;
    CobroFactKind kind;
  } cases[] = {
    { "failed", "12 successful 11 failed", "12/successful", COBRO_FACT_SUCCEEDED },
    { "failed", "13 successful 12 successful 11 failed", "12/successful", COBRO_FACT_SUCCEEDED },
    { "failed", "12 pending 11 failed", "12/pending", COBRO_FACT_PROCESSING },
    { "failed", "12 failed 11 failed", "12/failed", COBRO_FACT_FAILED },
    { "pending", "11 pending", "11/pending", COBRO_FACT_PROCESSING },
    { "failed", "", "11/failed", COBRO_FACT_FAILED }, /* the list is behind */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      flutterwave_talk (self, RELAY_TALK_QUERY);
      hears_one (self, 11, cases[i].first);
      flutterwave_asks (self, "GET /v3/transactions?from=2026-11-20&to=2026-11-22&page=1&tx_ref=" FLUTTERWAVE_REFERENCE,
                        NULL, TRUE);
      hears_page (self, 1, cases[i].page);
      g_assert_cmpstr (flutterwave_fact (self)->event_id, ==, cases[i].event);
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, cases[i].kind);
      g_assert_cmpstr (flutterwave_fact (self)->charge_id, ==, cases[i].kind == COBRO_FACT_SUCCEEDED ? "12" : "");
    }
  flutterwave_talk (self, RELAY_TALK_QUERY);
  hears_one (self, 11, "failed");
  hears_page (self, 2, "30 failed 29 failed");
  flutterwave_asks (self, "GET /v3/transactions?from=2026-11-20&to=2026-11-22&page=2&tx_ref=" FLUTTERWAVE_REFERENCE,
                    NULL, TRUE);
  hears_page (self, 2, "12 successful");
  g_assert_cmpstr (flutterwave_fact (self)->event_id, ==, "12/successful");
}

/* The payer may try once more on the page: only then is a failure the end. */
static void
test_query_declined (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *page, *event;
    CobroFactKind kind;
  } cases[] = {
    { "11 failed", "11/declined", COBRO_FACT_PENDING },
    { "12 failed 11 failed", "12/failed", COBRO_FACT_FAILED },
    { "12 successful 11 failed", "12/successful", COBRO_FACT_SUCCEEDED },
  };

  self->target.next_url = "https://checkout.flutterwave.com/v3/hosted/pay/flwlnk-1";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      flutterwave_talk (self, RELAY_TALK_QUERY);
      hears_one (self, 11, "failed");
      hears_page (self, 1, cases[i].page);
      g_assert_cmpstr (flutterwave_fact (self)->event_id, ==, cases[i].event);
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, cases[i].kind);
    }
  flutterwave_talk (self, RELAY_TALK_QUERY);
  hears_one (self, 11, "failed");
  hears_page (self, 1, "11 failed");
  g_assert_cmpstr (flutterwave_fact (self)->failure_code, ==, "insufficient_funds");
  flutterwave_talk (self, RELAY_TALK_CANCEL); /* the page is closed: that was it */
  flutterwave_hears (self, 200, "{\"status\":\"success\",\"message\":\"LINK DISABLED\",\"data\":true}");
  hears_one (self, 11, "failed");
  hears_page (self, 1, "11 failed");
  g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_FAILED);
}

/* Whoever leaves the bank's question unanswered holds up nobody for good; what takes longer by its nature is waited
 * for. */
static void
test_query_abandoned (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    CobroTime later;
    CobroMethods method;
    const char *event;
    CobroFactKind kind;
  } cases[] = {
    { 40 * COBRO_MINUTE, COBRO_METHOD_CARD, "11/pending", COBRO_FACT_PROCESSING },
    { 50 * COBRO_MINUTE, COBRO_METHOD_CARD, "11/abandoned", COBRO_FACT_CANCELLED },
    { COBRO_DAY, COBRO_METHOD_BANK_TRANSFER, "11/pending", COBRO_FACT_PROCESSING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      self->target.method = cases[i].method;
      flutterwave_talk (self, RELAY_TALK_QUERY);
      self->talk.now += cases[i].later;
      hears_one (self, 11, "pending");
      hears_page (self, 1, "11 pending");
      g_assert_cmpstr (flutterwave_fact (self)->event_id, ==, cases[i].event);
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, cases[i].kind);
    }
}

/* The amount and the currency are what Flutterwave says; the books compare. What cannot be read is no answer. */
static void
test_query_amounts (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *amount, *currency;
    gint64 units; /* -1: no answer */
  } cases[] = {
    { "82.50", "NGN", 8250 },    { "82.500", "NGN", 8250 },
    { "83", "NGN", 8300 }, /* more than was asked */
    { "\"82.5\"", "NGN", 8250 }, { "82.5", "USD", 8250 },
    { "82", "UGX", 82 },         { "82.5", "UGX", -1 },
    { "82.505", "NGN", -1 },     { "8.25e1", "NGN", -1 },
    { "null", "NGN", -1 },       { "82.5", "", -1 },
    { "82.5", "XXX", -1 },       { "99999999999999999999", "NGN", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *transaction = flutterwave_transaction (11, "successful", cases[i].amount, cases[i].currency);
      g_autofree char *body = flutterwave_success (transaction);

      flutterwave_talk (self, RELAY_TALK_QUERY);
      flutterwave_hears (self, 200, body);
      if (cases[i].units < 0)
        {
          flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
          continue;
        }
      g_assert_cmpint (cobro_money_minor (flutterwave_fact (self)->amount), ==, cases[i].units);
      g_assert_cmpstr (cobro_money_code (flutterwave_fact (self)->amount), ==, cases[i].currency);
    }
}

/* Another tx_ref, unknown states, nonsense: never paid. */
static void
test_query_nonsense (FlutterwaveFixture *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\"status\":\"success\",\"data\":null}",
    "{\"status\":\"success\",\"data\":[]}",
    "{\"status\":\"success\",\"data\":{\"id\":5,\"tx_ref\":\"pay_other\",\"amount\":82.5,\"currency\":\"NGN\","
    "\"status\":\"successful\"}}",
    "{\"status\":\"success\",\"data\":{\"id\":5,\"tx_ref\":\"" FLUTTERWAVE_REFERENCE
    "\",\"amount\":82.5,\"currency\":\"NGN\",\"status\":\"success\"}}",
    "{\"status\":\"success\",\"data\":{\"id\":\"five\",\"tx_ref\":\"" FLUTTERWAVE_REFERENCE
    "\",\"amount\":82.5,\"currency\":\"NGN\",\"status\":\"successful\"}}",
    "{\"status\":\"success\",\"status\":\"error\",\"data\":{}}",
    "{\"data\":{}}",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      flutterwave_talk (self, RELAY_TALK_QUERY);
      flutterwave_hears (self, 200, bodies[i]);
      flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
    }
  flutterwave_talk (self, RELAY_TALK_QUERY);
  hears_one (self, 11, "failed");
  flutterwave_hears (self, 200, "{\"status\":\"success\",\"data\":[1]}"); /* a list that hides something */
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
}

static void
test_cancel (FlutterwaveFixture *self, gconstpointer data)
{
  flutterwave_talk (self, RELAY_TALK_CANCEL);
  flutterwave_asks (self, LOOK, NULL, TRUE);
  hears_one (self, 0, NULL);
  g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_CANCELLED);
  self->target.next_url = "https://checkout.flutterwave.com/v3/hosted/pay/flwlnk-1";
  for (guint i = 0; i < 2; i++) /* closed, or closed already */
    {
      flutterwave_talk (self, RELAY_TALK_CANCEL);
      flutterwave_asks (self, "POST /v3/payments/link/disable",
                        "{\"link\":\"https://checkout.flutterwave.com/v3/hosted/pay/flwlnk-1\"}", FALSE);
      flutterwave_hears (self, i == 0 ? 200 : 400,
                         i == 0 ? "{\"status\":\"success\",\"message\":\"LINK DISABLED\",\"data\":true}" : REFUSED);
      flutterwave_asks (self, LOOK, NULL, TRUE);
      hears_one (self, 0, NULL);
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_CANCELLED);
    }
  flutterwave_talk (self, RELAY_TALK_CANCEL); /* the payer was faster */
  flutterwave_hears (self, 400, REFUSED);
  hears_one (self, 11, "successful");
  g_assert_cmpint (flutterwave_fact (self)->kind, ==, COBRO_FACT_SUCCEEDED);
  flutterwave_talk (self, RELAY_TALK_CANCEL);
  flutterwave_hears (self, 500, "");
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
}

/* ── Settings, the connection test ──────────────────────────────────────────────────────────────────────────── */

static void
test_settings (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    gboolean live;
    const char *key, *country, *email;
    const char *path; /* (nullable) of what is wrong */
  } cases[] = {
    { FALSE, "FLWSECK_TEST-abc-X", "", "", NULL },
    { TRUE, "FLWSECK-abc-X", "GH", "shop@example.com", NULL },
    { TRUE, "FLWSECK_TEST-abc-X", "", "", "secret-key" },
    { FALSE, "FLWSECK-abc-X", "", "", "secret-key" },
    { FALSE, "FLWPUBK_TEST-abc-X", "", "", "secret-key" },
    { FALSE, "FLWSECK_TEST-abc-X ", "", "", "secret-key" },
    { FALSE, "", "", "", "secret-key" },
    { FALSE, "FLWSECK_TEST-abc-X", "Nigeria", "", "country" },
    { FALSE, "FLWSECK_TEST-abc-X", "", "nobody", "fallback-email" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GError *error = NULL;
      gboolean ok;

      self->account->livemode = cases[i].live;
      g_hash_table_insert (self->account->settings, g_strdup ("secret-key"), g_strdup (cases[i].key));
      g_hash_table_insert (self->account->settings, g_strdup ("country"), g_strdup (cases[i].country));
      g_hash_table_insert (self->account->settings, g_strdup ("fallback-email"), g_strdup (cases[i].email));
      ok = relay_flutterwave_class ()->facts.check_settings (NULL, self->account, &error);
      g_assert_cmpint (ok, ==, cases[i].path == NULL);
      if (!ok)
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, cases[i].path);
    }
}

static void
test_test (FlutterwaveFixture *self, gconstpointer data)
{
  flutterwave_talk (self, RELAY_TALK_TEST);
  flutterwave_asks (self, "GET /v3/transactions?from=2026-11-19&to=2026-11-22&page=1", NULL, TRUE);
  flutterwave_hears (
    self, 200,
    "{\"status\":\"success\",\"meta\":{\"page_info\":{\"total\":44,\"current_page\":1,\"total_pages\":5}},"
    "\"data\":[]}");
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->talk.words, ==,
                   "test account: Flutterwave accepts the key and shows 44 transactions of the last days");
  flutterwave_talk (self, RELAY_TALK_TEST);
  flutterwave_hears (self, 401, "{\"status\":\"error\",\"message\":\"Invalid authorization key\",\"data\":null}");
  flutterwave_fails (self, COBRO_ERROR_PROVIDER, "does not accept the secret key");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (FlutterwaveFixture *self, gconstpointer data);
  } tests[] = {
    { "begin/link", test_link },
    { "begin/link-parts", test_link_parts },
    { "begin/email", test_email },
    { "begin/found", test_found },
    { "begin/refused", test_link_refused },
    { "begin/look-fails", test_look_fails },
    { "begin/amounts", test_amounts_sent },
    { "token/charged", test_token },
    { "token/redirect", test_token_redirect },
    { "token/refused", test_token_refused },
    { "token/unclear", test_token_unclear },
    { "query/success", test_query },
    { "query/nothing", test_query_nothing },
    { "query/several", test_query_several },
    { "query/declined", test_query_declined },
    { "query/abandoned", test_query_abandoned },
    { "query/amounts", test_query_amounts },
    { "query/nonsense", test_query_nonsense },
    { "cancel", test_cancel },
    { "settings", test_settings },
    { "test", test_test },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/flutterwave/", tests[i].name, NULL);

      g_test_add (path, FlutterwaveFixture, NULL, flutterwave_set_up, tests[i].run, flutterwave_tear_down);
    }
  return g_test_run ();
}
