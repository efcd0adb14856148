/* src/model/cobro-invoice-item.h — one invoice or credit note as the window shows it.
 * Layer: model. Main thread. */
#pragma once
#include "cobro-invoice-store.h"
#include "cobro-row-item.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICE_ITEM (cobro_invoice_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoiceItem, cobro_invoice_item, COBRO, INVOICE_ITEM, CobroRowItem)

/* Lent until "changed": the record, and the invoice in it. An item that is not filled has an empty draft. */
const CobroInvoice *cobro_invoice_item_get_invoice (CobroInvoiceItem *self);
/* Lent for the item's life; "" before it is filled. */
const char *cobro_invoice_item_get_id (CobroInvoiceItem *self);
/* Status, paid, due: as of the last look at the clock. */
CobroInvoiceView cobro_invoice_item_get_view (CobroInvoiceItem *self);
CobroInvoiceTally cobro_invoice_item_get_tally (CobroInvoiceItem *self);
CobroRecordState cobro_invoice_item_get_state (CobroInvoiceItem *self);
/* In words: why the relay refused it or what a conflict did; "". */
const char *cobro_invoice_item_get_reason (CobroInvoiceItem *self);
/* The field that was refused; "". */
const char *cobro_invoice_item_get_path (CobroInvoiceItem *self);
/* Why the last mail or recorded payment failed; "". */
const char *cobro_invoice_item_get_problem (CobroInvoiceItem *self);
/* Whether a mail of it waits to be handed to the relay. */
gboolean cobro_invoice_item_get_sending (CobroInvoiceItem *self);
/* Where it is paid; "" for drafts, credit notes, and before a relay is connected. */
const char *cobro_invoice_item_get_url (CobroInvoiceItem *self);

G_END_DECLS
