/* relay/checkout/relay-resolve.c — the merchant decides about money in quarantine: accept it, give it back, or release
 * the attempt. Layer: relay/checkout. Any thread; the transaction runs on the writer's. */
#include "relay-resolve.h"

#include "cobro-error.h"
#include "relay-apply-private.h"
#include "relay-event-store.h"

static const struct
{
  const char *name, *done; /* what is asked, and what the books call it then */
} words[] = {
  [RELAY_RESOLVE_ACCEPT] = { "accept", "accepted" },
  [RELAY_RESOLVE_REFUND] = { "refund", "refunded" },
  [RELAY_RESOLVE_RELEASE] = { "release", "released" },
};

gboolean
relay_resolution_from_name (const char *name, RelayResolution *out_resolution)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (name, words[i].name) == 0)
      {
        *out_resolution = (RelayResolution)i;
        return TRUE;
      }
  return FALSE;
}

typedef struct
{
  RelayScope scope;
  CobroId payment_id;
  CobroId second_id; /* for a second charge that is taken over */
  RelayResolution resolution;
  RelayPaymentRecord *payment; /* owned */
} Resolving;

static void
resolving_clear (Resolving *self)
{
  relay_payment_record_free (self->payment);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Resolving, resolving_clear)

static gboolean
load (RelayTx *tx, Resolving *self, GError **error)
{
  relay_payment_record_free (self->payment);
  self->payment = relay_payment_find (tx->db, &self->scope, &self->payment_id, error);
  return self->payment != NULL;
}

/* ── Which money ────────────────────────────────────────────────────────────────────────────────────────────── */

static const CobroFact *
find_success (GPtrArray *open)
{
  for (guint i = 0; i < open->len; i++)
    {
      const RelayQuarantined *one = open->pdata[i];

      if (one->fact->kind == COBRO_FACT_SUCCEEDED)
        return one->fact;
    }
  return NULL;
}

/* Money that can be taken, or given back through this payment. */
static gboolean
check_money (const CobroPayment *payment, const CobroFact *fact, GError **error)
{
  if (fact == NULL)
    return cobro_error_set (error, COBRO_ERROR_STATE, "no money came that could be decided about: release it");
  if (payment->state == COBRO_PAYMENT_SUCCEEDED)
    return cobro_error_set (error, COBRO_ERROR_STATE,
                            "the payment has its money, and this is a second charge: refund or release it");
  if (*payment->provider_payment_id != '\0' && *fact->provider_payment_id != '\0' &&
      g_strcmp0 (payment->provider_payment_id, fact->provider_payment_id) != 0)
    return cobro_error_set (error, COBRO_ERROR_STATE,
                            "the provider has this money under another payment: settle it there, then release this");
  if (cobro_money_currency (fact->amount) != cobro_money_currency (payment->amount))
    return cobro_error_set (error, COBRO_ERROR_STATE,
                            "it came in another currency: settle it at the provider, then release this");
  return TRUE;
}

/* The merchant's word, as a fact: of what the provider said when @said is set, else of our own making. */
static CobroFact *
make_fact (const Resolving *self, const CobroFact *said, CobroFactKind kind, const char *event_id)
{
  const CobroPayment *payment = self->payment->payment;
  CobroFact *fact = cobro_fact_new ();

  fact->source = COBRO_FACT_FROM_MERCHANT;
  cobro_link_set_text (&fact->provider, payment->gateway);
  cobro_link_set_text (&fact->account, self->payment->account);
  fact->livemode = payment->livemode;
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("%s/%s", event_id, words[self->resolution].done);
  cobro_link_set_text (&fact->provider_payment_id, said != NULL && *payment->provider_payment_id == '\0'
                                                     ? said->provider_payment_id
                                                     : payment->provider_payment_id);
  cobro_link_set_text (&fact->reference, payment->id.text);
  fact->kind = kind;
  if (said != NULL)
    fact->amount = said->amount;
  cobro_link_set_text (&fact->failure_code, said == NULL ? "released" : "");
  fact->occurred_at = said != NULL ? said->occurred_at : 0;
  return fact;
}

/* Nobody waits for the provider's answer: the janitor asks it now. */
static gboolean
begin_refund (RelayTx *tx, RelayRefundRecord *refund, GError **error)
{
  if (refund == NULL)
    return FALSE;
  refund->next_try_at = tx->now;
  return relay_refund_save (tx, refund, error) &&
         relay_refund_append_event (tx, refund, COBRO_EVENT_REFUND_CREATED, error);
}

