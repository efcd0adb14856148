/* relay/checkout/relay-inbox-apply.c — what stored webhooks say is applied: money only after the provider was asked,
 * the rest at once; what cannot be bound yet is tried again. Layer: relay/checkout. The janitor's threads; transactions
 * run on the writer's. */
#include "relay-checkout-private.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-inbox-store.h"

#define RETRY_MAX (5 * COBRO_MINUTE)

/* One stored webhook being applied. */
typedef struct
{
  RelayCheckout *checkout;
  const RelayInboxRow *row;
  GPtrArray *facts;   /* (element-type CobroFact) owned: what may be applied now, in order */
  gboolean waits;     /* some of it must be asked about again */
  gboolean unmatched; /* some of it speaks of a payment that we do not know (yet) */
} Application;

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
forgive_not_found (GError *failure, GError **error)
{
  if (failure == NULL || g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_clear_error (&failure);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
find_by_reference (CobroDb *db, const RelayInboxRow *row, const CobroFact *fact, RelayPaymentRecord **out_record,
                   GError **error)
{
  RelayScope scope = { row->merchant_id, row->livemode };
  GError *failure = NULL;
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_PAYMENT, fact->reference, &id, NULL))
    return TRUE;
  *out_record = relay_payment_find (db, &scope, &id, &failure);
  return forgive_not_found (failure, error);
}

/* The payment that the fact speaks of, by the provider's id, else by our reference. @out_record: NULL when there is
 * none (yet). FALSE: the books cannot be read, so nothing is known. */
static gboolean
find_payment (const Application *self, const CobroFact *fact, RelayPaymentRecord **out_record, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->checkout->store, error);
  const RelayInboxRow *row = self->row;
  GError *failure = NULL;

  *out_record = NULL;
  if (reader == NULL)
    return FALSE;
  if (*fact->provider_payment_id != '\0')
    *out_record = relay_payment_find_by_object (reader->db, row->provider, row->account, row->livemode,
                                                fact->provider_payment_id, &failure);
  return forgive_not_found (failure, error) &&
         (*out_record != NULL || find_by_reference (reader->db, row, fact, out_record, error));
}

/* A fact that cannot be this payment's settles nothing and is not asked about: applying it says why. Another amount is
 * asked about: the provider says how much it was. */
static gboolean
is_foreign (const RelayPaymentRecord *record, const CobroFact *fact)
{
  const CobroPayment *payment = record->payment;

  return g_strcmp0 (payment->gateway, fact->provider) != 0 || g_strcmp0 (record->account, fact->account) != 0 ||
         (*payment->provider_payment_id != '\0' && *fact->provider_payment_id != '\0' &&
          !g_str_equal (payment->provider_payment_id, fact->provider_payment_id)) ||
         (*fact->reference != '\0' && !g_str_equal (fact->reference, payment->id.text)) ||
         cobro_money_currency (payment->amount) != cobro_money_currency (fact->amount);
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
  cobro_link_set_text (&copy->reference, fact->reference);
  copy->kind = COBRO_FACT_PROCESSING;
  copy->occurred_at = fact->occurred_at;
  return copy;
}

/* Chooses what of @fact may be applied now: of a success only what the provider has confirmed. */
static gboolean
verify (Application *self, CobroFact *fact, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = NULL;
  gboolean believed = TRUE;

  if (fact->kind == COBRO_FACT_SUCCEEDED)
    {
      if (!find_payment (self, fact, &record, error))
        return FALSE;
      if (record == NULL) /* it may be there by the time we apply, and must not settle unasked then */
        {
          self->unmatched = TRUE;
          return TRUE;
        }
      if (!is_foreign (record, fact) && !ask (self, &record, &believed, error))
        return FALSE;
      believed |= !cobro_money_equal (record->payment->amount, fact->amount); /* settles nothing: said, and done with */
    }
  self->waits |= !believed;
  g_ptr_array_add (self->facts, believed ? cobro_fact_ref (fact) : make_unverified (fact));
  return TRUE;
}

/* ── Applying ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* 1 s, 2 s, 4 s … 5 min, for ever. */
static CobroTime
retry_time (const RelayInboxRow *row, CobroTime now)
{
  return now + MIN (COBRO_SECOND << MIN (row->tries, 16), RETRY_MAX);
}

static gboolean
settle_row (RelayTx *tx, const Application *self, const gboolean seen[], GError **error)
{
  const RelayInboxRow *row = self->row;

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

gboolean
relay_inbox_apply (RelayCheckout *checkout, const RelayInboxRow *row, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  Application self = { .checkout = checkout, .row = row, .facts = facts };

  for (guint i = 0; i < row->facts->len; i++)
    if (!verify (&self, row->facts->pdata[i], error))
      return FALSE;
  return relay_store_write (checkout->store, apply_work, &self, error);
}
