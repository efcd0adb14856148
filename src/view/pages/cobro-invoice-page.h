/* src/view/pages/cobro-invoice-page.h — everything about one invoice or credit note.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"
#include "cobro-invoices.h"
#include "cobro-links.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICE_PAGE (cobro_invoice_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoicePage, cobro_invoice_page, COBRO, INVOICE_PAGE, AdwBin)

/* Keeps them; called once. */
void cobro_invoice_page_set_models (CobroInvoicePage *self, CobroInvoices *invoices, CobroLinks *links,
                                    CobroConnection *connection);
/* Shows one; %NULL lets go of what is shown. */
void cobro_invoice_page_set_item (CobroInvoicePage *self, CobroInvoiceItem *item);
/* (nullable) lent. */
CobroInvoiceItem *cobro_invoice_page_get_item (CobroInvoicePage *self);

G_END_DECLS
