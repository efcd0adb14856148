/* relay/html/relay-catalogue.h — a compiled gettext catalogue (.mo) read from memory, so that one process speaks
 * several languages without system locales. Layer: relay/html. Read-only after it was made: any thread. */
#pragma once
#include <glib.h>

typedef struct _RelayCatalogue RelayCatalogue;

/**
 * relay_catalogue_new:
 * @mo: the file's bytes
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_CORRUPT when it is not a .mo file or reaches beyond its end
 */
RelayCatalogue *relay_catalogue_new (GBytes *mo, GError **error);
void relay_catalogue_free (RelayCatalogue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayCatalogue, relay_catalogue_free)

/* (transfer none) the translation, or @text itself. @self may be NULL: the source language. */
const char *relay_catalogue_get (const RelayCatalogue *self, const char *text);
