/* src/model/cobro-background.h — whether payments are announced while no window is open: the person's wish, the
 * system's permission, and the start at login. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_BACKGROUND (cobro_background_get_type ())
G_DECLARE_FINAL_TYPE (CobroBackground, cobro_background, COBRO, BACKGROUND, GObject)

/* Signal "changed": enabled, busy or the error are not what they were. */

/**
 * cobro_background_new:
 * @settings: (nullable): keeps the wish as "background-checking"; without them nothing can be switched on
 * @program: what is started at login
 */
CobroBackground *cobro_background_new (GSettings *settings, const char *program);
gboolean cobro_background_get_enabled (CobroBackground *self);
/* Whether the system is being asked. */
gboolean cobro_background_get_busy (CobroBackground *self);
/* (nullable) Lent until the next "changed": why it could not be switched. */
const GError *cobro_background_get_error (CobroBackground *self);
/* Asks the system: through the portal, or, where there is none and no sandbox either, by an entry among the programs
 * that start at login. It is enabled when the system has agreed, and disabled whatever it says. */
void cobro_background_set_enabled (CobroBackground *self, gboolean enabled);

G_END_DECLS
