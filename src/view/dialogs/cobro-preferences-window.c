/* src/view/dialogs/cobro-preferences-window.c — the business, payments and the relay.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-preferences-window.h"

#include <glib/gi18n.h>
#include "cobro-backup-page.h"
#include "cobro-business-page.h"
#include "cobro-dialogs.h"
#include "cobro-general-page.h"
#include "cobro-mail-page.h"
#include "cobro-numbering-page.h"
#include "cobro-providers-page.h"
#include "cobro-taxes-page.h"
#include "cobro-view-text.h"

/* Narrower than this, the names of eight pages do not fit side by side in their usual size. */
#define CROWDED_BELOW 560

struct _CobroPreferencesWindow
{
  AdwPreferencesWindow parent_instance;
  CobroBusinessPage *business_page;
  CobroProvidersPage *providers_page;
  CobroTaxesPage *taxes_page;
  CobroNumberingPage *numbering_page;
  CobroMailPage *mail_page;
  CobroBackupPage *backup_page;
  CobroGeneralPage *general_page;
  AdwActionRow *state_row;
  AdwActionRow *address_row;
  GtkWidget *forget_row;
  GtkWidget *practise_row;
  CobroConnection *connection;
};

G_DEFINE_FINAL_TYPE (CobroPreferencesWindow, cobro_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
show_failure (CobroPreferencesWindow *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1); /* a toast's title is markup */

  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (escaped));
}

/* What was typed is kept, also by somebody who just closes the window. */
static gboolean
cobro_preferences_window_close_request (GtkWindow *window)
{
  CobroPreferencesWindow *self = COBRO_PREFERENCES_WINDOW (window);

  cobro_business_page_commit (self->business_page);
  cobro_numbering_page_commit (self->numbering_page);
  cobro_mail_page_commit (self->mail_page);
  return GTK_WINDOW_CLASS (cobro_preferences_window_parent_class)->close_request (window);
}

/* Both open something on the main window: this one makes room. */
static void
leave_for (CobroPreferencesWindow *self, const char *action)
{
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action (parent, action, NULL);
}

static void
on_connect_activated_cb (CobroPreferencesWindow *self)
{
  leave_for (self, "win.connect");
}

static void
on_practise_activated_cb (CobroPreferencesWindow *self)
{
  leave_for (self, "win.practise");
}

static void
on_forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroPreferencesWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_connection_forget_finish (COBRO_CONNECTION (source), result, &error) && self->connection)
    show_failure (self, error);
}

static void
forget (gpointer data)
{
  CobroPreferencesWindow *self = data;

  if (self->connection)
    cobro_connection_forget_async (self->connection, on_forgotten_cb, g_object_ref (self));
}

static void
on_forget_activated_cb (CobroPreferencesWindow *self)
{
  cobro_dialogs_confirm (
    GTK_WINDOW (self), _ ("Disconnect From the Relay?"),
    _ ("Links that are live stay payable, but this computer no longer hears of payments. What waits "
       "to be uploaded goes on waiting. To connect again you need a new code."),
    _ ("_Disconnect"), TRUE, forget, g_object_ref (self), g_object_unref);
}

static void
show_connection (CobroPreferencesWindow *self)
{
  CobroConnectionState state = cobro_connection_get_state (self->connection);
  const char *address = cobro_connection_get_address (self->connection);
  const char *reason = cobro_connection_get_reason (self->connection);
  const char *word = cobro_view_connection (state, cobro_connection_is_practice (self->connection));
  g_autofree char *text = *reason ? g_strdup_printf ("%s: %s", word, reason) : g_strdup (word);

  adw_action_row_set_subtitle (self->state_row, text);
  adw_action_row_set_subtitle (self->address_row, address);
  gtk_widget_set_visible (GTK_WIDGET (self->address_row), *address != '\0');
  gtk_widget_set_visible (self->forget_row, *address != '\0');
  gtk_widget_set_visible (self->practise_row,
                          state == COBRO_CONNECTION_NONE && cobro_connection_can_practise (self->connection));
}

