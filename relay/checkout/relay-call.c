/* relay/checkout/relay-call.c — calls to providers: the intent is in the books before the call leaves, the call runs
 * outside any transaction behind the breaker, and what comes back goes in as a fact. Layer: relay/checkout. Blocks up
 * to the call's deadline; never on the writer's thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"

#define KEY_LIFE        (23 * COBRO_HOUR) /* providers keep idempotency keys for 24 hours at least */
#define DESCRIPTION_MAX 200

/* One call under way. */
typedef struct
{
  RelayCheckout *checkout;
  RelayPaymentRecord *payment;     /* owned; as it was before, then as it is after */
  RelayRefundRecord *refund;       /* (nullable) owned: refund calls */
  const RelayCallBegin *how;       /* (nullable) BEGIN */
  const RelayCallRefund *how_back; /* (nullable) REFUND */
  RelayProvider *provider;
  RelayAccount *account; /* owned */
  RelayAttemptKind kind;
  gint64 number; /* of the attempt; 0: a question, written with its answer */
  CobroTime started;
  char *key;       /* (nullable) BEGIN, REFUND */
  char *reference; /* of the payment */

  gboolean tried;   /* REFUND: an earlier call may have arrived */
  gboolean refused; /* REFUND: it was not made, and nobody made it before */
  gboolean skipped; /* the breaker is open: no call was made, nothing is written but the time to try again */

  RelayBegun *begun; /* owned; BEGIN */
  CobroFact *fact;   /* owned; what was said, or what silence means */
  GError *failure;   /* owned; why there was no answer */
} Call;

