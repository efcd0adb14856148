/* relay/checkout/relay-charge.c — payments asked for over the API: the key is claimed and the intent committed, the
 * provider is called, and its answer and ours are committed together. Layer: relay/checkout. Request threads and the
 * janitor's; transactions run on the writer's. */
#include "relay-charge.h"

#include "cobro-error.h"
#include "cobro-wire-payment.h"
#include "relay-checkout-private.h"

#define STATUS_CREATED 201

/* One request on its way. */
typedef struct
{
  RelayCheckout *checkout;
  RelayCharge *charge;
  char *account; /* owned */

  RelayIdempotencyAnswer answer;
  CobroId begun;              /* with RESUME: what was begun under the key */
  RelayPaymentRecord *record; /* owned */
  gint64 number;              /* of the intent */
  RelayStoredAnswer stored;   /* owned */
} Making;

static void
making_clear (Making *self)
{
  g_free (self->account);
  relay_payment_record_free (self->record);
  relay_stored_answer_clear (&self->stored);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

/* ── The answer ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
write_next (CobroWireWriter *writer, RelayStore *store, const RelayPaymentRecord *record, gboolean with_secrets,
            GError **error)
{
  RelayNext next = cobro_payment_state_is_final (record->payment->state) ? RELAY_NEXT_NOTHING : (RelayNext)record->next;
  RelayPaymentSecrets secrets = { NULL };

  if (next == RELAY_NEXT_NOTHING || (next == RELAY_NEXT_CLIENT_SECRET && !with_secrets))
    {
      cobro_wire_put_null (writer, "next");
      return TRUE;
    }
  if (next == RELAY_NEXT_CLIENT_SECRET && !relay_payment_get_secrets (store, record, &secrets, error))
    return FALSE;
  cobro_wire_begin_object (writer, "next");
  cobro_wire_put_text (writer, "type",
                       next == RELAY_NEXT_REDIRECT        ? "redirect"
                       : next == RELAY_NEXT_CLIENT_SECRET ? "client_secret"
                                                          : "address");
  if (*record->next_url != '\0')
    cobro_wire_put_text (writer, "url", record->next_url);
  if (next == RELAY_NEXT_CLIENT_SECRET)
    {
      cobro_wire_put_text (writer, "clientSecret", secrets.client_secret);
      cobro_wire_put_text (writer, "publishableKey", secrets.publishable_key);
      cobro_wire_put_text (writer, "account", *secrets.connected_account != '\0' ? secrets.connected_account : NULL);
    }
  cobro_wire_end_object (writer);
  relay_payment_secrets_clear (&secrets);
  return TRUE;
}

gboolean
relay_charge_write_members (CobroWireWriter *writer, RelayStore *store, CobroDb *db, const RelayPaymentRecord *record,
                            gboolean with_secrets, GError **error)
{
  g_auto (RelayChargeDetails) details = { NULL };

  if (!relay_charge_details_find (db, &record->merchant_id, &record->payment->id, &details, error))
    return FALSE;
  cobro_wire_put_text (writer, "description", details.description);
  cobro_wire_put_text (writer, "returnUrl", *details.return_url != '\0' ? details.return_url : NULL);
  return write_next (writer, store, record, with_secrets, error);
}

char *
relay_charge_to_json (RelayStore *store, CobroDb *db, const RelayPaymentRecord *record, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  cobro_wire_begin_object (writer, "data");
  cobro_wire_payment_write_members (writer, record->payment);
  if (!relay_charge_write_members (writer, store, db, record, TRUE, error))
    return NULL;
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* Whose key is to be answered. */
typedef struct
{
  const RelayScope *scope;
  const char *key;
  RelayStoredAnswer *stored;
} Answering;

/* The last step of the transaction that ends the request. */
static gboolean
store_answer (RelayTx *tx, RelayPaymentRecord *record, gpointer data, GError **error)
{
  Answering *answering = data;

  relay_stored_answer_clear (answering->stored);
  answering->stored->status = STATUS_CREATED;
  answering->stored->body = relay_charge_to_json (tx->store, tx->db, record, error);
  return answering->stored->body != NULL &&
         relay_idempotency_finish (tx, answering->scope, answering->key, answering->stored, error);
}

/* ── Which gateway ──────────────────────────────────────────────────────────────────────────────────────────── */

/* The provider behind an account that takes payments in this mode; NULL. */
static RelayProvider *
provider_of (RelayCheckout *self, const RelayAccountRecord *account)
{
  RelayProvider *provider = account->enabled ? relay_providers_find (self->providers, account->provider) : NULL;

  return provider != NULL && provider->class->test_only && account->livemode ? NULL : provider;
}

static gboolean
refuse_gateway (RelayCheckout *self, GPtrArray *accounts, const char *wanted, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < accounts->len; i++)
    if (provider_of (self, accounts->pdata[i]) != NULL)
      g_string_append_printf (names, "%s\"%s\"", names->len > 0 ? ", " : "",
                              ((RelayAccountRecord *)accounts->pdata[i])->provider);
  if (names->len == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "gateway", "no gateway is set up for this mode");
  if (*wanted == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "method", "none of the gateways does this: there is %s",
                               names->str);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "gateway", "there is no gateway \"%s\", but %s", wanted,
                             names->str);
}

