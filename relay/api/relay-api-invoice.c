/* relay/api/relay-api-invoice.c — what the handlers of invoices share: the one that a path names, and its /v1 shape.
 * Layer: relay/api (private). Request threads; relay_api_write_invoice() also on the writer thread. */
#include "relay-api-invoice.h"

#include "cobro-error.h"
#include "cobro-wire-invoice.h"
#include "relay-merchant-store.h"

void
relay_api_invoice_clear (RelayApiInvoice *self)
{
  g_clear_pointer (&self->record, relay_invoice_record_free);
  g_clear_pointer (&self->merchant, cobro_merchant_unref);
}

gboolean
relay_api_find_invoice (const RelayContext *context, RelayRequest *request, RelayApiInvoice *out_invoice,
                        GError **error)
{
  g_autoptr (RelayReader) reader = NULL;
  RelayScope scope = relay_api_scope (request);
  g_auto (RelayApiInvoice) found = { 0 };
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_INVOICE, relay_request_param (request, "id"), &id, NULL))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such invoice");
  if (!(reader = relay_store_read (context->store, error)) ||
      !(found.record = relay_invoice_find (reader->db, &scope, &id, error)) ||
      !(found.merchant = relay_merchant_find (reader->db, &scope.merchant_id, NULL, error)))
    return FALSE;
  *out_invoice = found;
  found = (RelayApiInvoice){ 0 };
  return TRUE;
}

CobroMerchant *
relay_api_invoice_merchant (const RelayContext *context, const RelayRequest *request, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (context->store, error);

  return reader != NULL ? relay_merchant_find (reader->db, &request->merchant_id, NULL, error) : NULL;
}

void
relay_api_write_invoice (const RelayContext *context, CobroWireWriter *writer, const char *key,
                         const RelayInvoiceRecord *record, const char *zone, const CobroToken *token,
                         gboolean with_token)
{
  g_autofree char *url = token != NULL ? relay_api_link_url (context, token) : NULL;
  g_autoptr (CobroInvoice) invoice = cobro_invoice_copy (record->invoice);
  CobroInvoiceView view = relay_invoice_view (record, zone, cobro_clock_now (context->clock));
  CobroWireInvoiceContext shape = {
    .url = url, .with_token = with_token && token != NULL, .view = &view, .tally = &record->tally
  };

  if (token != NULL)
    invoice->token = *token;
  cobro_wire_invoice_write (writer, key, invoice, &shape);
}

void
relay_api_put_invoice (const RelayContext *context, const RelayRequest *request, CobroWireWriter *writer,
                       const char *key, const RelayInvoiceRecord *record, const char *zone)
{
  gboolean is_device = relay_api_device (request, &(CobroId){ "" }, NULL);
  CobroToken token;
  /* A draft's address leads nowhere yet; a token whose seal does not open any more costs the url, not the answer. */
  gboolean opened = record->link != NULL && record->invoice->decision != COBRO_INVOICE_DRAFT &&
                    relay_link_get_token (context->store, record->link, &token, NULL);

  relay_api_write_invoice (context, writer, key, record, zone, opened ? &token : NULL, is_device);
}

char *
relay_api_invoice_to_json (const RelayContext *context, const RelayRequest *request, const RelayInvoiceRecord *record,
                           const char *zone)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  relay_api_put_invoice (context, request, writer, NULL, record, zone);
  return cobro_wire_writer_take (writer);
}
