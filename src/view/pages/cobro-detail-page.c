/* src/view/pages/cobro-detail-page.c — everything about one link.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-detail-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-date-text.h"
#include "cobro-drag-out.h"
#include "cobro-event-row.h"
#include "cobro-link-history.h"
#include "cobro-page-view.h"
#include "cobro-payment-row.h"
#include "cobro-qr-view.h"
#include "cobro-share.h"
#include "cobro-status-label.h"
#include "cobro-sync-button.h"
#include "cobro-view-text.h"

struct _CobroDetailPage
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwWindowTitle *window_title;
  GtkMenuButton *more_button;
  CobroSyncButton *sync_button;
  GtkInfoBar *attention_bar;
  GtkLabel *attention_label;
  GtkWidget *seen_button;
  GtkScrolledWindow *scroller;
  GtkOrientable *top_box;
  GtkLabel *amount_label;
  GtkLabel *title_label;
  CobroStatusLabel *status_label;
  GtkLabel *reason_label;
  CobroQrView *qr_view;
  GtkWidget *copy_button;
  GtkMenuButton *share_button;
  GtkWidget *counter_button;
  AdwActionRow *url_row;
  AdwActionRow *description_row;
  AdwActionRow *reference_row;
  AdwActionRow *customer_row;
  AdwActionRow *usage_row;
  AdwActionRow *window_row;
  AdwActionRow *created_row;
  CobroPageView *page_view;
  GtkWidget *payments_group;
  GtkListBox *payments_list;
  GtkWidget *timeline_group;
  GtkListBox *timeline_list;
  CobroLinks *links;
  CobroConnection *connection;
  CobroBusiness *business;
  CobroLinkItem *item;
  CobroLinkHistory *history;
};

G_DEFINE_FINAL_TYPE (CobroDetailPage, cobro_detail_page, ADW_TYPE_BIN)

static void
show_row (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), *text != '\0');
}

static char *
customer_text (const CobroLink *link)
{
  if (*link->customer_name && *link->customer_email)
    return g_strdup_printf ("%s · %s", link->customer_name, link->customer_email);
  return g_strdup (*link->customer_name ? link->customer_name : link->customer_email);
}

/* ── Menus ── */

static void
add_entry (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) entry = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (entry, action, "s", id);
  g_menu_append_item (menu, entry);
}

static void
build_share_menu (CobroDetailPage *self, const char *id)
{
  g_autoptr (GMenuModel) menu = cobro_share_menu (id, *cobro_link_item_get_url (self->item) != '\0', FALSE);

  gtk_menu_button_set_menu_model (self->share_button, menu);
}

static void
build_more_menu (CobroDetailPage *self, const char *id)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) change = g_menu_new ();
  g_autoptr (GMenu) decide = g_menu_new ();
  gboolean sample = cobro_link_item_get_state (self->item) == COBRO_RECORD_SAMPLE;

  if (!sample && cobro_link_item_get_link (self->item)->decision != COBRO_DECISION_CANCELLED)
    add_entry (change, _ ("_Edit…"), "link.edit", id);
  add_entry (change, _ ("_Duplicate…"), "link.duplicate", id);
  if (cobro_links_may_decide (self->item, COBRO_DECISION_PAUSED))
    add_entry (decide, _ ("_Pause"), "link.pause", id);
  if (cobro_links_may_decide (self->item, COBRO_DECISION_ACTIVE))
    add_entry (decide, _ ("_Resume"), "link.resume", id);
  if (!sample)
    add_entry (decide, _ ("_New Address…"), "link.replace-token", id);
  if (cobro_links_may_decide (self->item, COBRO_DECISION_CANCELLED))
    add_entry (decide, _ ("_Cancel Link"), "link.cancel", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (change));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (decide));
  gtk_menu_button_set_menu_model (self->more_button, G_MENU_MODEL (menu));
}

/* ── Showing the link ── */

static void
show_attention (CobroDetailPage *self)
{
  guint flags = cobro_link_item_get_view (self->item).flags;
  g_autofree char *text = cobro_view_flags (flags);
  gboolean conflict = cobro_link_item_get_state (self->item) == COBRO_RECORD_CONFLICT;
  const char *reason = cobro_link_item_get_reason (self->item);

  gtk_label_set_text (self->attention_label, conflict && *reason ? reason : text);
  gtk_widget_set_visible (self->seen_button, conflict);
  gtk_info_bar_set_revealed (self->attention_bar, *text || conflict);
}

static void
show_details (CobroDetailPage *self)
{
  const CobroLink *link = cobro_link_item_get_link (self->item);
  g_autofree char *customer = customer_text (link);
  g_autofree char *usage = cobro_view_usage (self->item);
  g_autofree char *window = cobro_view_window (link);
  g_autofree char *created = cobro_date_time_text (link->created_at, cobro_view_locale ());

  show_row (self->url_row, cobro_link_item_get_url (self->item));
  show_row (self->description_row, link->description);
  show_row (self->reference_row, link->reference);
  show_row (self->customer_row, customer);
  show_row (self->usage_row, usage);
  show_row (self->window_row, window);
  show_row (self->created_row, created);
}

