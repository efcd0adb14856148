/* src/wire/cobro-wire-invoice.h — how an invoice travels (relay-http.md, "Invoice"): quantities, rates as decimal
 * strings, amounts as whole minor units; a unit price with a fraction of a minor unit is a decimal string of minor
 * units ("0.75"). Layer: wire. */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-invoice.h"
#include "cobro-wire-party.h"

typedef enum
{
  COBRO_WIRE_INVOICE_CREATE, /* currency and lines are needed; the rest defaults; id and token optional; totals are
                                computed, those sent are refused if they differ */
  COBRO_WIRE_INVOICE_UPDATE, /* a whole document for PUT: read-only members are accepted and ignored */
  COBRO_WIRE_INVOICE_STORED, /* as cobro_wire_invoice_to_document() wrote it, or an event's object: totals are taken as
                                they are */
} CobroWireInvoiceForm;

/* (transfer full) parses and validates; NULL with the path and reason. */
CobroInvoice *cobro_wire_invoice_parse (CobroWireObject *object, CobroWireInvoiceForm form, GError **error);
/* (transfer full) the document, canonical: what is stored and pushed. */
char *cobro_wire_invoice_to_document (const CobroInvoice *invoice, gboolean with_token);

/* What had happened to an invoice when a /v1 Invoice (an event's object) was written: sent, viewed, credited. */
gboolean cobro_wire_invoice_read_tally (CobroWireObject *object, CobroCurrency currency, CobroInvoiceTally *out_tally,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  const char *url;                /* (nullable) */
  gboolean with_token;            /* only in the answer that made or replaced it */
  gboolean for_buyer;             /* without private notes, metadata and reminders */
  const CobroInvoiceView *view;   /* status, paymentStatus, flags, totals.paid, totals.due */
  const CobroInvoiceTally *tally; /* sentAt, viewedAt */
} CobroWireInvoiceContext;
/* The whole /v1 Invoice at @key (NULL: top level or element). */
void cobro_wire_invoice_write (CobroWireWriter *writer, const char *key, const CobroInvoice *invoice,
                               const CobroWireInvoiceContext *context);
