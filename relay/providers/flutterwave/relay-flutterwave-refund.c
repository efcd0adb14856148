/* relay/providers/flutterwave/relay-flutterwave-refund.c — refunds without idempotency keys: our key travels in
 * "comments", and what was given back of the transaction is looked at before anything is sent. What cannot be told
 * apart is not sent a second time. Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

#define STAGE_PAGES  "refunds, page "
#define STAGE_SEND   "refund"
#define STAGE_ONE    "one refund"
#define STAGE_ORIGIN "disputed transaction"
#define STAGE_CLAIM  "chargebacks"

#define KEY_LIFE  (2 * COBRO_DAY) /* a refund is not sent again after a day: one of ours cannot be older */
#define PAGES_MAX 40              /* of the account's refunds in that time, or, asked later, since the payment */
#define UNCLEAR   "Flutterwave shows a refund of this amount without saying whose it is: look at its dashboard"
#define TOO_MANY  "Flutterwave has too many refunds to look through: look at its dashboard"

static const char *
charge_of (const RelayTalk *talk)
{
  return *talk->target->charge_id != '\0' ? talk->target->charge_id
                                          : relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_REST);
}

static RelayTalkStep
nonsense (GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Flutterwave answered nonsense: %s", failure->message);
  return RELAY_TALK_FAILED;
}

static RelayTalkStep
done (RelayTalk *talk, const RelayFlutterwaveBack *back, GError **error)
{
  GError *failure = NULL;

  talk->fact = relay_flutterwave_back_fact (talk->account, back, relay_flutterwave_tx_ref (talk->target),
                                            cobro_money_code (talk->target->amount), &failure);
  if (talk->fact == NULL)
    return nonsense (failure, error);
  cobro_link_set_text (&talk->fact->provider_payment_id, talk->target->object_id);
  return RELAY_TALK_DONE;
}

/* ── Which transaction ──────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
ask_refunds (RelayTalk *talk, gint64 page, RelayAsk *ask)
{
  g_autofree char *stage = g_strdup_printf (STAGE_PAGES "%" G_GINT64_FORMAT, page);
  CobroTime since = talk->target->created_at;

  if (talk->kind == RELAY_TALK_REFUND)
    since = MAX (since, talk->now - KEY_LIFE);
  return relay_flutterwave_get (talk, ask, stage, relay_flutterwave_pages (talk, "/v3/refunds", since, page), TRUE);
}

/* The books may not know the transaction's number (yet): money came by tx_ref. */
static RelayTalkStep
find_charge (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, gboolean *out_found, GError **error)
{
  g_autoptr (CobroFact) fact = NULL;
  RelayTalkStep step = relay_flutterwave_look (talk, relay_flutterwave_tx_ref (talk->target), "",
                                               talk->target->created_at, TRUE, answer, ask, &fact, error);

  *out_found = step == RELAY_TALK_DONE && *fact->charge_id != '\0';
  if (step == RELAY_TALK_DONE && !*out_found)
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "Flutterwave holds no money of this payment");
      return RELAY_TALK_FAILED;
    }
  if (*out_found)
    relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_REST, fact->charge_id);
  return step;
}

/* ── What was given back ────────────────────────────────────────────────────────────────────────────────────── */

typedef enum
{
  PAGE_FOUND,   /* our refund */
  PAGE_UNCLEAR, /* one that could be ours: same transaction, same amount, and nobody says whose it is */
  PAGE_NOTHING,
  PAGE_NONSENSE
} PageOutcome;

static gboolean
is_same_amount (const RelayTalk *talk, const RelayFlutterwaveBack *back)
{
  CobroMoney amount;

  return !cobro_money_is_set (talk->amount) ||
         (relay_currencies_from_decimal (&relay_flutterwave_currencies, cobro_money_code (talk->amount), back->amount,
                                         &amount, NULL) &&
          cobro_money_equal (amount, talk->amount));
}

