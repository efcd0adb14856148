/* src/view/pages/cobro-welcome-page.c — the first thing that somebody sees.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-welcome-page.h"

struct _CobroWelcomePage
{
  AdwBin parent_instance;
  GtkMenuButton *menu_button;
  GtkWidget *practise_button;
};

G_DEFINE_FINAL_TYPE (CobroWelcomePage, cobro_welcome_page, ADW_TYPE_BIN)

static void
cobro_welcome_page_class_init (CobroWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroWelcomePage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, CobroWelcomePage, practise_button);
}

static void
cobro_welcome_page_init (CobroWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cobro_welcome_page_set_menu (CobroWelcomePage *self, GMenuModel *menu)
{
  g_return_if_fail (COBRO_IS_WELCOME_PAGE (self));

  gtk_menu_button_set_menu_model (self->menu_button, menu);
}

void
cobro_welcome_page_set_can_practise (CobroWelcomePage *self, gboolean can_practise)
{
  g_return_if_fail (COBRO_IS_WELCOME_PAGE (self));

  gtk_widget_set_visible (self->practise_button, can_practise);
}
