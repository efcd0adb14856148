/* relay/providers/stripe/relay-stripe-back.c — money that goes back: refunds and disputes, as facts and as
 * conversations. Stripe refunds an intent; where only the session is known the intent is asked for first.
 * Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

/* notes[0]: the intent that holds the money; notes[1]: the id after which the next page starts; notes[2]: what was
 * asked last. */
#define INTENT(talk) ((talk)->notes[0])
#define AFTER(talk)  ((talk)->notes[1])
#define PART(talk)   ((talk)->notes[2])

/* ── Facts ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *status;
  CobroFactKind kind;
} StatusKind;

static const StatusKind refund_kinds[] = {
  { "succeeded", COBRO_FACT_REFUNDED },
  { "failed", COBRO_FACT_REFUND_FAILED },
  { "canceled", COBRO_FACT_REFUND_FAILED },
  { "pending", COBRO_FACT_REFUND_PENDING },
  { "requires_action", COBRO_FACT_REFUND_PENDING },
};

/* "prevented" and the older "charge_refunded" took nothing; an appeal is open again. */
static const StatusKind dispute_kinds[] = {
  { "warning_needs_response", COBRO_FACT_DISPUTE_OPENED },
  { "warning_under_review", COBRO_FACT_DISPUTE_OPENED },
  { "needs_response", COBRO_FACT_DISPUTE_OPENED },
  { "under_review", COBRO_FACT_DISPUTE_OPENED },
  { "appeal_needs_response", COBRO_FACT_DISPUTE_OPENED },
  { "appeal_under_review", COBRO_FACT_DISPUTE_OPENED },
  { "warning_closed", COBRO_FACT_DISPUTE_WON },
  { "won", COBRO_FACT_DISPUTE_WON },
  { "prevented", COBRO_FACT_DISPUTE_WON },
  { "charge_refunded", COBRO_FACT_DISPUTE_WON },
  { "lost", COBRO_FACT_DISPUTE_LOST },
};

static gboolean
kind_of (const StatusKind *kinds, guint n, const char *status, CobroFactKind *out_kind, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (kinds[i].status, status) == 0)
      {
        *out_kind = kinds[i].kind;
        return TRUE;
      }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "\"%.40s\" is not known here", status);
}

/* The intent of a payment as far as the books know it; "" otherwise. */
static const char *
intent_of_target (const RelayTarget *target)
{
  if (g_str_has_prefix (target->charge_id, "pi_"))
    return target->charge_id;
  return g_str_has_prefix (target->object_id, "pi_") ? target->object_id : "";
}

/* What refunds and disputes have in common. @object: a refund or a dispute. */
static CobroFact *
back_fact (const RelayAccount *account, const RelayTarget *target, CobroWireObject *object, const StatusKind *kinds,
           guint n_kinds, GError **error)
{
  CobroFactKind kind = COBRO_FACT_NO_ANSWER;
  g_autofree char *id = relay_adapter_text (object, "id");
  g_autofree char *status = relay_adapter_text (object, "status");
  g_autofree char *intent = relay_stripe_id_of (object, "payment_intent");
  g_autofree char *currency = relay_adapter_text (object, "currency");
  g_autoptr (CobroFact) fact = NULL;
  gint64 units;

  if (!kind_of (kinds, n_kinds, status, &kind, error))
    return NULL;
  if (*id == '\0' || !g_str_has_prefix (intent, "pi_"))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "payment_intent", "is missing");
      return NULL;
    }
  if (target != NULL && *intent_of_target (target) != '\0' && strcmp (intent_of_target (target), intent) != 0)
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "payment_intent", "is another payment");
      return NULL;
    }
  fact = relay_adapter_fact (account, kind, id, status);
  relay_stripe_set (&fact->provider_payment_id, target != NULL ? target->object_id : "");
  relay_stripe_set (&fact->charge_id, intent);
  if (!relay_adapter_int64 (object, "amount", &units))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not a whole number");
      return NULL;
    }
  fact->occurred_at = relay_adapter_time (object, "created");
  return relay_currencies_from_provider (&relay_stripe_currencies, currency, units, &fact->amount, error)
           ? g_steal_pointer (&fact)
           : NULL;
}

/* Stripe's reason for the merchant to read. */
static const char *
refund_words (const char *reason)
{
  static const struct
  {
    const char *reason, *words;
  } known[] = {
    { "lost_or_stolen_card", "The card was lost or stolen: the payer's bank sent the money back." },
    { "expired_or_canceled_card", "The card has expired or was cancelled: the payer's bank sent the money back." },
    { "charge_for_pending_refund_disputed", "The payer has disputed the charge meanwhile." },
    { "insufficient_funds", "The balance at Stripe is too low." },
    { "declined", "The payer's bank declined it." },
    { "merchant_request", "It was cancelled at the merchant's request." },
    { "canceled", "It was cancelled." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].reason, reason) == 0)
      return known[i].words;
  return "Stripe could not carry it out, and does not say why.";
}

