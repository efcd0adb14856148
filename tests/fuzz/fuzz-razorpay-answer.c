/* tests/fuzz/fuzz-razorpay-answer.c — Razorpay's answers: the first byte chooses the call, then lines of "status body"
 * are heard one after the other. Money is said only of a payment with an id, never for less or more than what was asked
 * without its amount being said, and nothing is captured or given back twice in one talk. Layer: tests. */
#include <string.h>

#include "cobro-error.h"
#include "fuzz-replay.h"
#include "relay-razorpay.h"

#define PAYMENT   "pay_01jdc0000000000000000000aa"
#define REFERENCE PAYMENT ".0123456789abcdef0123456789"
#define NOW       (G_GINT64_CONSTANT (1795273200) * COBRO_SECOND)
#define STEPS_MAX 32

typedef struct
{
  RelayAccount *account;
  RelayIntent intent;
  RelayTarget target;
  RelayTalk talk;
  guint moved; /* requests that move money */
} Play;

static void
set (Play *self, const char *name, const char *value)
{
  g_hash_table_insert (self->account->settings, g_strdup (name), g_strdup (value));
}

static void
play_set_up (Play *self, guint choice)
{
  CobroCurrency rupee;
  CobroId id;

  if (!cobro_currency_from_code ("INR", &rupee, NULL) || !cobro_id_parse (COBRO_ID_PAYMENT, PAYMENT, &id, NULL))
    g_assert_not_reached ();
  self->account = relay_account_new ();
  cobro_link_set_text (&self->account->provider, RELAY_RAZORPAY_NAME);
  set (self, "key-id", "rzp_test_1DP5mmOlF5G5ag");
  set (self, "key-secret", "EnLs21M47BllR3X8PSFtjtbd");
  set (self, "capture", choice & 8 ? "relay" : "automatic");
  self->intent = (RelayIntent){ .payment_id = id,
                                .reference = REFERENCE,
                                .amount = cobro_money (125000, rupee),
                                .description = "",
                                .return_url = "https://pay.example/",
                                .embedded = (choice & 8) != 0 };
  self->target = (RelayTarget){ .payment_id = id,
                                .object_id = choice & 16 ? (choice & 64 ? "order_A" : "plink_A") : "",
                                .charge_id = choice & 32 ? "pay_A" : "",
                                .reference = REFERENCE,
                                .amount = self->intent.amount,
                                .created_at = NOW - COBRO_HOUR };
  self->talk = (RelayTalk){ .kind = (RelayTalkKind)(choice % (RELAY_TALK_TEST + 1)),
                            .account = self->account,
                            .intent = &self->intent,
                            .target = &self->target,
                            .amount = cobro_money (50000, rupee),
                            .key = "KEY",
                            .refund_id = choice & 64 ? "rfnd_A" : "",
                            .cursor = choice & 16 ? (choice & 64 ? "refunds 1 2 0" : "orders 1 2 0") : NULL,
                            .now = NOW,
                            .since = NOW - COBRO_DAY };
}

static void
play_tear_down (Play *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->talk.notes); i++)
    g_free (self->talk.notes[i]);
  g_clear_pointer (&self->talk.begun, relay_begun_free);
  g_clear_pointer (&self->talk.fact, cobro_fact_unref);
  g_clear_pointer (&self->talk.listing, relay_listing_free);
  g_free (self->talk.words);
  relay_account_free (self->account);
}

static void
check_fact (const CobroFact *fact)
{
  g_assert_cmpstr (fact->event_id, !=, "");
  g_assert_true (cobro_money_is_set (fact->amount));
  g_assert_true (*fact->provider_payment_id != '\0' || *fact->charge_id != '\0');
  if (fact->kind == COBRO_FACT_SUCCEEDED)
    {
      g_assert_true (g_str_has_prefix (fact->charge_id, "pay_"));
      g_assert_true (g_str_has_suffix (fact->event_id, "/captured"));
    }
  if (fact->kind == COBRO_FACT_REFUNDED)
    g_assert_true (g_str_has_prefix (fact->refund_id, "rfnd_"));
}

static void
check_ask (Play *self, const RelayAsk *ask)
{
  g_assert_true (g_str_has_prefix (ask->path, "/v1/"));
  g_assert_null (strstr (ask->path, ".."));
  g_assert_cmpint (ask->safe, ==, strcmp (ask->method, "GET") == 0);
  if (g_str_has_suffix (ask->path, "/capture") || g_str_has_suffix (ask->path, "/refund"))
    self->moved++;
  g_assert_cmpuint (self->moved, <=, 1);
}

static void
check_end (Play *self)
{
  RelayTalk *talk = &self->talk;

  if (talk->begun != NULL)
    check_fact (talk->begun->fact);
  if (talk->begun != NULL && talk->begun->next == RELAY_NEXT_REDIRECT)
    g_assert_true (g_str_has_prefix (talk->begun->redirect_url, "http"));
  if (talk->fact != NULL)
    check_fact (talk->fact);
  for (guint i = 0; talk->listing != NULL && i < talk->listing->facts->len; i++)
    check_fact (talk->listing->facts->pdata[i]);
}

static void
ask_clear (RelayAsk *ask)
{
  g_free (ask->path);
  g_clear_pointer (&ask->headers, g_ptr_array_unref);
  g_free (ask->body);
}

/* @line: NULL at first. */
static RelayTalkStep
hear (Play *self, const char *line)
{
  const char *space = line != NULL ? strchr (line, ' ') : NULL;
  g_autoptr (GBytes) body = g_bytes_new (space != NULL ? space + 1 : "", space != NULL ? strlen (space + 1) : 0);
  CobroNetAnswer answer = { .status = line != NULL ? (guint)g_ascii_strtoull (line, NULL, 10) % 1000 : 0,
                            .body = body };
  RelayAsk ask = { 0 };
  g_autoptr (GError) error = NULL;
  RelayTalkStep step = relay_razorpay_adapter ()->next (&self->talk, line != NULL ? &answer : NULL, &ask, &error);

  g_assert_true ((step == RELAY_TALK_FAILED) == (error != NULL));
  if (step == RELAY_TALK_ASK)
    check_ask (self, &ask);
  if (step == RELAY_TALK_DONE)
    check_end (self);
  ask_clear (&ask);
  return step;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = size > 1 ? g_strndup ((const char *)data + 1, size - 1) : g_strdup ("");
  g_auto (GStrv) lines = g_strsplit (text, "\n", STEPS_MAX);
  Play play = { 0 };
  RelayTalkStep step;

  if (size < 1)
    return 0;
  play_set_up (&play, data[0]);
  step = hear (&play, NULL);
  for (guint i = 0; lines[i] != NULL && step == RELAY_TALK_ASK; i++)
    {
      play.talk.step++;
      step = hear (&play, lines[i]);
    }
  play_tear_down (&play);
  return 0;
}
