/* src/view/dialogs/cobro-export-dialog.c — the books of a period, or everything, as one file.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-export-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

#define LOOK_MS 100

typedef enum
{
  LAST_QUARTER,
  THIS_QUARTER,
  LAST_MONTH,
  THIS_MONTH,
  LAST_YEAR,
  THIS_YEAR,
  EVERYTHING
} Period;

struct _CobroExportDialog
{
  AdwWindow parent_instance;
  GtkWidget *save_button;
  AdwComboRow *period_row;
  GtkProgressBar *progress;
  GtkLabel *problem_label;
  CobroBooksExport *export;
  CobroDay today;
  CobroAccountsQuery query;
  GCancellable *cancellable;
  guint look_id;
};

G_DEFINE_FINAL_TYPE (CobroExportDialog, cobro_export_dialog, ADW_TYPE_WINDOW)

enum
{
  WRITTEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── The period ── */

static void
find_days (CobroExportDialog *self)
{
  int year, month, day;
  CobroDay first_of_month, first_of_quarter;
  CobroAccountsQuery *query = &self->query;

  cobro_day_to_parts (self->today, &year, &month, &day);
  first_of_month = cobro_day_from_parts (year, month, 1);
  first_of_quarter = cobro_day_from_parts (year, (month - 1) / 3 * 3 + 1, 1);
  *query = (CobroAccountsQuery){ .to = self->today };
  switch ((Period)adw_combo_row_get_selected (self->period_row))
    {
    case LAST_QUARTER:
      query->from = cobro_day_add_months (first_of_quarter, -3, 1);
      query->to = first_of_quarter - 1;
      return;
    case THIS_QUARTER:
      query->from = first_of_quarter;
      return;
    case LAST_MONTH:
      query->from = cobro_day_add_months (first_of_month, -1, 1);
      query->to = first_of_month - 1;
      return;
    case THIS_MONTH:
      query->from = first_of_month;
      return;
    case LAST_YEAR:
      query->from = cobro_day_from_parts (year - 1, 1, 1);
      query->to = cobro_day_from_parts (year - 1, 12, 31);
      return;
    case THIS_YEAR:
      query->from = cobro_day_from_parts (year, 1, 1);
      return;
    case EVERYTHING:
      query->everything = TRUE;
      return;
    }
}

/* (transfer full) */
static char *
say_period (const CobroAccountsQuery *query)
{
  char from[COBRO_DATE_SIZE], to[COBRO_DATE_SIZE];
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  if (query->everything)
    return g_strdup (_ ("All that is in these books, drafts too"));
  cobro_day_to_text (query->from, from);
  cobro_day_to_text (query->to, to);
  first = cobro_civil_date_text (from, cobro_view_locale ());
  last = cobro_civil_date_text (to, cobro_view_locale ());
  /* Translators: both are dates. */
  return g_strdup_printf (_ ("%s to %s"), first, last);
}

static void
on_period_cb (CobroExportDialog *self)
{
  g_autofree char *text = NULL;

  if (!self->export)
    return;
  find_days (self);
  text = say_period (&self->query);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->period_row), text);
}

/* ── Writing ── */

static gboolean
on_look_cb (gpointer data)
{
  CobroExportDialog *self = data;
  guint done, total;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *text = NULL;

  cobro_books_export_get_progress (self->export, &done, &total);
  first = cobro_number_text (done, cobro_view_locale ());
  second = cobro_number_text (total, cobro_view_locale ());
  if (total == 0)
    gtk_progress_bar_pulse (self->progress);
  else
    gtk_progress_bar_set_fraction (self->progress, (double)done / total);
  /* Translators: both are numbers. */
  text = total ? g_strdup_printf (_ ("Writing: %s of %s"), first, second) : g_strdup (_ ("Reading the books…"));
  gtk_progress_bar_set_text (self->progress, text);
  return G_SOURCE_CONTINUE;
}

static void
show_writing (CobroExportDialog *self, gboolean writing)
{
  gtk_widget_set_visible (GTK_WIDGET (self->progress), writing);
  gtk_widget_set_sensitive (self->save_button, !writing);
  gtk_widget_set_sensitive (GTK_WIDGET (self->period_row), !writing);
  g_clear_handle_id (&self->look_id, g_source_remove);
  /* A bar that has pulsed goes on asking for frames, even hidden, until it has a fraction. */
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (writing)
    self->look_id = g_timeout_add (LOOK_MS, on_look_cb, self);
}

typedef struct
{
  CobroExportDialog *dialog;
  char *name;
} Writing;

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Writing *writing = user_data;
  g_autoptr (CobroExportDialog) self = writing->dialog;
  g_autofree char *name = writing->name;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  gboolean fine = cobro_books_export_write_finish (COBRO_BOOKS_EXPORT (source), result, &error);

  if (!self->export || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  show_writing (self, FALSE);
  if (fine)
    {
      g_signal_emit (self, signals[WRITTEN], 0, name);
      return cobro_dialogs_close (GTK_WINDOW (self));
    }
  sentence = cobro_view_error (error);
  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  CobroExportDialog *self = data;
  Writing *writing;

  if (!self->export || !g_file_peek_path (file))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  show_writing (self, TRUE);
  writing = g_new0 (Writing, 1);
  *writing = (Writing){ .dialog = g_object_ref (self), .name = g_file_get_basename (file) };
  cobro_books_export_write_async (self->export, &self->query, g_file_peek_path (file), self->cancellable, on_written_cb,
                                  writing);
}

static void
on_save_clicked_cb (CobroExportDialog *self)
{
  char from[COBRO_DATE_SIZE], to[COBRO_DATE_SIZE];
  g_autofree char *name = NULL;

  cobro_day_to_text (self->query.from, from);
  cobro_day_to_text (self->query.to, to);
  name = self->query.everything ? g_strdup_printf ("everything-%s.zip", to)
                                : g_strdup_printf ("accounts-%s-%s.zip", from, to);
  cobro_dialogs_save (GTK_WINDOW (self), _ ("Save the Books"), name, "application/zip", on_file_chosen,
                      g_object_ref (self), g_object_unref);
}

/* ── The widget ── */

static void
cobro_export_dialog_dispose (GObject *object)
{
  CobroExportDialog *self = COBRO_EXPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_object (&self->export);
  G_OBJECT_CLASS (cobro_export_dialog_parent_class)->dispose (object);
}

static void
cobro_export_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_EXPORT_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_export_dialog_parent_class)->finalize (object);
}

static void
cobro_export_dialog_class_init (CobroExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_export_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_export_dialog_finalize;
  signals[WRITTEN] = g_signal_new ("written", COBRO_TYPE_EXPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroExportDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroExportDialog, period_row);
  gtk_widget_class_bind_template_child (widget_class, CobroExportDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, CobroExportDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_period_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
cobro_export_dialog_init (CobroExportDialog *self)
{
  const char *words[] = { _ ("Last Quarter"), _ ("This Quarter"), _ ("Last Month"), _ ("This Month"),
                          _ ("Last Year"),    _ ("This Year"),    _ ("Everything"), NULL };
  g_autoptr (GtkStringList) periods = gtk_string_list_new (words);

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
  adw_combo_row_set_model (self->period_row, G_LIST_MODEL (periods));
}

CobroExportDialog *
cobro_export_dialog_new (GtkWindow *parent, CobroBooksExport *export, CobroDay today)
{
  CobroExportDialog *self = g_object_new (COBRO_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

  self->export = g_object_ref (export);
  self->today = today;
  gtk_widget_set_sensitive (self->save_button, TRUE);
  on_period_cb (self);
  return self;
}
