/* src/view/pages/cobro-developers-page.h — the place "Developers": webhook endpoints, deliveries, dead letters, events,
 * API keys, how the relay is doing. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-developers.h"
#include "cobro-events.h"

G_BEGIN_DECLS

#define COBRO_TYPE_DEVELOPERS_PAGE (cobro_developers_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroDevelopersPage, cobro_developers_page, COBRO, DEVELOPERS_PAGE, AdwBin)

/* Once. Keeps both. */
void cobro_developers_page_set_models (CobroDevelopersPage *self, CobroDevelopers *developers, CobroEvents *events);

G_END_DECLS
