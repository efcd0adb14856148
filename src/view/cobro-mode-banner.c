/* src/view/cobro-mode-banner.c — whether real money moves.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-mode-banner.h"

#include <glib/gi18n.h>

struct _CobroModeBanner
{
  GtkWidget parent_instance;
  GtkImage *icon;
  GtkWidget *texts;
  GtkLabel *word;
  GtkLabel *sentence;
};

G_DEFINE_FINAL_TYPE (CobroModeBanner, cobro_mode_banner, GTK_TYPE_WIDGET)

static void
cobro_mode_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), COBRO_TYPE_MODE_BANNER);
  G_OBJECT_CLASS (cobro_mode_banner_parent_class)->dispose (object);
}

static void
cobro_mode_banner_class_init (CobroModeBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_mode_banner_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-mode-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroModeBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, CobroModeBanner, texts);
  gtk_widget_class_bind_template_child (widget_class, CobroModeBanner, word);
  gtk_widget_class_bind_template_child (widget_class, CobroModeBanner, sentence);
}

static void
cobro_mode_banner_init (CobroModeBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_mode_banner_set_livemode (self, FALSE);
}

void
cobro_mode_banner_set_livemode (CobroModeBanner *self, gboolean livemode)
{
  g_return_if_fail (COBRO_IS_MODE_BANNER (self));

  gtk_widget_remove_css_class (GTK_WIDGET (self), livemode ? "test" : "live");
  gtk_widget_add_css_class (GTK_WIDGET (self), livemode ? "live" : "test");
  gtk_image_set_from_icon_name (self->icon, livemode ? "emblem-important-symbolic" : "applications-science-symbolic");
  gtk_label_set_text (self->word, livemode ? _ ("LIVE") : _ ("TEST MODE"));
  gtk_label_set_text (self->sentence, livemode ? _ ("Real money: customers' cards are charged.")
                                               : _ ("No real money moves. Only test cards and test keys work."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (self->word),
                                  -1);
}
