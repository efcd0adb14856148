/* src/view/cobro-list-page.c — a place of the sidebar that is a list of one noun.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-dialogs.h"
#include "cobro-hidden.h"
#include "cobro-list-view.h"
#include "cobro-row-item.h"
#include "cobro-sync-button.h"
#include "cobro-view-text.h"

#define BULK_KEY   "cobro-bulk"
#define FILTER_KEY "cobro-filter"

struct _CobroListPage
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwWindowTitle *title;
  GtkWidget *sidebar_button;
  GtkWidget *new_button;
  AdwButtonContent *new_content;
  GtkMenuButton *more_button;
  CobroSyncButton *sync_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkWidget *filter_scroller;
  GtkBox *filter_box;
  GtkStack *stack;
  CobroListView *view;
  int frames_to_top; /* until the list goes to its top; 0: it stays */
  AdwStatusPage *empty_status;
  GtkButton *empty_button;
  GtkToggleButton *select_button;
  GtkActionBar *action_bar;
  GtkLabel *selected_label;
  GtkBox *bulk_box;
  const CobroListSpec *spec;
  GObject *source;
  CobroRowList *list;
  CobroListSelection *selection;
  guint filter;
  GtkWidget *restriction; /* the chip; NULL: everything is asked for */
};

static void cobro_list_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroListPage, cobro_list_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_list_page_place_init))

/* ── Asking ── */

static gboolean
is_plain (CobroListPage *self)
{
  return self->filter == self->spec->filters[0].value && !self->restriction &&
         !*gtk_editable_get_text (self->search_entry);
}

static void
show_count (CobroListPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  gboolean empty = n == 0 && is_plain (self);
  g_autofree char *text = self->spec->count (n);

  if (!cobro_row_list_get_loading (self->list)) /* else more rows are coming */
    adw_window_title_set_subtitle (self->title, empty ? "" : text);
  gtk_widget_set_visible (self->filter_scroller, !empty); /* nothing to choose from */
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : empty ? "empty" : "nothing");
}

/* What is asked for is seen from its top. */
static void
ask (CobroListPage *self)
{
  gboolean descending = self->spec->descending;
  const CobroListColumn *spec = cobro_list_view_get_sorted (self->view, &descending);

  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)), 0);
  self->spec->ask (self->source, self->list, gtk_editable_get_text (self->search_entry), self->filter,
                   spec ? spec->sort : self->spec->sort, spec ? descending : self->spec->descending);
}

static void
on_filter_toggled_cb (GtkToggleButton *button, CobroListPage *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;

  self->filter = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), FILTER_KEY));
  if (self->list)
    ask (self);
}

static void
add_filters (CobroListPage *self)
{
  GtkToggleButton *first = NULL;

  for (guint i = 0; self->spec->filters[i].label; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (self->spec->filters[i].label));

      gtk_widget_add_css_class (button, "chip");
      g_object_set_data (G_OBJECT (button), FILTER_KEY, GUINT_TO_POINTER (self->spec->filters[i].value));
      if (first)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      else
        first = GTK_TOGGLE_BUTTON (button);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == 0);
      g_signal_connect (button, "toggled", G_CALLBACK (on_filter_toggled_cb), self);
      gtk_box_append (self->filter_box, button);
    }
}

static void
on_search_changed_cb (CobroListPage *self)
{
  if (self->list)
    ask (self);
}

static void
clear_search (CobroListPage *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
}

static void
press_filter (CobroListPage *self, guint filter)
{
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->filter_box));

  for (; chip; chip = gtk_widget_get_next_sibling (chip))
    if (GTK_IS_TOGGLE_BUTTON (chip) && GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chip), FILTER_KEY)) == filter)
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), TRUE);
}

static void
lift_restriction (CobroListPage *self)
{
  if (!self->restriction)
    return;

  gtk_box_remove (self->filter_box, self->restriction);
  self->restriction = NULL;
  self->spec->unrestrict (self->source);
  ask (self);
}

