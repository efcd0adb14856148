/* relay/providers/razorpay/relay-razorpay-look.c — how an order or a link stands. What counts is its payments: one
 * captured is money, authorised is under way, failed ends nothing. An account that captures by hand may leave that to
 * us. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"

/* Whoever wants to know about money there, not about the object. */
static gboolean
wants_charge (const RelayTalk *talk)
{
  return talk->kind == RELAY_TALK_REFUND || talk->kind == RELAY_TALK_QUERY_REFUND ||
         talk->kind == RELAY_TALK_QUERY_DISPUTE;
}

static CobroMoney
asked_amount (const RelayTalk *talk)
{
  return talk->kind == RELAY_TALK_BEGIN ? talk->intent->amount : talk->target->amount;
}

static const char *
asked_reference (const RelayTalk *talk)
{
  return talk->kind == RELAY_TALK_BEGIN ? talk->intent->reference : talk->target->reference;
}

/* ── Concluding ─────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
capture (RelayTalk *talk, const RelayRazorpayPayment *payment, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  gint64 units;

  if (!relay_currencies_part_to_provider (&relay_razorpay_currencies, payment->amount, &units, error))
    return RELAY_TALK_FAILED;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "amount", units);
  cobro_wire_put_text (writer, "currency", cobro_money_code (payment->amount));
  cobro_wire_end_object (writer);
  relay_razorpay_note (talk, RELAY_RAZORPAY_WORDS, payment->id);
  relay_razorpay_ask (talk, ask, "capture", "POST", g_strdup_printf ("/v1/payments/%s/capture", payment->id), FALSE);
  relay_ask_set_body (ask, "application/json", cobro_wire_writer_take (writer));
  return RELAY_TALK_ASK;
}

/* Only exactly what was asked for, only where the merchant said so, and only once in a talk. */
static gboolean
may_capture (const RelayTalk *talk, const RelayRazorpayPayment *payment)
{
  return payment->status == RELAY_RAZORPAY_AUTHORIZED && talk->kind == RELAY_TALK_QUERY &&
         strcmp (relay_account_get (talk->account, "capture"), "relay") == 0 &&
         cobro_money_equal (payment->amount, talk->target->amount);
}

/* A payment that was found says how the object stands. */
static RelayTalkStep
conclude_payment (RelayTalk *talk, const RelayRazorpayPayment *payment)
{
  CobroFact *fact =
    relay_razorpay_payment_fact (talk->account, payment, relay_razorpay_noted (talk, RELAY_RAZORPAY_OBJECT));

  /* The object is ours, by its id or by our receipt; a checkout.js payment does not repeat its order's notes. */
  if (*fact->reference == '\0')
    cobro_link_set_text (&fact->reference, asked_reference (talk));
  return relay_razorpay_done (talk, fact);
}

static RelayTalkStep
conclude_object (RelayTalk *talk, const char *status)
{
  return relay_razorpay_done (
    talk, relay_razorpay_object_fact (talk->account, relay_razorpay_noted (talk, RELAY_RAZORPAY_OBJECT), status,
                                      asked_reference (talk), asked_amount (talk)));
}

/* An order cannot be cancelled at Razorpay: with nothing captured or under way it counts as cancelled, and what is
 * captured all the same is a late success. A link that is over stays over, whatever failed on it. */
static gboolean
is_over (const RelayTalk *talk, const RelayRazorpayPayment *payment, const char *status)
{
  gboolean under_way =
    payment != NULL && payment->status != RELAY_RAZORPAY_FAILED && payment->status != RELAY_RAZORPAY_RETURNED;
  gboolean is_order = g_str_has_prefix (relay_razorpay_noted (talk, RELAY_RAZORPAY_OBJECT), "order_");

  return !under_way && (relay_razorpay_link_is_over (status) || (is_order && talk->kind == RELAY_TALK_CANCEL));
}