/* The method that is wanted, or the first that this provider does; 0 when it does not do it. */
static guint
method_of (const RelayProvider *provider, const CobroPayment *payment)
{
  CobroMethods wanted;

  if (*payment->method == '\0')
    return provider->class->methods & ~(provider->class->methods - 1);
  return cobro_method_from_name (payment->method, &wanted) ? provider->class->methods & wanted : 0;
}

static void
take_gateway (Making *self, const RelayAccountRecord *account, guint method)
{
  CobroPayment *payment = self->charge->payment;

  cobro_link_set_text (&payment->gateway, account->provider);
  cobro_link_set_text (&payment->method, cobro_method_name (method));
  self->account = g_strdup (account->id);
}

/* The first account that fits and answers. Nothing is begun at one that does not. */
static gboolean
pick_gateway (Making *self, GPtrArray *accounts, gint64 *out_wait, GError **error)
{
  const CobroPayment *payment = self->charge->payment;
  const char *closed = NULL;

  for (guint i = 0; i < accounts->len; i++)
    {
      const RelayAccountRecord *account = accounts->pdata[i];
      RelayProvider *provider = provider_of (self->checkout, account);
      guint method;

      if (provider == NULL || (*payment->gateway != '\0' && !g_str_equal (payment->gateway, account->provider)))
        continue;
      if ((method = method_of (provider, payment)) == 0 && *payment->gateway != '\0')
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "method", "gateway \"%s\" does not do that",
                                   account->provider);
      if (method == 0 || (*payment->gateway == '\0' &&
                          !relay_checkout_takes (account, provider, (CobroMethods)method, payment->amount)))
        continue;
      if (*payment->gateway != '\0' && !relay_provider_check_amount (provider, payment->amount, error))
        return FALSE;
      if (!relay_breakers_is_open (self->checkout->breakers, account->provider, account->id, out_wait))
        {
          take_gateway (self, account, method);
          return TRUE;
        }
      closed = account->provider;
    }
  if (closed != NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "gateway \"%s\" does not answer at the moment", closed);
  return refuse_gateway (self->checkout, accounts, payment->gateway, error);
}

static gboolean
choose_gateway (Making *self, gint64 *out_wait, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->checkout->store, error);
  g_autoptr (GPtrArray) accounts =
    reader != NULL ? relay_account_list (NULL, reader->db, &self->charge->scope, error) : NULL;

  return accounts != NULL && pick_gateway (self, accounts, out_wait, error);
}

