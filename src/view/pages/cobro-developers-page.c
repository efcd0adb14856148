/* src/view/pages/cobro-developers-page.c — the place "Developers" and its seven views.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developers-private.h"

#include <glib/gi18n.h>
#include "cobro-developer-text.h"
#include "cobro-hidden.h"
#include "cobro-place.h"

#define VIEW_KEY   "cobro-view"
#define STATUS_KEY "cobro-status"

static void cobro_developers_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroDevelopersPage, cobro_developers_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_developers_page_place_init))

/* In the order they are offered. */
static const struct
{
  const char *name;
  const char *title;
  GtkWidget *(*create) (CobroDevelopersPage *self);
} views[] = {
  { "endpoints", N_ ("Webhooks"), cobro_developers_create_endpoints },
  { "deliveries", N_ ("Deliveries"), cobro_developers_create_deliveries },
  { "retry", N_ ("Retry Centre"), cobro_developers_create_retry },
  { "events", N_ ("Live Events"), cobro_developers_create_events },
  { "keys", N_ ("API Keys"), cobro_developers_create_keys },
  { "devices", N_ ("Computers"), cobro_developers_create_devices },
  { "health", N_ ("Relay Health"), cobro_developers_create_health },
};

static void
on_tab_toggled_cb (GtkToggleButton *button, CobroDevelopersPage *self)
{
  if (gtk_toggle_button_get_active (button))
    gtk_stack_set_visible_child_name (self->stack, g_object_get_data (G_OBJECT (button), VIEW_KEY));
}

static void
add_views (CobroDevelopersPage *self)
{
  GtkToggleButton *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (views[i].title));

      gtk_widget_add_css_class (button, "chip");
      g_object_set_data (G_OBJECT (button), VIEW_KEY, (gpointer)views[i].name);
      if (first)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      else
        first = GTK_TOGGLE_BUTTON (button);
      gtk_stack_add_named (self->stack, views[i].create (self), views[i].name);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == 0);
      g_signal_connect (button, "toggled", G_CALLBACK (on_tab_toggled_cb), self);
      gtk_box_append (self->tab_box, button);
    }
  cobro_hidden_follow_stack (self->stack);
}

/* ── What the views share ── */

void
cobro_developers_add_status (AdwActionRow *row)
{
  GtkWidget *label;

  if (g_object_get_data (G_OBJECT (row), STATUS_KEY))
    return;
  label = cobro_status_label_new ();
  g_object_set_data (G_OBJECT (row), STATUS_KEY, label);
  adw_action_row_add_suffix (row, label);
}

void
cobro_developers_set_status (AdwActionRow *row, CobroViewStatus status)
{
  g_autofree char *name =
    g_strdup_printf ("%s, %s", adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), status.word);

  cobro_status_label_set_status (g_object_get_data (G_OBJECT (row), STATUS_KEY), status);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
cobro_developers_say (CobroDevelopersPage *self, const char *text, const GError *error)
{
  g_autofree char *sentence = error ? cobro_view_error (error) : g_strdup (text);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", sentence);
}

/* ── A place of the window ── */

static void
place_find (CobroPlace *place)
{
  CobroDevelopersPage *self = COBRO_DEVELOPERS_PAGE (place);
  GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self->tab_box));

  while (tab && g_strcmp0 (g_object_get_data (G_OBJECT (tab), VIEW_KEY), "events") != 0)
    tab = gtk_widget_get_next_sibling (tab);
  if (!tab)
    return;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->event_filter));
}

static gboolean
place_step_back (CobroPlace *place)
{
  return FALSE;
}

static void
place_set_folded (CobroPlace *place, gboolean folded)
{
  gtk_widget_set_visible (COBRO_DEVELOPERS_PAGE (place)->sidebar_button, folded);
}

static void
place_set_type_to_search (CobroPlace *place, GtkWidget *widget)
{
  /* There are no words to be found here. */
}

static void
cobro_developers_page_place_init (CobroPlaceInterface *iface)
{
  iface->find = place_find;
  iface->step_back = place_step_back;
  iface->set_folded = place_set_folded;
  iface->set_type_to_search = place_set_type_to_search;
}

/* ── The widget ── */

static void
cobro_developers_page_dispose (GObject *object)
{
  CobroDevelopersPage *self = COBRO_DEVELOPERS_PAGE (object);

  g_clear_handle_id (&self->replay_id, g_source_remove);
  if (self->event_list)
    g_signal_handlers_disconnect_by_data (self->event_list, self);
  g_clear_object (&self->event_list);
  g_clear_object (&self->events);
  g_clear_object (&self->developers);
  G_OBJECT_CLASS (cobro_developers_page_parent_class)->dispose (object);
}

static void
cobro_developers_page_finalize (GObject *object)
{
  g_hash_table_unref (COBRO_DEVELOPERS_PAGE (object)->marked);
  G_OBJECT_CLASS (cobro_developers_page_parent_class)->finalize (object);
}

static void
cobro_developers_page_class_init (CobroDevelopersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = cobro_developers_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_developers_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-developers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroDevelopersPage, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDevelopersPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDevelopersPage, tab_box);
  gtk_widget_class_bind_template_child (widget_class, CobroDevelopersPage, stack);
}

static void
cobro_developers_page_init (CobroDevelopersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->marked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
on_failed_cb (CobroDevelopersPage *self, const GError *error)
{
  cobro_developers_say (self, "", error);
}

void
cobro_developers_page_set_models (CobroDevelopersPage *self, CobroDevelopers *developers, CobroEvents *events)
{
  g_return_if_fail (COBRO_IS_DEVELOPERS_PAGE (self));
  g_return_if_fail (self->developers == NULL);

  self->developers = g_object_ref (developers);
  self->events = g_object_ref (events);
  cobro_sync_button_set_connection (self->sync_button, cobro_developers_get_connection (developers));
  add_views (self);
  g_signal_connect_object (developers, "failed", G_CALLBACK (on_failed_cb), self, G_CONNECT_SWAPPED);
}
