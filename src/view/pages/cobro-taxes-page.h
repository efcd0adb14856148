/* src/view/pages/cobro-taxes-page.h — Preferences → Taxes: the rates a merchant chooses from, and how tax is counted.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-business.h"
#include "cobro-late-page.h"

G_BEGIN_DECLS

#define COBRO_TYPE_TAXES_PAGE (cobro_taxes_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroTaxesPage, cobro_taxes_page, COBRO, TAXES_PAGE, CobroLatePage)

/* Once. */
void cobro_taxes_page_set_business (CobroTaxesPage *self, CobroBusiness *business);

G_END_DECLS
