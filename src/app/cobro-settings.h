/* src/app/cobro-settings.h — GSettings, found also when the program runs from its build folder.
 * Layer: app. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-backups.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): %NULL where the schema is not installed: then nothing is remembered, and nothing breaks.
 */
GSettings *cobro_settings_new (void);
/* The window begins as it was left. */
void cobro_settings_bind_window (GSettings *settings, GtkWindow *window);
/* Whether and where copies of the books are made. @settings: (nullable). */
void cobro_settings_bind_backups (GSettings *settings, CobroBackups *backups);

G_END_DECLS
