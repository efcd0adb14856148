/* src/view/dialogs/cobro-import-dialog.c — links, customers, products or existing invoices from a file.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-import-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-import-columns.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

/* Reasons that are shown; how many more there are is said. */
#define ROWS_MAX 1000
#define LOOK_MS  100

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
  CobroImportColumns *columns_group;
  GtkWidget *problems_box;
  GtkListView *problems_list;
  GtkStringList *problems; /* one for each that is shown */
  GFile *file;             /* (nullable) what is read */
  GtkLabel *problem_label;
  CobroBooksImport *books;
  CobroImportKind kind;
  CobroImport *read;         /* (nullable) the dry run */
  GCancellable *cancellable; /* of what is going on */
  gboolean writing;
  guint look_id;
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
    case COBRO_IMPORT_LINKS:
      return _ ("Import Links");
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
    case COBRO_IMPORT_LINKS:
      return g_strdup_printf (ngettext ("%s link", "%s links", n), number);
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

      g_string_append_printf (to, "%s%s", to->len ? ", " : "", cobro_import_columns_name (columns->pdata[i]));
    }
  /* Translators: both are names of columns. */
  text = g_strdup_printf (_ ("A table saved as CSV, with the names of its columns in the first line. Needed: %s. "
                             "Understood besides: %s."),
                          must->str, may->str);
  adw_preferences_group_set_description (self->file_group, text);
}

/* ── Progress ── */

static gboolean
on_look_cb (gpointer data)
{
  CobroImportDialog *self = data;
  guint done, total;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *text = NULL;

  cobro_books_import_get_progress (self->books, &done, &total);
  first = cobro_number_text (done, cobro_view_locale ());
  second = cobro_number_text (total, cobro_view_locale ());
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress, (double)done / total);
  else
    gtk_progress_bar_pulse (self->progress);
  if (total > 0)
    /* Translators: both are numbers. */
    text = g_strdup_printf (_ ("Writing: %s of %s"), first, second);
  else
    /* Translators: %s is a number of rows. */
    text = done > 0 ? g_strdup_printf (_ ("Reading: %s"), first) : g_strdup (_ ("Reading…"));
  gtk_progress_bar_set_text (self->progress, text);
  return G_SOURCE_CONTINUE;
}

static void
show_working (CobroImportDialog *self, gboolean working)
{
  gtk_widget_set_visible (GTK_WIDGET (self->progress), working);
  gtk_widget_set_sensitive (GTK_WIDGET (self->file_row), !working);
  gtk_widget_set_sensitive (GTK_WIDGET (self->columns_group), !working);
  g_clear_handle_id (&self->look_id, g_source_remove);
  /* A bar that has pulsed goes on asking for frames, even hidden, until it has a fraction. */
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (!working)
    return;
  on_look_cb (self);
  self->look_id = g_timeout_add (LOOK_MS, on_look_cb, self);
}

static void
show_label (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* ── The dry run ── */

static void
on_problem_set_up_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  for (int i = 0; i < 2; i++)
    {
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "width-chars", 10, "wrap-mode",
                                       PANGO_WRAP_WORD_CHAR, "selectable", FALSE, NULL);

      if (i == 1)
        gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (box), label);
    }
  g_object_set (box, "margin-top", 8, "margin-bottom", 8, "margin-start", 12, "margin-end", 12, NULL);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, box);
}

static void
on_problem_bound_cb (GtkSignalListItemFactory *factory, GtkListItem *item, CobroImportDialog *self)
{
  GtkWidget *first = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const CobroImportProblem *problem;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *line = NULL;
  g_autofree char *where = NULL;

  if (!self->read || gtk_list_item_get_position (item) >= self->read->problems->len)
    return;
  problem = self->read->problems->pdata[gtk_list_item_get_position (item)];
  error = g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, problem->reason);
  sentence = cobro_view_error (error);
  line = problem->line ? g_strdup_printf (_ ("Line %u"), problem->line) : g_strdup (_ ("The file"));
  where = *problem->column ? g_strdup_printf ("%s · %s", line, problem->column) : g_strdup (line);
  gtk_label_set_text (GTK_LABEL (first), sentence);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (first)), where);
}

static void
show_problems (CobroImportDialog *self)
{
  guint n = self->read ? MIN (self->read->problems->len, ROWS_MAX) : 0;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) rows = NULL;

  for (guint i = 0; i < n; i++)
    g_strv_builder_add (builder, "");
  rows = g_strv_builder_end (builder);
  gtk_string_list_splice (self->problems, 0, g_list_model_get_n_items (G_LIST_MODEL (self->problems)),
                          (const char *const *)rows);
  gtk_widget_set_visible (self->problems_box, n > 0);
}

static void
show_read (CobroImportDialog *self)
{
  const CobroImport *read = self->read;
  g_autofree char *count = count_text (self->kind, read->items->len);
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;
  g_autofree char *ignored = NULL;

  number = cobro_number_text (read->n_problems, cobro_view_locale ());
  if (read->n_problems > ROWS_MAX)
    /* Translators: both are numbers. */
    text = g_strdup_printf (_ ("%s reasons why this file cannot be taken. Nothing was written. The first %d:"), number,
                            ROWS_MAX);
  else if (read->n_problems > 0)
    text =
      g_strdup_printf (ngettext ("%s reason why this file cannot be taken. Nothing was written.",
                                 "%s reasons why this file cannot be taken. Nothing was written.", read->n_problems),
                       number);
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
  cobro_import_columns_show (self->columns_group, read);
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
  show_working (self, FALSE);
  self->read = read;
  if (read)
    show_read (self);
  else
    show_failure (self, error);
}