static void
call_clear (Call *call)
{
  relay_payment_record_free (call->payment);
  relay_refund_record_free (call->refund);
  g_clear_pointer (&call->account, relay_account_free);
  g_clear_pointer (&call->begun, relay_begun_free);
  g_clear_pointer (&call->fact, cobro_fact_unref);
  g_clear_error (&call->failure);
  g_free (call->key);
  g_free (call->reference);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

RelayTarget
relay_call_target (const RelayPaymentRecord *record, const char *reference)
{
  const CobroPayment *payment = record->payment;
  RelayTarget target = { .payment_id = payment->id,
                         .object_id = payment->provider_payment_id,
                         .charge_id = record->charge_id,
                         .reference = reference,
                         .amount = payment->amount,
                         .method = COBRO_METHOD_CARD,
                         .created_at = payment->created_at,
                         .next_url = record->next_url };
  CobroMethods method;

  if (cobro_method_from_name (payment->method, &method))
    target.method = method;
  return target;
}

gboolean
relay_call_may_repeat (const RelayPaymentRecord *record, CobroTime now)
{
  const CobroPayment *payment = record->payment;

  return (payment->state == COBRO_PAYMENT_CREATED || payment->state == COBRO_PAYMENT_UNKNOWN) &&
         *record->next_url == '\0' && record->next_sealed == NULL && record->lease_until > now &&
         now - payment->created_at < KEY_LIFE;
}

gboolean
relay_call_may_resend (const RelayPaymentRecord *record, CobroTime now)
{
  return *record->payment->provider_payment_id == '\0' && relay_call_may_repeat (record, now);
}

/* ── Before ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the provider knows this call and its payment by. */
static gboolean
read_names (Call *call, CobroDb *db, GError **error)
{
  RelayStore *store = call->checkout->store;
  g_autofree char *key = relay_call_key_of_begin (store, db, call->payment, error);

  if (key == NULL)
    return FALSE;
  call->reference = relay_reference_make (key, relay_call_begun_id (call->payment));
  if (call->kind == RELAY_ATTEMPT_BEGIN)
    call->key = g_steal_pointer (&key);
  else if (call->kind == RELAY_ATTEMPT_REFUND)
    call->key = relay_call_key_of_refund (store, db, call->refund, &call->tried, error);
  return call->kind != RELAY_ATTEMPT_REFUND || call->key != NULL;
}

static gboolean
open_provider (Call *call, GError **error)
{
  const CobroPayment *payment = call->payment->payment;
  RelayScope scope = { call->payment->merchant_id, payment->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (call->checkout->store, error);

  call->provider = relay_providers_find (call->checkout->providers, payment->gateway);
  if (reader == NULL || !read_names (call, reader->db, error))
    return FALSE;
  if (call->provider == NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "this relay has no gateway \"%s\"", payment->gateway);
  call->account = relay_checkout_open_account (call->checkout, reader->db, &scope, payment->gateway, error);
  if (call->account == NULL)
    return FALSE;
  if (g_strcmp0 (call->account->id, call->payment->account) != 0)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the account of this payment is not there any more");
  return TRUE;
}

gboolean
relay_call_is_trouble (const GError *failure)
{
  return g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NO_ANSWER) ||
         g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
}

static gboolean
enter (Call *call, gint64 *out_wait, GError **error)
{
  return relay_breakers_enter (call->checkout->breakers, call->account->provider, call->account->id, out_wait, error);
}

static void
leave (Call *call)
{
  relay_breakers_leave (call->checkout->breakers, call->account->provider, call->account->id,
                        relay_call_is_trouble (call->failure));
}

static gint64
deadline_of (const Call *call)
{
  return cobro_clock_monotonic (call->checkout->clock) + call->checkout->call_deadline;
}

/* ── After ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayAttemptOutcome
outcome_of (const Call *call)
{
  if (call->failure == NULL)
    return RELAY_ATTEMPT_ANSWERED;
  if (g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_NO_ANSWER))
    return RELAY_ATTEMPT_NO_ANSWER;
  return g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) ? RELAY_ATTEMPT_NOT_FOUND
                                                                             : RELAY_ATTEMPT_REFUSED;
}

/* What the missing answer means, as a fact of ours; its event id cannot meet one of the provider's. */
static CobroFact *
make_fact (const Call *call, CobroFactKind kind, const char *code)
{
  const CobroPayment *payment = call->payment->payment;
  CobroFact *fact = cobro_fact_new ();

  fact->source = COBRO_FACT_FROM_ANSWER;
  cobro_link_set_text (&fact->provider, payment->gateway);
  cobro_link_set_text (&fact->account, call->payment->account);
  fact->livemode = payment->livemode;
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("relay/%s/%s/%s/%" G_GINT64_FORMAT, payment->id.text, cobro_fact_kind_name (kind),
                                    relay_attempt_kind_name (call->kind), call->started);
  cobro_link_set_text (&fact->provider_payment_id, payment->provider_payment_id);
  cobro_link_set_text (&fact->reference, payment->id.text);
  fact->kind = kind;
  cobro_link_set_text (&fact->failure_code, code);
  if (call->failure != NULL)
    cobro_link_set_text (&fact->failure_message, call->failure->message);
  fact->occurred_at = call->started;
  return fact;
}

/* Questions are written with their answer; calls that may move money have their row already. */
static gboolean
write_attempt (RelayTx *tx, Call *call, GError **error)
{
  RelayTx started = *tx;
  gint64 number = call->number;

  started.now = call->started;
  if (number == 0 && !relay_attempt_start (&started, call->payment, call->kind,
                                           call->refund != NULL ? &call->refund->refund->id : NULL,
                                           call->key != NULL ? call->key : "", &number, error))
    return FALSE;
  return relay_attempt_finish (tx, &call->payment->merchant_id, &call->payment->payment->id, number, outcome_of (call),
                               call->failure, error);
}

/* The payment as the books have it now. */
static gboolean
reload (RelayTx *tx, Call *call, GError **error)
{
  RelayScope scope = { call->payment->merchant_id, call->payment->payment->livemode };
  RelayPaymentRecord *fresh = relay_payment_find (tx->db, &scope, &call->payment->payment->id, error);

  if (fresh == NULL)
    return FALSE;
  relay_payment_record_free (call->payment);
  call->payment = fresh;
  return TRUE;
}

/* Where the payer goes on. Not when the answer was not bound to this payment. */
static gboolean
note_next (RelayTx *tx, Call *call, GError **error)
{
  const RelayBegun *begun = call->begun;
  RelayPaymentSecrets secrets = { begun->client_secret, begun->publishable_key, begun->account };

  call->payment->next = (int)begun->next;
  g_free (call->payment->next_url);
  call->payment->next_url = g_strdup (begun->redirect_url != NULL ? begun->redirect_url : "");
  g_clear_pointer (&call->payment->next_details, g_hash_table_unref);
  call->payment->next_details = begun->details != NULL ? g_hash_table_ref (begun->details) : NULL;
  return relay_payment_set_secrets (tx, call->payment, &secrets, error);
}

/* When to ask again: by the schedule, and when the lease ends. */
static void
plan_poll (RelayTx *tx, Call *call)
{
  RelayPaymentRecord *payment = call->payment;
  CobroTime next;

  if (cobro_payment_state_is_final (payment->payment->state))
    return;
  next = relay_poll_time (payment->payment->created_at, payment->polls, tx->now);
  if (payment->lease_until > tx->now && (next == 0 || payment->lease_until < next))
    next = payment->lease_until;
  payment->next_poll_at = next;
  payment->polls++;
}

/* An answer to our own question is about the payment we asked about; the wrapper has refused any other reference. */
static gboolean
apply_answer (RelayTx *tx, Call *call, RelayVerdict *out_verdict, GError **error)
{
  if (call->fact == NULL)
    return TRUE;
  cobro_link_set_text (&call->fact->reference, call->payment->payment->id.text);
  return relay_checkout_apply (tx, call->fact, out_verdict, error);
}

/* How it goes on, for the payer and for the janitor. What is over does not go on: there is nothing to write. */
static gboolean
plan (RelayTx *tx, Call *call, RelayVerdict verdict, GError **error)
{
  if (cobro_payment_state_is_final (call->payment->payment->state))
    return TRUE;
  if (call->begun != NULL && verdict != RELAY_VERDICT_QUARANTINED && verdict != RELAY_VERDICT_UNMATCHED &&
      !note_next (tx, call, error))
    return FALSE;
  plan_poll (tx, call);
  return relay_payment_save (tx, call->payment, error);
}

static gboolean
settle_work (RelayTx *tx, gpointer data, GError **error)
{
  Call *call = data;
  RelayVerdict verdict = RELAY_VERDICT_NO_CHANGE;

  if (call->skipped)
    {
      if (!reload (tx, call, error))
        return FALSE;
      call->payment->next_poll_at =
        cobro_payment_state_is_final (call->payment->payment->state) ? 0 : tx->now + COBRO_MINUTE;
      return relay_payment_save (tx, call->payment, error);
    }
  if (!write_attempt (tx, call, error))
    return FALSE;
  if (!apply_answer (tx, call, &verdict, error))
    return FALSE;
  if (!reload (tx, call, error))
    return FALSE;
  return plan (tx, call, verdict, error) && (call->how == NULL || call->how->settled == NULL ||
                                             call->how->settled (tx, call->payment, call->how->data, error));
}

static gboolean
settle (Call *call, GError **error)
{
  return relay_store_write_for (call->checkout->store, &call->payment->merchant_id, settle_work, call, error);
}

/* Ends a call that was never made: hands the record back unchanged. */
static gboolean
finish (Call *call, RelayPaymentRecord **record, gboolean ok)
{
  *record = g_steal_pointer (&call->payment);
  return ok;
}

/* ── begin ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
make_description (Call *call, const char *title)
{
  g_autoptr (RelayReader) reader = relay_store_read (call->checkout->store, NULL);
  g_autoptr (CobroMerchant) merchant =
    reader != NULL ? relay_merchant_find (reader->db, &call->payment->merchant_id, NULL, NULL) : NULL;
  const char *name = merchant != NULL ? merchant->name : "";
  g_autofree char *text =
    *title != '\0' && *name != '\0' ? g_strdup_printf ("%s: %s", name, title) : g_strdup (*name != '\0' ? name : title);

  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), DESCRIPTION_MAX));
}

char *
relay_call_return_url (RelayCheckout *self, const char *token, const char *payer_key)
{
  if (*payer_key == '\0')
    return g_strdup_printf ("%s/pay/%s?back=1", self->public_url, token);
  return g_strdup_printf ("%s/pay/%s/back/%s", self->public_url, token, payer_key);
}

static void
begin_at_provider (Call *call)
{
  const CobroPayment *payment = call->payment->payment;
  g_autofree char *description = make_description (call, call->how->title);
  g_autofree char *webhook_url =
    g_strdup_printf ("%s/webhooks/%s/%s", call->checkout->public_url, call->account->provider, call->account->id);
  CobroMethods method = COBRO_METHOD_CARD;
  RelayIntent intent = { .payment_id = payment->id,
                         .reference = call->reference,
                         .amount = payment->amount,
                         .description = description,
                         .idempotency_key = call->key,
                         .return_url = call->how->return_url,
                         .webhook_url = webhook_url,
                         .payer_name = payment->payer_name,
                         .payer_email = payment->payer_email,
                         .payer_phone = payment->payer_phone,
                         .expires_at = call->payment->lease_until,
                         .embedded = call->how->embedded,
                         .token = call->how->token,
                         .device = call->how->device,
                         .locale = call->how->locale != NULL ? call->how->locale : "",
                         .livemode = payment->livemode };

  if (cobro_method_from_name (payment->method, &method))
    intent.method = method;
  call->begun = relay_provider_begin (call->provider, call->account, &intent, deadline_of (call), &call->failure);
}

/* The provider's answer, or what its silence means: refused and overloaded are answers (nothing happened there). */
static void
read_begun (Call *call)
{
  if (call->begun != NULL)
    {
      call->fact = cobro_fact_ref (call->begun->fact);
      return;
    }
  if (g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_NO_ANSWER))
    call->fact = make_fact (call, COBRO_FACT_NO_ANSWER, "");
  else if (call->number > 1)
    return; /* an earlier call may have arrived, whatever is said to this one; only asking tells */
  else if (g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_PROVIDER))
    call->fact = make_fact (call, COBRO_FACT_FAILED, "provider_refused");
  else
    call->fact = make_fact (call, COBRO_FACT_FAILED, "provider_unavailable");
}

