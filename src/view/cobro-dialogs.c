/* src/view/cobro-dialogs.c — every GTK and libadwaita call that differs between versions.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-dialogs.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWindow *parent; /* kept: libadwaita looks at it once more after the answer, which may have closed it */
  CobroDialogFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Confirm;

static void
confirm_free (gpointer data, GClosure *closure)
{
  Confirm *confirm = data;

  if (confirm->free_data)
    confirm->free_data (confirm->data);
  g_object_unref (confirm->parent);
  g_free (confirm);
}

static void
on_confirm_response_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Confirm *confirm = data;

  if (g_str_equal (response, "do"))
    confirm->func (confirm->data);
}

void
cobro_dialogs_confirm (GtkWindow *parent, const char *heading, const char *body, const char *verb, gboolean destructive,
                       CobroDialogFunc func, gpointer data, GDestroyNotify free_data)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));
  Confirm *confirm = g_new0 (Confirm, 1);

  *confirm = (Confirm){ .parent = g_object_ref (parent), .func = func, .data = data, .free_data = free_data };
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "do", verb, NULL);
  adw_message_dialog_set_response_appearance (dialog, "do",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, destructive ? "cancel" : "do");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_confirm_response_cb), confirm, confirm_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
cobro_dialogs_tell (GtkWindow *parent, const char *heading, const char *body)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  adw_message_dialog_set_default_response (dialog, "close");
  adw_message_dialog_set_close_response (dialog, "close");
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  GtkFileChooserNative *chooser; /* native dialogs belong to nobody: kept until they answer */
  CobroDialogFileFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Save;

static void
save_free (gpointer data, GClosure *closure)
{
  Save *save = data;

  if (save->free_data)
    save->free_data (save->data);
  g_free (save);
}

static void
on_save_response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  Save *save = data;
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&save->chooser);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      if (file)
        save->func (file, save->data);
    }
  gtk_native_dialog_destroy (dialog);
}

static void
choose (GtkFileChooserNative *chooser, const char *mime_type, CobroDialogFileFunc func, gpointer data,
        GDestroyNotify free_data)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  Save *save = g_new0 (Save, 1);

  if (mime_type)
    gtk_file_filter_add_mime_type (filter, mime_type);
  *save = (Save){ .chooser = chooser, .func = func, .data = data, .free_data = free_data };
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  if (mime_type)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  g_signal_connect_data (chooser, "response", G_CALLBACK (on_save_response_cb), save, save_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
cobro_dialogs_save (GtkWindow *parent, const char *title, const char *name, const char *mime_type,
                    CobroDialogFileFunc func, gpointer data, GDestroyNotify free_data)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  choose (chooser, mime_type, func, data, free_data);
}

void
cobro_dialogs_open (GtkWindow *parent, const char *title, const char *mime_type, CobroDialogFileFunc func,
                    gpointer data, GDestroyNotify free_data)
{
  choose (gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel")),
          mime_type, func, data, free_data);
}

void
cobro_dialogs_open_folder (GtkWindow *parent, const char *title, CobroDialogFileFunc func, gpointer data,
                           GDestroyNotify free_data)
{
  choose (
    gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"), _ ("_Cancel")),
    NULL, func, data, free_data);
}

void
cobro_dialogs_note_file (GFile *file, const char *mime_type)
{
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *type = g_strdup (mime_type);
  g_autofree char *again = g_strconcat (g_get_prgname (), " %u", NULL);
  char name[] = "Cobro";
  GtkRecentData data = { .mime_type = type, .app_name = name, .app_exec = again };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static void
on_uri_shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWindow) parent = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *body = NULL;

  if (gtk_show_uri_full_finish (parent, result, &error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      !gtk_widget_get_visible (GTK_WIDGET (parent)))
    return;

  /* Translators: %s is the system's own message. */
  body = g_strdup_printf (_ ("No program on this computer could open it: %s. The link itself is fine: copy it and "
                             "paste it into your message."),
                          error->message);
  cobro_dialogs_tell (parent, _ ("Nothing Was Sent"), body);
}