/* @columns: (nullable) as somebody said; NULL: by name. */
static void
read_file (CobroImportDialog *self, const GArray *columns)
{
  g_clear_pointer (&self->read, cobro_import_free);
  show_problems (self);
  show_label (self->result_label, NULL);
  show_label (self->ignored_label, NULL);
  show_label (self->problem_label, NULL);
  gtk_widget_set_sensitive (self->import_button, FALSE);
  cobro_books_import_read_async (self->books, self->kind, self->file, cobro_view_locale (), columns, self->cancellable,
                                 on_read_cb, g_object_ref (self));
  show_working (self, TRUE);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  CobroImportDialog *self = data;
  g_autofree char *name = g_file_get_basename (file);

  if (!self->books)
    return;
  g_set_object (&self->file, file);
  adw_action_row_set_subtitle (self->file_row, name);
  cobro_import_columns_show (self->columns_group, NULL);
  read_file (self, NULL);
}

static void
on_columns_changed_cb (CobroImportDialog *self)
{
  if (self->books && self->file && self->read)
    read_file (self, cobro_import_columns_get (self->columns_group));
}

static void
on_file_activated_cb (CobroImportDialog *self)
{
  cobro_dialogs_open (GTK_WINDOW (self), title_of (self->kind), "text/csv", on_file_chosen, g_object_ref (self),
                      g_object_unref);
}

/* ── Files that are written ── */

typedef struct
{
  CobroImportDialog *dialog;
  GBytes *bytes;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->dialog);
  g_bytes_unref (saving->bytes);
  g_free (saving);
}

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error) && self->books)
    show_failure (self, error);
}

static void
on_place_chosen (GFile *file, gpointer data)
{
  const Saving *saving = data;

  g_file_replace_contents_bytes_async (file, saving->bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       on_saved_cb, g_object_ref (saving->dialog));
}

static void
save (CobroImportDialog *self, const char *title, const char *name, GBytes *take_bytes)
{
  Saving *saving = g_new0 (Saving, 1);

  *saving = (Saving){ .dialog = g_object_ref (self), .bytes = take_bytes };
  cobro_dialogs_save (GTK_WINDOW (self), title, name, "text/csv", on_place_chosen, saving, saving_free);
}

static void
on_sample_activated_cb (CobroImportDialog *self)
{
  save (self, _ ("Save a File to Begin With"), "cobro.csv", cobro_import_sample (self->kind));
}

static void
on_reasons_clicked_cb (CobroImportDialog *self)
{
  if (self->read)
    save (self, _ ("Save All Reasons"), "cobro-reasons.csv", cobro_import_problems (self->read));
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

  self->writing = FALSE;
  if (!self->books)
    return;
  show_working (self, FALSE);
  if (!taken)
    gtk_widget_set_sensitive (self->import_button, TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return show_label (self->result_label, _ ("Cancelled. Nothing was written."));
  if (!taken)
    return show_failure (self, error);
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
  show_label (self->result_label, NULL); /* which says that nothing is written */
  self->writing = TRUE;
  cobro_books_import_take_async (self->books, self->read, self->cancellable, on_taken_cb, g_object_ref (self));
  show_working (self, TRUE);
}

/* Whoever cancels while it is written stays, and reads what came of it. */
static gboolean
cobro_import_dialog_close_request (GtkWindow *window)
{
  CobroImportDialog *self = COBRO_IMPORT_DIALOG (window);

  if (!self->writing)
    return GTK_WINDOW_CLASS (cobro_import_dialog_parent_class)->close_request (window);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  return TRUE;
}

/* ── The widget ── */

static void
cobro_import_dialog_dispose (GObject *object)
{
  CobroImportDialog *self = COBRO_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_object (&self->books);
  G_OBJECT_CLASS (cobro_import_dialog_parent_class)->dispose (object);
}

/* What was read lives until whoever takes it is done. */
static void
cobro_import_dialog_finalize (GObject *object)
{
  CobroImportDialog *self = COBRO_IMPORT_DIALOG (object);

  g_clear_pointer (&self->read, cobro_import_free);
  g_clear_object (&self->file);
  g_object_unref (self->problems);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_import_dialog_parent_class)->finalize (object);
}

static void
cobro_import_dialog_class_init (CobroImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_import_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_import_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = cobro_import_dialog_close_request;
  g_type_ensure (COBRO_TYPE_IMPORT_COLUMNS);
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
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, problems_box);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, columns_group);
  gtk_widget_class_bind_template_child (widget_class, CobroImportDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_file_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_import_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_columns_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_reasons_clicked_cb);
}

static void
cobro_import_dialog_init (CobroImportDialog *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  self->cancellable = g_cancellable_new ();
  self->problems = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->problems)));
  g_signal_connect (factory, "setup", G_CALLBACK (on_problem_set_up_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_problem_bound_cb), self, 0);
  gtk_list_view_set_factory (self->problems_list, factory);
  gtk_list_view_set_model (self->problems_list, GTK_SELECTION_MODEL (selection));
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
