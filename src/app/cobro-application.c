/* src/app/cobro-application.c — the application.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-application-private.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include "cobro-settings.h"
#include "cobro-view-text.h"

G_DEFINE_FINAL_TYPE (CobroApplication, cobro_application, ADW_TYPE_APPLICATION)

/* ── Asked to show something ── */

static void
cobro_application_activate (GApplication *application)
{
  cobro_application_show (COBRO_APPLICATION (application));
}

static void
cobro_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  CobroWindow *window = cobro_application_show (COBRO_APPLICATION (application));

  for (int i = 0; window && i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      if (!cobro_application_leave_sample (COBRO_APPLICATION (application), uri, cobro_window_connect))
        cobro_window_connect (window, uri);
    }
}

/* ── Actions ── */

static void
on_quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;

  if (self->window)
    cobro_window_leave (self->window); /* its size is remembered on the way */
  g_application_quit (G_APPLICATION (self));
}

/* The window's action of the same name. */
static void
on_new_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroWindow *window = cobro_application_show (data);
  g_autofree char *named = g_strconcat ("win.", g_action_get_name (G_ACTION (action)), NULL);

  if (window)
    gtk_widget_activate_action (GTK_WIDGET (window), named, NULL);
}

/* As if the door had been clicked; a window that has a relay keeps it. */
static void
on_practice_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;
  CobroWindow *window = cobro_application_show (self);

  if (window && cobro_connection_get_state (self->context->connection) == COBRO_CONNECTION_NONE)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.practise", NULL);
}

static void
on_sync_now_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;

  if (self->context)
    cobro_connection_sync_now (self->context->connection);
  cobro_rounds_now (self->rounds);
}

/* What somebody who helps wants to know; no names, no amounts, no keys. */
static char *
debug_info (CobroApplication *self)
{
  CobroConnection *connection = self->context ? self->context->connection : NULL;
  const char *state = connection ? cobro_view_connection (cobro_connection_get_state (connection),
                                                          cobro_connection_is_practice (connection))
                                 : "no books";

  return g_strdup_printf (
    "Cobro %s\nGTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\nLocale: %s\nRelay: %s, %u waiting\n", COBRO_VERSION,
    gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (), adw_get_major_version (),
    adw_get_minor_version (), adw_get_micro_version (), glib_major_version, glib_minor_version, glib_micro_version,
    cobro_locale_get_tag (cobro_view_locale ()), state, connection ? cobro_connection_get_waiting (connection) : 0);
}

static void
on_about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;
  g_autofree char *debug = debug_info (self);
  GtkWidget *about = adw_about_window_new ();

  g_object_set (about, "transient-for", self->window, "application-name", "Cobro", "application-icon", COBRO_APP_ID,
                "version", COBRO_VERSION, "developer-name", _ ("The Cobro project"), "comments",
                _ ("Payment links for small businesses"), "license-type", GTK_LICENSE_GPL_3_0, "debug-info", debug,
                "debug-info-filename", "cobro-debug.txt", "release-notes",
                "<p>Payment links, invoices, counter mode, a relay of your own, and practice mode.</p>",
                "release-notes-version", COBRO_VERSION,
                /* Translators: your name, one per line. */
                "translator-credits", _ ("translator-credits"), NULL);
  gtk_window_present (GTK_WINDOW (about));
}

static gboolean
on_shortcuts_closed_cb (GtkWindow *shortcuts)
{
  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (gtk_window_get_transient_for (shortcuts)), NULL);
  return GDK_EVENT_STOP; /* it is gone by now */
}

/* Made when it is asked for, and not by GtkApplication, which would keep it hidden beside each window: GTK 4.8 ends
 * with a segmentation fault when a screen reader, late by one closed dialog, asks for a child that the program has no
 * more, and the last of its windows is a hidden one. */
static void
on_shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;
  g_autoptr (GtkBuilder) builder = NULL;
  GtkWindow *shortcuts;

  if (!self->window)
    return;

  builder = gtk_builder_new_from_resource (COBRO_RESOURCE "/cobro-shortcuts.ui");
  shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self->window), GTK_SHORTCUTS_WINDOW (shortcuts));
  gtk_window_set_hide_on_close (shortcuts, FALSE);
  g_signal_connect (shortcuts, "close-request", G_CALLBACK (on_shortcuts_closed_cb), NULL);
  gtk_window_present (shortcuts);
}

static void
on_help_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;
  GtkWindow *asker = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (self->window)
    cobro_window_show_help (self->window, asker ? asker : GTK_WINDOW (self->window));
}

