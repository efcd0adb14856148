/* src/app/cobro-application-restore.c — the books go back to a copy, without leaving the program.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-application-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-view-text.h"

typedef struct
{
  char *part;
  char *books;
} Files;

static void
files_free (gpointer data)
{
  Files *files = data;

  g_unlink (files->part); /* not there any more when all went well */
  g_free (files->part);
  g_free (files->books);
  g_free (files);
}

static gboolean
put_in_place (gpointer data, GError **error)
{
  const Files *files = data;

  return cobro_backup_put_in_place (files->part, files->books, error);
}

static void
say_restored (CobroApplication *self, CobroTime made)
{
  g_autofree char *when = made ? cobro_date_time_text (made, cobro_view_locale ()) : NULL;
  /* Translators: %s is a date and a time. */
  g_autofree char *text = when ? g_strdup_printf (_ ("These are the books of %s"), when) : NULL;

  if (self->window)
    cobro_window_toast (self->window, text ? text : _ ("The books are restored"));
}

static void
on_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroApplication *self = COBRO_APPLICATION (source);
  g_autofree CobroTime *made = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *body = NULL;

  if (cobro_application_exchange_books_finish (self, result, &error))
    return say_restored (self, *made);
  sentence = cobro_view_error (error);
  body = g_strdup_printf ("%s\n\n%s",
                          _ ("The books are as they were before: nothing of them is lost. Try another copy, or look "
                             "whether the disk is full."),
                          sentence);
  if (self->window)
    cobro_dialogs_tell (GTK_WINDOW (self->window), _ ("The Copy Was Not Restored"), body);
}

void
cobro_application_restore (CobroApplication *self, const char *part, gint64 made)
{
  Files *files = g_new0 (Files, 1);
  CobroTime *when = g_new (CobroTime, 1);

  *files = (Files){ .part = g_strdup (part), .books = g_strdup (cobro_store_get_path (self->context->store)) };
  *when = made;
  cobro_application_exchange_books_async (self, self->folder, put_in_place, files, files_free, on_exchanged_cb, when);
}
