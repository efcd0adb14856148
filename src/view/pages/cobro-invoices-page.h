/* src/view/pages/cobro-invoices-page.h — the list of invoices and credit notes: search, filters, columns.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-connection.h"
#include "cobro-invoices.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICES_PAGE (cobro_invoices_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoicesPage, cobro_invoices_page, COBRO, INVOICES_PAGE, AdwBin)

/* A CobroPlace. Keeps both; called once. */
void cobro_invoices_page_set_models (CobroInvoicesPage *self, CobroInvoices *invoices, CobroConnection *connection);

G_END_DECLS
