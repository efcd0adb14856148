/* src/view/cobro-window-businesses.c — which business the window shows, and the menu that leads to the others.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-businesses-dialog.h"
#include "cobro-view-text.h"

#define GROUP "businesses"
#define OPEN  "open"

static void
on_open_cb (GSimpleAction *action, GVariant *id, gpointer data)
{
  CobroWindow *self = data;

  if (self->bookshelf)
    cobro_bookshelf_choose (self->bookshelf, g_variant_get_string (id, NULL));
}

/* (transfer full) the name, and what arrived there since its books were open. */
static char *
dup_label (CobroBookshelf *bookshelf, const char *id)
{
  const char *name = cobro_view_business (bookshelf, id);
  guint n = cobro_bookshelf_get_arrivals (bookshelf, id);
  g_autofree char *arrived = g_strdup_printf (ngettext ("%u Payment Received", "%u Payments Received", n), n);

  return n == 0 ? g_strdup (name) : g_strdup_printf ("%s · %s", name, arrived);
}

static void
fill_menu (CobroWindow *self)
{
  g_menu_remove_all (self->business_menu);
  for (guint i = 0; i < cobro_bookshelf_get_n (self->bookshelf); i++)
    {
      const char *id = cobro_bookshelf_get_id (self->bookshelf, i);
      g_autofree char *label = dup_label (self->bookshelf, id);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, GROUP "." OPEN, "s", id);
      g_menu_append_item (self->business_menu, item);
    }
}

void
cobro_window_update_title (CobroWindow *self)
{
  const char *name = cobro_business_get_merchant (self->business)->name;
  const char *id = cobro_bookshelf_get_current (self->bookshelf);
  gboolean several = cobro_bookshelf_get_n (self->bookshelf) > 1;
  g_autofree char *title = NULL;

  if (several)
    name = cobro_view_business (self->bookshelf, id);
  adw_window_title_set_title (self->sidebar_title, *name ? name : "Cobro");
  /* Translators: the title of a window; %s is the name of a business. */
  title = several ? g_strdup_printf (_ ("%s – Cobro"), name) : g_strdup ("Cobro");
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
on_shelf_changed_cb (CobroWindow *self)
{
  fill_menu (self);
  cobro_window_update_title (self);
}

/* What the profile says counts for the menu too, also when the business is not open. */
static void
on_profile_changed_cb (CobroWindow *self)
{
  cobro_bookshelf_note_name (self->bookshelf, cobro_bookshelf_get_current (self->bookshelf),
                             cobro_business_get_merchant (self->business)->name);
  cobro_window_update_title (self);
}

static void
open_dialog (CobroWindow *self, gboolean begin_new)
{
  gtk_window_present (GTK_WINDOW (cobro_businesses_dialog_new (GTK_WINDOW (self), self->bookshelf, begin_new)));
}

static void
new_business (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_dialog (COBRO_WINDOW (widget), TRUE);
}

static void
businesses (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_dialog (COBRO_WINDOW (widget), FALSE);
}

void
cobro_window_install_business_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.new-business", NULL, new_business);
  gtk_widget_class_install_action (widget_class, "win.businesses", NULL, businesses);
}

void
cobro_window_follow_bookshelf (CobroWindow *self, CobroBookshelf *bookshelf)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = NULL;
  GVariant *current = g_variant_new_string (cobro_bookshelf_get_current (bookshelf));

  self->bookshelf = g_object_ref (bookshelf);
  /* Its state is what the window shows: choosing asks for another window, and changes nothing in this one. */
  action = g_simple_action_new_stateful (OPEN, G_VARIANT_TYPE_STRING, current);
  g_signal_connect_object (action, "activate", G_CALLBACK (on_open_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (GTK_WIDGET (self), GROUP, G_ACTION_GROUP (group));
  g_signal_connect_object (bookshelf, "changed", G_CALLBACK (on_shelf_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bookshelf, "arrived", G_CALLBACK (fill_menu), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->business, "changed", G_CALLBACK (on_profile_changed_cb), self, G_CONNECT_SWAPPED);
  fill_menu (self);
  on_profile_changed_cb (self);
}
