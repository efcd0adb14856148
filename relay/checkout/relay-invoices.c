/* relay/checkout/relay-invoices.c — make, change, issue: one transaction each, with its one event.
 * Layer: relay/checkout. Callers' threads; the transactions run on the writer's. */
#include "relay-invoices-private.h"

#include "cobro-error.h"
#include "relay-links-private.h"
#include "relay-mail-store.h"
#include "relay-series-store.h"

/* ── Shared with the push (relay-push-invoices.c) ───────────────────────────────────────────────────────────── */

gboolean
relay_invoices_mail (RelayTx *tx, const RelayInvoiceRecord *record, const char *kind, const char *to,
                     const CobroId *cause, gint step, GError **error)
{
  RelayScope scope = { record->merchant_id, record->invoice->livemode };
  RelayMailOrder order = { .kind = kind,
                           .invoice_id = record->invoice->id,
                           .cause = *cause,
                           .step = step,
                           .recipient = to != NULL && *to != '\0' ? to : record->invoice->buyer.email };

  return *order.recipient == '\0' || relay_mail_queue (tx, &scope, &order, error);
}

/* What a credit note corrects; NULL without an error for an invoice. Looked for before anything is written: the books
 * refuse a note without its invoice. */
static gboolean
find_original (RelayTx *tx, const RelayScope *scope, const CobroInvoice *note, RelayInvoiceRecord **out_original,
               GError **error)
{
  g_autoptr (RelayInvoiceRecord) original = NULL;

  *out_original = NULL;
  if (note->kind != COBRO_INVOICE_CREDIT_NOTE)
    return TRUE;
  if (!(original = relay_invoice_find (tx->db, scope, &note->corrects_id, error)))
    return cobro_error_prefix_path (error, "corrects");
  if (original->invoice->kind != COBRO_INVOICE_INVOICE || original->invoice->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "corrects", "only an issued invoice is credited");
  if (original->invoice->currency != note->currency)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "must be the invoice's");
  *out_original = g_steal_pointer (&original);
  return TRUE;
}

/* A credit note is given or not: it is neither void nor given up. */
static gboolean
check_note (const CobroInvoice *invoice, GError **error)
{
  return invoice->kind == COBRO_INVOICE_INVOICE || invoice->decision == COBRO_INVOICE_ISSUED ||
         cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "a credit note stays issued");
}

RelayInvoiceRecord *
relay_invoices_insert_issued (RelayTx *tx, const RelayScope *scope, const CobroInvoice *invoice,
                              const CobroToken *token, const char *edited, GError **error)
{
  g_autoptr (RelayInvoiceRecord) original = NULL;
  g_autoptr (RelayInvoiceRecord) record = NULL;

  if (!check_note (invoice, error) || !find_original (tx, scope, invoice, &original, error) ||
      !(record = relay_invoice_insert (tx, &scope->merchant_id, invoice, token, edited, error)))
    return NULL;
  if (invoice->sequence > 0 &&
      !relay_series_raise (tx, scope, invoice->series, invoice->sequence, invoice->issue_date, error))
    return NULL;
  if (!relay_invoice_append_event (tx, record, COBRO_EVENT_INVOICE_ISSUED, error))
    return NULL;
  /* The invoice asks for so much less from now on. */
  if (original != NULL && (!relay_invoice_add_credit (tx, original, invoice->totals->total, error) ||
                           !relay_invoice_append_event (tx, original, COBRO_EVENT_INVOICE_UPDATED, error)))
    return NULL;
  return g_steal_pointer (&record);
}

/* (transfer full) @from with what may change of it from @to. */
static CobroInvoice *
only_what_may_change (const CobroInvoice *from, const CobroInvoice *to)
{
  CobroInvoice *next = cobro_invoice_copy (from);

  next->rev = to->rev;
  next->decision = to->decision;
  next->reminders = to->reminders;
  next->expires_at = to->expires_at;
  next->updated_at = to->updated_at;
  cobro_link_set_text (&next->void_reason, to->void_reason);
  cobro_link_set_text (&next->private_notes, to->private_notes);
  return next;
}

