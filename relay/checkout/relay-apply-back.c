/* relay/checkout/relay-apply-back.c — facts about money that goes back: refunds, ours and those made in the provider's
 * dashboard, and disputes.
 * Layer: relay/checkout. On the writer's thread. */
#include "relay-apply-private.h"

#include "cobro-error.h"

/* What could still go back: received − refunds that have not failed − lost disputes. */
static gboolean
get_rest (RelayApply *self, CobroMoney *out_rest, GError **error)
{
  const CobroPayment *payment = self->payment->payment;
  CobroMoney sum;

  if (!relay_refund_sum (self->tx->db, self->payment, &sum, error) ||
      !cobro_money_subtract (payment->received, sum, out_rest, error))
    return FALSE;
  return !cobro_money_is_set (payment->lost) || cobro_money_subtract (*out_rest, payment->lost, out_rest, error);
}

/* Writes what went back: sums, ledger, event. */
static gboolean
book (RelayApply *self, CobroMoney *payment_sum, CobroMoney *link_sum, RelayLedgerKind kind, GError **error)
{
  CobroMoney amount = self->fact->amount, out;

  if (!cobro_money_add (
        cobro_money_is_set (*payment_sum) ? *payment_sum : cobro_money_zero (cobro_money_currency (amount)), amount,
        payment_sum, error) ||
      (link_sum != NULL && !cobro_money_add (*link_sum, amount, link_sum, error)) ||
      !cobro_money_negate (amount, &out, error))
    return FALSE;
  return relay_apply_save (self, error) &&
         relay_ledger_append (self->tx, self->payment, kind, out, self->fact->event_id, error) &&
         relay_apply_tell_invoice (self, error);
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The refund that the fact speaks of; made now when it was made in the provider's dashboard. NULL without an error: it
 * does not fit, and is quarantined. */
static RelayRefundRecord *
find_refund (RelayApply *self, GError **error)
{
  GError *failure = NULL;
  RelayRefundRecord *refund =
    relay_refund_find_for_fact (self->tx->db, self->payment, self->fact->refund_id, self->fact->amount, &failure);
  CobroMoney rest;

  if (refund != NULL)
    return refund;
  if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_clear_error (&failure);
  if (!get_rest (self, &rest, error))
    return NULL;
  if (cobro_money_compare (self->fact->amount, rest) > 0)
    {
      relay_apply_quarantine (self, "more goes back than came in", COBRO_FLAG_AMOUNT_MISMATCH);
      return NULL;
    }
  refund = relay_refund_insert (self->tx, self->payment, self->fact->amount, RELAY_REFUND_BY_PROVIDER, "",
                                self->fact->refund_id, error);
  if (refund != NULL && !relay_refund_append_event (self->tx, refund, COBRO_EVENT_REFUND_CREATED, error))
    g_clear_pointer (&refund, relay_refund_record_free);
  return refund;
}

/* A refund that was given up, and went through after all, must still fit. */
static gboolean
check_revived (RelayApply *self, const RelayRefundRecord *refund, gboolean *out_fits, GError **error)
{
  CobroMoney rest;

  *out_fits = TRUE;
  if (refund->refund->state != COBRO_REFUND_FAILED)
    return TRUE;
  if (!get_rest (self, &rest, error))
    return FALSE;
  *out_fits = cobro_money_compare (self->fact->amount, rest) <= 0;
  return TRUE;
}

static gboolean
complete_refund (RelayApply *self, RelayRefundRecord *refund, GError **error)
{
  CobroPayment *payment = self->payment->payment;
  gboolean fits;

  if (refund->refund->state == COBRO_REFUND_SUCCEEDED)
    {
      self->verdict = RELAY_VERDICT_NO_CHANGE;
      return TRUE;
    }
  if (!cobro_money_equal (refund->refund->amount, self->fact->amount))
    return relay_apply_quarantine (self, "its amount is not the refund's", COBRO_FLAG_AMOUNT_MISMATCH);
  if (!check_revived (self, refund, &fits, error))
    return FALSE;
  if (!fits)
    return relay_apply_quarantine (self, "more goes back than came in", COBRO_FLAG_AMOUNT_MISMATCH);
  refund->refund->state = COBRO_REFUND_SUCCEEDED;
  refund->next_try_at = 0;
  cobro_link_set_text (&refund->refund->failure_message, "");
  if (*self->fact->refund_id != '\0')
    cobro_link_set_text (&refund->refund->provider_refund_id, self->fact->refund_id);
  return book (self, &payment->refunded, self->link != NULL ? &self->link->tally.refunded : NULL, RELAY_LEDGER_REFUND,
               error) &&
         relay_refund_save (self->tx, refund, error) &&
         relay_refund_append_event (self->tx, refund, COBRO_EVENT_REFUND_SUCCEEDED, error);
}

static gboolean
fail_refund (RelayApply *self, GError **error)
{
  GError *failure = NULL;
  RelayRefundRecord *refund =
    relay_refund_find_for_fact (self->tx->db, self->payment, self->fact->refund_id, self->fact->amount, &failure);
  gboolean ok = TRUE;

  if (refund == NULL && !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  if (refund == NULL)
    return relay_apply_quarantine (self, "a refund failed that we do not know", 0);
  if (refund->refund->state == COBRO_REFUND_SUCCEEDED)
    relay_apply_quarantine (self, "a refund failed after it had gone through", 0);
  else if (refund->refund->state == COBRO_REFUND_FAILED)
    self->verdict = RELAY_VERDICT_NO_CHANGE;
  else
    {
      refund->refund->state = COBRO_REFUND_FAILED;
      refund->next_try_at = 0;
      cobro_link_set_text (&refund->refund->failure_message, self->fact->failure_message);
      ok = relay_refund_save (self->tx, refund, error) &&
           relay_refund_append_event (self->tx, refund, COBRO_EVENT_REFUND_FAILED, error);
    }
  relay_refund_record_free (refund);
  return ok;
}

/* The provider has taken it on: whose it is, and that the janitor asks until it has gone. */
static gboolean
await_refund (RelayApply *self, GError **error)
{
  g_autoptr (RelayRefundRecord) refund = NULL;

  if (!cobro_money_is_positive (self->fact->amount))
    return relay_apply_quarantine (self, "it says that money goes back, and not how much", 0);
  if (!(refund = find_refund (self, error)))
    return self->verdict == RELAY_VERDICT_QUARANTINED;
  if (refund->refund->state != COBRO_REFUND_PENDING)
    {
      self->verdict = RELAY_VERDICT_NO_CHANGE;
      return TRUE;
    }
  if (*refund->refund->provider_refund_id == '\0')
    cobro_link_set_text (&refund->refund->provider_refund_id, self->fact->refund_id);
  if (refund->next_try_at == 0)
    refund->next_try_at = self->tx->now + COBRO_MINUTE;
  return relay_refund_save (self->tx, refund, error);
}

static gboolean
apply_refund (RelayApply *self, GError **error)
{
  RelayRefundRecord *refund;
  gboolean ok;

  if (!cobro_money_is_positive (self->fact->amount))
    return relay_apply_quarantine (self, "it says that money went back, and not how much", 0);
  refund = find_refund (self, error);
  if (refund == NULL)
    return self->verdict == RELAY_VERDICT_QUARANTINED;
  ok = complete_refund (self, refund, error);
  relay_refund_record_free (refund);
  return ok;
}

/* ── Disputes ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* A dispute that is over already, although its beginning is heard of only now. */
static gboolean
is_over (RelayApply *self, gboolean *out_over, GError **error)
{
  return relay_fact_dispute_closed_since (self->tx->db, self->payment, self->fact->occurred_at, out_over, error);
}

/* Nothing new is said: it was open before, and the date is the one that we know. */
static gboolean
is_known_dispute (const RelayApply *self)
{
  const CobroPayment *payment = self->payment->payment;

  return (payment->flags & COBRO_FLAG_DISPUTED) != 0 &&
         (self->fact->due_at == 0 || self->fact->due_at == payment->dispute_due ||
          cobro_money_is_positive (payment->lost));
}

static gboolean
open_dispute (RelayApply *self, GError **error)
{
  gboolean over = FALSE;

  if (!is_over (self, &over, error))
    return FALSE;
  if (over || is_known_dispute (self))
    {
      self->verdict = RELAY_VERDICT_NO_CHANGE;
      return TRUE;
    }
  relay_apply_flag (self, COBRO_FLAG_DISPUTED);
  self->payment->payment->dispute_due = self->fact->due_at;
  return relay_apply_save (self, error) &&
         relay_payment_append_event (self->tx, self->payment, COBRO_EVENT_DISPUTE_OPENED, error);
}

/* The money stays: nobody has to look any more, unless another payment of the link is disputed. */
static gboolean
win_dispute (RelayApply *self, GError **error)
{
  CobroPayment *payment = self->payment->payment;
  gint64 others = 0;

  if ((payment->flags & COBRO_FLAG_DISPUTED) == 0 || cobro_money_is_positive (payment->lost))
    {
      self->verdict = RELAY_VERDICT_NO_CHANGE;
      return TRUE;
    }
  payment->flags &= ~(guint)COBRO_FLAG_DISPUTED;
  payment->dispute_due = 0;
  if (self->link != NULL && !relay_payment_count_disputed (self->tx->db, self->payment, &others, error))
    return FALSE;
  if (self->link != NULL && others == 0)
    self->link->tally.flags &= ~(guint)COBRO_FLAG_DISPUTED;
  return relay_apply_save (self, error) &&
         relay_payment_append_event (self->tx, self->payment, COBRO_EVENT_DISPUTE_CLOSED, error);
}

/* The money is gone, and that stays visible. */
static gboolean
close_lost (RelayApply *self, GError **error)
{
  relay_apply_flag (self, COBRO_FLAG_DISPUTED);
  self->payment->payment->dispute_due = 0;
  return relay_apply_save (self, error) &&
         relay_payment_append_event (self->tx, self->payment, COBRO_EVENT_DISPUTE_CLOSED, error);
}

static gboolean
lose_dispute (RelayApply *self, GError **error)
{
  CobroPayment *payment = self->payment->payment;
  CobroMoney rest;

  if (!cobro_money_is_positive (self->fact->amount))
    return relay_apply_quarantine (self, "it says that a dispute was lost, and not how much", COBRO_FLAG_DISPUTED);
  if (cobro_money_is_positive (payment->lost))
    {
      self->verdict = RELAY_VERDICT_NO_CHANGE;
      return TRUE;
    }
  if (!get_rest (self, &rest, error))
    return FALSE;
  if (cobro_money_compare (self->fact->amount, rest) > 0)
    return relay_apply_quarantine (self, "a dispute takes more than is left of the payment", COBRO_FLAG_DISPUTED);
  return book (self, &payment->lost, self->link != NULL ? &self->link->tally.lost : NULL, RELAY_LEDGER_DISPUTE,
               error) &&
         close_lost (self, error);
}

gboolean
relay_apply_money_back (RelayApply *self, GError **error)
{
  /* Reordered: money cannot go back before it came. Parked until the payment has succeeded. */
  if (self->payment->payment->state != COBRO_PAYMENT_SUCCEEDED)
    {
      self->verdict = RELAY_VERDICT_UNMATCHED;
      return TRUE;
    }
  switch (self->fact->kind)
    {
    case COBRO_FACT_REFUND_PENDING:
      return await_refund (self, error);
    case COBRO_FACT_REFUNDED:
      return apply_refund (self, error);
    case COBRO_FACT_REFUND_FAILED:
      return fail_refund (self, error);
    case COBRO_FACT_DISPUTE_OPENED:
      return open_dispute (self, error);
    case COBRO_FACT_DISPUTE_LOST:
      return lose_dispute (self, error);
    case COBRO_FACT_DISPUTE_WON:
      return win_dispute (self, error);
    case COBRO_FACT_PENDING:
    case COBRO_FACT_ACTION_NEEDED:
    case COBRO_FACT_PROCESSING:
    case COBRO_FACT_NO_ANSWER:
    case COBRO_FACT_FAILED:
    case COBRO_FACT_CANCELLED:
    case COBRO_FACT_SUCCEEDED:
      break;
    }
  g_return_val_if_reached (FALSE);
}
