/* src/app/cobro-application-books.c — the books that are open: opened at the start, exchanged for others without
 * leaving the program. Layer: app. Main thread. */
#include "config.h"

#include "cobro-application-private.h"

#include <glib/gi18n.h>
#include "cobro-error.h"
#include "cobro-settings.h"
#include "cobro-view-text.h"

/* ── The window ── */

void
cobro_application_connect (CobroApplication *self)
{
  if (!self->context || self->connected)
    return;

  self->connected = TRUE;
  cobro_connection_resume (self->context->connection);
  cobro_rounds_begin (self->rounds);
}

static gboolean
connect_when_idle (gpointer data)
{
  cobro_application_connect (data);
  return G_SOURCE_REMOVE;
}

CobroWindow *
cobro_application_show (CobroApplication *self)
{
  if (self->exchanging) /* it comes by itself in a moment */
    return NULL;
  if (!self->context)
    {
      cobro_application_rescue (self, self->folder, NULL, self->context_error);
      return NULL;
    }
  if (!self->window)
    {
      CobroWindowModels models = cobro_context_get_models (self->context, self->bookshelf);

      models.settings = self->settings;
      models.background = self->background;
      self->window = cobro_window_new (GTK_APPLICATION (self), &models);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
      cobro_settings_bind_window (self->settings, GTK_WINDOW (self->window));
      cobro_application_follow_window (self);
      /* The network waits until the window has been painted. */
      g_idle_add_full (G_PRIORITY_LOW, connect_when_idle, g_object_ref (self), g_object_unref);
    }
  gtk_window_present (GTK_WINDOW (self->window));
  if (self->last_error)
    cobro_application_rescue (self, self->last_folder, _ ("The Business That Was Open Last Cannot Be Opened"),
                              self->last_error);
  g_clear_error (&self->last_error);
  return self->window;
}

/* ── Opening ── */

/* Which books are open is remembered for the next start. */
static void
note_folder (CobroApplication *self, const char *folder)
{
  char *noted = g_strdup (folder); /* it may be the one that is noted */

  g_free (self->folder);
  self->folder = noted;
  for (guint i = 0; i < cobro_bookshelf_get_n (self->bookshelf); i++)
    {
      const char *id = cobro_bookshelf_get_id (self->bookshelf, i);

      if (g_str_equal (cobro_bookshelf_get_folder (self->bookshelf, id), noted))
        return cobro_bookshelf_set_current (self->bookshelf, id);
    }
}

/* (nullable) @take_context is what is open from then on. */
static gboolean
use_books (CobroApplication *self, const char *folder, CobroContext *take_context)
{
  self->context = take_context;
  if (!take_context)
    return FALSE;

  /* Copies of the sample shop are of no use, and their folder may hold those of real books. */
  if (!cobro_connection_is_sample (self->context->connection))
    cobro_settings_bind_backups (self->settings, self->context->backups);
  g_signal_connect_object (self->context->backups, "restore", G_CALLBACK (cobro_application_restore), self,
                           G_CONNECT_SWAPPED);
  self->connected = FALSE;
  g_clear_error (&self->context_error);
  note_folder (self, folder);
  cobro_application_tell_of_books (self);
  return TRUE;
}

static gboolean
open_books (CobroApplication *self, const char *folder, GError **error)
{
  return use_books (self, folder, cobro_context_new (folder, error));
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
  GError *error; /* why the others are not open */
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
  g_clear_error (&exchange->error);
  g_free (exchange->folder);
  g_free (exchange);
}

static void
end_exchange (CobroApplication *self, GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  self->exchanging = FALSE;
  cobro_rounds_go_on (self->rounds);
  cobro_application_show (self);
  g_application_release (G_APPLICATION (self));
  if (exchange->error)
    g_task_return_error (task, g_steal_pointer (&exchange->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_before_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroApplication *self = g_task_get_source_object (task);
  g_autofree char *before = g_strdup (self->folder);

  g_clear_error (&self->context_error); /* of an earlier attempt */
  use_books (self, before, cobro_context_open_finish (result, &self->context_error));
  end_exchange (self, task);
}

static void
open_before (CobroApplication *self, GTask *task)
{
  cobro_context_open_async (self->folder, on_before_opened_cb, g_object_ref (task));
}

static void
on_others_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroApplication *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);

  if (use_books (self, exchange->folder, cobro_context_open_finish (result, &exchange->error)))
    end_exchange (self, task);
  else
    open_before (self, task);
}

/* With no books open: the others, or, when that fails, those that were open before. */
static void
open_others (CobroApplication *self, GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  if (!exchange->between || exchange->between (exchange->data, &exchange->error))
    cobro_context_open_async (exchange->folder, on_others_opened_cb, g_object_ref (task));
  else
    open_before (self, task);
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
  GListModel *windows = gtk_window_get_toplevels ();

  if (self->window)
    cobro_window_leave (self->window);
  while (g_list_model_get_n_items (windows) > 0) /* one may take others with it */
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, 0);

      gtk_window_destroy (window);
    }
}

