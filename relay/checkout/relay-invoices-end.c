/* relay/checkout/relay-invoices-end.c — what follows after the issue: void and credit, send and remind, money recorded.
 * Layer: relay/checkout. Callers' threads; the transactions run on the writer's. */
#include "cobro-error.h"
#include "cobro-text.h"
#include "relay-invoices-private.h"
#include "relay-mail-store.h"

#define REASON_MAX 500

/* ── Void and credit ────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  const CobroId *id;
  CobroMoney amount;      /* credit: unset: all that is left */
  const CobroId *note_id; /* (nullable) credit: what the note is called; there already: done before */
  const char *reason;
  gboolean voids;
  RelayInvoiceRecord *record; /* (out) */
  RelayInvoiceRecord *note;   /* (out) (nullable) */
} Credit;

static gboolean
check_issued (const RelayInvoiceRecord *record, GError **error)
{
  const CobroInvoice *invoice = record->invoice;

  if (invoice->kind != COBRO_INVOICE_INVOICE)
    return cobro_error_set (error, COBRO_ERROR_STATE, "%s is a credit note", invoice->number);
  if (invoice->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set (error, COBRO_ERROR_STATE, "the invoice is a draft");
  return invoice->decision != COBRO_INVOICE_VOID ||
         cobro_error_set (error, COBRO_ERROR_STATE, "%s is void already", invoice->number);
}

/* Whoever pays at this moment is not overtaken: what is at the provider may have been taken already. */
static gboolean
check_quiet (const RelayInvoiceRecord *record, GError **error)
{
  return record->link->tally.processing == 0 ||
         cobro_error_set (error, COBRO_ERROR_STATE, "money for %s is on its way: wait until it has come or failed",
                          record->invoice->number);
}

/* Issues the note over @credit->amount; nothing to credit: no note. */
static gboolean
issue_note (RelayTx *tx, Credit *credit, GError **error)
{
  const CobroInvoice *invoice = credit->record->invoice;
  g_autoptr (CobroInvoice) draft = NULL;
  CobroMoney rest, amount = credit->amount;

  if (!cobro_money_subtract (invoice->totals->total, credit->record->tally.credited, &rest, error))
    return FALSE;
  if (!cobro_money_is_set (amount))
    amount = rest;
  if (cobro_money_currency (amount) != invoice->currency)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "must be the invoice's");
  if (credit->voids && cobro_money_is_zero (rest))
    return TRUE;
  if (!cobro_money_is_positive (amount) || cobro_money_compare (amount, rest) > 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be above zero and at most what is left");
  /* All of it is mirrored line by line. */
  if (cobro_money_equal (amount, invoice->totals->total))
    amount = COBRO_MONEY_NONE;
  if (!(draft = cobro_invoice_credit (invoice, amount, credit->reason, error)))
    return FALSE;
  if (credit->note_id != NULL)
    draft->id = *credit->note_id;
  if (!(credit->note = relay_invoices_issue_in (tx, credit->scope, draft, FALSE, error)))
    return FALSE;
  /* The invoice as the note left it. */
  relay_invoice_record_free (credit->record);
  credit->record = relay_invoice_find (tx->db, credit->scope, credit->id, error);
  return credit->record != NULL;
}

static gboolean
put_void (RelayTx *tx, Credit *credit, GError **error)
{
  const CobroInvoice *from = credit->record->invoice;
  g_autoptr (CobroInvoice) to = cobro_invoice_copy (from);

  to->decision = COBRO_INVOICE_VOID;
  cobro_link_set_text (&to->void_reason, credit->reason);
  to->rev = from->rev + 1;
  to->updated_at = tx->now;
  return relay_invoices_put_over (tx, credit->record, to, credit->record->edited, error);
}

/* Who was asked for the money is told. */
static gboolean
tell_buyer (RelayTx *tx, const Credit *credit, GError **error)
{
  const RelayInvoiceRecord *record = credit->record;

  if (record->tally.sent_at == 0)
    return TRUE;
  if (credit->voids)
    return relay_invoices_mail (tx, record, RELAY_MAIL_VOIDED, NULL, &record->invoice->id, 0, error);
  return relay_invoices_mail (tx, credit->note, RELAY_MAIL_CREDIT_NOTE, NULL, &credit->note->invoice->id, 0, error);
}

/* The note of the same command, carried out before. */
static gboolean
find_note (RelayTx *tx, Credit *credit, GError **error)
{
  GError *failure = NULL;

  if (credit->note_id == NULL)
    return TRUE;
  credit->note = relay_invoice_find (tx->db, credit->scope, credit->note_id, &failure);
  return credit->note != NULL || cobro_error_forgive_not_found (failure, error);
}

static gboolean
credit_work (RelayTx *tx, gpointer data, GError **error)
{
  Credit *credit = data;

  g_clear_pointer (&credit->record, relay_invoice_record_free);
  g_clear_pointer (&credit->note, relay_invoice_record_free);
  if (!find_note (tx, credit, error) || credit->note != NULL)
    return credit->note != NULL;
  return (credit->record = relay_invoice_find (tx->db, credit->scope, credit->id, error)) != NULL &&
         check_issued (credit->record, error) && (!credit->voids || check_quiet (credit->record, error)) &&
         issue_note (tx, credit, error) && (!credit->voids || put_void (tx, credit, error)) &&
         tell_buyer (tx, credit, error);
}

static gboolean
run_credit (RelayStore *store, Credit *credit, GError **error)
{
  return cobro_text_check (credit->reason, REASON_MAX, COBRO_TEXT_BLOCK, "reason", error) &&
         relay_store_write_for (store, &credit->scope->merchant_id, credit_work, credit, error);
}

RelayInvoiceRecord *
relay_invoices_void (RelayStore *store, const RelayScope *scope, const CobroId *id, const char *reason,
                     RelayInvoiceRecord **out_credit_note, GError **error)
{
  Credit credit = { .scope = scope, .id = id, .reason = reason, .voids = TRUE };
  gboolean done = run_credit (store, &credit, error);
  g_autoptr (RelayInvoiceRecord) record = g_steal_pointer (&credit.record);
  g_autoptr (RelayInvoiceRecord) note = g_steal_pointer (&credit.note);

  if (!done)
    return NULL;
  if (out_credit_note != NULL)
    *out_credit_note = g_steal_pointer (&note);
  return g_steal_pointer (&record);
}

RelayInvoiceRecord *
relay_invoices_credit_note (RelayStore *store, const RelayScope *scope, const CobroId *id, const CobroId *note_id,
                            CobroMoney amount, const char *why, GError **error)
{
  Credit credit = { .scope = scope, .id = id, .note_id = note_id, .amount = amount, .reason = why };
  gboolean done = run_credit (store, &credit, error);
  g_autoptr (RelayInvoiceRecord) record = g_steal_pointer (&credit.record);
  g_autoptr (RelayInvoiceRecord) note = g_steal_pointer (&credit.note);

  return done ? g_steal_pointer (&note) : NULL;
}

/* ── Mails ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_mail (RelayTx *tx, const RelayInvoiceRecord *record, const char *recipient, GError **error)
{
  if (record->invoice->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set (error, COBRO_ERROR_STATE, "the invoice is a draft");
  if (record->invoice->decision == COBRO_INVOICE_VOID)
    return cobro_error_set (error, COBRO_ERROR_STATE, "%s is void", record->invoice->number);
  if (*recipient == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "to", "is required: the buyer has no e-mail address");
  if (!cobro_text_check_email (recipient, "to", error))
    return FALSE;
  return relay_mail_is_wanted (tx->store) || cobro_error_set (error, COBRO_ERROR_STATE, "this relay sends no mail");
}

static const char *
recipient_of (const RelayInvoiceRecord *record, const char *to)
{
  return to != NULL && *to != '\0' ? to : record->invoice->buyer.email;
}

gboolean
relay_invoices_send_in (RelayTx *tx, const RelayScope *scope, const CobroId *id, const char *to, const CobroId *cause,
                        GError **error)
{
  g_autoptr (RelayInvoiceRecord) record = relay_invoice_find (tx->db, scope, id, error);
  const char *kind;

  if (record == NULL || !check_mail (tx, record, recipient_of (record, to), error))
    return FALSE;
  kind = record->invoice->kind == COBRO_INVOICE_CREDIT_NOTE ? RELAY_MAIL_CREDIT_NOTE : RELAY_MAIL_INVOICE;
  return relay_invoices_mail (tx, record, kind, to, cause, 0, error);
}

gboolean
relay_invoices_remind_in (RelayTx *tx, const RelayScope *scope, const CobroId *id, const CobroId *cause, GError **error)
{
  g_autoptr (RelayInvoiceRecord) record = relay_invoice_find (tx->db, scope, id, error);
  g_autoptr (CobroMerchant) merchant = NULL;
  CobroDay due;

  if (record == NULL || !check_mail (tx, record, recipient_of (record, NULL), error) || !check_issued (record, error) ||
      !(merchant = relay_merchant_find (tx->db, &scope->merchant_id, NULL, error)) ||
      !cobro_day_from_text (record->invoice->due_date, &due, error))
    return FALSE;
  if (!cobro_money_is_positive (relay_invoice_view (record, merchant->time_zone, tx->now).due))
    return cobro_error_set (error, COBRO_ERROR_STATE, "%s is paid", record->invoice->number);
  return relay_invoices_mail (tx, record, RELAY_MAIL_REMINDER, NULL, cause,
                              cobro_day_of_time (tx->now, merchant->time_zone) - due, error);
}

typedef struct
{
  const RelayScope *scope;
  const CobroId *id, *cause;
  const char *to;
  gboolean reminds;
} Mail;

static gboolean
mail_work (RelayTx *tx, gpointer data, GError **error)
{
  const Mail *mail = data;

  return mail->reminds ? relay_invoices_remind_in (tx, mail->scope, mail->id, mail->cause, error)
                       : relay_invoices_send_in (tx, mail->scope, mail->id, mail->to, mail->cause, error);
}

gboolean
relay_invoices_send (RelayStore *store, const RelayScope *scope, const CobroId *id, const char *to,
                     const CobroId *cause, GError **error)
{
  Mail mail = { .scope = scope, .id = id, .cause = cause, .to = to };

  return relay_store_write_for (store, &scope->merchant_id, mail_work, &mail, error);
}

gboolean
relay_invoices_remind (RelayStore *store, const RelayScope *scope, const CobroId *id, const CobroId *cause,
                       GError **error)
{
  Mail mail = { .scope = scope, .id = id, .cause = cause, .reminds = TRUE };

  return relay_store_write_for (store, &scope->merchant_id, mail_work, &mail, error);
}

/* ── Money recorded by hand ─────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  const CobroRecord *record;
} Recording;

static gboolean
record_work (RelayTx *tx, gpointer data, GError **error)
{
  const Recording *recording = data;

  return relay_manual_record (tx, recording->scope, recording->record, error);
}

gboolean
relay_invoices_record (RelayStore *store, const RelayScope *scope, const CobroRecord *record, GError **error)
{
  Recording recording = { scope, record };

  return relay_store_write_for (store, &scope->merchant_id, record_work, &recording, error);
}
