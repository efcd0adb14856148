/* relay/checkout/relay-apply.c — the one path by which a fact changes a payment: bind it, step the state, move money,
 * sums, slot and event, all in the caller's transaction.
 * Layer: relay/checkout. On the writer's thread. */
#include "relay-apply-private.h"
#include "relay-invoices-private.h"

#include "cobro-error.h"
#include "relay-receipt.h"

/* ── Binding (semantics: Inbound provider events, 6) ────────────────────────────────────────────────────────── */

gboolean
relay_apply_quarantine (RelayApply *self, const char *reason, guint flags)
{
  self->verdict = RELAY_VERDICT_QUARANTINED;
  self->reason = reason;
  self->raise |= flags | COBRO_FLAG_QUARANTINED;
  return TRUE;
}

static gboolean
is_another (const char *ours, const char *said)
{
  return *ours != '\0' && *said != '\0' && !g_str_equal (ours, said);
}

/* A charge that is not the one whose money this payment has: another try of the payer's, unless it brought money. */
static gboolean
is_another_charge (const RelayPaymentRecord *record, const CobroFact *fact)
{
  return is_another (record->charge_id, fact->charge_id) &&
         !g_str_equal (record->payment->provider_payment_id, fact->charge_id);
}

const char *
relay_apply_why_foreign (const RelayPaymentRecord *record, const CobroFact *fact)
{
  const CobroPayment *payment = record->payment;

  if (g_strcmp0 (payment->gateway, fact->provider) != 0 || g_strcmp0 (record->account, fact->account) != 0)
    return "it came through another account than the payment was begun with";
  if (*fact->reference != '\0' && g_strcmp0 (fact->reference, payment->id.text) != 0 &&
      g_strcmp0 (fact->reference, relay_call_begun_id (record)->text) != 0)
    return "its reference names another payment";
  if (is_another (payment->provider_payment_id, fact->provider_payment_id))
    return "the provider's id is not the one recorded for this payment";
  if (is_another_charge (record, fact) && fact->kind >= COBRO_FACT_SUCCEEDED)
    return fact->kind == COBRO_FACT_SUCCEEDED ? "a second charge for a payment that has its money"
                                              : "it is about a charge that is not this payment's";
  if (cobro_money_is_set (fact->amount) &&
      cobro_money_currency (fact->amount) != cobro_money_currency (payment->amount))
    return "its currency is not the payment's";
  return NULL;
}

/* What the merchant has to look at. */
static guint
flags_of_foreign (const RelayApply *self)
{
  const CobroFact *fact = self->fact;

  if (cobro_money_is_set (fact->amount) &&
      cobro_money_currency (fact->amount) != cobro_money_currency (self->payment->payment->amount))
    return COBRO_FLAG_AMOUNT_MISMATCH;
  return 0;
}

/* Whether the payment found is the one the fact may speak of. */
static void
check_payment (RelayApply *self)
{
  const CobroFact *fact = self->fact;
  const CobroPayment *payment = self->payment->payment;
  const char *foreign = relay_apply_why_foreign (self->payment, fact);

  if (foreign != NULL)
    relay_apply_quarantine (self, foreign, flags_of_foreign (self));
  else if (fact->kind == COBRO_FACT_SUCCEEDED && !cobro_money_is_set (fact->amount))
    relay_apply_quarantine (self, "it says that money came, and not how much", 0);
  else if (fact->kind == COBRO_FACT_SUCCEEDED && !self->accepted && !cobro_money_equal (fact->amount, payment->amount))
    relay_apply_quarantine (self, "its amount is not what was asked", COBRO_FLAG_AMOUNT_MISMATCH);
}

