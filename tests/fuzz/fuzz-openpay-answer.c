/* tests/fuzz/fuzz-openpay-answer.c — answers of Openpay: "KIND STATUS STATUS …" in the first line, then one body for
 * each, split by lines with "%". Whatever they are: a talk ends, with a result or an error; what is asked stays inside
 * the account's charges; nothing is sent before it was looked for; and nothing is paid that no answer calls paid.
 * Layer: tests. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-fact.h"
#include "fuzz-replay.h"
#include "relay-openpay.h"

#define REFERENCE "pay_01m7zc381j7x9jhjpqh2hmy0e8.ed92a02c3eaa5b420d6049dc02"
#define NOW       G_GINT64_CONSTANT (1796119200000000)
#define STEPS_MAX 8

static void
clear_ask (RelayAsk *ask)
{
  g_free (ask->path);
  g_free (ask->body);
  g_clear_pointer (&ask->headers, g_ptr_array_unref);
  *ask = (RelayAsk){ 0 };
}

static void
check_ask (const RelayAsk *ask, guint step)
{
  g_assert_true (g_str_has_prefix (ask->path, "/v1/merchant/charges"));
  for (const char *p = ask->path; *p != '\0'; p++)
    g_assert_true (g_ascii_isgraph (*p) && *p != '#');
  g_assert_null (strstr (ask->path, ".."));
  g_assert_true (ask->safe == (strcmp (ask->method, "GET") == 0));
  g_assert_true (ask->safe == (ask->body == NULL));
  g_assert_true (ask->safe || step > 0);
}

static void
check_fact (const CobroFact *fact, const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  g_assert_nonnull (fact);
  g_assert_cmpstr (fact->reference, ==, REFERENCE);
  g_assert_cmpstr (fact->event_id, !=, "");
  if (fact->kind == COBRO_FACT_SUCCEEDED || fact->kind == COBRO_FACT_REFUNDED)
    g_assert_true (strstr (lower, "completed") != NULL || strstr (lower, "refunded") != NULL ||
                   strstr (lower, "chargeback_") != NULL || strstr (lower, "\\u00") != NULL);
}

static void
check_done (const RelayTalk *talk, const char *text)
{
  switch (talk->kind)
    {
    case RELAY_TALK_BEGIN:
      check_fact (talk->begun->fact, text);
      g_assert_true (talk->begun->next != RELAY_NEXT_REDIRECT || g_str_has_prefix (talk->begun->redirect_url, "http"));
      g_assert_true (talk->begun->next != RELAY_NEXT_INSTRUCTIONS || talk->begun->details != NULL);
      break;
    case RELAY_TALK_LIST:
      for (guint i = 0; i < talk->listing->facts->len; i++)
        g_assert_true (g_str_has_prefix (((CobroFact *)talk->listing->facts->pdata[i])->reference, "pay_"));
      break;
    case RELAY_TALK_TEST:
      g_assert_nonnull (talk->words);
      break;
    case RELAY_TALK_QUERY:
    case RELAY_TALK_CANCEL:
    case RELAY_TALK_REFUND:
    case RELAY_TALK_QUERY_REFUND:
    case RELAY_TALK_QUERY_DISPUTE:
      check_fact (talk->fact, text);
      break;
    }
}

static void
clear_talk (RelayTalk *talk)
{
  for (gsize i = 0; i < G_N_ELEMENTS (talk->notes); i++)
    g_free (talk->notes[i]);
  relay_begun_free (talk->begun);
  g_clear_pointer (&talk->fact, cobro_fact_unref);
  relay_listing_free (talk->listing);
  g_free (talk->words);
}

static CobroNetAnswer
make_answer (char *const *statuses, char *const *bodies, guint i, GHashTable *headers)
{
  const char *body = i < g_strv_length ((char **)bodies) ? bodies[i] : "";
  guint64 status = i + 1 < g_strv_length ((char **)statuses) ? g_ascii_strtoull (statuses[i + 1], NULL, 10) : 200;

  return (CobroNetAnswer){ .status = (guint)CLAMP (status, 100, 599),
                           .headers = headers,
                           .body = g_bytes_new (body, strlen (body)) };
}

static void
hold (RelayTalk *talk, char *const *statuses, char *const *bodies, const char *text)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  RelayAsk ask = { 0 };
  g_autoptr (GError) error = NULL;
  RelayTalkStep step = relay_openpay_adapter ()->next (talk, NULL, &ask, &error);

  for (talk->step = 1; step == RELAY_TALK_ASK; talk->step++)
    {
      CobroNetAnswer answer = make_answer (statuses, bodies, talk->step - 1, headers);

      g_assert_cmpuint (talk->step, <=, STEPS_MAX);
      check_ask (&ask, talk->step - 1);
      clear_ask (&ask);
      step = relay_openpay_adapter ()->next (talk, &answer, &ask, &error);
      g_bytes_unref (answer.body);
    }
  clear_ask (&ask);
  if (step == RELAY_TALK_DONE)
    check_done (talk, text);
  else
    g_assert_true (error != NULL && error->domain == COBRO_ERROR);
}

static RelayAccount *
make_account (void)
{
  RelayAccount *account = relay_account_new ();

  g_hash_table_insert (account->settings, g_strdup ("merchant-id"), g_strdup ("merchant"));
  g_hash_table_insert (account->settings, g_strdup ("private-key"), g_strdup ("sk_1"));
  return account;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) parts = g_strsplit (text, "\n", 2);
  g_auto (GStrv) words = g_strsplit (parts[0] != NULL ? parts[0] : "", " ", -1);
  g_auto (GStrv) bodies = g_strsplit (parts[0] != NULL && parts[1] != NULL ? parts[1] : "", "%", -1);
  g_autoptr (RelayAccount) account = make_account ();
  guint64 kind = words[0] != NULL ? g_ascii_strtoull (words[0], NULL, 10) : 0;
  CobroCurrency pesos;
  RelayIntent intent = { .reference = REFERENCE,
                         .description = "Beans",
                         .return_url = "https://pay.example/b",
                         .method = COBRO_METHOD_CARD,
                         .payer_name = "",
                         .payer_email = "a@b",
                         .payer_phone = "",
                         .token = kind >= 8 ? "k" : NULL,
                         .device = "d" };
  RelayTarget target = {
    .object_id = REFERENCE, .charge_id = kind >= 8 ? "tr1" : "", .reference = REFERENCE, .tried = kind >= 8
  };
  RelayTalk talk = { .kind = (RelayTalkKind)(kind % 8),
                     .account = account,
                     .intent = &intent,
                     .target = &target,
                     .key = "key234567",
                     .refund_id = "",
                     .since = NOW,
                     .now = NOW };

  if (!cobro_currency_from_code ("MXN", &pesos, NULL))
    return 0;
  intent.amount = target.amount = talk.amount = cobro_money (12500, pesos);
  hold (&talk, words, bodies, text);
  clear_talk (&talk);
  return 0;
}
