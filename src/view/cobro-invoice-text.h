/* src/view/cobro-invoice-text.h — what the window says about an invoice: its status in words with the reason behind it.
 * Layer: view. Main thread. Results that are not const are (transfer full). */
#pragma once
#include "cobro-invoice-item.h"
#include "cobro-merchant.h"
#include "cobro-view-text.h"

G_BEGIN_DECLS

/* "INV-2026-00007", or "Draft". */
const char *cobro_invoice_text_number (const CobroInvoice *invoice);
/* "Invoice INV-2026-00007", "Draft invoice", "Credit note CN-2026-00001". */
char *cobro_invoice_text_title (const CobroInvoice *invoice);
CobroViewStatus cobro_invoice_text_status (CobroInvoiceItem *item);
/* A sentence: why it is so and what the person can do. @has_relay: whether there is one to upload it to. */
char *cobro_invoice_text_reason (CobroInvoiceItem *item, gboolean has_relay);
/* The total; "" where there is none. Of a credit note below zero. */
char *cobro_invoice_text_total (const CobroInvoice *invoice);
/* What needs somebody's attention, a sentence a line; "". */
char *cobro_invoice_text_attention (CobroInvoiceItem *item);

/* What may be done with it now. */
gboolean cobro_invoice_may_send (CobroInvoiceItem *item);
gboolean cobro_invoice_may_record (CobroInvoiceItem *item);
gboolean cobro_invoice_may_remind (CobroInvoiceItem *item);
gboolean cobro_invoice_may_void (CobroInvoiceItem *item);

/* The language of the document and its mail: the customer's, else the merchant's, else the reader's. Lent. */
const char *cobro_invoice_text_locale (const CobroInvoice *invoice, const CobroMerchant *merchant);

G_END_DECLS
