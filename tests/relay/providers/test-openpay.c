/* tests/relay/providers/test-openpay.c — the Openpay adapter by its bytes: what it asks, and what it makes of answers
 * as Openpay's documents show them. Layer: tests. */
#include <string.h>

#include "openpay-fixture.h"

#define LOOK  "GET /v1/mzdtln0bmtms6o3kck8f/charges?order_id=" OPENPAY_REFERENCE
#define MAKE  "POST /v1/mzdtln0bmtms6o3kck8f/charges"
#define FORM  "https://sandbox-api.openpay.mx/v1/mzdtln0bmtms6o3kck8f/charges/trnew/card_capture"
#define ASIDE ",\"payment_method\":{\"type\":\"redirect\",\"url\":\"" FORM "\"}"
#define HEAD                                                                                                           \
  "\"amount\":125.00,\"currency\":\"MXN\",\"description\":\"Café \\\"Ana\\\": "                                       \
  "Beans\",\"order_id\":\"" OPENPAY_REFERENCE "\","
#define PAYER "\"customer\":{\"name\":\"Ana Pérez\",\"email\":\"ana@example.com\"}}"
#define ERROR(code, status)                                                                                            \
  "{\"category\":\"gateway\",\"error_code\":" code ",\"description\":\"said there\",\"http_code\":" status             \
  ",\"request_id\":\"u\",\"fraud_rules\":null}"

/* ── A charge ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Looked for, made, and the payer is sent to the form. */
static void
test_form (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *charge = openpay_charge ("trnew", "card", "charge_pending", "125.00", ASIDE);
  const RelayBegun *begun;

  g_assert_cmpint (openpay_talk (self, RELAY_TALK_BEGIN), ==, RELAY_TALK_ASK);
  openpay_assert_asked (self, LOOK, NULL, TRUE);
  g_assert_cmpint (openpay_hear (self, 200, "[]"), ==, RELAY_TALK_ASK);
  openpay_assert_asked (self, MAKE,
                        "{\"method\":\"card\",\"confirm\":false,\"send_email\":false,\"redirect_url\":\"https://"
                        "pay.example/pay/t/back/p\"," HEAD PAYER,
                        FALSE);
  g_assert_cmpint (openpay_hear (self, 200, charge), ==, RELAY_TALK_DONE);
  begun = self->talk.begun;
  g_assert_cmpint (begun->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_cmpstr (begun->redirect_url, ==, FORM);
  g_assert_cmpint (begun->fact->kind, ==, COBRO_FACT_ACTION_NEEDED);
  g_assert_cmpstr (begun->fact->provider_payment_id, ==, OPENPAY_REFERENCE);
  g_assert_cmpstr (begun->fact->reference, ==, OPENPAY_REFERENCE);
  g_assert_cmpstr (begun->fact->charge_id, ==, "");
  g_assert_cmpstr (begun->fact->event_id, ==, OPENPAY_REFERENCE "/trnew/action_needed");
}

/* The same again finds what the first one made: nothing is sent. */
static void
test_again (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *list = openpay_list (openpay_charge ("trnew", "card", "CHARGE_PENDING", "125", ASIDE));

  openpay_talk (self, RELAY_TALK_BEGIN);
  g_assert_cmpint (openpay_hear (self, 200, list), ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.begun->redirect_url, ==, FORM);
}

/* Somebody was faster by a moment: 1006, and the charge is looked for again. */
static void
test_order_used (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *list = openpay_list (openpay_charge ("trnew", "card", "completed", "125.0", ""));

  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  g_assert_cmpint (openpay_hear (self, 409, ERROR ("1006", "\"409\"")), ==, RELAY_TALK_ASK);
  openpay_assert_asked (self, LOOK, NULL, TRUE);
  g_assert_cmpint (openpay_hear (self, 200, list), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.begun->fact->kind, ==, COBRO_FACT_SUCCEEDED);

  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  openpay_hear (self, 409, ERROR ("1006", "409"));
  openpay_assert_failed (self, openpay_hear (self, 200, "[]"), COBRO_ERROR_NO_ANSWER, "does not show it");
  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  openpay_hear (self, 409, "<html>");
  openpay_assert_failed (self, openpay_hear (self, 503, ""), COBRO_ERROR_NO_ANSWER, "has this order");
}

/* proves: OPL-8 */
static void
test_token (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *charge = openpay_charge ("trnew", "card", "completed", "125.00",
                                            ",\"card\":{\"card_number\":\"411111XXXXXX1111\",\"brand\":\"visa\","
                                            "\"holder_name\":\"Ana\"},\"fee\":{\"amount\":6}");
  const CobroFact *fact;

  self->intent.token = "ktoken";
  self->intent.device = "device";
  self->intent.payer_name = "";
  self->intent.payer_phone = "+52 (55) 1234-5678";
  openpay_talk (self, RELAY_TALK_BEGIN);
  g_assert_cmpint (openpay_hear (self, 200, "[]"), ==, RELAY_TALK_ASK);
  openpay_assert_asked (
    self, MAKE,
    "{\"method\":\"card\",\"source_id\":\"ktoken\",\"device_session_id\":\"device\"," HEAD
    "\"customer\":{\"name\":\"ana@example.com\",\"email\":\"ana@example.com\",\"phone_number\":\"525512345678\"}}",
    FALSE);
  g_assert_cmpint (openpay_hear (self, 200, charge), ==, RELAY_TALK_DONE);
  fact = self->talk.begun->fact;
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_true (cobro_money_equal (fact->amount, openpay_pesos (12500)));
  g_assert_cmpstr (fact->charge_id, ==, "trnew");
  g_assert_cmpstr (fact->receipt, ==, "801585");
  g_assert_cmpstr (fact->method_detail, ==, "visa •••• 1111");
  g_assert_cmpint (fact->occurred_at, ==, OPENPAY_NOW + 5 * COBRO_SECOND);
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_NOTHING);
}

