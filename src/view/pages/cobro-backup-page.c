/* src/view/pages/cobro-backup-page.c — see cobro-backup-page.h.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-backup-page.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-restore-dialog.h"
#include "cobro-view-text.h"

#define LOOK_MS  200
#define ROWS_MAX 40

struct _CobroBackupPage
{
  CobroLatePage parent_instance;
  GtkSwitch *automatic_switch;
  AdwActionRow *folder_row;
  AdwActionRow *last_row;
  GtkWidget *now_button;
  GtkWidget *running_row;
  GtkProgressBar *progress;
  GtkWidget *problem_row;
  GtkLabel *problem_label;
  AdwPreferencesGroup *making_group;
  AdwPreferencesGroup *copies_group;
  AdwExpanderRow *copies_row;
  AdwActionRow *publish_row;
  GPtrArray *rows; /* (element-type AdwActionRow) the copies */
  CobroBackups *backups;
  CobroConnection *connection;
  guint look_id;
};

G_DEFINE_FINAL_TYPE (CobroBackupPage, cobro_backup_page, COBRO_TYPE_LATE_PAGE)

static GtkWindow *
window_of (CobroBackupPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
say (CobroBackupPage *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1); /* a toast's title is markup */

  if (ADW_IS_PREFERENCES_WINDOW (window_of (self)))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (window_of (self)), adw_toast_new (escaped));
}

static void
say_error (CobroBackupPage *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  say (self, sentence);
}

/* ── The copies ── */

static void
open_restore (CobroBackupPage *self, const char *path, CobroTime made)
{
  gtk_window_present (GTK_WINDOW (cobro_restore_dialog_new (window_of (self), self->backups, path, made)));
}

static void
on_copy_activated_cb (CobroBackupPage *self, AdwActionRow *row)
{
  GPtrArray *list = cobro_backups_get_list (self->backups);
  guint i;

  if (!g_ptr_array_find (self->rows, row, &i) || i >= list->len)
    return;
  open_restore (self, ((CobroBackup *)list->pdata[i])->path, ((CobroBackup *)list->pdata[i])->made);
}

static void
add_copy (CobroBackupPage *self, const CobroBackup *backup)
{
  g_autofree char *when = cobro_date_time_text (backup->made, cobro_view_locale ());
  g_autofree char *size = g_format_size (backup->size);
  /* Translators: %s is a size: "3.2 MB". */
  g_autofree char *kept = g_strdup_printf (_ ("%s · kept before going back to another copy"), size);
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", when, "subtitle", backup->before_going ? kept : size, "use-markup",
                  FALSE, "activatable", TRUE, "tooltip-text", _ ("Look Into This Copy"), NULL);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), image);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_copy_activated_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  adw_expander_row_add_row (self->copies_row, row);
}

static void
show_copies (CobroBackupPage *self)
{
  GPtrArray *list = cobro_backups_get_list (self->backups);
  const CobroBackup *last = NULL;
  g_autofree char *when = NULL;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;
  g_autofree char *count = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->copies_row, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < list->len && i < ROWS_MAX; i++)
    add_copy (self, list->pdata[i]);
  for (guint i = 0; !last && i < list->len; i++)
    if (!((CobroBackup *)list->pdata[i])->before_going)
      last = list->pdata[i];
  if (last)
    {
      when = cobro_date_time_text (last->made, cobro_view_locale ());
      size = g_format_size (last->size);
      text = g_strdup_printf ("%s · %s", when, size);
    }
  adw_action_row_set_subtitle (self->last_row, text ? text : _ ("There is none yet"));
  count = g_strdup_printf (ngettext ("%u copy is kept", "%u copies are kept", list->len), list->len);
  adw_expander_row_set_subtitle (self->copies_row, count);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copies_row), list->len > 0);
}

/* ── One that is being made ── */

static gboolean
on_look_cb (gpointer data)
{
  CobroBackupPage *self = data;
  guint percent;

  if (!cobro_backups_get_running (self->backups, &percent))
    return G_SOURCE_CONTINUE;
  if (percent > 0)
    gtk_progress_bar_set_fraction (self->progress, percent / 100.0);
  else
    gtk_progress_bar_pulse (self->progress);
  return G_SOURCE_CONTINUE;
}

static void
show (CobroBackupPage *self)
{
  const GError *problem = cobro_backups_get_problem (self->backups);
  g_autofree char *sentence = problem ? cobro_view_error (problem) : NULL;
  g_autofree char *text = NULL;
  guint percent;
  gboolean running = cobro_backups_get_running (self->backups, &percent);

  gtk_widget_set_visible (self->running_row, running);
  gtk_widget_set_sensitive (self->now_button, !running);
  if (!running)
    {
      g_clear_handle_id (&self->look_id, g_source_remove);
      /* A bar that has pulsed goes on asking for frames, even hidden, until it has a fraction. */
      gtk_progress_bar_set_fraction (self->progress, 0);
    }
  else if (!self->look_id)
    self->look_id = g_timeout_add (LOOK_MS, on_look_cb, self);
  adw_action_row_set_subtitle (self->folder_row, cobro_backups_get_folder (self->backups));
  if (sentence)
    /* Translators: %s is a sentence that says why. */
    text =
      g_strdup_printf (_ ("The last backup failed. Your books are not harmed. %s It is tried again within the hour; "
                          "another folder may help."),
                       sentence);
  gtk_label_set_text (self->problem_label, text ? text : "");
  gtk_widget_set_visible (self->problem_row, text != NULL);
  show_copies (self);
}

