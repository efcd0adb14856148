/* src/view/dialogs/cobro-help-window.h — the help: a list of tasks, and a page for each. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_HELP_WINDOW (cobro_help_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroHelpWindow, cobro_help_window, COBRO, HELP_WINDOW, AdwWindow)

/**
 * cobro_help_window_show:
 * @asker: the window in which somebody asks
 * @page: (nullable): the page's name; one that does not exist, and %NULL, show the list
 *
 * Shows the help, in the window that is open already if there is one. It can be read beside a dialog that is modal, and
 * goes when the window behind @asker goes.
 */
void cobro_help_window_show (GtkWindow *asker, const char *page);

/* From now on F1 asks in every dialog of the program: an application's own keys reach only its main window. @keeper:
 * for as long as it lives. */
void cobro_help_window_listen (GObject *keeper);

/* (nullable) the page about a dialog, the page of Preferences that is shown, or what the dialog opened from; NULL where
 * the main window's place decides. */
const char *cobro_help_page_of_dialog (GtkWindow *dialog);
/* (nullable) the page about that type of dialog or page of Preferences. */
const char *cobro_help_page_of_type (const char *type);

G_END_DECLS