CobroFact *
relay_stripe_refund_fact (const RelayAccount *account, const RelayTarget *target, CobroWireObject *refund,
                          GError **error)
{
  g_autofree char *status = relay_adapter_text (refund, "status");
  g_autofree char *id = relay_adapter_text (refund, "id");
  g_autofree char *reason = relay_adapter_text (refund, "failure_reason");
  g_autofree char *reference = relay_stripe_reference (refund);
  CobroFact *fact = back_fact (account, target, refund, refund_kinds, G_N_ELEMENTS (refund_kinds), error);

  if (fact == NULL)
    return NULL;
  relay_stripe_set (&fact->refund_id, id);
  relay_stripe_set (&fact->reference, reference);
  if (fact->kind == COBRO_FACT_REFUND_FAILED)
    {
      relay_stripe_set (&fact->failure_code, *reason != '\0' ? reason : status);
      relay_stripe_set (&fact->failure_message, refund_words (fact->failure_code));
    }
  return fact;
}

CobroFact *
relay_stripe_dispute_fact (const RelayAccount *account, const RelayTarget *target, CobroWireObject *dispute,
                           GError **error)
{
  g_autofree char *reason = relay_adapter_text (dispute, "reason");
  g_autoptr (CobroWireObject) evidence = NULL;
  CobroFact *fact = back_fact (account, target, dispute, dispute_kinds, G_N_ELEMENTS (dispute_kinds), error);

  if (fact == NULL)
    return NULL;
  relay_stripe_set (&fact->failure_code, reason);
  /* Without a date, or with something else in its place, the dispute is no less open. */
  if (fact->kind == COBRO_FACT_DISPUTE_OPENED && cobro_wire_get_object (dispute, "evidence_details", &evidence, NULL) &&
      evidence != NULL)
    fact->due_at = relay_adapter_time (evidence, "due_by");
  return fact;
}

/* ── Which intent ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Finds out the intent: DONE: INTENT() is set. */
static RelayTalkStep
need_intent (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const RelayTarget *target = talk->target;
  g_autoptr (CobroWireObject) session = NULL;
  g_autofree char *intent = NULL;

  if (answer == NULL && *intent_of_target (target) != '\0')
    {
      INTENT (talk) = g_strdup (intent_of_target (target));
      return RELAY_TALK_DONE;
    }
  if (answer == NULL && *target->object_id != '\0')
    {
      relay_stripe_ask_object (talk->account, ask, target->object_id);
      return RELAY_TALK_ASK;
    }
  session = answer != NULL ? relay_stripe_parse (answer, TRUE, error) : NULL;
  if (answer != NULL && session == NULL)
    return RELAY_TALK_FAILED;
  intent = session != NULL ? relay_stripe_id_of (session, "payment_intent") : g_strdup ("");
  if (!g_str_has_prefix (intent, "pi_"))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "stripe holds no money of this payment");
      return RELAY_TALK_FAILED;
    }
  INTENT (talk) = g_steal_pointer (&intent);
  return RELAY_TALK_DONE;
}

/* ── Refund ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
end_with_refund (RelayTalk *talk, CobroWireObject *refund, GError **error)
{
  GError *failure = NULL;

  talk->fact = relay_stripe_refund_fact (talk->account, talk->target, refund, &failure);
  if (talk->fact != NULL)
    return RELAY_TALK_DONE;
  (void)relay_stripe_nonsense (failure, error);
  return RELAY_TALK_FAILED;
}

/* A payment that is not there cannot be refunded: that is a refusal, and nothing happened. */
static RelayTalkStep
refuse_refund (GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    cobro_error_set (error, COBRO_ERROR_PROVIDER, "%s", failure->message);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return RELAY_TALK_FAILED;
}

/* The refund must be what was asked for: the amount, too. */
static gboolean
is_asked_refund (const RelayTalk *talk, GError **error)
{
  return cobro_money_equal (talk->fact->amount, talk->amount) ||
         cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered nonsense: another amount was refunded");
}

static RelayTalkStep
hear_refund (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  GError *failure = NULL;
  g_autoptr (CobroWireObject) refund = relay_stripe_parse (answer, FALSE, &failure);

  if (refund == NULL)
    return refuse_refund (failure, error);
  if (end_with_refund (talk, refund, error) != RELAY_TALK_DONE)
    return RELAY_TALK_FAILED;
  return is_asked_refund (talk, error) ? RELAY_TALK_DONE : RELAY_TALK_FAILED;
}

