/* tests/fuzz/fuzz-stripe-answer.c — what Stripe answers, in lines: the kind of conversation (a digit), and one answer a
 * line
 * ("200 {…}"). Whatever comes, a conversation ends or asks on; a payment is never paid without an amount, a refund
 * never another's, and a refusal says why. Layer: tests. */
#include <stdlib.h>
#include <string.h>

#include "cobro-error.h"
#include "fuzz-replay.h"
#include "relay-stripe.h"

#define REFERENCE "pay_01m7zczpdvtprk5hfzepxn3vfe.52583222d80c2f6773cc9f6917"
#define STEPS_MAX 12

static void
talk_clear (RelayTalk *talk)
{
  for (gsize i = 0; i < G_N_ELEMENTS (talk->notes); i++)
    g_free (talk->notes[i]);
  g_clear_pointer (&talk->begun, relay_begun_free);
  g_clear_pointer (&talk->fact, cobro_fact_unref);
  g_clear_pointer (&talk->listing, relay_listing_free);
  g_free (talk->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayTalk, talk_clear)

static void
ask_clear (RelayAsk *ask)
{
  g_free (ask->path);
  g_free (ask->body);
  g_clear_pointer (&ask->headers, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayAsk, ask_clear)

static CobroNetAnswer *
make_answer (const char *line)
{
  CobroNetAnswer *answer = g_new0 (CobroNetAnswer, 1);
  const char *space = strchr (line, ' ');

  answer->status = (guint)strtoul (line, NULL, 10) % 600;
  answer->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  answer->body = g_bytes_new (space != NULL ? space + 1 : "", space != NULL ? strlen (space + 1) : 0);
  return answer;
}

static void
check_fact (const CobroFact *fact)
{
  g_assert_cmpstr (fact->event_id, !=, "");
  g_assert_true (fact->kind != COBRO_FACT_SUCCEEDED || cobro_money_is_positive (fact->amount));
}

static void
check_end (const RelayTalk *talk)
{
  if (talk->begun != NULL)
    {
      check_fact (talk->begun->fact);
      g_assert_cmpstr (talk->begun->fact->reference, ==, REFERENCE);
      g_assert_true (talk->begun->next != RELAY_NEXT_REDIRECT || g_str_has_prefix (talk->begun->redirect_url, "http"));
    }
  if (talk->fact != NULL)
    check_fact (talk->fact);
  if (talk->fact != NULL && talk->kind == RELAY_TALK_REFUND)
    g_assert_true (cobro_money_equal (talk->fact->amount, talk->amount));
  for (guint i = 0; talk->listing != NULL && i < talk->listing->facts->len; i++)
    check_fact (talk->listing->facts->pdata[i]);
  g_assert_true (talk->begun != NULL || talk->fact != NULL || talk->listing != NULL || talk->words != NULL);
}

/* One conversation, with the answers of @lines from the second on; more than there are is silence. */
static void
converse (RelayTalk *talk, char **lines)
{
  guint n = g_strv_length (lines);
  g_autoptr (CobroNetAnswer) answer = NULL;

  for (guint i = 1; i <= STEPS_MAX; i++)
    {
      g_auto (RelayAsk) ask = { 0 };
      g_autoptr (GError) error = NULL;
      RelayTalkStep step = relay_stripe_adapter ()->next (talk, answer, &ask, &error);

      if (step == RELAY_TALK_DONE)
        check_end (talk);
      g_assert_true ((step == RELAY_TALK_FAILED) == (error != NULL));
      g_assert_true ((step == RELAY_TALK_ASK) == (ask.path != NULL));
      if (step != RELAY_TALK_ASK || i >= n)
        return;
      g_assert_true (g_str_has_prefix (ask.path, "/v1/"));
      g_clear_pointer (&answer, cobro_net_answer_free);
      answer = make_answer (lines[i]);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", STEPS_MAX);
  guint choice = lines[0] != NULL ? (guint)strtoul (lines[0], NULL, 10) : 0;
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_auto (RelayTalk)
    talk = { .kind = choice % (RELAY_TALK_TEST + 1), .account = account, .key = "key", .refund_id = "" };
  RelayIntent intent = { .reference = REFERENCE, .idempotency_key = "key", .return_url = "https://pay.example/" };
  RelayTarget target = { .object_id = "", .charge_id = "", .reference = REFERENCE };
  CobroCurrency euro;

  if (!cobro_currency_from_code ("EUR", &euro, NULL) ||
      !cobro_id_parse (COBRO_ID_PAYMENT, "pay_01m7zczpdvtprk5hfzepxn3vfe", &intent.payment_id, NULL))
    g_assert_not_reached ();
  intent.amount = talk.amount = cobro_money (4200, euro);
  intent.embedded = (choice & 16) != 0;
  target.object_id = (choice & 16) != 0 ? "pi_1" : (choice & 32) != 0 ? "cs_test_1" : "";
  talk.refund_id = (choice & 64) != 0 ? "re_1" : "";
  talk.intent = &intent;
  talk.target = &target;
  converse (&talk, lines);
  return 0;
}
