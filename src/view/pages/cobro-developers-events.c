/* src/view/pages/cobro-developers-events.c — Developers: what happens at the relay, while one looks. It comes from the
 * books, which the relay's feed wakes: so it is here without a network, too.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developers-private.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-event-dialog.h"
#include "cobro-event.h"
#include "cobro-hidden.h"
#include "cobro-view-text.h"

#define CELL_KEY "cobro-cell"

/* ── Rows ── */

typedef struct
{
  GtkLabel *type, *words, *when;
} Cell;

static GtkLabel *
add_label (GtkWidget *box, const char *css_class, float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
on_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  Cell *cell = g_new0 (Cell, 1);

  gtk_widget_add_css_class (box, "event-row");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (box), texts);
  cell->type = add_label (texts, NULL, 0);
  cell->words = add_label (texts, "dim-label", 0);
  cell->when = add_label (box, "dim-label", 1);
  gtk_label_set_ellipsize (cell->when, PANGO_ELLIPSIZE_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (cell->when), "numeric");
  g_object_set_data_full (G_OBJECT (list_item), CELL_KEY, cell, g_free);
  gtk_list_item_set_child (list_item, box);
}

/* (transfer full) */
static char *
describe (CobroEventEntry *entry)
{
  const char *object = cobro_event_entry_get_object_id (entry);
  CobroEventType type;

  if (!cobro_event_type_from_name (cobro_event_entry_get_event_type (entry), &type))
    return g_strdup (object);
  return g_strdup_printf ("%s · %s", cobro_view_event (type), object);
}

static void
show_entry (CobroEventEntry *entry, GtkListItem *list_item)
{
  Cell *cell = g_object_get_data (G_OBJECT (list_item), CELL_KEY);
  CobroTime when = cobro_event_entry_get_when (entry);
  g_autofree char *words = describe (entry);
  g_autofree char *time = when != 0 ? cobro_date_time_text (when, cobro_view_locale ()) : g_strdup ("");

  gtk_label_set_text (cell->type, cobro_event_entry_get_event_type (entry));
  gtk_label_set_text (cell->words, words);
  gtk_label_set_text (cell->when, time);
}

static void
on_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  gpointer entry = gtk_list_item_get_item (list_item);

  g_signal_connect (entry, "changed", G_CALLBACK (show_entry), list_item);
  show_entry (entry, list_item);
}

static void
on_unbound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item), list_item);
}

static void
on_activated_cb (CobroDevelopersPage *self, guint position, GtkListView *view)
{
  g_autoptr (CobroEventEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->event_list), position);

  if (entry && cobro_row_item_is_filled (COBRO_ROW_ITEM (entry)))
    gtk_window_present (
      GTK_WINDOW (cobro_event_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), entry)));
}

/* ── States ── */

static void
update (CobroDevelopersPage *self)
{
  CobroAsked *asked = cobro_developers_get_endpoints (self->developers); /* as reachable as they are */
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->event_list)) > 0;

  gtk_label_set_text (self->event_note, cobro_asked_can_ask (asked) ? _ ("Live: what happens appears at once")
                                        : cobro_asked_get_paired (asked)
                                          ? _ ("The relay cannot be reached: nothing new arrives until it answers")
                                          : _ ("No relay is connected: nothing new arrives"));
  gtk_stack_set_visible_child_name (self->event_stack, any ? "list" : "empty");
}

static void
on_type_chosen_cb (CobroDevelopersPage *self)
{
  cobro_events_ask (self->events, self->event_list, (gint)gtk_drop_down_get_selected (self->event_filter) - 1);
}

/* ── Parts ── */

static GtkWidget *
create_chooser (CobroDevelopersPage *self)
{
  GtkStringList *words = gtk_string_list_new (NULL);
  GtkWidget *chooser;

  gtk_string_list_append (words, _ ("All events"));
  for (guint i = 0; i < cobro_event_n_types (); i++)
    gtk_string_list_append (words, cobro_event_type_name ((CobroEventType)i));
  chooser =
    gtk_drop_down_new (G_LIST_MODEL (words), gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"));
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (chooser), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Which events"), -1);
  g_signal_connect_object (chooser, "notify::selected", G_CALLBACK (on_type_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_valign (chooser, GTK_ALIGN_CENTER);
  self->event_filter = GTK_DROP_DOWN (chooser);
  return chooser;
}

static GtkWidget *
create_bar (CobroDevelopersPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *note = gtk_label_new (NULL);

  self->event_note = GTK_LABEL (note);
  gtk_label_set_wrap (self->event_note, TRUE);
  gtk_label_set_xalign (self->event_note, 0);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_set_margin_top (bar, 6);
  gtk_widget_set_margin_bottom (bar, 6);
  gtk_widget_set_margin_start (bar, 12);
  gtk_widget_set_margin_end (bar, 12);
  gtk_box_append (GTK_BOX (bar), create_chooser (self));
  gtk_box_append (GTK_BOX (bar), note);
  return bar;
}

static GtkWidget *
create_list (CobroDevelopersPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->event_list)));
  GtkWidget *view = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bound_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbound_cb), NULL);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (view), TRUE);
  gtk_list_view_set_show_separators (GTK_LIST_VIEW (view), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Events"), -1);
  g_signal_connect_object (view, "activate", G_CALLBACK (on_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  return scroller;
}

static GtkWidget *
create_empty (void)
{
  return g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "cobro-developer-symbolic", "title", _ ("No Such Events Yet"),
                       "description",
                       _ ("Links made, payments received, invoices looked at: everything that happens at the relay "
                          "appears here the moment it happens."),
                       NULL);
}

GtkWidget *
cobro_developers_create_events (CobroDevelopersPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *stack = gtk_stack_new ();

  self->event_list = cobro_events_list (self->events);
  self->event_stack = GTK_STACK (stack);
  gtk_box_append (GTK_BOX (box), create_bar (self));
  gtk_stack_add_named (self->event_stack, create_list (self), "list");
  gtk_stack_add_named (self->event_stack, create_empty (), "empty");
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_box_append (GTK_BOX (box), stack);
  cobro_hidden_follow_stack (self->event_stack);
  g_signal_connect_swapped (self->event_list, "items-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->event_list, "answered", G_CALLBACK (update), self);
  g_signal_connect_object (cobro_developers_get_connection (self->developers), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return box;
}
