/* src/view/pages/cobro-invoice-page.c — everything about one invoice or credit note.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-date-text.h"
#include "cobro-drag-out.h"
#include "cobro-event-row.h"
#include "cobro-invoice-text.h"
#include "cobro-link-history.h"
#include "cobro-money-text.h"
#include "cobro-payment-row.h"
#include "cobro-qr-view.h"
#include "cobro-share.h"
#include "cobro-status-label.h"
#include "cobro-sync-button.h"
#include "cobro-totals-grid.h"

/* Lines that are shown; the rest of a long invoice stands on its paper. */
#define LINES_MAX 100

struct _CobroInvoicePage
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwWindowTitle *window_title;
  GtkMenuButton *more_button;
  GtkMenuButton *share_button;
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
  GtkOrientable *button_box;
  GtkWidget *edit_button;
  GtkWidget *send_button;
  GtkWidget *remind_button;
  GtkWidget *record_button;
  GtkWidget *copy_button;
  AdwActionRow *customer_row;
  AdwActionRow *issued_row;
  AdwActionRow *due_row;
  AdwActionRow *sent_row;
  AdwActionRow *viewed_row;
  AdwActionRow *reference_row;
  AdwActionRow *parts_row;
  AdwActionRow *url_row;
  AdwActionRow *notes_row;
  GtkListBox *lines_list;
  GtkGrid *totals_grid;
  GtkWidget *credits_group;
  GtkListBox *credits_list;
  GtkWidget *payments_group;
  GtkListBox *payments_list;
  GtkWidget *timeline_group;
  GtkListBox *timeline_list;
  CobroInvoices *invoices;
  CobroLinks *links;
  CobroConnection *connection;
  CobroInvoiceItem *item;
  CobroLinkHistory *history;
  GCancellable *reading; /* the credit notes of the invoice that is shown */
};

G_DEFINE_FINAL_TYPE (CobroInvoicePage, cobro_invoice_page, ADW_TYPE_BIN)

static void
show_row (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), *text != '\0');
}

/* ── The menu ── */

static void
add_entry (GMenu *menu, gboolean wanted, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) entry = NULL;

  if (!wanted)
    return;

  entry = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (entry, action, "s", id);
  g_menu_append_item (menu, entry);
}

static void
build_share_menu (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);
  g_autoptr (GMenuModel) menu =
    cobro_share_menu (invoice->id.text, *cobro_invoice_item_get_url (self->item) != '\0', TRUE);

  gtk_menu_button_set_menu_model (self->share_button, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->share_button), invoice->decision != COBRO_INVOICE_DRAFT);
}

static void
build_more_menu (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);
  const char *id = invoice->id.text;
  gboolean draft = invoice->decision == COBRO_INVOICE_DRAFT;
  gboolean asks = cobro_invoice_may_void (self->item);
  CobroId link_id = cobro_invoice_link_id (&invoice->id);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) look = g_menu_new ();
  g_autoptr (GMenu) share = g_menu_new ();
  g_autoptr (GMenu) change = g_menu_new ();

  add_entry (look, TRUE, _ ("_Preview…"), "invoice.preview", id);
  add_entry (look, TRUE, _ ("_Save as PDF…"), "invoice.save-pdf", id);
  add_entry (look, TRUE, _ ("_Duplicate"), "invoice.duplicate", id);
  add_entry (look, invoice->kind == COBRO_INVOICE_INVOICE, _ ("R_epeat…"), "invoice.repeat", id);
  add_entry (share, asks, _ ("Show _QR Code"), "link.counter", link_id.text);
  add_entry (share, asks, _ ("_New Address…"), "invoice.new-address", id);
  add_entry (change, draft, _ ("D_iscard"), "invoice.discard", id);
  add_entry (change, g_str_equal (cobro_invoice_item_get_path (self->item), "number"), _ ("Give It the Ne_xt Number"),
             "invoice.renumber", id);
  add_entry (change, cobro_invoice_item_get_view (self->item).status == COBRO_INVOICE_IS_OVERDUE,
             _ ("Charge _Late Fee"), "invoice.late-fee", id);
  add_entry (change, invoice->decision == COBRO_INVOICE_ISSUED && asks, _ ("_Give Up"), "invoice.give-up", id);
  add_entry (change, invoice->decision == COBRO_INVOICE_UNCOLLECTIBLE, _ ("_Ask for It Again"), "invoice.reopen", id);
  add_entry (change, asks, _ ("Credit and _Void…"), "invoice.void", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (look));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (share));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (change));
  gtk_menu_button_set_menu_model (self->more_button, G_MENU_MODEL (menu));
}