/* ── A second charge ────────────────────────────────────────────────────────────────────────────────────────── */

/* Another charge than the one whose money the payment has: it can be named at the provider, and goes back by itself. */
static gboolean
is_second_charge (const RelayPaymentRecord *record, const CobroFact *said)
{
  return said != NULL && record->payment->state == COBRO_PAYMENT_SUCCEEDED && *said->charge_id != '\0' &&
         !g_str_equal (said->charge_id, record->charge_id) &&
         !g_str_equal (said->charge_id, record->payment->provider_payment_id) &&
         cobro_money_is_positive (said->amount) &&
         cobro_money_currency (said->amount) == cobro_money_currency (record->payment->amount);
}

/* (transfer full) a payment of its own, that pays for nothing; by the same payer, on the same link. */
static RelayPaymentRecord *
second_new (RelayTx *tx, const Resolving *self, const CobroFact *said)
{
  const RelayPaymentRecord *first = self->payment;
  RelayPaymentRecord *second = relay_payment_record_new ();
  CobroPayment *payment = cobro_payment_copy (first->payment);

  cobro_payment_unref (second->payment);
  second->payment = payment;
  second->merchant_id = first->merchant_id;
  second->second_of = first->payment->id;
  second->payer = first->payer;
  g_free (second->account);
  second->account = g_strdup (first->account);
  payment->id = self->second_id;
  payment->amount = said->amount;
  payment->received = COBRO_MONEY_NONE;
  payment->refunded = payment->lost = cobro_money_zero (cobro_money_currency (said->amount));
  payment->state = COBRO_PAYMENT_CREATED;
  payment->flags = 0;
  payment->dispute_due = 0;
  cobro_link_set_text (&payment->provider_payment_id, "");
  cobro_link_set_text (&payment->idempotency_key, "");
  payment->created_at = payment->updated_at = tx->now;
  return second;
}

static gboolean
insert_second (RelayTx *tx, Resolving *self, RelayPaymentRecord *second, GError **error)
{
  g_autoptr (RelayLinkRecord) link = NULL;

  if (!relay_payment_insert (tx, second, error) ||
      !relay_payment_append_event (tx, second, COBRO_EVENT_PAYMENT_CREATED, error))
    return FALSE;
  if (!cobro_id_is_set (&second->payment->link_id))
    return TRUE;
  if (!(link = relay_link_find (tx->db, &self->scope, &second->payment->link_id, error)))
    return FALSE;
  link->tally.attempts++;
  link->tally.open_attempts++;
  link->newest_payment = second->row;
  return relay_link_save_sums (tx, link, error);
}

/* What came beside is taken over as a payment that pays for no use, and given back like any other. */
static gboolean
give_second_back (RelayTx *tx, Resolving *self, const CobroFact *said, GError **error)
{
  g_autoptr (RelayPaymentRecord) second = second_new (tx, self, said);
  g_autoptr (RelayPaymentRecord) paid = NULL;
  g_autoptr (RelayRefundRecord) refund = NULL;
  g_autoptr (CobroFact) fact = make_fact (self, said, COBRO_FACT_SUCCEEDED, said->event_id);
  RelayVerdict verdict;

  cobro_link_set_text (&fact->provider_payment_id, "");
  cobro_link_set_text (&fact->charge_id, said->charge_id);
  cobro_link_set_text (&fact->reference, second->payment->id.text);
  cobro_link_set_text (&second->charge_id, said->charge_id);
  if (!insert_second (tx, self, second, error) || !relay_apply_accepted (tx, fact, TRUE, &verdict, error))
    return FALSE;
  if (verdict != RELAY_VERDICT_APPLIED)
    return cobro_error_set (error, COBRO_ERROR_STATE, "this money cannot be taken: %s", relay_verdict_name (verdict));
  if (!(paid = relay_payment_find (tx->db, &self->scope, &second->payment->id, error)) ||
      !(refund = relay_refund_insert (tx, paid, paid->payment->received, RELAY_REFUND_BY_MERCHANT, "charged twice", "",
                                      error)))
    return FALSE;
  return begin_refund (tx, refund, error);
}