void
cobro_dialogs_open_uri (GtkWindow *parent, const char *uri)
{
  gtk_show_uri_full (parent, uri, GDK_CURRENT_TIME, NULL, on_uri_shown_cb, g_object_ref (parent));
}

void
cobro_dialogs_close (GtkWindow *window)
{
  gtk_window_set_focus (window, NULL);
  gtk_window_close (window);
}

void
cobro_dialogs_fit (GtkWindow *window)
{
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  gtk_window_set_default_size (window, width, -1);
}

/* ── As tall as what it shows ── */

/* How often a window is asked for its height after its content grew. Once is not enough: what the window manager said
 * before it heard of the wish comes after it. */
#define FITS_MAX 3

typedef struct
{
  GtkWindow *window; /* lent: what scrolls is in it */
  GtkAdjustment *adjustment;
  double upper;
  guint left;
  guint idle_id;
} Fitting;

static void
fitting_free (gpointer data)
{
  Fitting *fitting = data;

  g_clear_handle_id (&fitting->idle_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (fitting->adjustment, fitting);
  g_object_unref (fitting->adjustment);
  g_free (fitting);
}

static gboolean
fit_cb (gpointer data)
{
  Fitting *fitting = data;

  fitting->idle_id = 0;
  cobro_dialogs_fit (fitting->window);
  return G_SOURCE_REMOVE;
}

static void
on_room_changed_cb (GtkAdjustment *adjustment, Fitting *fitting)
{
  double upper = gtk_adjustment_get_upper (adjustment);

  if (upper > fitting->upper)
    fitting->left = FITS_MAX;
  fitting->upper = upper;
  if (fitting->left == 0 || fitting->idle_id || upper <= gtk_adjustment_get_page_size (adjustment))
    return;
  fitting->left--;
  fitting->idle_id = g_idle_add (fit_cb, fitting); /* a size cannot be asked for while sizes are given out */
}

static GtkWidget *
find_scroller (GtkWidget *from)
{
  if (GTK_IS_SCROLLED_WINDOW (from))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_scroller (child);

      if (found)
        return found;
    }
  return NULL;
}

void
cobro_dialogs_grow_with (GtkWindow *window)
{
  GtkWidget *scroller = find_scroller (GTK_WIDGET (window));
  Fitting *fitting;

  g_return_if_fail (scroller != NULL);

  fitting = g_new0 (Fitting, 1);
  fitting->window = window;
  fitting->adjustment = g_object_ref (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)));
  g_signal_connect (fitting->adjustment, "changed", G_CALLBACK (on_room_changed_cb), fitting);
  g_object_set_data_full (G_OBJECT (scroller), "cobro-fitting", fitting, fitting_free);
}

/* GTK 4.8 keeps to itself which column sorts (public from 4.10 on). The view's sorter asks its columns' sorters in
 * order, so comparing any two objects tells: each sorter notes that it was asked, and whether the answer was turned
 * round. */
#define PROBE_KEY "cobro-sort-probe"

static int
note_asked (gconstpointer a, gconstpointer b, gpointer data)
{
  GtkColumnViewColumn *column = data;
  GtkColumnViewColumn **asked = g_object_get_data (G_OBJECT (column), PROBE_KEY);

  if (asked && !*asked)
    *asked = column;
  return -1;
}

void
cobro_dialogs_make_sortable (GtkColumnViewColumn *column)
{
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (note_asked, column, NULL));

  gtk_column_view_column_set_sorter (column, sorter);
}

static void
set_probe (GListModel *columns, GtkColumnViewColumn **asked)
{
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GObject) column = g_list_model_get_item (columns, i);

      g_object_set_data (column, PROBE_KEY, asked);
    }
}

GtkColumnViewColumn *
cobro_dialogs_sorted_column (GtkColumnView *view, gboolean *out_descending)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  GtkColumnViewColumn *asked = NULL;
  GtkOrdering order;

  set_probe (columns, &asked);
  order = gtk_sorter_compare (gtk_column_view_get_sorter (view), view, view);
  set_probe (columns, NULL);
  *out_descending = order == GTK_ORDERING_LARGER;
  return asked;
}
