/* src/app/cobro-application-rescue.c — books that cannot be opened: what is said, and what is put in their place.
 * Nothing is deleted: the file stays under another name. Layer: app. Main thread, unless it says otherwise. */
#include "config.h"

#include "cobro-application-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-view-text.h"

/* ── What is said ── */

static const char *
heading_for (const GError *error)
{
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_BUSY))
    return _ ("Cobro Is Already Open");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NEWER_SCHEMA))
    return _ ("Your Books Need a Newer Cobro");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CORRUPT))
    return _ ("Your Books Are Damaged");
  return _ ("Your Books Cannot Be Opened");
}

static const char *
advice_for (const GError *error)
{
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_BUSY))
    return _ ("Another Cobro has the books open. Use that one, or close it first.");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NEWER_SCHEMA))
    return _ ("They were last used by a newer version. Nothing was changed: install that version and open it again. "
              "Links that were live stay payable meanwhile, and the relay keeps what is paid.");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CORRUPT))
    return _ ("Nothing was changed. Links that were live stay payable, and the relay keeps what is paid. Restore a "
              "copy, or start with empty books and connect the relay again.");
  return _ (
    "Nothing was changed. Links that were live stay payable. Check the disk and the permissions of the folder, then "
    "try again.");
}

/* Whether the fault is in the file, so that another one helps. */
static gboolean
is_of_file (const GError *error)
{
  return g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CORRUPT) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NEWER_SCHEMA);
}

/* ── Putting something in their place ── */

typedef struct
{
  CobroApplication *application;
  char *folder;
  char *books;
  char *copy; /* NULL: they begin anew */
  char *part; /* the copy, checked, beside the books */
  char *kept; /* what the file that could not be opened is called now */
  CobroTime made;
} Rescue;

static Rescue *
rescue_new (CobroApplication *application, const char *folder, const char *copy, CobroTime made)
{
  Rescue *rescue = g_new0 (Rescue, 1);

  rescue->application = g_object_ref (application);
  rescue->folder = g_strdup (folder);
  rescue->books = cobro_context_dup_books (folder);
  rescue->copy = g_strdup (copy);
  rescue->part = g_strconcat (rescue->books, ".restored", NULL);
  rescue->made = made;
  return rescue;
}

static void
rescue_free (gpointer data)
{
  Rescue *rescue = data;

  g_unlink (rescue->part); /* not there any more when all went well */
  g_object_unref (rescue->application);
  g_free (rescue->folder);
  g_free (rescue->books);
  g_free (rescue->copy);
  g_free (rescue->part);
  g_free (rescue->kept);
  g_free (rescue);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rescue, rescue_free)

/* With no books open. */
static gboolean
put_in_place (gpointer data, GError **error)
{
  Rescue *rescue = data;
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();

  if (!cobro_backup_keep (rescue->books, cobro_clock_now (clock), &rescue->kept, error))
    return FALSE;
  if (rescue->copy)
    return cobro_backup_put_in_place (rescue->part, rescue->books, error);
  cobro_backup_clear (rescue->books);
  return TRUE;
}

/* (transfer full) */
static char *
say_rescued (const Rescue *rescue)
{
  g_autofree char *name = g_path_get_basename (rescue->kept);
  g_autofree char *when = rescue->made ? cobro_date_time_text (rescue->made, cobro_view_locale ()) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (when)
    {
      /* Translators: %s is a date and a time. */
      g_string_append_printf (text, _ ("These are the books of %s."), when);
      g_string_append_c (text, ' ');
    }
  g_string_append (
    text, rescue->copy ? _ ("What the relay knows comes back by itself. Look at the next number under Preferences → "
                            "Numbering before you issue an invoice: one that was issued since and not uploaded is "
                            "not in the copy.")
                       : _ ("Connect the relay: links, invoices and payments that it knows come back. Set the next "
                            "number under Preferences → Numbering before you issue an invoice."));
  /* Translators: %s is a file's name. */
  g_string_append_printf (text, "\n\n%s ", _ ("The file that could not be opened is kept:"));
  g_string_append (text, name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_problem (CobroApplication *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *text = g_strdup_printf ("%s\n%s", _ ("The Copy Was Not Restored"), sentence);

  if (self->rescue)
    cobro_rescue_window_show_problem (self->rescue, text);
  else if (self->window)
    cobro_dialogs_tell (GTK_WINDOW (self->window), _ ("The Copy Was Not Restored"), sentence);
}

static void
on_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroApplication *self = COBRO_APPLICATION (source);
  g_autoptr (Rescue) rescue = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!cobro_application_exchange_books_finish (self, result, &error))
    return show_problem (self, error);
  text = say_rescued (rescue);
  if (self->window)
    cobro_dialogs_tell (GTK_WINDOW (self->window),
                        rescue->copy ? _ ("The Books Are Restored") : _ ("The Books Are Empty"), text);
}