/* The fraud check declines: the same token once more, with 3-D Secure. proves: OPL-8 */
static void
test_3d_secure (OpenpayFixture *self, gconstpointer data)
{
  const char *secured = "{\"method\":\"card\",\"source_id\":\"ktoken\",\"device_session_id\":\"device\","
                        "\"use_3d_secure\":true,\"redirect_url\":\"https://pay.example/pay/t/back/p\"," HEAD PAYER;
  g_autofree char *charge = openpay_charge ("trnew", "card", "charge_pending", "125.00", ASIDE);

  self->intent.token = "ktoken";
  self->intent.device = "device";
  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  g_assert_cmpint (openpay_hear (self, 402, ERROR ("3005", "402")), ==, RELAY_TALK_ASK);
  openpay_assert_asked (self, MAKE, secured, FALSE);
  g_assert_cmpint (openpay_hear (self, 200, charge), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_REDIRECT);

  openpay_talk (self, RELAY_TALK_BEGIN); /* and declined with it: that is all */
  openpay_hear (self, 200, "[]");
  openpay_hear (self, 402, ERROR ("3005", "402"));
  g_assert_cmpint (openpay_hear (self, 402, ERROR ("3005", "402")), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.begun->fact->kind, ==, COBRO_FACT_FAILED);

  g_hash_table_insert (self->account->settings, g_strdup ("use-3d-secure"), g_strdup ("always"));
  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  openpay_assert_asked (self, MAKE, secured, FALSE);
  g_hash_table_insert (self->account->settings, g_strdup ("use-3d-secure"), g_strdup ("never"));
  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  g_assert_cmpint (openpay_hear (self, 402, ERROR ("3005", "402")), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.begun->fact->kind, ==, COBRO_FACT_FAILED);
}

static void
test_transfer (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *charge = openpay_charge (
    "trspei", "bank_account", "in_progress", "125.00",
    ",\"due_date\":\"2026-11-21T05:30:00-06:00\",\"payment_method\":{\"type\":\"bank_transfer\","
    "\"agreement\":\"0000000\",\"bank\":\"STP\",\"clabe\":\"646180109400423323\",\"name\":\"1234567890\"}");
  GHashTable *details;

  self->intent.method = COBRO_METHOD_BANK_TRANSFER;
  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  openpay_assert_asked (self, MAKE, "{\"method\":\"bank_account\",\"due_date\":\"2026-11-21T11:30:00Z\"," HEAD PAYER,
                        FALSE);
  g_assert_cmpint (openpay_hear (self, 200, charge), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.begun->next, ==, RELAY_NEXT_INSTRUCTIONS);
  g_assert_cmpint (self->talk.begun->fact->kind, ==, COBRO_FACT_PENDING);
  details = self->talk.begun->details;
  g_assert_cmpstr (g_hash_table_lookup (details, "kind"), ==, "transfer");
  g_assert_cmpstr (g_hash_table_lookup (details, "reference"), ==, "1234567890");
  g_assert_cmpstr (g_hash_table_lookup (details, "bank"), ==, "STP");
  g_assert_cmpstr (g_hash_table_lookup (details, "clabe"), ==, "646180109400423323");
  g_assert_cmpstr (g_hash_table_lookup (details, "agreement"), ==, "0000000");
  g_assert_cmpstr (g_hash_table_lookup (details, "due"), ==, "2026-11-21T11:30:00Z");
  g_assert_cmpstr (g_hash_table_lookup (details, "hosted-url"), ==,
                   "https://sandbox-dashboard.openpay.mx/spei-pdf/mzdtln0bmtms6o3kck8f/trspei");
}