gboolean
relay_call_begin (RelayCheckout *self, RelayPaymentRecord **record, const RelayCallBegin *begin, GError **error)
{
  g_auto (Call)
    call = { .checkout = self, .payment = g_steal_pointer (record), .how = begin, .kind = RELAY_ATTEMPT_BEGIN };
  gboolean entered;

  call.number = begin->number;
  call.started = cobro_clock_now (self->clock);
  entered = open_provider (&call, &call.failure) && enter (&call, NULL, &call.failure);
  if (entered)
    {
      begin_at_provider (&call);
      leave (&call);
    }
  read_begun (&call);
  return finish (&call, record, settle (&call, error));
}

/* ── query, cancel ──────────────────────────────────────────────────────────────────────────────────────────── */

/* The provider never saw it. While the payer may still come (the lease), that may change; afterwards nothing was
 * charged. */
static void
read_not_found (Call *call)
{
  if (g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) &&
      *call->payment->payment->provider_payment_id == '\0' && call->payment->lease_until <= call->started)
    call->fact = make_fact (call, COBRO_FACT_FAILED, "abandoned");
}

gboolean
relay_call_query (RelayCheckout *self, RelayPaymentRecord **record, GError **error)
{
  g_auto (Call) call = { .checkout = self, .payment = g_steal_pointer (record), .kind = RELAY_ATTEMPT_QUERY };
  RelayTarget target;

  call.started = cobro_clock_now (self->clock);
  call.skipped = !open_provider (&call, &call.failure) || !enter (&call, NULL, &call.failure);
  if (call.skipped)
    return finish (&call, record, settle (&call, error));
  target = relay_call_target (call.payment, call.reference);
  call.fact = relay_provider_query (call.provider, call.account, &target, deadline_of (&call), &call.failure);
  leave (&call);
  if (call.fact == NULL)
    read_not_found (&call);
  return finish (&call, record, settle (&call, error));
}

