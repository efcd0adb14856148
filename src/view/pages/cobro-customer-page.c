/* src/view/pages/cobro-customer-page.c — one customer.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-customer-page.h"

#include <glib/gi18n.h>
#include "cobro-country-text.h"
#include "cobro-customers-list.h"
#include "cobro-date-text.h"
#include "cobro-invoice-text.h"
#include "cobro-money-text.h"
#include "cobro-payments-list.h"
#include "cobro-status-label.h"
#include "cobro-view-text.h"

/* Rows of each list; the places of the sidebar find the rest. */
#define ROWS_MAX 30

struct _CobroCustomerPage
{
  AdwBin parent_instance;
  AdwWindowTitle *window_title;
  GtkButton *archive_button;
  GtkWidget *edit_button;
  GtkLabel *name_label;
  GtkLabel *attention_label;
  GtkLabel *open_label;
  GtkWidget *overdue_box;
  GtkLabel *overdue_label;
  GtkWidget *credit_box;
  GtkLabel *credit_label;
  GtkWidget *invoice_button;
  GtkWidget *statement_button;
  GtkWidget *details_group;
  AdwActionRow *contact_row;
  AdwActionRow *email_row;
  AdwActionRow *phone_row;
  AdwActionRow *address_row;
  AdwActionRow *delivery_row;
  AdwActionRow *tax_id_row;
  AdwActionRow *notes_row;
  AdwPreferencesGroup *documents_group;
  GtkListBox *documents_list;
  GtkWidget *payments_group;
  GtkListBox *payments_list;
  CobroInvoices *invoices;
  CobroPayments *payments;
  CobroCustomerItem *item;
  CobroId shown; /* whose lists are bound */
  GListModel *documents;
  GListModel *moneys;
};

G_DEFINE_FINAL_TYPE (CobroCustomerPage, cobro_customer_page, ADW_TYPE_BIN)

/* ── Details ── */

/* (transfer full) in lines, as on an envelope; "" for none. */
static char *
address_text (const CobroAddress *address)
{
  g_autofree char *town = g_strstrip (g_strdup_printf ("%s %s", address->postal_code, address->city));
  g_autofree char *country = cobro_country_text (address->country, cobro_view_locale ());
  const char *lines[] = { address->street, town, address->region, country };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (*lines[i])
      g_string_append_printf (text, "%s%s", text->len ? "\n" : "", lines[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
show_row (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), *text != '\0');
  return *text != '\0';
}

static void
show_details (CobroCustomerPage *self)
{
  const CobroCustomer *customer = cobro_customer_item_get_customer (self->item);
  const CobroTaxCountry *usual = cobro_tax_country (customer->party.address.country);
  g_autofree char *address = address_text (&customer->party.address);
  g_autofree char *delivery = address_text (&customer->delivery);
  gboolean any = FALSE;

  any |= show_row (self->contact_row, customer->party.contact);
  any |= show_row (self->email_row, customer->party.email);
  any |= show_row (self->phone_row, customer->party.phone);
  any |= show_row (self->address_row, address);
  any |= show_row (self->delivery_row, delivery);
  any |= show_row (self->tax_id_row, customer->party.tax_id);
  any |= show_row (self->notes_row, customer->notes);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->tax_id_row),
                                 usual && usual->tax_id_name ? usual->tax_id_name : _ ("Tax Number"));
  gtk_widget_set_visible (self->details_group, any);
}

static void
show_sums (CobroCustomerPage *self)
{
  GArray *sums = cobro_customer_item_get_sums (self->item);
  g_autofree char *open = cobro_customers_list_sum_text (sums, 0);
  g_autofree char *overdue = cobro_customers_list_sum_text (sums, 1);
  g_autofree char *credit = cobro_customers_list_sum_text (sums, 2);

  gtk_label_set_text (self->open_label, *open ? open : _ ("Nothing"));
  gtk_label_set_text (self->overdue_label, overdue);
  gtk_label_set_text (self->credit_label, credit);
  gtk_widget_set_visible (self->overdue_box, *overdue != '\0');
  gtk_widget_set_visible (self->credit_box, *credit != '\0');
}

