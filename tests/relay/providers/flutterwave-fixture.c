/* tests/relay/providers/flutterwave-fixture.c — conversations with recorded bytes. Layer: tests. */
#include "flutterwave-fixture.h"

#include <string.h>

#define KEY "FLWSECK_TEST-0123456789abcdef0123456789abcdef-X"

CobroMoney
flutterwave_naira (gint64 kobo)
{
  CobroCurrency naira;

  g_assert_true (cobro_currency_from_code ("NGN", &naira, NULL));
  return cobro_money (kobo, naira);
}

void
flutterwave_set_up (FlutterwaveFixture *self, gconstpointer data)
{
  self->account = relay_account_new ();
  g_free (self->account->id);
  self->account->id = g_strdup ("0123456789abcdef0123456789abcdef");
  g_free (self->account->provider);
  self->account->provider = g_strdup (RELAY_FLUTTERWAVE_NAME);
  g_hash_table_insert (self->account->settings, g_strdup ("secret-key"), g_strdup (KEY));
  g_ptr_array_add (self->account->webhook_secrets, g_strdup (FLUTTERWAVE_SECRET));
  self->intent = (RelayIntent){ .reference = FLUTTERWAVE_REFERENCE,
                                .amount = flutterwave_naira (8250),
                                .description = "Ada's shop: a hat",
                                .idempotency_key = "key",
                                .return_url = "https://pay.example/pay/abc?back=1",
                                .webhook_url = "https://pay.example/webhooks/flutterwave/0123",
                                .method = COBRO_METHOD_CARD,
                                .payer_name = "",
                                .payer_email = "ada@example.com",
                                .payer_phone = "",
                                .locale = "en",
                                .expires_at = FLUTTERWAVE_NOW + 30 * COBRO_MINUTE + 59 * COBRO_SECOND };
  g_strlcpy (self->intent.payment_id.text, "pay_01hzy3x8c2v4m6n7p9q0r1s2t3", sizeof self->intent.payment_id.text);
  self->target = (RelayTarget){ .payment_id = self->intent.payment_id,
                                .object_id = FLUTTERWAVE_REFERENCE,
                                .charge_id = "",
                                .reference = FLUTTERWAVE_REFERENCE,
                                .amount = self->intent.amount,
                                .method = COBRO_METHOD_CARD,
                                .created_at = FLUTTERWAVE_NOW - COBRO_HOUR,
                                .next_url = "" };
}

static void
forget_ask (FlutterwaveFixture *self)
{
  g_clear_pointer (&self->ask.path, g_free);
  g_clear_pointer (&self->ask.headers, g_ptr_array_unref);
  g_clear_pointer (&self->ask.body, g_free);
  self->ask = (RelayAsk){ 0 };
}

static void
forget_talk (FlutterwaveFixture *self)
{
  RelayTalk *talk = &self->talk;

  for (guint i = 0; i < G_N_ELEMENTS (talk->notes); i++)
    g_free (talk->notes[i]);
  g_clear_pointer (&talk->begun, relay_begun_free);
  g_clear_pointer (&talk->fact, cobro_fact_unref);
  g_clear_pointer (&talk->listing, relay_listing_free);
  g_free (talk->words);
  *talk = (RelayTalk){ 0 };
  forget_ask (self);
  g_assert_no_error (self->error); /* who failed was looked at */
}

void
flutterwave_tear_down (FlutterwaveFixture *self, gconstpointer data)
{
  forget_talk (self);
  g_clear_pointer (&self->account, relay_account_free);
}

static void
go_on (FlutterwaveFixture *self, const CobroNetAnswer *answer)
{
  forget_ask (self);
  self->step = relay_flutterwave_class ()->next (&self->talk, answer, &self->ask, &self->error);
  g_assert_true ((self->step == RELAY_TALK_FAILED) == (self->error != NULL));
  self->talk.step++;
}