static gboolean
start_work (RelayTx *tx, gpointer data, GError **error)
{
  Call *call = data;

  return relay_attempt_start (tx, call->payment, call->kind, call->refund != NULL ? &call->refund->refund->id : NULL,
                              call->key != NULL ? call->key : "", &call->number, error);
}

gboolean
relay_call_cancel (RelayCheckout *self, RelayPaymentRecord **record, GError **error)
{
  g_auto (Call) call = { .checkout = self, .payment = g_steal_pointer (record), .kind = RELAY_ATTEMPT_CANCEL };
  RelayTarget target;

  /* Without the provider's id there is nothing to cancel there: ask by our reference. */
  if (*call.payment->payment->provider_payment_id == '\0')
    {
      *record = g_steal_pointer (&call.payment);
      return relay_call_query (self, record, error);
    }
  call.started = cobro_clock_now (self->clock);
  call.skipped = !open_provider (&call, &call.failure) || !enter (&call, NULL, &call.failure);
  if (call.skipped)
    return finish (&call, record, settle (&call, error));
  if (!relay_store_write_for (self->store, &call.payment->merchant_id, start_work, &call, error))
    {
      leave (&call);
      return finish (&call, record, FALSE);
    }
  target = relay_call_target (call.payment, call.reference);
  call.fact = relay_provider_cancel (call.provider, call.account, &target, deadline_of (&call), &call.failure);
  leave (&call);
  return finish (&call, record, settle (&call, error));
}

