/* src/view/pages/cobro-mail-page.h — Preferences → E-Mail: the merchant's own words, reminders, late fees.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-business.h"
#include "cobro-late-page.h"

G_BEGIN_DECLS

#define COBRO_TYPE_MAIL_PAGE (cobro_mail_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroMailPage, cobro_mail_page, COBRO, MAIL_PAGE, CobroLatePage)

/* Once. */
void cobro_mail_page_set_business (CobroMailPage *self, CobroBusiness *business);
/* Keeps what was typed. */
void cobro_mail_page_commit (CobroMailPage *self);

G_END_DECLS
