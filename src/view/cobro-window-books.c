/* src/view/cobro-window-books.c — what people do with customers, products and accounts: write down, change, archive,
 * state, bring in and hand out. Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-aged-dialog.h"
#include "cobro-customer-dialog.h"
#include "cobro-customers-list.h"
#include "cobro-dialogs.h"
#include "cobro-export-dialog.h"
#include "cobro-import-dialog.h"
#include "cobro-payments-list.h"
#include "cobro-product-dialog.h"
#include "cobro-products-list.h"
#include "cobro-repeat-dialog.h"
#include "cobro-schedules-dialog.h"
#include "cobro-statement-dialog.h"
#include "cobro-view-text.h"

/* ── An action names a customer; it is read, then something is done with it ── */

typedef void (*WithCustomer) (CobroWindow *self, CobroCustomerItem *item);

typedef struct
{
  CobroWindow *window;
  WithCustomer func;
} Doing;

static void
say_error (CobroWindow *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  cobro_window_toast (self, sentence);
}

static void
on_customer_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Doing *doing = user_data;
  g_autoptr (CobroWindow) window = doing->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroCustomerItem) item = cobro_customers_load_finish (COBRO_CUSTOMERS (source), result, &error);

  if (!window->customers) /* closed meanwhile */
    return;
  if (item)
    doing->func (window, item);
  else
    say_error (window, error);
}

static void
with_customer (CobroWindow *self, const char *id, WithCustomer func)
{
  Doing *doing = g_new0 (Doing, 1);

  *doing = (Doing){ .window = g_object_ref (self), .func = func };
  cobro_customers_load_async (self->customers, id, NULL, on_customer_loaded_cb, doing);
}

static void
show_customer (CobroWindow *self, CobroCustomerItem *item)
{
  cobro_customer_page_set_item (cobro_window_get_page (self, "customer"), item);
  cobro_window_show_page (self, "customer");
}

static void
on_customer_saved_cb (CobroWindow *self, const char *id)
{
  with_customer (self, id, show_customer);
}

static void
open_customer_dialog (CobroWindow *self, const CobroCustomer *customer)
{
  const char *country = cobro_business_get_merchant (self->business)->seller.address.country;
  CobroCustomerDialog *dialog = cobro_customer_dialog_new (GTK_WINDOW (self), self->customers, customer, country);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (on_customer_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
edit_customer (CobroWindow *self, CobroCustomerItem *item)
{
  open_customer_dialog (self, cobro_customer_item_get_customer (item));
}

static void
archive_customer (CobroWindow *self, CobroCustomerItem *item)
{
  const CobroCustomer *customer = cobro_customer_item_get_customer (item);
  gboolean archived = !customer->archived;

  cobro_customers_archive (self->customers, customer, archived,
                           archived ? _ ("Customer archived") : _ ("Customer offered again"));
}

static void
state_customer (CobroWindow *self, CobroCustomerItem *item)
{
  gtk_window_present (
    GTK_WINDOW (cobro_statement_dialog_new (GTK_WINDOW (self), self->customers, self->business, item)));
}

static const struct
{
  const char *action;
  WithCustomer func;
} customer_actions[] = {
  { "customer.show", show_customer },
  { "customer.edit", edit_customer },
  { "customer.archive", archive_customer },
  { "customer.statement", state_customer },
};

static void
on_customer_action (GtkWidget *widget, const char *action, GVariant *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (customer_actions); i++)
    if (g_str_equal (customer_actions[i].action, action))
      with_customer (COBRO_WINDOW (widget), g_variant_get_string (id, NULL), customer_actions[i].func);
}

static void
new_customer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_customer_dialog (COBRO_WINDOW (widget), NULL);
}

static void
on_aged_chosen_cb (CobroWindow *self, const char *id)
{
  with_customer (self, id, show_customer);
}

