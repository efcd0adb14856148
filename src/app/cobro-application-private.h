/* src/app/cobro-application-private.h — what the files of the application share.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-application.h"
#include "cobro-context.h"
#include "cobro-window.h"

G_BEGIN_DECLS

struct _CobroApplication
{
  AdwApplication parent_instance;
  CobroContext *context;
  char *folder;          /* of the books that are open, or were to be */
  GError *context_error; /* why there is no context */
  gboolean exchanging;   /* the books are closed for a moment */
  GSettings *settings;
  CobroWindow *window; /* weak */
  guint signal_id;
};

/* Opens the books of the folder below the user's data folder; without success the error is kept for the first window.
 */
void cobro_application_open_default_books (CobroApplication *self);
/* The window, made when there is none and brought to the front; NULL when there are no books: that is said. */
CobroWindow *cobro_application_show (CobroApplication *self);
/* Money arrived: a notification says so. */
void cobro_application_tell_paid (CobroApplication *self, CobroPayment *payment);

G_END_DECLS
