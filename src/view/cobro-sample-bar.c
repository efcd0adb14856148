/* src/view/cobro-sample-bar.c — says that one looks around in sample data.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-sample-bar.h"

#include "cobro-view-text.h"

struct _CobroSampleBar
{
  AdwBin parent_instance;
  GtkInfoBar *bar;
};

G_DEFINE_FINAL_TYPE (CobroSampleBar, cobro_sample_bar, ADW_TYPE_BIN)

static void
cobro_sample_bar_class_init (CobroSampleBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-sample-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroSampleBar, bar);
}

static void
cobro_sample_bar_init (CobroSampleBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show (CobroSampleBar *self, CobroLinks *links)
{
  gtk_info_bar_set_revealed (self->bar, cobro_links_get_has_sample (links));
}

GtkWidget *
cobro_sample_bar_new (CobroLinks *links)
{
  CobroSampleBar *self = g_object_new (COBRO_TYPE_SAMPLE_BAR, NULL);

  g_signal_connect_object (links, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self, links);
  return GTK_WIDGET (self);
}