/* ── Showing ── */

static void
show_buttons (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);
  CobroInvoiceStatus status = cobro_invoice_item_get_view (self->item).status;
  gboolean draft = invoice->decision == COBRO_INVOICE_DRAFT;
  gboolean sent = cobro_invoice_item_get_tally (self->item).sent_at != 0;
  gboolean paid = status == COBRO_INVOICE_IS_PAID || status == COBRO_INVOICE_IS_OVERPAID;
  gboolean asks = cobro_invoice_may_record (self->item);
  CobroId link_id = cobro_invoice_link_id (&invoice->id);
  const struct
  {
    GtkWidget *button;
    gboolean shown;
    const char *id;
  } buttons[] = {
    { self->edit_button, draft, invoice->id.text },
    { self->send_button, cobro_invoice_may_send (self->item) && !(sent && asks) && !paid, invoice->id.text },
    { self->remind_button, sent && cobro_invoice_may_remind (self->item), invoice->id.text },
    { self->record_button, asks && !paid, invoice->id.text },
    { self->copy_button, asks, link_id.text },
    { self->seen_button, TRUE, invoice->id.text },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i].button), "s", buttons[i].id);
      gtk_widget_set_visible (buttons[i].button, buttons[i].shown);
    }
}

static void
show_attention (CobroInvoicePage *self)
{
  g_autofree char *text = cobro_invoice_text_attention (self->item);
  gboolean seen =
    *cobro_invoice_item_get_problem (self->item) || cobro_invoice_item_get_state (self->item) == COBRO_RECORD_CONFLICT;

  gtk_label_set_text (self->attention_label, text);
  gtk_widget_set_visible (self->seen_button, seen);
  gtk_info_bar_set_revealed (self->attention_bar, *text != '\0');
}

static char *
party_text (const CobroParty *party)
{
  const char *parts[] = { party->name, party->email, party->address.city, party->tax_id };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (*parts[i])
      g_string_append_printf (text, "%s%s", text->len ? " · " : "", parts[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
parts_text (const CobroInvoice *invoice)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (invoice->partial == COBRO_PARTIAL_ON)
    return g_strdup (_ ("May be paid in parts of any amount"));
  for (guint i = 0; invoice->partial == COBRO_PARTIAL_PLAN && i < invoice->parts->len; i++)
    {
      const CobroLinkPart *part = invoice->parts->pdata[i];
      g_autofree char *date = cobro_civil_date_text (part->due, cobro_view_locale ());
      g_autofree char *amount = cobro_money_text (part->amount, cobro_view_locale ());

      g_string_append_printf (text, "%s%s: %s", text->len ? "\n" : "", date, amount);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_details (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);
  CobroInvoiceTally tally = cobro_invoice_item_get_tally (self->item);
  CobroLocale *locale = cobro_view_locale ();
  g_autofree char *customer = party_text (&invoice->buyer);
  g_autofree char *issued = cobro_civil_date_text (invoice->issue_date, locale);
  g_autofree char *due = cobro_civil_date_text (invoice->due_date, locale);
  g_autofree char *sent = cobro_date_time_text (tally.sent_at, locale);
  g_autofree char *viewed = cobro_date_time_text (tally.viewed_at, locale);
  g_autofree char *parts = parts_text (invoice);

  show_row (self->customer_row, customer);
  show_row (self->issued_row, issued);
  show_row (self->due_row, invoice->kind == COBRO_INVOICE_CREDIT_NOTE ? "" : due);
  show_row (self->sent_row, sent);
  show_row (self->viewed_row, viewed);
  show_row (self->reference_row, invoice->reference);
  show_row (self->parts_row, parts);
  show_row (self->url_row, cobro_invoice_item_get_url (self->item));
  show_row (self->notes_row, invoice->notes);
}

static GtkWidget *
create_line (const CobroInvoice *invoice, guint index)
{
  const CobroInvoiceLine *line = invoice->lines->pdata[index];
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *quantity = cobro_decimal_text (line->quantity, cobro_view_locale ());
  g_autofree char *decimal = cobro_unit_price_to_decimal (line->unit_price, invoice->currency);
  g_autofree char *price = cobro_decimal_entry_text (decimal, cobro_view_locale ());
  g_autofree char *detail = g_strdup_printf ("%s%s%s × %s", quantity, *line->unit ? " " : "", line->unit, price);
  g_autofree char *amount = NULL;
  GtkWidget *label;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line->description);
  if (line->quantity != COBRO_DECIMAL_ONE || line->discount.kind != COBRO_DISCOUNT_NONE)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  if (invoice->totals && index < invoice->totals->n_lines)
    amount = cobro_money_text (invoice->totals->lines[index], cobro_view_locale ());
  label = gtk_label_new (amount ? amount : "");
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static void
empty_list (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))))
    gtk_list_box_remove (list, row);
}

