/* src/view/pages/cobro-links-page.c — the list of links.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-links-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-hidden.h"
#include "cobro-link-columns.h"
#include "cobro-money-text.h"
#include "cobro-place.h"
#include "cobro-sync-button.h"
#include "cobro-view-text.h"

struct _CobroLinksPage
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwButtonContent *new_content;
  AdwWindowTitle *title;
  GtkWidget *sidebar_button;
  CobroSyncButton *sync_button;
  GtkToggleButton *select_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkInfoBar *sample_bar;
  GtkBox *filter_box;
  GtkStack *stack;
  GtkColumnView *view;
  GtkActionBar *action_bar;
  GtkLabel *selected_label;
  CobroLinks *links;
  CobroRowList *list;
  CobroLinkQuery *asked; /* what the list was asked for; every question is a copy of it */
  CobroLinkSelection *selection;
};

static void cobro_links_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroLinksPage, cobro_links_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_links_page_place_init))

static const struct
{
  CobroLinkFilter filter;
  const char *label;
} filters[] = {
  { COBRO_LINK_FILTER_ALL, N_ ("All") },
  { COBRO_LINK_FILTER_OPEN, N_ ("Live") },
  { COBRO_LINK_FILTER_PAID, N_ ("Paid") },
  { COBRO_LINK_FILTER_WAITING, N_ ("Waiting to Upload") },
  { COBRO_LINK_FILTER_PAUSED, N_ ("Paused") },
  { COBRO_LINK_FILTER_EXPIRED, N_ ("Expired") },
  { COBRO_LINK_FILTER_CANCELLED, N_ ("Cancelled") },
  { COBRO_LINK_FILTER_ATTENTION, N_ ("Needs Attention") },
};

static void
ask (CobroLinksPage *self)
{
  cobro_row_list_set_query (self->list, cobro_link_query_copy (self->asked));
}

static gboolean
is_plain (CobroLinksPage *self)
{
  return self->asked->filter == COBRO_LINK_FILTER_ALL && *self->asked->search == '\0';
}

static void
show_count (CobroLinksPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());
  /* Translators: %s is a number. */
  g_autofree char *text = g_strdup_printf (ngettext ("%s link", "%s links", n), number);

  adw_window_title_set_subtitle (self->title, text);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : is_plain (self) ? "empty" : "nothing");
}

static void
on_filter_toggled_cb (GtkToggleButton *button, CobroLinksPage *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "cobro-filter"));

  if (!gtk_toggle_button_get_active (button) || !self->list)
    return;

  self->asked->filter = filters[index].filter;
  ask (self);
}

static void
add_filters (CobroLinksPage *self)
{
  GtkToggleButton *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (filters[i].label));

      gtk_widget_add_css_class (button, "chip");
      g_object_set_data (G_OBJECT (button), "cobro-filter", GUINT_TO_POINTER (i));
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
on_show_all_cb (CobroLinksPage *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_first_child (GTK_WIDGET (self->filter_box))), TRUE);
}

static void
on_search_changed_cb (CobroLinksPage *self)
{
  if (!self->list || g_str_equal (self->asked->search, gtk_editable_get_text (self->search_entry)))
    return;

  cobro_link_query_set_search (self->asked, gtk_editable_get_text (self->search_entry));
  ask (self);
}

static void
on_row_activated_cb (CobroLinksPage *self, guint position)
{
  g_autoptr (CobroLinkItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (!item)
    return;

  if (cobro_link_selection_get_enabled (self->selection))
    {
      GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);

      cobro_link_selection_set_ticked (self->selection, position, !gtk_selection_model_is_selected (model, position));
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "link.show", "s", cobro_link_item_get_id (item));
}

static void
on_sorter_changed_cb (CobroLinksPage *self)
{
  CobroLinkSort sort = COBRO_LINK_SORT_CREATED;
  gboolean descending = TRUE;

  if (!cobro_link_columns_get_sort (self->view, &sort, &descending))
    descending = TRUE;
  self->asked->sort = sort;
  self->asked->descending = descending;
  ask (self);
}

/* ── Selection mode ── */

static void
arrange (CobroLinksPage *self)
{
  cobro_link_columns_arrange (self->view, cobro_adaptive_bin_get_narrow (self->adaptive),
                              gtk_toggle_button_get_active (self->select_button));
}

static void
on_narrow_changed_cb (CobroLinksPage *self)
{
  adw_button_content_set_label (self->new_content,
                                cobro_adaptive_bin_get_narrow (self->adaptive) ? "" : _ ("_New Link"));
  arrange (self);
}

static void
on_select_toggled_cb (CobroLinksPage *self)
{
  gboolean selecting = gtk_toggle_button_get_active (self->select_button);

  if (!self->selection)
    return;

  cobro_link_selection_set_enabled (self->selection, selecting);
  gtk_action_bar_set_revealed (self->action_bar, selecting);
  arrange (self);
}

static void
on_selection_changed_cb (CobroLinksPage *self)
{
  guint n = cobro_link_selection_count (self->selection);
  g_autofree char *text =
    n ? g_strdup_printf (ngettext ("%u selected", "%u selected", n), n) : g_strdup (_ ("Select links in the list"));
  const char *actions[] = { "links.copy", "links.pause", "links.resume", "links.cancel" };

  gtk_label_set_text (self->selected_label, text);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], n > 0);
}

