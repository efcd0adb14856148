/* src/view/rows/cobro-event-row.c — one thing that happened to a link.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-event-row.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroEventRow
{
  AdwActionRow parent_instance;
  GtkImage *icon;
  GtkLabel *when_label;
};

G_DEFINE_FINAL_TYPE (CobroEventRow, cobro_event_row, ADW_TYPE_ACTION_ROW)

static void
cobro_event_row_class_init (CobroEventRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-event-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroEventRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CobroEventRow, when_label);
}

static void
cobro_event_row_init (CobroEventRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Things that a newer relay tells of have no words here yet: their name is shown as it is. */
static const char *
title_of (const CobroTimelineEntry *entry, const char **out_icon)
{
  CobroEventType type;

  if (cobro_event_type_from_name (entry->type, &type))
    {
      *out_icon = cobro_view_event_icon (type);
      return cobro_view_event (type);
    }
  *out_icon = "dialog-information-symbolic";
  if (g_str_equal (entry->type, "conflict.merged"))
    return _ ("Changed on two computers; the later change counts");
  if (g_str_equal (entry->type, "conflict.copied"))
    return _ ("Changed on two computers; your version was kept as a copy");
  return entry->type;
}

static char *
detail_of (const CobroTimelineEntry *entry)
{
  if (entry->payment)
    {
      g_autofree char *amount = cobro_money_text (entry->payment->amount, cobro_view_locale ());

      if (*entry->payment->failure_message)
        return g_strdup_printf ("%s · %s", amount, entry->payment->failure_message);
      return g_steal_pointer (&amount);
    }
  if (entry->refund)
    return cobro_money_text (entry->refund->amount, cobro_view_locale ());
  if (entry->other_value && *entry->other_value)
    /* Translators: the name of a field and the value that did not win. */
    return g_strdup_printf (_ ("%1$s was also: %2$s"), entry->member, entry->other_value);
  return g_strdup ("");
}

GtkWidget *
cobro_event_row_new (CobroTimelineItem *item)
{
  return cobro_event_row_new_about (cobro_timeline_item_get_entry (item), "");
}

GtkWidget *
cobro_event_row_new_about (const CobroTimelineEntry *entry, const char *about)
{
  CobroEventRow *self = g_object_new (COBRO_TYPE_EVENT_ROW, NULL);
  const char *icon;
  const char *title = title_of (entry, &icon);
  g_autofree char *what = detail_of (entry);
  g_autofree char *detail = g_strjoin (*what && *about ? " · " : "", what, about, NULL);
  g_autofree char *when = cobro_date_time_text (entry->occurred_at, cobro_view_locale ());

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_text (self->when_label, when);
  return GTK_WIDGET (self);
}