static void
exchange (Rescue *take_rescue)
{
  cobro_application_exchange_books_async (take_rescue->application, take_rescue->folder, put_in_place, take_rescue,
                                          NULL, on_exchanged_cb, take_rescue);
}

/* A thread of its own. */
static gpointer
fetch_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  const Rescue *rescue = g_task_get_task_data (task);
  GError *error = NULL;

  if (cobro_backup_fetch (rescue->copy, rescue->part, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  return NULL;
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroApplication *self = COBRO_APPLICATION (source);
  g_autoptr (Rescue) rescue = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    return show_problem (self, error);
  if (self->rescue) /* else somebody has closed the window meanwhile */
    exchange (g_steal_pointer (&rescue));
}

/* ── The window ── */

static const char *
folder_of (CobroRescueWindow *window)
{
  return g_object_get_data (G_OBJECT (window), "folder");
}

static void
on_restore_cb (CobroRescueWindow *window, const char *path, gint64 made, CobroApplication *self)
{
  Rescue *rescue = rescue_new (self, folder_of (window), path, made);
  GTask *task = g_task_new (self, NULL, on_fetched_cb, rescue);

  cobro_rescue_window_set_working (window, TRUE);
  g_task_set_task_data (task, rescue, NULL);
  g_thread_unref (g_thread_new ("rescue", fetch_thread, task));
}

static void
on_empty_cb (CobroRescueWindow *window, CobroApplication *self)
{
  exchange (rescue_new (self, folder_of (window), NULL, 0));
}

/* Books that are not open still are shown by the exchange, where there are no others. */
static void
on_tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroApplication *self = COBRO_APPLICATION (source);
  g_autofree char *folder = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_application_exchange_books_finish (self, result, &error) && self->context)
    cobro_application_rescue (self, folder, NULL, error);
}

static void
on_again_cb (CobroRescueWindow *window, CobroApplication *self)
{
  cobro_application_exchange_books_async (self, folder_of (window), NULL, NULL, NULL, on_tried_cb,
                                          g_strdup (folder_of (window)));
}

/* Without any books there is nothing else to show. */
static gboolean
on_close_cb (GtkWindow *window, CobroApplication *self)
{
  if (!self->window)
    g_application_quit (G_APPLICATION (self));
  return FALSE;
}

static void
show_rescue (CobroApplication *self, const char *folder, const char *heading, const char *reason, const GError *error)
{
  g_autofree char *books = cobro_context_dup_books (folder);
  g_autofree char *setting = self->settings ? g_settings_get_string (self->settings, "backup-folder") : g_strdup ("");
  g_autofree char *place = cobro_backup_files_folder (books, setting);
  g_autofree char *prefix = cobro_backup_files_prefix (books);
  g_autoptr (GPtrArray) copies = is_of_file (error) ? cobro_backup_files_list (place, prefix) : NULL;

  self->rescue = cobro_rescue_window_new (heading, advice_for (error), reason, copies);
  g_object_add_weak_pointer (G_OBJECT (self->rescue), (gpointer *)&self->rescue);
  g_object_set_data_full (G_OBJECT (self->rescue), "folder", g_strdup (folder), g_free);
  g_signal_connect_object (self->rescue, "restore", G_CALLBACK (on_restore_cb), self, 0);
  g_signal_connect_object (self->rescue, "empty", G_CALLBACK (on_empty_cb), self, 0);
  g_signal_connect_object (self->rescue, "again", G_CALLBACK (on_again_cb), self, 0);
  g_signal_connect_object (self->rescue, "close-request", G_CALLBACK (on_close_cb), self, 0);
  gtk_window_set_application (GTK_WINDOW (self->rescue), GTK_APPLICATION (self));
  gtk_window_set_transient_for (GTK_WINDOW (self->rescue), self->window ? GTK_WINDOW (self->window) : NULL);
  gtk_window_set_modal (GTK_WINDOW (self->rescue), self->window != NULL);
}

void
cobro_application_rescue (CobroApplication *self, const char *folder, const char *heading, const GError *error)
{
  g_autofree char *reason = cobro_view_error (error);
  const char *said = heading ? heading : heading_for (error);

  /* Where other books are open, only those whose file is at fault need a way on. */
  if (self->window && !is_of_file (error))
    {
      g_autofree char *body = g_strdup_printf ("%s\n\n%s", advice_for (error), reason);

      return cobro_dialogs_tell (GTK_WINDOW (self->window), said, body);
    }
  if (!self->rescue)
    show_rescue (self, folder, said, reason, error);
  gtk_window_present (GTK_WINDOW (self->rescue));
}
