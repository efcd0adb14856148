/* src/view/pages/cobro-late-page.c — a page of Preferences that is built when somebody looks at it.
 * Layer: view. Main thread. */
#include "cobro-late-page.h"

typedef struct
{
  gboolean built;
} CobroLatePagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CobroLatePage, cobro_late_page, ADW_TYPE_PREFERENCES_PAGE)

/* A template that comes late calls the widget by its class: it keeps the id that the window's file gave it. */
static void
build (CobroLatePage *self)
{
  GtkBuildable *buildable = GTK_BUILDABLE (self);
  g_autofree char *id = g_strdup (gtk_buildable_get_buildable_id (buildable));

  COBRO_LATE_PAGE_GET_CLASS (self)->build (self);
  GTK_BUILDABLE_GET_IFACE (buildable)->set_id (buildable, id);
}

static void
cobro_late_page_map (GtkWidget *widget)
{
  CobroLatePage *self = COBRO_LATE_PAGE (widget);
  CobroLatePagePrivate *priv = cobro_late_page_get_instance_private (self);

  if (!priv->built)
    {
      priv->built = TRUE;
      build (self);
    }
  GTK_WIDGET_CLASS (cobro_late_page_parent_class)->map (widget);
}

static void
cobro_late_page_class_init (CobroLatePageClass *klass)
{
  GTK_WIDGET_CLASS (klass)->map = cobro_late_page_map;
}

static void
cobro_late_page_init (CobroLatePage *self)
{
}