/* ── Deciding ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
take_money (RelayTx *tx, Resolving *self, const CobroFact *said, GError **error)
{
  g_autoptr (CobroFact) fact = NULL;
  RelayVerdict verdict;

  if (!check_money (self->payment->payment, said, error))
    return FALSE;
  fact = make_fact (self, said, COBRO_FACT_SUCCEEDED, said->event_id);
  if (!relay_apply_accepted (tx, fact, self->resolution == RELAY_RESOLVE_REFUND, &verdict, error))
    return FALSE;
  return verdict == RELAY_VERDICT_APPLIED ||
         cobro_error_set (error, COBRO_ERROR_STATE, "this money cannot be taken: %s", relay_verdict_name (verdict));
}

static gboolean
give_back (RelayTx *tx, Resolving *self, GError **error)
{
  g_autoptr (RelayRefundRecord) refund = NULL;

  if (!load (tx, self, error))
    return FALSE;
  refund = relay_refund_insert (tx, self->payment, self->payment->payment->received, RELAY_REFUND_BY_MERCHANT,
                                "not the amount that was asked", "", error);
  return begin_refund (tx, refund, error);
}

static gboolean
release (RelayTx *tx, Resolving *self, gint64 row, GError **error)
{
  g_autofree char *event_id = g_strdup_printf ("relay/quarantine/%s/%" G_GINT64_FORMAT, self->payment_id.text, row);
  g_autoptr (CobroFact) fact = make_fact (self, NULL, COBRO_FACT_CANCELLED, event_id);
  RelayVerdict verdict;

  return relay_checkout_apply (tx, fact, &verdict, error);
}

static gboolean
decide (RelayTx *tx, Resolving *self, GPtrArray *open, GError **error)
{
  switch (self->resolution)
    {
    case RELAY_RESOLVE_ACCEPT:
      return take_money (tx, self, find_success (open), error);
    case RELAY_RESOLVE_REFUND:
      if (is_second_charge (self->payment, find_success (open)))
        return give_second_back (tx, self, find_success (open), error);
      return take_money (tx, self, find_success (open), error) && give_back (tx, self, error);
    case RELAY_RESOLVE_RELEASE:
      return release (tx, self, ((RelayQuarantined *)open->pdata[0])->row, error);
    }
  g_return_val_if_reached (FALSE);
}

/* Nobody has to look any more; that the amount was another one stays visible. */
static gboolean
clear_flags (RelayTx *tx, Resolving *self, GError **error)
{
  CobroPayment *payment = self->payment->payment;
  g_autoptr (RelayLinkRecord) link = NULL;
  gint64 open = 0;

  payment->flags &= ~(guint)COBRO_FLAG_QUARANTINED;
  if (!relay_payment_save (tx, self->payment, error))
    return FALSE;
  if (!cobro_id_is_set (&payment->link_id))
    return TRUE;
  if (!relay_quarantine_count_link (tx->db, &self->scope.merchant_id, &payment->link_id, &open, error) ||
      !(link = relay_link_find (tx->db, &self->scope, &payment->link_id, error)))
    return FALSE;
  if (open > 0)
    return TRUE;
  link->tally.flags &= ~(guint)COBRO_FLAG_QUARANTINED;
  return relay_link_save_sums (tx, link, error);
}

static gboolean
resolve_work (RelayTx *tx, gpointer data, GError **error)
{
  Resolving *self = data;
  g_autoptr (GPtrArray) open = NULL;

  if (!load (tx, self, error) ||
      !(open = relay_quarantine_list_open (tx->db, &self->scope.merchant_id, &self->payment_id, error)))
    return FALSE;
  if (open->len == 0)
    return cobro_error_set (error, COBRO_ERROR_STATE, "nothing about this payment waits for a decision");
  return decide (tx, self, open, error) &&
         relay_quarantine_resolve (tx, &self->scope.merchant_id, &self->payment_id, words[self->resolution].done,
                                   error) &&
         load (tx, self, error) && clear_flags (tx, self, error) &&
         relay_payment_append_event (tx, self->payment, COBRO_EVENT_PAYMENT_RESOLVED, error);
}

CobroPayment *
relay_checkout_resolve (RelayCheckout *self, const RelayScope *scope, const CobroId *payment_id,
                        RelayResolution resolution, GError **error)
{
  g_auto (Resolving) resolving = { .scope = *scope,
                                   .payment_id = *payment_id,
                                   .second_id = cobro_id_new (COBRO_ID_PAYMENT, self->clock, self->random),
                                   .resolution = resolution };

  if (!relay_store_write_for (self->store, &scope->merchant_id, resolve_work, &resolving, error))
    return NULL;
  return cobro_payment_ref (resolving.payment->payment);
}
