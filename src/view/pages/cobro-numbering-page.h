/* src/view/pages/cobro-numbering-page.h — Preferences → Invoices: numbers, due dates, what a new invoice begins with.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-business.h"
#include "cobro-late-page.h"

G_BEGIN_DECLS

#define COBRO_TYPE_NUMBERING_PAGE (cobro_numbering_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroNumberingPage, cobro_numbering_page, COBRO, NUMBERING_PAGE, CobroLatePage)

/* Once. */
void cobro_numbering_page_set_business (CobroNumberingPage *self, CobroBusiness *business);
/* Keeps what was typed. */
void cobro_numbering_page_commit (CobroNumberingPage *self);

G_END_DECLS