/* ── The first transaction ──────────────────────────────────────────────────────────────────────────────────── */

static RelayPaymentRecord *
make_record (Making *self, CobroTime now)
{
  RelayPaymentRecord *record = relay_payment_record_new ();
  CobroPayment *payment = cobro_payment_copy (self->charge->payment);
  CobroMethods method = COBRO_METHOD_CARD;

  cobro_payment_unref (record->payment);
  record->payment = payment;
  record->merchant_id = self->charge->scope.merchant_id;
  g_free (record->account);
  record->account = g_strdup (self->account);
  payment->created_at = payment->updated_at = now;
  (void)cobro_method_from_name (payment->method, &method);
  record->lease_until = relay_checkout_lease_end (self->checkout, method, 0, now);
  record->next_poll_at = relay_poll_time (now, 0, now);
  return record;
}

static gboolean
insert_payment (RelayTx *tx, Making *self, GError **error)
{
  g_autofree char *key = relay_store_provider_key (tx->store, &self->charge->payment->id, "begin");

  self->record = make_record (self, tx->now);
  return relay_payment_insert (tx, self->record, error) &&
         relay_charge_details_insert (tx, self->record, &self->charge->details, error) &&
         relay_payment_append_event (tx, self->record, COBRO_EVENT_PAYMENT_CREATED, error) &&
         relay_attempt_start (tx, self->record, RELAY_ATTEMPT_BEGIN, NULL, key, &self->number, error);
}

static gboolean
begin_work (RelayTx *tx, gpointer data, GError **error)
{
  Making *self = data;
  RelayCharge *charge = self->charge;

  g_clear_pointer (&self->record, relay_payment_record_free);
  relay_stored_answer_clear (&self->stored);
  if (!relay_idempotency_claim (tx, &charge->scope, &charge->request, &charge->payment->id, &self->answer, &self->begun,
                                &self->stored, error))
    return FALSE;
  return self->answer != RELAY_IDEMPOTENCY_NEW || insert_payment (tx, self, error);
}

/* ── Going on ───────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayPaymentRecord *record;
  gint64 number;
} Resend;

static gboolean
resend_work (RelayTx *tx, gpointer data, GError **error)
{
  Resend *resend = data;
  g_autofree char *key = relay_call_key_of_begin (tx->store, tx->db, resend->record, error);

  return key != NULL &&
         relay_attempt_start (tx, resend->record, RELAY_ATTEMPT_BEGIN, NULL, key, &resend->number, error);
}

static gboolean
read_details (RelayCheckout *self, const RelayPaymentRecord *record, RelayChargeDetails *out_details, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);

  return reader != NULL &&
         relay_charge_details_find (reader->db, &record->merchant_id, &record->payment->id, out_details, error);
}

gboolean
relay_charge_go_on (RelayCheckout *self, RelayPaymentRecord **record,
                    gboolean (*settled) (RelayTx *tx, RelayPaymentRecord *record, gpointer data, GError **error),
                    gpointer data, GError **error)
{
  g_auto (RelayChargeDetails) details = { NULL };
  Resend resend = { .record = *record };
  RelayCallBegin begin;

  if (!read_details (self, *record, &details, error) ||
      !relay_store_write_for (self->store, &(*record)->merchant_id, resend_work, &resend, error))
    return FALSE;
  begin = (RelayCallBegin){ .title = details.description,
                            .return_url = details.return_url,
                            .locale = details.locale,
                            .number = resend.number,
                            .settled = settled,
                            .data = data };
  return relay_call_begin (self, record, &begin, error);
}

typedef struct
{
  Answering answering;
  const CobroId *payment_id;
} Finish;

static gboolean
finish_work (RelayTx *tx, gpointer data, GError **error)
{
  Finish *finish = data;
  g_autoptr (RelayPaymentRecord) record =
    relay_payment_find (tx->db, finish->answering.scope, finish->payment_id, error);

  return record != NULL && store_answer (tx, record, &finish->answering, error);
}

/* One thread at a time goes on with a payment. */
static gboolean
go_on_alone (RelayCheckout *self, RelayPaymentRecord **record, Finish *finish, GError **error)
{
  CobroPaymentState state = (*record)->payment->state;

  if (relay_call_may_resend (*record, cobro_clock_now (self->clock)))
    return relay_charge_go_on (self, record, store_answer, &finish->answering, error);
  if ((state == COBRO_PAYMENT_CREATED || state == COBRO_PAYMENT_UNKNOWN) && !relay_call_query (self, record, error))
    return FALSE;
  return relay_store_write_for (self->store, &finish->answering.scope->merchant_id, finish_work, finish, error);
}

