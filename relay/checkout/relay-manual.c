/* relay/checkout/relay-manual.c — money that came or went another way, on the merchant's word: a payment of gateway
 * "manual" that goes through the one path like any other; its fact has the merchant as its source.
 * Layer: relay/checkout. Inside a transaction, on the writer's thread. */
#include "cobro-error.h"
#include "relay-account-store.h"
#include "relay-invoices-private.h"

gboolean
relay_manual_is (const CobroPayment *payment)
{
  return g_str_equal (payment->gateway, COBRO_RECORD_GATEWAY);
}

/* (transfer full) the merchant's account for it, made when it is first needed; never offered to anybody. */
static char *
ensure_account (RelayTx *tx, const RelayScope *scope, GError **error)
{
  GError *failure = NULL;
  /* Without opening it: there is no secret in it, and a lost key is no reason to refuse cash. */
  g_autoptr (RelayAccountRecord) record = relay_account_find_for (NULL, tx->db, scope, COBRO_RECORD_GATEWAY, &failure);

  if (record != NULL)
    return g_strdup (record->id);
  if (!cobro_error_forgive_not_found (failure, error))
    return NULL;
  record = relay_account_record_new ();
  record->merchant_id = scope->merchant_id;
  record->livemode = scope->livemode;
  record->enabled = TRUE;
  g_free (record->provider);
  record->provider = g_strdup (COBRO_RECORD_GATEWAY);
  return relay_account_put (tx, record, error) ? g_strdup (record->id) : NULL;
}

/* ── Checks ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Looked for before it is written: a failed statement would end everything that was pushed with it. */
static gboolean
check_unused (RelayTx *tx, const CobroId *id, GError **error)
{
  gboolean used = FALSE;

  if (!relay_payment_is_anywhere (tx->db, id, &used, error))
    return FALSE;
  return !used || cobro_error_set_at (error, COBRO_ERROR_EXISTS, "id", "is another payment's");
}

/* @out_known: the same record was written before. */
static gboolean
look_for_same (RelayTx *tx, const RelayScope *scope, const CobroRecord *record, gboolean *out_known, GError **error)
{
  GError *failure = NULL;
  g_autoptr (RelayPaymentRecord) before = relay_payment_find (tx->db, scope, &record->id, &failure);

  *out_known = before != NULL;
  if (before == NULL)
    return cobro_error_forgive_not_found (failure, error) && check_unused (tx, &record->id, error);
  if (relay_manual_is (before->payment) && cobro_id_equal (&before->payment->link_id, &record->link_id) &&
      cobro_money_equal (before->payment->amount, record->amount) &&
      g_str_equal (before->payment->method, cobro_record_how_name (record->how)))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "id", "is another payment's");
}

/* The day begins earlier in the east: a desktop there may be one ahead. */
static gboolean
check_date (RelayTx *tx, const RelayScope *scope, const CobroRecord *record, CobroTime *out_when, GError **error)
{
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &scope->merchant_id, NULL, error);
  CobroDay day;

  if (merchant == NULL || !cobro_day_from_text (record->date, &day, error))
    return FALSE;
  if (day > cobro_day_of_time (tx->now, merchant->time_zone) + 1)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "date", "is in the future");
  *out_when = MIN (cobro_day_begins_at (day, merchant->time_zone), tx->now);
  return TRUE;
}

