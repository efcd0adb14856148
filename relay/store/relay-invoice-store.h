/* relay/store/relay-invoice-store.h — invoices as the relay keeps them: the document, its link, what happened to it. A
 * draft made over the API is here, too; a desktop's draft is not. Layer: relay/store. Reads take any connection; writes
 * a transaction. */
#pragma once
#include "cobro-invoice-status.h"
#include "relay-link-store.h"

/* One document. What happened besides payments is in the tally. */
typedef struct
{
  gint64 row;
  CobroId merchant_id;
  CobroInvoice *invoice; /* without token: it is the link's */
  RelayLinkRecord *link; /* NULL for credit notes */
  CobroInvoiceTally tally;
  gint last_reminder; /* the step that was sent last; G_MININT: none */
  gboolean overdue_told;
  CobroTime look_at; /* when the clock looks at it next (due date, reminders); 0: never */
  char *edited;      /* (nullable) the desktops' edit times */
} RelayInvoiceRecord;
void relay_invoice_record_free (RelayInvoiceRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayInvoiceRecord, relay_invoice_record_free)

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND: none, another merchant's, or of the other mode. */
RelayInvoiceRecord *relay_invoice_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
RelayInvoiceRecord *relay_invoice_find_by_number (CobroDb *db, const RelayScope *scope, const char *number,
                                                  GError **error);
/* The invoice that is paid by @link; NOT_FOUND for a link without one. */
RelayInvoiceRecord *relay_invoice_of_link (CobroDb *db, const RelayLinkRecord *link, GError **error);
/* What a schedule issued for a period. */
RelayInvoiceRecord *relay_invoice_find_period (CobroDb *db, const RelayScope *scope, const CobroId *recurring_id,
                                               const char *period, GError **error);
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
/* (transfer full) (element-type RelayInvoiceRecord) newest first; @out_cursor: (nullable) of the next page. NULL with
 * COBRO_ERROR_INVALID (path "cursor") or the database's error. */
GPtrArray *relay_invoice_list (CobroDb *db, const RelayScope *scope, const RelayInvoiceQuery *query, char **out_cursor,
                               GError **error);
/* (transfer full) (element-type RelayInvoiceRecord) everybody's that the clock must look at by @now; at most @limit. */
GPtrArray *relay_invoice_list_due (CobroDb *db, CobroTime now, guint limit, GError **error);
/* What a customer overpaid and has not used, in one currency; never below zero. */
gboolean relay_invoice_credit_of (CobroDb *db, const RelayScope *scope, const CobroId *customer_id,
                                  CobroCurrency currency, CobroMoney *out_credit,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes below decide nothing and, where they do not say so, tell of nothing: relay/checkout/relay-invoices.h does. */

/* Invoice and link together; @token is wiped from neither. FALSE with COBRO_ERROR_EXISTS: id, number (path "number"),
 * token or the period of its schedule is taken. */
RelayInvoiceRecord *relay_invoice_insert (RelayTx *tx, const CobroId *merchant_id, const CobroInvoice *invoice,
                                          const CobroToken *token, const char *edited, GError **error);
/* Stores @invoice over the record, and what follows from it over the link; of an issued one the database refuses what
 * may not change. Takes a reference of @invoice. */
gboolean relay_invoice_update (RelayTx *tx, RelayInvoiceRecord *record, CobroInvoice *invoice, const char *edited,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One more issued credit note of @amount: the link asks for so much less. FALSE with COBRO_ERROR_INVALID at
 * "totals.total" when that is more than is left. */
gboolean relay_invoice_add_credit (RelayTx *tx, RelayInvoiceRecord *record, CobroMoney amount,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the clock looks at it next; 0: never. */
gboolean relay_invoice_set_look_at (RelayTx *tx, RelayInvoiceRecord *record, CobroTime when,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What happened, with its one event: a mail left (the first time counts), the buyer looked (told once), a reminder of
 * @step left, the due date passed (told once). */
gboolean relay_invoice_mark_sent (RelayTx *tx, RelayInvoiceRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_invoice_mark_viewed (RelayTx *tx, RelayInvoiceRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_invoice_mark_reminded (RelayTx *tx, RelayInvoiceRecord *record, gint step,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_invoice_mark_overdue (RelayTx *tx, RelayInvoiceRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One event with the /v1 Invoice (no url, no token, no private notes) as it is now. */
gboolean relay_invoice_append_event (RelayTx *tx, const RelayInvoiceRecord *record, CobroEventType type,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