static void
show_lines (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);
  CobroInvoiceView view = cobro_invoice_item_get_view (self->item);

  empty_list (self->lines_list);
  for (guint i = 0; i < MIN (invoice->lines->len, LINES_MAX); i++)
    gtk_list_box_append (self->lines_list, create_line (invoice, i));
  if (invoice->lines->len > LINES_MAX)
    {
      GtkWidget *row = adw_action_row_new ();
      guint left = invoice->lines->len - LINES_MAX;
      g_autofree char *text = g_strdup_printf (ngettext ("%u more line", "%u more lines", left), left);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
      gtk_list_box_append (self->lines_list, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->lines_list), invoice->lines->len > 0);
  cobro_totals_grid_show (self->totals_grid, invoice->totals, invoice->tax_inclusive, view.paid, view.due);
}

static void
update (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);
  gboolean has_relay = cobro_connection_get_state (self->connection) != COBRO_CONNECTION_NONE;
  const char *url = cobro_invoice_item_get_url (self->item);
  g_autofree char *title = cobro_invoice_text_title (invoice);
  g_autofree char *amount = cobro_invoice_text_total (invoice);
  g_autofree char *reason = cobro_invoice_text_reason (self->item, has_relay);

  adw_window_title_set_title (self->window_title, title);
  gtk_label_set_text (self->amount_label, amount);
  gtk_label_set_text (self->title_label, invoice->buyer.name);
  cobro_status_label_set_status (self->status_label, cobro_invoice_text_status (self->item));
  gtk_label_set_text (self->reason_label, reason);
  cobro_qr_view_set_text (self->qr_view, url);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_view), *url != '\0');
  show_buttons (self);
  show_details (self);
  show_lines (self);
  show_attention (self);
  build_share_menu (self);
  build_more_menu (self);
}

/* ── Credit notes ── */

static GtkWidget *
create_credit (CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = cobro_invoice_text_title (invoice);
  g_autofree char *amount = cobro_invoice_text_total (invoice);
  g_autofree char *date = cobro_civil_date_text (invoice->issue_date, cobro_view_locale ());
  GtkWidget *label = gtk_label_new (amount);

  gtk_widget_add_css_class (label, "numeric");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), date);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", invoice->id.text);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "invoice.show");
  return row;
}

static void
on_credits_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroInvoicePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = cobro_invoices_load_credits_finish (COBRO_INVOICES (source), result, &error);

  if (!items || !self->item)
    return;

  empty_list (self->credits_list);
  for (guint i = 0; i < items->len; i++)
    gtk_list_box_append (self->credits_list, create_credit (items->pdata[i]));
  gtk_widget_set_visible (self->credits_group, items->len > 0);
}

