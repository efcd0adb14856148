/* relay/checkout/relay-inbox-apply.c — what stored webhooks say is applied: money only after the provider was asked,
 * the rest at once; what cannot be bound yet is tried again. Layer: relay/checkout. The janitor's threads; transactions
 * run on the writer's. */
#include "relay-apply-private.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-alarm.h"
#include "relay-inbox-store.h"

#define RETRY_MAX     (5 * COBRO_MINUTE)
#define RETRY_OLD_MAX COBRO_HOUR /* what has waited for a day is looked at once an hour */

/* One stored webhook being applied. */
typedef struct
{
  RelayCheckout *checkout;
  const RelayInboxRow *row;
  GPtrArray *facts;   /* (element-type CobroFact) owned: what may be applied now, in order */
  gboolean waits;     /* some of it must be asked about again */
  gboolean unmatched; /* some of it speaks of a payment that we do not know (yet) */
  gboolean foreign;   /* it is authentic, and cannot be of this account */
  char *reason;       /* (nullable) owned: why it is not understood */
} Application;

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The payment that the fact speaks of. @out_record: NULL when there is none (yet). FALSE: the books cannot be read, so
 * nothing is known. */
static gboolean
find_payment (const Application *self, const CobroFact *fact, RelayPaymentRecord **out_record, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->checkout->store, error);
  RelayScope scope = { self->row->merchant_id, self->row->livemode };

  *out_record = NULL;
  return reader != NULL && relay_payment_find_for_fact (reader->db, &scope, fact, out_record, error);
}

/* Asks the provider. @out_believed: it says the same. */
static gboolean
ask (const Application *self, RelayPaymentRecord **record, gboolean *out_believed, GError **error)
{
  g_autofree char *flight = g_strconcat ("payment:", (*record)->payment->id.text, NULL);
  gboolean ok = TRUE;

  if ((*record)->payment->state != COBRO_PAYMENT_SUCCEEDED)
    {
      if (!relay_checkout_enter (self->checkout, flight)) /* somebody is asking: look again soon */
        {
          *out_believed = FALSE;
          return TRUE;
        }
      ok = relay_call_query (self->checkout, record, error);
      relay_checkout_leave (self->checkout, flight);
    }
  *out_believed = ok && (*record)->payment->state == COBRO_PAYMENT_SUCCEEDED;
  return ok;
}

/* "It is said that money came": enough for the page to say processing, not enough to settle anything. */
static CobroFact *
make_unverified (const CobroFact *fact)
{
  CobroFact *copy = cobro_fact_new ();

  copy->source = fact->source;
  cobro_link_set_text (&copy->provider, fact->provider);
  cobro_link_set_text (&copy->account, fact->account);
  copy->livemode = fact->livemode;
  g_free (copy->event_id);
  copy->event_id = g_strconcat (fact->event_id, "/unverified", NULL);
  cobro_link_set_text (&copy->provider_payment_id, fact->provider_payment_id);
  cobro_link_set_text (&copy->charge_id, fact->charge_id);
  cobro_link_set_text (&copy->reference, fact->reference);
  copy->kind = COBRO_FACT_PROCESSING;
  copy->occurred_at = fact->occurred_at;
  return copy;
}

/* Success: only what the provider confirms, or what cannot settle anything. */
static gboolean
verify_success (Application *self, CobroFact *fact, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = NULL;
  gboolean believed = TRUE;

  if (!find_payment (self, fact, &record, error))
    return FALSE;
  if (record == NULL) /* it may be there by the time we apply, and must not settle unasked then */
    {
      self->unmatched = TRUE;
      return TRUE;
    }
  if (relay_apply_why_foreign (record, fact) == NULL && !ask (self, &record, &believed, error))
    return FALSE;
  believed |= !cobro_money_equal (record->payment->amount, fact->amount); /* settles nothing: said, and done with */
  self->waits |= !believed;
  g_ptr_array_add (self->facts, believed ? cobro_fact_ref (fact) : make_unverified (fact));
  return TRUE;
}

