/* tests/ui/native/test-invoices.c — invoices in the window: written with the keyboard alone, issued, recorded,
 * duplicated, credited; what the editor shows while somebody types. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-invoice-editor.h"
#include "cobro-invoice-line-row.h"
#include "cobro-number-entry.h"

/* ── What a merchant has ── */

static CobroCurrency
dollar (void)
{
  CobroCurrency currency;

  g_assert_true (cobro_currency_from_code ("AUD", &currency, NULL));
  return currency;
}

static void
be_the_vacuum_shop (UiFixture *self)
{
  g_autoptr (CobroMerchant) merchant = cobro_business_dup_merchant (self->business);
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->currency, "AUD");
  cobro_link_set_text (&merchant->seller.name, "The Vacuum Shop Pty Ltd");
  cobro_link_set_text (&merchant->seller.address.country, "AU");
  cobro_link_set_text (&merchant->time_zone, "Australia/Sydney");
  g_ptr_array_add (merchant->taxes, cobro_tax_rate_new ("GST", COBRO_TAX_STANDARD, 10 * COBRO_DECIMAL_ONE, TRUE));
  merchant->terms = 14;
  if (!cobro_business_set_merchant (self->business, merchant, &error))
    g_error ("%s", error->message);
  store_fixture_settle (&self->books);
}

static void
know_customer (UiFixture *self, const char *name, const char *email)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroCustomer) stored = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&customer->party.name, name);
  cobro_link_set_text (&customer->party.email, email);
  cobro_customer_store_put_async (self->books.store, customer, NULL, on_result_cb, &result);
  stored = cobro_customer_store_put_finish (self->books.store, wait_for_result (&result), &error);
  g_assert_no_error (error);
}

static void
know_product (UiFixture *self, const char *name, CobroUnitPrice price)
{
  g_autoptr (CobroProduct) product = cobro_product_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroProduct) stored = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&product->name, name);
  cobro_link_set_text (&product->tax_name, "GST");
  product->tax_category = COBRO_TAX_STANDARD;
  product->tax_rate = 10 * COBRO_DECIMAL_ONE;
  product->currency = dollar ();
  product->unit_price = price;
  cobro_product_store_put_async (self->books.store, product, NULL, on_result_cb, &result);
  stored = cobro_product_store_put_finish (self->books.store, wait_for_result (&result), &error);
  g_assert_no_error (error);
}

/* ── What a person does ── */

static CobroInvoiceEditor *
editor (UiFixture *self)
{
  return COBRO_INVOICE_EDITOR (ui_id (self->window, "invoice_editor"));
}

static CobroInvoiceForm *
form (UiFixture *self)
{
  return cobro_invoice_editor_get_form (editor (self));
}

static void
new_invoice (UiFixture *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.new-invoice", NULL);
  ui_settle ();
  g_assert_nonnull (form (self));
}

static void
enter (UiFixture *self, gpointer root, const char *id, const char *text)
{
  gtk_widget_grab_focus (ui_id (root, id));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (root, id)), text);
  ui_settle ();
}

static void
find_list (GtkWidget *widget, gpointer out_list)
{
  GtkWidget **list = out_list;

  if (GTK_IS_LIST_BOX (widget) && gtk_widget_get_mapped (widget) && gtk_widget_has_css_class (widget, "suggestions"))
    *list = widget;
}

/* Takes the first suggestion below an entry. (Enter does: tests/ui/invoices.py presses it.) */
static void
take_first (gpointer entry)
{
  GtkWidget *list = NULL;

  ui_walk (GTK_WIDGET (entry), find_list, &list);
  g_assert_nonnull (list);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
  ui_settle ();
}

static GtkWidget *
line_row (UiFixture *self, int index)
{
  return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_id (editor (self), "lines_list")), index));
}

static void
write_line (UiFixture *self, int index, const char *description, const char *quantity, const char *price)
{
  enter (self, line_row (self, index), "description_entry", description);
  enter (self, line_row (self, index), "quantity_entry", quantity);
  enter (self, line_row (self, index), "price_entry", price);
}

