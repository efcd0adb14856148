/* relay/checkout/relay-rebuild.c — a payment of ours that the provider lists and books from a copy lack is made anew,
 * so that its money is in the ledger. Layer: relay/checkout. Inside a transaction, on the writer's thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"

#define REASON                                                                                                         \
  "the books came back from a copy without this payment: it was made anew from the provider's list, and what it paid " \
  "for is not known"

/* Whether the fact names a payment of ours that nobody has. Its reference was checked when the list was read: an id is
 * one that we signed. Money that is not one success is for a person to explain. */
static gboolean
may_rebuild (RelayTx *tx, const CobroFact *fact, CobroId *out_id, gboolean *out_may, GError **error)
{
  gboolean taken = FALSE;

  *out_may = fact->kind == COBRO_FACT_SUCCEEDED && *fact->provider_payment_id != '\0' &&
             cobro_money_is_set (fact->amount) && cobro_id_parse (COBRO_ID_PAYMENT, fact->reference, out_id, NULL);
  if (!*out_may)
    return TRUE;
  /* Also another merchant's, or one of the other mode: then the reference was carried over to this account. */
  if (!relay_payment_is_anywhere (tx->db, out_id, &taken, error))
    return FALSE;
  *out_may = !taken;
  return TRUE;
}

static RelayPaymentRecord *
make_record (const RelayTx *tx, const CobroId *merchant_id, const CobroId *id, const CobroFact *fact)
{
  RelayPaymentRecord *record = relay_payment_record_new ();
  CobroPayment *payment = record->payment;

  record->merchant_id = *merchant_id;
  cobro_link_set_text (&record->account, fact->account);
  record->lease_until = tx->now;
  payment->id = *id;
  payment->livemode = fact->livemode;
  payment->amount = fact->amount;
  payment->refunded = payment->lost = cobro_money_zero (cobro_money_currency (fact->amount));
  payment->flags = COBRO_FLAG_QUARANTINED; /* a person has to say what it paid for */
  cobro_link_set_text (&payment->gateway, fact->provider);
  payment->created_at = MIN (cobro_id_time (id), tx->now);
  payment->updated_at = tx->now;
  return record;
}

/* Our signature says that there was an intent; how its call ended is not known any more. */
static gboolean
note_intent (RelayTx *tx, const RelayPaymentRecord *record, GError **error)
{
  const CobroId *id = &record->payment->id;
  g_autofree char *key = relay_store_provider_key (tx->store, id, "begin");
  gint64 number;

  return relay_attempt_start (tx, record, RELAY_ATTEMPT_BEGIN, NULL, key, &number, error) &&
         relay_attempt_finish (tx, &record->merchant_id, id, number, RELAY_ATTEMPT_LOST, NULL, error);
}

static gboolean
rebuild (RelayTx *tx, const CobroId *merchant_id, const CobroId *id, const CobroFact *fact, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = make_record (tx, merchant_id, id, fact);
  RelayScope scope = { *merchant_id, fact->livemode };
  RelayVerdict verdict;

  if (!relay_payment_insert (tx, record, error) || !note_intent (tx, record, error) ||
      !relay_payment_append_event (tx, record, COBRO_EVENT_PAYMENT_CREATED, error) ||
      !relay_checkout_apply (tx, fact, &verdict, error))
    return FALSE;
  if (verdict != RELAY_VERDICT_APPLIED)
    return cobro_error_set (error, COBRO_ERROR_STATE, "payment %s was made anew and its money is %s", id->text,
                            relay_verdict_name (verdict));
  return relay_quarantine_insert (tx, &scope, fact, id, NULL, REASON, error);
}

gboolean
relay_rebuild_payment (RelayTx *tx, const CobroId *merchant_id, const CobroFact *fact, gboolean *out_made,
                       GError **error)
{
  CobroId id;

  return may_rebuild (tx, fact, &id, out_made, error) && (!*out_made || rebuild (tx, merchant_id, &id, fact, error));
}
