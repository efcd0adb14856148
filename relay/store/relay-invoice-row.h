/* relay/store/relay-invoice-row.h — one row of the table invoice: which columns, how they are bound and read.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-invoice-store.h"

/* Every column of a record, for SELECT. */
#define RELAY_INVOICE_COLUMNS                                                                                          \
  "invoice.row, merchant_id, id, livemode, link_id, document, rev, decision, void_reason, private_notes, reminders, "  \
  "expires_at, edited, updated_at, sent_at, viewed_at, credited, last_reminder, overdue_told, look_at"

/* The document, for INSERT and for the UPDATE of a draft; bound by relay_invoice_row_bind(). */
#define RELAY_INVOICE_FROZEN                                                                                           \
  "number, series, sequence, issue_date, due_date, currency, total, corrects_id, customer_id, buyer_name, "            \
  "buyer_email, reference, recurring_id, period, document"
#define RELAY_INVOICE_FROZEN_VALUES                                                                                    \
  ":number, :series, :sequence, :issue_date, :due_date, :currency, :total, :corrects_id, :customer_id, :buyer_name, "  \
  ":buyer_email, :reference, :recurring_id, :period, :document"
/* What may change of an issued one; bound by relay_invoice_row_bind_later(). */
#define RELAY_INVOICE_LATER                                                                                            \
  "rev, decision, void_reason, private_notes, reminders, expires_at, edited, updated_at, look_at"
#define RELAY_INVOICE_LATER_VALUES                                                                                     \
  ":rev, :decision, :void_reason, :private_notes, :reminders, :expires_at, :edited, :updated_at, :look_at"

void relay_invoice_row_bind (CobroDbStatement *statement, const CobroInvoice *invoice);
void relay_invoice_row_bind_later (CobroDbStatement *statement, const CobroInvoice *invoice, const char *edited,
                                   CobroTime look_at);
/* (transfer full) the row the statement stands on, without its link; NULL with COBRO_ERROR_CORRUPT. */
RelayInvoiceRecord *relay_invoice_row_read (CobroDbStatement *statement, GError **error);
