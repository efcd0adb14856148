/* src/view/pages/cobro-late-page.c — a page of Preferences that is built when somebody looks at it.
 * Layer: view. Main thread. */
#include "cobro-late-page.h"

#include "cobro-late.h"

G_DEFINE_ABSTRACT_TYPE (CobroLatePage, cobro_late_page, ADW_TYPE_PREFERENCES_PAGE)

/* A template that comes late calls the widget by its class: it keeps the id that the window's file gave it. */
static void
build (GtkWidget *widget)
{
  CobroLatePage *self = COBRO_LATE_PAGE (widget);
  GtkBuildable *buildable = GTK_BUILDABLE (self);
  g_autofree char *id = g_strdup (gtk_buildable_get_buildable_id (buildable));

  COBRO_LATE_PAGE_GET_CLASS (self)->build (self);
  GTK_BUILDABLE_GET_IFACE (buildable)->set_id (buildable, id);
}

/* Whoever turns to it sees it at once. With the window that opens it waits until that was painted. */
static void
cobro_late_page_map (GtkWidget *widget)
{
  if (gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (widget)) > 0)
    cobro_late_hurry (widget);
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
  cobro_late_call (GTK_WIDGET (self), build);
}