static void
aged_receivables (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  CobroAgedDialog *dialog = cobro_aged_dialog_new (GTK_WINDOW (self), self->customers);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_aged_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ── Products ── */

/* @item: (nullable) */
static void
open_product_dialog (CobroWindow *self, CobroProductItem *item)
{
  const CobroProduct *product = item ? cobro_product_item_get_product (item) : NULL;
  CobroProductDialog *dialog = cobro_product_dialog_new (GTK_WINDOW (self), self->products, self->business, product);

  if (item && cobro_product_item_get_state (item) == COBRO_RECORD_REJECTED)
    cobro_product_dialog_say_refused (dialog, cobro_product_item_get_reason (item));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_product_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroProductItem) item = cobro_products_load_finish (COBRO_PRODUCTS (source), result, &error);

  if (!self->products) /* closed meanwhile */
    return;
  if (item)
    open_product_dialog (self, item);
  else
    say_error (self, error);
}

static void
edit_product (GtkWidget *widget, const char *action, GVariant *id)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  cobro_products_load_async (self->products, g_variant_get_string (id, NULL), NULL, on_product_loaded_cb,
                             g_object_ref (self));
}

static void
new_product (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_product_dialog (COBRO_WINDOW (widget), NULL);
}

/* ── Payments ── */

static void
show_period (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  const char *name;
  gint64 from, to;

  g_variant_get (parameter, "(xx&s)", &from, &to, &name);
  cobro_window_show_place (self, "payments");
  cobro_payments_list_show_period (cobro_window_get_page (self, "payments"), self->payments, from, to, name);
}

/* ── What repeats ── */

static void
schedules (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (cobro_schedules_dialog_new (GTK_WINDOW (self), self->schedules)));
}

static void
on_schedule_saved_cb (CobroWindow *self)
{
  cobro_window_toast (self, _ ("It will repeat"));
}

