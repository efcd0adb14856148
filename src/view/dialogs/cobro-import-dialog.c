/* src/view/dialogs/cobro-import-dialog.c — customers, products or existing invoices from a file.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-import-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

/* Reasons that are shown; how many more there are is said. */
#define ROWS_MAX 100
#define PULSE_MS 100

struct _CobroImportDialog
{
  AdwWindow parent_instance;
  GtkWidget *import_button;
  AdwPreferencesGroup *file_group;
  AdwActionRow *file_row;
  GtkWidget *sample_row;
  GtkLabel *result_label;
  GtkLabel *ignored_label;
  GtkProgressBar *progress;
  GtkListBox *problems_list;
  GtkLabel *problem_label;
  CobroBooksImport *books;
  CobroImportKind kind;
  CobroImport *read; /* (nullable) the dry run */
  GCancellable *cancellable;
  guint pulse_id;
};

G_DEFINE_FINAL_TYPE (CobroImportDialog, cobro_import_dialog, ADW_TYPE_WINDOW)

enum
{
  TAKEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── Words ── */

static const char *
title_of (CobroImportKind kind)
{
  switch (kind)
    {
    case COBRO_IMPORT_INVOICES:
      return _ ("Import Invoices");
    case COBRO_IMPORT_CUSTOMERS:
      return _ ("Import Customers");
    case COBRO_IMPORT_PRODUCTS:
      return _ ("Import Products");
    }
  g_return_val_if_reached ("");
}

/* (transfer full) "12 customers". */
static char *
count_text (CobroImportKind kind, guint n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  switch (kind)
    {
    case COBRO_IMPORT_INVOICES:
      return g_strdup_printf (ngettext ("%s invoice", "%s invoices", n), number);
    case COBRO_IMPORT_CUSTOMERS:
      return g_strdup_printf (ngettext ("%s customer", "%s customers", n), number);
    case COBRO_IMPORT_PRODUCTS:
      return g_strdup_printf (ngettext ("%s product", "%s products", n), number);
    }
  g_return_val_if_reached (NULL);
}

static void
describe_columns (CobroImportDialog *self)
{
  g_autoptr (GPtrArray) columns = cobro_import_columns (self->kind);
  guint needed = cobro_import_n_needed (self->kind);
  g_autoptr (GString) must = g_string_new (NULL);
  g_autoptr (GString) may = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < columns->len; i++)
    {
      GString *to = i < needed ? must : may;

      g_string_append_printf (to, "%s%s", to->len ? ", " : "", (const char *)columns->pdata[i]);
    }
  /* Translators: both are names of columns. */
  text = g_strdup_printf (_ ("A table saved as CSV, with the names of its columns in the first line. Needed: %s. "
                             "Understood besides: %s."),
                          must->str, may->str);
  adw_preferences_group_set_description (self->file_group, text);
}

/* ── Progress ── */

static gboolean
on_pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (COBRO_IMPORT_DIALOG (data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
show_working (CobroImportDialog *self, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->progress), text != NULL);
  gtk_progress_bar_set_text (self->progress, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->file_row), text == NULL);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  if (text)
    self->pulse_id = g_timeout_add (PULSE_MS, on_pulse_cb, self);
}

static void
show_label (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* ── The dry run ── */

static void
add_problem (CobroImportDialog *self, const CobroImportProblem *problem)
{
  g_autofree char *line = problem->line ? g_strdup_printf (_ ("Line %u"), problem->line) : g_strdup (_ ("The file"));
  g_autoptr (GError) error = g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, problem->reason);
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *where = *problem->column ? g_strdup_printf ("%s · %s", line, problem->column) : g_strdup (line);

  gtk_list_box_append (self->problems_list, g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", sentence,
                                                          "title-lines", 0, "subtitle", where, NULL));
}

static void
show_problems (CobroImportDialog *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->problems_list))))
    gtk_list_box_remove (self->problems_list, child);
  for (guint i = 0; self->read && i < MIN (self->read->problems->len, ROWS_MAX); i++)
    add_problem (self, self->read->problems->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->problems_list), self->read && self->read->n_problems > 0);
}

static void
show_read (CobroImportDialog *self)
{
  const CobroImport *read = self->read;
  g_autofree char *count = count_text (self->kind, read->items->len);
  g_autofree char *text = NULL;
  g_autofree char *ignored = NULL;

  if (read->n_problems > ROWS_MAX)
    text = g_strdup_printf (_ ("%u reasons why this file cannot be taken. Nothing was written. The first %d:"),
                            read->n_problems, ROWS_MAX);
  else if (read->n_problems > 0)
    text =
      g_strdup_printf (ngettext ("%u reason why this file cannot be taken. Nothing was written.",
                                 "%u reasons why this file cannot be taken. Nothing was written.", read->n_problems),
                       read->n_problems);
  else
    /* Translators: %s is a number of things: "12 customers". */
    text = g_strdup_printf (_ ("%s can be taken. Nothing is written yet."), count);
  if (read->ignored->len > 0)
    {
      g_autoptr (GString) names = g_string_new (NULL);

      for (guint i = 0; i < read->ignored->len; i++)
        g_string_append_printf (names, "%s%s", i ? ", " : "", (const char *)read->ignored->pdata[i]);
      /* Translators: %s are names of columns. */
      ignored = g_strdup_printf (_ ("Nothing is made of these columns: %s."), names->str);
    }
  show_label (self->result_label, text);
  show_label (self->ignored_label, ignored);
  show_problems (self);
  gtk_widget_set_sensitive (self->import_button, read->n_problems == 0 && read->items->len > 0);
}

