/* tests/relay/providers/razorpay-talk.c — talks with the Razorpay adapter. Layer: tests. */
#include "razorpay-talk.h"

#include <string.h>

CobroMoney
razorpay_money (const char *code, gint64 minor)
{
  CobroCurrency currency;

  g_assert_true (cobro_currency_from_code (code, &currency, NULL));
  return cobro_money (minor, currency);
}

char *
razorpay_json (const char *json)
{
  return g_strdelimit (g_strdup (json), "'", '"');
}

void
razorpay_talk_set_up (RazorpayTalk *self, gconstpointer data)
{
  CobroId id;

  g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, TALK_RECEIPT, &id, NULL));
  self->account = relay_account_new ();
  cobro_link_set_text (&self->account->id, "0123456789abcdef0123456789abcdef");
  cobro_link_set_text (&self->account->provider, RELAY_RAZORPAY_NAME);
  g_hash_table_insert (self->account->settings, g_strdup ("key-id"), g_strdup ("rzp_test_1DP5mmOlF5G5ag"));
  g_hash_table_insert (self->account->settings, g_strdup ("key-secret"), g_strdup ("EnLs21M47BllR3X8PSFtjtbd"));
  self->intent = (RelayIntent){ .payment_id = id,
                                .reference = TALK_REFERENCE,
                                .amount = razorpay_money ("INR", 125000),
                                .description = "Asha: tea",
                                .idempotency_key = "key",
                                .return_url = "https://pay.example/pay/t/back/k",
                                .webhook_url = "https://pay.example/webhooks/razorpay/a",
                                .method = COBRO_METHOD_CARD,
                                .payer_name = "Gaurav",
                                .payer_email = "g@example.com",
                                .payer_phone = "+91 98765-43210",
                                .locale = "en",
                                .expires_at = TALK_NOW + COBRO_HOUR,
                                .embedded = GPOINTER_TO_INT (data) };
  self->target = (RelayTarget){ .payment_id = id,
                                .object_id = "order_DESlLckIVRkHWj",
                                .charge_id = "",
                                .reference = TALK_REFERENCE,
                                .amount = razorpay_money ("INR", 125000),
                                .method = COBRO_METHOD_CARD,
                                .created_at = TALK_NOW - COBRO_DAY };
}

static void
ask_clear (RelayAsk *ask)
{
  g_clear_pointer (&ask->path, g_free);
  g_clear_pointer (&ask->headers, g_ptr_array_unref);
  g_clear_pointer (&ask->body, g_free);
  *ask = (RelayAsk){ 0 };
}

static void
talk_clear (RelayTalk *talk)
{
  for (gsize i = 0; i < G_N_ELEMENTS (talk->notes); i++)
    g_free (talk->notes[i]);
  g_clear_pointer (&talk->begun, relay_begun_free);
  g_clear_pointer (&talk->fact, cobro_fact_unref);
  g_clear_pointer (&talk->listing, relay_listing_free);
  g_free (talk->words);
  *talk = (RelayTalk){ 0 };
}

void
razorpay_talk_tear_down (RazorpayTalk *self, gconstpointer data)
{
  g_assert_no_error (self->error);
  ask_clear (&self->ask);
  talk_clear (&self->talk);
  relay_account_free (self->account);
}

static RelayTalkStep
next (RazorpayTalk *self, const CobroNetAnswer *answer)
{
  ask_clear (&self->ask);
  return relay_razorpay_adapter ()->next (&self->talk, answer, &self->ask, &self->error);
}

RelayTalkStep
razorpay_talk_start (RazorpayTalk *self, RelayTalkKind kind)
{
  RelayTalk kept = self->talk;

  self->talk = (RelayTalk){ .kind = kind,
                            .account = self->account,
                            .intent = kind == RELAY_TALK_BEGIN ? &self->intent : NULL,
                            .target = kind == RELAY_TALK_BEGIN ? NULL : &self->target,
                            .amount = kept.amount,
                            .key = kept.key,
                            .refund_id = kept.refund_id,
                            .since = kept.since,
                            .cursor = kept.cursor,
                            .now = TALK_NOW };
  kept.cursor = NULL;
  talk_clear (&kept);
  return next (self, NULL);
}

RelayTalkStep
razorpay_talk_answer (RazorpayTalk *self, guint status, const char *json)
{
  g_autofree char *text = razorpay_json (json);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  CobroNetAnswer answer = { .status = status, .body = body };

  self->talk.step++;
  return next (self, &answer);
}

const char *
razorpay_talk_header (RazorpayTalk *self, const char *name)
{
  for (guint i = 0; self->ask.headers != NULL && i + 1 < self->ask.headers->len; i += 2)
    if (strcmp (self->ask.headers->pdata[i], name) == 0)
      return self->ask.headers->pdata[i + 1];
  return NULL;
}

void
razorpay_talk_assert_asked (RazorpayTalk *self, const char *line, const char *body)
{
  g_autofree char *asked = g_strdup_printf ("%s %s", self->ask.method, self->ask.path);
  g_autofree char *expected = body != NULL ? razorpay_json (body) : NULL;

  g_assert_no_error (self->error);
  g_assert_cmpstr (asked, ==, line);
  g_assert_cmpstr (self->ask.body, ==, expected);
  g_assert_cmpstr (self->ask.content_type, ==, body != NULL ? "application/json" : NULL);
  g_assert_cmpint (self->ask.safe, ==, strcmp (self->ask.method, "GET") == 0);
  /* The scheme has a capital: Razorpay refuses "basic". */
  g_assert_cmpstr (razorpay_talk_header (self, "Authorization"), ==,
                   "Basic cnpwX3Rlc3RfMURQNW1tT2xGNUc1YWc6RW5MczIxTTQ3QmxsUjNYOFBTRnRqdGJk");
}

const CobroFact *
razorpay_talk_assert_fact (RazorpayTalk *self, RelayTalkStep step, CobroFactKind kind, const char *event_id)
{
  const CobroFact *fact = self->talk.begun != NULL ? self->talk.begun->fact : self->talk.fact;

  g_assert_no_error (self->error);
  g_assert_cmpint (step, ==, RELAY_TALK_DONE);
  g_assert_cmpstr (cobro_fact_kind_name (fact->kind), ==, cobro_fact_kind_name (kind));
  g_assert_cmpstr (fact->event_id, ==, event_id);
  g_assert_cmpstr (fact->provider, ==, RELAY_RAZORPAY_NAME);
  g_assert_cmpstr (fact->account, ==, self->account->id);
  return fact;
}

void
razorpay_talk_assert_failed (RazorpayTalk *self, RelayTalkStep step, CobroError code)
{
  g_assert_cmpint (step, ==, RELAY_TALK_FAILED);
  g_assert_error (self->error, COBRO_ERROR, (int)code);
  g_clear_error (&self->error);
}
