/* tests/ui/native/test-invoices.c — invoices in the window: written with the keyboard alone, issued, recorded,
 * duplicated, credited; what the editor shows while somebody types. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include <string.h>
#include <time.h>

#include "cobro-country-row.h"
#include "cobro-invoice-editor.h"
#include "cobro-invoice-form.h"
#include "cobro-invoice-line-row.h"
#include "cobro-invoice-page.h"
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
  return COBRO_INVOICE_EDITOR (ui_page (self->window, "invoice-editor"));
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

/* A dialog that comes after something was read. */
static GtkWidget *
find_dialog (const char *title)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (g_strcmp0 (gtk_window_get_title (window), title) == 0 && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return GTK_WIDGET (window);
    }
  return NULL;
}

static GtkWidget *
wait_for_dialog (const char *title)
{
  wait_until (find_dialog (title) != NULL);
  ui_settle ();
  return find_dialog (title);
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

/* Writes, issues and shows the invoice of the sample. */
static void
issue_sample (UiFixture *self)
{
  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  enter (self, editor (self), "email_row", "jane@example.com");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  send_it (self, "Send the Invoice?");
}

static const char *
shown_page (UiFixture *self)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack")));
}

/* Two steps: Record Payment, Record; the amount that is due and today are filled in. A part first, then the rest.
 * proves: INV-10 */
static void
test_record (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;

  issue_sample (self);
  gtk_widget_activate (ui_button (self->window, "Record Payment"));
  dialog = wait_for_dialog ("Record Payment");
  g_assert_nonnull (ui_find_label (dialog, "It is paid in full with that."));
  ui_picture (dialog, "invoice-record");
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "amount_row")), "30");
  ui_settle ();
  g_assert_nonnull (ui_find_label (dialog, "A$52.50 stays open."));
  gtk_widget_activate (ui_id (dialog, "record_button"));
  wait_until (ui_find_label (self->window, "Partly Paid"));

  gtk_widget_activate (ui_button (self->window, "Record Payment"));
  dialog = wait_for_dialog ("Record Payment");
  gtk_widget_activate (ui_id (dialog, "record_button"));
  wait_until (ui_find_label (self->window, "Recorded; the invoice is paid"));
  wait_until (ui_find_label (self->window, "Paid"));
  ui_settle ();
  ui_picture (self->window, "invoice-paid");
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM payment"), ==, 2);
}