gboolean
relay_charge_go_on_for (RelayCheckout *self, const RelayScope *scope, const char *key, const CobroId *payment_id,
                        RelayStoredAnswer *out_answer, GError **error)
{
  g_autofree char *flight = g_strconcat ("payment:", payment_id->text, NULL);
  Finish finish = { .answering = { scope, key, out_answer }, .payment_id = payment_id };
  g_autoptr (RelayPaymentRecord) record = NULL;
  g_autoptr (RelayReader) reader = NULL;
  gboolean ok;

  if (!relay_checkout_enter (self, flight))
    return cobro_error_set (error, COBRO_ERROR_RUNNING, "the payment with this key is being asked about");
  if ((reader = relay_store_read (self->store, error)) != NULL)
    record = relay_payment_find (reader->db, scope, payment_id, error);
  g_clear_pointer (&reader, relay_reader_release);
  ok = record != NULL && go_on_alone (self, &record, &finish, error);
  relay_checkout_leave (self, flight);
  return ok;
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
call_provider (Making *self, GError **error)
{
  const RelayChargeDetails *details = &self->charge->details;
  Answering answering = { &self->charge->scope, self->charge->request.key, &self->stored };
  RelayCallBegin begin = { .title = details->description,
                           .return_url = details->return_url,
                           .locale = details->locale,
                           .number = self->number,
                           .settled = store_answer,
                           .data = &answering };

  return relay_call_begin (self->checkout, &self->record, &begin, error);
}

static gboolean
make (Making *self, GError **error)
{
  RelayCharge *charge = self->charge;

  if (!relay_store_write_for (self->checkout->store, &charge->scope.merchant_id, begin_work, self, error))
    return FALSE;
  switch (self->answer)
    {
    case RELAY_IDEMPOTENCY_REPLAY:
      return TRUE;
    case RELAY_IDEMPOTENCY_RESUME:
      return relay_charge_go_on_for (self->checkout, &charge->scope, charge->request.key, &self->begun, &self->stored,
                                     error);
    case RELAY_IDEMPOTENCY_NEW:
      return call_provider (self, error);
    }
  g_return_val_if_reached (FALSE);
}

gboolean
relay_charge_make (RelayCheckout *self, RelayCharge *charge, RelayStoredAnswer *out_answer, gboolean *out_replayed,
                   gint64 *out_wait, GError **error)
{
  g_auto (Making) making = { .checkout = self, .charge = charge };
  CobroPayment *payment = charge->payment;

  payment->id = cobro_id_new (COBRO_ID_PAYMENT, self->clock, self->random);
  payment->livemode = charge->scope.livemode;
  payment->refunded = payment->lost = cobro_money_zero (cobro_money_currency (payment->amount));
  cobro_link_set_text (&payment->idempotency_key, charge->request.key);
  if (!cobro_payment_validate (payment, error) || !choose_gateway (&making, out_wait, error) || !make (&making, error))
    return FALSE;
  *out_replayed = making.answer == RELAY_IDEMPOTENCY_REPLAY;
  *out_answer = making.stored;
  making.stored = (RelayStoredAnswer){ 0 };
  return TRUE;
}
