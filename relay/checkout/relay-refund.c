/* relay/checkout/relay-refund.c — refunds asked for over the API: the key is claimed and the intent committed, the
 * provider is called, and its answer and ours are committed together. Layer: relay/checkout. Request threads and the
 * janitor's; transactions run on the writer's. */
#include "relay-refund.h"

#include "cobro-error.h"
#include "cobro-text.h"
#include "cobro-wire-refund.h"
#include "relay-checkout-private.h"
#include "relay-invoices-private.h"

#define STATUS_CREATED 201
#define REASON_MAX     500

/* One request on its way. */
typedef struct
{
  const RelayRefundWish *wish;
  RelayIdempotencyAnswer answer;
  CobroId begun;             /* with RESUME: what was begun under the key */
  RelayRefundRecord *refund; /* owned */
  gint64 number;             /* of the intent */
  RelayStoredAnswer stored;  /* owned */
  gboolean done;             /* on the merchant's word: nobody is called */
} Making;

static void
making_clear (Making *self)
{
  relay_refund_record_free (self->refund);
  relay_stored_answer_clear (&self->stored);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

/* ── The answer ─────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  const char *key;
  RelayStoredAnswer *stored;
  const CobroId *refund_id;
} Answering;

/* The last step of the transaction that ends the request. */
static gboolean
store_answer (RelayTx *tx, RelayRefundRecord *refund, gpointer data, GError **error)
{
  Answering *answering = data;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  cobro_wire_refund_write (writer, "data", refund->refund);
  cobro_wire_end_object (writer);
  relay_stored_answer_clear (answering->stored);
  answering->stored->status = STATUS_CREATED;
  answering->stored->body = cobro_wire_writer_take (writer);
  return relay_idempotency_finish (tx, answering->scope, answering->key, answering->stored, error);
}

/* ── The first transaction ──────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_amount (RelayTx *tx, const RelayRefundWish *wish, const RelayPaymentRecord *payment, CobroMoney *out_amount,
             GError **error)
{
  CobroCurrency currency = cobro_money_currency (payment->payment->amount);

  if (wish->currency != NULL && g_strcmp0 (wish->currency, cobro_currency_code (currency)) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "must be the payment's: \"%s\"",
                               cobro_currency_code (currency));
  *out_amount = cobro_money (wish->amount, currency);
  return wish->amount != 0 || relay_refund_rest (tx->db, payment, out_amount, error);
}

/* What was paid by hand is given back by hand: it has gone as soon as the merchant says so. */
static gboolean
refund_by_word (RelayTx *tx, Making *self, const RelayPaymentRecord *payment, GError **error)
{
  Answering answering = { &self->wish->scope, self->wish->request.key, &self->stored, &self->refund->refund->id };

  return relay_manual_refund (tx, payment, &self->refund, error) && store_answer (tx, self->refund, &answering, error);
}

static gboolean
insert_refund (RelayTx *tx, Making *self, GError **error)
{
  const RelayRefundWish *wish = self->wish;
  g_autoptr (RelayPaymentRecord) payment = relay_payment_find (tx->db, &wish->scope, &wish->payment_id, error);
  g_autofree char *key = NULL;
  CobroMoney amount;

  if (payment == NULL || !read_amount (tx, wish, payment, &amount, error) ||
      !(self->refund = relay_refund_insert (tx, payment, amount, RELAY_REFUND_BY_MERCHANT, wish->reason, "", error)) ||
      !relay_idempotency_bind (tx, &wish->scope, wish->request.key, &self->refund->refund->id, error) ||
      !relay_refund_append_event (tx, self->refund, COBRO_EVENT_REFUND_CREATED, error))
    return FALSE;
  self->done = relay_manual_is (payment->payment);
  if (self->done)
    return refund_by_word (tx, self, payment, error);
  key = relay_store_provider_key (tx->store, &self->refund->refund->id, "refund");
  return relay_attempt_start (tx, payment, RELAY_ATTEMPT_REFUND, &self->refund->refund->id, key, &self->number, error);
}

static gboolean
begin_work (RelayTx *tx, gpointer data, GError **error)
{
  Making *self = data;

  g_clear_pointer (&self->refund, relay_refund_record_free);
  relay_stored_answer_clear (&self->stored);
  if (!relay_idempotency_claim (tx, &self->wish->scope, &self->wish->request, NULL, &self->answer, &self->begun,
                                &self->stored, error))
    return FALSE;
  return self->answer != RELAY_IDEMPOTENCY_NEW || insert_refund (tx, self, error);
}

/* ── Going on ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
finish_work (RelayTx *tx, gpointer data, GError **error)
{
  Answering *answering = data;
  g_autoptr (RelayRefundRecord) refund = relay_refund_find (tx->db, answering->scope, answering->refund_id, error);

  return refund != NULL && store_answer (tx, refund, answering, error);
}

/* Still pending: the same call with the same key, while the provider knows it; whoever died may have made it. */
static gboolean
go_on_alone (RelayCheckout *self, RelayRefundRecord **refund, Answering *answering, GError **error)
{
  RelayCallRefund how = { .settled = store_answer, .data = answering };

  if ((*refund)->refund->state == COBRO_REFUND_PENDING && (*refund)->next_try_at != 0)
    return relay_call_refund (self, refund, &how, error);
  return relay_store_write_for (self->store, &answering->scope->merchant_id, finish_work, answering, error);
}

gboolean
relay_refund_go_on (RelayCheckout *self, const RelayScope *scope, const char *key, const CobroId *refund_id,
                    RelayStoredAnswer *out_answer, GError **error)
{
  g_autofree char *flight = g_strconcat ("refund:", refund_id->text, NULL);
  Answering answering = { scope, key, out_answer, refund_id };
  g_autoptr (RelayRefundRecord) refund = NULL;
  g_autoptr (RelayReader) reader = NULL;
  gboolean ok;

  if (!relay_checkout_enter (self, flight))
    return cobro_error_set (error, COBRO_ERROR_RUNNING, "the refund with this key is being asked about");
  if ((reader = relay_store_read (self->store, error)) != NULL)
    refund = relay_refund_find (reader->db, scope, refund_id, error);
  g_clear_pointer (&reader, relay_reader_release);
  ok = refund != NULL && go_on_alone (self, &refund, &answering, error);
  relay_checkout_leave (self, flight);
  return ok;
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
call_provider (RelayCheckout *self, Making *making, GError **error)
{
  const RelayRefundWish *wish = making->wish;
  g_autofree char *flight = g_strconcat ("refund:", making->refund->refund->id.text, NULL);
  Answering answering = { &wish->scope, wish->request.key, &making->stored, &making->refund->refund->id };
  RelayCallRefund how = { .number = making->number, .settled = store_answer, .data = &answering };
  gboolean entered = relay_checkout_enter (self, flight);
  gboolean ok = relay_call_refund (self, &making->refund, &how, error);

  if (entered)
    relay_checkout_leave (self, flight);
  return ok;
}

static gboolean
make (RelayCheckout *self, Making *making, GError **error)
{
  const RelayRefundWish *wish = making->wish;

  if (!relay_store_write_for (self->store, &wish->scope.merchant_id, begin_work, making, error))
    return FALSE;
  switch (making->answer)
    {
    case RELAY_IDEMPOTENCY_REPLAY:
      return TRUE;
    case RELAY_IDEMPOTENCY_RESUME:
      return relay_refund_go_on (self, &wish->scope, wish->request.key, &making->begun, &making->stored, error);
    case RELAY_IDEMPOTENCY_NEW:
      return making->done || call_provider (self, making, error);
    }
  g_return_val_if_reached (FALSE);
}

gboolean
relay_refund_make (RelayCheckout *self, const RelayRefundWish *wish, RelayStoredAnswer *out_answer,
                   gboolean *out_replayed, GError **error)
{
  g_auto (Making) making = { .wish = wish };

  if (!cobro_text_check (wish->reason, REASON_MAX, COBRO_TEXT_BLOCK, "reason", error) || !make (self, &making, error))
    return FALSE;
  *out_replayed = making.answer == RELAY_IDEMPOTENCY_REPLAY;
  *out_answer = making.stored;
  making.stored = (RelayStoredAnswer){ 0 };
  return TRUE;
}