/* Fills payment and link; without a payment the verdict is UNMATCHED or QUARANTINED. */
static gboolean
bind (RelayApply *self, GError **error)
{
  RelayScope owner, scope;
  GError *failure = NULL;

  if (!relay_account_get_owner (self->tx->db, self->fact->provider, self->fact->account, &owner, &failure))
    {
      self->verdict = RELAY_VERDICT_UNMATCHED;
      return cobro_error_forgive_not_found (failure, error);
    }
  self->merchant_id = owner.merchant_id;
  self->livemode = owner.livemode;
  if (owner.livemode != self->fact->livemode)
    return relay_apply_quarantine (self, "test and live do not mix: the account is of the other mode", 0);
  scope = (RelayScope){ self->merchant_id, owner.livemode };
  if (!relay_payment_find_for_fact (self->tx->db, &scope, self->fact, &self->payment, error))
    return FALSE;
  if (self->payment == NULL)
    {
      self->verdict = RELAY_VERDICT_UNMATCHED;
      return TRUE;
    }
  if (cobro_id_is_set (&self->payment->payment->link_id) &&
      !(self->link = relay_link_find (self->tx->db, &scope, &self->payment->payment->link_id, error)))
    return FALSE;
  check_payment (self);
  return TRUE;
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_apply_flag (RelayApply *self, guint flags)
{
  self->raise |= flags & ~self->payment->payment->flags;
  self->payment->payment->flags |= flags;
  if (self->link != NULL)
    self->link->tally.flags |= flags;
}

static gboolean
is_processing (CobroPaymentState state)
{
  return state == COBRO_PAYMENT_PROCESSING || state == COBRO_PAYMENT_UNKNOWN;
}

/* The link's counts follow the payment from one state to another. */
static void
move_tally (RelayApply *self, CobroPaymentState from, CobroPaymentState to)
{
  CobroLinkTally *tally;

  if (self->link == NULL)
    return;
  tally = &self->link->tally;
  tally->open_attempts += !cobro_payment_state_is_final (to) - !cobro_payment_state_is_final (from);
  tally->processing += is_processing (to) - is_processing (from);
  if (self->link->newest_payment == self->payment->row)
    tally->last_failed = to == COBRO_PAYMENT_FAILED || to == COBRO_PAYMENT_CANCELLED;
}

gboolean
relay_apply_save (RelayApply *self, GError **error)
{
  return relay_payment_save (self->tx, self->payment, error) &&
         (self->link == NULL || relay_link_save_sums (self->tx, self->link, error));
}

/* ── Slots ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A success that holds no slot looks for one: a free one, else one that an open attempt holds. @out_found. */
static gboolean
find_slot (RelayApply *self, gboolean *out_found, GError **error)
{
  g_autoptr (GError) failure = NULL;
  CobroTime until;
  gint64 slot = 0;

  if (relay_payment_take_slot (self->tx, self->link, &slot, &until, &failure))
    *out_found = TRUE;
  else if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_GONE))
    *out_found = FALSE;
  else if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_BUSY))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  else if (!relay_payment_evict (self->tx, self->link, &slot, error))
    return FALSE;
  else
    *out_found = slot > 0;
  self->payment->slot = slot;
  self->payment->leased = slot > 0;
  return TRUE;
}

/* A part of a partly payable link: the slot is shared until the total is there. */
static gboolean
settle_part (RelayApply *self, GError **error)
{
  CobroMoney total, paid;

  if (!cobro_link_total (self->link->link, &total, error) ||
      !relay_payment_paid_to_slot (self->tx->db, &self->merchant_id, self->link->link, 1, &paid, error))
    return FALSE;
  if (cobro_money_compare (paid, total) >= 0)
    {
      /* Everything was there already: this is money too much. */
      self->payment->leased = FALSE;
      self->payment->slot = 0;
      relay_apply_flag (self, COBRO_FLAG_DUPLICATE);
      return TRUE;
    }
  if (!cobro_money_add (paid, self->payment->payment->received, &paid, error))
    return FALSE;
  if (cobro_money_compare (paid, total) < 0)
    {
      self->payment->slot = 1;
      self->payment->leased = FALSE;
      return TRUE;
    }
  self->link->tally.uses = 1;
  if (!self->payment->leased && !relay_payment_evict (self->tx, self->link, &self->payment->slot, error))
    return FALSE;
  self->payment->slot = 1;
  self->payment->leased = TRUE;
  self->link->slots_given = 1;
  return TRUE;
}

/* An invoice is paid towards what it asks for, whichever way the money comes, and what went back counts as not there.
 * Its one slot is held by whatever filled it first. */
