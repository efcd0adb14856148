/* relay/checkout/relay-invoices.h — the merchant's commands on invoices: make, change, issue, void, credit, send,
 * remind. Each is one transaction: document, number, link, one event, mails. Layer: relay/checkout. Blocks until the
 * commit; asks no provider. */
#pragma once
#include "cobro-record.h"
#include "relay-invoice-store.h"
#include "relay-links.h"

typedef char *(*RelayInvoiceAnswer) (const RelayInvoiceRecord *record, const CobroToken *token, CobroTime now,
                                     gpointer data);
/* The caller's Idempotency-Key and what to answer; as RelayLinkOnce. */
typedef struct
{
  RelayIdempotency request;
  RelayInvoiceAnswer answer;
  gpointer data;
  guint status;
  gboolean replayed;        /* (out) */
  RelayStoredAnswer stored; /* (out) clear it */
} RelayInvoiceOnce;

/* @invoice: decision DRAFT, or ISSUED to number and issue it at once. Number, series and dates are the relay's. @once:
 * (nullable); replayed: NULL without an error. */
RelayInvoiceRecord *relay_invoices_make (RelayStore *store, const RelayScope *scope, const CobroInvoice *invoice,
                                         RelayInvoiceOnce *once, CobroToken *out_token, GError **error);
/* A draft's content; draft → issued; of an issued one what cobro_invoice_validate_change() allows. @rev: 0 for any.
 * Voiding is relay_invoices_void()'s. */
RelayInvoiceRecord *relay_invoices_change (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 rev,
                                           const CobroInvoice *invoice, GError **error);
/* Issued → void: makes and issues the credit note over what is left, closes the link, tells the buyer if it was sent.
 * @out_credit_note: (optional); NULL when all was credited before. STATE when it is a draft, void already, or money is
 * on its way. */
RelayInvoiceRecord *relay_invoices_void (RelayStore *store, const RelayScope *scope, const CobroId *id,
                                         const char *reason, RelayInvoiceRecord **out_credit_note, GError **error);
/* Issues a credit note over @amount (unset: all that is left) without voiding. @note_id: (nullable): the id it shall
 * have; when it is there already, it is given, and nothing is credited twice. (transfer full) the credit note. */
RelayInvoiceRecord *relay_invoices_credit_note (RelayStore *store, const RelayScope *scope, const CobroId *id,
                                                const CobroId *note_id, CobroMoney amount, const char *why,
                                                GError **error);
/* Queues the mail. @to: (nullable): another address than the buyer's. @cause: the operation or request: the same one
 * sends once. STATE for drafts and void ones, and where the relay sends no mail; INVALID at "to" without an address. */
gboolean relay_invoices_send (RelayStore *store, const RelayScope *scope, const CobroId *id, const char *to,
                              const CobroId *cause, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A reminder by hand, now. STATE when it is paid, void, or a draft. */
gboolean relay_invoices_remind (RelayStore *store, const RelayScope *scope, const CobroId *id, const CobroId *cause,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The new token; the old one answers "replaced" at once. */
RelayInvoiceRecord *relay_invoices_replace_token (RelayStore *store, const RelayScope *scope, const CobroId *id,
                                                  CobroToken *out_token, GError **error);
/* Cash, bank, cheque, credit: a succeeded payment of gateway "manual". EXISTS: the same record again is no error. */
gboolean relay_invoices_record (RelayStore *store, const RelayScope *scope, const CobroRecord *record,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What customers overpaid and have not used: by currency. */
gboolean relay_invoices_credit (CobroDb *db, const RelayScope *scope, const CobroId *customer_id,
                                CobroCurrency currency, CobroMoney *out_credit,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Inside a transaction, for the recurring runner: gives a number of the relay's own series (UPDATE … RETURNING) and
 * issues @draft, which becomes what was issued, with everything that belongs to it; queues its mail when @send. */
RelayInvoiceRecord *relay_invoices_issue_in (RelayTx *tx, const RelayScope *scope, CobroInvoice *draft, gboolean send,
                                             GError **error);

/* Somebody has looked at the invoice that @link pays; the first time there is an event. NOT_FOUND for a link without
 * one. */
gboolean relay_invoices_note_view (RelayStore *store, const RelayLinkRecord *link,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