/* @out_back: set when FOUND. */
static PageOutcome
look_through (const RelayTalk *talk, CobroWireObject *envelope, RelayFlutterwaveBack *out_back, GError **error)
{
  g_autoptr (GPtrArray) list = relay_flutterwave_list_of (envelope, error);
  PageOutcome outcome = PAGE_NOTHING;

  if (list == NULL)
    return PAGE_NONSENSE;
  for (guint i = 0; i < list->len; i++)
    {
      g_auto (RelayFlutterwaveBack) back = { 0 };
      CobroWireObject *data = g_ptr_array_index (list, i);
      g_autofree char *charge = relay_adapter_text (data, cobro_wire_has (data, "tx_id") ? "tx_id" : "TransactionId");

      if (strcmp (charge, charge_of (talk)) != 0)
        continue;
      if (!relay_flutterwave_read_refund (data, &back, error))
        return PAGE_NONSENSE;
      if (g_strcmp0 (back.comments, talk->key) == 0)
        {
          *out_back = back;
          back = (RelayFlutterwaveBack){ 0 };
          return PAGE_FOUND;
        }
      if (back.comments == NULL && is_same_amount (talk, &back))
        outcome = PAGE_UNCLEAR;
    }
  return outcome;
}

static char *
write_refund (const RelayTalk *talk, const char *amount)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_raw (writer, "amount", amount);
  cobro_wire_put_text (writer, "comments", talk->key);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* Our key is nowhere: REFUND sends, a question has its answer. */
static RelayTalkStep
none_there (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  g_autofree char *amount = NULL;

  if (talk->kind == RELAY_TALK_QUERY_REFUND)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Flutterwave knows no such refund");
      return RELAY_TALK_FAILED;
    }
  amount = cobro_money_to_decimal (talk->amount);
  return relay_flutterwave_post (talk, ask, STAGE_SEND,
                                 g_strdup_printf ("/v3/transactions/%s/refund", charge_of (talk)),
                                 write_refund (talk, amount));
}

/* Somebody else's refund of the same amount is in nobody's way as long as ours was never sent. */
static gboolean
is_free_to_send (const RelayTalk *talk)
{
  return *relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_WORDS) == '\0' ||
         (talk->kind == RELAY_TALK_REFUND && !talk->target->tried);
}

static RelayTalkStep
hear_page (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const char *stage = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_STAGE);
  gint64 page = g_ascii_strtoll (stage + strlen (STAGE_PAGES), NULL, 10);
  g_autoptr (CobroWireObject) envelope = relay_flutterwave_open (answer, TRUE, error);
  g_auto (RelayFlutterwaveBack) back = { 0 };
  GError *failure = NULL;

  if (envelope == NULL)
    return RELAY_TALK_FAILED;
  switch (look_through (talk, envelope, &back, &failure))
    {
    case PAGE_FOUND:
      return done (talk, &back, error);
    case PAGE_NONSENSE:
      return nonsense (failure, error);
    case PAGE_UNCLEAR:
      relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_WORDS, UNCLEAR);
      break;
    case PAGE_NOTHING:
      break;
    }
  if (relay_flutterwave_has_more (envelope, page))
    {
      if (page < PAGES_MAX)
        return ask_refunds (talk, page + 1, ask);
      relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_WORDS, TOO_MANY);
    }
  if (is_free_to_send (talk))
    return none_there (talk, ask, error);
  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s", relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_WORDS));
  return RELAY_TALK_FAILED;
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
hear_refund (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) envelope = relay_flutterwave_open (answer, FALSE, error), data = NULL;
  g_auto (RelayFlutterwaveBack) back = { 0 };
  GError *failure = NULL;

  if (envelope == NULL)
    return RELAY_TALK_FAILED;
  data = relay_adapter_object (envelope, "data");
  if (data == NULL)
    return nonsense (g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, "success without a refund"), error);
  if (!relay_flutterwave_read_refund (data, &back, &failure))
    return nonsense (failure, error);
  if (strcmp (back.charge_id, charge_of (talk)) != 0 || !is_same_amount (talk, &back))
    return nonsense (g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, "it is not the refund that was asked for"),
                     error);
  return done (talk, &back, error);
}

RelayTalkStep
relay_flutterwave_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  gboolean found = TRUE;
  RelayTalkStep step;

  if (relay_flutterwave_is_at (talk, STAGE_SEND))
    return hear_refund (talk, answer, error);
  if (g_str_has_prefix (relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_STAGE), STAGE_PAGES))
    return hear_page (talk, answer, ask, error);
  if (*charge_of (talk) == '\0' && ((step = find_charge (talk, answer, ask, &found, error)), !found))
    return step;
  return ask_refunds (talk, 1, ask);
}

