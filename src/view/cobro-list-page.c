/* src/view/cobro-list-page.c — a place of the sidebar that is a list of one noun.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-dialogs.h"
#include "cobro-hidden.h"
#include "cobro-row-item.h"
#include "cobro-sync-button.h"
#include "cobro-view-text.h"

#define COLUMN_KEY "cobro-column"
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
  GtkBox *filter_box;
  GtkStack *stack;
  GtkColumnView *view;
  AdwStatusPage *empty_status;
  GtkButton *empty_button;
  const CobroListSpec *spec;
  GObject *source;
  CobroRowList *list;
  guint filter;
};

static void cobro_list_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroListPage, cobro_list_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_list_page_place_init))

/* ── Cells ── */

static GtkWidget *
create_text (float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

GtkWidget *
cobro_list_cell_text (void)
{
  return create_text (0);
}

GtkWidget *
cobro_list_cell_number (void)
{
  GtkWidget *label = create_text (1);

  gtk_widget_add_css_class (label, "numeric");
  return label;
}

GtkWidget *
cobro_list_cell_summary (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *number = create_text (0);
  GtkWidget *rest = create_text (0);

  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (rest, "dim-label");
  gtk_box_append (GTK_BOX (below), number);
  gtk_box_append (GTK_BOX (below), rest);
  gtk_box_append (GTK_BOX (box), create_text (0));
  gtk_box_append (GTK_BOX (box), below);
  return box;
}

void
cobro_list_cell_set_summary (GtkWidget *cell, const char *title, const char *number, const char *rest)
{
  GtkWidget *first = gtk_widget_get_first_child (cell);
  GtkWidget *below = gtk_widget_get_next_sibling (first);
  GtkWidget *left = gtk_widget_get_first_child (below);
  GtkWidget *right = gtk_widget_get_next_sibling (left);

  gtk_label_set_text (GTK_LABEL (first), title);
  gtk_label_set_text (GTK_LABEL (left), number);
  gtk_widget_set_visible (left, *number != '\0');
  gtk_label_set_text (GTK_LABEL (right), rest);
  gtk_widget_set_visible (right, *rest != '\0');
}

/* ── Columns ── */

static void
on_item_changed_cb (gpointer item, GtkListItem *list_item)
{
  const CobroListColumn *column = g_object_get_data (G_OBJECT (list_item), COLUMN_KEY);

  column->show (gtk_list_item_get_child (list_item), item);
}

static void
on_cell_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const CobroListColumn *column = data;

  g_object_set_data (G_OBJECT (list_item), COLUMN_KEY, data);
  gtk_list_item_set_child (list_item, column->create ());
}

static void
on_cell_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  gpointer item = gtk_list_item_get_item (list_item);

  g_signal_connect (item, "changed", G_CALLBACK (on_item_changed_cb), list_item);
  on_item_changed_cb (item, list_item);
}

static void
on_cell_unbound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item), list_item);
}

static void
add_column (GtkColumnView *view, const CobroListColumn *spec)
{
  g_autoptr (GtkColumnViewColumn) column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_cell_setup_cb), (gpointer)spec);
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bound_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbound_cb), NULL);
  column = gtk_column_view_column_new (spec->title ? _ (spec->title) : NULL, factory);
  g_object_set_data (G_OBJECT (column), COLUMN_KEY, (gpointer)spec);
  gtk_column_view_column_set_expand (column, spec->expand);
  gtk_column_view_column_set_visible (column, spec->wide);
  if (spec->sort != COBRO_LIST_NO_SORT)
    cobro_dialogs_make_sortable (column);
  gtk_column_view_append_column (view, column);
}

static void
arrange (CobroListPage *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      const CobroListColumn *spec = g_object_get_data (G_OBJECT (column), COLUMN_KEY);
      gboolean visible = narrow ? spec->narrow : spec->wide;

      if (gtk_column_view_column_get_visible (column) != visible)
        gtk_column_view_column_set_visible (column, visible);
    }
}

/* ── Asking ── */

static gboolean
is_plain (CobroListPage *self)
{
  return self->filter == 0 && !*gtk_editable_get_text (self->search_entry);
}

static void
show_count (CobroListPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autofree char *text = self->spec->count (n);

  adw_window_title_set_subtitle (self->title, text);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : is_plain (self) ? "empty" : "nothing");
}

static void
ask (CobroListPage *self)
{
  gboolean descending = self->spec->descending;
  GtkColumnViewColumn *column = cobro_dialogs_sorted_column (self->view, &descending);
  const CobroListColumn *spec = column ? g_object_get_data (G_OBJECT (column), COLUMN_KEY) : NULL;

  self->spec->ask (self->source, self->list, gtk_editable_get_text (self->search_entry), self->filter,
                   spec ? spec->sort : self->spec->sort, spec ? descending : self->spec->descending);
}

static void
on_filter_toggled_cb (GtkToggleButton *button, CobroListPage *self)
{
  if (!gtk_toggle_button_get_active (button) || !self->list)
    return;

  self->filter = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), FILTER_KEY));
  ask (self);
}

static void
add_filters (CobroListPage *self)
{
  GtkToggleButton *first = NULL;

  for (guint i = 0; self->spec->filters[i]; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (self->spec->filters[i]));

      gtk_widget_add_css_class (button, "chip");
      g_object_set_data (G_OBJECT (button), FILTER_KEY, GUINT_TO_POINTER (i));
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
on_show_all_cb (CobroListPage *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_first_child (GTK_WIDGET (self->filter_box))), TRUE);
}

static void
on_row_activated_cb (CobroListPage *self, guint position)
{
  g_autoptr (CobroRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (item && cobro_row_item_is_filled (item))
    gtk_widget_activate_action (GTK_WIDGET (self), self->spec->open_action, "s", self->spec->get_id (item));
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

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
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
cobro_list_page_place_init (CobroPlaceInterface *iface)
{
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
  gtk_column_view_set_model (self->view, NULL);
  g_clear_object (&self->list);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (cobro_list_page_parent_class)->dispose (object);
}

static void
cobro_list_page_class_init (CobroListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = cobro_list_page_dispose;
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
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, filter_box);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, view);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, empty_status);
  gtk_widget_class_bind_template_child (widget_class, CobroListPage, empty_button);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all_cb);
}

static void
cobro_list_page_init (CobroListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  cobro_hidden_follow_stack (self->stack);
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
  gtk_widget_set_tooltip_text (self->new_button, plain);
  name (self->new_button, plain);
  gtk_button_set_label (self->empty_button, _ (label));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button), self->spec->new_action);
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
  for (gsize i = 0; i < spec->n_columns; i++)
    add_column (self->view, &spec->columns[i]);
}

void
cobro_list_page_set_up (CobroListPage *self, const CobroListSpec *spec, gpointer source, CobroRowList *take_list,
                        CobroConnection *connection)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_if_fail (COBRO_IS_LIST_PAGE (self));
  g_return_if_fail (self->spec == NULL);

  self->spec = spec;
  self->source = g_object_ref (source);
  show_spec (self);
  self->list = take_list;
  cobro_sync_button_set_connection (self->sync_button, connection);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  g_signal_connect_swapped (self->list, "items-changed", G_CALLBACK (show_count), self);
  g_signal_connect_swapped (self->list, "answered", G_CALLBACK (show_count), self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (ask), self,
                           G_CONNECT_SWAPPED);
  on_narrow_changed_cb (self);
  show_count (self);
}