static void
test_store (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *charge = openpay_charge (
    "trstore", "store", "in_progress", "125.00",
    ",\"payment_method\":{\"type\":\"store\",\"reference\":\"000020TRNIRKIYOBO5QFEX55EF0100009\","
    "\"paybin_reference\":\"0101990000001065\",\"barcode_url\":\"https://sandbox-api.openpay.mx/barcode/0\"}");
  GHashTable *details;

  self->intent.method = COBRO_METHOD_STORE;
  self->intent.expires_at = OPENPAY_NOW + 90 * COBRO_DAY;
  openpay_talk (self, RELAY_TALK_BEGIN);
  openpay_hear (self, 200, "[]");
  openpay_assert_asked (self, MAKE, "{\"method\":\"store\",\"due_date\":\"2026-12-21T09:30:00Z\"," HEAD PAYER, FALSE);
  g_assert_cmpint (openpay_hear (self, 200, charge), ==, RELAY_TALK_DONE);
  details = self->talk.begun->details;
  g_assert_cmpstr (g_hash_table_lookup (details, "kind"), ==, "store");
  g_assert_cmpstr (g_hash_table_lookup (details, "reference"), ==, "000020TRNIRKIYOBO5QFEX55EF0100009");
  g_assert_cmpstr (g_hash_table_lookup (details, "barcode-url"), ==, "https://sandbox-api.openpay.mx/barcode/0");
  g_assert_null (g_hash_table_lookup (details, "due"));
  g_assert_cmpstr (
    g_hash_table_lookup (details, "hosted-url"), ==,
    "https://sandbox-dashboard.openpay.mx/paynet-pdf/mzdtln0bmtms6o3kck8f/000020TRNIRKIYOBO5QFEX55EF0100009");
}

/* ── Refusals ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the card is to blame for ends the payment, with words; the same code never means anything else. */
static void
test_declined (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *code, *ours, *words;
    guint status;
  } cases[] = {
    { "2004", "invalid_number", "not a valid one", 422 },
    { "2005", "expired_card", "past", 400 },
    { "2009", "card_declined", "security code", 412 },
    { "3001", "card_declined", "declined the card", 402 },
    { "3002", "expired_card", "has expired", 402 },
    { "3003", "insufficient_funds", "not enough funds", 402 },
    { "3004", "card_declined", "stolen", 402 },
    { "3008", "card_declined", "online", 412 },
    { "3009", "card_declined", "lost", 402 },
    { "3010", "card_declined", "restricted", 402 },
    { "3011", "card_declined", "call the bank", 402 },
    { "3012", "card_declined", "authorise", 412 },
    { "\"3001\"", "card_declined", "declined the card", 402 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf (ERROR ("%s", "%u"), cases[i].code, cases[i].status);
      const CobroFact *fact;

      openpay_talk (self, RELAY_TALK_BEGIN);
      openpay_hear (self, 200, "[]");
      g_assert_cmpint (openpay_hear (self, cases[i].status, body), ==, RELAY_TALK_DONE);
      fact = self->talk.begun->fact;
      g_assert_cmpint (fact->kind, ==, COBRO_FACT_FAILED);
      g_assert_cmpstr (fact->failure_code, ==, cases[i].ours);
      g_assert_nonnull (strstr (fact->failure_message, cases[i].words));
      g_assert_cmpstr (fact->charge_id, ==, "");
      g_assert_cmpstr (fact->provider_payment_id, ==, OPENPAY_REFERENCE);
    }
}

/* What was sent and not answered well is open; what was not sent is not. */
static void
test_troubles (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    int looked, made; /* the error when it answers the look, and when it answers the charge */
    const char *words;
  } cases[] = {
    { 429, "", COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_UNAVAILABLE, "busy" },
    { 500, ERROR ("1000", "500"), COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_NO_ANSWER, "internal error" },
    { 503, ERROR ("1004", "503"), COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_NO_ANSWER, "not available" },
    { 503, "", COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_NO_ANSWER, "" },
    { 502, "<html>", COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_NO_ANSWER, "fault" },
    { 401, ERROR ("1002", "401"), COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "private key" },
    { 403, ERROR ("1010", "403"), COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "sk_…" },
    { 404, ERROR ("1005", "404"), COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "merchant ID" },
    { 404, "", COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "address" },
    { 400, ERROR ("1001", "400"), COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "said there" },
    { 400, ERROR ("9999", "400"), COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "said there" },
    { 302, "", COBRO_ERROR_PROVIDER, COBRO_ERROR_PROVIDER, "302" },
    { 200, "", COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
    { 200, "null", COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
    { 200, "{\"id\":\"tr", COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
    { 200, "{}", COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
    { 200, "[1]", COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
    { 200, "{\"id\":\"../x\",\"amount\":1}", COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
    { 200, "{\"id\":\"tr1\",\"status\":\"completed\",\"amount\":125.00,\"currency\":\"MXN\",\"order_id\":\"other\"}",
      COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, "nonsense" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      openpay_talk (self, RELAY_TALK_BEGIN);
      openpay_assert_failed (self, openpay_hear (self, cases[i].status, cases[i].body), cases[i].looked,
                             cases[i].words);
      openpay_talk (self, RELAY_TALK_BEGIN);
      openpay_hear (self, 200, "[]");
      openpay_assert_failed (self, openpay_hear (self, cases[i].status, cases[i].body), cases[i].made, cases[i].words);
    }
}

static void
test_not_sent (OpenpayFixture *self, gconstpointer data)
{
  CobroCurrency dollars, euros;

  g_assert_true (cobro_currency_from_code ("USD", &dollars, NULL) && cobro_currency_from_code ("EUR", &euros, NULL));
  self->intent.payer_email = "";
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "e-mail");
  self->intent.payer_email = "ana@example.com";
  self->intent.return_url = "";
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "leads back");
  self->intent.return_url = "https://pay.example/pay/t/back/p";
  self->intent.token = "ktoken";
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "device");
  self->intent.token = NULL;
  self->intent.amount = cobro_money (100, euros);
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "not EUR");
  self->intent.amount = cobro_money (100, dollars);
  g_assert_cmpint (openpay_talk (self, RELAY_TALK_BEGIN), ==, RELAY_TALK_ASK);
  self->intent.method = COBRO_METHOD_STORE;
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "pesos");
  self->intent.method = COBRO_METHOD_BANK_TRANSFER;
  self->intent.amount = openpay_pesos (100);
  g_hash_table_insert (self->account->settings, g_strdup ("country"), g_strdup ("pe"));
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "takes PEN, not MXN");
  g_hash_table_remove (self->account->settings, "country");
  g_hash_table_remove (self->account->settings, "private-key");
  openpay_assert_failed (self, openpay_talk (self, RELAY_TALK_BEGIN), COBRO_ERROR_PROVIDER, "not set");
}

