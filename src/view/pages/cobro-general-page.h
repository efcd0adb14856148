/* src/view/pages/cobro-general-page.h — Preferences → General: how the program behaves on this desktop.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-background.h"
#include "cobro-late-page.h"

G_BEGIN_DECLS

#define COBRO_TYPE_GENERAL_PAGE (cobro_general_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroGeneralPage, cobro_general_page, COBRO, GENERAL_PAGE, CobroLatePage)

/* Once. */
void cobro_general_page_set_models (CobroGeneralPage *self, GSettings *settings, CobroBackground *background);

G_END_DECLS
