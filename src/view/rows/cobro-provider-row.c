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
  CobroStatusLabel *status_label;
  CobroProviderItem *item;
};

G_DEFINE_FINAL_TYPE (CobroProviderRow, cobro_provider_row, ADW_TYPE_ACTION_ROW)

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
  gtk_widget_class_bind_template_child (widget_class, CobroProviderRow, status_label);
}

static void
cobro_provider_row_init (CobroProviderRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
