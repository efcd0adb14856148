/* src/model/cobro-mail-out.h — hands a letter to the person's own mail program, with a document attached, through the
 * e-mail portal. A "mailto:" can say the words, but it carries no file. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

/* Lent. */
typedef struct
{
  const char *to; /* "": the person fills it in */
  const char *subject;
  const char *body;
  GBytes *file; /* (nullable) what is attached, and how it is called */
  const char *file_name;
} CobroMailOut;

/* Writes the attachment below the user's cache folder, readable by nobody else, and lets the portal compose the mail.
 * Those of mails before it are removed then. */
void cobro_mail_out_async (const CobroMailOut *mail, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
/* As cobro_portal_request_finish(); or the error of writing the file. */
gboolean cobro_mail_out_finish (GAsyncResult *result, GError **error);

G_END_DECLS