gboolean
relay_invoices_put_over (RelayTx *tx, RelayInvoiceRecord *record, CobroInvoice *to, const char *edited, GError **error)
{
  g_autoptr (CobroInvoice) from = cobro_invoice_ref (record->invoice);
  g_autoptr (CobroInvoice) next = NULL;
  gboolean ends = to->decision == COBRO_INVOICE_VOID && from->decision != COBRO_INVOICE_VOID;

  if (!check_note (to, error) || !cobro_invoice_validate (to, error) ||
      !cobro_invoice_validate_change (from, to, error))
    return FALSE;
  next = only_what_may_change (from, to);
  if (!relay_invoice_update (tx, record, next, edited, error))
    return FALSE;
  if (ends && record->link != NULL && !relay_links_end_leases (tx, record->link, error))
    return FALSE;
  return relay_invoice_append_event (tx, record, ends ? COBRO_EVENT_INVOICE_VOIDED : COBRO_EVENT_INVOICE_UPDATED,
                                     error);
}

/* ── Issuing ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) the buyer as of now; NULL without an error: nobody that we know. */
static gboolean
find_customer (RelayTx *tx, const RelayScope *scope, const CobroInvoice *invoice, CobroCustomer **out_customer,
               GError **error)
{
  GError *failure = NULL;

  *out_customer = NULL;
  /* A credit note says what its invoice said. */
  if (!cobro_id_is_set (&invoice->customer_id) || invoice->kind == COBRO_INVOICE_CREDIT_NOTE)
    return TRUE;
  *out_customer = relay_customer_find (tx->db, &scope->merchant_id, &invoice->customer_id, NULL, &failure);
  return *out_customer != NULL || cobro_error_forgive_not_found (failure, error);
}

/* Draft → issued, in place: the next number of the relay's own series is used up when this transaction is. */
static gboolean
give_number (RelayTx *tx, const RelayScope *scope, CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &scope->merchant_id, NULL, error);
  g_autoptr (CobroCustomer) customer = NULL;
  g_auto (RelaySeriesNumber) number = { 0 };
  gboolean is_note = invoice->kind == COBRO_INVOICE_CREDIT_NOTE;

  return merchant != NULL && find_customer (tx, scope, invoice, &customer, error) &&
         cobro_invoice_compute (invoice, error) &&
         relay_series_give (tx, scope, cobro_invoice_kind_name (invoice->kind),
                            is_note ? merchant->credit_note_pattern : merchant->invoice_pattern,
                            cobro_day_of_time (tx->now, merchant->time_zone), &number, error) &&
         cobro_invoice_issue (invoice, merchant, customer, number.number, number.series, number.sequence, number.day,
                              tx->now, error);
}

static CobroToken
token_for (RelayTx *tx, const CobroInvoice *invoice)
{
  return cobro_token_is_set (&invoice->token) ? invoice->token : cobro_token_new (relay_store_random (tx->store));
}

/* A new document, numbered now. */
static RelayInvoiceRecord *
issue_new (RelayTx *tx, const RelayScope *scope, CobroInvoice *draft, const CobroToken *token, GError **error)
{
  if (!cobro_id_is_set (&draft->id))
    draft->id = cobro_id_new (COBRO_ID_INVOICE, relay_store_clock (tx->store), relay_store_random (tx->store));
  draft->livemode = scope->livemode;
  draft->rev = 1;
  draft->created_at = draft->updated_at = tx->now;
  return give_number (tx, scope, draft, error) ? relay_invoices_insert_issued (tx, scope, draft, token, NULL, error)
                                               : NULL;
}

RelayInvoiceRecord *
relay_invoices_issue_in (RelayTx *tx, const RelayScope *scope, CobroInvoice *draft, gboolean send, GError **error)
{
  CobroToken token = token_for (tx, draft);
  g_autoptr (RelayInvoiceRecord) record = issue_new (tx, scope, draft, &token, error);

  if (record == NULL ||
      (send && !relay_invoices_mail (tx, record, RELAY_MAIL_INVOICE, NULL, &record->invoice->id, 0, error)))
    return NULL;
  return g_steal_pointer (&record);
}

/* ── Make ───────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  const CobroInvoice *invoice;
  CobroId id;
  CobroToken token;
  RelayInvoiceOnce *once;
  RelayInvoiceRecord *record; /* (out) */
} Make;

