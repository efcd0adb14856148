/* relay/providers/stripe/relay-stripe-talks.c — begin, query, cancel and test, request by request.
 * Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

/* notes[2]: the part of a conversation that is under way; NULL: its first. */
#define PART(talk) ((talk)->notes[2])
#define PART_FIND  "find"
#define PART_LOOK  "look"

static gboolean
is_part (const RelayTalk *talk, const char *part)
{
  return g_strcmp0 (PART (talk), part) == 0;
}

/* Any object of ours as a fact; what makes no sense leaves open what happened. */
static CobroFact *
fact_of (const RelayTalk *talk, CobroWireObject *object, GError **error)
{
  g_autofree char *id = relay_adapter_text (object, "id");
  GError *failure = NULL;
  CobroFact *fact = g_str_has_prefix (id, "cs_") ? relay_stripe_session_fact (talk->account, object, &failure)
                                                 : relay_stripe_intent_fact (talk->account, object, &failure);

  if (fact == NULL)
    (void)relay_stripe_nonsense (failure, error);
  return fact;
}

static RelayTalkStep
end_with_fact (RelayTalk *talk, CobroWireObject *object, GError **error)
{
  talk->fact = fact_of (talk, object, error);
  return talk->fact != NULL ? RELAY_TALK_DONE : RELAY_TALK_FAILED;
}

/* ── Begin ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Where the payer goes. Only a test account's stand-in may be without TLS. */
static gboolean
read_way (const RelayTalk *talk, CobroWireObject *object, RelayBegun *begun, GError **error)
{
  const RelayAccount *account = talk->account;
  CobroFactKind kind = begun->fact->kind;

  if (kind != COBRO_FACT_PENDING && kind != COBRO_FACT_ACTION_NEEDED) /* found again, and not open any more */
    return TRUE;
  if (relay_stripe_begins_intent (talk->intent))
    {
      begun->next = RELAY_NEXT_CLIENT_SECRET;
      begun->client_secret = relay_adapter_text (object, "client_secret");
      relay_stripe_set (&begun->publishable_key, relay_account_get (account, "publishable-key"));
      relay_stripe_set (&begun->account, relay_account_get (account, "connected-account"));
      return *begun->client_secret != '\0' ||
             cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered nonsense: an intent without its secret");
    }
  begun->next = RELAY_NEXT_REDIRECT;
  begun->redirect_url = relay_adapter_text (object, "url");
  return g_str_has_prefix (begun->redirect_url, "https://") ||
         (!account->livemode && g_str_has_prefix (begun->redirect_url, "http://")) ||
         cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered nonsense: a page without an address");
}

static gboolean
is_of_intent (const RelayTalk *talk, const CobroFact *fact, GError **error)
{
  const char *prefix = relay_stripe_begins_intent (talk->intent) ? "pi_" : "cs_";

  return (strcmp (fact->reference, talk->intent->reference) == 0 &&
          g_str_has_prefix (fact->provider_payment_id, prefix)) ||
         cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered nonsense: not what was asked for");
}

static RelayTalkStep
end_begin (RelayTalk *talk, CobroWireObject *object, GError **error)
{
  g_autoptr (RelayBegun) begun = g_new0 (RelayBegun, 1);

  begun->fact = fact_of (talk, object, error);
  if (begun->fact == NULL || !is_of_intent (talk, begun->fact, error) || !read_way (talk, object, begun, error))
    return RELAY_TALK_FAILED;
  talk->begun = g_steal_pointer (&begun);
  return RELAY_TALK_DONE;
}

/* The key was used before, with other words around the same payment (another language, another way back): what it made
 * then is this payment's. */
static RelayTalkStep
find_begun (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  gboolean intent = relay_stripe_begins_intent (talk->intent);
  RelayStripeSearch search = { .reference = talk->intent->reference,
                               .created_at = cobro_id_time (&talk->intent->payment_id),
                               .sessions = !intent,
                               .intents = intent };
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (GError) failure = NULL;
  RelayTalkStep step = relay_stripe_find_next (talk, &search, answer, ask, &object, &failure);

  if (step == RELAY_TALK_DONE)
    return end_begin (talk, object, error);
  if (step == RELAY_TALK_FAILED)
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe knows this key from another request: %s", failure->message);
  return step;
}

static gboolean
is_idempotency_error (const CobroNetAnswer *answer)
{
  g_autofree char *type = relay_stripe_error_type (answer);

  return strcmp (type, "idempotency_error") == 0;
}

static gboolean
ask_begin (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const RelayIntent *intent = talk->intent;

  if (intent->token != NULL)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER,
                            "stripe takes cards on its own page or in its own form, no tokens");
  if (intent->embedded && *relay_account_get (talk->account, "publishable-key") == '\0')
    return cobro_error_set (error, COBRO_ERROR_PROVIDER,
                            "this stripe account has no publishable key: its form cannot run");
  return relay_stripe_begins_intent (intent) ? relay_stripe_ask_intent (talk, ask, error)
                                             : relay_stripe_ask_session (talk, ask, error);
}

RelayTalkStep
relay_stripe_begin_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;

  if (answer == NULL)
    return ask_begin (talk, ask, error) ? RELAY_TALK_ASK : RELAY_TALK_FAILED;
  if (is_part (talk, PART_FIND))
    return find_begun (talk, answer, ask, error);
  if (is_idempotency_error (answer))
    {
      relay_stripe_set (&PART (talk), PART_FIND);
      talk->acted = TRUE;
      return find_begun (talk, NULL, ask, error);
    }
  if (answer->status == 503) /* and if it was made all the same: nobody can pay what nobody was told of */
    {
      cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "stripe is not available (503)");
      return RELAY_TALK_FAILED;
    }
  object = relay_stripe_parse (answer, FALSE, error);
  return object != NULL ? end_begin (talk, object, error) : RELAY_TALK_FAILED;
}