static void
on_show_all_cb (CobroListPage *self)
{
  clear_search (self);
  lift_restriction (self);
  press_filter (self, self->spec->filters[0].value);
}

/* (transfer floating) a chip that goes away when it is clicked. */
static GtkWidget *
create_restriction (const char *text)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", "window-close-symbolic", "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  /* Translators: %s is what a list is limited to: "October 2026". */
  g_autofree char *said = g_strdup_printf (_ ("Only %s; click to show all"), text);

  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_box_append (GTK_BOX (box), image);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_add_css_class (button, "restriction");
  gtk_widget_set_tooltip_text (button, said);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  return button;
}

void
cobro_list_page_set_restriction (CobroListPage *self, const char *text)
{
  g_return_if_fail (COBRO_IS_LIST_PAGE (self));
  g_return_if_fail (self->spec != NULL && self->spec->unrestrict != NULL);

  if (self->restriction)
    gtk_box_remove (self->filter_box, self->restriction);
  self->restriction = create_restriction (text);
  g_signal_connect_swapped (self->restriction, "clicked", G_CALLBACK (lift_restriction), self);
  gtk_box_prepend (self->filter_box, self->restriction);
  clear_search (self);
  press_filter (self, self->spec->filters[0].value);
  ask (self);
}

static void
on_row_activated_cb (CobroListPage *self, guint position)
{
  g_autoptr (CobroRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);
  gboolean ticked = gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position);

  if (cobro_list_selection_get_enabled (self->selection))
    cobro_list_selection_set_ticked (self->selection, position, !ticked);
  else if (item && cobro_row_item_is_filled (item))
    gtk_widget_activate_action (GTK_WIDGET (self), self->spec->open_action, "s", self->spec->get_id (item));
}

static void
arrange (CobroListPage *self)
{
  if (!self->list)
    return;

  cobro_list_view_arrange (self->view, cobro_adaptive_bin_get_narrow (self->adaptive),
                           gtk_toggle_button_get_active (self->select_button));
}

static void
on_narrow_changed_cb (CobroListPage *self)
{
  if (!self->spec)
    return;

  if (self->spec->new_label)
    adw_button_content_set_label (self->new_content,
                                  cobro_adaptive_bin_get_narrow (self->adaptive) ? "" : _ (self->spec->new_label));
  arrange (self);
}

/* ── Selection mode ── */

static void
on_select_toggled_cb (CobroListPage *self)
{
  gboolean selecting = gtk_toggle_button_get_active (self->select_button);

  if (!self->selection)
    return;

  cobro_list_selection_set_enabled (self->selection, selecting);
  gtk_action_bar_set_revealed (self->action_bar, selecting);
  arrange (self);
}

static void
on_selection_changed_cb (CobroListPage *self)
{
  guint n = cobro_list_selection_count (self->selection);
  g_autofree char *text =
    n ? g_strdup_printf (ngettext ("%u selected", "%u selected", n), n) : g_strdup (_ (self->spec->select_hint));

  gtk_label_set_text (self->selected_label, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->bulk_box), n > 0);
}

/* (transfer full) (element-type CobroRowItem) the ticked rows that were read. */
static GPtrArray *
ticked_items (CobroListPage *self)
{
  g_autoptr (GtkBitset) ticked = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < gtk_bitset_get_size (ticked); i++)
    {
      g_autoptr (CobroRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), gtk_bitset_get_nth (ticked, i));

      if (item && cobro_row_item_is_filled (item))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return items;
}

static void
on_bulk_clicked_cb (GtkButton *button, CobroListPage *self)
{
  const CobroListBulk *bulk = g_object_get_data (G_OBJECT (button), BULK_KEY);
  g_autoptr (GPtrArray) items = ticked_items (self);

  if (items->len > 0)
    bulk->run (self, self->source, items);
}

/* ── A place of the window ── */