RelayTalkStep
relay_stripe_refund_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  GError *failure = NULL;
  RelayTalkStep step;

  if (INTENT (talk) != NULL)
    return hear_refund (talk, answer, error);
  step = need_intent (talk, answer, ask, &failure);
  if (step == RELAY_TALK_FAILED)
    return refuse_refund (failure, error);
  if (step == RELAY_TALK_ASK)
    return step;
  return relay_stripe_ask_refund (talk, ask, INTENT (talk), error) ? RELAY_TALK_ASK : RELAY_TALK_FAILED;
}

/* ── How a refund stands ────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
ask_about_refund (RelayTalk *talk, RelayAsk *ask)
{
  g_autofree char *id = relay_adapter_escape (talk->refund_id);

  relay_stripe_get (talk->account, ask, g_strdup_printf ("/v1/refunds/%s", id));
  return RELAY_TALK_ASK;
}

static RelayTalkStep
ask_back_page (RelayTalk *talk, const char *path, RelayAsk *ask)
{
  g_autofree char *intent = relay_adapter_escape (INTENT (talk));
  g_autofree char *after = AFTER (talk) != NULL ? relay_adapter_escape (AFTER (talk)) : NULL;

  relay_stripe_set (&PART (talk), "page");
  relay_stripe_get (talk->account, ask,
                    g_strdup_printf ("%s?payment_intent=%s&limit=%d%s%s", path, intent, PAGE_LENGTH,
                                     after != NULL ? "&starting_after=" : "", after != NULL ? after : ""));
  return RELAY_TALK_ASK;
}

static char *
refund_key (CobroWireObject *refund)
{
  g_autoptr (CobroWireObject) metadata = relay_adapter_object (refund, "metadata");

  return metadata != NULL ? relay_adapter_text (metadata, META_REFUND) : g_strdup ("");
}

static RelayTalkStep
hear_refunds (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) refunds = relay_stripe_read_page (answer, &next, error);

  if (refunds == NULL)
    return RELAY_TALK_FAILED;
  for (guint i = 0; i < refunds->len; i++)
    {
      g_autofree char *key = refund_key (refunds->pdata[i]);

      if (strcmp (key, talk->key) == 0)
        return end_with_refund (talk, refunds->pdata[i], error);
    }
  if (next == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "stripe has never seen this refund");
      return RELAY_TALK_FAILED;
    }
  relay_stripe_set (&AFTER (talk), next);
  return ask_back_page (talk, "/v1/refunds", ask);
}

static RelayTalkStep
hear_one_refund (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) refund = relay_stripe_parse (answer, TRUE, error);

  return refund != NULL ? end_with_refund (talk, refund, error) : RELAY_TALK_FAILED;
}

RelayTalkStep
relay_stripe_query_refund_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step;

  if (*talk->refund_id != '\0')
    return answer == NULL ? ask_about_refund (talk, ask) : hear_one_refund (talk, answer, error);
  if (PART (talk) != NULL)
    return hear_refunds (talk, answer, ask, error);
  step = need_intent (talk, answer, ask, error);
  return step == RELAY_TALK_DONE ? ask_back_page (talk, "/v1/refunds", ask) : step;
}

/* ── How a dispute stands ───────────────────────────────────────────────────────────────────────────────────────── */

/* The newest counts; a lost one among them counts before all others, since it took money. */
static RelayTalkStep
hear_disputes (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) disputes = relay_stripe_read_page (answer, &next, error);
  g_autoptr (CobroFact) chosen = NULL;
  GError *failure = NULL;

  if (disputes == NULL)
    return RELAY_TALK_FAILED;
  for (guint i = 0; i < disputes->len; i++)
    {
      g_autoptr (CobroFact) fact =
        relay_stripe_dispute_fact (talk->account, talk->target, disputes->pdata[i], &failure);

      if (fact == NULL)
        {
          (void)relay_stripe_nonsense (failure, error);
          return RELAY_TALK_FAILED;
        }
      if (chosen == NULL || (chosen->kind != COBRO_FACT_DISPUTE_LOST && fact->kind == COBRO_FACT_DISPUTE_LOST))
        {
          g_clear_pointer (&chosen, cobro_fact_unref);
          chosen = g_steal_pointer (&fact);
        }
    }
  if (chosen == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "stripe knows no dispute about this payment");
      return RELAY_TALK_FAILED;
    }
  talk->fact = g_steal_pointer (&chosen);
  return RELAY_TALK_DONE;
}

RelayTalkStep
relay_stripe_query_dispute_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step;

  if (PART (talk) != NULL)
    return hear_disputes (talk, answer, error);
  step = need_intent (talk, answer, ask, error);
  return step == RELAY_TALK_DONE ? ask_back_page (talk, "/v1/disputes", ask) : step;
}