/* Ctrl+Enter, and Enter in the question. */
static void
send_it (UiFixture *self, const char *question)
{
  GtkWidget *dialog;

  gtk_widget_activate_action (GTK_WIDGET (editor (self)), "editor.send", NULL);
  ui_settle ();
  dialog = ui_toplevel (question);
  g_assert_nonnull (dialog);
  gtk_widget_activate (gtk_window_get_default_widget (GTK_WINDOW (dialog)));
  wait_until (
    g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack"))), "invoice") == 0);
  ui_settle ();
}

/* ── The tests ── */

/* The sample of the requirements: 75.00 + 10 % GST = 82.50.
 * proves: INV-1 */
static void
test_new_customer (UiFixture *self, gconstpointer data)
{
  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  ui_picture (self->window, "invoice-editor-empty");
  enter (self, editor (self), "customer_row", "Jane Doe");
  g_assert_nonnull (ui_find_label (self->window, "New customer"));
  enter (self, editor (self), "email_row", "jane@example.com");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  g_assert_nonnull (ui_find_label (self->window, "A$82.50"));
  g_assert_nonnull (ui_find_label (self->window, "GST 10 %"));
  ui_picture (self->window, "invoice-editor");
  send_it (self, "Send the Invoice?");

  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM customer"), ==, 1);
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice"), ==, 1);
  g_assert_nonnull (ui_find_label (self->window, "Waiting to Be Sent"));
  g_assert_nonnull (ui_find_label (self->window, "A$82.50"));
  ui_picture (self->window, "invoice-waiting");
}

/* Typed quantities and prices are read by locale, line totals follow, an odd one is marked and keeps it from going. */
static void
test_live_totals (UiFixture *self, gconstpointer data)
{
  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  write_line (self, 0, "Paper, a sheet", "1000", "0.0075");
  g_assert_nonnull (ui_find_label (self->window, "A$7.50"));
  g_assert_nonnull (ui_find_label (self->window, "A$8.25"));
  enter (self, line_row (self, 0), "discount_entry", "50 %");
  g_assert_nonnull (ui_find_label (self->window, "A$3.75"));
  enter (self, line_row (self, 0), "quantity_entry", "a lot");
  g_assert_true (gtk_widget_has_css_class (ui_id (line_row (self, 0), "quantity_entry"), "error"));
  enter (self, editor (self), "customer_row", "Jane Doe");
  gtk_widget_activate_action (GTK_WIDGET (editor (self)), "editor.send", NULL);
  wait_until (ui_find_label (self->window, "There is a number that cannot be understood"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice WHERE number <> ''"), ==, 0);
}

/* Customer and product by type-ahead: a few letters and Enter, twice.
 * proves: INV-1 */
static void
test_type_ahead (UiFixture *self, gconstpointer data)
{
  be_the_vacuum_shop (self);
  know_customer (self, "Jane Doe", "jane@example.com");
  know_customer (self, "Janice Roe", "janice@example.com");
  know_product (self, "Vacuum bags, 5 pieces", 2400 * COBRO_UNIT_PRICE_ONE);
  ui_fixture_open (self);
  new_invoice (self);
  enter (self, editor (self), "customer_row", "jan");
  wait_until (ui_find_label (self->window, "Janice Roe"));
  ui_settle ();
  ui_picture (self->window, "invoice-type-ahead");
  take_first (ui_id (editor (self), "customer_row"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (editor (self), "customer_row"))), ==, "Jane Doe");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (editor (self), "email_row"))), ==, "jane@example.com");

  enter (self, line_row (self, 0), "description_entry", "bag");
  wait_until (ui_find_label (self->window, "Vacuum bags, 5 pieces"));
  ui_settle ();
  take_first (ui_id (line_row (self, 0), "description_entry"));
  g_assert_nonnull (ui_find_label (self->window, "A$24.00"));
  g_assert_nonnull (ui_find_label (self->window, "A$26.40"));
  send_it (self, "Send the Invoice?");
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM customer"), ==, 2);
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
#define ADD(path, test) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, test, ui_fixture_tear_down)
  ADD ("/invoices/new-customer", test_new_customer);
  ADD ("/invoices/live-totals", test_live_totals);
  ADD ("/invoices/type-ahead", test_type_ahead);
  return g_test_run ();
}
