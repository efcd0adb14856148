/* src/model/cobro-mail-out.c — a letter for the person's own mail program.
 * Layer: model. Main thread. */
#include "cobro-mail-out.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "cobro-error.h"
#include "cobro-portal.h"

typedef struct
{
  char *to;
  char *subject;
  char *body;
  GFile *file;
} Letter;

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  g_free (letter->to);
  g_free (letter->subject);
  g_free (letter->body);
  g_clear_object (&letter->file);
  g_free (letter);
}

static void
on_composed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = cobro_portal_request_finish (result, &error);

  if (results)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* @take_file: -1: nothing is attached. */
static void
compose (GTask *task, int take_file)
{
  Letter *letter = g_task_get_task_data (task);
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (*letter->to)
    g_variant_dict_insert (&options, "address", "s", letter->to);
  g_variant_dict_insert (&options, "subject", "s", letter->subject);
  g_variant_dict_insert (&options, "body", "s", letter->body);
  cobro_portal_request_async ("Email", "ComposeEmail", g_variant_dict_end (&options), take_file,
                              g_task_get_cancellable (task), on_composed_cb, task);
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autofree char *path = g_file_get_path (G_FILE (source));
  GError *error = NULL;
  int file;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      g_task_return_error (task, error);
      return g_object_unref (task);
    }
  /* The portal looks at where the file is; it reads nothing through this. */
  file = g_open (path, O_PATH | O_CLOEXEC, 0);
  if (file >= 0)
    return compose (task, file);
  g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_IO, "cannot open “%s”: %s", path, g_strerror (errno));
  g_object_unref (task);
}

/* (transfer full) where attachments stand; what was attached to the mails before goes. */
static char *
prepare_folder (void)
{
  char *folder = g_build_filename (g_get_user_cache_dir (), "cobro", "mail", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_mkdir_with_parents (folder, 0700);
  return folder;
}

void
cobro_mail_out_async (const CobroMailOut *mail, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Letter *letter = g_new0 (Letter, 1);
  g_autofree char *folder = NULL;

  *letter = (Letter){ .to = g_strdup (mail->to), .subject = g_strdup (mail->subject), .body = g_strdup (mail->body) };
  g_task_set_task_data (task, letter, letter_free);
  g_task_set_source_tag (task, cobro_mail_out_async);
  if (!mail->file)
    return compose (task, -1);

  folder = prepare_folder ();
  letter->file = g_file_new_build_filename (folder, mail->file_name, NULL);
  g_file_replace_contents_bytes_async (letter->file, mail->file, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, cancellable,
                                       on_written_cb, task);
}

gboolean
cobro_mail_out_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