static gboolean
settle_invoice (RelayApply *self, GError **error)
{
  CobroMoney total, net;

  if (!cobro_link_total (self->link->link, &total, error) || !relay_link_net (self->link, &net, error))
    return FALSE;
  if (cobro_money_compare (net, total) >= 0)
    {
      self->payment->leased = FALSE;
      self->payment->slot = 0;
      relay_apply_flag (self, COBRO_FLAG_DUPLICATE);
      return TRUE;
    }
  if (!cobro_money_add (net, self->payment->payment->received, &net, error))
    return FALSE;
  if (cobro_money_compare (net, total) < 0 || self->link->tally.uses > 0)
    {
      self->payment->slot = 1;
      self->payment->leased = FALSE;
      return TRUE;
    }
  self->link->tally.uses = 1;
  if (!self->payment->leased && !relay_payment_evict (self->tx, self->link, &self->payment->slot, error))
    return FALSE;
  self->payment->slot = 1;
  self->payment->leased = TRUE;
  self->link->slots_given = 1;
  return TRUE;
}

/* Money came: which use of the link does it pay for? None left: duplicate. */
static gboolean
settle_slot (RelayApply *self, GError **error)
{
  gboolean found = TRUE;

  if (self->link == NULL)
    return TRUE;
  if (self->useless)
    {
      self->payment->leased = FALSE;
      self->payment->slot = 0;
      relay_apply_flag (self, COBRO_FLAG_DUPLICATE); /* as all money that pays for no use */
      return TRUE;
    }
  if (cobro_id_is_set (&self->link->link->invoice_id))
    return settle_invoice (self, error);
  if (self->link->link->partial != COBRO_PARTIAL_OFF)
    return settle_part (self, error);
  if (cobro_link_use_limit (self->link->link) != G_MAXINT64 && !self->payment->leased &&
      !find_slot (self, &found, error))
    return FALSE;
  if (found)
    self->link->tally.uses++;
  else
    relay_apply_flag (self, COBRO_FLAG_DUPLICATE);
  return TRUE;
}

/* ── State ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* When the money moved, as far as the provider says so believably. */
static CobroTime
moved_at (const RelayApply *self)
{
  CobroTime said = self->fact->occurred_at;

  return said > 0 && said <= self->tx->now ? said : self->tx->now;
}

static void
flag_late (RelayApply *self, CobroTime when)
{
  CobroLinkStatus status;

  if (self->link == NULL)
    return;
  status = cobro_link_view (self->link->link, &self->link->tally, when).status;
  if (status == COBRO_LINK_EXPIRED || status == COBRO_LINK_CANCELLED)
    relay_apply_flag (self, COBRO_FLAG_LATE);
}

/* The payer is given back what found no use, when the merchant chose so. */
static gboolean
refund_duplicate (RelayApply *self, GError **error)
{
  g_autoptr (CobroMerchant) merchant = NULL;
  RelayRefundRecord *refund;
  gboolean ok;

  if (self->useless || (self->payment->payment->flags & COBRO_FLAG_DUPLICATE) == 0 ||
      relay_manual_is (self->payment->payment))
    return TRUE; /* what was recorded by hand is given back by hand */
  if (!(merchant = relay_merchant_find (self->tx->db, &self->merchant_id, NULL, error)))
    return FALSE;
  if (!merchant->refund_duplicates)
    return TRUE;
  refund = relay_refund_insert (self->tx, self->payment, self->payment->payment->received, RELAY_REFUND_AUTOMATIC,
                                "duplicate payment", "", error);
  ok = refund != NULL && relay_refund_append_event (self->tx, refund, COBRO_EVENT_REFUND_CREATED, error);
  relay_refund_record_free (refund);
  return ok;
}

static gboolean
succeed (RelayApply *self, GError **error)
{
  CobroPayment *payment = self->payment->payment;
  CobroTime when = moved_at (self);

  payment->received = self->fact->amount;
  self->payment->succeeded_at = when;
  cobro_link_set_text (&payment->failure_code, "");
  cobro_link_set_text (&payment->failure_message, "");
  flag_late (self, when);
  if (!settle_slot (self, error))
    return FALSE;
  if (self->link != NULL &&
      !cobro_money_add (self->link->tally.paid, payment->received, &self->link->tally.paid, error))
    return FALSE;
  return relay_ledger_append (self->tx, self->payment, RELAY_LEDGER_PAYMENT, payment->received, self->fact->event_id,
                              error);
}

