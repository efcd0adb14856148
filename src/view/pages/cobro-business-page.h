/* src/view/pages/cobro-business-page.h — Preferences → Business: who is paid, and what stands on documents.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-business.h"
#include "cobro-late-page.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BUSINESS_PAGE (cobro_business_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroBusinessPage, cobro_business_page, COBRO, BUSINESS_PAGE, CobroLatePage)

/* Once. */
void cobro_business_page_set_business (CobroBusinessPage *self, CobroBusiness *business);
/* Keeps what was typed. */
void cobro_business_page_commit (CobroBusinessPage *self);

G_END_DECLS
