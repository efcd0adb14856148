/* src/view/dialogs/cobro-preferences-window.h — the business, payments and the relay. Every change counts at once.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-backups.h"
#include "cobro-background.h"
#include "cobro-business.h"
#include "cobro-connection.h"
#include "cobro-providers.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PREFERENCES_WINDOW (cobro_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroPreferencesWindow, cobro_preferences_window, COBRO, PREFERENCES_WINDOW, AdwPreferencesWindow)

/* @parent has the actions "win.connect" and "win.practise". */
CobroPreferencesWindow *cobro_preferences_window_new (GtkWindow *parent, CobroBusiness *business,
                                                      CobroConnection *connection, CobroProviders *providers);
/* Once: how the program behaves on this desktop. Without one of them (nullable) there is no page General. */
void cobro_preferences_window_set_desktop (CobroPreferencesWindow *self, GSettings *settings,
                                           CobroBackground *background);
/* The page about copies of the books. */
void cobro_preferences_window_set_backups (CobroPreferencesWindow *self, CobroBackups *backups);

G_END_DECLS
