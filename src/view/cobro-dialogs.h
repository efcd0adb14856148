/* src/view/cobro-dialogs.h — every GTK and libadwaita call that differs between versions: asking, saving, opening an
 * address. When the floor rises, only this pair of files changes.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

/* What a button does when it is pressed. */
typedef void (*CobroDialogFunc) (gpointer data);

/**
 * cobro_dialogs_confirm:
 * @verb: the affirmative button's label: a verb, header caps
 * @destructive: whether it cannot be taken back: then Enter does not press it
 *
 * Asks before something is done; Esc and Cancel do nothing. @func runs on the affirmative answer only.
 */
void cobro_dialogs_confirm (GtkWindow *parent, const char *heading, const char *body, const char *verb,
                            gboolean destructive, CobroDialogFunc func, gpointer data, GDestroyNotify free_data);

/* Says something that somebody must know before they go on: what happened, what it means, what to do. */
void cobro_dialogs_tell (GtkWindow *parent, const char *heading, const char *body);

/* A file was chosen. */
typedef void (*CobroDialogFileFunc) (GFile *file, gpointer data);

/* Asks where to save. @func is not called when somebody thinks better of it. */
void cobro_dialogs_save (GtkWindow *parent, const char *title, const char *name, const char *mime_type,
                         CobroDialogFileFunc func, gpointer data, GDestroyNotify free_data);

/* Asks for a file to read. @mime_type: (nullable): any. @func is not called when somebody thinks better of it. */
void cobro_dialogs_open (GtkWindow *parent, const char *title, const char *mime_type, CobroDialogFileFunc func,
                         gpointer data, GDestroyNotify free_data);

/* Asks for a folder. @func is not called when somebody thinks better of it. */
void cobro_dialogs_open_folder (GtkWindow *parent, const char *title, CobroDialogFileFunc func, gpointer data,
                                GDestroyNotify free_data);

/* A file was written for somebody: it stands among what was recently used. */
void cobro_dialogs_note_file (GFile *file, const char *mime_type);

/* Hands an address to the program that handles it: mailto:, https:, sms: … */
void cobro_dialogs_open_uri (GtkWindow *parent, const char *uri);

/* Closes a dialog that has done its work. GTK 4.8 complains about texts that go while they have the keyboard. */
void cobro_dialogs_close (GtkWindow *window);
/* Makes a window as tall as its content wants to be now, after something in it opened or appeared. */
void cobro_dialogs_fit (GtkWindow *window);
/* The window has one thing that scrolls, and grows with it from now on, as far as there is room. */
void cobro_dialogs_grow_with (GtkWindow *window);

/* Which of a column view's columns sorts first, and which way round. NULL: none. */
GtkColumnViewColumn *cobro_dialogs_sorted_column (GtkColumnView *view, gboolean *out_descending);
/* Makes the column's header clickable for cobro_dialogs_sorted_column(). The items are not compared. */
void cobro_dialogs_make_sortable (GtkColumnViewColumn *column);

G_END_DECLS
