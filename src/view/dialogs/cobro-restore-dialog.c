/* src/view/dialogs/cobro-restore-dialog.c — see cobro-restore-dialog.h.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-restore-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

#define PULSE_MS 100

struct _CobroRestoreDialog
{
  AdwWindow parent_instance;
  GtkWidget *restore_button;
  AdwPreferencesGroup *copy_group;
  AdwActionRow *made_row;
  AdwActionRow *business_row;
  AdwActionRow *change_row;
  AdwActionRow *content_row;
  GtkWidget *loss_group;
  GtkLabel *loss_label;
  GtkProgressBar *progress;
  GtkLabel *problem_label;
  CobroBackups *backups;
  char *path;
  CobroTime made;
  GCancellable *cancellable;
  guint pulse_id;
};

G_DEFINE_FINAL_TYPE (CobroRestoreDialog, cobro_restore_dialog, ADW_TYPE_WINDOW)

static gboolean
on_pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (COBRO_RESTORE_DIALOG (data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
show_working (CobroRestoreDialog *self, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->progress), text != NULL);
  gtk_progress_bar_set_text (self->progress, text);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  /* A bar that has pulsed goes on asking for frames, even hidden, until it has a fraction. */
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (text)
    self->pulse_id = g_timeout_add (PULSE_MS, on_pulse_cb, self);
}

/* ── What is in it ── */

/* Appends ", 12 links" where there are any. @format: for that number. */
static void
add_count (GString *text, const char *format, gint64 n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  if (n == 0)
    return;
  g_string_append (text, text->len > 0 ? ", " : "");
  g_string_append_printf (text, format, number);
}

static char *
count_text (gint64 links, gint64 invoices, gint64 customers, gint64 products, gint64 payments)
{
  GString *text = g_string_new (NULL);

  add_count (text, ngettext ("%s link", "%s links", (gulong)links), links);
  add_count (text, ngettext ("%s invoice", "%s invoices", (gulong)invoices), invoices);
  add_count (text, ngettext ("%s customer", "%s customers", (gulong)customers), customers);
  add_count (text, ngettext ("%s product", "%s products", (gulong)products), products);
  add_count (text, ngettext ("%s payment", "%s payments", (gulong)payments), payments);
  return g_string_free (text, FALSE);
}

static void
show_loss (CobroRestoreDialog *self, const CobroBackupLoss *loss)
{
  g_autofree char *counts = count_text (loss->links, loss->invoices, loss->customers, loss->products, loss->payments);
  g_autofree char *changed = cobro_number_text (loss->changed, cobro_view_locale ());
  g_autoptr (GString) text = g_string_new (NULL);

  if (*counts)
    /* Translators: %s is a list: "3 links, 1 payment". */
    g_string_append_printf (text, _ ("Not in the copy, but in your books now: %s."), counts);
  if (loss->changed > 0)
    {
      g_string_append (text, text->len > 0 ? " " : "");
      g_string_append_printf (text,
                              ngettext ("%s thing is in both and would be as it was then.",
                                        "%s things are in both and would be as they were then.", (gulong)loss->changed),
                              changed);
    }
  if (text->len > 0)
    g_string_append_printf (text, "\n\n%s",
                            _ ("What the relay knows comes back by itself: payments, and links and invoices that were "
                               "uploaded. The rest is only in the copy of today's books, which is kept first."));
  else
    g_string_append (text, _ ("Nothing: all that is in your books is in the copy too."));
  gtk_label_set_text (self->loss_label, text->str);
  gtk_widget_set_visible (self->loss_group, TRUE);
}

static void
show_facts (CobroRestoreDialog *self, const CobroBackupFacts *facts)
{
  g_autofree char *content =
    count_text (facts->links, facts->invoices, facts->customers, facts->products, facts->payments);
  g_autofree char *changed =
    facts->last_change ? cobro_date_time_text (facts->last_change, cobro_view_locale ()) : NULL;
  g_autofree char *made = self->made ? cobro_date_time_text (self->made, cobro_view_locale ()) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->made_row), made != NULL);
  adw_action_row_set_subtitle (self->made_row, made ? made : "");
  adw_action_row_set_subtitle (self->business_row, *facts->business ? facts->business : _ ("Not named yet"));
  adw_action_row_set_subtitle (self->change_row, changed ? changed : _ ("Nothing was ever written"));
  adw_action_row_set_subtitle (self->content_row, *content ? content : _ ("Nothing"));
  gtk_widget_set_visible (GTK_WIDGET (self->copy_group), TRUE);
}

/* ── When it cannot be ── */

static const char *
advice_for (const GError *error)
{
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NEWER_SCHEMA))
    return _ ("This file was made by a newer Cobro. Nothing was changed. Install that version and restore it there.");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CORRUPT))
    return _ ("This file is damaged, or is no backup of Cobro. Nothing was changed. Choose another copy.");
  return _ ("Nothing was changed.");
}

static void
show_failure (CobroRestoreDialog *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *text = g_strdup_printf ("%s\n\n%s", advice_for (error), sentence);

  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

/* ── Looking, and going back ── */

static void
on_previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRestoreDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroBackupPreview) preview = cobro_backups_preview_finish (COBRO_BACKUPS (source), result, &error);

  if (!self->backups)
    return;
  show_working (self, NULL);
  if (!preview)
    return show_failure (self, error);
  show_facts (self, preview->facts);
  show_loss (self, preview->loss);
  gtk_widget_set_sensitive (self->restore_button, TRUE);
}

static void
on_restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRestoreDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean fine = cobro_backups_restore_finish (COBRO_BACKUPS (source), result, &error);

  if (!self->backups || fine) /* the window is about to go */
    return;
  show_working (self, NULL);
  gtk_widget_set_sensitive (self->restore_button, TRUE);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_failure (self, error);
}

static void
on_restore_clicked_cb (CobroRestoreDialog *self)
{
  gtk_widget_set_sensitive (self->restore_button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  show_working (self, _ ("Keeping the books as they are now…"));
  cobro_backups_restore_async (self->backups, self->path, self->made, self->cancellable, on_restored_cb,
                               g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_restore_dialog_dispose (GObject *object)
{
  CobroRestoreDialog *self = COBRO_RESTORE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_object (&self->backups);
  G_OBJECT_CLASS (cobro_restore_dialog_parent_class)->dispose (object);
}

static void
cobro_restore_dialog_finalize (GObject *object)
{
  CobroRestoreDialog *self = COBRO_RESTORE_DIALOG (object);

  g_free (self->path);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_restore_dialog_parent_class)->finalize (object);
}

static void
cobro_restore_dialog_class_init (CobroRestoreDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_restore_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_restore_dialog_finalize;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-restore-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, restore_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, copy_group);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, made_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, business_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, change_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, content_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, loss_group);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, loss_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, CobroRestoreDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_restore_clicked_cb);
}

static void
cobro_restore_dialog_init (CobroRestoreDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroRestoreDialog *
cobro_restore_dialog_new (GtkWindow *parent, CobroBackups *backups, const char *path, CobroTime made)
{
  CobroRestoreDialog *self = g_object_new (COBRO_TYPE_RESTORE_DIALOG, "transient-for", parent, NULL);

  self->backups = g_object_ref (backups);
  self->path = g_strdup (path);
  self->made = made;
  show_working (self, _ ("Looking into the copy…"));
  cobro_backups_preview_async (backups, path, self->cancellable, on_previewed_cb, g_object_ref (self));
  return self;
}