static void
fail (RelayApply *self)
{
  cobro_link_set_text (&self->payment->payment->failure_code, self->fact->failure_code);
  cobro_link_set_text (&self->payment->payment->failure_message, self->fact->failure_message);
}

static gboolean
note_text (char **field, const char *said)
{
  if (*said == '\0' || g_strcmp0 (*field, said) == 0)
    return FALSE;
  cobro_link_set_text (field, said);
  return TRUE;
}

/* Whether there was something new. */
static gboolean
note_texts (RelayApply *self)
{
  CobroPayment *payment = self->payment->payment;
  /* The object of a second charge is the first one's. */
  gboolean id = !cobro_id_is_set (&self->payment->second_of) &&
                note_text (&payment->provider_payment_id, self->fact->provider_payment_id);

  /* Other tries have charges of their own: the one that brought the money counts. */
  if (self->fact->kind == COBRO_FACT_SUCCEEDED && *self->payment->charge_id == '\0' &&
      !g_str_equal (payment->provider_payment_id, self->fact->charge_id))
    id |= note_text (&self->payment->charge_id, self->fact->charge_id);
  if (self->fact->kind == COBRO_FACT_SUCCEEDED)
    id |= note_text (&self->payment->receipt, self->fact->receipt);
  /* A try that failed while the payer may try again: why is for the page. */
  if ((self->fact->kind == COBRO_FACT_PENDING || self->fact->kind == COBRO_FACT_ACTION_NEEDED) &&
      !cobro_payment_state_is_final (payment->state) && note_text (&payment->failure_code, self->fact->failure_code))
    {
      cobro_link_set_text (&payment->failure_message, self->fact->failure_message);
      id = TRUE;
    }
  return note_text (&payment->method_detail, self->fact->method_detail) || id;
}

/* The state itself: everything that the step obliges us to, before it is written. */
static gboolean
take_step (RelayApply *self, const CobroPaymentStep *step, GError **error)
{
  RelayPaymentRecord *payment = self->payment;
  CobroPaymentState from = payment->payment->state;

  payment->payment->state = step->to;
  relay_tx_count (self->tx, RELAY_METRIC_PAYMENTS, 1, payment->payment->gateway, cobro_payment_state_name (step->to));
  if (cobro_payment_state_is_final (step->to))
    relay_tx_observe (self->tx, RELAY_METRIC_PAYMENT_DURATION, self->tx->now - payment->payment->created_at,
                      payment->payment->gateway);
  move_tally (self, from, step->to); /* first: an attempt that succeeds is not in its own way */
  if (step->to == COBRO_PAYMENT_SUCCEEDED && !succeed (self, error))
    return FALSE;
  if (step->to == COBRO_PAYMENT_FAILED || step->to == COBRO_PAYMENT_CANCELLED)
    fail (self);
  if ((step->effects & COBRO_EFFECT_RELEASE) != 0)
    {
      payment->leased = FALSE;
      payment->slot = 0;
    }
  if (cobro_payment_state_is_final (step->to))
    payment->next_poll_at = 0;
  return TRUE;
}

static gboolean
tell (RelayApply *self, const CobroPaymentStep *step, GError **error)
{
  const char *name = cobro_payment_event_type (step->to);
  CobroEventType type;

  if ((step->effects & COBRO_EFFECT_EVENT) != 0 && name != NULL && cobro_event_type_from_name (name, &type) &&
      !relay_payment_append_event (self->tx, self->payment, type, error))
    return FALSE;
  return self->raise == 0 || relay_payment_append_event (self->tx, self->payment, COBRO_EVENT_PAYMENT_FLAGGED, error);
}