/* ── refund ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* 1 s, 2 s, 4 s … an hour, for as long as it takes. */
static CobroTime
refund_retry (const RelayRefundRecord *refund, CobroTime now)
{
  return now + MIN (COBRO_SECOND << MIN (refund->tries, 12), COBRO_HOUR);
}

/* The provider may have forgotten the key: sent again, it could be a second refund. From then on it is only asked. */
static gboolean
is_too_old (const Call *call)
{
  return call->started - call->refund->refund->created_at >= KEY_LIFE;
}

/* Nobody saw it there, and nobody can send it any more. */
static gboolean
never_came (const Call *call)
{
  return !call->skipped && is_too_old (call) && g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND);
}

/* The provider said no: that is the end of this refund. */
static gboolean
refuse_refund (RelayTx *tx, Call *call, GError **error)
{
  CobroRefund *refund = call->refund->refund;

  refund->state = COBRO_REFUND_FAILED;
  call->refund->next_try_at = 0;
  cobro_link_set_text (&refund->failure_message, call->failure->message);
  return relay_refund_save (tx, call->refund, error) &&
         relay_refund_append_event (tx, call->refund, COBRO_EVENT_REFUND_FAILED, error);
}

/* The refund as the books have it now: somebody else may have heard of it meanwhile. */
static gboolean
reload_refund (RelayTx *tx, Call *call, GError **error)
{
  RelayScope scope = { call->refund->merchant_id, call->refund->refund->livemode };
  RelayRefundRecord *fresh = relay_refund_find (tx->db, &scope, &call->refund->refund->id, error);

  if (fresh == NULL)
    return FALSE;
  relay_refund_record_free (call->refund);
  call->refund = fresh;
  return TRUE;
}

static gboolean
apply_refund_answer (RelayTx *tx, Call *call, GError **error)
{
  RelayVerdict verdict;

  call->refund->tries++;
  if (call->refused || never_came (call))
    return refuse_refund (tx, call, error);
  call->refund->next_try_at = refund_retry (call->refund, tx->now);
  /* The answer is bound to this refund by its id before it is applied. */
  if (call->fact != NULL && *call->fact->refund_id != '\0')
    cobro_link_set_text (&call->refund->refund->provider_refund_id, call->fact->refund_id);
  return relay_refund_save (tx, call->refund, error) && apply_answer (tx, call, &verdict, error) &&
         reload_refund (tx, call, error);
}