static void
on_now_clicked_cb (CobroBackupPage *self)
{
  cobro_backups_run (self->backups);
}

static void
on_cancel_clicked_cb (CobroBackupPage *self)
{
  cobro_backups_cancel (self->backups);
}

/* ── Where, and from where ── */

static void
on_folder_chosen (GFile *folder, gpointer data)
{
  CobroBackupPage *self = data;

  if (self->backups && g_file_peek_path (folder))
    g_object_set (self->backups, "folder", g_file_peek_path (folder), NULL);
}

static void
on_folder_activated_cb (CobroBackupPage *self)
{
  cobro_dialogs_open_folder (window_of (self), _ ("Folder for Backups"), on_folder_chosen, g_object_ref (self),
                             g_object_unref);
}

static void
on_restore_chosen (GFile *file, gpointer data)
{
  CobroBackupPage *self = data;

  if (self->backups && g_file_peek_path (file))
    open_restore (self, g_file_peek_path (file), 0);
}

static void
on_restore_activated_cb (CobroBackupPage *self)
{
  cobro_dialogs_open (window_of (self), _ ("Restore From a File"), NULL, on_restore_chosen, g_object_ref (self),
                      g_object_unref);
}

/* ── A relay that is empty ── */

static void
on_published_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBackupPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean fine = cobro_connection_publish_again_finish (COBRO_CONNECTION (source), result, &error);

  if (!self->connection)
    return;
  if (fine)
    say (self, _ ("Everything is being published again"));
  else
    say_error (self, error);
}

static void
publish (gpointer data)
{
  CobroBackupPage *self = data;

  if (self->connection)
    cobro_connection_publish_again_async (self->connection, on_published_cb, g_object_ref (self));
}

static void
on_publish_activated_cb (CobroBackupPage *self)
{
  cobro_dialogs_confirm (
    window_of (self), _ ("Publish Everything Again?"),
    _ ("Every link, invoice, customer and product is sent to the relay once more, with the addresses and numbers that "
       "they have. An empty relay then has all of them, and what you have shared can be paid again; one that has them "
       "already changes nothing. Nobody is asked to pay twice."),
    _ ("_Publish Again"), FALSE, publish, g_object_ref (self), g_object_unref);
}

static void
show_connection (CobroBackupPage *self)
{
  gboolean paired = cobro_connection_get_state (self->connection) != COBRO_CONNECTION_NONE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->publish_row), paired);
  adw_action_row_set_subtitle (self->publish_row, paired ? _ ("For a relay that was set up anew or has lost its data")
                                                         : _ ("Connect a relay first"));
}

/* A copy of real books would come into the sample shop, and go with it when it is left. */
static void
refuse_in_sample (CobroBackupPage *self)
{
  adw_preferences_group_set_description (
    self->making_group,
    _ ("You are looking around in sample data. Remove it first: then your own books are copied and restored here."));
  /* The rows, not the group: the sentence is to be read. */
  gtk_widget_set_sensitive (gtk_widget_get_ancestor (GTK_WIDGET (self->folder_row), GTK_TYPE_LIST_BOX), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copies_group), FALSE);
}

/* ── The widget ── */

static void
cobro_backup_page_dispose (GObject *object)
{
  CobroBackupPage *self = COBRO_BACKUP_PAGE (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_object (&self->backups);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_backup_page_parent_class)->dispose (object);
}

static void
cobro_backup_page_finalize (GObject *object)
{
  g_ptr_array_unref (COBRO_BACKUP_PAGE (object)->rows);
  G_OBJECT_CLASS (cobro_backup_page_parent_class)->finalize (object);
}

static void
cobro_backup_page_build (CobroLatePage *page)
{
  CobroBackupPage *self = COBRO_BACKUP_PAGE (page);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_bind_property (self->backups, "automatic", self->automatic_switch, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (self->backups, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "changed", G_CALLBACK (show_connection), self, G_CONNECT_SWAPPED);
  show (self);
  show_connection (self);
  if (cobro_connection_is_sample (self->connection))
    refuse_in_sample (self);
}

static void
cobro_backup_page_class_init (CobroBackupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_backup_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_backup_page_finalize;
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_backup_page_build;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-backup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, making_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, copies_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, automatic_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, folder_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, last_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, now_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, running_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, progress);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, problem_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, copies_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBackupPage, publish_row);
  gtk_widget_class_bind_template_callback (widget_class, on_now_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_folder_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_restore_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_publish_activated_cb);
}

static void
cobro_backup_page_init (CobroBackupPage *self)
{
  self->rows = g_ptr_array_new ();
}

void
cobro_backup_page_set_models (CobroBackupPage *self, CobroBackups *backups, CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_BACKUP_PAGE (self) && self->backups == NULL);

  self->backups = g_object_ref (backups);
  self->connection = g_object_ref (connection);
}
