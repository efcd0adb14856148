/* relay/providers/openpay/relay-openpay-refund.c — money back. Openpay knows no key that would make a repeated refund
 * one: ours stands in its description, and the charge is looked at before anything is sent. Layer: relay/providers.
 * Pure. */
#include "relay-openpay-private.h"

#include <string.h>
#include "cobro-error.h"

#define LOOK "look"
#define SEND "send"

static const RelayOpenpayRefund *
find_refund (const RelayOpenpayCharge *charge, const char *refund_id, const char *key)
{
  for (guint i = 0; i < charge->refunds->len; i++)
    {
      const RelayOpenpayRefund *refund = charge->refunds->pdata[i];

      if (*refund_id != '\0' ? strcmp (refund->id, refund_id) == 0
                             : *key != '\0' && strstr (refund->description, key) != NULL)
        return refund;
    }
  return NULL;
}

/* How a refund that is there stands. */
static RelayTalkStep
finish (RelayTalk *talk, const RelayOpenpayCharge *charge, const RelayOpenpayRefund *refund, GError **error)
{
  if ((talk->fact = relay_openpay_refund_fact (talk->account, charge, refund)) != NULL)
    return RELAY_TALK_DONE;
  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay says that the refund is \"%.40s\"", refund->status);
  return RELAY_TALK_FAILED;
}

/* Whether it is certain that a refund that is not shown was never made. */
static gboolean
shows_all (const RelayOpenpayCharge *charge)
{
  return charge->refunds->len == 0 || charge->all_refunds;
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_charge (const RelayTalk *talk, const RelayOpenpayCharge *charge, GError **error)
{
  CobroFactKind kind;

  if (!relay_openpay_charge_kind (charge, &kind))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: an unknown status \"%.40s\"",
                            charge->status);
  if (kind != COBRO_FACT_SUCCEEDED)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "Openpay has not been paid for this: nothing can go back");
  if (strcmp (charge->method, "card") != 0)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER,
                            "Openpay gives money back to cards only: pay this one back by a transfer of your own");
  if (talk->target->tried && !shows_all (charge))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER,
                            "Openpay shows another refund only: whether this one was made, its dashboard says");
  return TRUE;
}

static RelayTalkStep
ask_refund (RelayTalk *talk, const RelayOpenpayCharge *charge, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *amount = relay_currencies_to_decimal (&relay_openpay_currencies, talk->amount, error);
  g_autofree char *description = g_strdup_printf ("Refund %s", talk->key);

  if (amount == NULL ||
      !relay_openpay_ask (talk, ask, "POST", g_strdup_printf ("/charges/%s/refund", charge->id), FALSE, error))
    return RELAY_TALK_FAILED;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "description", description);
  cobro_wire_put_raw (writer, "amount", amount);
  cobro_wire_end_object (writer);
  relay_ask_set_body (ask, "application/json", cobro_wire_writer_take (writer));
  relay_openpay_phase (talk, SEND);
  return RELAY_TALK_ASK;
}

static RelayTalkStep
hear_look (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step;
  g_autoptr (RelayOpenpayCharge) charge = relay_openpay_find_target (talk, answer, ask, &step, error);
  const RelayOpenpayRefund *refund;

  if (charge == NULL)
    return step;
  if ((refund = find_refund (charge, "", talk->key)) != NULL)
    return finish (talk, charge, refund, error);
  return check_charge (talk, charge, error) ? ask_refund (talk, charge, ask, error) : RELAY_TALK_FAILED;
}

static RelayTalkStep
hear_send (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (RelayOpenpayCharge) charge = NULL;
  const RelayOpenpayRefund *refund;

  if (!relay_openpay_is_good (answer))
    {
      relay_openpay_refuse (answer, FALSE, error);
      return RELAY_TALK_FAILED;
    }
  if (!(charge = relay_openpay_charge_parse (answer, error)))
    return RELAY_TALK_FAILED;
  if ((refund = find_refund (charge, "", talk->key)) != NULL && cobro_money_equal (refund->amount, talk->amount))
    return finish (talk, charge, refund, error);
  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: not this refund");
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_openpay_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  if (answer == NULL)
    relay_openpay_phase (talk, LOOK);
  return answer != NULL && relay_openpay_is_phase (talk, SEND) ? hear_send (talk, answer, error)
                                                               : hear_look (talk, answer, ask, error);
}

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

RelayTalkStep
relay_openpay_query_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step;
  g_autoptr (RelayOpenpayCharge) charge = relay_openpay_find_target (talk, answer, ask, &step, error);
  const RelayOpenpayRefund *refund;

  if (charge == NULL)
    return step;
  if ((refund = find_refund (charge, talk->refund_id, talk->key)) != NULL)
    return finish (talk, charge, refund, error);
  if (shows_all (charge))
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Openpay has no such refund");
  else
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay shows another refund of this charge only");
  return RELAY_TALK_FAILED;
}
