/* src/view/pages/cobro-overview-page.h — how the business stands: the first thing that is seen.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-attention.h"
#include "cobro-business.h"
#include "cobro-connection.h"
#include "cobro-overview.h"

G_BEGIN_DECLS

#define COBRO_TYPE_OVERVIEW_PAGE (cobro_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroOverviewPage, cobro_overview_page, COBRO, OVERVIEW_PAGE, AdwBin)

/* Once. Keeps them. */
void cobro_overview_page_set_models (CobroOverviewPage *self, CobroOverview *overview, CobroAttention *attention,
                                     CobroBusiness *business, CobroConnection *connection);

G_END_DECLS
