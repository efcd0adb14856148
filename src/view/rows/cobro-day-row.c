/* src/view/rows/cobro-day-row.c — a row that holds a day, or none.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-day-row.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-view-text.h"

struct _CobroDayRow
{
  AdwActionRow parent_instance;
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkCalendar *calendar;
  GtkButton *none_button;
  char *none_text;
  CobroTime time;
  gboolean is_end;
};

G_DEFINE_FINAL_TYPE (CobroDayRow, cobro_day_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_NONE_TEXT,
  N_PROPS
};
enum
{
  CHANGED,
  N_SIGNALS
};
static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
show_time (CobroDayRow *self)
{
  /* The end of a day is the first instant of the next: what people call it is the day before. */
  CobroTime shown = self->time && self->is_end ? self->time - COBRO_SECOND : self->time;
  g_autofree char *text = cobro_date_text (shown, cobro_view_locale ());
  const char *label = self->time ? text : self->none_text;
  g_autofree char *name = NULL;

  gtk_menu_button_set_label (self->button, label ? label : "");
  gtk_button_set_label (self->none_button, self->none_text ? self->none_text : "");
  name = g_strdup_printf ("%s: %s", adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), label ? label : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
take_time (CobroDayRow *self, CobroTime time)
{
  gtk_popover_popdown (self->popover);
  self->time = time;
  show_time (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_day_selected_cb (CobroDayRow *self)
{
  g_autoptr (GDateTime) chosen = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) midnight = g_date_time_new_local (g_date_time_get_year (chosen), g_date_time_get_month (chosen),
                                                          g_date_time_get_day_of_month (chosen), 0, 0, 0);
  g_autoptr (GDateTime) instant = g_date_time_add_days (midnight, self->is_end ? 1 : 0);

  take_time (self, g_date_time_to_unix (instant) * COBRO_SECOND);
}

static void
on_none_clicked_cb (CobroDayRow *self)
{
  take_time (self, 0);
}

static void
cobro_day_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CobroDayRow *self = COBRO_DAY_ROW (object);

  if (id != PROP_NONE_TEXT)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_free (self->none_text);
  self->none_text = g_value_dup_string (value);
  show_time (self);
}

static void
cobro_day_row_finalize (GObject *object)
{
  g_free (COBRO_DAY_ROW (object)->none_text);
  G_OBJECT_CLASS (cobro_day_row_parent_class)->finalize (object);
}

static void
cobro_day_row_class_init (CobroDayRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = cobro_day_row_finalize;
  object_class->set_property = cobro_day_row_set_property;

  properties[PROP_NONE_TEXT] =
    g_param_spec_string ("none-text", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_DAY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-day-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroDayRow, button);
  gtk_widget_class_bind_template_child (widget_class, CobroDayRow, popover);
  gtk_widget_class_bind_template_child (widget_class, CobroDayRow, calendar);
  gtk_widget_class_bind_template_child (widget_class, CobroDayRow, none_button);
  gtk_widget_class_bind_template_callback (widget_class, on_day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_none_clicked_cb);
}

static void
cobro_day_row_init (CobroDayRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cobro_day_row_set_time (CobroDayRow *self, CobroTime time, gboolean is_end)
{
  g_return_if_fail (COBRO_IS_DAY_ROW (self));

  self->time = time;
  self->is_end = is_end;
  if (time)
    {
      g_autoptr (GDateTime) day = g_date_time_new_from_unix_local ((time - (is_end ? COBRO_SECOND : 0)) / COBRO_SECOND);

      g_signal_handlers_block_by_func (self->calendar, on_day_selected_cb, self);
      gtk_calendar_select_day (self->calendar, day);
      g_signal_handlers_unblock_by_func (self->calendar, on_day_selected_cb, self);
    }
  show_time (self);
}

CobroTime
cobro_day_row_get_time (CobroDayRow *self)
{
  g_return_val_if_fail (COBRO_IS_DAY_ROW (self), 0);

  return self->time;
}
