/* src/view/cobro-reminders-group.c — on which days an unpaid invoice is brought to mind.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-reminders-group.h"

#include <glib/gi18n.h>

#define DAYS_BEFORE_MAX 60
#define DAYS_AFTER_MAX  365

struct _CobroRemindersGroup
{
  AdwPreferencesGroup parent_instance;
  CobroReminders reminders; /* custom */
  GPtrArray *rows;          /* (element-type GtkWidget) */
  GtkListBox *list;         /* the days, then new_row */
  GtkWidget *new_row;
  GtkSpinButton *days;
  GtkDropDown *when;
  GtkWidget *add_button;
};

G_DEFINE_FINAL_TYPE (CobroRemindersGroup, cobro_reminders_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static char *
day_text (gint day)
{
  if (day == 0)
    return g_strdup (_ ("On the day it is due"));
  if (day < 0)
    return g_strdup_printf (ngettext ("%d day before it is due", "%d days before it is due", (gulong)-day), -day);
  return g_strdup_printf (ngettext ("%d day after it was due", "%d days after it was due", (gulong)day), day);
}

/* ── Showing ── */

static void show (CobroRemindersGroup *self);

static void
on_remove_clicked_cb (GtkWidget *button, CobroRemindersGroup *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));

  for (guint i = index; i + 1 < self->reminders.n; i++)
    self->reminders.days[i] = self->reminders.days[i + 1];
  self->reminders.n--;
  gtk_widget_grab_focus (self->new_row);
  show (self);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static GtkWidget *
make_row (CobroRemindersGroup *self, guint index)
{
  g_autofree char *text = day_text (self->reminders.days[index]);
  /* Translators: %s is a day, such as "3 days before it is due". */
  g_autofree char *label = g_strdup_printf (_ ("Remove the reminder: %s"), text);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", text, NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "icon-name", "user-trash-symbolic", "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", _ ("Remove This Reminder"), NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove_clicked_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static gint
typed_day (CobroRemindersGroup *self)
{
  gint days = gtk_spin_button_get_value_as_int (self->days);

  return gtk_drop_down_get_selected (self->when) == 0 ? -days : days;
}

/* Whether the day that stands there may be added. */
static void
look_at_new (CobroRemindersGroup *self)
{
  gint day = typed_day (self);
  gboolean fine = self->reminders.n < COBRO_REMINDERS_MAX && day >= -DAYS_BEFORE_MAX && day <= DAYS_AFTER_MAX;

  for (guint i = 0; i < self->reminders.n; i++)
    fine = fine && self->reminders.days[i] != day;
  gtk_widget_set_sensitive (self->add_button, fine);
}

static void
show (CobroRemindersGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (self->list, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < self->reminders.n; i++)
    {
      GtkWidget *row = make_row (self, i);

      g_ptr_array_add (self->rows, row);
      gtk_list_box_insert (self->list, row, (int)i);
    }
  look_at_new (self);
}

static void
on_add_clicked_cb (CobroRemindersGroup *self)
{
  gint day = typed_day (self);
  guint at = self->reminders.n;

  while (at > 0 && self->reminders.days[at - 1] > day)
    {
      self->reminders.days[at] = self->reminders.days[at - 1];
      at--;
    }
  self->reminders.days[at] = day;
  self->reminders.n++;
  show (self);
  g_signal_emit (self, signals[CHOSEN], 0);
}

/* ── The widget ── */

CobroReminders
cobro_reminders_group_get (CobroRemindersGroup *self)
{
  g_return_val_if_fail (COBRO_IS_REMINDERS_GROUP (self), cobro_reminders_default ());

  return self->reminders;
}

void
cobro_reminders_group_set (CobroRemindersGroup *self, const CobroReminders *reminders)
{
  CobroReminders shown = reminders->custom ? *reminders : cobro_reminders_default ();

  g_return_if_fail (COBRO_IS_REMINDERS_GROUP (self));

  shown.custom = TRUE;
  if (cobro_reminders_equal (&shown, &self->reminders))
    return;
  self->reminders = shown;
  show (self);
}

static void
cobro_reminders_group_finalize (GObject *object)
{
  g_ptr_array_unref (COBRO_REMINDERS_GROUP (object)->rows);
  G_OBJECT_CLASS (cobro_reminders_group_parent_class)->finalize (object);
}

static void
cobro_reminders_group_class_init (CobroRemindersGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_reminders_group_finalize;
  signals[CHOSEN] =
    g_signal_new ("chosen", COBRO_TYPE_REMINDERS_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
make_new_row (CobroRemindersGroup *self)
{
  const char *when[] = { _ ("days before"), _ ("days after"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->days = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (0, DAYS_AFTER_MAX, 1));
  self->when = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (when));
  self->add_button = gtk_button_new_from_icon_name ("list-add-symbolic");
  gtk_spin_button_set_value (self->days, 30);
  gtk_drop_down_set_selected (self->when, 1);
  gtk_widget_set_tooltip_text (self->add_button, _ ("Add a Reminder"));
  gtk_widget_add_css_class (self->add_button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->days), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Days"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->when), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Before or after the due date"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a Reminder"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->days));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->when));
  gtk_box_append (GTK_BOX (box), self->add_button);
  gtk_widget_add_css_class (box, "new-reminder");
  self->new_row =
    g_object_new (ADW_TYPE_PREFERENCES_ROW, "title", _ ("New Reminder"), "child", box, "activatable", FALSE, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->new_row), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("New Reminder"),
                                  -1);
  g_signal_connect_swapped (self->days, "value-changed", G_CALLBACK (look_at_new), self);
  g_signal_connect_swapped (self->when, "notify::selected", G_CALLBACK (look_at_new), self);
  g_signal_connect_swapped (self->add_button, "clicked", G_CALLBACK (on_add_clicked_cb), self);
}

static void
cobro_reminders_group_init (CobroRemindersGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->reminders.custom = TRUE;
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Reminders"), -1);
  make_new_row (self);
  gtk_list_box_append (self->list, self->new_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->list));
  look_at_new (self);
}
