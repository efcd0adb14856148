/* tests/relay/providers/openpay-fixture.c — talks with the Openpay adapter, held by hand. Layer: tests. */
#include "openpay-fixture.h"

#include <string.h>

static void
set (RelayAccount *account, const char *name, const char *value)
{
  g_hash_table_insert (account->settings, g_strdup (name), g_strdup (value));
}

CobroMoney
openpay_pesos (gint64 centavos)
{
  CobroCurrency pesos;

  g_assert_true (cobro_currency_from_code ("MXN", &pesos, NULL));
  return cobro_money (centavos, pesos);
}

void
openpay_set_up (OpenpayFixture *self, gconstpointer data)
{
  CobroId id;

  g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, "pay_01m7zc381j7x9jhjpqh2hmy0e8", &id, NULL));
  self->account = relay_account_new ();
  cobro_link_set_text (&self->account->id, "0123456789abcdef0123456789abcdef");
  cobro_link_set_text (&self->account->provider, "openpay");
  set (self->account, "merchant-id", "mzdtln0bmtms6o3kck8f");
  set (self->account, "private-key", "sk_of_this_test");
  g_ptr_array_add (self->account->webhook_secrets, g_strdup (OPENPAY_SECRET));
  self->intent = (RelayIntent){ .payment_id = id,
                                .reference = OPENPAY_REFERENCE,
                                .amount = openpay_pesos (12500),
                                .description = "Café \"Ana\": Beans",
                                .idempotency_key = "key",
                                .return_url = "https://pay.example/pay/t/back/p",
                                .webhook_url = "https://pay.example/webhooks/openpay/a",
                                .method = COBRO_METHOD_CARD,
                                .payer_name = "Ana Pérez",
                                .payer_email = "ana@example.com",
                                .payer_phone = "",
                                .locale = "es",
                                .expires_at = OPENPAY_NOW + 2 * COBRO_HOUR + 1 };
  self->target = (RelayTarget){ .payment_id = id,
                                .object_id = OPENPAY_REFERENCE,
                                .charge_id = "trpaid",
                                .reference = OPENPAY_REFERENCE,
                                .next_url = "",
                                .amount = openpay_pesos (12500),
                                .method = COBRO_METHOD_CARD,
                                .created_at = OPENPAY_NOW };
}

static void
put_away (OpenpayFixture *self)
{
  RelayTalk *talk = &self->talk;

  for (gsize i = 0; i < G_N_ELEMENTS (talk->notes); i++)
    g_free (talk->notes[i]);
  relay_begun_free (talk->begun);
  g_clear_pointer (&talk->fact, cobro_fact_unref);
  relay_listing_free (talk->listing);
  g_free (talk->words);
  *talk = (RelayTalk){ .account = self->account, .intent = &self->intent, .target = &self->target, .now = OPENPAY_NOW };
  g_clear_error (&self->error);
}

static void
clear_ask (OpenpayFixture *self)
{
  g_free (self->ask.path);
  g_free (self->ask.body);
  g_clear_pointer (&self->ask.headers, g_ptr_array_unref);
  self->ask = (RelayAsk){ 0 };
}

void
openpay_tear_down (OpenpayFixture *self, gconstpointer data)
{
  put_away (self);
  clear_ask (self);
  relay_account_free (self->account);
}

RelayTalkStep
openpay_talk (OpenpayFixture *self, RelayTalkKind kind)
{
  put_away (self);
  clear_ask (self);
  self->talk.kind = kind;
  self->talk.amount = openpay_pesos (5000);
  self->talk.key = "refundkey234567";
  self->talk.refund_id = "";
  self->talk.since = OPENPAY_NOW;
  self->talk.cursor = self->cursor;
  return relay_openpay_adapter ()->next (&self->talk, NULL, &self->ask, &self->error);
}

RelayTalkStep
openpay_hear (OpenpayFixture *self, guint status, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  CobroNetAnswer answer = { .status = status, .headers = headers, .body = bytes };

  clear_ask (self);
  self->talk.step++;
  return relay_openpay_adapter ()->next (&self->talk, &answer, &self->ask, &self->error);
}

void
openpay_assert_asked (OpenpayFixture *self, const char *line, const char *body, gboolean safe)
{
  g_autofree char *asked = NULL;

  g_assert_no_error (self->error);
  asked = g_strdup_printf ("%s %s", self->ask.method, self->ask.path);
  g_assert_cmpstr (asked, ==, line);
  g_assert_cmpstr (self->ask.body, ==, body);
  g_assert_cmpstr (self->ask.content_type, ==, body != NULL ? "application/json" : NULL);
  g_assert_true (self->ask.safe == safe);
  g_assert_cmpuint (self->ask.headers->len, ==, 2);
  g_assert_cmpstr (self->ask.headers->pdata[0], ==, "Authorization");
  g_assert_cmpstr (self->ask.headers->pdata[1], ==, "Basic c2tfb2ZfdGhpc190ZXN0Og=="); /* sk_of_this_test: */
}

void
openpay_assert_failed (OpenpayFixture *self, RelayTalkStep step, int code, const char *words)
{
  g_assert_cmpint (step, ==, RELAY_TALK_FAILED);
  g_assert_error (self->error, COBRO_ERROR, code);
  g_assert_nonnull (strstr (self->error->message, words));
  g_assert_null (strstr (self->error->message, "sk_of"));
}

char *
openpay_charge (const char *id, const char *method, const char *status, const char *amount, const char *more)
{
  return g_strdup_printf (
    "{\"id\":\"%s\",\"authorization\":\"801585\",\"method\":\"%s\",\"operation_type\":\"in\",\"transaction_type\":"
    "\"charge\",\"status\":\"%s\",\"amount\":%s,\"currency\":\"MXN\",\"order_id\":\"" OPENPAY_REFERENCE
    "\",\"operation_date\":\"2026-11-21T03:30:05-06:00\",\"description\":\"x\",\"error_message\":null,"
    "\"something_new\":{\"a\":[1]}%s}",
    id, method, status, amount, more);
}

char *
openpay_list (char *take_charge)
{
  char *list = g_strdup_printf ("[%s]", take_charge);

  g_free (take_charge);
  return list;
}
