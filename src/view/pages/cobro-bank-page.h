/* src/view/pages/cobro-bank-page.h — an account statement matched with what is open: what is sure, what is probable,
 * what nothing fits, each with its reasons; recorded one by one or together. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-bank-statement.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BANK_PAGE (cobro_bank_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroBankPage, cobro_bank_page, COBRO, BANK_PAGE, AdwBin)

/* Keeps them; all %NULL: lets go of them and of the statement. */
void cobro_bank_page_set_models (CobroBankPage *self, CobroPayments *payments, CobroBusiness *business,
                                 CobroUndo *undo);
/* Asks for a file. Signal "opened": one was chosen, and the page has something to show. */
void cobro_bank_page_ask (CobroBankPage *self);
/* The same without asking. */
void cobro_bank_page_open (CobroBankPage *self, GFile *file);

G_END_DECLS