static void
show_failure (CobroImportDialog *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  show_label (self->problem_label, sentence);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroImport *read = cobro_books_import_read_finish (COBRO_BOOKS_IMPORT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->books)
    {
      g_clear_pointer (&read, cobro_import_free);
      return;
    }
  show_working (self, NULL);
  self->read = read;
  if (read)
    show_read (self);
  else
    show_failure (self, error);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  CobroImportDialog *self = data;
  g_autofree char *name = g_file_get_basename (file);

  if (!self->books)
    return;
  g_clear_pointer (&self->read, cobro_import_free);
  show_problems (self);
  show_label (self->result_label, NULL);
  show_label (self->ignored_label, NULL);
  show_label (self->problem_label, NULL);
  gtk_widget_set_sensitive (self->import_button, FALSE);
  adw_action_row_set_subtitle (self->file_row, name);
  show_working (self, _ ("Reading…"));
  cobro_books_import_read_async (self->books, self->kind, file, cobro_view_locale (), self->cancellable, on_read_cb,
                                 g_object_ref (self));
}

static void
on_file_activated_cb (CobroImportDialog *self)
{
  cobro_dialogs_open (GTK_WINDOW (self), title_of (self->kind), "text/csv", on_file_chosen, g_object_ref (self),
                      g_object_unref);
}

/* ── A file to begin with ── */

static void
on_sample_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error) && self->books)
    show_failure (self, error);
}

static void
on_sample_chosen (GFile *file, gpointer data)
{
  CobroImportDialog *self = data;
  g_autoptr (GBytes) bytes = cobro_import_sample (self->kind);

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       on_sample_written_cb, g_object_ref (self));
}

static void
on_sample_activated_cb (CobroImportDialog *self)
{
  cobro_dialogs_save (GTK_WINDOW (self), _ ("Save a File to Begin With"), "cobro.csv", "text/csv", on_sample_chosen,
                      g_object_ref (self), g_object_unref);
}

/* ── Taking ── */

static void
on_taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *count = NULL;
  g_autofree char *said = NULL;
  gboolean taken = cobro_books_import_take_finish (COBRO_BOOKS_IMPORT (source), result, &error);

  if (!self->books)
    return;
  show_working (self, NULL);
  if (!taken)
    {
      gtk_widget_set_sensitive (self->import_button, TRUE);
      return show_failure (self, error);
    }
  count = count_text (self->kind, self->read->items->len);
  /* Translators: %s is a number of things: "12 customers". */
  said = g_strdup_printf (_ ("%s imported"), count);
  g_signal_emit (self, signals[TAKEN], 0, said);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
on_import_clicked_cb (CobroImportDialog *self)
{
  gtk_widget_set_sensitive (self->import_button, FALSE);
  show_label (self->problem_label, NULL);
  show_working (self, _ ("Writing…"));
  cobro_books_import_take_async (self->books, self->read, NULL, on_taken_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_import_dialog_dispose (GObject *object)
{
  CobroImportDialog *self = COBRO_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_object (&self->books);
  G_OBJECT_CLASS (cobro_import_dialog_parent_class)->dispose (object);
}

/* What was read lives until whoever takes it is done. */
static void
cobro_import_dialog_finalize (GObject *object)
{
  CobroImportDialog *self = COBRO_IMPORT_DIALOG (object);

  g_clear_pointer (&self->read, cobro_import_free);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_import_dialog_parent_class)->finalize (object);
}

static void
cobro_import_dialog_class_init (CobroImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_import_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_import_dialog_finalize;
  signals[TAKEN] = g_signal_new ("taken", COBRO_TYPE_IMPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, import_button);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, file_group);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, sample_row);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, result_label);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, ignored_label);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, problems_list);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_file_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_import_clicked_cb);
}

static void
cobro_import_dialog_init (CobroImportDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroImportDialog *
cobro_import_dialog_new (GtkWindow *parent, CobroBooksImport *import, CobroImportKind kind)
{
  CobroImportDialog *self = g_object_new (COBRO_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);

  self->books = g_object_ref (import);
  self->kind = kind;
  gtk_window_set_title (GTK_WINDOW (self), title_of (kind));
  describe_columns (self);
  return self;
}
