/* relay/providers/razorpay/relay-razorpay-back.c — money that goes back: refunds, made once by their key, and
 * disputes. Both hang on a payment (pay_…). Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"

#define PAGE_SIZE 100

static const char *
noted_charge (const RelayTalk *talk)
{
  return relay_razorpay_noted (talk, RELAY_RAZORPAY_MORE);
}

/* The end: the fact belongs to the payment that was asked about. */
static RelayTalkStep
done (RelayTalk *talk, CobroFact *take_fact)
{
  cobro_link_set_text (&take_fact->provider_payment_id, talk->target->object_id);
  cobro_link_set_text (&take_fact->reference, talk->target->reference);
  return relay_razorpay_done (talk, take_fact);
}

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* How far a list was read is said by the step before: the talk counts its answers. */
static guint
pages_read (const RelayTalk *talk)
{
  return (guint)g_ascii_strtoull (relay_razorpay_noted (talk, RELAY_RAZORPAY_OBJECT), NULL, 10);
}

static RelayTalkStep
ask_page (RelayTalk *talk, const char *step, char *take_path, guint page, RelayAsk *ask)
{
  g_autofree char *path = take_path;
  g_autofree char *number = g_strdup_printf ("%u", page);

  relay_razorpay_note (talk, RELAY_RAZORPAY_OBJECT, number);
  return relay_razorpay_ask (talk, ask, step, "GET",
                             g_strdup_printf ("%s?count=%d&skip=%u", path, PAGE_SIZE, page * PAGE_SIZE), TRUE);
}

static RelayTalkStep
ask_refunds (RelayTalk *talk, guint page, RelayAsk *ask)
{
  return ask_page (talk, "refunds", g_strdup_printf ("/v1/payments/%s/refunds", noted_charge (talk)), page, ask);
}

static RelayTalkStep
ask_disputes (RelayTalk *talk, guint page, RelayAsk *ask)
{
  return ask_page (talk, "disputes", g_strdup ("/v1/disputes"), page, ask);
}

/* The body is the same whenever the key is: Razorpay refuses another one under the same key. */
static RelayTalkStep
ask_refund (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *key = relay_razorpay_refund_key (talk->key);
  gint64 units;

  if (!relay_currencies_part_to_provider (&relay_razorpay_currencies, talk->amount, &units, error))
    return RELAY_TALK_FAILED;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "amount", units);
  cobro_wire_put_text (writer, "speed", "normal");
  cobro_wire_begin_object (writer, "notes");
  cobro_wire_put_text (writer, RELAY_RAZORPAY_REFERENCE, talk->target->reference);
  cobro_wire_end_object (writer);
  cobro_wire_put_text (writer, "receipt", key);
  cobro_wire_end_object (writer);
  relay_razorpay_ask (talk, ask, "refund", "POST", g_strdup_printf ("/v1/payments/%s/refund", noted_charge (talk)),
                      FALSE);
  ask->keyed = TRUE;
  relay_ask_add_header (ask, "X-Refund-Idempotency", key);
  relay_ask_set_body (ask, "application/json", cobro_wire_writer_take (writer));
  return RELAY_TALK_ASK;
}

RelayTalkStep
relay_razorpay_about_charge (RelayTalk *talk, const char *charge_id, RelayAsk *ask, GError **error)
{
  const char *refund_id = talk->refund_id != NULL ? talk->refund_id : "";

  if (!relay_razorpay_is_id (charge_id, "pay_") || (*refund_id != '\0' && !relay_razorpay_is_id (refund_id, "rfnd_")))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "this is no id of Razorpay's");
      return RELAY_TALK_FAILED;
    }
  relay_razorpay_note (talk, RELAY_RAZORPAY_MORE, charge_id);
  if (talk->kind == RELAY_TALK_REFUND)
    return ask_refund (talk, ask, error);
  if (talk->kind == RELAY_TALK_QUERY_DISPUTE)
    return ask_disputes (talk, 0, ask);
  if (*refund_id == '\0')
    return ask_refunds (talk, 0, ask);
  return relay_razorpay_ask (talk, ask, "one-refund", "GET",
                             g_strdup_printf ("/v1/payments/%s/refunds/%s", charge_id, refund_id), TRUE);
}

