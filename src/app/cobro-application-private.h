/* src/app/cobro-application-private.h — what the files of the application share.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-application.h"
#include "cobro-background.h"
#include "cobro-context.h"
#include "cobro-notifier.h"
#include "cobro-rescue-window.h"
#include "cobro-rounds.h"
#include "cobro-search-provider.h"
#include "cobro-window.h"

G_BEGIN_DECLS

struct _CobroApplication
{
  AdwApplication parent_instance;
  CobroContext *context;
  CobroBookshelf *bookshelf;
  char *folder;          /* of the books that are open, or were to be */
  char *before_sample;   /* (nullable) the business that was open before the sample shop */
  GError *context_error; /* why there is no context */
  GError *last_error;    /* why the books that were open last are not; told by the first window */
  char *last_folder;     /* of these */
  gboolean exchanging;   /* the books are closed for a moment */
  GSettings *settings;
  CobroWindow *window;       /* weak */
  CobroRescueWindow *rescue; /* weak: shown while some books cannot be opened */
  guint signal_id;
  gboolean connected; /* sync was begun with these books */
  gboolean staying;   /* held, because payments are announced without a window */
  CobroNotifier *notifier;
  CobroRounds *rounds; /* of the businesses that are not open */
  CobroBackground *background;
  CobroSearchProvider *search_provider;
};

/* Opens the books that were open last; without success the error is kept for the first window. */
void cobro_application_open_last_books (CobroApplication *self);
/* (transfer full) what a notification is about: the id, and of which @business where there are several. */
char *cobro_application_dup_target (CobroApplication *self, const char *business, const char *id);
/* (transfer full) the text of a notification, under the name of the @business where there are several. */
char *cobro_application_dup_whose (CobroApplication *self, const char *business, const char *text);
/* Shows what a notification was about, in the books it belongs to. */
void cobro_application_show_target (CobroApplication *self, const char *target,
                                    void (*show) (CobroWindow *window, const char *id));
/* The window, made when there is none and brought to the front; NULL when there are no books: that is said. */
CobroWindow *cobro_application_show (CobroApplication *self);
/* Begins to sync with the books that are open; once. */
void cobro_application_connect (CobroApplication *self);
/* Opens the books of another business; @show (nullable) is called with @shown when they are. */
void cobro_application_switch_to (CobroApplication *self, const char *id, const char *shown,
                                  void (*show) (CobroWindow *window, const char *shown));

/* ── The sample shop: cobro-application-sample.c ── */

/* At startup, before books are opened: its actions. */
void cobro_application_begin_sample (CobroApplication *self);
/* At startup and shutdown: what was removed and not brought back is gone. */
void cobro_application_end_sample (void);
/* Back to the merchant's own books, for what cannot be done with samples; the shop stays. FALSE: it is not open. */
gboolean cobro_application_leave_sample (CobroApplication *self, const char *shown,
                                         void (*show) (CobroWindow *window, const char *shown));

/* ── The desktop around it: cobro-application-desktop.c ── */

/* At startup, with settings; at shutdown. */
void cobro_application_begin_desktop (CobroApplication *self);
void cobro_application_end_desktop (CobroApplication *self);
/* What the new window shows needs no notification any more. */
void cobro_application_follow_window (CobroApplication *self);
gboolean cobro_application_dbus_register (GApplication *application, GDBusConnection *bus, const char *path,
                                          GError **error);
void cobro_application_dbus_unregister (GApplication *application, GDBusConnection *bus, const char *path);
/* The books that are open have changed: a notification says of money that arrived and of what needs attention. Samples
 * are told to nobody. */
void cobro_application_tell_of_books (CobroApplication *self);
/* Puts @part (cobro_backup_fetch()) in the place of the books that are open, and opens them. @made: when that copy was
 * made, 0: not known. */
void cobro_application_restore (CobroApplication *self, const char *part, gint64 made);
/* Shows why the books of @folder cannot be opened, and the ways on. @heading: (nullable): what is said of the error. */
void cobro_application_rescue (CobroApplication *self, const char *folder, const char *heading, const GError *error);

G_END_DECLS
