/* src/model/cobro-overview.h — how the business stands, live: what came in by month, what is owed, what happened last.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-overview-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_OVERVIEW (cobro_overview_get_type ())
G_DECLARE_FINAL_TYPE (CobroOverview, cobro_overview, COBRO, OVERVIEW, GObject)

/* Signals: "changed": there are other figures; "failed" (GError): they could not be read, those from before stay. */

/* Keeps @store. Reads at once and again whenever something changed or a day began. */
CobroOverview *cobro_overview_new (CobroStore *store);
/* Lent until "changed"; %NULL: they were not read yet. */
const CobroOverviewFigures *cobro_overview_get_figures (CobroOverview *self);

G_END_DECLS
