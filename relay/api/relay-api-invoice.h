/* relay/api/relay-api-invoice.h — what the handlers of invoices share: the one that a path names, its /v1 shape, its
 * paper. Layer: relay/api (private). Request threads, except where a comment says otherwise. */
#pragma once
#include "relay-api-common.h"
#include "relay-invoice-store.h"

/* An invoice as one snapshot of the books has it. */
typedef struct
{
  RelayInvoiceRecord *record;
  CobroMerchant *merchant;
} RelayApiInvoice;
void relay_api_invoice_clear (RelayApiInvoice *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayApiInvoice, relay_api_invoice_clear)

/* The invoice {id} of the path; FALSE with COBRO_ERROR_NOT_FOUND, also for malformed ids. */
gboolean relay_api_find_invoice (const RelayContext *context, RelayRequest *request, RelayApiInvoice *out_invoice,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) whose invoices they are: for their civil date. */
CobroMerchant *relay_api_invoice_merchant (const RelayContext *context, const RelayRequest *request, GError **error);

/* Writes the /v1 Invoice at @key. @token: (nullable): for the url; shown itself when @with_token. Any thread. */
void relay_api_write_invoice (const RelayContext *context, CobroWireWriter *writer, const char *key,
                              const RelayInvoiceRecord *record, const char *zone, const CobroToken *token,
                              gboolean with_token);
/* The same with its token from the books; devices see it, too. */
void relay_api_put_invoice (const RelayContext *context, const RelayRequest *request, CobroWireWriter *writer,
                            const char *key, const RelayInvoiceRecord *record, const char *zone);
/* (transfer full) that alone. */
char *relay_api_invoice_to_json (const RelayContext *context, const RelayRequest *request,
                                 const RelayInvoiceRecord *record, const char *zone);

/* The PDF, for @locale ("" or "auto": the merchant's), to be saved under its own name. @url: (nullable): where it is
 * paid. */
RelayReply *relay_api_reply_paper (RelayContext *context, RelayRequest *request, const CobroInvoice *invoice,
                                   const CobroInvoiceView *view, const CobroMerchant *merchant, const char *url);