static gboolean
settle_refund_work (RelayTx *tx, gpointer data, GError **error)
{
  Call *call = data;

  if ((!call->skipped && !write_attempt (tx, call, error)) || !reload_refund (tx, call, error))
    return FALSE;
  if (call->refund->refund->state == COBRO_REFUND_PENDING && !apply_refund_answer (tx, call, error))
    return FALSE;
  return call->how_back == NULL || call->how_back->settled == NULL ||
         call->how_back->settled (tx, call->refund, call->how_back->data, error);
}

static gboolean
find_refunded (Call *call, GError **error)
{
  RelayScope scope = { call->refund->merchant_id, call->refund->refund->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (call->checkout->store, error);

  return reader != NULL &&
         (call->payment = relay_payment_find (reader->db, &scope, &call->refund->refund->payment_id, error)) != NULL;
}

static CobroFact *
ask_about_refund (Call *call, GError **error)
{
  RelayTarget target = relay_call_target (call->payment, call->reference);

  return relay_provider_query_refund (call->provider, call->account, &target, call->refund->refund->provider_refund_id,
                                      call->key, deadline_of (call), error);
}

/* "No" to a repeated call may mean that there is nothing left to give back, because the first one arrived: only what
 * the provider says about the refund itself counts. Whoever does not know leaves it pending. */
static void
read_refusal (Call *call)
{
  g_autoptr (GError) refusal = g_steal_pointer (&call->failure);

  call->refused = !call->tried;
  if (!call->refused)
    {
      call->fact = ask_about_refund (call, &call->failure);
      call->refused = g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND);
    }
  if (call->refused)
    {
      g_clear_error (&call->failure);
      call->failure = g_steal_pointer (&refusal);
    }
}

static void
refund_at_provider (Call *call)
{
  RelayTarget target = relay_call_target (call->payment, call->reference);

  /* What the provider has taken on already is only asked about: the same key would give the same old answer. */
  if (is_too_old (call) || *call->refund->refund->provider_refund_id != '\0')
    {
      call->fact = ask_about_refund (call, &call->failure);
      return;
    }
  target.tried = call->tried;
  call->fact = relay_provider_refund (call->provider, call->account, &target, call->refund->refund->amount, call->key,
                                      deadline_of (call), &call->failure);
  if (g_error_matches (call->failure, COBRO_ERROR, COBRO_ERROR_PROVIDER))
    read_refusal (call);
}

static gboolean
call_refund (Call *call, GError **error)
{
  RelayCheckout *self = call->checkout;

  if (!find_refunded (call, error))
    return FALSE;
  call->skipped = !open_provider (call, &call->failure) || !enter (call, NULL, &call->failure);
  call->tried = call->tried && call->number == 0; /* else it is the row of this very call */
  if (call->skipped)
    return relay_store_write_for (self->store, &call->refund->merchant_id, settle_refund_work, call, error);
  if (call->number == 0 && !relay_store_write_for (self->store, &call->refund->merchant_id, start_work, call, error))
    {
      leave (call);
      return FALSE;
    }
  refund_at_provider (call);
  leave (call);
  return relay_store_write_for (self->store, &call->refund->merchant_id, settle_refund_work, call, error);
}

gboolean
relay_call_refund (RelayCheckout *self, RelayRefundRecord **refund, const RelayCallRefund *how, GError **error)
{
  g_auto (Call)
    call = { .checkout = self, .refund = g_steal_pointer (refund), .how_back = how, .kind = RELAY_ATTEMPT_REFUND };
  gboolean ok;

  call.number = how != NULL ? how->number : 0;
  call.started = cobro_clock_now (self->clock);
  ok = call_refund (&call, error);
  *refund = g_steal_pointer (&call.refund);
  return ok;
}
