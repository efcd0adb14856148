/* src/view/rows/cobro-provider-row.c — one payment provider.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-provider-row.h"

#include <glib/gi18n.h>
#include "cobro-provider-text.h"
#include "cobro-status-label.h"

struct _CobroProviderRow
{
  AdwActionRow parent_instance;
  GtkWidget *handle;
  CobroStatusLabel *status_label;
  GtkWidget *moves;
  GtkWidget *up_button;
  GtkWidget *down_button;
  CobroProviderItem *item;
  int index;
  int n_offered;
};

G_DEFINE_FINAL_TYPE (CobroProviderRow, cobro_provider_row, ADW_TYPE_ACTION_ROW)

enum
{
  MOVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_movable (CobroProviderRow *self)
{
  return self->index < self->n_offered && self->n_offered > 1;
}

static void
move_to (CobroProviderRow *self, int index)
{
  if (is_movable (self) && index >= 0 && index < self->n_offered)
    g_signal_emit (self, signals[MOVE], 0, index);
}

static void
on_up_clicked_cb (CobroProviderRow *self)
{
  move_to (self, self->index - 1);
}

static void
on_down_clicked_cb (CobroProviderRow *self)
{
  move_to (self, self->index + 1);
}

static void
on_move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroProviderRow *self = COBRO_PROVIDER_ROW (widget);

  move_to (self, self->index + (g_str_equal (action, "provider.earlier") ? -1 : 1));
}

static GdkContentProvider *
on_drag_prepared_cb (CobroProviderRow *self, double x, double y, GtkDragSource *source)
{
  g_autoptr (GdkPaintable) picture = NULL;

  if (!is_movable (self))
    return NULL;
  picture = gtk_widget_paintable_new (GTK_WIDGET (self));
  gtk_drag_source_set_icon (source, picture, (int)x, (int)y);
  return gdk_content_provider_new_typed (COBRO_TYPE_PROVIDER_ROW, self);
}

/* Another one was dropped here: it takes this one's place. */
static gboolean
on_dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  CobroProviderRow *self = user_data;
  CobroProviderRow *other = g_value_get_object (value);

  if (!is_movable (self) || other == self)
    return FALSE;
  move_to (other, self->index);
  return TRUE;
}

static char *
describe (const CobroProvider *provider)
{
  g_autofree char *methods = cobro_view_methods (provider->methods);

  if (provider->test_only)
    return g_strdup (_ ("Pretended payments, to practise with"));
  if (provider->currencies && provider->currencies[0] && !provider->currencies[3])
    {
      g_autofree char *currencies = g_strjoinv (", ", provider->currencies);

      return g_strdup_printf ("%s · %s", methods, currencies);
    }
  return g_steal_pointer (&methods);
}

static void
update (CobroProviderRow *self)
{
  const CobroProvider *provider = cobro_provider_item_get_provider (self->item);
  CobroViewStatus status = cobro_view_provider_status (cobro_provider_item_get_state (self->item));
  g_autofree char *detail = describe (provider);
  g_autofree char *label = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), cobro_view_provider_name (provider));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail);
  cobro_status_label_set_status (self->status_label, status);
  label = g_strdup_printf ("%s, %s", cobro_view_provider_name (provider), status.word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
cobro_provider_row_dispose (GObject *object)
{
  CobroProviderRow *self = COBRO_PROVIDER_ROW (object);

  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (cobro_provider_row_parent_class)->dispose (object);
}

static void
cobro_provider_row_class_init (CobroProviderRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  G_OBJECT_CLASS (klass)->dispose = cobro_provider_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-provider-row.ui");
  signals[MOVE] =
    g_signal_new ("move", COBRO_TYPE_PROVIDER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderRow, handle);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderRow, moves);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderRow, up_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProviderRow, down_button);
  gtk_widget_class_bind_template_callback (widget_class, on_up_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_down_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_drag_prepared_cb);
  gtk_widget_class_install_action (widget_class, "provider.earlier", NULL, on_move_action);
  gtk_widget_class_install_action (widget_class, "provider.later", NULL, on_move_action);
}

static void
cobro_provider_row_init (CobroProviderRow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (COBRO_TYPE_PROVIDER_ROW, GDK_ACTION_MOVE);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (target, "drop", G_CALLBACK (on_dropped_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
cobro_provider_row_set_place (CobroProviderRow *self, guint index, guint n_offered)
{
  g_return_if_fail (COBRO_IS_PROVIDER_ROW (self));

  self->index = (int)index;
  self->n_offered = (int)n_offered;
  gtk_widget_set_visible (self->handle, is_movable (self));
  gtk_widget_set_visible (self->moves, is_movable (self));
  gtk_widget_set_sensitive (self->up_button, self->index > 0);
  gtk_widget_set_sensitive (self->down_button, self->index + 1 < self->n_offered);
}

GtkWidget *
cobro_provider_row_new (CobroProviderItem *item)
{
  CobroProviderRow *self = g_object_new (COBRO_TYPE_PROVIDER_ROW, NULL);

  self->item = g_object_ref (item);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
  return GTK_WIDGET (self);
}

CobroProviderItem *
cobro_provider_row_get_item (CobroProviderRow *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_ROW (self), NULL);

  return self->item;
}
