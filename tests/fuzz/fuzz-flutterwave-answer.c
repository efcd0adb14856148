/* tests/fuzz/fuzz-flutterwave-answer.c — Flutterwave's answers: the first byte chooses the call, then lines of "status
 * body" are heard one after the other. Nobody is told of money that did not come from an answer about this very
 * payment, and money is sent back only after a list that could be read. Layer: tests. */
#include <string.h>

#include "cobro-error.h"
#include "fuzz-replay.h"
#include "relay-flutterwave.h"

#define REFERENCE "pay_01hzy3x8c2v4m6n7p9q0r1s2t3.0123456789abcdef0123456789"
#define NOW       (G_GINT64_CONSTANT (1795257000) * COBRO_SECOND)
#define STEPS_MAX 64

typedef struct
{
  RelayAccount *account;
  RelayIntent intent;
  RelayTarget target;
  RelayTalk talk;
} Play;

static void
play_set_up (Play *self, guint choice)
{
  CobroCurrency naira;

  if (!cobro_currency_from_code ("NGN", &naira, NULL))
    g_assert_not_reached ();
  self->account = relay_account_new ();
  g_free (self->account->provider);
  self->account->provider = g_strdup (RELAY_FLUTTERWAVE_NAME);
  g_hash_table_insert (self->account->settings, g_strdup ("secret-key"), g_strdup ("FLWSECK_TEST-0-X"));
  self->intent = (RelayIntent){ .reference = REFERENCE,
                                .amount = cobro_money (8250, naira),
                                .description = "",
                                .return_url = "https://pay.example/",
                                .webhook_url = "",
                                .payer_email = "ada@example.com",
                                .token = choice & 8 ? "flw-t1nf" : NULL };
  self->target = (RelayTarget){ .object_id = choice & 16 ? REFERENCE : "",
                                .charge_id = choice & 32 ? "7" : "",
                                .reference = REFERENCE,
                                .amount = self->intent.amount,
                                .created_at = NOW - COBRO_HOUR,
                                .next_url = choice & 8 ? "https://x.example/hosted/pay/1" : "",
                                .tried = (choice & 64) != 0 };
  self->talk = (RelayTalk){ .kind = (RelayTalkKind)(choice % (RELAY_TALK_TEST + 1)),
                            .account = self->account,
                            .intent = &self->intent,
                            .target = &self->target,
                            .amount = cobro_money (2000, naira),
                            .key = "KEY",
                            .refund_id = choice & 8 ? "9" : "",
                            .cursor = choice & 8 ? "r1" : NULL,
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
check_fact (const CobroFact *fact, gboolean ours)
{
  g_assert_cmpstr (fact->event_id, !=, "");
  g_assert_true (cobro_money_is_set (fact->amount));
  if (ours)
    g_assert_cmpstr (fact->reference, ==, REFERENCE);
  if (fact->kind == COBRO_FACT_SUCCEEDED)
    g_assert_cmpstr (fact->charge_id, !=, "");
}

static void
check_done (const RelayTalk *talk)
{
  if (talk->begun != NULL)
    {
      check_fact (talk->begun->fact, TRUE);
      g_assert_true ((talk->begun->next == RELAY_NEXT_REDIRECT) == (talk->begun->redirect_url != NULL));
    }
  if (talk->fact != NULL)
    check_fact (talk->fact, TRUE);
  for (guint i = 0; talk->listing != NULL && i < talk->listing->facts->len; i++)
    check_fact (talk->listing->facts->pdata[i], FALSE);
  g_assert_true (talk->begun != NULL || talk->fact != NULL || talk->listing != NULL || talk->words != NULL);
}

/* One step. FALSE: it is over. */
static gboolean
step (Play *self, const CobroNetAnswer *answer)
{
  RelayAsk ask = { 0 };
  GError *error = NULL;
  RelayTalkStep next = relay_flutterwave_class ()->next (&self->talk, answer, &ask, &error);

  g_assert_true ((next == RELAY_TALK_FAILED) == (error != NULL));
  if (next == RELAY_TALK_ASK)
    g_assert_true (ask.path != NULL && g_str_has_prefix (ask.path, "/v3/"));
  if (next == RELAY_TALK_ASK && strcmp (ask.method, "POST") == 0)
    g_assert_false (ask.safe);
  if (next == RELAY_TALK_DONE)
    check_done (&self->talk);
  g_clear_error (&error);
  g_free (ask.path);
  g_free (ask.body);
  g_clear_pointer (&ask.headers, g_ptr_array_unref);
  return next == RELAY_TALK_ASK;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *)data + 1, size - 1) : NULL;
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", STEPS_MAX) : NULL;
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  Play play = { 0 };
  gboolean goes_on;

  if (lines == NULL)
    return 0;
  play_set_up (&play, data[0]);
  goes_on = step (&play, NULL);
  for (guint i = 0; goes_on && lines[i] != NULL; i++)
    {
      char *body = NULL;
      guint status = (guint)g_ascii_strtoull (lines[i], &body, 10);
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
      CobroNetAnswer answer = { .status = status % 600, .headers = headers, .body = bytes };

      goes_on = step (&play, &answer);
    }
  play_tear_down (&play);
  return 0;
}
