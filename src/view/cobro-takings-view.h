/* src/view/cobro-takings-view.h — what came in during the last twelve months, one currency at a time: as a chart, or as
 * a table with the same figures. A month opens its payments.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-overview.h"

G_BEGIN_DECLS

#define COBRO_TYPE_TAKINGS_VIEW (cobro_takings_view_get_type ())
G_DECLARE_FINAL_TYPE (CobroTakingsView, cobro_takings_view, COBRO, TAKINGS_VIEW, AdwBin)

/* @figures: lent until the next call; one with no takings shows that nothing came. @preferred: the currency that is
 * shown until another one is chosen. */
void cobro_takings_view_set_figures (CobroTakingsView *self, const CobroOverviewFigures *figures,
                                     CobroCurrency preferred);

G_END_DECLS