/* Credit is what the same customer overpaid elsewhere, and pays what is due: no more than either. */
static gboolean
check_credit (RelayTx *tx, const RelayScope *scope, const RelayInvoiceRecord *invoice, CobroMoney amount,
              GError **error)
{
  CobroMoney credit, paid, due;

  if (!cobro_id_is_set (&invoice->invoice->customer_id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "how", "credit needs a customer on the invoice");
  if (!relay_invoice_credit_of (tx->db, scope, &invoice->invoice->customer_id, invoice->invoice->currency, &credit,
                                error) ||
      !relay_link_net (invoice->link, &paid, error) ||
      !cobro_money_subtract (invoice->invoice->totals->total, invoice->tally.credited, &due, error) ||
      !cobro_money_subtract (due, paid, &due, error))
    return FALSE;
  if (invoice->invoice->decision == COBRO_INVOICE_VOID)
    return cobro_error_set (error, COBRO_ERROR_STATE, "%s is void", invoice->invoice->number);
  if (cobro_money_compare (amount, credit) > 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is more than the customer's credit");
  return cobro_money_compare (amount, due) <= 0 ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is more than is due");
}

/* A link that is not payable in parts is used by its first payment: less than it asks for would use it up. */
static gboolean
check_whole (const CobroLink *link, CobroMoney amount, GError **error)
{
  CobroMoney total;

  if (link->partial != COBRO_PARTIAL_OFF || link->pricing == COBRO_PRICING_OPEN || cobro_link_has_choice (link))
    return TRUE;
  if (!cobro_link_total (link, &total, error))
    return FALSE;
  return cobro_money_compare (amount, total) >= 0 ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is less than the link asks for");
}

/* Money that came is a fact, also for a void invoice or a cancelled link: it is kept and flagged. Only what was never
 * asked for cannot be paid. */
static gboolean
check_link (RelayTx *tx, const RelayScope *scope, const RelayLinkRecord *link, const CobroRecord *record,
            GError **error)
{
  g_autoptr (RelayInvoiceRecord) invoice = NULL;

  if (link->link->decision == COBRO_DECISION_DRAFT)
    return cobro_error_set (error, COBRO_ERROR_STATE, "a draft cannot be paid");
  if (cobro_money_currency (record->amount) != link->link->currency)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "must be \"%s\"",
                               cobro_currency_code (link->link->currency));
  if (!check_whole (link->link, record->amount, error))
    return FALSE;
  if (record->how != COBRO_RECORD_CREDIT)
    return TRUE;
  if (!(invoice = relay_invoice_of_link (tx->db, link, error)))
    return FALSE;
  return check_credit (tx, scope, invoice, record->amount, error);
}

/* ── The payment ────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayPaymentRecord *
make_payment (RelayTx *tx, const RelayScope *scope, const RelayLinkRecord *link, const CobroRecord *record,
              char *take_account)
{
  RelayPaymentRecord *made = relay_payment_record_new ();
  CobroPayment *payment = made->payment;

  made->merchant_id = scope->merchant_id;
  g_free (made->account);
  made->account = take_account;
  payment->id = record->id;
  payment->link_id = record->link_id;
  payment->livemode = scope->livemode;
  payment->amount = record->amount;
  payment->refunded = cobro_money_zero (link->link->currency);
  payment->lost = cobro_money_zero (link->link->currency);
  cobro_link_set_text (&payment->gateway, COBRO_RECORD_GATEWAY);
  cobro_link_set_text (&payment->method, cobro_record_how_name (record->how));
  cobro_link_set_text (&payment->payer_name, link->link->customer_name);
  g_hash_table_unref (payment->metadata);
  payment->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (payment->metadata, g_strdup ("date"), g_strdup (record->date));
  if (*record->note != '\0')
    g_hash_table_insert (payment->metadata, g_strdup ("note"), g_strdup (record->note));
  payment->created_at = payment->updated_at = tx->now;
  return made;
}

static gboolean
insert (RelayTx *tx, RelayLinkRecord *link, RelayPaymentRecord *payment, GError **error)
{
  if (!cobro_payment_validate (payment->payment, error) || !relay_payment_insert (tx, payment, error))
    return FALSE;
  link->tally.attempts++;
  link->tally.open_attempts++;
  link->tally.last_failed = FALSE;
  link->newest_payment = payment->row;
  return relay_link_save_sums (tx, link, error) &&
         relay_payment_append_event (tx, payment, COBRO_EVENT_PAYMENT_CREATED, error);
}

/* The merchant's word, as a fact. @what: makes it this one and no other. */
static CobroFact *
make_fact (const RelayPaymentRecord *payment, CobroFactKind kind, CobroMoney amount, const char *what, CobroTime when)
{
  CobroFact *fact = cobro_fact_new ();

  fact->source = COBRO_FACT_FROM_MERCHANT;
  cobro_link_set_text (&fact->provider, COBRO_RECORD_GATEWAY);
  cobro_link_set_text (&fact->account, payment->account);
  fact->livemode = payment->payment->livemode;
  cobro_link_set_text (&fact->event_id, what);
  cobro_link_set_text (&fact->reference, payment->payment->id.text);
  fact->kind = kind;
  fact->amount = amount;
  fact->occurred_at = when;
  return fact;
}

static gboolean
apply (RelayTx *tx, const CobroFact *fact, GError **error)
{
  RelayVerdict verdict = RELAY_VERDICT_NO_CHANGE;

  if (!relay_checkout_apply (tx, fact, &verdict, error))
    return FALSE;
  return verdict == RELAY_VERDICT_APPLIED ||
         cobro_error_set (error, COBRO_ERROR_INTERNAL, "the merchant's word was not believed: %s",
                          relay_verdict_name (verdict));
}

gboolean
relay_manual_record (RelayTx *tx, const RelayScope *scope, const CobroRecord *record, GError **error)
{
  g_autoptr (RelayLinkRecord) link = NULL;
  g_autoptr (RelayPaymentRecord) payment = NULL;
  g_autoptr (CobroFact) fact = NULL;
  CobroTime when = 0;
  gboolean known = FALSE;
  char *account;

  if (!cobro_record_validate (record, error) || !look_for_same (tx, scope, record, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  if (!(link = relay_link_find (tx->db, scope, &record->link_id, error)) ||
      !check_link (tx, scope, link, record, error) || !check_date (tx, scope, record, &when, error) ||
      !(account = ensure_account (tx, scope, error)))
    return FALSE;
  payment = make_payment (tx, scope, link, record, account);
  fact = make_fact (payment, COBRO_FACT_SUCCEEDED, record->amount, record->id.text, when);
  return insert (tx, link, payment, error) && apply (tx, fact, error);
}

/* ── Back ───────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_manual_refund (RelayTx *tx, const RelayPaymentRecord *payment, RelayRefundRecord **refund, GError **error)
{
  RelayScope scope = { payment->merchant_id, payment->payment->livemode };
  const CobroRefund *asked = (*refund)->refund;
  g_autoptr (CobroFact) fact = make_fact (payment, COBRO_FACT_REFUNDED, asked->amount, asked->id.text, tx->now);
  RelayRefundRecord *done;

  if (!apply (tx, fact, error) || !(done = relay_refund_find (tx->db, &scope, &asked->id, error)))
    return FALSE;
  relay_refund_record_free (*refund);
  *refund = done;
  return TRUE;
}