/* The caller repeats a request that was answered already, or it is claimed for this transaction. */
static gboolean
claim (RelayTx *tx, Make *make, gboolean *out_replayed, GError **error)
{
  RelayIdempotencyAnswer answer = RELAY_IDEMPOTENCY_NEW;

  *out_replayed = FALSE;
  if (make->once == NULL)
    return TRUE;
  relay_stored_answer_clear (&make->once->stored);
  if (!relay_idempotency_claim (tx, make->scope, &make->once->request, NULL, &answer, NULL, &make->once->stored, error))
    return FALSE;
  *out_replayed = make->once->replayed = answer == RELAY_IDEMPOTENCY_REPLAY;
  return TRUE;
}

static gboolean
finish (RelayTx *tx, const Make *make, GError **error)
{
  RelayInvoiceOnce *once = make->once;

  if (once == NULL)
    return TRUE;
  once->stored.status = once->status;
  once->stored.body = once->answer (make->record, &make->token, tx->now, once->data);
  return relay_idempotency_finish (tx, make->scope, once->request.key, &once->stored, error);
}

static gboolean
insert_draft (RelayTx *tx, Make *make, CobroInvoice *draft, GError **error)
{
  draft->livemode = make->scope->livemode;
  draft->rev = 1;
  draft->created_at = draft->updated_at = tx->now;
  if (!cobro_invoice_compute (draft, error) || !cobro_invoice_validate (draft, error))
    return FALSE;
  make->record = relay_invoice_insert (tx, &make->scope->merchant_id, draft, &make->token, NULL, error);
  return make->record != NULL;
}

static gboolean
make_work (RelayTx *tx, gpointer data, GError **error)
{
  Make *make = data;
  g_autoptr (CobroInvoice) draft = cobro_invoice_copy (make->invoice);
  gboolean issues = draft->decision == COBRO_INVOICE_ISSUED, replayed;

  g_clear_pointer (&make->record, relay_invoice_record_free);
  if (!claim (tx, make, &replayed, error) || replayed)
    return replayed;
  draft->id = make->id;
  draft->token = COBRO_TOKEN_NONE;
  draft->decision = COBRO_INVOICE_DRAFT;
  if (issues)
    make->record = issue_new (tx, make->scope, draft, &make->token, error);
  else if (!insert_draft (tx, make, draft, error))
    return FALSE;
  return make->record != NULL && finish (tx, make, error);
}

RelayInvoiceRecord *
relay_invoices_make (RelayStore *store, const RelayScope *scope, const CobroInvoice *invoice, RelayInvoiceOnce *once,
                     CobroToken *out_token, GError **error)
{
  Make make = { .scope = scope, .invoice = invoice, .id = invoice->id, .once = once };
  g_autoptr (RelayInvoiceRecord) record = NULL;
  gboolean made;

  if (invoice->kind != COBRO_INVOICE_INVOICE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "kind", "a credit note is made by voiding or crediting"),
           NULL;
  if (invoice->decision != COBRO_INVOICE_DRAFT && invoice->decision != COBRO_INVOICE_ISSUED)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "decision", "a new invoice is \"draft\" or \"issued\""),
           NULL;
  if (!cobro_id_is_set (&make.id))
    make.id = cobro_id_new (COBRO_ID_INVOICE, relay_store_clock (store), relay_store_random (store));
  make.token = cobro_token_is_set (&invoice->token) ? invoice->token : cobro_token_new (relay_store_random (store));
  made = relay_store_write_for (store, &scope->merchant_id, make_work, &make, error);
  record = g_steal_pointer (&make.record);
  if (!made)
    return NULL;
  if (out_token != NULL)
    *out_token = make.token;
  return g_steal_pointer (&record);
}

/* ── Change ─────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  const CobroId *id;
  gint64 rev; /* 0: any */
  const CobroInvoice *invoice;
  CobroToken token;
  RelayInvoiceRecord *record; /* (out) */
} Change;

static gboolean
find_at_revision (RelayTx *tx, Change *change, GError **error)
{
  g_clear_pointer (&change->record, relay_invoice_record_free);
  if (!(change->record = relay_invoice_find (tx->db, change->scope, change->id, error)))
    return FALSE;
  if (change->rev != 0 && change->rev != change->record->invoice->rev)
    return cobro_error_set (error, COBRO_ERROR_REVISION, "the invoice has revision %" G_GINT64_FORMAT " by now",
                            change->record->invoice->rev);
  return TRUE;
}

