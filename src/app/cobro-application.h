/* src/app/cobro-application.h — the application: one instance, its window, its notifications.
 * Layer: app. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_APPLICATION (cobro_application_get_type ())
G_DECLARE_FINAL_TYPE (CobroApplication, cobro_application, COBRO, APPLICATION, AdwApplication)

/* For main(). */
CobroApplication *cobro_application_new (void);

/* The shortcuts of the whole program, for @application's windows. */
void cobro_application_add_keys (GtkApplication *application);

/* The folder of the books that are open. Lent. */
const char *cobro_application_get_books_folder (CobroApplication *self);

/* Something to do while no books are open, such as putting another file in their place. Brief: the window is gone
 * meanwhile. FALSE with @error: the books that were open are opened again, and the error is the exchange's. */
typedef gboolean (*CobroBetweenBooks) (gpointer data, GError **error);

/**
 * cobro_application_exchange_books_async:
 * @folder: of the books to open; made when needed. It may be the folder that is open
 * @between: (nullable): called with @data between closing and opening; @free_data frees it in any case
 *
 * Closes every window (what was being written is kept), ends sync and the practice relay, closes the books, and opens
 * others in a new window. When the others cannot be opened, those before come back.
 */
void cobro_application_exchange_books_async (CobroApplication *self, const char *folder, CobroBetweenBooks between,
                                             gpointer data, GDestroyNotify free_data, GAsyncReadyCallback callback,
                                             gpointer user_data);
/* Errors: the store's (busy, newer, corrupt, not writable …), or that of the function between. */
gboolean cobro_application_exchange_books_finish (CobroApplication *self, GAsyncResult *result, GError **error);

G_END_DECLS
