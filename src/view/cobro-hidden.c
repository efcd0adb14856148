/* src/view/cobro-hidden.c — pages that are not shown say so to assistive technology.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-hidden.h"

static void
set_hidden (GtkWidget *page, gboolean hidden)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (page), GTK_ACCESSIBLE_STATE_HIDDEN, hidden, -1);
}

static void
update_stack (GtkStack *stack)
{
  GtkWidget *visible = gtk_stack_get_visible_child (stack);

  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (stack)); page;
       page = gtk_widget_get_next_sibling (page))
    set_hidden (page, page != visible);
}

void
cobro_hidden_follow_stack (GtkStack *stack)
{
  g_signal_connect (stack, "notify::visible-child", G_CALLBACK (update_stack), NULL);
  update_stack (stack);
}

static void
update_leaflet (AdwLeaflet *leaflet)
{
  GtkWidget *visible = adw_leaflet_get_visible_child (leaflet);
  gboolean folded = adw_leaflet_get_folded (leaflet);

  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (leaflet)); page;
       page = gtk_widget_get_next_sibling (page))
    set_hidden (page, folded && page != visible);
}

void
cobro_hidden_follow_leaflet (AdwLeaflet *leaflet)
{
  g_signal_connect (leaflet, "notify::visible-child", G_CALLBACK (update_leaflet), NULL);
  g_signal_connect (leaflet, "notify::folded", G_CALLBACK (update_leaflet), NULL);
  update_leaflet (leaflet);
}