/* A page over plain HTTP may be a stand-in's; with real money it is not gone to. */
static void
test_plain_http (OpenpayFixture *self, gconstpointer data)
{
  static const char *const urls[] = { "http://127.0.0.1:1/x", "", "javascript:alert(1)", "//evil.example/" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    for (guint live = 0; live < 2; live++)
      {
        g_autofree char *way = g_strdup_printf (",\"payment_method\":{\"type\":\"redirect\",\"url\":\"%s\"}", urls[i]);
        g_autofree char *list = openpay_list (openpay_charge ("trnew", "card", "charge_pending", "125.00", way));

        self->account->livemode = live == 1;
        openpay_talk (self, RELAY_TALK_BEGIN);
        if (i == 0 && live == 0)
          g_assert_cmpint (openpay_hear (self, 200, list), ==, RELAY_TALK_DONE);
        else
          openpay_assert_failed (self, openpay_hear (self, 200, list), COBRO_ERROR_NO_ANSWER, "no page");
      }
}

/* ── Questions ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_states (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *method, *status;
    CobroFactKind kind;
  } cases[] = {
    { "card", "completed", COBRO_FACT_SUCCEEDED },
    { "card", "COMPLETED", COBRO_FACT_SUCCEEDED },
    { "card", "refunded", COBRO_FACT_SUCCEEDED },
    { "card", "charge_pending", COBRO_FACT_ACTION_NEEDED },
    { "card", "in_progress", COBRO_FACT_PROCESSING },
    { "store", "in_progress", COBRO_FACT_PENDING },
    { "bank_account", "IN_PROGRESS", COBRO_FACT_PENDING },
    { "store", "cancelled", COBRO_FACT_CANCELLED },
    { "card", "failed", COBRO_FACT_FAILED },
    { "card", "chargeback_pending", COBRO_FACT_SUCCEEDED },
    { "card", "chargeback_accepted", COBRO_FACT_SUCCEEDED },
    { "card", "chargeback_adjustment", COBRO_FACT_SUCCEEDED },
  };
  static const char *const unknown[] = { "", "paid", "complete", "completed ", "authorized" };

  self->target.charge_id = "";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *list = openpay_list (openpay_charge ("tr1", cases[i].method, cases[i].status, "125.00", ""));

      openpay_talk (self, RELAY_TALK_QUERY);
      openpay_assert_asked (self, LOOK, NULL, TRUE);
      g_assert_cmpint (openpay_hear (self, 200, list), ==, RELAY_TALK_DONE);
      g_assert_cmpint (self->talk.fact->kind, ==, cases[i].kind);
      g_assert_cmpstr (self->talk.fact->charge_id, ==, cases[i].kind == COBRO_FACT_SUCCEEDED ? "tr1" : "");
      if (cases[i].kind == COBRO_FACT_SUCCEEDED)
        g_assert_cmpstr (self->talk.fact->event_id, ==, OPENPAY_REFERENCE "/tr1/completed");
    }
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autofree char *list = openpay_list (openpay_charge ("tr1", "card", unknown[i], "125.00", ""));

      openpay_talk (self, RELAY_TALK_QUERY);
      openpay_assert_failed (self, openpay_hear (self, 200, list), COBRO_ERROR_NO_ANSWER, "unknown status");
    }
}

/* An order may have failed charges beside the one that counts; what is not ours is not looked at. */
static void
test_several (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *failed = openpay_charge ("tr1", "card", "failed", "125.00", "");
  g_autofree char *open = openpay_charge ("tr2", "card", "charge_pending", "125.00", "");
  g_autofree char *paid = openpay_charge ("tr3", "card", "completed", "125.00", "");
  g_autofree char *all = g_strdup_printf ("[%s,%s,%s,{\"id\":\"x\",\"order_id\":\"A-1\"}]", failed, open, paid);
  g_autofree char *some = g_strdup_printf ("[%s,%s]", failed, open);

  self->target.charge_id = "";
  openpay_talk (self, RELAY_TALK_QUERY);
  g_assert_cmpint (openpay_hear (self, 200, all), ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.fact->charge_id, ==, "tr3");
  openpay_talk (self, RELAY_TALK_QUERY);
  g_assert_cmpint (openpay_hear (self, 200, some), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.fact->kind, ==, COBRO_FACT_ACTION_NEEDED);
  openpay_talk (self, RELAY_TALK_QUERY); /* a filter that filters nothing does not mean that there is none */
  openpay_assert_failed (self, openpay_hear (self, 200, "[{\"id\":\"x\",\"order_id\":\"A-1\"}]"), COBRO_ERROR_NO_ANSWER,
                         "other orders");
  openpay_talk (self, RELAY_TALK_QUERY);
  openpay_assert_failed (self, openpay_hear (self, 200, "[]"), COBRO_ERROR_NOT_FOUND, "no charge");
}

static void
test_by_id (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *right = openpay_charge ("trpaid", "card", "completed", "125.00", "");
  g_autofree char *wrong = openpay_charge ("trother", "card", "completed", "125.00", "");

  openpay_talk (self, RELAY_TALK_QUERY);
  openpay_assert_asked (self, "GET /v1/mzdtln0bmtms6o3kck8f/charges/trpaid", NULL, TRUE);
  g_assert_cmpint (openpay_hear (self, 200, right), ==, RELAY_TALK_DONE);
  openpay_talk (self, RELAY_TALK_QUERY);
  openpay_assert_failed (self, openpay_hear (self, 200, wrong), COBRO_ERROR_NO_ANSWER, "another charge");
  openpay_talk (self, RELAY_TALK_QUERY);
  openpay_assert_failed (self, openpay_hear (self, 404, ERROR ("1005", "404")), COBRO_ERROR_PROVIDER, "merchant ID");
}

/* Amounts as text or number, with what digits they like; never rounded, never guessed. */
static void
test_amounts (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *written;
    gint64 centavos; /* 0: none */
  } cases[] = {
    { "82.50", 8250 },
    { "82.5", 8250 },
    { "\"82.50\"", 8250 },
    { "82", 8200 },
    { "0.01", 1 },
    { "82.500", 8250 },
    { "9999999999.99", 999999999999 },
    { "82.505", 0 },
    { "8.25e1", 0 },
    { "-82.50", -8250 },
    { "\"82,50\"", 0 },
    { "null", 0 },
    { "\"\"", 0 },
    { "true", 0 },
    { "99999999999999999999", 0 },
  };

  self->target.charge_id = "";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *list = openpay_list (openpay_charge ("tr1", "card", "completed", cases[i].written, ""));

      openpay_talk (self, RELAY_TALK_QUERY);
      if (cases[i].centavos == 0)
        {
          openpay_assert_failed (self, openpay_hear (self, 200, list), COBRO_ERROR_NO_ANSWER, "nonsense");
          continue;
        }
      g_assert_cmpint (openpay_hear (self, 200, list), ==, RELAY_TALK_DONE);
      g_assert_cmpint (cobro_money_minor (self->talk.fact->amount), ==, cases[i].centavos);
    }
}