/* @payment: (nullable) what says most; @status: of the object. */
static RelayTalkStep
conclude (RelayTalk *talk, const RelayRazorpayPayment *payment, const char *status, RelayAsk *ask, GError **error)
{
  if (wants_charge (talk))
    return payment != NULL && payment->status == RELAY_RAZORPAY_CAPTURED
             ? relay_razorpay_about_charge (talk, payment->id, ask, error)
             : relay_razorpay_no_charge (talk, error);
  if (is_over (talk, payment, status))
    return conclude_object (talk, relay_razorpay_link_is_over (status) ? status : "cancelled");
  if (strcmp (status, "paid") == 0 && (payment == NULL || payment->status != RELAY_RAZORPAY_CAPTURED))
    return relay_razorpay_nonsense (error, "paid without a payment");
  if (payment == NULL)
    return conclude_object (talk, status);
  if (may_capture (talk, payment))
    return capture (talk, payment, ask, error);
  return conclude_payment (talk, payment);
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* The payments of @order_id, tries that failed among them. */
static RelayTalkStep
ask_payments (RelayTalk *talk, const char *order_id, RelayAsk *ask)
{
  return relay_razorpay_ask (talk, ask, "payments", "GET", g_strdup_printf ("/v1/orders/%s/payments", order_id), TRUE);
}

/* (transfer full) (element-type RelayRazorpayPayment) of the order that was asked about. */
static GPtrArray *
read_payments (const RelayTalk *talk, CobroWireObject *object, GError **error)
{
  const char *object_id = relay_razorpay_noted (talk, RELAY_RAZORPAY_OBJECT);
  gboolean is_order = g_str_has_prefix (object_id, "order_");
  g_autoptr (GPtrArray) items = relay_razorpay_items (object, "items", error);
  g_autoptr (GPtrArray) payments = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_razorpay_payment_free);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (RelayRazorpayPayment) payment = relay_razorpay_payment_read (items->pdata[i], error);

      if (payment == NULL)
        return NULL;
      if (is_order && strcmp (payment->order_id, object_id) != 0)
        {
          cobro_error_set (error, COBRO_ERROR_INVALID, "%s is of another order", payment->id);
          return NULL;
        }
      g_ptr_array_add (payments, g_steal_pointer (&payment));
    }
  return items != NULL ? g_steal_pointer (&payments) : NULL;
}

RelayTalkStep
relay_razorpay_heard_payments (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (GPtrArray) payments = NULL;
  const char *status = relay_razorpay_noted (talk, RELAY_RAZORPAY_MORE);

  if (object == NULL)
    return RELAY_TALK_FAILED;
  if (!(payments = read_payments (talk, object, error)))
    return relay_razorpay_nonsense (error, "not payments");
  return conclude (talk, relay_razorpay_payment_choose (payments), *status != '\0' ? status : "created", ask, error);
}

/* One payment, by its id: what a paid link names, and what a capture was refused for. */
RelayTalkStep
relay_razorpay_heard_payment (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (RelayRazorpayPayment) payment = NULL;

  if (object == NULL)
    return RELAY_TALK_FAILED;
  if (!(payment = relay_razorpay_payment_read (object, error)))
    return relay_razorpay_nonsense (error, "not a payment");
  if (strcmp (payment->id, relay_razorpay_noted (talk, RELAY_RAZORPAY_WORDS)) != 0)
    return relay_razorpay_nonsense (error, "another payment");
  if (wants_charge (talk))
    return conclude (talk, payment, relay_razorpay_noted (talk, RELAY_RAZORPAY_MORE), ask, error);
  return conclude_payment (talk, payment);
}

static RelayTalkStep
ask_payment (RelayTalk *talk, const char *charge_id, RelayAsk *ask)
{
  char *path = g_strdup_printf ("/v1/payments/%s", charge_id); /* which may be the very note that is replaced */

  relay_razorpay_note (talk, RELAY_RAZORPAY_WORDS, charge_id);
  return relay_razorpay_ask (talk, ask, "payment", "GET", path, TRUE);
}