static void
show_attention (CobroCustomerPage *self)
{
  CobroRecordState state = cobro_customer_item_get_state (self->item);
  const char *reason = cobro_customer_item_get_reason (self->item);
  gboolean any = state == COBRO_RECORD_REJECTED || state == COBRO_RECORD_CONFLICT;

  gtk_label_set_text (self->attention_label, any ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->attention_label), any && *reason);
}

static void
show_item (CobroCustomerPage *self)
{
  const CobroCustomer *customer = cobro_customer_item_get_customer (self->item);
  const char *id = cobro_customer_item_get_id (self->item);
  GtkWidget *buttons[] = { GTK_WIDGET (self->archive_button), self->edit_button, self->invoice_button,
                           self->statement_button };
  const char *word = customer->archived ? _ ("Offer Again") : _ ("Archive");

  adw_window_title_set_subtitle (self->window_title, customer->party.name);
  gtk_label_set_text (self->name_label, customer->party.name);
  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i]), "s", id);
  gtk_button_set_icon_name (self->archive_button, customer->archived ? "edit-undo-symbolic" : "user-trash-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->archive_button), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->archive_button), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
  show_attention (self);
  show_sums (self);
  show_details (self);
}

/* ── Documents and payments ── */

static GtkWidget *
make_row (const char *action)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "activatable", TRUE, NULL);
  GtkWidget *amount = gtk_label_new (NULL);
  GtkWidget *status = cobro_status_label_new ();

  gtk_widget_add_css_class (amount, "numeric");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), amount);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), status);
  g_object_set_data (G_OBJECT (row), "amount", amount);
  g_object_set_data (G_OBJECT (row), "status", status);
  return row;
}

static void
fill_row (GtkWidget *row, const char *id, const char *title, const char *subtitle, const char *amount,
          CobroViewStatus status)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_label_set_text (g_object_get_data (G_OBJECT (row), "amount"), amount);
  cobro_status_label_set_status (g_object_get_data (G_OBJECT (row), "status"), status);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", id);
}

static void
show_document (GtkWidget *row, CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  g_autofree char *title = cobro_invoice_text_title (invoice);
  g_autofree char *total = cobro_invoice_text_total (invoice);
  g_autofree char *issued = cobro_civil_date_text (invoice->issue_date, cobro_view_locale ());

  fill_row (row, cobro_invoice_item_get_id (item), title, issued, total, cobro_invoice_text_status (item));
}

static GtkWidget *
create_document (gpointer item, gpointer data)
{
  GtkWidget *row = make_row ("invoice.show");

  g_signal_connect_object (item, "changed", G_CALLBACK (show_document), row, G_CONNECT_SWAPPED);
  show_document (row, item);
  return row;
}

static void
show_payment (GtkWidget *row, CobroPaymentEntry *item)
{
  const CobroPayment *payment = cobro_payment_entry_get_payment (item);
  g_autofree char *amount = cobro_money_text (
    cobro_money_is_set (payment->received) ? payment->received : payment->amount, cobro_view_locale ());
  g_autofree char *when = cobro_date_text (cobro_payment_entry_get_when (item), cobro_view_locale ());
  g_autofree char *how = cobro_payments_list_how_text (payment);
  g_autofree char *below = g_strdup_printf ("%s · %s", when, how);

  fill_row (row, cobro_payment_entry_get_id (item), cobro_payment_entry_get_title (item), below, amount,
            cobro_view_payment_status (payment->state));
}

static GtkWidget *
create_payment (gpointer item, gpointer data)
{
  GtkWidget *row = make_row ("payment.show");

  g_signal_connect_object (item, "changed", G_CALLBACK (show_payment), row, G_CONNECT_SWAPPED);
  show_payment (row, item);
  return row;
}