/* Nothing ends there; here the attempt does, unless money is on its way. */
static void
test_cancel (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *method, *status;
    CobroFactKind kind;
  } cases[] = {
    { "card", "charge_pending", COBRO_FACT_CANCELLED },
    { "store", "in_progress", COBRO_FACT_CANCELLED },
    { "card", "in_progress", COBRO_FACT_PROCESSING },
    { "card", "completed", COBRO_FACT_SUCCEEDED },
    { "card", "failed", COBRO_FACT_FAILED },
  };

  self->target.charge_id = "";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *list = openpay_list (openpay_charge ("tr1", cases[i].method, cases[i].status, "125.00", ""));

      openpay_talk (self, RELAY_TALK_CANCEL);
      openpay_assert_asked (self, LOOK, NULL, TRUE);
      g_assert_cmpint (openpay_hear (self, 200, list), ==, RELAY_TALK_DONE);
      g_assert_cmpint (self->talk.fact->kind, ==, cases[i].kind);
    }
}

static void
test_disputes (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } cases[] = { { "chargeback_pending", COBRO_FACT_DISPUTE_OPENED },
                { "chargeback_accepted", COBRO_FACT_DISPUTE_LOST },
                { "chargeback_adjustment", COBRO_FACT_DISPUTE_WON } };
  g_autofree char *none = openpay_charge ("trpaid", "card", "completed", "125.00", "");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *charge = openpay_charge ("trpaid", "card", cases[i].status, "125.00", "");

      openpay_talk (self, RELAY_TALK_QUERY_DISPUTE);
      g_assert_cmpint (openpay_hear (self, 200, charge), ==, RELAY_TALK_DONE);
      g_assert_cmpint (self->talk.fact->kind, ==, cases[i].kind);
      g_assert_true (cobro_money_equal (self->talk.fact->amount, openpay_pesos (12500)));
    }
  openpay_talk (self, RELAY_TALK_QUERY_DISPUTE);
  openpay_assert_failed (self, openpay_hear (self, 200, none), COBRO_ERROR_NOT_FOUND, "chargeback");
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

#define BACK(id, amount, status, description)                                                                          \
  ",\"refund\":{\"id\":\"" id "\",\"amount\":" amount ",\"status\":\"" status                                          \
  "\",\"transaction_type\":\"refund\",\"operation_type\":\"out\",\"currency\":\"MXN\",\"operation_date\":"             \
  "\"2026-11-21T03:31:00-06:00\",\"description\":\"" description "\"}"
