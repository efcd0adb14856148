/* relay/checkout/relay-invoices-viewed.c — somebody has looked at an invoice: noted once, by the first pair of eyes.
 * Layer: relay/checkout. Any thread; the work function on the writer's. */
#include "relay-invoices.h"

static gboolean
view_work (RelayTx *tx, gpointer data, GError **error)
{
  const RelayLinkRecord *link = data;
  g_autoptr (RelayInvoiceRecord) record = relay_invoice_of_link (tx->db, link, error);

  return record != NULL && (record->tally.viewed_at != 0 || relay_invoice_mark_viewed (tx, record, error));
}

gboolean
relay_invoices_note_view (RelayStore *store, const RelayLinkRecord *link, GError **error)
{
  return relay_store_write_for (store, &link->merchant_id, view_work, (gpointer)link, error);
}
