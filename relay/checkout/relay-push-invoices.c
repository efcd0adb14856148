/* relay/checkout/relay-push-invoices.c — what desktops push about invoices: documents, mails, money recorded by hand.
 * Layer: relay/checkout. Inside the push's transaction. */
#include "cobro-error.h"
#include "cobro-wire-invoice.h"
#include "relay-invoices-private.h"
#include "relay-push-private.h"

static gboolean
make_invoice (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
              GError **error)
{
  g_autoptr (CobroInvoice) invoice = cobro_invoice_copy (operation->invoice);
  g_autoptr (RelayInvoiceRecord) record = NULL;

  if (invoice->decision == COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "decision", "a draft stays with its author");
  if (invoice->kind == COBRO_INVOICE_INVOICE && !cobro_token_is_set (&operation->token))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "token", "is required for an invoice that is new here");
  invoice->rev = operation->base_rev + 1;
  invoice->token = COBRO_TOKEN_NONE;
  invoice->livemode = scope->livemode;
  if (invoice->created_at == 0)
    invoice->created_at = tx->now;
  if (invoice->updated_at == 0)
    invoice->updated_at = tx->now;
  if (!cobro_invoice_validate (invoice, error) || !cobro_invoice_check_totals (invoice, error) ||
      !(record = relay_invoices_insert_issued (tx, scope, invoice, &operation->token, operation->edited, error)))
    return FALSE;
  return (invoice->decision != COBRO_INVOICE_VOID ||
          relay_invoice_append_event (tx, record, COBRO_EVENT_INVOICE_VOIDED, error)) &&
         relay_push_applied (result, record->invoice->rev);
}

static gboolean
change_invoice (RelayTx *tx, RelayInvoiceRecord *record, const RelayPushOperation *operation, RelayPushResult *result,
                GError **error)
{
  const CobroInvoice *from = record->invoice;
  g_autoptr (CobroInvoice) to = cobro_invoice_copy (operation->invoice);

  to->token = COBRO_TOKEN_NONE;
  to->livemode = from->livemode;
  to->created_at = from->created_at;
  if (cobro_invoice_is_same (from, to))
    return relay_push_applied (result, from->rev);
  if (operation->base_rev < from->rev)
    {
      g_autofree char *document = cobro_wire_invoice_to_document (from, FALSE);
      return relay_push_conflict (result, from->rev, document, record->edited);
    }
  to->rev = operation->base_rev + 1;
  if (to->updated_at == 0)
    to->updated_at = tx->now;
  return relay_invoices_put_over (tx, record, to, operation->edited, error) && relay_push_applied (result, to->rev);
}

gboolean
relay_push_invoice (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
                    GError **error)
{
  GError *failure = NULL;
  g_autoptr (RelayInvoiceRecord) record = relay_invoice_find (tx->db, scope, &operation->invoice->id, &failure);

  if (record != NULL)
    return change_invoice (tx, record, operation, result, error);
  return cobro_error_forgive_not_found (failure, error) && make_invoice (tx, scope, operation, result, error);
}

/* ── Mails ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The invoice that the operation names, and the operation itself as what asked for the mail. */
static gboolean
read_names (const RelayPushOperation *operation, CobroId *out_id, CobroId *out_cause, GError **error)
{
  if (!cobro_id_parse (COBRO_ID_INVOICE, operation->id, out_id, error) ||
      !cobro_id_parse (COBRO_ID_OPERATION, operation->op_id, out_cause, error))
    return cobro_error_prefix_path (error, "id");
  return TRUE;
}

gboolean
relay_push_invoice_send (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                         RelayPushResult *result, GError **error)
{
  CobroId id, cause;

  return read_names (operation, &id, &cause, error) &&
         relay_invoices_send_in (tx, scope, &id, operation->to, &cause, error) &&
         relay_push_applied (result, operation->base_rev);
}

gboolean
relay_push_invoice_remind (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                           RelayPushResult *result, GError **error)
{
  CobroId id, cause;

  return read_names (operation, &id, &cause, error) && relay_invoices_remind_in (tx, scope, &id, &cause, error) &&
         relay_push_applied (result, operation->base_rev);
}

/* ── Money ──────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_push_record (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
                   GError **error)
{
  return relay_manual_record (tx, scope, operation->record, error) && relay_push_applied (result, 1);
}
