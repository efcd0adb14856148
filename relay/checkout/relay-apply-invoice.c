/* relay/checkout/relay-apply-invoice.c — what a movement of money means to the invoice it was for.
 * Layer: relay/checkout. On the writer's thread. */
#include "relay-apply-private.h"

#include "cobro-error.h"
#include "relay-invoice-store.h"

/* Just filled: paid. Not yet: partially paid. More than was asked, or back again: updated. */
static gboolean
event_of (const RelayApply *self, const RelayInvoiceRecord *record, CobroEventType *out_type, GError **error)
{
  CobroMoney asked = cobro_invoice_asked (record->invoice, record->tally.credited), net, before;

  *out_type = COBRO_EVENT_INVOICE_UPDATED;
  if (self->fact->kind != COBRO_FACT_SUCCEEDED)
    return TRUE;
  if (!relay_link_net (record->link, &net, error) ||
      !cobro_money_subtract (net, self->payment->payment->received, &before, error))
    return FALSE;
  if (cobro_money_compare (net, asked) < 0)
    *out_type = COBRO_EVENT_INVOICE_PARTIALLY_PAID;
  else if (cobro_money_compare (before, asked) < 0)
    *out_type = COBRO_EVENT_INVOICE_PAID;
  return TRUE;
}

gboolean
relay_apply_tell_invoice (RelayApply *self, GError **error)
{
  g_autoptr (RelayInvoiceRecord) record = NULL;
  CobroEventType type;

  if (self->link == NULL || !cobro_id_is_set (&self->link->link->invoice_id))
    return TRUE;
  return (record = relay_invoice_of_link (self->tx->db, self->link, error)) != NULL &&
         event_of (self, record, &type, error) && relay_invoice_set_look_at (self->tx, record, self->tx->now, error) &&
         relay_invoice_append_event (self->tx, record, type, error);
}
