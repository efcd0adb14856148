/* relay/store/relay-invoice-store.h — invoices as the relay keeps them: the document, its link, what happened to it. A
 * draft made over the API is here, too; a desktop's draft is not. Layer: relay/store. Reads take any connection; writes
 * a transaction. */
#pragma once
#include "cobro-invoice-status.h"
#include "relay-link-store.h"

typedef struct
{
  gint64 row;
  CobroId merchant_id;
  CobroInvoice *invoice; /* without token: it is the link's */
  RelayLinkRecord *link; /* NULL for credit notes */
  CobroInvoiceTally tally;
  gint last_reminder; /* the step that was sent last; G_MININT: none */
  gboolean overdue_told;
  char *edited; /* (nullable) the desktops' edit times */
} RelayInvoiceRecord;
void relay_invoice_record_free (RelayInvoiceRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayInvoiceRecord, relay_invoice_record_free)

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND: none, another merchant's, or of the other mode. */
RelayInvoiceRecord *relay_invoice_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
RelayInvoiceRecord *relay_invoice_find_by_number (CobroDb *db, const RelayScope *scope, const char *number,
                                                  GError **error);
/* The invoice that is paid by @link; NOT_FOUND for a link without one. */
RelayInvoiceRecord *relay_invoice_of_link (CobroDb *db, const RelayLinkRecord *link, GError **error);
/* What it is now. @zone: the merchant's. */
CobroInvoiceView relay_invoice_view (const RelayInvoiceRecord *record, const char *zone, CobroTime now);

typedef struct
{
  const char *text;    /* (nullable) part of number, reference, buyer; any case */
  int status;          /* CobroInvoiceStatus, or -1 */
  CobroId customer_id; /* unset: all */
  CobroTime now;
  const char *zone;
  const char *cursor;
  guint limit; /* 1 … 100 */
} RelayInvoiceQuery;
GPtrArray *relay_invoice_list (CobroDb *db, const RelayScope *scope, const RelayInvoiceQuery *query, char **out_cursor,
                               GError **error);