static void
read_credits (CobroInvoicePage *self)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (self->item);

  if (self->reading)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE || invoice->decision == COBRO_INVOICE_DRAFT)
    return;

  self->reading = g_cancellable_new ();
  cobro_invoices_load_credits_async (self->invoices, &invoice->id, self->reading, on_credits_loaded_cb,
                                     g_object_ref (self));
}

static void
on_item_changed_cb (CobroInvoicePage *self)
{
  update (self);
  read_credits (self);
}

/* ── Payments and timeline ── */

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
open_history (CobroInvoicePage *self)
{
  CobroId link_id = cobro_invoice_link_id (&cobro_invoice_item_get_invoice (self->item)->id);
  GListModel *payments, *timeline;

  self->history = cobro_link_history_new (self->links, &link_id);
  payments = cobro_link_history_get_payments (self->history);
  timeline = cobro_link_history_get_timeline (self->history);
  gtk_list_box_bind_model (self->payments_list, payments, create_payment_row, NULL, NULL);
  gtk_list_box_bind_model (self->timeline_list, timeline, create_event_row, NULL, NULL);
  follow (payments, self->payments_group);
  follow (timeline, self->timeline_group);
}

static void
let_go (CobroInvoicePage *self)
{
  if (self->reading)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
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
cobro_invoice_page_set_item (CobroInvoicePage *self, CobroInvoiceItem *item)
{
  g_return_if_fail (COBRO_IS_INVOICE_PAGE (self));

  if (self->item == item)
    return;

  let_go (self);
  if (!item)
    return;

  self->item = g_object_ref (item);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (on_item_changed_cb), self);
  empty_list (self->credits_list);
  gtk_widget_set_visible (self->credits_group, FALSE);
  on_item_changed_cb (self);
  open_history (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

CobroInvoiceItem *
cobro_invoice_page_get_item (CobroInvoicePage *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_PAGE (self), NULL);

  return self->item;
}

static void
on_connection_changed_cb (CobroInvoicePage *self)
{
  if (self->item)
    update (self);
}

void
cobro_invoice_page_set_models (CobroInvoicePage *self, CobroInvoices *invoices, CobroLinks *links,
                               CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_INVOICE_PAGE (self));
  g_return_if_fail (self->invoices == NULL);

  self->invoices = g_object_ref (invoices);
  self->links = g_object_ref (links);
  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (on_connection_changed_cb), self);
  cobro_sync_button_set_connection (self->sync_button, connection);
}

/* ── The widget ── */

/* With little room the QR code goes under the text, and the buttons under each other. */
static void
on_narrow_changed_cb (CobroInvoicePage *self)
{
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  gtk_orientable_set_orientation (self->top_box, narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_orientable_set_orientation (self->button_box, narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
cobro_invoice_page_dispose (GObject *object)
{
  CobroInvoicePage *self = COBRO_INVOICE_PAGE (object);

  if (self->item)
    let_go (self);
  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->links);
  g_clear_object (&self->invoices);
  G_OBJECT_CLASS (cobro_invoice_page_parent_class)->dispose (object);
}

static void
bind_lists (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, lines_list);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, totals_grid);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, credits_group);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, credits_list);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, payments_group);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, payments_list);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, timeline_group);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, timeline_list);
}

static void
bind_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, share_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, send_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, remind_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, record_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, customer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, issued_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, due_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, sent_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, viewed_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, reference_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, parts_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, url_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, notes_row);
}

static void
cobro_invoice_page_class_init (CobroInvoicePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  g_type_ensure (COBRO_TYPE_QR_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cobro_invoice_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-invoice-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, adaptive);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, more_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, attention_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, attention_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, seen_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, scroller);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, top_box);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, title_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, reason_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, qr_view);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoicePage, button_box);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  bind_rows (widget_class);
  bind_lists (widget_class);
}

static const char *
address_of (GtkWidget *widget, gpointer data)
{
  CobroInvoicePage *self = data;

  return self->item ? cobro_invoice_item_get_url (self->item) : NULL;
}

static void
cobro_invoice_page_init (CobroInvoicePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_drag_out_add (GTK_WIDGET (self->url_row), address_of, self);
}
