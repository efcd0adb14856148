/* src/model/cobro-invoices.h — the merchant's invoices as a service: write drafts, issue, send, record money, credit.
 * Layer: model. Main thread. */
#pragma once
#include "cobro-invoice-item.h"
#include "cobro-product-store.h"
#include "cobro-row-list.h"
#include "cobro-customer-store.h"
#include "cobro-undo.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICES (cobro_invoices_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoices, cobro_invoices, COBRO, INVOICES, CobroRowSource)

/* Items are CobroInvoiceItem; queries of lists CobroInvoiceQuery. Signal "failed" (GError): something that nobody waits
 * for went wrong. */

/* Keeps both. @undo is the window's: discarding a draft is taken back there. */
CobroInvoices *cobro_invoices_new (CobroStore *store, CobroUndo *undo);
/* Whether the books hold any. */
gboolean cobro_invoices_get_any (CobroInvoices *self);
/* The merchant's civil date. */
CobroDay cobro_invoices_get_today (CobroInvoices *self);
/* (transfer full) (nullable) the picture at the head of documents. Reads the books. */
GBytes *cobro_invoices_dup_logo (CobroInvoices *self);
/* Whether there is a relay, and it sends no mails. */
gboolean cobro_invoices_get_relay_is_mute (CobroInvoices *self);

/* ── Lists ── */

/* (transfer full) of CobroInvoiceItem: all of them, newest first; or those of one customer. */
CobroRowList *cobro_invoices_list (CobroInvoices *self);
CobroRowList *cobro_invoices_list_of_customer (CobroInvoices *self, const CobroId *customer_id);
/* Asks such a list of all for something else. */
void cobro_invoices_ask (CobroInvoices *self, CobroRowList *list, const char *search, CobroInvoiceFilter filter,
                         CobroInvoiceSort sort, gboolean descending);

/* ── Writing. All finish with cobro_invoices_finish(). ── */

/* Stores a draft (new without id), or an issued one with other private notes, reminders or expiry. */
void cobro_invoices_put_async (CobroInvoices *self, const CobroInvoice *invoice, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/**
 * cobro_invoices_issue_async:
 * @draft: as it is in the editor
 * @new_customer: (nullable): who the draft is for, when the books do not know them yet: written in the
 * same transaction
 * @send: also mail it, as soon as the relay can be reached
 */
void cobro_invoices_issue_async (CobroInvoices *self, const CobroInvoice *draft, CobroCustomer *new_customer,
                                 gboolean send, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
void cobro_invoices_duplicate_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* Credits what is left of it and voids it. */
void cobro_invoices_void_async (CobroInvoices *self, const CobroId *id, const char *reason, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
/* @to: (nullable): the buyer's address. */
void cobro_invoices_send_async (CobroInvoices *self, const CobroId *id, const char *to, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
void cobro_invoices_remind_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
void cobro_invoices_record_async (CobroInvoices *self, const CobroRecord *record, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* The item that was written or made (of a credit: the credit note), filled; %NULL with an error. (transfer full) */
CobroInvoiceItem *cobro_invoices_finish (CobroInvoices *self, GAsyncResult *result, GError **error);

/* Those that nobody waits for; failures are announced by "failed". */
/* Deletes a draft; can be taken back. @done_text: what the person reads. */
void cobro_invoices_discard (CobroInvoices *self, const char *id, const char *done_text);
/* Issued ↔ uncollectible; can be taken back. */
void cobro_invoices_decide (CobroInvoices *self, const char *id, CobroInvoiceDecision decision, const char *done_text);
void cobro_invoices_replace_token (CobroInvoices *self, const char *id);
void cobro_invoices_renumber (CobroInvoices *self, const char *id);
void cobro_invoices_mark_seen (CobroInvoices *self, const char *id);

/* ── Looking up ── */

/* (transfer full) one document, live for as long as somebody holds it. Finish with cobro_invoices_finish(). */
void cobro_invoices_load_async (CobroInvoices *self, const char *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) (element-type CobroInvoiceItem) the credit notes of an invoice, oldest first. */
void cobro_invoices_load_credits_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_invoices_load_credits_finish (CobroInvoices *self, GAsyncResult *result, GError **error);
/* Type-ahead: customers (element-type CobroCustomer) and products (CobroProduct) that begin so. (transfer full) */
void cobro_invoices_find_customers_async (CobroInvoices *self, const char *text, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
void cobro_invoices_find_products_async (CobroInvoices *self, const char *text, CobroCurrency currency,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_invoices_find_finish (CobroInvoices *self, GAsyncResult *result, GError **error);
/* (transfer full) one customer with what they owe. */
void cobro_invoices_load_customer_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
CobroCustomerRecord *cobro_invoices_load_customer_finish (CobroInvoices *self, GAsyncResult *result, GError **error);

G_END_DECLS