#define OURS "Refund refundkey234567"

static void
test_refund (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *before = openpay_charge ("trpaid", "card", "completed", "125.00", "");
  g_autofree char *after =
    openpay_charge ("trpaid", "card", "completed", "125.00", BACK ("trb1", "50.00", "completed", OURS));
  g_autofree char *wrong =
    openpay_charge ("trpaid", "card", "completed", "125.00", BACK ("trb1", "5.00", "completed", OURS));
  const CobroFact *fact;

  g_assert_cmpint (openpay_talk (self, RELAY_TALK_REFUND), ==, RELAY_TALK_ASK);
  openpay_assert_asked (self, "GET /v1/mzdtln0bmtms6o3kck8f/charges/trpaid", NULL, TRUE);
  g_assert_cmpint (openpay_hear (self, 200, before), ==, RELAY_TALK_ASK);
  openpay_assert_asked (self, "POST /v1/mzdtln0bmtms6o3kck8f/charges/trpaid/refund",
                        "{\"description\":\"" OURS "\",\"amount\":50.00}", FALSE);
  g_assert_cmpint (openpay_hear (self, 200, after), ==, RELAY_TALK_DONE);
  fact = self->talk.fact;
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_REFUNDED);
  g_assert_cmpstr (fact->refund_id, ==, "trb1");
  g_assert_true (cobro_money_equal (fact->amount, openpay_pesos (5000)));
  g_assert_cmpstr (fact->event_id, ==, OPENPAY_REFERENCE "/trb1/refunded");
  g_assert_cmpstr (fact->provider_payment_id, ==, OPENPAY_REFERENCE);

  openpay_talk (self, RELAY_TALK_REFUND); /* sent again: it is there */
  g_assert_cmpint (openpay_hear (self, 200, after), ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.fact->refund_id, ==, "trb1");

  openpay_talk (self, RELAY_TALK_REFUND); /* answered with something else */
  openpay_hear (self, 200, before);
  openpay_assert_failed (self, openpay_hear (self, 200, before), COBRO_ERROR_NO_ANSWER, "not this refund");
  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_hear (self, 200, before);
  openpay_assert_failed (self, openpay_hear (self, 200, wrong), COBRO_ERROR_NO_ANSWER, "not this refund");
}

/* One refund is all that a charge shows. Behind another one, ours may have been made. */
static void
test_refund_uncertain (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *other =
    openpay_charge ("trpaid", "card", "completed", "125.00", BACK ("trb0", "20.00", "completed", "devolucion"));
  g_autofree char *all =
    openpay_charge ("trpaid", "card", "completed", "125.00",
                    ",\"refunds\":[{\"id\":\"trb0\",\"amount\":20.00,\"status\":\"completed\",\"description\":\"x\"}]");
  g_autofree char *whole = openpay_charge ("trpaid", "card", "refunded", "125.00", "");

  openpay_talk (self, RELAY_TALK_REFUND); /* never tried: certain */
  g_assert_cmpint (openpay_hear (self, 200, other), ==, RELAY_TALK_ASK);
  self->target.tried = TRUE;
  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_assert_failed (self, openpay_hear (self, 200, other), COBRO_ERROR_NO_ANSWER, "another refund");
  openpay_talk (self, RELAY_TALK_REFUND); /* a whole list says it all */
  g_assert_cmpint (openpay_hear (self, 200, all), ==, RELAY_TALK_ASK);

  openpay_talk (self, RELAY_TALK_QUERY_REFUND);
  openpay_assert_failed (self, openpay_hear (self, 200, other), COBRO_ERROR_NO_ANSWER, "another refund");
  openpay_talk (self, RELAY_TALK_QUERY_REFUND);
  openpay_assert_failed (self, openpay_hear (self, 200, all), COBRO_ERROR_NOT_FOUND, "no such refund");
  openpay_talk (self, RELAY_TALK_QUERY_REFUND); /* all of it went back, and no refund is shown */
  self->talk.refund_id = "trpaid";
  g_assert_cmpint (openpay_hear (self, 200, whole), ==, RELAY_TALK_DONE);
  g_assert_true (cobro_money_equal (self->talk.fact->amount, openpay_pesos (12500)));
  openpay_talk (self, RELAY_TALK_QUERY_REFUND);
  self->talk.refund_id = "trb0";
  g_assert_cmpint (openpay_hear (self, 200, all), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.fact->kind, ==, COBRO_FACT_REFUNDED);
}