/* No books are visited any more: it might have been the others. */
static void
on_rested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroApplication *self = g_task_get_source_object (task);

  cobro_rounds_rest_finish (COBRO_ROUNDS (source), result);
  close_windows (self);
  if (self->context)
    cobro_context_close_async (g_steal_pointer (&self->context), on_closed_cb, g_object_ref (task));
  else
    open_others (self, task);
}

static gboolean
begin_exchange (gpointer data)
{
  CobroApplication *self = g_task_get_source_object (data);

  cobro_rounds_rest_async (self->rounds, on_rested_cb, g_object_ref (data));
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

/* ── Several businesses ── */

static void
tell_switch_failed (CobroApplication *self, const char *id, const GError *error)
{
  /* Translators: %s is the name of a business. */
  g_autofree char *heading = g_strdup_printf (_ ("%s Cannot Be Opened"), cobro_view_business (self->bookshelf, id));

  cobro_application_rescue (self, cobro_bookshelf_get_folder (self->bookshelf, id), heading, error);
}

/* A folder on a disk that is not there now is no reason to begin new books in its place. */
static gboolean
check_there (CobroBookshelf *bookshelf, const char *id, GError **error)
{
  const char *folder = cobro_bookshelf_get_folder (bookshelf, id);

  if (g_str_equal (id, COBRO_BOOKSHELF_FIRST) || g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "the folder “%s” is not there", folder);
}

typedef struct
{
  char *id; /* of the business */
  char *shown;
  void (*show) (CobroWindow *window, const char *id);
} Switching;

static void
switching_free (Switching *switching)
{
  g_free (switching->id);
  g_free (switching->shown);
  g_free (switching);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Switching, switching_free)

static void
on_switched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroApplication *self = COBRO_APPLICATION (source);
  g_autoptr (Switching) switching = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_application_exchange_books_finish (self, result, &error))
    tell_switch_failed (self, switching->id, error);
  else if (switching->show && self->window)
    switching->show (self->window, switching->shown);
}

void
cobro_application_switch_to (CobroApplication *self, const char *id, const char *shown,
                             void (*show) (CobroWindow *, const char *))
{
  g_autoptr (GError) error = NULL;
  Switching *switching;

  if (!check_there (self->bookshelf, id, &error))
    return tell_switch_failed (self, id, error);

  switching = g_new0 (Switching, 1);
  *switching = (Switching){ .id = g_strdup (id), .shown = g_strdup (shown), .show = show };
  cobro_application_exchange_books_async (self, cobro_bookshelf_get_folder (self->bookshelf, id), NULL, NULL, NULL,
                                          on_switched_cb, switching);
}

static void
on_chosen_cb (CobroApplication *self, const char *id)
{
  cobro_application_switch_to (self, id, NULL, NULL);
}

char *
cobro_application_dup_whose (CobroApplication *self, const char *business, const char *text)
{
  if (cobro_bookshelf_get_n (self->bookshelf) == 1)
    return g_strdup (text);
  return g_strdup_printf ("%s\n%s", cobro_view_business (self->bookshelf, business), text);
}

char *
cobro_application_dup_target (CobroApplication *self, const char *business, const char *id)
{
  if (cobro_bookshelf_get_n (self->bookshelf) == 1)
    return g_strdup (id);
  return g_strdup_printf ("%s@%s", id, business);
}

void
cobro_application_show_target (CobroApplication *self, const char *target, void (*show) (CobroWindow *, const char *))
{
  g_auto (GStrv) parts = g_strsplit (target, "@", 2);
  CobroWindow *window;

  if (!parts[0])
    return;
  if (parts[1] && !g_str_equal (parts[1], cobro_bookshelf_get_current (self->bookshelf)) &&
      cobro_bookshelf_get_folder (self->bookshelf, parts[1]))
    return cobro_application_switch_to (self, parts[1], parts[0], show);

  window = cobro_application_show (self);
  if (window)
    show (window, parts[0]);
}

void
cobro_application_open_last_books (CobroApplication *self)
{
  g_autofree char *root = cobro_context_dup_default_folder ();
  const char *id;

  self->folder = g_strdup (root);
  self->bookshelf = cobro_bookshelf_new (root);
  self->rounds = cobro_rounds_new (self->bookshelf);
  g_signal_connect_object (self->bookshelf, "chosen", G_CALLBACK (on_chosen_cb), self, G_CONNECT_SWAPPED);
  id = cobro_bookshelf_get_current (self->bookshelf);
  self->last_folder = g_strdup (cobro_bookshelf_get_folder (self->bookshelf, id));
  if (!g_str_equal (id, COBRO_BOOKSHELF_FIRST) && check_there (self->bookshelf, id, &self->last_error) &&
      open_books (self, self->last_folder, &self->last_error))
    return;
  open_books (self, root, &self->context_error);
}