static void
update (CobroDetailPage *self)
{
  const CobroLink *link = cobro_link_item_get_link (self->item);
  const char *id = cobro_link_item_get_id (self->item);
  GtkWidget *buttons[] = { self->copy_button, self->counter_button, self->seen_button };
  gboolean has_relay = cobro_connection_get_state (self->connection) != COBRO_CONNECTION_NONE;
  const char *url = cobro_link_item_get_url (self->item);
  g_autofree char *amount = cobro_view_amount (link);
  g_autofree char *reason = cobro_view_status_reason (self->item, has_relay);

  adw_window_title_set_title (self->window_title, link->title);
  gtk_label_set_text (self->amount_label, amount);
  gtk_label_set_text (self->title_label, link->title);
  cobro_status_label_set_status (self->status_label, cobro_view_status (self->item));
  gtk_label_set_text (self->reason_label, reason);
  cobro_qr_view_set_text (self->qr_view, url);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_view), *url != '\0');
  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i]), "s", id);
  show_details (self);
  cobro_page_view_show (self->page_view, self->item, cobro_business_get_merchant (self->business));
  show_attention (self);
  build_share_menu (self, id);
  build_more_menu (self, id);
}

static GtkWidget *
create_payment_row (gpointer item, gpointer data)
{
  return cobro_payment_row_new (item);
}

static GtkWidget *
create_event_row (gpointer item, gpointer data)
{
  return cobro_event_row_new (item);
}

static void
show_if_any (GListModel *model, guint position, guint removed, guint added, GtkWidget *group)
{
  gtk_widget_set_visible (group, g_list_model_get_n_items (model) > 0);
}

static void
follow (GListModel *model, GtkWidget *group)
{
  g_signal_connect_object (model, "items-changed", G_CALLBACK (show_if_any), group, 0);
  show_if_any (model, 0, 0, 0, group);
}

static void
open_history (CobroDetailPage *self)
{
  GListModel *payments, *timeline;

  self->history = cobro_link_history_new (self->links, &cobro_link_item_get_link (self->item)->id);
  payments = cobro_link_history_get_payments (self->history);
  timeline = cobro_link_history_get_timeline (self->history);
  gtk_list_box_bind_model (self->payments_list, payments, create_payment_row, NULL, NULL);
  gtk_list_box_bind_model (self->timeline_list, timeline, create_event_row, NULL, NULL);
  follow (payments, self->payments_group);
  follow (timeline, self->timeline_group);
}

static void
let_go (CobroDetailPage *self)
{
  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  if (self->history)
    {
      gtk_list_box_bind_model (self->payments_list, NULL, NULL, NULL, NULL);
      gtk_list_box_bind_model (self->timeline_list, NULL, NULL, NULL, NULL);
      g_signal_handlers_disconnect_by_data (cobro_link_history_get_payments (self->history), self->payments_group);
      g_signal_handlers_disconnect_by_data (cobro_link_history_get_timeline (self->history), self->timeline_group);
    }
  g_clear_object (&self->history);
  g_clear_object (&self->item);
}

void
cobro_detail_page_set_item (CobroDetailPage *self, CobroLinkItem *item)
{
  g_return_if_fail (COBRO_IS_DETAIL_PAGE (self));

  if (self->item == item)
    return;

  let_go (self);
  if (!item)
    return;

  self->item = g_object_ref (item);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
  open_history (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static void
on_around_changed_cb (CobroDetailPage *self)
{
  if (self->item)
    update (self);
}

CobroLinkItem *
cobro_detail_page_get_item (CobroDetailPage *self)
{
  g_return_val_if_fail (COBRO_IS_DETAIL_PAGE (self), NULL);

  return self->item;
}

void
cobro_detail_page_set_models (CobroDetailPage *self, CobroLinks *links, CobroBusiness *business,
                              CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_DETAIL_PAGE (self));
  g_return_if_fail (self->links == NULL);

  self->links = g_object_ref (links);
  self->connection = g_object_ref (connection);
  self->business = g_object_ref (business);
  g_signal_connect_object (connection, "changed", G_CALLBACK (on_around_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (business, "changed", G_CALLBACK (on_around_changed_cb), self, G_CONNECT_SWAPPED);
  cobro_sync_button_set_connection (self->sync_button, connection);
}

/* ── The widget ── */

/* With little room the QR code goes under the text. */
static void
on_narrow_changed_cb (CobroDetailPage *self)
{
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  gtk_orientable_set_orientation (self->top_box, narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
cobro_detail_page_dispose (GObject *object)
{
  CobroDetailPage *self = COBRO_DETAIL_PAGE (object);

  if (self->item)
    let_go (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->business);
  g_clear_object (&self->links);
  G_OBJECT_CLASS (cobro_detail_page_parent_class)->dispose (object);
}

static void
bind_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, url_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, description_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, reference_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, customer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, usage_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, window_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, created_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, page_view);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, payments_group);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, payments_list);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, timeline_group);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, timeline_list);
}

static void
cobro_detail_page_class_init (CobroDetailPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  g_type_ensure (COBRO_TYPE_QR_VIEW);
  g_type_ensure (COBRO_TYPE_PAGE_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cobro_detail_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-detail-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, more_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, attention_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, attention_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, seen_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, top_box);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, reason_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, qr_view);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, share_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, counter_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDetailPage, adaptive);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  bind_rows (widget_class);
}

static const char *
address_of (GtkWidget *widget, gpointer data)
{
  CobroDetailPage *self = data;

  return self->item ? cobro_link_item_get_url (self->item) : NULL;
}

static void
cobro_detail_page_init (CobroDetailPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_drag_out_add (GTK_WIDGET (self->url_row), address_of, self);
}