void
flutterwave_talk (FlutterwaveFixture *self, RelayTalkKind kind)
{
  forget_talk (self);
  self->talk = (RelayTalk){ .kind = kind,
                            .account = self->account,
                            .intent = &self->intent,
                            .target = &self->target,
                            .key = "KEYOFTHISREFUND",
                            .amount = self->amount,
                            .refund_id = self->refund_id != NULL ? self->refund_id : "",
                            .cursor = self->cursor,
                            .now = FLUTTERWAVE_NOW,
                            .since = FLUTTERWAVE_NOW - COBRO_DAY };
  go_on (self, NULL);
}

void
flutterwave_asks (FlutterwaveFixture *self, const char *request, const char *body, gboolean safe)
{
  g_autofree char *asked = NULL;

  g_assert_no_error (self->error);
  g_assert_cmpint (self->step, ==, RELAY_TALK_ASK);
  asked = g_strdup_printf ("%s %s", self->ask.method, self->ask.path);
  g_assert_cmpstr (asked, ==, request);
  g_assert_cmpuint (self->ask.headers->len, ==, 2);
  g_assert_cmpstr (self->ask.headers->pdata[0], ==, "Authorization");
  g_assert_cmpstr (self->ask.headers->pdata[1], ==, "Bearer " KEY);
  g_assert_cmpstr (self->ask.content_type, ==, self->ask.body != NULL ? "application/json" : NULL);
  if (body != NULL || self->ask.body == NULL)
    g_assert_cmpstr (self->ask.body, ==, body);
  g_assert_cmpint (self->ask.safe, ==, safe);
}

void
flutterwave_hears (FlutterwaveFixture *self, guint status, const char *body)
{
  CobroNetAnswer answer = { .status = status };

  answer.headers = g_hash_table_new (g_str_hash, g_str_equal);
  answer.body = g_bytes_new (body, strlen (body));
  go_on (self, &answer);
  g_hash_table_unref (answer.headers);
  g_bytes_unref (answer.body);
}

void
flutterwave_fails (FlutterwaveFixture *self, CobroError code, const char *words)
{
  g_assert_cmpint (self->step, ==, RELAY_TALK_FAILED);
  if (words != NULL && strstr (self->error->message, words) == NULL)
    g_assert_cmpstr (self->error->message, ==, words);
  g_assert_error (self->error, COBRO_ERROR, (int)code);
  g_clear_error (&self->error);
}

const CobroFact *
flutterwave_fact (FlutterwaveFixture *self)
{
  const CobroFact *fact;

  g_assert_no_error (self->error);
  g_assert_cmpint (self->step, ==, RELAY_TALK_DONE);
  fact = self->talk.begun != NULL ? self->talk.begun->fact : self->talk.fact;
  g_assert_nonnull (fact);
  g_assert_cmpstr (fact->provider, ==, RELAY_FLUTTERWAVE_NAME);
  g_assert_cmpstr (fact->account, ==, self->account->id);
  g_assert_cmpstr (fact->provider_payment_id, ==, FLUTTERWAVE_REFERENCE);
  g_assert_cmpstr (fact->reference, ==, FLUTTERWAVE_REFERENCE);
  return fact;
}

char *
flutterwave_transaction (gint64 id, const char *status, const char *amount, const char *currency)
{
  return g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"tx_ref\":\"" FLUTTERWAVE_REFERENCE
                          "\",\"flw_ref\":\"FLW-%" G_GINT64_FORMAT "\",\"amount\":%s,\"currency\":\"%s\","
                          "\"charged_amount\":9999,\"app_fee\":1.16,\"merchant_fee\":0,"
                          "\"processor_response\":\"Insufficient Funds\",\"status\":\"%s\",\"payment_type\":\"card\","
                          "\"created_at\":\"2026-11-21T10:15:00.000Z\",\"card\":{\"first_6digits\":\"553188\","
                          "\"last_4digits\":\"2950\",\"type\":\"MASTERCARD\"},\"meta\":null,\"customer\":{\"id\":1}}",
                          id, id, amount, currency, status);
}

char *
flutterwave_success (const char *data)
{
  return g_strdup_printf ("{\"status\":\"success\",\"message\":\"fetched\",\"data\":%s}", data);
}
