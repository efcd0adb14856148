/* src/app/cobro-application-books.c — the books that are open: opened at the start, exchanged for others without
 * leaving the program, and what is said when they cannot be opened. Layer: app. Main thread. */
#include "config.h"

#include "cobro-application-private.h"

#include <glib/gi18n.h>
#include "cobro-error.h"
#include "cobro-settings.h"
#include "cobro-view-text.h"

/* ── When the books cannot be opened ── */

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
    return _ ("They were last used by a newer version. Nothing was changed: install that version and open it again.");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CORRUPT))
    return _ (
      "Nothing was changed. Put a copy of the file aside, then restore a backup, or start with an empty file and "
      "connect the relay again: links that were live stay payable meanwhile.");
  return _ (
    "Nothing was changed. Links that were live stay payable. Check the disk and the permissions of the folder, then "
    "try again.");
}

static void
on_failure_read_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static void
show_failure (CobroApplication *self)
{
  g_autofree char *sentence = cobro_view_error (self->context_error);
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", advice_for (self->context_error), sentence);
  AdwMessageDialog *dialog =
    ADW_MESSAGE_DIALOG (adw_message_dialog_new (NULL, heading_for (self->context_error), body));

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  adw_message_dialog_set_default_response (dialog, "close");
  adw_message_dialog_set_close_response (dialog, "close");
  gtk_window_set_application (GTK_WINDOW (dialog), GTK_APPLICATION (self));
  g_signal_connect (dialog, "response", G_CALLBACK (on_failure_read_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ── The window ── */

static gboolean
resume_connection (gpointer data)
{
  CobroApplication *self = data;

  if (self->context)
    cobro_connection_resume (self->context->connection);
  return G_SOURCE_REMOVE;
}

CobroWindow *
cobro_application_show (CobroApplication *self)
{
  if (self->exchanging) /* it comes by itself in a moment */
    return NULL;
  if (!self->context)
    {
      show_failure (self);
      return NULL;
    }
  if (!self->window)
    {
      CobroWindowModels models = cobro_context_get_models (self->context);

      self->window = cobro_window_new (GTK_APPLICATION (self), &models);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
      cobro_settings_bind_window (self->settings, GTK_WINDOW (self->window));
      /* The network waits until the window has been painted. */
      g_idle_add_full (G_PRIORITY_LOW, resume_connection, g_object_ref (self), g_object_unref);
    }
  gtk_window_present (GTK_WINDOW (self->window));
  return self->window;
}

/* ── Opening ── */

static gboolean
open_books (CobroApplication *self, const char *folder, GError **error)
{
  self->context = cobro_context_new (folder, error);
  if (!self->context)
    return FALSE;

  g_clear_error (&self->context_error);
  g_free (self->folder);
  self->folder = g_strdup (folder);
  g_signal_connect_object (self->context->links, "paid", G_CALLBACK (cobro_application_tell_paid), self,
                           G_CONNECT_SWAPPED);
  return TRUE;
}

void
cobro_application_open_default_books (CobroApplication *self)
{
  self->folder = cobro_context_dup_default_folder ();
  open_books (self, self->folder, &self->context_error);
}

const char *
cobro_application_get_books_folder (CobroApplication *self)
{
  g_return_val_if_fail (COBRO_IS_APPLICATION (self), NULL);

  return self->folder;
}

/* ── Exchanging ── */

typedef struct
{
  char *folder;
  CobroBetweenBooks between;
  gpointer data;
  GDestroyNotify free_data;
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  if (exchange->free_data)
    exchange->free_data (exchange->data);
  g_free (exchange->folder);
  g_free (exchange);
}

/* With no books open: the others, or, when that fails, those that were open before. */
static void
open_others (CobroApplication *self, GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  g_autofree char *before = g_strdup (self->folder);
  GError *error = NULL;
  gboolean done =
    (!exchange->between || exchange->between (exchange->data, &error)) && open_books (self, exchange->folder, &error);

  if (!done)
    open_books (self, before, &self->context_error);
  self->exchanging = FALSE;
  cobro_application_show (self);
  g_application_release (G_APPLICATION (self));
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  cobro_context_close_finish (result);
  open_others (g_task_get_source_object (task), task);
}

/* Every window shows something of the books, also a dialog that is open. */
static void
close_windows (CobroApplication *self)
{
  g_autoptr (GList) windows = NULL;

  if (self->window)
    cobro_window_leave (self->window);
  windows = gtk_window_list_toplevels ();
  for (GList *at = windows; at; at = at->next)
    gtk_window_destroy (at->data);
}

static gboolean
begin_exchange (gpointer data)
{
  GTask *task = data;
  CobroApplication *self = g_task_get_source_object (task);

  close_windows (self);
  if (self->context)
    cobro_context_close_async (g_steal_pointer (&self->context), on_closed_cb, g_object_ref (task));
  else
    open_others (self, task);
  return G_SOURCE_REMOVE;
}

void
cobro_application_exchange_books_async (CobroApplication *self, const char *folder, CobroBetweenBooks between,
                                        gpointer data, GDestroyNotify free_data, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Exchange *exchange;

  g_return_if_fail (COBRO_IS_APPLICATION (self));

  exchange = g_new0 (Exchange, 1);
  *exchange = (Exchange){ .folder = g_strdup (folder), .between = between, .data = data, .free_data = free_data };
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cobro_application_exchange_books_async);
  g_task_set_task_data (task, exchange, exchange_free);
  if (self->exchanging)
    return g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_BUSY, "the books are being exchanged already");

  self->exchanging = TRUE;
  g_application_hold (G_APPLICATION (self)); /* for a moment there is no window */
  /* Not at once: the widget that asks goes with its window. */
  g_idle_add_full (G_PRIORITY_DEFAULT, begin_exchange, g_steal_pointer (&task), g_object_unref);
}

gboolean
cobro_application_exchange_books_finish (CobroApplication *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