/* ── Asking about one ───────────────────────────────────────────────────────────────────────────────────────── */

RelayTalkStep
relay_flutterwave_query_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autofree char *escaped = NULL;
  gboolean found = TRUE;
  RelayTalkStep step;

  if (*talk->refund_id == '\0')
    return relay_flutterwave_refund (talk, answer, ask, error);
  if (relay_flutterwave_is_at (talk, STAGE_ONE))
    return hear_refund (talk, answer, error);
  if (*charge_of (talk) == '\0' && ((step = find_charge (talk, answer, ask, &found, error)), !found))
    return step;
  escaped = relay_adapter_escape (talk->refund_id);
  return relay_flutterwave_get (talk, ask, STAGE_ONE, g_strdup_printf ("/v3/refunds/%s", escaped), TRUE);
}

/* ── Chargebacks ────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
ask_disputes (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) envelope = relay_flutterwave_open (answer, TRUE, error), data = NULL;
  g_auto (RelayFlutterwaveTransaction) found = { 0 };
  g_autofree char *escaped = NULL;
  GError *failure = NULL;

  if (envelope == NULL)
    return RELAY_TALK_FAILED;
  data = relay_adapter_object (envelope, "data");
  if (data == NULL || !relay_flutterwave_read_transaction (data, &found, &failure))
    return nonsense (failure != NULL
                       ? failure
                       : g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, "success without a transaction"),
                     error);
  if (strcmp (found.tx_ref, relay_flutterwave_tx_ref (talk->target)) != 0)
    return nonsense (g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, "it is another transaction"), error);
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_WORDS, found.flw_ref);
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_REST, found.id);
  escaped = relay_adapter_escape (found.flw_ref);
  return relay_flutterwave_get (talk, ask, STAGE_CLAIM, g_strdup_printf ("/v3/chargebacks?flw_ref=%s", escaped), TRUE);
}

/* The newest of this transaction. */
static RelayTalkStep
hear_disputes (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  const char *flw_ref = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_WORDS);
  g_autoptr (CobroWireObject) envelope = relay_flutterwave_open (answer, TRUE, error);
  g_autoptr (GPtrArray) list = NULL;
  g_auto (RelayFlutterwaveBack) newest = { 0 };
  GError *failure = NULL;

  if (envelope == NULL)
    return RELAY_TALK_FAILED;
  if ((list = relay_flutterwave_list_of (envelope, &failure)) == NULL)
    return nonsense (failure, error);
  for (guint i = 0; i < list->len; i++)
    {
      g_auto (RelayFlutterwaveBack) back = { 0 };

      if (!relay_flutterwave_read_dispute (g_ptr_array_index (list, i), &back, &failure))
        return nonsense (failure, error);
      if (strcmp (back.flw_ref, flw_ref) == 0 &&
          (newest.id == NULL || g_ascii_strtoll (back.id, NULL, 10) > g_ascii_strtoll (newest.id, NULL, 10)))
        {
          RelayFlutterwaveBack older = newest;

          newest = back;
          back = older;
        }
    }
  if (newest.id == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Flutterwave knows no chargeback of this payment");
      return RELAY_TALK_FAILED;
    }
  g_free (newest.charge_id);
  newest.charge_id = g_strdup (relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_REST));
  return done (talk, &newest, error);
}

RelayTalkStep
relay_flutterwave_query_dispute (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const RelayTarget *target = talk->target;
  g_autofree char *escaped = NULL;

  if (relay_flutterwave_is_at (talk, STAGE_CLAIM))
    return hear_disputes (talk, answer, error);
  if (relay_flutterwave_is_at (talk, STAGE_ORIGIN))
    return ask_disputes (talk, answer, ask, error);
  escaped = relay_adapter_escape (*target->charge_id != '\0' ? target->charge_id : relay_flutterwave_tx_ref (target));
  return relay_flutterwave_get (
    talk, ask, STAGE_ORIGIN,
    g_strdup_printf (
      *target->charge_id != '\0' ? "/v3/transactions/%s/verify" : "/v3/transactions/verify_by_reference?tx_ref=%s",
      escaped),
    TRUE);
}