static void
place_find (CobroPlace *place)
{
  CobroListPage *self = COBRO_LIST_PAGE (place);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (self->search_entry, 0, -1);
}

static gboolean
place_step_back (CobroPlace *place)
{
  CobroListPage *self = COBRO_LIST_PAGE (place);

  if (gtk_toggle_button_get_active (self->select_button))
    gtk_toggle_button_set_active (self->select_button, FALSE);
  else if (gtk_search_bar_get_search_mode (self->search_bar))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  else
    return FALSE;
  return TRUE;
}

static void
place_set_folded (CobroPlace *place, gboolean folded)
{
  gtk_widget_set_visible (COBRO_LIST_PAGE (place)->sidebar_button, folded);
}

static void
place_set_type_to_search (CobroPlace *place, GtkWidget *widget)
{
  gtk_search_bar_set_key_capture_widget (COBRO_LIST_PAGE (place)->search_bar, widget);
}

static void
place_show_only (CobroPlace *place, guint filter)
{
  CobroListPage *self = COBRO_LIST_PAGE (place);

  clear_search (self);
  lift_restriction (self);
  press_filter (self, filter);
}

static void
cobro_list_page_place_init (CobroPlaceInterface *iface)
{
  iface->show_only = place_show_only;
  iface->find = place_find;
  iface->step_back = place_step_back;
  iface->set_folded = place_set_folded;
  iface->set_type_to_search = place_set_type_to_search;
}

/* ── The widget ── */

static void
cobro_list_page_dispose (GObject *object)
{
  CobroListPage *self = COBRO_LIST_PAGE (object);

  if (self->list)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->view)
    cobro_list_view_set_selection (self->view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (cobro_list_page_parent_class)->dispose (object);
}

static void
name (gpointer widget, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
add_menu (CobroListPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  for (const CobroListEntry *entry = self->spec->entries; entry && entry->label; entry++)
    g_menu_append (menu, _ (entry->label), entry->action);
  gtk_menu_button_set_menu_model (self->more_button, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), self->spec->entries != NULL);
}

/* What is made here: without the mnemonic's sign for what names the button. */
static void
show_new (CobroListPage *self)
{
  const char *label = self->spec->new_label;
  g_auto (GStrv) parts = label ? g_strsplit (_ (label), "_", -1) : NULL;
  g_autofree char *plain = parts ? g_strjoinv ("", parts) : NULL;

  gtk_widget_set_visible (self->new_button, label != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_button), label != NULL);
  if (!label)
    return;
  adw_button_content_set_label (self->new_content, _ (label));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->new_button), self->spec->new_action);
  gtk_widget_set_tooltip_text (self->new_button, self->spec->new_hint ? _ (self->spec->new_hint) : plain);
  name (self->new_button, plain);
  gtk_button_set_label (self->empty_button, plain); /* the access key is the other's */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button), self->spec->new_action);
}

static void
add_bulk (CobroListPage *self)
{
  const CobroListSpec *spec = self->spec;

  gtk_widget_set_visible (GTK_WIDGET (self->select_button), spec->bulk != NULL);
  if (!spec->bulk)
    return;

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->select_button), _ (spec->select_label));
  name (self->select_button, _ (spec->select_label));
  for (const CobroListBulk *bulk = spec->bulk; bulk->label; bulk++)
    {
      GtkWidget *button = gtk_button_new_from_icon_name (bulk->icon);

      gtk_widget_set_tooltip_text (button, _ (bulk->label));
      name (button, _ (bulk->label));
      g_object_set_data (G_OBJECT (button), BULK_KEY, (gpointer)bulk);
      g_signal_connect (button, "clicked", G_CALLBACK (on_bulk_clicked_cb), self);
      gtk_box_append (self->bulk_box, button);
    }
}