RelayTalkStep
relay_razorpay_heard_capture (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (RelayRazorpayPayment) payment = NULL;
  g_autofree char *words = NULL;

  /* Somebody else captured it meanwhile, or it was let go: the object says which. */
  if (relay_razorpay_was_refused (answer, &words))
    return ask_payment (talk, relay_razorpay_noted (talk, RELAY_RAZORPAY_WORDS), ask);
  if (!(object = relay_razorpay_hear (answer, FALSE, error)))
    return RELAY_TALK_FAILED;
  if (!(payment = relay_razorpay_payment_read (object, error)))
    return relay_razorpay_nonsense (error, "not a payment");
  if (strcmp (payment->id, relay_razorpay_noted (talk, RELAY_RAZORPAY_WORDS)) != 0)
    return relay_razorpay_nonsense (error, "another payment");
  return conclude_payment (talk, payment);
}

/* ── Objects ────────────────────────────────────────────────────────────────────────────────────────────────── */

RelayTalkStep
relay_razorpay_see_order (RelayTalk *talk, const char *order_id, const char *status, RelayAsk *ask)
{
  relay_razorpay_note (talk, RELAY_RAZORPAY_OBJECT, order_id);
  relay_razorpay_note (talk, RELAY_RAZORPAY_MORE, status);
  return ask_payments (talk, order_id, ask);
}

RelayTalkStep
relay_razorpay_see_link (RelayTalk *talk, const RelayRazorpayLink *link, RelayAsk *ask, GError **error)
{
  relay_razorpay_note (talk, RELAY_RAZORPAY_OBJECT, link->id);
  relay_razorpay_note (talk, RELAY_RAZORPAY_MORE, link->status);
  if (*link->reference != '\0' && strcmp (link->reference, asked_reference (talk)) != 0)
    return relay_razorpay_nonsense (error, "another payment's link");
  /* Once somebody has opened the link it has an order, and the order knows every try. */
  if (relay_razorpay_is_id (link->order_id, "order_"))
    return ask_payments (talk, link->order_id, ask);
  if (relay_razorpay_is_id (link->payment_id, "pay_"))
    return ask_payment (talk, link->payment_id, ask);
  return conclude (talk, NULL, link->status, ask, error);
}

RelayTalkStep
relay_razorpay_heard_link (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (RelayRazorpayLink) link = NULL;

  if (object == NULL)
    return RELAY_TALK_FAILED;
  if (!(link = relay_razorpay_link_read (object, error)))
    return relay_razorpay_nonsense (error, "not a payment link");
  if (strcmp (link->id, talk->target->object_id) != 0)
    return relay_razorpay_nonsense (error, "another payment link");
  return relay_razorpay_see_link (talk, link, ask, error);
}

static RelayTalkStep
ask_link (RelayTalk *talk, RelayAsk *ask)
{
  return relay_razorpay_ask (talk, ask, "link", "GET",
                             g_strdup_printf ("/v1/payment_links/%s", talk->target->object_id), TRUE);
}

static RelayTalkStep
refuse_object (GError **error)
{
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "this is no id of Razorpay's");
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_razorpay_look (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const char *object_id = talk->target->object_id;

  if (*object_id == '\0')
    return relay_razorpay_find_link (talk, ask);
  if (relay_razorpay_is_id (object_id, "order_"))
    return relay_razorpay_see_order (talk, object_id, "", ask);
  return relay_razorpay_is_id (object_id, "plink_") ? ask_link (talk, ask) : refuse_object (error);
}

/* ── Cancelling ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* Refused: it is paid, or over already. Either way the link itself says how it stands. */
RelayTalkStep
relay_razorpay_heard_cancelled (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autofree char *words = NULL;

  if (relay_razorpay_was_refused (answer, &words))
    return ask_link (talk, ask);
  return relay_razorpay_heard_link (talk, answer, ask, error);
}

RelayTalkStep
relay_razorpay_cancel (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const char *object_id = talk->target->object_id;

  if (!relay_razorpay_is_id (object_id, "plink_"))
    return relay_razorpay_look (talk, ask, error);
  return relay_razorpay_ask (talk, ask, "cancel-link", "POST",
                             g_strdup_printf ("/v1/payment_links/%s/cancel", object_id), FALSE);
}
