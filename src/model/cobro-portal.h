/* src/model/cobro-portal.h — asks the desktop for something through its portals (org.freedesktop.portal.*), which work
 * the same inside and outside of a sandbox. A portal may show a dialog first: an answer takes as long as the person
 * does. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * cobro_portal_request_async:
 * @interface: without "org.freedesktop.portal."
 * @method: one that takes a window and options
 * @options: (transfer floating): a{sv}; the token of the request is added
 * @take_file: a file descriptor that goes with it as the option "attachment_fds"; -1: none. Closed here
 * @cancellable: (nullable): also ends the waiting for the person
 */
void cobro_portal_request_async (const char *interface, const char *method, GVariant *options, int take_file,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/**
 * cobro_portal_request_finish:
 *
 * Returns: (transfer full): the results, a{sv}; %NULL with %COBRO_ERROR_UNAVAILABLE (there is no such portal),
 * %COBRO_ERROR_FORBIDDEN (the system said no) or %G_IO_ERROR_CANCELLED (the person did)
 */
GVariant *cobro_portal_request_finish (GAsyncResult *result, GError **error);

/* Whether the program runs in a sandbox, where nothing but portals may start or open other programs. */
gboolean cobro_portal_is_sandboxed (void);

G_END_DECLS