/* Repeating an invoice: Ctrl+U, and it is there to be changed and sent. */
static void
test_duplicate (UiFixture *self, gconstpointer data)
{
  issue_sample (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.duplicate", NULL);
  wait_until (g_str_equal (shown_page (self), "invoice-editor"));
  ui_settle ();
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (editor (self), "customer_row"))), ==, "Jane Doe");
  g_assert_nonnull (ui_find_label (self->window, "A$82.50"));
  send_it (self, "Send the Invoice?");
  g_assert_nonnull (ui_find_label (self->window, "Invoice INV-2023-00002"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM customer"), ==, 1);
}

/* Voided by a credit note: the number stays, nobody can pay. */
static void
test_void (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;
  CobroInvoicePage *page;

  issue_sample (self);
  page = COBRO_INVOICE_PAGE (ui_page (self->window, "invoice"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "invoice.void", "s",
                              cobro_invoice_item_get_id (cobro_invoice_page_get_item (page)));
  dialog = wait_for_dialog ("Credit and Void");
  g_assert_false (gtk_widget_get_sensitive (ui_id (dialog, "void_button")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "reason_row")), "Wrong address");
  ui_settle ();
  ui_picture (dialog, "invoice-void");
  gtk_widget_activate (ui_id (dialog, "void_button"));
  wait_until (ui_find_label (self->window, "Void"));
  wait_until (ui_find_label (self->window, "Credit Note CN-2023-00001"));
  ui_settle ();
  ui_picture (self->window, "invoice-voided");
}

/* A card paid the invoice on the page: what the feed leaves in the books. */
static CobroId
be_paid_by_card (UiFixture *self)
{
  CobroId id = cobro_id_new (COBRO_ID_PAYMENT, self->books.clock, self->books.random);
  CobroInvoicePage *page = COBRO_INVOICE_PAGE (ui_page (self->window, "invoice"));
  CobroId invoice = cobro_invoice_item_get_invoice (cobro_invoice_page_get_item (page))->id;
  CobroId link = cobro_invoice_link_id (&invoice);
  g_autofree char *payment = g_strdup_printf (
    "INSERT INTO payment (id, link_id, document, state, currency, amount, received, received_currency, created_at, "
    "updated_at) VALUES ('%s', '%s', '{\"id\":\"%s\",\"linkId\":\"%s\",\"amount\":8250,\"received\":{\"amount\":8250,"
    "\"currency\":\"AUD\"},\"currency\":\"AUD\",\"status\":\"succeeded\",\"gateway\":\"stripe\","
    "\"createdAt\":\"2026-11-21T09:30:00Z\"}', %d, 'AUD', 8250, 8250, 'AUD', 1, 1)",
    id.text, link.text, id.text, link.text, COBRO_PAYMENT_SUCCEEDED);
  g_autofree char *sums =
    g_strdup_printf ("UPDATE link SET paid = 8250, uses = 1, attempts = 1 WHERE id = '%s'", link.text);

  exec_in_books (&self->books, payment);
  exec_in_books (&self->books, sums);
  return id;
}

/* Money given back on an invoice says for what: the order keeps which invoice, and while no relay has taken it there is
 * no credit note (tests/sync: it comes with the answer, in one transaction). */
static void
test_refund (UiFixture *self, gconstpointer data)
{
  GtkWidget *payment, *refund;
  CobroId id;

  issue_sample (self);
  id = be_paid_by_card (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "payment.show", "s", id.text);
  payment = wait_for_dialog ("Payment");
  wait_until (gtk_widget_get_sensitive (ui_id (payment, "refund_button")));
  g_signal_emit_by_name (ui_id (payment, "refund_button"), "clicked");
  refund = wait_for_dialog ("Refund");
  wait_until (gtk_widget_get_visible (ui_id (refund, "credit_row")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (refund, "amount_row")), "20.00");
  ui_picture (refund, "invoice-refund");
  g_signal_emit_by_name (ui_id (refund, "refund_button"), "clicked");
  g_signal_emit_by_name (ui_id (refund, "refund_button"), "clicked");
  wait_until (gtk_widget_get_visible (ui_id (refund, "answer_box")));
  g_assert_nonnull (
    strstr (gtk_label_get_text (GTK_LABEL (ui_id (refund, "answer_label"))), "The credit note is issued as soon as"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM refund_order JOIN invoice ON "
                                                 "invoice.id = credit_id WHERE amount = 2000"),
                   ==, 1);
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice WHERE number LIKE 'CN-%'"), ==, 0);
}

/* Sixteen days late, with a fee of 2 % and 10.00 after fourteen: a draft over 11.65, to be looked at and sent. */
static void
test_late_fee (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroMerchant) merchant = NULL;
  CobroInvoicePage *page;

  issue_sample (self);
  merchant = cobro_business_dup_merchant (self->business);
  merchant->late_fee = (CobroLateFee){ TRUE, 14, 2 * COBRO_DECIMAL_ONE, cobro_money (1000, dollar ()) };
  g_assert_true (cobro_business_set_merchant (self->business, merchant, NULL));
  store_fixture_settle (&self->books);
  page = COBRO_INVOICE_PAGE (ui_page (self->window, "invoice"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "invoice.late-fee", "s",
                              cobro_invoice_item_get_id (cobro_invoice_page_get_item (page)));
  wait_until (ui_find_label (self->window, "A late fee is due 14 days after the due date"));
  cobro_clock_advance (self->books.clock, 30 * COBRO_DAY);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "invoice.show", "s",
                              cobro_invoice_item_get_id (cobro_invoice_page_get_item (page)));
  wait_until (ui_find_label (self->window, "Overdue"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "invoice.late-fee", "s",
                              cobro_invoice_item_get_id (cobro_invoice_page_get_item (page)));
  wait_until (g_str_equal (shown_page (self), "invoice-editor"));
  ui_settle ();
  g_assert_nonnull (ui_find_label (self->window, "A$11.65"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (line_row (self, 0), "description_entry"))), ==,
                   "Late fee for invoice INV-2023-00001");
}

