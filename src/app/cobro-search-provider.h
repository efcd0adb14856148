/* src/app/cobro-search-provider.h — answers the system's search (org.gnome.Shell.SearchProvider2) out of the books,
 * without a window. What is told is what stands in the lists: titles, amounts, statuses; no addresses, no keys.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-application.h"

G_BEGIN_DECLS

#define COBRO_TYPE_SEARCH_PROVIDER (cobro_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (CobroSearchProvider, cobro_search_provider, COBRO, SEARCH_PROVIDER, GObject)

/* @application: not kept alive. */
CobroSearchProvider *cobro_search_provider_new (CobroApplication *application);
gboolean cobro_search_provider_export (CobroSearchProvider *self, GDBusConnection *bus, const char *path,
                                       GError **error);
void cobro_search_provider_unexport (CobroSearchProvider *self, GDBusConnection *bus);

G_END_DECLS
