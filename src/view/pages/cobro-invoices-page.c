/* src/view/pages/cobro-invoices-page.c — the list of invoices.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoices-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-hidden.h"
#include "cobro-invoice-columns.h"
#include "cobro-money-text.h"
#include "cobro-place.h"
#include "cobro-sync-button.h"
#include "cobro-view-text.h"

struct _CobroInvoicesPage
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwButtonContent *new_content;
  AdwWindowTitle *title;
  GtkWidget *sidebar_button;
  CobroSyncButton *sync_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkBox *filter_box;
  GtkStack *stack;
  GtkColumnView *view;
  CobroInvoices *invoices;
  CobroRowList *list;
  CobroInvoiceQuery *asked; /* what the list was asked for; every question is a copy of it */
};

static void cobro_invoices_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroInvoicesPage, cobro_invoices_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_invoices_page_place_init))

static const struct
{
  CobroInvoiceFilter filter;
  const char *label;
} filters[] = {
  { COBRO_INVOICE_FILTER_ALL, N_ ("All") },
  { COBRO_INVOICE_FILTER_UNPAID, N_ ("Unpaid") },
  { COBRO_INVOICE_FILTER_OVERDUE, N_ ("Overdue") },
  { COBRO_INVOICE_FILTER_PAID, N_ ("Paid") },
  { COBRO_INVOICE_FILTER_DRAFT, N_ ("Drafts") },
  { COBRO_INVOICE_FILTER_CREDIT_NOTE, N_ ("Credit Notes") },
  { COBRO_INVOICE_FILTER_CLOSED, N_ ("Closed") },
  { COBRO_INVOICE_FILTER_WAITING, N_ ("Waiting to Upload") },
  { COBRO_INVOICE_FILTER_ATTENTION, N_ ("Needs Attention") },
};

static void
ask (CobroInvoicesPage *self)
{
  cobro_row_list_set_query (self->list, cobro_invoice_query_copy (self->asked));
}

static gboolean
is_plain (CobroInvoicesPage *self)
{
  return self->asked->filter == COBRO_INVOICE_FILTER_ALL && *self->asked->search == '\0';
}

static void
show_count (CobroInvoicesPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());
  /* Translators: %s is a number. */
  g_autofree char *text = g_strdup_printf (ngettext ("%s invoice", "%s invoices", n), number);

  adw_window_title_set_subtitle (self->title, text);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : is_plain (self) ? "empty" : "nothing");
}

static void
on_filter_toggled_cb (GtkToggleButton *button, CobroInvoicesPage *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "cobro-filter"));

  if (!gtk_toggle_button_get_active (button) || !self->list)
    return;

  self->asked->filter = filters[index].filter;
  ask (self);
}

static void
add_filters (CobroInvoicesPage *self)
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
on_show_all_cb (CobroInvoicesPage *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_first_child (GTK_WIDGET (self->filter_box))), TRUE);
}

static void
on_search_changed_cb (CobroInvoicesPage *self)
{
  if (!self->list || g_str_equal (self->asked->search, gtk_editable_get_text (self->search_entry)))
    return;

  cobro_invoice_query_set_search (self->asked, gtk_editable_get_text (self->search_entry));
  ask (self);
}

static void
on_row_activated_cb (CobroInvoicesPage *self, guint position)
{
  g_autoptr (CobroInvoiceItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (item && cobro_row_item_is_filled (COBRO_ROW_ITEM (item)))
    gtk_widget_activate_action (GTK_WIDGET (self), "invoice.show", "s", cobro_invoice_item_get_id (item));
}

static void
on_sorter_changed_cb (CobroInvoicesPage *self)
{
  CobroInvoiceSort sort = COBRO_INVOICE_SORT_CREATED;
  gboolean descending = TRUE;

  if (!cobro_invoice_columns_get_sort (self->view, &sort, &descending))
    descending = TRUE;
  self->asked->sort = sort;
  self->asked->descending = descending;
  ask (self);
}

static void
on_narrow_changed_cb (CobroInvoicesPage *self)
{
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  adw_button_content_set_label (self->new_content, narrow ? "" : _ ("_New Invoice"));
  cobro_invoice_columns_arrange (self->view, narrow);
}

/* ── The widget ── */

static void
cobro_invoices_page_dispose (GObject *object)
{
  CobroInvoicesPage *self = COBRO_INVOICES_PAGE (object);

  if (self->list)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->list);
  g_clear_object (&self->invoices);
  g_clear_pointer (&self->asked, cobro_invoice_query_free);
  G_OBJECT_CLASS (cobro_invoices_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-invoices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, adaptive);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, new_content);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, title);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, filter_box);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicesPage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all_cb);
}

static void
cobro_invoices_page_class_init (CobroInvoicesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = cobro_invoices_page_dispose;
  bind_template (widget_class);
}

static void
cobro_invoices_page_init (CobroInvoicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  cobro_hidden_follow_stack (self->stack);
  add_filters (self);
}

void
cobro_invoices_page_set_models (CobroInvoicesPage *self, CobroInvoices *invoices, CobroConnection *connection)
{
  GtkSelectionModel *selection;

  g_return_if_fail (COBRO_IS_INVOICES_PAGE (self));
  g_return_if_fail (self->invoices == NULL);

  self->invoices = g_object_ref (invoices);
  self->asked = cobro_invoice_query_new ();
  self->list = cobro_invoices_list (invoices, cobro_invoice_query_copy (self->asked));
  cobro_sync_button_set_connection (self->sync_button, connection);
  cobro_invoice_columns_add (self->view);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->list))));
  gtk_column_view_set_model (self->view, selection);
  g_object_unref (selection);

  g_signal_connect_swapped (self->list, "items-changed", G_CALLBACK (show_count), self);
  g_signal_connect_swapped (self->list, "answered", G_CALLBACK (show_count), self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (on_sorter_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_count (self);
}

/* ── A place of the window ── */

static void
set_folded (CobroPlace *place, gboolean folded)
{
  gtk_widget_set_visible (COBRO_INVOICES_PAGE (place)->sidebar_button, folded);
}

static void
find (CobroPlace *place)
{
  CobroInvoicesPage *self = COBRO_INVOICES_PAGE (place);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (self->search_entry, 0, -1);
}

static void
set_type_to_search (CobroPlace *place, GtkWidget *widget)
{
  gtk_search_bar_set_key_capture_widget (COBRO_INVOICES_PAGE (place)->search_bar, widget);
}

static gboolean
step_back (CobroPlace *place)
{
  CobroInvoicesPage *self = COBRO_INVOICES_PAGE (place);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  return TRUE;
}

static void
cobro_invoices_page_place_init (CobroPlaceInterface *iface)
{
  iface->find = find;
  iface->step_back = step_back;
  iface->set_folded = set_folded;
  iface->set_type_to_search = set_type_to_search;
}