static void
on_invoice_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);
  CobroRepeatDialog *dialog;

  if (!self->schedules) /* closed meanwhile */
    return;
  if (!item)
    return say_error (self, error);
  dialog = cobro_repeat_dialog_new (GTK_WINDOW (self), self->schedules, cobro_invoice_item_get_invoice (item));
  g_signal_connect_object (dialog, "saved", G_CALLBACK (on_schedule_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
repeat_invoice (GtkWidget *widget, const char *action, GVariant *id)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  cobro_invoices_load_async (self->invoices, g_variant_get_string (id, NULL), NULL, on_invoice_loaded_cb,
                             g_object_ref (self));
}

/* ── In and out ── */

static void
open_import (CobroWindow *self, CobroImportKind kind)
{
  CobroImportDialog *dialog = cobro_import_dialog_new (GTK_WINDOW (self), self->books_import, kind);

  g_signal_connect_object (dialog, "taken", G_CALLBACK (cobro_window_toast), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
import_customers (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_import (COBRO_WINDOW (widget), COBRO_IMPORT_CUSTOMERS);
}

static void
import_products (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_import (COBRO_WINDOW (widget), COBRO_IMPORT_PRODUCTS);
}

static void
import_links (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_import (COBRO_WINDOW (widget), COBRO_IMPORT_LINKS);
}

static void
import_invoices (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_import (COBRO_WINDOW (widget), COBRO_IMPORT_INVOICES);
}

static void
match_statement (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cobro_bank_page_ask (cobro_window_get_page (COBRO_WINDOW (widget), "bank"));
}

static void
on_statement_opened_cb (CobroWindow *self)
{
  cobro_window_show_page (self, "bank");
}

gpointer
cobro_window_make_bank_page (CobroWindow *self)
{
  CobroBankPage *page = g_object_new (COBRO_TYPE_BANK_PAGE, NULL);

  cobro_bank_page_set_models (page, self->payments, self->business, cobro_links_get_undo (self->links));
  g_signal_connect_object (page, "opened", G_CALLBACK (on_statement_opened_cb), self, G_CONNECT_SWAPPED);
  return page;
}

static void
on_export_written_cb (CobroWindow *self, const char *name)
{
  /* Translators: %s is a file's name. */
  g_autofree char *said = g_strdup_printf (_ ("%s is written"), name);

  cobro_window_toast (self, said);
}

static void
export_accounts (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  CobroExportDialog *dialog =
    cobro_export_dialog_new (GTK_WINDOW (self), self->books_export, cobro_customers_get_today (self->customers));

  g_signal_connect_object (dialog, "written", G_CALLBACK (on_export_written_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ── What needs attention ── */

static void
on_count_changed_cb (CobroWindow *self)
{
  cobro_window_set_place_count (self, "attention", cobro_attention_get_count (self->attention));
}

static void
on_attention_failed_cb (CobroWindow *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *body = g_strdup_printf (_ ("%s Nothing was decided, and no money moved."), sentence);

  cobro_dialogs_tell (GTK_WINDOW (self), _ ("It Could Not Be Done"), body);
}

static void
follow_attention (CobroWindow *self, const CobroWindowModels *models)
{
  self->attention = g_object_ref (models->attention);
  g_signal_connect_object (models->attention, "notify::count", G_CALLBACK (on_count_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (models->attention, "failed", G_CALLBACK (on_attention_failed_cb), self, G_CONNECT_SWAPPED);
  on_count_changed_cb (self);
}

/* ── The window ── */

void
cobro_window_install_book_actions (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (customer_actions); i++)
    gtk_widget_class_install_action (widget_class, customer_actions[i].action, "s", on_customer_action);
  gtk_widget_class_install_action (widget_class, "win.new-customer", NULL, new_customer);
  gtk_widget_class_install_action (widget_class, "win.aged-receivables", NULL, aged_receivables);
  gtk_widget_class_install_action (widget_class, "product.edit", "s", edit_product);
  gtk_widget_class_install_action (widget_class, "win.new-product", NULL, new_product);
  gtk_widget_class_install_action (widget_class, "payment.show-period", "(xxs)", show_period);
  gtk_widget_class_install_action (widget_class, "win.import-customers", NULL, import_customers);
  gtk_widget_class_install_action (widget_class, "win.import-products", NULL, import_products);
  gtk_widget_class_install_action (widget_class, "win.import-links", NULL, import_links);
  gtk_widget_class_install_action (widget_class, "win.import-invoices", NULL, import_invoices);
  gtk_widget_class_install_action (widget_class, "win.export-accounts", NULL, export_accounts);
  gtk_widget_class_install_action (widget_class, "win.match-statement", NULL, match_statement);
  gtk_widget_class_install_action (widget_class, "win.recurring", NULL, schedules);
  gtk_widget_class_install_action (widget_class, "invoice.repeat", "s", repeat_invoice);
}

void
cobro_window_follow_books (CobroWindow *self, const CobroWindowModels *models)
{
  self->customers = g_object_ref (models->customers);
  self->products = g_object_ref (models->products);
  self->payments = g_object_ref (models->payments);
  self->developers = g_object_ref (models->developers);
  self->events = g_object_ref (models->events);
  self->schedules = g_object_ref (models->schedules);
  self->books_import = g_object_ref (models->books_import);
  self->books_export = g_object_ref (models->books_export);
  self->backups = g_object_ref (models->backups);
  follow_attention (self, models);
  g_signal_connect_object (models->customers, "failed", G_CALLBACK (say_error), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (models->products, "failed", G_CALLBACK (say_error), self, G_CONNECT_SWAPPED);
}

void
cobro_window_leave_books (CobroWindow *self)
{
  CobroBankPage *bank_page = cobro_window_peek_page (self, "bank");

  if (bank_page)
    cobro_bank_page_set_models (bank_page, NULL, NULL, NULL);
  g_clear_object (&self->customers);
  g_clear_object (&self->products);
  g_clear_object (&self->payments);
  g_clear_object (&self->developers);
  g_clear_object (&self->events);
  g_clear_object (&self->schedules);
  g_clear_object (&self->attention);
  g_clear_object (&self->books_import);
  g_clear_object (&self->books_export);
  g_clear_object (&self->backups);
}