/* Whether @answer says what @claim said: if the state has moved on, the answer is what counts. */
static gboolean
says_the_same (const CobroFact *claim, const CobroFact *answer)
{
  return claim->kind == answer->kind && cobro_money_equal (claim->amount, answer->amount);
}

/* Whether the books have this very refund, carried out: nobody needs to be asked about it, and some providers show only
 * the last refund of a charge. */
static gboolean
is_booked (const Application *self, const RelayPaymentRecord *record, const CobroFact *fact, gboolean *out_booked,
           GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->checkout->store, error);
  g_autoptr (RelayRefundRecord) refund = NULL;
  GError *failure = NULL;

  *out_booked = FALSE;
  if (reader == NULL)
    return FALSE;
  if (fact->kind != COBRO_FACT_REFUNDED)
    return TRUE;
  refund = relay_refund_find_for_fact (reader->db, record, fact->refund_id, fact->amount, &failure);
  *out_booked = refund != NULL && refund->refund->state == COBRO_REFUND_SUCCEEDED &&
                g_str_equal (refund->refund->provider_refund_id, fact->refund_id) &&
                cobro_money_equal (refund->refund->amount, fact->amount);
  if (failure == NULL || g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_clear_error (&failure);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

/* Money that goes back, and disputes: asked about, and what the provider says is applied. */
static gboolean
verify_back (Application *self, CobroFact *fact, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = NULL;
  g_autoptr (CobroFact) answer = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean paid, booked = FALSE;

  if (!find_payment (self, fact, &record, error) || (record != NULL && !is_booked (self, record, fact, &booked, error)))
    return FALSE;
  if (booked || (record != NULL && relay_apply_why_foreign (record, fact) != NULL)) /* applying it says why */
    {
      g_ptr_array_add (self->facts, cobro_fact_ref (fact));
      return TRUE;
    }
  if (record != NULL && !ask (self, &record, &paid, error))
    return FALSE;
  if (record == NULL || !paid) /* nothing can go back before it came */
    {
      self->unmatched = TRUE;
      return TRUE;
    }
  if (!(answer = relay_call_look (self->checkout, record, fact, &failure)))
    {
      self->waits = TRUE;
      return TRUE;
    }
  g_ptr_array_add (self->facts, cobro_fact_ref (answer));
  if (says_the_same (fact, answer))
    g_ptr_array_add (self->facts, cobro_fact_ref (fact));
  return TRUE;
}

/* Chooses what of @fact may be applied now. */
static gboolean
verify (Application *self, CobroFact *fact, GError **error)
{
  switch (fact->kind)
    {
    case COBRO_FACT_SUCCEEDED:
      return verify_success (self, fact, error);
    case COBRO_FACT_REFUND_PENDING:
    case COBRO_FACT_REFUNDED:
    case COBRO_FACT_REFUND_FAILED:
    case COBRO_FACT_DISPUTE_OPENED:
    case COBRO_FACT_DISPUTE_WON:
    case COBRO_FACT_DISPUTE_LOST:
      return verify_back (self, fact, error);
    case COBRO_FACT_PENDING:
    case COBRO_FACT_ACTION_NEEDED:
    case COBRO_FACT_PROCESSING:
    case COBRO_FACT_NO_ANSWER:
    case COBRO_FACT_FAILED:
    case COBRO_FACT_CANCELLED:
      g_ptr_array_add (self->facts, cobro_fact_ref (fact));
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the provider's adapter makes of the body. NULL without an error: it does not understand it (self->reason). */
static GPtrArray *
read_raw (Application *self, GError **error)
{
  const RelayInboxRow *row = self->row;
  RelayProvider *provider = relay_providers_find (self->checkout->providers, row->provider);
  g_autoptr (RelayOpenAccount) opened = NULL;
  g_autoptr (GError) failure = NULL;
  GPtrArray *facts;

  if (provider == NULL)
    {
      self->reason = g_strdup_printf ("this relay has no gateway \"%s\"", row->provider);
      return NULL;
    }
  if (row->raw == NULL)
    {
      self->reason = g_strdup ("not readable: the key that sealed it was lost");
      return NULL;
    }
  if (!(opened = relay_accounts_get (self->checkout, row->provider, row->account, error)))
    return NULL;
  facts = relay_provider_read (provider, opened->account, row->raw, &failure);
  if (facts == NULL)
    {
      self->foreign = g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_FORBIDDEN);
      self->reason = g_strdup_printf ("%s%s", self->foreign ? "" : "not understood: ", failure->message);
      return NULL;
    }
  for (guint i = 0; i < facts->len; i++)
    if (!relay_reference_open (self->checkout->store, &opened->merchant_id, facts->pdata[i], error))
      {
        g_ptr_array_unref (facts);
        return NULL;
      }
  return facts;
}

/* ── Applying ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* 1 s, 2 s, 4 s … 5 min, after a day every hour, for ever. */
static CobroTime
retry_time (const RelayInboxRow *row, CobroTime now)
{
  gint64 longest = now - row->received_at < COBRO_DAY ? RETRY_MAX : RETRY_OLD_MAX;

  return now + MIN (COBRO_SECOND << MIN (row->tries, 16), longest);
}

static gboolean
settle_row (RelayTx *tx, const Application *self, const gboolean seen[], GError **error)
{
  const RelayInboxRow *row = self->row;

  if (self->foreign)
    return relay_inbox_settle (tx, row->row, RELAY_INBOX_QUARANTINED, 0, self->reason, error);
  if (self->reason != NULL)
    return relay_inbox_settle (tx, row->row, RELAY_INBOX_UNMATCHED, retry_time (row, tx->now), self->reason, error);
  if (self->waits)
    return relay_inbox_settle (tx, row->row, RELAY_INBOX_PENDING, retry_time (row, tx->now),
                               "the provider has not confirmed it yet", error);
  if (self->unmatched || seen[RELAY_VERDICT_UNMATCHED])
    return relay_inbox_settle (tx, row->row, RELAY_INBOX_UNMATCHED, retry_time (row, tx->now),
                               "no payment of ours (yet)", error);
  return relay_inbox_settle (
    tx, row->row, seen[RELAY_VERDICT_QUARANTINED] ? RELAY_INBOX_QUARANTINED : RELAY_INBOX_APPLIED, 0, "", error);
}

static gboolean
apply_work (RelayTx *tx, gpointer data, GError **error)
{
  const Application *self = data;
  gboolean seen[RELAY_VERDICT_QUARANTINED + 1] = { FALSE };

  for (guint i = 0; i < self->facts->len; i++)
    {
      RelayVerdict verdict;

      if (!relay_checkout_apply (tx, self->facts->pdata[i], &verdict, error))
        return FALSE;
      seen[verdict] = TRUE;
    }
  return settle_row (tx, self, seen, error);
}

/* Everything that the row says, chosen: self->facts. */
static gboolean
choose (Application *self, GPtrArray *said, GError **error)
{
  for (guint i = 0; i < said->len; i++)
    if (!verify (self, said->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean
relay_inbox_apply (RelayCheckout *checkout, const RelayInboxRow *row, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autoptr (GPtrArray) said = NULL;
  g_autofree char *reason = NULL;
  Application self = { .checkout = checkout, .row = row, .facts = facts };
  GError *failure = NULL;
  gboolean ok;

  said = row->facts != NULL ? g_ptr_array_ref (row->facts) : read_raw (&self, &failure);
  reason = self.reason;
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (self.foreign)
    relay_alarm ("webhook_quarantined", "%s account %s: event row %" G_GINT64_FORMAT ": %s", row->provider,
                 row->account, row->row, reason);
  ok = said == NULL || choose (&self, said, error);
  return ok && relay_store_write_for (checkout->store, &row->merchant_id, apply_work, &self, error);
}