/* What was asked, as the next version of @from. */
static CobroInvoice *
next_version (RelayTx *tx, const CobroInvoice *asked, const CobroInvoice *from)
{
  CobroInvoice *to = cobro_invoice_copy (asked);

  to->id = from->id;
  to->kind = from->kind;
  to->token = COBRO_TOKEN_NONE;
  to->livemode = from->livemode;
  to->created_at = from->created_at;
  to->rev = from->rev + 1;
  to->updated_at = tx->now;
  return to;
}

static gboolean
change_draft (RelayTx *tx, Change *change, GError **error)
{
  g_autoptr (CobroInvoice) to = next_version (tx, change->invoice, change->record->invoice);
  gboolean issues = to->decision == COBRO_INVOICE_ISSUED;

  if (!issues && to->decision != COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "a draft can only be issued");
  to->decision = COBRO_INVOICE_DRAFT;
  if (!(issues ? give_number (tx, change->scope, to, error) : cobro_invoice_compute (to, error)) ||
      !cobro_invoice_validate (to, error) || !relay_invoice_update (tx, change->record, to, NULL, error))
    return FALSE;
  return !issues || relay_invoice_append_event (tx, change->record, COBRO_EVENT_INVOICE_ISSUED, error);
}

/* Only what may change of an issued one is taken from what was asked; that the rest was not asked to differ is checked
 * where the caller could have said so. */
static gboolean
change_issued (RelayTx *tx, Change *change, GError **error)
{
  const CobroInvoice *from = change->record->invoice, *asked = change->invoice;
  g_autoptr (CobroInvoice) to = next_version (tx, from, from);

  if (asked->decision == COBRO_INVOICE_VOID && from->decision != COBRO_INVOICE_VOID)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "an invoice is voided with its credit note");
  to->decision = asked->decision;
  to->reminders = asked->reminders;
  to->expires_at = asked->expires_at;
  cobro_link_set_text (&to->private_notes, asked->private_notes);
  return relay_invoices_put_over (tx, change->record, to, change->record->edited, error);
}

static gboolean
change_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  if (!find_at_revision (tx, change, error))
    return FALSE;
  return change->record->invoice->decision == COBRO_INVOICE_DRAFT ? change_draft (tx, change, error)
                                                                  : change_issued (tx, change, error);
}

static gboolean
token_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  if (!find_at_revision (tx, change, error))
    return FALSE;
  if (change->record->link == NULL)
    return cobro_error_set (error, COBRO_ERROR_STATE, "a credit note has no page to pay it");
  return relay_links_put_token (tx, change->record->link, &change->token, error);
}

static RelayInvoiceRecord *
run_change (RelayStore *store, RelayWork work, Change *change, GError **error)
{
  g_autoptr (RelayInvoiceRecord) record = NULL;
  gboolean changed = relay_store_write_for (store, &change->scope->merchant_id, work, change, error);

  record = g_steal_pointer (&change->record);
  return changed ? g_steal_pointer (&record) : NULL;
}

RelayInvoiceRecord *
relay_invoices_change (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 rev,
                       const CobroInvoice *invoice, GError **error)
{
  Change change = { .scope = scope, .id = id, .rev = rev, .invoice = invoice };

  return run_change (store, change_work, &change, error);
}

RelayInvoiceRecord *
relay_invoices_replace_token (RelayStore *store, const RelayScope *scope, const CobroId *id, CobroToken *out_token,
                              GError **error)
{
  Change change = { .scope = scope, .id = id };
  RelayInvoiceRecord *record;

  change.token = cobro_token_new (relay_store_random (store));
  record = run_change (store, token_work, &change, error);
  if (record != NULL && out_token != NULL)
    *out_token = change.token;
  return record;
}

gboolean
relay_invoices_credit (CobroDb *db, const RelayScope *scope, const CobroId *customer_id, CobroCurrency currency,
                       CobroMoney *out_credit, GError **error)
{
  return relay_invoice_credit_of (db, scope, customer_id, currency, out_credit, error);
}
