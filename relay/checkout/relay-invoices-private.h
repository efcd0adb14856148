/* relay/checkout/relay-invoices-private.h — the steps that commands over the API and pushed operations share.
 * Layer: relay/checkout. Inside a transaction, on the writer's thread. */
#pragma once
#include "relay-apply-private.h"
#include "relay-invoices.h"

#define RELAY_MAIL_INVOICE     "invoice"
#define RELAY_MAIL_REMINDER    "reminder"
#define RELAY_MAIL_CREDIT_NOTE "credit_note"
#define RELAY_MAIL_VOIDED      "voided"

/* A document that has its number: stored with its link, its series raised, told; a credit note is taken from what its
 * invoice asks for. @token: of an invoice's link. (transfer full) */
RelayInvoiceRecord *relay_invoices_insert_issued (RelayTx *tx, const RelayScope *scope, const CobroInvoice *invoice,
                                                  const CobroToken *token, const char *edited, GError **error);
/* @to (its rev and times are set) over what was issued: checked, leases ended where it is void now, one event. */
gboolean relay_invoices_put_over (RelayTx *tx, RelayInvoiceRecord *record, CobroInvoice *to, const char *edited,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_invoices_send_in (RelayTx *tx, const RelayScope *scope, const CobroId *id, const char *to,
                                 const CobroId *cause, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_invoices_remind_in (RelayTx *tx, const RelayScope *scope, const CobroId *id, const CobroId *cause,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues a mail about @record to @to, or to the buyer; nothing where there is no address. */
gboolean relay_invoices_mail (RelayTx *tx, const RelayInvoiceRecord *record, const char *kind, const char *to,
                              const CobroId *cause, gint step, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* relay-manual.c. */
gboolean relay_manual_record (RelayTx *tx, const RelayScope *scope, const CobroRecord *record,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether money of this payment moves on the merchant's word alone. */
gboolean relay_manual_is (const CobroPayment *payment);
/* The refund of such a payment has gone through: no provider is asked. @refund: (inout): as it is then. */
gboolean relay_manual_refund (RelayTx *tx, const RelayPaymentRecord *payment, RelayRefundRecord **refund,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
