/* src/view/cobro-place.c — pages that stand in the sidebar.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-place.h"

G_DEFINE_INTERFACE (CobroPlace, cobro_place, GTK_TYPE_WIDGET)

static void
cobro_place_default_init (CobroPlaceInterface *iface)
{
}

void
cobro_place_find (CobroPlace *self)
{
  g_return_if_fail (COBRO_IS_PLACE (self));

  COBRO_PLACE_GET_IFACE (self)->find (self);
}

gboolean
cobro_place_step_back (CobroPlace *self)
{
  g_return_val_if_fail (COBRO_IS_PLACE (self), FALSE);

  return COBRO_PLACE_GET_IFACE (self)->step_back (self);
}

void
cobro_place_set_folded (CobroPlace *self, gboolean folded)
{
  g_return_if_fail (COBRO_IS_PLACE (self));

  COBRO_PLACE_GET_IFACE (self)->set_folded (self, folded);
}

void
cobro_place_set_type_to_search (CobroPlace *self, GtkWidget *widget)
{
  g_return_if_fail (COBRO_IS_PLACE (self));

  COBRO_PLACE_GET_IFACE (self)->set_type_to_search (self, widget);
}

void
cobro_place_show_only (CobroPlace *self, guint filter)
{
  g_return_if_fail (COBRO_IS_PLACE (self));

  if (COBRO_PLACE_GET_IFACE (self)->show_only)
    COBRO_PLACE_GET_IFACE (self)->show_only (self, filter);
}
