/* src/view/cobro-status-label.c — a status: symbol and word.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-status-label.h"

struct _CobroStatusLabel
{
  GtkWidget parent_instance;
  GtkImage *icon;
  GtkLabel *word;
  const char *tone; /* the style class worn now; static */
};

G_DEFINE_FINAL_TYPE (CobroStatusLabel, cobro_status_label, GTK_TYPE_WIDGET)

static void
cobro_status_label_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), COBRO_TYPE_STATUS_LABEL);
  G_OBJECT_CLASS (cobro_status_label_parent_class)->dispose (object);
}

static void
cobro_status_label_class_init (CobroStatusLabelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_status_label_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-status-label.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroStatusLabel, icon);
  gtk_widget_class_bind_template_child (widget_class, CobroStatusLabel, word);
  gtk_widget_class_set_css_name (widget_class, "status");
}

static void
cobro_status_label_init (CobroStatusLabel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cobro_status_label_new (void)
{
  return g_object_new (COBRO_TYPE_STATUS_LABEL, NULL);
}

void
cobro_status_label_set_status (CobroStatusLabel *self, CobroViewStatus status)
{
  g_return_if_fail (COBRO_IS_STATUS_LABEL (self));

  if (!g_str_equal (gtk_label_get_text (self->word), status.word))
    gtk_label_set_text (self->word, status.word);
  if (g_strcmp0 (gtk_image_get_icon_name (self->icon), status.icon) != 0)
    gtk_image_set_from_icon_name (self->icon, status.icon);
  if (g_strcmp0 (self->tone, status.tone) == 0)
    return;

  if (self->tone)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->tone);
  if (status.tone)
    gtk_widget_add_css_class (GTK_WIDGET (self), status.tone);
  self->tone = status.tone;
}
