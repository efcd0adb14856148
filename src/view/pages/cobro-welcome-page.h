/* src/view/pages/cobro-welcome-page.h — the first thing that somebody sees: three doors, and a place to practise.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_WELCOME_PAGE (cobro_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroWelcomePage, cobro_welcome_page, COBRO, WELCOME_PAGE, AdwBin)

/* What the main menu holds. */
void cobro_welcome_page_set_menu (CobroWelcomePage *self, GMenuModel *menu);
/* Whether there is a practice relay to be had. */
void cobro_welcome_page_set_can_practise (CobroWelcomePage *self, gboolean can_practise);

G_END_DECLS
