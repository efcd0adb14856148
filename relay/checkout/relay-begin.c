/* relay/checkout/relay-begin.c — a payer begins: lease a slot, commit payment and intent, call the provider, apply its
 * answer. And the payer who comes back: the same attempt again, or an end to it first. Layer: relay/checkout. Request
 * threads; the transaction runs on the writer's. */
#include "relay-begin-private.h"

#include "cobro-error.h"
#include "cobro-text.h"

/* How often an own attempt is given up before a new one is begun. */
#define ROUNDS_MAX     3
#define TRANSFER_LEASE (3 * COBRO_DAY) /* for who pays by transfer or with cash */

/* One beginning. */
typedef struct
{
  RelayCheckout *checkout;
  const RelayBegin *begin;
  CobroTokenHash payer;
  RelayBeginWay way;
  CobroPayment *given_up; /* (nullable) owned; the payer's own that ends for this one: what it said is known */

  RelayLinkRecord *link;       /* owned; as the transaction saw it */
  RelayPaymentRecord *payment; /* owned; new, or the payer's own that is open */
  gboolean is_own;             /* it was there before */
  gboolean is_same;            /* and it is what is wanted now */
  gint64 number;               /* of the intent */
} Beginning;

static void
beginning_clear (Beginning *self)
{
  relay_link_record_free (self->link);
  relay_payment_record_free (self->payment);
  relay_begin_way_clear (&self->way);
  g_clear_pointer (&self->given_up, cobro_payment_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Beginning, beginning_clear)

void
relay_begin_result_free (RelayBeginResult *result)
{
  if (result == NULL)
    return;
  g_free (result->payer_key);
  g_clear_pointer (&result->payment, cobro_payment_unref);
  g_free (result->url);
  g_free (result->client_secret);
  g_free (result->publishable_key);
  g_free (result->connected_account);
  g_free (result);
}

/* ── The transaction ────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
find_link (RelayTx *tx, Beginning *self, GError **error)
{
  gboolean replaced = FALSE;

  self->link = relay_link_find_by_token (tx->db, self->begin->token, &replaced, error);
  if (self->link == NULL)
    return FALSE;
  return !replaced || cobro_error_set (error, COBRO_ERROR_GONE, "this link was replaced by a newer one");
}

/* The payer's own attempt, if it is still open, or the only one there will be. */
static gboolean
find_own (RelayTx *tx, Beginning *self, GError **error)
{
  GError *failure = NULL;
  RelayPaymentRecord *own =
    relay_payment_find_by_payer (tx->db, &self->link->merchant_id, &self->link->link->id, &self->payer, &failure);

  if (own != NULL && (self->begin->once || !cobro_payment_state_is_final (own->payment->state)))
    {
      self->payment = own;
      self->is_own = TRUE;
      if (self->begin->give_up && self->given_up == NULL)
        self->given_up = cobro_payment_ref (own->payment);
    }
  else
    relay_payment_record_free (own);
  return cobro_error_forgive_not_found (failure, error);
}

/* (transfer full) the link's, as it is at this moment (OPL-7), and what this payer's shop added. */
static GHashTable *
merge_metadata (const CobroLink *link, GHashTable *added)
{
  GHashTable *all;
  GHashTableIter iter;
  gpointer key, value;

  if (added == NULL || g_hash_table_size (added) == 0)
    return g_hash_table_ref (link->metadata);
  all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, link->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_replace (all, g_strdup (key), g_strdup (value));
  g_hash_table_iter_init (&iter, added);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_replace (all, g_strdup (key), g_strdup (value));
  return all;
}

/* What is wanted now, as a payment that is not stored yet. */
static RelayPaymentRecord *
make_payment (RelayTx *tx, Beginning *self, GError **error)
{
  const CobroLink *link = self->link->link;
  RelayPaymentRecord *record = relay_payment_record_new ();
  CobroPayment *payment = record->payment;
  RelayBegin begin = *self->begin;
  guint needs = self->way.provider->class->needs;
  CobroMoney paid;
  gint64 slot;

  if (self->given_up != NULL)
    relay_begin_fill (&begin, self->given_up, link);
  if (!relay_payment_present_use (tx->db, self->link, &slot, &paid, error) ||
      !relay_begin_read (&begin, link, needs, paid, record, error))
    {
      relay_payment_record_free (record);
      return NULL;
    }
  /* Whom the link was made for is who pays it, unless the payer says otherwise: providers want an address. */
  if (*payment->payer_email == '\0')
    cobro_link_set_text (&payment->payer_email, link->customer_email);
  if (*payment->payer_name == '\0')
    cobro_link_set_text (&payment->payer_name, link->customer_name);
  if (!relay_begin_check_needs (payment, needs, error))
    {
      relay_payment_record_free (record);
      return NULL;
    }
  record->merchant_id = self->link->merchant_id;
  g_free (record->account);
  record->account = g_strdup (self->way.account);
  record->payer = self->payer;
  payment->link_id = link->id;
  payment->livemode = link->livemode;
  payment->refunded = cobro_money_zero (link->currency);
  payment->lost = cobro_money_zero (link->currency);
  cobro_link_set_text (&payment->gateway, self->way.provider->class->name);
  cobro_link_set_text (&payment->method, cobro_method_name (self->way.method));
  g_hash_table_unref (payment->metadata);
  payment->metadata = merge_metadata (link, self->begin->metadata);
  cobro_link_set_text (&payment->idempotency_key,
                       self->begin->idempotency_key != NULL ? self->begin->idempotency_key : "");
  if (!cobro_text_check_metadata (payment->metadata, "metadata", error))
    g_clear_pointer (&record, relay_payment_record_free);
  return record;
}

static gboolean
is_embedded (const Beginning *self)
{
  return self->begin->embedded && self->way.provider->class->embeds;
}

/* A way that was made for a script in the payer's page, or not, does not serve the other. */
static gboolean
leads_the_same_way (const Beginning *self, const RelayPaymentRecord *own)
{
  if (self->begin->card_token != NULL)
    return FALSE;
  if (own->next != RELAY_NEXT_REDIRECT && own->next != RELAY_NEXT_CLIENT_SECRET)
    return TRUE;
  return !self->way.provider->class->embeds || is_embedded (self) == (own->next == RELAY_NEXT_CLIENT_SECRET);
}

/* Whether the open attempt is what the payer wants now, and can be gone on with. */
static gboolean
is_same (const Beginning *self, const RelayPaymentRecord *wanted, CobroTime now)
{
  const RelayPaymentRecord *own = self->payment;

  return !self->begin->give_up && own->lease_until > now &&
         cobro_money_equal (own->payment->amount, wanted->payment->amount) &&
         g_str_equal (own->payment->gateway, wanted->payment->gateway) &&
         g_str_equal (own->payment->method, wanted->payment->method) &&
         g_str_equal (own->quantities, wanted->quantities) && leads_the_same_way (self, own);
}

/* A card is paid with now; a transfer or a visit to a shop takes days, but not longer than the link lives. */
CobroTime
relay_checkout_lease_end (RelayCheckout *self, guint method, CobroTime link_end, CobroTime now)
{
  CobroTime until = now + self->lease;

  if ((method & (COBRO_METHOD_BANK_TRANSFER | COBRO_METHOD_STORE)) == 0)
    return until;
  if (link_end != 0 && link_end < now + TRANSFER_LEASE)
    return MAX (until, link_end);
  return now + TRANSFER_LEASE;
}

static gboolean
insert_payment (RelayTx *tx, Beginning *self, GError **error)
{
  RelayPaymentRecord *record = self->payment;
  CobroLinkTally *tally = &self->link->tally;
  g_autofree char *key = NULL;
  CobroTime until = 0;

  if (!relay_payment_take_slot (tx, self->link, &record->slot, &until, error))
    {
      if (until != 0)
        self->way.wait = relay_payer_wait (until, tx->now);
      return FALSE;
    }
  record->leased = record->slot > 0;
  record->payment->id = cobro_id_new (COBRO_ID_PAYMENT, self->checkout->clock, self->checkout->random);
  record->payment->created_at = record->payment->updated_at = tx->now;
  record->lease_until =
    relay_checkout_lease_end (self->checkout, self->way.method, self->link->link->expires_at, tx->now);
  record->next_poll_at = relay_poll_time (tx->now, 0, tx->now);
  if (!relay_payment_insert (tx, record, error))
    return FALSE;
  tally->attempts++;
  tally->open_attempts++;
  tally->last_failed = FALSE;
  self->link->newest_payment = record->row;
  key = relay_store_provider_key (tx->store, &record->payment->id, "begin");
  return relay_payment_append_event (tx, record, COBRO_EVENT_PAYMENT_CREATED, error) &&
         relay_link_save_sums (tx, self->link, error) &&
         relay_attempt_start (tx, record, RELAY_ATTEMPT_BEGIN, NULL, key, &self->number, error);
}

static gboolean
begin_work (RelayTx *tx, gpointer data, GError **error)
{
  Beginning *self = data;
  RelayPaymentRecord *wanted;

  g_clear_pointer (&self->link, relay_link_record_free);
  g_clear_pointer (&self->payment, relay_payment_record_free);
  self->is_own = self->is_same = FALSE;
  if (!find_link (tx, self, error) || !find_own (tx, self, error))
    return FALSE;
  self->is_same = self->is_own && self->begin->once;
  if (self->is_same)
    return TRUE;
  if (!self->is_own && !relay_begin_check_open (self->link, relay_clock_expiry (self->checkout, tx->now), error))
    return FALSE;
  if (!(wanted = make_payment (tx, self, error)))
    return FALSE;
  if (self->is_own)
    {
      self->is_same = is_same (self, wanted, tx->now);
      relay_payment_record_free (wanted);
      return TRUE;
    }
  self->payment = wanted;
  return insert_payment (tx, self, error);
}

/* ── Results ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayBeginResult *
make_result (Beginning *self, const char *payer_key, GError **error)
{
  g_autoptr (RelayBeginResult) result = g_new0 (RelayBeginResult, 1);
  const RelayPaymentRecord *payment = self->payment;
  RelayPaymentSecrets secrets;

  result->payer_key = g_strdup (payer_key);
  result->payment = cobro_payment_ref (payment->payment);
  result->url = g_strdup (payment->next_url);
  if (!cobro_payment_state_is_final (payment->payment->state))
    result->next = (RelayNext)payment->next;
  if (!relay_payment_get_secrets (self->checkout->store, payment, &secrets, error))
    return NULL;
  result->client_secret = secrets.client_secret;
  result->publishable_key = secrets.publishable_key;
  result->connected_account = secrets.connected_account;
  return g_steal_pointer (&result);
}

/* ── The payer's own attempt ────────────────────────────────────────────────────────────────────────────────── */

static gboolean
start_again_work (RelayTx *tx, gpointer data, GError **error)
{
  Beginning *self = data;
  g_autofree char *key = relay_call_key_of_begin (tx->store, tx->db, self->payment, error);

  return key != NULL && relay_attempt_start (tx, self->payment, RELAY_ATTEMPT_BEGIN, NULL, key, &self->number, error);
}

static gboolean
call_provider (Beginning *self, const char *payer_key, GError **error)
{
  g_autofree char *return_url = relay_call_return_url (self->checkout, self->begin->token, payer_key);
  RelayCallBegin begin = { .title = self->link->link->title,
                           .return_url = return_url,
                           .locale = self->begin->locale,
                           .number = self->number,
                           .embedded = is_embedded (self),
                           .token = self->begin->card_token,
                           .device = self->begin->device };

  return relay_call_begin (self->checkout, &self->payment, &begin, error);
}

/* The same attempt: where the payer was already, or, where our call got lost, the same call with the same key. */
static gboolean
go_on (Beginning *self, const char *payer_key, GError **error)
{
  RelayPaymentRecord *own = self->payment;

  if (*own->next_url != '\0' || own->next_sealed != NULL)
    return TRUE;
  if (own->payment->state != COBRO_PAYMENT_UNKNOWN && own->payment->state != COBRO_PAYMENT_CREATED)
    return TRUE; /* at the provider, without anything for the payer to do; or over */
  if (!relay_call_may_repeat (own, cobro_clock_now (self->checkout->clock)))
    return relay_call_query (self->checkout, &self->payment, error);
  return relay_store_write_for (self->checkout->store, &self->way.merchant_id, start_again_work, self, error) &&
         call_provider (self, payer_key, error);
}

/* Ends the own attempt at the provider. @out_ended: it is over, without money: a new one may begin. */
static gboolean
give_up (Beginning *self, gboolean *out_ended, GError **error)
{
  CobroPaymentState state;

  *out_ended = FALSE;
  if (!relay_call_cancel (self->checkout, &self->payment, error))
    return FALSE;
  state = self->payment->payment->state;
  *out_ended = state == COBRO_PAYMENT_FAILED || state == COBRO_PAYMENT_CANCELLED;
  return TRUE;
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* One round. @out_again: the own attempt is over now, begin anew. */
static gboolean
run_round (Beginning *self, const char *payer_key, gboolean *out_again, GError **error)
{
  *out_again = FALSE;
  if (!relay_store_write_for (self->checkout->store, &self->way.merchant_id, begin_work, self, error))
    return FALSE;
  if (!self->is_own)
    return call_provider (self, payer_key, error);
  return self->is_same ? go_on (self, payer_key, error) : give_up (self, out_again, error);
}

static RelayBeginResult *
run_rounds (Beginning *self, const char *payer_key, GError **error)
{
  gboolean again = TRUE;

  for (int i = 0; i < ROUNDS_MAX && again; i++)
    if (!run_round (self, payer_key, &again, error))
      return NULL;
  return make_result (self, payer_key, error);
}

gboolean
relay_checkout_check_open (RelayCheckout *self, const RelayLinkRecord *link, GError **error)
{
  return relay_begin_check_open (link, relay_clock_expiry (self, cobro_clock_now (self->clock)), error);
}

/* The payer's key, or a new one; and one beginning per payer and link at a time: a double click is one attempt. */
RelayBeginResult *
relay_checkout_begin (RelayCheckout *self, const RelayBegin *begin, gint64 *out_wait, GError **error)
{
  g_auto (Beginning) beginning = { .checkout = self, .begin = begin };
  g_autoptr (RelayBeginResult) result = NULL;
  g_autofree char *flight = NULL;
  CobroToken key;

  if (!relay_payer_parse (begin->payer_key, &beginning.payer))
    key = cobro_token_new_reference (self->random);
  else if (!cobro_token_parse (begin->payer_key, &key, error))
    return NULL;
  beginning.payer = cobro_token_hash (&key);
  flight = g_strdup_printf ("begin:%s:%s", begin->token, key.text);
  if (!relay_checkout_enter (self, flight))
    {
      if (out_wait != NULL)
        *out_wait = 1;
      cobro_error_set (error, COBRO_ERROR_BUSY, "your payment is being started already");
      return NULL;
    }
  if (relay_begin_choose_way (self, begin, &beginning.way, error))
    result = run_rounds (&beginning, key.text, error);
  relay_checkout_leave (self, flight);
  if (result == NULL && out_wait != NULL)
    *out_wait = beginning.way.wait;
  return g_steal_pointer (&result);
}