static gboolean
apply_state (RelayApply *self, GError **error)
{
  CobroPayment *payment = self->payment->payment;
  CobroPaymentStep step = cobro_payment_step (payment->state, self->fact->kind);

  if (step.to == payment->state)
    {
      self->verdict = RELAY_VERDICT_NO_CHANGE;
      return !note_texts (self) || relay_apply_save (self, error);
    }
  self->verdict = RELAY_VERDICT_APPLIED;
  note_texts (self);
  return take_step (self, &step, error) && relay_apply_save (self, error) && tell (self, &step, error) &&
         (step.to != COBRO_PAYMENT_SUCCEEDED ||
          (relay_apply_tell_invoice (self, error) && relay_receipt_queue (self->tx, self->payment, self->link, error) &&
           refund_duplicate (self, error)));
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* Kept with its reason; the payment it was close to is flagged, the merchant is told. */
static gboolean
write_quarantine (RelayApply *self, GError **error)
{
  RelayScope scope = { self->merchant_id, self->livemode };
  RelayPaymentRecord *payment = self->payment;

  if (payment != NULL)
    {
      relay_apply_flag (self, self->raise);
      if (!relay_apply_save (self, error) ||
          !relay_payment_append_event (self->tx, payment, COBRO_EVENT_PAYMENT_FLAGGED, error))
        return FALSE;
    }
  return relay_quarantine_insert (self->tx, &scope, self->fact, payment != NULL ? &payment->payment->id : NULL,
                                  payment != NULL ? &payment->payment->link_id : NULL, self->reason, error);
}

static gboolean
decide (RelayApply *self, GError **error)
{
  if (!bind (self, error))
    return FALSE;
  if (self->verdict == RELAY_VERDICT_UNMATCHED || self->verdict == RELAY_VERDICT_QUARANTINED)
    return TRUE;
  switch (self->fact->kind)
    {
    case COBRO_FACT_PENDING:
    case COBRO_FACT_ACTION_NEEDED:
    case COBRO_FACT_PROCESSING:
    case COBRO_FACT_NO_ANSWER:
    case COBRO_FACT_FAILED:
    case COBRO_FACT_CANCELLED:
    case COBRO_FACT_SUCCEEDED:
      return apply_state (self, error);
    case COBRO_FACT_REFUND_PENDING:
    case COBRO_FACT_REFUNDED:
    case COBRO_FACT_REFUND_FAILED:
    case COBRO_FACT_DISPUTE_OPENED:
    case COBRO_FACT_DISPUTE_WON:
    case COBRO_FACT_DISPUTE_LOST:
      return relay_apply_money_back (self, error);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
record (RelayApply *self, GError **error)
{
  const CobroId none = COBRO_ID_NONE;
  gboolean known;

  if (self->verdict == RELAY_VERDICT_QUARANTINED && !write_quarantine (self, error))
    return FALSE;
  return relay_fact_insert (self->tx, &self->merchant_id, self->fact,
                            self->payment != NULL ? &self->payment->payment->id : &none, self->verdict,
                            self->reason != NULL ? self->reason : "", &known, error);
}

static gboolean
apply (RelayApply *self, RelayVerdict *out_verdict, GError **error)
{
  gboolean known = FALSE, ok;

  if (!relay_fact_is_known (self->tx->db, self->fact, &known, error))
    return FALSE;
  if (known)
    {
      *out_verdict = RELAY_VERDICT_DUPLICATE;
      return TRUE;
    }
  ok = decide (self, error) && (self->verdict == RELAY_VERDICT_UNMATCHED || record (self, error));
  if (ok)
    *out_verdict = self->verdict;
  relay_payment_record_free (self->payment);
  relay_link_record_free (self->link);
  return ok;
}

gboolean
relay_checkout_apply (RelayTx *tx, const CobroFact *fact, RelayVerdict *out_verdict, GError **error)
{
  RelayApply self = { .tx = tx, .fact = fact, .verdict = RELAY_VERDICT_APPLIED };

  return apply (&self, out_verdict, error);
}

gboolean
relay_apply_accepted (RelayTx *tx, const CobroFact *fact, gboolean useless, RelayVerdict *out_verdict, GError **error)
{
  RelayApply self = { .tx = tx, .fact = fact, .verdict = RELAY_VERDICT_APPLIED, .accepted = TRUE, .useless = useless };

  return apply (&self, out_verdict, error);
}

CobroTime
relay_poll_time (CobroTime created_at, gint64 polls, CobroTime now)
{
  static const gint64 first[] = { COBRO_MINUTE, 2 * COBRO_MINUTE, 5 * COBRO_MINUTE, 15 * COBRO_MINUTE };

  if (polls < (gint64)G_N_ELEMENTS (first))
    return now + first[polls];
  if (now - created_at < COBRO_DAY)
    return now + COBRO_HOUR;
  return now - created_at < 30 * COBRO_DAY ? now + COBRO_DAY : 0;
}
