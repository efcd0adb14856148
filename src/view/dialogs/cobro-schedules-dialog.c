/* src/view/dialogs/cobro-schedules-dialog.c — what repeats.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-schedules-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-plain-row.h"
#include "cobro-view-text.h"

struct _CobroSchedulesDialog
{
  AdwWindow parent_instance;
  AdwWindowTitle *window_title;
  GtkWidget *empty_status;
  GtkListBox *list;
  CobroSchedules *schedules;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroSchedulesDialog, cobro_schedules_dialog, ADW_TYPE_WINDOW)

/* ── Words ── */

static char *
every_text (const CobroRecurring *recurring)
{
  gulong n = (gulong)recurring->interval;

  switch (recurring->every)
    {
    case COBRO_EVERY_WEEK:
      return g_strdup_printf (ngettext ("Every week", "Every %d weeks", n), recurring->interval);
    case COBRO_EVERY_MONTH:
      return g_strdup_printf (ngettext ("Every month", "Every %d months", n), recurring->interval);
    case COBRO_EVERY_YEAR:
      return g_strdup_printf (ngettext ("Every year", "Every %d years", n), recurring->interval);
    }
  g_return_val_if_reached (NULL);
}

char *
cobro_schedules_dialog_text (const CobroRecurring *recurring)
{
  g_autofree char *every = every_text (recurring);
  g_autofree char *start = cobro_civil_date_text (recurring->start, cobro_view_locale ());

  /* Translators: the first %s is "Every month", the second a date. */
  return g_strdup_printf (_ ("%s from %s"), every, start);
}

/* (transfer full) what comes next, and how many came. */
static char *
next_text (CobroSchedulesDialog *self, const CobroRecurringRecord *record)
{
  CobroDay today = cobro_schedules_get_today (self->schedules), day;
  gint64 come = cobro_recurring_come (record->recurring, today);
  char date[COBRO_DATE_SIZE];
  g_autofree char *when = NULL, *issued = g_strdup_printf ("%" G_GINT64_FORMAT, record->issued);

  if (record->state == COBRO_RECORD_REJECTED)
    return g_strdup (record->reason);
  if (!cobro_recurring_period (record->recurring, come, &day))
    return g_strdup_printf (_ ("%s issued; it has ended"), issued);
  if (record->recurring->paused)
    return g_strdup_printf (_ ("%s issued; paused"), issued);
  cobro_day_to_text (day, date);
  when = cobro_civil_date_text (date, cobro_view_locale ());
  return g_strdup_printf (_ ("%s issued; next on %s"), issued, when);
}

/* ── Showing ── */

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroSchedulesDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroRecurringRecord) record = cobro_schedules_put_finish (COBRO_SCHEDULES (source), result, &error);
  g_autofree char *sentence = NULL;

  if (record || !self->schedules)
    return;
  sentence = cobro_view_error (error);
  adw_window_title_set_subtitle (self->window_title, sentence);
}

static void
on_running_switched_cb (GtkSwitch *running, GParamSpec *pspec, CobroSchedulesDialog *self)
{
  const CobroRecurringRecord *record = g_object_get_data (G_OBJECT (running), "record");
  g_autoptr (CobroRecurring) changed = cobro_recurring_copy (record->recurring);

  changed->paused = !gtk_switch_get_active (running);
  if (changed->paused != record->recurring->paused)
    cobro_schedules_put_async (self->schedules, changed, NULL, on_put_cb, g_object_ref (self));
}

static void
release (gpointer record)
{
  cobro_recurring_record_unref (record);
}

static GtkWidget *
make_row (CobroSchedulesDialog *self, CobroRecurringRecord *record)
{
  const CobroRecurring *recurring = record->recurring;
  g_autofree char *text = cobro_schedules_dialog_text (recurring);
  g_autofree char *next = next_text (self, record);
  g_autofree char *below = g_strdup_printf ("%s\n%s", text, next);
  /* Translators: %s is the name of a schedule. */
  g_autofree char *name = g_strdup_printf (_ ("Go on with %s"), recurring->name);
  GtkWidget *row = cobro_plain_row_new (recurring->name, below);
  GtkWidget *running = g_object_new (GTK_TYPE_SWITCH, "active", !recurring->paused, "valign", GTK_ALIGN_CENTER, NULL);
  GtkWidget *amount = NULL;

  if (recurring->invoice->totals)
    {
      g_autofree char *total = cobro_money_text (recurring->invoice->totals->total, cobro_view_locale ());

      amount = gtk_label_new (total);
      gtk_widget_add_css_class (amount, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), amount);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (running), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (running), "record", cobro_recurring_record_ref (record), release);
  g_signal_connect (running, "notify::active", G_CALLBACK (on_running_switched_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), running);
  return row;
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroSchedulesDialog) self = user_data;
  g_autoptr (GPtrArray) records = cobro_schedules_list_finish (COBRO_SCHEDULES (source), result, NULL);
  GtkWidget *child;

  if (!records || !self->schedules)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < records->len; i++)
    gtk_list_box_append (self->list, make_row (self, records->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->list), records->len > 0);
  gtk_widget_set_visible (self->empty_status, records->len == 0);
}

static void
ask (CobroSchedulesDialog *self)
{
  cobro_schedules_list_async (self->schedules, self->cancellable, on_listed_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_schedules_dialog_dispose (GObject *object)
{
  CobroSchedulesDialog *self = COBRO_SCHEDULES_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->schedules);
  G_OBJECT_CLASS (cobro_schedules_dialog_parent_class)->dispose (object);
}

static void
cobro_schedules_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_SCHEDULES_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_schedules_dialog_parent_class)->finalize (object);
}

static void
cobro_schedules_dialog_class_init (CobroSchedulesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_schedules_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_schedules_dialog_finalize;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-schedules-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroSchedulesDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroSchedulesDialog, empty_status);
  gtk_widget_class_bind_template_child (widget_class, CobroSchedulesDialog, list);
}

static void
cobro_schedules_dialog_init (CobroSchedulesDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroSchedulesDialog *
cobro_schedules_dialog_new (GtkWindow *parent, CobroSchedules *schedules)
{
  CobroSchedulesDialog *self = g_object_new (COBRO_TYPE_SCHEDULES_DIALOG, "transient-for", parent, NULL);

  self->schedules = g_object_ref (schedules);
  g_signal_connect_object (schedules, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  ask (self);
  return self;
}