static const GActionEntry actions[] = {
  { "quit", on_quit_cb, NULL, NULL, NULL, { 0 } },         { "about", on_about_cb, NULL, NULL, NULL, { 0 } },
  { "help", on_help_cb, NULL, NULL, NULL, { 0 } },         { "new-link", on_new_cb, NULL, NULL, NULL, { 0 } },
  { "new-invoice", on_new_cb, NULL, NULL, NULL, { 0 } },   { "practice", on_practice_cb, NULL, NULL, NULL, { 0 } },
  { "sync-now", on_sync_now_cb, NULL, NULL, NULL, { 0 } }, { "shortcuts", on_shortcuts_cb, NULL, NULL, NULL, { 0 } },
};

static const struct
{
  const char *action;
  const char *keys[3];
} accels[] = {
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.new-link", { "<Control>n" } },
  { "win.new-invoice", { "<Shift><Control>n" } },
  { "win.find", { "<Control>f" } },
  { "win.undo", { "<Control>z" } },
  { "win.back", { "<Alt>Left", "Back" } },
  { "win.copy", { "<Shift><Control>c" } },
  { "win.counter", { "<Shift><Control>k" } },
  { "win.duplicate", { "<Control>u" } },
  { "app.help", { "F1" } },
  { "app.shortcuts", { "<Control>question" } },
  { "win.edit", { "<Control>e" } },
  { "win.preferences", { "<Control>comma" } },
};

void
cobro_application_add_keys (GtkApplication *application)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (application, accels[i].action, accels[i].keys);
}

/* ── Life ── */

static gboolean
on_terminated_cb (gpointer data)
{
  CobroApplication *self = data;

  self->signal_id = 0;
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

static void
cobro_application_startup (GApplication *application)
{
  CobroApplication *self = COBRO_APPLICATION (application);

  G_APPLICATION_CLASS (cobro_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (COBRO_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  cobro_application_add_keys (GTK_APPLICATION (self));
  self->settings = cobro_settings_new ();
  self->signal_id = g_unix_signal_add (SIGTERM, on_terminated_cb, self);
  cobro_application_begin_sample (self);
  cobro_application_open_last_books (self);
  cobro_application_begin_desktop (self);
}

static void
cobro_application_shutdown (GApplication *application)
{
  CobroApplication *self = COBRO_APPLICATION (application);

  g_clear_handle_id (&self->signal_id, g_source_remove);
  if (self->window)
    cobro_window_leave (self->window);
  cobro_application_end_desktop (self);
  g_object_run_dispose (G_OBJECT (self->rounds));
  g_clear_object (&self->rounds);
  g_clear_pointer (&self->context, cobro_context_free);
  cobro_application_end_sample ();
  g_clear_object (&self->settings);
  G_APPLICATION_CLASS (cobro_application_parent_class)->shutdown (application);
}

static int
cobro_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  const char *doing[] = { "new-link", "new-invoice", "practice" };
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      printf ("cobro %s\n", COBRO_VERSION);
      return 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (doing); i++)
    if (g_variant_dict_contains (options, doing[i]))
      {
        if (!g_application_register (application, NULL, &error))
          {
            fprintf (stderr, "cobro: %s\n", error->message);
            return 1;
          }
        g_action_group_activate_action (G_ACTION_GROUP (application), doing[i], NULL);
      }
  return -1;
}

static void
cobro_application_finalize (GObject *object)
{
  CobroApplication *self = COBRO_APPLICATION (object);

  g_clear_error (&self->context_error);
  g_clear_error (&self->last_error);
  g_free (self->last_folder);
  g_clear_object (&self->bookshelf);
  g_free (self->folder);
  g_free (self->before_sample);
  G_OBJECT_CLASS (cobro_application_parent_class)->finalize (object);
}

static void
cobro_application_class_init (CobroApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cobro_application_finalize;
  application_class->startup = cobro_application_startup;
  application_class->activate = cobro_application_activate;
  application_class->open = cobro_application_open;
  application_class->shutdown = cobro_application_shutdown;
  application_class->dbus_register = cobro_application_dbus_register;
  application_class->dbus_unregister = cobro_application_dbus_unregister;
  application_class->handle_local_options = cobro_application_handle_local_options;
}

static void
cobro_application_init (CobroApplication *self)
{
  const GOptionEntry options[] = {
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and leave"), NULL },
    { "new-link", 'n', 0, G_OPTION_ARG_NONE, NULL, N_ ("Make a new link"), NULL },
    { "new-invoice", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Write a new invoice"), NULL },
    { "practice", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Practise with pretended payments"), NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

CobroApplication *
cobro_application_new (void)
{
  return g_object_new (COBRO_TYPE_APPLICATION, "application-id", COBRO_APP_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", COBRO_RESOURCE, NULL);
}