static void
test_refund_refused (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *paid = openpay_charge ("trpaid", "card", "completed", "125.00", "");
  g_autofree char *store = openpay_charge ("trpaid", "store", "completed", "125.00", "");
  g_autofree char *open = openpay_charge ("trpaid", "card", "charge_pending", "125.00", "");
  g_autofree char *odd = openpay_charge ("trpaid", "card", "completed", "125.00", BACK ("trb1", "50.00", "odd", OURS));
  g_autofree char *failed =
    openpay_charge ("trpaid", "card", "completed", "125.00", BACK ("trb1", "50.00", "failed", OURS));
  g_autofree char *slow =
    openpay_charge ("trpaid", "card", "completed", "125.00", BACK ("trb1", "50.00", "in_progress", OURS));

  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_assert_failed (self, openpay_hear (self, 200, store), COBRO_ERROR_PROVIDER, "cards only");
  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_assert_failed (self, openpay_hear (self, 200, open), COBRO_ERROR_PROVIDER, "not been paid");
  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_hear (self, 200, paid);
  openpay_assert_failed (self, openpay_hear (self, 412, ERROR ("4001", "412")), COBRO_ERROR_PROVIDER, "enough funds");
  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_hear (self, 200, paid);
  openpay_assert_failed (self, openpay_hear (self, 500, ERROR ("1000", "500")), COBRO_ERROR_NO_ANSWER, "internal");
  openpay_talk (self, RELAY_TALK_REFUND);
  openpay_assert_failed (self, openpay_hear (self, 200, odd), COBRO_ERROR_NO_ANSWER, "odd");
  openpay_talk (self, RELAY_TALK_REFUND);
  g_assert_cmpint (openpay_hear (self, 200, failed), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.fact->kind, ==, COBRO_FACT_REFUND_FAILED);
  openpay_talk (self, RELAY_TALK_REFUND);
  g_assert_cmpint (openpay_hear (self, 200, slow), ==, RELAY_TALK_DONE);
  g_assert_cmpint (self->talk.fact->kind, ==, COBRO_FACT_REFUND_PENDING);
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────── */

#define CHARGES "GET /v1/mzdtln0bmtms6o3kck8f/charges?creation%5Bgte%5D="

static RelayTalkStep
list_page (OpenpayFixture *self, const char *cursor)
{
  self->cursor = cursor;
  return openpay_talk (self, RELAY_TALK_LIST);
}

/* Until the end, page by page; payments before what went back. */
static void
test_list (OpenpayFixture *self, gconstpointer data)
{
  static const char *const asked[] = {
    CHARGES "2026-10-16&limit=100&offset=0",
    CHARGES "2026-10-16&limit=100&offset=4",
    CHARGES "2026-05-24&status=REFUNDED&limit=100&offset=0",
    CHARGES "2026-05-24&status=CHARGEBACK_PENDING&limit=100&offset=0",
    CHARGES "2026-05-24&status=CHARGEBACK_ACCEPTED&limit=100&offset=0",
    CHARGES "2026-05-24&status=CHARGEBACK_ADJUSTMENT&limit=100&offset=0",
  };
  g_autofree char *paid =
    openpay_charge ("trpaid", "card", "chargeback_pending", "125.00", BACK ("trb1", "50.00", "completed", "x"));
  g_autofree char *odd = openpay_charge ("trodd", "card", "golden", "125.00", "");
  g_autofree char *none = openpay_charge ("trnone", "card", "completed", "null", "");
  g_autofree char *page =
    g_strdup_printf ("[{\"id\":\"trx\",\"order_id\":null,\"amount\":1},%s,%s,%s]", odd, none, paid);
  g_autofree char *cursor = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_assert_cmpint (list_page (self, cursor), ==, RELAY_TALK_ASK);
      openpay_assert_asked (self, asked[i], NULL, TRUE);
      g_assert_cmpint (openpay_hear (self, 200, i == 0 ? page : "[]"), ==, RELAY_TALK_DONE);
      if (i == 0)
        {
          GPtrArray *facts = self->talk.listing->facts;

          g_assert_cmpuint (facts->len, ==, 3);
          g_assert_cmpint (((CobroFact *)facts->pdata[0])->kind, ==, COBRO_FACT_SUCCEEDED);
          g_assert_cmpint (((CobroFact *)facts->pdata[1])->kind, ==, COBRO_FACT_REFUNDED);
          g_assert_cmpint (((CobroFact *)facts->pdata[2])->kind, ==, COBRO_FACT_DISPUTE_OPENED);
        }
      g_free (cursor);
      cursor = g_strdup (self->talk.listing->next);
    }
  g_assert_null (cursor);
  openpay_assert_failed (self, list_page (self, "7/0"), COBRO_ERROR_INTERNAL, "cursor");
  openpay_assert_failed (self, list_page (self, "-1/x"), COBRO_ERROR_INTERNAL, "cursor");
}

/* ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Every currency there is, against a table of its own: four are taken, all with two digits; what is heard in others is
 * taken as it is. The decimals are made here by division. */
static void
test_currencies (OpenpayFixture *self, gconstpointer data)
{
  const RelayCurrencies *table = relay_openpay_adapter ()->facts.currencies;
  static const gint64 amounts[] = { 1, 9, 10, 99, 100, 101, 8250, 12345, 1000000, 999999999999 };
  guint taken = 0;

  for (guint i = 1; i <= cobro_currency_count (); i++)
    {
      const char *code = cobro_currency_code ((CobroCurrency)i);
      gboolean known = strstr ("MXN USD COP PEN", code) != NULL;

      for (guint k = 0; k < G_N_ELEMENTS (amounts); k++)
        {
          CobroMoney money = cobro_money (amounts[k], (CobroCurrency)i), back;
          g_autofree char *expected =
            g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", amounts[k] / 100, (int)(amounts[k] % 100));
          g_autoptr (GError) error = NULL;
          g_autofree char *decimal = relay_currencies_to_decimal (table, money, &error);

          g_assert_cmpstr (decimal, ==, known ? expected : NULL);
          if (!known)
            {
              g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
              continue;
            }
          g_assert_true (relay_currencies_from_decimal (table, code, decimal, &back, NULL));
          g_assert_true (cobro_money_equal (back, money));
        }
      taken += known;
    }
  g_assert_cmpuint (taken, ==, 4);
}

/* ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_settings (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *name, *value, *path;
  } cases[] = {
    { "merchant-id", "../charges", "settings.merchant-id" },
    { "private-key", "pk_1234", "settings.private-key" },
    { "private-key", "sk_12 34", "settings.private-key" },
    { "public-key", "sk_1234", "settings.public-key" },
    { "country", "es", "settings.country" },
    { "checkout", "embed", "settings.checkout" },
    { "checkout", "embedded", "settings.public-key" },
    { "use-3d-secure", "yes", "settings.use-3d-secure" },
  };
  const RelayAdapterClass *class = relay_openpay_adapter ();

  g_assert_true (class->facts.check_settings (NULL, self->account, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *before = g_strdup (relay_account_get (self->account, cases[i].name));
      g_autoptr (GError) error = NULL;

      g_hash_table_insert (self->account->settings, g_strdup (cases[i].name), g_strdup (cases[i].value));
      g_assert_false (class->facts.check_settings (NULL, self->account, &error));
      g_assert_cmpstr (cobro_error_get_path (error), ==, cases[i].path);
      g_hash_table_insert (self->account->settings, g_strdup (cases[i].name), g_strdup (before));
    }
}

/* Card fields of our own need the public key, and Openpay's script of México. */
static void
test_embedded (OpenpayFixture *self, gconstpointer data)
{
  const RelayAdapterClass *class = relay_openpay_adapter ();
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (self->account->settings, g_strdup ("checkout"), g_strdup ("embedded"));
  g_hash_table_insert (self->account->settings, g_strdup ("public-key"), g_strdup ("pk_1234"));
  g_assert_true (class->facts.check_settings (NULL, self->account, NULL));
  g_hash_table_insert (self->account->settings, g_strdup ("country"), g_strdup ("co"));
  g_assert_false (class->facts.check_settings (NULL, self->account, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "settings.checkout");
}

static void
test_bases (OpenpayFixture *self, gconstpointer data)
{
  static const char *const countries[] = { "mx", "co", "pe" };

  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    for (guint live = 0; live < 2; live++)
      {
        g_autofree char *expected =
          g_strdup_printf ("https://%s.openpay.%s", live ? "api" : "sandbox-api", countries[i]);
        g_autofree char *base = NULL;

        g_hash_table_insert (self->account->settings, g_strdup ("country"), g_strdup (countries[i]));
        self->account->livemode = live == 1;
        base = relay_openpay_adapter ()->base (self->account);
        g_assert_cmpstr (base, ==, expected);
      }
}

static void
test_test (OpenpayFixture *self, gconstpointer data)
{
  openpay_talk (self, RELAY_TALK_TEST);
  openpay_assert_asked (self, "GET /v1/mzdtln0bmtms6o3kck8f/charges?limit=1", NULL, TRUE);
  g_assert_cmpint (openpay_hear (self, 200, "[]"), ==, RELAY_TALK_DONE);
  g_assert_cmpstr (self->talk.words, ==, "Openpay in México knows merchant mzdtln0bmtms6o3kck8f: sandbox");
  openpay_talk (self, RELAY_TALK_TEST);
  openpay_assert_failed (self, openpay_hear (self, 401, ERROR ("1002", "401")), COBRO_ERROR_PROVIDER, "private key");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, OpenpayFixture, NULL, openpay_set_up, func, openpay_tear_down)
  ADD ("/openpay/form", test_form);
  ADD ("/openpay/again", test_again);
  ADD ("/openpay/order-used", test_order_used);
  ADD ("/openpay/token", test_token);
  ADD ("/openpay/3d-secure", test_3d_secure);
  ADD ("/openpay/transfer", test_transfer);
  ADD ("/openpay/store", test_store);
  ADD ("/openpay/declined", test_declined);
  ADD ("/openpay/troubles", test_troubles);
  ADD ("/openpay/not-sent", test_not_sent);
  ADD ("/openpay/plain-http", test_plain_http);
  ADD ("/openpay/states", test_states);
  ADD ("/openpay/several", test_several);
  ADD ("/openpay/by-id", test_by_id);
  ADD ("/openpay/amounts", test_amounts);
  ADD ("/openpay/cancel", test_cancel);
  ADD ("/openpay/disputes", test_disputes);
  ADD ("/openpay/refund", test_refund);
  ADD ("/openpay/refund-uncertain", test_refund_uncertain);
  ADD ("/openpay/refund-refused", test_refund_refused);
  ADD ("/openpay/list", test_list);
  ADD ("/openpay/currencies", test_currencies);
  ADD ("/openpay/settings", test_settings);
  ADD ("/openpay/embedded", test_embedded);
  ADD ("/openpay/bases", test_bases);
  ADD ("/openpay/test", test_test);
#undef ADD
  return g_test_run ();
}