/* ── Query ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
find_target (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, CobroWireObject **out_object, GError **error)
{
  RelayStripeSearch search = {
    .reference = talk->target->reference, .created_at = talk->target->created_at, .sessions = TRUE, .intents = TRUE
  };

  return relay_stripe_find_next (talk, &search, answer, ask, out_object, error);
}

RelayTalkStep
relay_stripe_query_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  RelayTalkStep step;

  if (*talk->target->object_id == '\0')
    {
      step = find_target (talk, answer, ask, &object, error);
      return step == RELAY_TALK_DONE ? end_with_fact (talk, object, error) : step;
    }
  if (answer == NULL)
    {
      relay_stripe_ask_object (talk->account, ask, talk->target->object_id);
      return RELAY_TALK_ASK;
    }
  object = relay_stripe_parse (answer, TRUE, error);
  return object != NULL ? end_with_fact (talk, object, error) : RELAY_TALK_FAILED;
}

/* ── Cancel ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Paid, processing, or stopped before: Stripe refuses to stop it, and the truth is asked for. */
static gboolean
is_too_late (const CobroNetAnswer *answer)
{
  g_autofree char *type = relay_stripe_error_type (answer);

  return answer->status == 400 && strcmp (type, "invalid_request_error") == 0;
}

static RelayTalkStep
stop (RelayTalk *talk, const char *object_id, RelayAsk *ask)
{
  relay_stripe_ask_stop (talk, ask, object_id);
  relay_stripe_set (&PART (talk), "stop");
  return RELAY_TALK_ASK;
}

/* Its id is not known: it is looked for, and stopped unless that is pointless. */
static RelayTalkStep
find_and_stop (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (CobroFact) fact = NULL;
  RelayTalkStep step = find_target (talk, answer, ask, &object, error);

  if (step != RELAY_TALK_DONE)
    return step;
  if ((fact = fact_of (talk, object, error)) == NULL)
    return RELAY_TALK_FAILED;
  if (fact->kind == COBRO_FACT_SUCCEEDED || fact->kind == COBRO_FACT_CANCELLED || *fact->provider_payment_id == '\0')
    {
      talk->fact = g_steal_pointer (&fact);
      return RELAY_TALK_DONE;
    }
  relay_stripe_set (&talk->notes[3], fact->provider_payment_id);
  return stop (talk, talk->notes[3], ask);
}

RelayTalkStep
relay_stripe_cancel_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const char *id = talk->notes[3] != NULL ? talk->notes[3] : talk->target->object_id;
  gboolean look = is_part (talk, PART_LOOK);
  g_autoptr (CobroWireObject) object = NULL;

  if (*id == '\0')
    return find_and_stop (talk, answer, ask, error);
  if (answer == NULL)
    return stop (talk, id, ask);
  if (!look && is_too_late (answer))
    {
      relay_stripe_set (&PART (talk), PART_LOOK);
      relay_stripe_ask_object (talk->account, ask, id);
      return RELAY_TALK_ASK;
    }
  object = relay_stripe_parse (answer, look, error);
  return object != NULL ? end_with_fact (talk, object, error) : RELAY_TALK_FAILED;
}

/* ── Test ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the merchant calls the account, else its id. */
static char *
account_name (CobroWireObject *account)
{
  g_autoptr (CobroWireObject) profile = relay_adapter_object (account, "business_profile");
  g_autofree char *name = profile != NULL ? relay_adapter_text (profile, "name") : g_strdup ("");
  g_autofree char *id = relay_adapter_text (account, "id");

  return *name != '\0' ? g_strdup_printf ("“%s” (%s)", name, id) : g_steal_pointer (&id);
}

static RelayTalkStep
hear_account (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const char *connected = relay_account_get (talk->account, "connected-account");
  g_autoptr (CobroWireObject) account = relay_stripe_parse (answer, TRUE, error);
  g_autofree char *id = NULL, *name = NULL;

  if (account == NULL)
    return RELAY_TALK_FAILED;
  id = relay_adapter_text (account, "id");
  if (*connected != '\0' && strcmp (id, connected) != 0)
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "stripe answers for account %.40s, not for the connected account",
                       id);
      return RELAY_TALK_FAILED;
    }
  name = account_name (account);
  g_free (talk->notes[0]);
  talk->notes[0] = g_strdup_printf (
    "%s account %s, %s", talk->account->livemode ? "live" : "test", name,
    relay_adapter_bool (account, "charges_enabled")
      ? "charges enabled"
      : "charges not enabled yet: Stripe wants more details of the business first (see its dashboard)");
  relay_stripe_get (talk->account, ask, g_strdup ("/v1/balance"));
  return RELAY_TALK_ASK;
}

/* The balance says which world the key is of. */
static RelayTalkStep
hear_balance (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) balance = relay_stripe_parse (answer, TRUE, error);

  if (balance == NULL)
    return RELAY_TALK_FAILED;
  if (relay_adapter_bool (balance, "livemode") != talk->account->livemode)
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "this is a %s key, and the account here is a %s account",
                       talk->account->livemode ? "test" : "live", talk->account->livemode ? "live" : "test");
      return RELAY_TALK_FAILED;
    }
  talk->words = g_steal_pointer (&talk->notes[0]);
  return RELAY_TALK_DONE;
}

RelayTalkStep
relay_stripe_test_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  if (answer == NULL)
    {
      relay_stripe_get (talk->account, ask, g_strdup ("/v1/account"));
      return RELAY_TALK_ASK;
    }
  return talk->notes[0] == NULL ? hear_account (talk, answer, ask, error) : hear_balance (talk, answer, error);
}