/* What is written stays, also when one walks away; what is discarded comes back with Undo. */
static void
test_drafts (UiFixture *self, gconstpointer data)
{
  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.back", NULL);
  ui_settle ();
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice"), ==, 0); /* nothing to keep */

  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  write_line (self, 0, "Vacuum cleaner service", "2", "75");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.back", NULL);
  wait_until (ui_find_label (self->window, "1 invoice"));
  ui_settle ();
  g_assert_nonnull (ui_find_label (self->window, "Jane Doe"));
  ui_picture (self->window, "invoices-list");

  g_signal_emit_by_name (ui_id (ui_page (self->window, "invoices"), "view"), "activate", 0);
  wait_until (g_str_equal (shown_page (self), "invoice"));
  ui_settle ();
  gtk_widget_activate (ui_button (self->window, "Edit"));
  wait_until (g_str_equal (shown_page (self), "invoice-editor"));
  ui_settle ();
  g_assert_nonnull (ui_find_label (self->window, "A$165.00"));
  gtk_widget_activate_action (GTK_WIDGET (editor (self)), "editor.discard", NULL);
  wait_until (ui_find_label (self->window, "Draft discarded"));
  wait_until (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice") == 0);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL);
  wait_until (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice") == 1);
  wait_until (ui_find_label (self->window, "1 invoice"));
}

/* Document, mail and page before anything is sent. */
static void
test_preview (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;

  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  enter (self, editor (self), "email_row", "jane@example.com");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  gtk_widget_activate_action (GTK_WIDGET (editor (self)), "editor.preview", NULL);
  ui_settle ();
  dialog = ui_toplevel ("Preview");
  ui_picture (dialog, "invoice-preview");
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (ui_id (dialog, "view_stack")), "mail");
  ui_settle ();
  g_assert_nonnull (ui_find_label (dialog, "jane@example.com"));
  ui_picture (dialog, "invoice-preview-mail");
  adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (ui_id (dialog, "view_stack")), "page");
  ui_settle ();
  g_assert_nonnull (ui_find_label (dialog, "The Vacuum Shop Pty Ltd"));
  ui_picture (dialog, "invoice-preview-page");
}

static gint64
spent (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* A thousand lines: what a key costs, from the entry to the total that is shown, in the process's own time. */
static void
test_long (UiFixture *self, gconstpointer data)
{
  GtkEditable *price;
  gint64 fastest = G_MAXINT64;
  int position = 0;

  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  {
    g_autoptr (CobroInvoice) draft = cobro_invoice_form_dup_invoice (form (self));

    for (int i = 0; i < COBRO_INVOICE_LINES_MAX; i++)
      {
        g_autofree char *text = g_strdup_printf ("Part %d", i);
        CobroInvoiceLine *line = cobro_invoice_line_new (text);

        line->unit_price = (i + 1) * COBRO_UNIT_PRICE_ONE;
        line->tax_category = COBRO_TAX_STANDARD;
        line->tax_rate = (CobroDecimal)(i % 5 + 1) * COBRO_DECIMAL_ONE;
        cobro_link_set_text (&line->tax_name, "GST");
        g_ptr_array_add (draft->lines, line);
      }
    cobro_invoice_editor_open (editor (self), draft, NULL);
  }
  wait_until (line_row (self, COBRO_INVOICE_LINES_MAX - 1));
  price = GTK_EDITABLE (ui_id (line_row (self, 500), "price_entry"));
  for (int i = 0; i < 6; i++)
    {
      gint64 begun = spent ();

      gtk_editable_insert_text (price, "7", 1, &position);
      fastest = MIN (fastest, spent () - begun);
    }
  g_test_message ("a key on a thousand lines: %" G_GINT64_FORMAT " us", fastest);
  g_assert_cmpint (fastest, <, 5 * 1000);
}

/* What a new buyer's documents need, and what only this invoice does: all of it reaches the draft. */
static void
test_more_options (UiFixture *self, gconstpointer data)
{
  const CobroInvoice *invoice;
  GtkTextView *notes;

  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  invoice = cobro_invoice_form_get_invoice (form (self));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (ui_id (editor (self), "delivery_row")), TRUE);
  enter (self, editor (self), "delivery_city_row", "Geelong");
  cobro_country_row_set_code (COBRO_COUNTRY_ROW (ui_id (editor (self), "country_row")), "NZ");
  g_signal_emit_by_name (ui_id (editor (self), "country_row"), "chosen");
  g_assert_cmpstr (invoice->delivery.city, ==, "Geelong");
  g_assert_cmpstr (invoice->buyer.address.country, ==, "NZ");

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (ui_id (editor (self), "options_row")), TRUE);
  g_assert_false (gtk_widget_get_visible (ui_id (editor (self), "minimum_row")));
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_id (editor (self), "plan_row")), 1); /* any parts */
  g_assert_true (gtk_widget_get_visible (ui_id (editor (self), "minimum_row")));
  enter (self, editor (self), "minimum_entry", "25");
  g_assert_cmpint (cobro_money_minor (invoice->minimum_first), ==, 2500);

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (ui_id (editor (self), "more_row")), TRUE);
  gtk_switch_set_active (GTK_SWITCH (ui_id (editor (self), "reminders_switch")), TRUE);
  g_assert_true (invoice->reminders.custom);
  g_assert_cmpuint (invoice->reminders.n, ==, 4);
  notes = GTK_TEXT_VIEW (ui_id (editor (self), "private_view"));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (notes), "pays late", -1);
  g_assert_cmpstr (invoice->private_notes, ==, "pays late");
  g_assert_cmpstr (invoice->notes, !=, "pays late");
  ui_picture (self->window, "invoice-editor-options");

  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_id (editor (self), "plan_row")),
                              0); /* all at once: nothing of it stays */
  g_assert_false (cobro_money_is_set (invoice->minimum_first));
  gtk_switch_set_active (GTK_SWITCH (ui_id (editor (self), "reminders_switch")), FALSE);
  g_assert_false (invoice->reminders.custom);
}