static void
cobro_preferences_window_dispose (GObject *object)
{
  CobroPreferencesWindow *self = COBRO_PREFERENCES_WINDOW (object);

  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_preferences_window_parent_class)->dispose (object);
}

static void
cobro_preferences_window_class_init (CobroPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_preferences_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = cobro_preferences_window_close_request;
  g_type_ensure (COBRO_TYPE_BACKUP_PAGE);
  g_type_ensure (COBRO_TYPE_BUSINESS_PAGE);
  g_type_ensure (COBRO_TYPE_GENERAL_PAGE);
  g_type_ensure (COBRO_TYPE_MAIL_PAGE);
  g_type_ensure (COBRO_TYPE_NUMBERING_PAGE);
  g_type_ensure (COBRO_TYPE_PROVIDERS_PAGE);
  g_type_ensure (COBRO_TYPE_TAXES_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, business_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, providers_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, taxes_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, numbering_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, mail_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, backup_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, general_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, state_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, address_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, forget_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, practise_row);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_forget_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_practise_activated_cb);
}

/* The style sheet gives the names of the pages what room there is. */
static void
on_width_changed_cb (CobroPreferencesWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width < CROWDED_BELOW)
    gtk_widget_add_css_class (GTK_WIDGET (self), "crowded");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "crowded");
}

/* The two switchers of libadwaita's window, which make all their buttons anew with every page that is added. */
static void
set_switchers (GtkWidget *widget, AdwViewStack *stack, AdwViewStack **out_stack)
{
  if (ADW_IS_VIEW_SWITCHER_TITLE (widget))
    {
      *out_stack = adw_view_switcher_title_get_stack (ADW_VIEW_SWITCHER_TITLE (widget));
      adw_view_switcher_title_set_stack (ADW_VIEW_SWITCHER_TITLE (widget), stack);
    }
  else if (ADW_IS_VIEW_SWITCHER_BAR (widget))
    adw_view_switcher_bar_set_stack (ADW_VIEW_SWITCHER_BAR (widget), stack);
  else
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
      set_switchers (child, stack, out_stack);
}

static void
cobro_preferences_window_init (CobroPreferencesWindow *self)
{
  AdwViewStack *stack = NULL, *none = NULL;

  set_switchers (GTK_WIDGET (self), NULL, &stack);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_switchers (GTK_WIDGET (self), stack, &none);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (on_width_changed_cb), NULL);
}

CobroPreferencesWindow *
cobro_preferences_window_new (GtkWindow *parent, CobroBusiness *business, CobroConnection *connection,
                              CobroProviders *providers)
{
  CobroPreferencesWindow *self = g_object_new (COBRO_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);

  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (show_connection), self);
  cobro_business_page_set_business (self->business_page, business);
  cobro_taxes_page_set_business (self->taxes_page, business);
  cobro_numbering_page_set_business (self->numbering_page, business);
  cobro_mail_page_set_business (self->mail_page, business);
  cobro_providers_page_set_providers (self->providers_page, providers);
  show_connection (self);
  return self;
}

void
cobro_preferences_window_set_desktop (CobroPreferencesWindow *self, GSettings *settings, CobroBackground *background)
{
  g_return_if_fail (COBRO_IS_PREFERENCES_WINDOW (self));

  if (!settings || !background)
    return;

  cobro_general_page_set_models (self->general_page, settings, background);
  gtk_widget_set_visible (GTK_WIDGET (self->general_page), TRUE);
}

void
cobro_preferences_window_set_backups (CobroPreferencesWindow *self, CobroBackups *backups)
{
  g_return_if_fail (COBRO_IS_PREFERENCES_WINDOW (self));

  cobro_backup_page_set_models (self->backup_page, backups, self->connection);
  gtk_widget_set_visible (GTK_WIDGET (self->backup_page), TRUE);
}