RelayTalkStep
relay_razorpay_no_charge (RelayTalk *talk, GError **error)
{
  if (talk->kind == RELAY_TALK_REFUND)
    cobro_error_set (error, COBRO_ERROR_PROVIDER, "Razorpay holds no captured payment that could be given back");
  else
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Razorpay holds no captured payment for it");
  return RELAY_TALK_FAILED;
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A refund that must be of this payment. Under way: the fact says so, and asking again is up to the relay. */
static RelayTalkStep
take_refund (RelayTalk *talk, CobroWireObject *object, GError **error)
{
  g_autoptr (CobroFact) fact = relay_razorpay_refund_fact (talk->account, object, noted_charge (talk), error);

  if (fact == NULL)
    return relay_razorpay_nonsense (error, "not that refund");
  if (talk->kind == RELAY_TALK_REFUND && !cobro_money_equal (fact->amount, talk->amount))
    return relay_razorpay_nonsense (error, "a refund of another amount");
  if (talk->refund_id != NULL && *talk->refund_id != '\0' && strcmp (fact->refund_id, talk->refund_id) != 0)
    return relay_razorpay_nonsense (error, "another refund");
  return done (talk, g_steal_pointer (&fact));
}

RelayTalkStep
relay_razorpay_heard_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autofree char *words = NULL;

  /* "No" may also mean that it was made before: our receipt tells. */
  if (relay_razorpay_was_refused (answer, &words))
    {
      relay_razorpay_note (talk, RELAY_RAZORPAY_WORDS, words);
      return ask_refunds (talk, 0, ask);
    }
  object = relay_razorpay_hear (answer, FALSE, error);
  return object != NULL ? take_refund (talk, object, error) : RELAY_TALK_FAILED;
}

RelayTalkStep
relay_razorpay_heard_one_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);

  return object != NULL ? take_refund (talk, object, error) : RELAY_TALK_FAILED;
}

static RelayTalkStep
no_refund (RelayTalk *talk, GError **error)
{
  if (talk->kind == RELAY_TALK_REFUND)
    relay_adapter_refuse (400, FALSE, relay_razorpay_noted (talk, RELAY_RAZORPAY_WORDS), error);
  else
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Razorpay has no such refund");
  return RELAY_TALK_FAILED;
}

/* One page of a collection. NULL: refused or nonsense. (transfer full) */
static GPtrArray *
read_page (const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);

  return object != NULL ? relay_razorpay_items (object, "items", error) : NULL;
}

RelayTalkStep
relay_razorpay_heard_refunds (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (GPtrArray) items = read_page (answer, error);
  g_autofree char *key = relay_razorpay_refund_key (talk->key);

  if (items == NULL)
    return RELAY_TALK_FAILED;
  for (guint i = 0; i < items->len; i++)
    {
      g_autofree char *receipt = relay_adapter_text (items->pdata[i], "receipt");

      if (strcmp (receipt, key) == 0)
        return take_refund (talk, items->pdata[i], error);
    }
  return items->len >= PAGE_SIZE ? ask_refunds (talk, pages_read (talk) + 1, ask) : no_refund (talk, error);
}

/* ── Disputes ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* The newest dispute about the payment on this page (nullable). Razorpay lists the newest first. */
static CobroWireObject *
choose_dispute (const RelayTalk *talk, GPtrArray *items)
{
  CobroWireObject *best = NULL;
  CobroTime best_time = 0;

  for (guint i = 0; i < items->len; i++)
    {
      g_autofree char *charge = relay_adapter_text (items->pdata[i], "payment_id");
      CobroTime created = relay_adapter_time (items->pdata[i], "created_at");

      if (strcmp (charge, noted_charge (talk)) != 0 || (best != NULL && created <= best_time))
        continue;
      best = items->pdata[i];
      best_time = created;
    }
  return best;
}

/* What comes after a page is older; no dispute is older than its payment. */
static gboolean
is_last_page (const RelayTalk *talk, GPtrArray *items)
{
  return items->len < PAGE_SIZE ||
         relay_adapter_time (items->pdata[items->len - 1], "created_at") < talk->target->created_at;
}

RelayTalkStep
relay_razorpay_heard_disputes (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (GPtrArray) items = read_page (answer, error);
  CobroWireObject *dispute;
  CobroFact *fact;

  if (items == NULL)
    return RELAY_TALK_FAILED;
  dispute = choose_dispute (talk, items);
  if (dispute == NULL && !is_last_page (talk, items))
    return ask_disputes (talk, pages_read (talk) + 1, ask);
  if (dispute == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "this payment is not disputed");
      return RELAY_TALK_FAILED;
    }
  fact = relay_razorpay_dispute_fact (talk->account, dispute, error);
  return fact != NULL ? done (talk, fact) : relay_razorpay_nonsense (error, "not a dispute");
}