/* What the relay did not take is said where it is seen: in the list, and with the reason where it can be mended. */
static void
test_product_not_accepted (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;
  GtkLabel *problem;

  be_the_vacuum_shop (self);
  know_product (self, "Vacuum bags, 5 pieces", 2400 * COBRO_UNIT_PRICE_ONE);
  exec_in_books (&self->books, "UPDATE product SET id = 'prd_01hf7d00000000000000000000', trouble = 1, reason = 'the "
                               "price is higher than this relay takes'");
  exec_in_books (&self->books, "UPDATE product SET document = json_set (document, '$.id', id)");
  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "place.show", "(su)", "products",
                              COBRO_PRODUCT_FILTER_ATTENTION);
  wait_until (ui_find_label (self->window, "Not Accepted"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "product.edit", "s", "prd_01hf7d00000000000000000000");
  dialog = wait_for_dialog ("Edit Product");
  problem = GTK_LABEL (ui_id (dialog, "problem_label"));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (problem)));
  g_assert_nonnull (strstr (gtk_label_get_text (problem), "The price is higher than this relay takes."));
  ui_picture (dialog, "product-not-accepted");
}

/* Nothing is wider than a telephone. */
static void
test_360_pixels (UiFixture *self, gconstpointer data)
{
  be_the_vacuum_shop (self);
  ui_fixture_make_window (self);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 720);
  gtk_window_present (GTK_WINDOW (self->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  enter (self, editor (self), "email_row", "jane@example.com");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (editor (self))), <=, 360);
  ui_picture (self->window, "invoice-editor-360");
  send_it (self, "Send the Invoice?");
  g_assert_cmpint (gtk_widget_get_width (ui_page (self->window, "invoice")), <=, 360);
  ui_picture (self->window, "invoice-360");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.back", NULL);
  ui_settle ();
  g_assert_cmpint (gtk_widget_get_width (ui_page (self->window, "invoices")), <=, 360);
  ui_picture (self->window, "invoices-list-360");
}

static void
test_dark (UiFixture *self, gconstpointer data)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  enter (self, editor (self), "email_row", "jane@example.com");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (ui_id (editor (self), "options_row")), TRUE);
  ui_settle ();
  ui_picture (self->window, "invoice-editor-dark");
  send_it (self, "Send the Invoice?");
  ui_picture (self->window, "invoice-dark");
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

/* A window that is closed over an invoice goes away whole, and the draft stays. */
static void
test_finalized (UiFixture *self, gconstpointer data)
{
  be_the_vacuum_shop (self);
  ui_fixture_open (self);
  new_invoice (self);
  enter (self, editor (self), "customer_row", "Jane Doe");
  write_line (self, 0, "Vacuum cleaner service", "1", "75");
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
  gtk_window_close (GTK_WINDOW (self->window));
  wait_until (self->window == NULL);
  wait_until (count_in_books (&self->books, "SELECT count (*) AS n FROM invoice") == 1);
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
#define ADD(path, test) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, test, ui_fixture_tear_down)
  ADD ("/invoices/new-customer", test_new_customer);
  ADD ("/invoices/live-totals", test_live_totals);
  ADD ("/invoices/type-ahead", test_type_ahead);
  ADD ("/invoices/record", test_record);
  ADD ("/invoices/duplicate", test_duplicate);
  ADD ("/invoices/void", test_void);
  ADD ("/invoices/refund", test_refund);
  ADD ("/invoices/late-fee", test_late_fee);
  ADD ("/invoices/drafts", test_drafts);
  ADD ("/invoices/preview", test_preview);
  ADD ("/invoices/long", test_long);
  ADD ("/invoices/more-options", test_more_options);
  ADD ("/invoices/product-not-accepted", test_product_not_accepted);
  ADD ("/invoices/360-pixels", test_360_pixels);
  ADD ("/invoices/dark", test_dark);
  ADD ("/invoices/finalized", test_finalized);
  return g_test_run ();
}