/* (transfer full) the ticked links. */
static GPtrArray *
ticked_items (CobroLinksPage *self)
{
  g_autoptr (GtkBitset) ticked = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < gtk_bitset_get_size (ticked); i++)
    {
      CobroLinkItem *item = g_list_model_get_item (G_LIST_MODEL (self->list), gtk_bitset_get_nth (ticked, i));

      if (item)
        g_ptr_array_add (items, item);
    }
  return items;
}

static void
copy_selected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroLinksPage *self = COBRO_LINKS_PAGE (widget);
  g_autoptr (GPtrArray) items = ticked_items (self);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *said = NULL;

  for (guint i = 0; i < items->len; i++)
    g_string_append_printf (text, "%s\n", cobro_link_item_get_url (items->pdata[i]));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  said = g_strdup_printf (ngettext ("%u address copied", "%u addresses copied", items->len), items->len);
  gtk_widget_activate_action (widget, "win.toast", "s", said);
}

static void
decide_selected (CobroLinksPage *self, CobroDecision decision, const char *done)
{
  g_autoptr (GPtrArray) items = ticked_items (self);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_auto (GStrv) strv = NULL;

  for (guint i = 0; i < items->len; i++)
    if (cobro_links_may_decide (items->pdata[i], decision))
      g_strv_builder_add (ids, cobro_link_item_get_id (items->pdata[i]));
  strv = g_strv_builder_end (ids);
  gtk_toggle_button_set_active (self->select_button, FALSE);
  if (strv[0])
    cobro_links_decide (self->links, (const char *const *)strv, decision, done);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("None of these links can be changed so"));
}

static void
pause_selected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  decide_selected (COBRO_LINKS_PAGE (widget), COBRO_DECISION_PAUSED, _ ("Links paused"));
}

static void
resume_selected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  decide_selected (COBRO_LINKS_PAGE (widget), COBRO_DECISION_ACTIVE, _ ("Links resumed"));
}

static void
cancel_selected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  decide_selected (COBRO_LINKS_PAGE (widget), COBRO_DECISION_CANCELLED, _ ("Links cancelled"));
}

/* ── The widget ── */

static void
cobro_links_page_dispose (GObject *object)
{
  CobroLinksPage *self = COBRO_LINKS_PAGE (object);

  if (self->list)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->links)
    g_signal_handlers_disconnect_by_data (self->links, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->links);
  g_clear_pointer (&self->asked, cobro_link_query_free);
  G_OBJECT_CLASS (cobro_links_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-links-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, adaptive);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, new_content);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, title);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, select_button);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, sample_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, filter_box);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, view);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, action_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroLinksPage, selected_label);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_select_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all_cb);
}

static void
cobro_links_page_class_init (CobroLinksPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = cobro_links_page_dispose;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "links.copy", NULL, copy_selected);
  gtk_widget_class_install_action (widget_class, "links.pause", NULL, pause_selected);
  gtk_widget_class_install_action (widget_class, "links.resume", NULL, resume_selected);
  gtk_widget_class_install_action (widget_class, "links.cancel", NULL, cancel_selected);
}

static void
cobro_links_page_init (CobroLinksPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  cobro_hidden_follow_stack (self->stack);
  add_filters (self);
}

static void
show_sample_bar (CobroLinksPage *self)
{
  gtk_info_bar_set_revealed (self->sample_bar, cobro_links_get_has_sample (self->links));
}

void
cobro_links_page_set_models (CobroLinksPage *self, CobroLinks *links, CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_LINKS_PAGE (self));
  g_return_if_fail (self->links == NULL);

  self->links = g_object_ref (links);
  self->asked = cobro_link_query_new ();
  self->list = cobro_links_list (links, cobro_link_query_copy (self->asked));
  self->selection = cobro_link_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  cobro_sync_button_set_connection (self->sync_button, connection);
  cobro_link_columns_add (self->view, self->selection);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));

  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (on_selection_changed_cb), self);
  g_signal_connect_swapped (self->list, "items-changed", G_CALLBACK (show_count), self);
  g_signal_connect_swapped (self->list, "answered", G_CALLBACK (show_count), self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (on_sorter_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (links, "changed", G_CALLBACK (show_sample_bar), self);
  on_selection_changed_cb (self);
  show_sample_bar (self);
  show_count (self);
}

/* ── A place of the window ── */

static void
set_folded (CobroPlace *place, gboolean folded)
{
  gtk_widget_set_visible (COBRO_LINKS_PAGE (place)->sidebar_button, folded);
}

static void
find (CobroPlace *place)
{
  CobroLinksPage *self = COBRO_LINKS_PAGE (place);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (self->search_entry, 0, -1);
}

static void
set_type_to_search (CobroPlace *place, GtkWidget *widget)
{
  gtk_search_bar_set_key_capture_widget (COBRO_LINKS_PAGE (place)->search_bar, widget);
}

static gboolean
step_back (CobroPlace *place)
{
  CobroLinksPage *self = COBRO_LINKS_PAGE (place);

  if (gtk_toggle_button_get_active (self->select_button))
    gtk_toggle_button_set_active (self->select_button, FALSE);
  else if (gtk_search_bar_get_search_mode (self->search_bar))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  else
    return FALSE;
  return TRUE;
}

static void
cobro_links_page_place_init (CobroPlaceInterface *iface)
{
  iface->find = find;
  iface->step_back = step_back;
  iface->set_folded = set_folded;
  iface->set_type_to_search = set_type_to_search;
}

GtkWidget *
cobro_links_page_get_view (CobroLinksPage *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS_PAGE (self), NULL);

  return GTK_WIDGET (self->view);
}