static void
on_documents_changed_cb (CobroCustomerPage *self)
{
  gint64 n = self->item ? cobro_customer_item_get_n_invoices (self->item) : 0;
  g_autofree char *text = NULL, *all = g_strdup_printf ("%" G_GINT64_FORMAT, n);

  gtk_widget_set_visible (GTK_WIDGET (self->documents_group), g_list_model_get_n_items (self->documents) > 0);
  if (n > ROWS_MAX)
    text = g_strdup_printf (_ ("The newest %d of %s"), ROWS_MAX, all);
  adw_preferences_group_set_description (self->documents_group, text);
}

static void
on_moneys_changed_cb (CobroCustomerPage *self)
{
  gtk_widget_set_visible (self->payments_group, g_list_model_get_n_items (self->moneys) > 0);
}

static void
drop_lists (CobroCustomerPage *self)
{
  gtk_list_box_bind_model (self->documents_list, NULL, NULL, NULL, NULL);
  gtk_list_box_bind_model (self->payments_list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->documents);
  g_clear_object (&self->moneys);
  self->shown = (CobroId){ 0 };
}

static void
bind_lists (CobroCustomerPage *self, const CobroId *id)
{
  drop_lists (self);
  self->shown = *id;
  self->documents = G_LIST_MODEL (
    gtk_slice_list_model_new (G_LIST_MODEL (cobro_invoices_list_of_customer (self->invoices, id)), 0, ROWS_MAX));
  self->moneys =
    G_LIST_MODEL (gtk_slice_list_model_new (G_LIST_MODEL (cobro_payments_list (self->payments, id)), 0, ROWS_MAX));
  gtk_list_box_bind_model (self->documents_list, self->documents, create_document, NULL, NULL);
  gtk_list_box_bind_model (self->payments_list, self->moneys, create_payment, NULL, NULL);
  g_signal_connect_object (self->documents, "items-changed", G_CALLBACK (on_documents_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->moneys, "items-changed", G_CALLBACK (on_moneys_changed_cb), self, G_CONNECT_SWAPPED);
  on_documents_changed_cb (self);
  on_moneys_changed_cb (self);
}

/* ── The widget ── */

void
cobro_customer_page_set_item (CobroCustomerPage *self, CobroCustomerItem *item)
{
  g_return_if_fail (COBRO_IS_CUSTOMER_PAGE (self));

  if (self->item == item)
    return;
  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (!item)
    return drop_lists (self);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (show_item), self);
  bind_lists (self, &cobro_customer_item_get_customer (item)->id);
  show_item (self);
}

void
cobro_customer_page_set_models (CobroCustomerPage *self, CobroInvoices *invoices, CobroPayments *payments)
{
  g_return_if_fail (COBRO_IS_CUSTOMER_PAGE (self));
  g_return_if_fail (self->invoices == NULL);

  self->invoices = g_object_ref (invoices);
  self->payments = g_object_ref (payments);
}

static void
cobro_customer_page_dispose (GObject *object)
{
  CobroCustomerPage *self = COBRO_CUSTOMER_PAGE (object);

  if (self->documents_list)
    cobro_customer_page_set_item (self, NULL);
  g_clear_object (&self->invoices);
  g_clear_object (&self->payments);
  G_OBJECT_CLASS (cobro_customer_page_parent_class)->dispose (object);
}

static void
cobro_customer_page_class_init (CobroCustomerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_customer_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-customer-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, archive_button);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, name_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, attention_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, open_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, overdue_box);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, overdue_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, credit_box);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, credit_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, invoice_button);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, statement_button);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, details_group);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, contact_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, email_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, phone_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, delivery_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, tax_id_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, notes_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, documents_group);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, documents_list);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, payments_group);
  gtk_widget_class_bind_template_child (widget_class, CobroCustomerPage, payments_list);
}

static void
cobro_customer_page_init (CobroCustomerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
