/* src/view/dialogs/cobro-repeat-dialog.c — an invoice that shall be issued again and again.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-repeat-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-number-row.h"
#include "cobro-view-text.h"

#define SHOWN_DATES 3

struct _CobroRepeatDialog
{
  AdwWindow parent_instance;
  GtkWidget *save_button;
  GtkWidget *name_row;
  AdwComboRow *every_row;
  CobroNumberRow *interval_row;
  GtkWidget *start_row;
  CobroNumberRow *count_row;
  GtkSwitch *send_switch;
  GtkLabel *next_label;
  GtkLabel *problem_label;
  CobroSchedules *schedules;
  CobroRecurring *recurring; /* (nullable) as it begins; NULL while the form is filled */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroRepeatDialog, cobro_repeat_dialog, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* (transfer full) what the form says; FALSE in @out_fine where its date is none. */
static CobroRecurring *
read_form (CobroRepeatDialog *self, gboolean *out_fine)
{
  CobroRecurring *recurring = cobro_recurring_copy (self->recurring);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  g_autofree char *start = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->start_row))));
  CobroDay day;

  cobro_link_set_text (&recurring->name, name);
  recurring->every = (CobroEvery)adw_combo_row_get_selected (self->every_row);
  recurring->interval = cobro_number_row_get_value (self->interval_row);
  recurring->count = cobro_number_row_get_value (self->count_row);
  recurring->send = gtk_switch_get_active (self->send_switch);
  *out_fine = cobro_day_from_text (start, &day, NULL);
  if (*out_fine)
    cobro_day_to_text (day, recurring->start);
  return recurring;
}

static char *
dates_text (const CobroRecurring *recurring)
{
  g_autoptr (GString) text = g_string_new (NULL);
  CobroDay day;

  for (gint64 i = 0; i < SHOWN_DATES && cobro_recurring_period (recurring, i, &day); i++)
    {
      char date[COBRO_DATE_SIZE];
      g_autofree char *shown = NULL;

      cobro_day_to_text (day, date);
      shown = cobro_civil_date_text (date, cobro_view_locale ());
      g_string_append_printf (text, "%s%s", i ? ", " : "", shown);
    }
  /* Translators: %s are dates. */
  return g_strdup_printf (_ ("Issued on %s …"), text->str);
}

static void
on_changed_cb (CobroRepeatDialog *self)
{
  g_autoptr (CobroRecurring) recurring = NULL;
  g_autofree char *dates = NULL;
  gboolean fine;

  if (!self->recurring)
    return;
  recurring = read_form (self, &fine);
  if (fine)
    gtk_widget_remove_css_class (self->start_row, "error");
  else
    gtk_widget_add_css_class (self->start_row, "error");
  dates = fine ? dates_text (recurring) : g_strdup ("");
  gtk_label_set_text (self->next_label, dates);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  gtk_widget_set_sensitive (self->save_button, fine && *recurring->name);
}

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRepeatDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroRecurringRecord) record = cobro_schedules_put_finish (COBRO_SCHEDULES (source), result, &error);
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->schedules)
    return;
  if (record)
    {
      g_signal_emit (self, signals[SAVED], 0);
      return cobro_dialogs_close (GTK_WINDOW (self));
    }
  sentence = cobro_view_error (error);
  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
  gtk_widget_set_sensitive (self->save_button, TRUE);
}

static void
on_save_clicked_cb (CobroRepeatDialog *self)
{
  gboolean fine;
  g_autoptr (CobroRecurring) recurring = read_form (self, &fine);

  if (!fine)
    return;
  gtk_widget_set_sensitive (self->save_button, FALSE);
  cobro_schedules_put_async (self->schedules, recurring, self->cancellable, on_put_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_repeat_dialog_dispose (GObject *object)
{
  CobroRepeatDialog *self = COBRO_REPEAT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->schedules);
  g_clear_pointer (&self->recurring, cobro_recurring_unref);
  G_OBJECT_CLASS (cobro_repeat_dialog_parent_class)->dispose (object);
}

static void
cobro_repeat_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_REPEAT_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_repeat_dialog_parent_class)->finalize (object);
}

static void
cobro_repeat_dialog_class_init (CobroRepeatDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_NUMBER_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_repeat_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_repeat_dialog_finalize;
  signals[SAVED] =
    g_signal_new ("saved", COBRO_TYPE_REPEAT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-repeat-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, every_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, interval_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, start_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, count_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, send_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, next_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRepeatDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
cobro_repeat_dialog_init (CobroRepeatDialog *self)
{
  const char *words[] = { _ ("Weekly"), _ ("Monthly"), _ ("Yearly"), NULL };
  g_autoptr (GtkStringList) often = gtk_string_list_new (words);

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
  adw_combo_row_set_model (self->every_row, G_LIST_MODEL (often));
  cobro_number_row_set_range (self->interval_row, 1, 99);
  cobro_number_row_set_range (self->count_row, 0, 999);
}

/* (transfer full) what a schedule issues: the same content, without dates, plan and expiry. */
static CobroRecurring *
begin_with (const CobroInvoice *invoice, CobroDay start)
{
  CobroRecurring *recurring = cobro_recurring_new ();
  CobroInvoice *draft = cobro_invoice_duplicate (invoice);

  draft->expires_at = 0;
  draft->partial = draft->partial == COBRO_PARTIAL_PLAN ? COBRO_PARTIAL_OFF : draft->partial;
  g_ptr_array_set_size (draft->parts, 0);
  cobro_invoice_unref (recurring->invoice);
  recurring->invoice = draft;
  recurring->every = COBRO_EVERY_MONTH;
  recurring->interval = 1;
  recurring->send = *invoice->buyer.email != '\0';
  recurring->livemode = invoice->livemode;
  cobro_day_to_text (start, recurring->start);
  cobro_link_set_text (&recurring->name, invoice->buyer.name);
  return recurring;
}

CobroRepeatDialog *
cobro_repeat_dialog_new (GtkWindow *parent, CobroSchedules *schedules, const CobroInvoice *invoice)
{
  CobroRepeatDialog *self = g_object_new (COBRO_TYPE_REPEAT_DIALOG, "transient-for", parent, NULL);
  CobroRecurring *recurring = begin_with (invoice, cobro_day_add_months (cobro_schedules_get_today (schedules), 1, 0));

  self->schedules = g_object_ref (schedules);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), recurring->name);
  adw_combo_row_set_selected (self->every_row, recurring->every);
  gtk_editable_set_text (GTK_EDITABLE (self->start_row), recurring->start);
  gtk_switch_set_active (self->send_switch, recurring->send);
  self->recurring = recurring;
  on_changed_cb (self);
  gtk_widget_grab_focus (self->name_row);
  return self;
}