static void
show_spec (CobroListPage *self)
{
  const CobroListSpec *spec = self->spec;

  adw_window_title_set_title (self->title, _ (spec->title));
  name (self->view, _ (spec->title));
  g_object_set (self->search_entry, "placeholder-text", _ (spec->search_hint), NULL);
  name (self->search_entry, _ (spec->search_hint));
  adw_status_page_set_icon_name (self->empty_status, spec->icon);
  adw_status_page_set_title (self->empty_status, _ (spec->empty_title));
  adw_status_page_set_description (self->empty_status, _ (spec->empty_text));
  show_new (self);
  add_menu (self);
  add_filters (self);
  add_bulk (self);
}

/* Called before each frame is laid out: at the second call the new rows have their places. */
static gboolean
go_to_top_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  CobroListPage *self = data;

  if (--self->frames_to_top > 0)
    return G_SOURCE_CONTINUE;
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget)), 0);
  return G_SOURCE_REMOVE;
}

/* GTK keeps the rows that are seen where they are: what comes in at the top would be out of sight, even of somebody who
 * is at the top. They stay at the top then, once the rows are laid out; whoever has scrolled on, or walks through the
 * rows, stays where they are. */
static void
on_list_changed_cb (CobroListPage *self, guint position, guint removed, guint added)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  show_count (self);
  if (position > 0 || added == 0 || cobro_list_view_has_focused_row (self->view) ||
      (self->frames_to_top == 0 && gtk_adjustment_get_value (adjustment) > 0))
    return;
  if (self->frames_to_top == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self->view), go_to_top_cb, self, NULL);
  self->frames_to_top = 2;
}

/* The books are read when somebody looks for the first time: a window with many places starts with one list. */
static void
read_list (CobroListPage *self)
{
  self->list = self->spec->list (self->source);
  self->selection = cobro_list_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  cobro_list_view_set_columns (self->view, self->spec->columns, self->spec->n_columns, self->spec->get_name,
                               self->spec->get_address);
  on_narrow_changed_cb (self);
  cobro_list_view_set_selection (self->view, self->selection);
  if (self->spec->bulk)
    {
      g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (on_selection_changed_cb), self);
      on_selection_changed_cb (self);
    }
  g_signal_connect_swapped (self->list, "items-changed", G_CALLBACK (on_list_changed_cb), self);
  g_signal_connect_swapped (self->list, "answered", G_CALLBACK (show_count), self);
  show_count (self);
  if (!is_plain (self))
    ask (self);
}

static void
cobro_list_page_map (GtkWidget *widget)
{
  CobroListPage *self = COBRO_LIST_PAGE (widget);

  if (self->spec && !self->list)
    read_list (self);
  GTK_WIDGET_CLASS (cobro_list_page_parent_class)->map (widget);
}

static void
cobro_list_page_class_init (CobroListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_LIST_VIEW);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = cobro_list_page_dispose;
  widget_class->map = cobro_list_page_map;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, adaptive);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, title);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, new_button);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, new_content);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, more_button);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, filter_scroller);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, filter_box);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, view);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, empty_status);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, empty_button);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, select_button);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, action_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, selected_label);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, bulk_box);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_select_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all_cb);
}

static void
cobro_list_page_init (CobroListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  cobro_hidden_follow_stack (self->stack);
}

void
cobro_list_page_set_up (CobroListPage *self, const CobroListSpec *spec, gpointer source, CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_LIST_PAGE (self));
  g_return_if_fail (self->spec == NULL);

  self->spec = spec;
  self->filter = spec->filters[0].value;
  self->source = g_object_ref (source);
  cobro_sync_button_set_connection (self->sync_button, connection);
  show_spec (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_list (self);
}

void
cobro_list_page_stop_selecting (CobroListPage *self)
{
  g_return_if_fail (COBRO_IS_LIST_PAGE (self));

  gtk_toggle_button_set_active (self->select_button, FALSE);
}

void
cobro_list_page_search (CobroListPage *self, const char *words)
{
  g_return_if_fail (COBRO_IS_LIST_PAGE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), words);
}
