/* tests/ui/native/test-share.c — a link and an invoice on their way to somebody: words and addresses, the menu, the
 * PDF of a printer, what is dragged; and the counter, sale after sale. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-counter-window.h"
#include "cobro-drag-out.h"
#include "cobro-error.h"
#include "cobro-mail-out.h"
#include "cobro-money-row.h"
#include "cobro-print.h"
#include "cobro-share.h"

static CobroInvoiceItem *
issue (UiFixture *self)
{
  g_autoptr (CobroMerchant) merchant = cobro_business_dup_merchant (self->business);
  g_autoptr (CobroInvoice) draft = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Vacuum cleaner service");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroInvoiceItem *item;

  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->seller.name, "The Vacuum Shop Ltd");
  cobro_link_set_text (&merchant->seller.address.country, "IE");
  g_assert_true (cobro_business_set_merchant (self->business, merchant, &error));
  store_fixture_settle (&self->books);
  draft->currency = euro ();
  line->unit_price = cobro_unit_price_of (cobro_money (7500, euro ()));
  g_ptr_array_add (draft->lines, line);
  cobro_link_set_text (&draft->buyer.name, "Jane Doe");
  cobro_link_set_text (&draft->buyer.email, "jane@example.com");
  cobro_link_set_text (&draft->locale, "en");
  cobro_invoices_issue_async (self->invoices, draft, NULL, FALSE, NULL, on_result_cb, &result);
  item = cobro_invoices_finish (self->invoices, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return item;
}

/* ── Words and addresses ── */

/* proves: OPL-2 */
static void
test_link (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  g_autoptr (CobroShare) share = NULL;
  g_autofree char *mail = NULL, *whatsapp = NULL, *telegram = NULL, *sms = NULL, *file = NULL, *escaped = NULL;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea & cake / 50 %", 350);
  share = cobro_share_new_link (item, cobro_business_get_merchant (self->business));
  escaped = g_uri_escape_string (share->url, NULL, FALSE);
  mail = cobro_share_uri (share, COBRO_SHARE_EMAIL);
  whatsapp = cobro_share_uri (share, COBRO_SHARE_WHATSAPP);
  telegram = cobro_share_uri (share, COBRO_SHARE_TELEGRAM);
  sms = cobro_share_uri (share, COBRO_SHARE_SMS);
  file = cobro_share_file_name (share, ".svg");

  g_assert_true (g_str_has_prefix (share->message, "Tea & cake / 50 %, €3.50: http"));
  g_assert_true (g_str_has_prefix (mail, "mailto:?subject=Tea%20%26%20cake%20%2F%2050%20%25&body=Hello%2C%0D%0A"));
  g_assert_nonnull (strstr (mail, escaped));
  g_assert_true (g_str_has_prefix (whatsapp, "https://wa.me/?text=Tea%20%26"));
  g_assert_nonnull (strstr (telegram, escaped));
  g_assert_true (g_str_has_prefix (sms, "sms:?body=Tea"));
  g_assert_cmpstr (file, ==, "cobro-tea-cake-50.svg");
  g_assert_null (cobro_share_uri (share, COBRO_SHARE_PRINT));
}

static void
test_invoice (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroInvoiceItem) item = NULL;
  g_autoptr (CobroShare) with = NULL, without = NULL;
  g_autofree char *uri = NULL;

  pair_books (&self->books);
  item = issue (self);
  with = cobro_share_new_invoice (item, cobro_business_get_merchant (self->business), TRUE);
  without = cobro_share_new_invoice (item, cobro_business_get_merchant (self->business), FALSE);
  uri = cobro_share_uri (without, COBRO_SHARE_EMAIL);

  g_assert_true (g_str_has_prefix (with->name, "Invoice "));
  g_assert_nonnull (strstr (with->message, "€75.00"));
  g_assert_nonnull (strstr (with->message, with->url));
  g_assert_cmpstr (with->to, ==, "jane@example.com");
  g_assert_nonnull (strstr (with->subject, "The Vacuum Shop"));
  g_assert_nonnull (strstr (with->body, with->url));
  /* Only a mail that has the PDF speaks of it. */
  g_assert_cmpstr (with->body, !=, without->body);
  g_assert_true (g_str_has_prefix (uri, "mailto:jane@example.com?subject="));
}

static guint
entries_of (GMenuModel *menu)
{
  guint n = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      n += (guint)g_menu_model_get_n_items (section);
    }
  return n;
}

static void
test_menu (UiFixture *self, gconstpointer data)
{
  g_autoptr (GMenuModel) all = cobro_share_menu ("link_1", TRUE, FALSE);
  g_autoptr (GMenuModel) nothing = cobro_share_menu ("link_1", FALSE, FALSE);
  g_autoptr (GMenuModel) paper = cobro_share_menu ("inv_1", FALSE, TRUE);
  CobroShareWay way;

  g_assert_cmpuint (entries_of (all), ==, 8);
  g_assert_cmpuint (entries_of (nothing), ==, 0);
  g_assert_cmpuint (entries_of (paper), ==, 2); /* mailed and printed */
  g_assert_true (cobro_share_way_from_name ("save-png", &way));
  g_assert_cmpint (way, ==, COBRO_SHARE_SAVE_PNG);
  g_assert_false (cobro_share_way_from_name ("fax", &way));
}

/* Without a session bus there is no portal, and that is said in one error that the window knows. */
static void
test_no_portal (UiFixture *self, gconstpointer data)
{
  CobroMailOut mail = { .to = "jane@example.com", .subject = "Invoice", .body = "Here it is" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_mail_out_async (&mail, NULL, on_result_cb, &result);
  g_assert_false (cobro_mail_out_finish (wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
}

static void
test_drag (UiFixture *self, gconstpointer data)
{
  g_autoptr (GdkContentProvider) content = cobro_drag_out_content ("https://pay.example.com/pay/1");
  g_autoptr (GdkContentFormats) formats = gdk_content_provider_ref_formats (content);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (gdk_content_formats_contain_mime_type (formats, "text/uri-list"));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "https://pay.example.com/pay/1");
}

/* ── Paper ── */

static char *
print_to_text (CobroPaper *take_paper, const char *folder)
{
  g_autoptr (GtkPrintOperation) operation = cobro_print_operation_new (take_paper, "Tea");
  g_autofree char *path = g_build_filename (folder, "printed.pdf", NULL);
  const char *argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  int status;

  gtk_print_operation_set_export_filename (operation, path);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
                   GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (
    g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return text;
}

static void
test_print (UiFixture *self, gconstpointer data)
{
  CobroPaperSetup setup = { .locale = "en", .url = "https://pay.example.com/pay/1", .seller = "Ana's Café" };
  g_autofree char *text = print_to_text (cobro_paper_new_poster ("Tea", "€3.50", &setup), self->books.folder);
  g_auto (GStrv) pages = NULL;
  const char *words[] = { "Ana's Café", "Tea", "€3.50", "https://pay.example.com/pay/1" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_nonnull (strstr (text, words[i]));
  pages = g_strsplit (text, "\f", -1);
  g_assert_cmpuint (g_strv_length (pages), ==, 2); /* one page: a form feed ends it */
}

/* ── The window's menus ── */

static void
test_pages (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) link = NULL;
  g_autoptr (CobroInvoiceItem) invoice = NULL;
  g_autofree char *copied = NULL;

  pair_books (&self->books);
  link = ui_fixture_create (self, "Tea", 350);
  invoice = issue (self);
  ui_fixture_open (self);
  cobro_window_show_invoice (self->window, cobro_invoice_item_get_id (invoice));
  ui_settle ();
  gtk_menu_button_popup (GTK_MENU_BUTTON (ui_id (ui_page (self->window, "invoice"), "share_button")));
  ui_settle ();
  g_assert_nonnull (ui_find_label (self->window, "WhatsApp…"));
  g_assert_nonnull (ui_find_label (self->window, "Print…"));
  ui_picture (self->window, "share-invoice");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (ui_id (ui_page (self->window, "invoice"), "share_button")));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "share.to", "(ss)", cobro_invoice_item_get_id (invoice),
                              "copy");
  wait_until (
    g_strcmp0 ((g_free (copied), copied = ui_clipboard (self->window)), cobro_invoice_item_get_url (invoice)) == 0);
  cobro_window_show_link (self->window, cobro_link_item_get_id (link));
  ui_settle ();
  gtk_menu_button_popup (GTK_MENU_BUTTON (ui_id (ui_page (self->window, "link"), "share_button")));
  ui_settle ();
  ui_picture (self->window, "share-link");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (ui_id (ui_page (self->window, "link"), "share_button")));
  ui_settle ();
}

/* ── The counter ── */

/* What the relay told of a link, as the books have it then. */
static void
told (UiFixture *self, CobroLinkItem *item, const char *sql)
{
  g_autoptr (GAsyncResult) result = NULL;

  exec_in_books (&self->books, sql);
  cobro_links_load_async (self->links, cobro_link_item_get_id (item), NULL, on_result_cb, &result);
  g_object_unref (cobro_links_load_finish (self->links, wait_for_result (&result), NULL));
  ui_settle ();
}

static GtkWidget *
open_counter (UiFixture *self, CobroLinkItem *item, gboolean sound)
{
  GtkWidget *counter;

  ui_fixture_open (self);
  counter = GTK_WIDGET (cobro_counter_window_new (GTK_WINDOW (self->window), self->links, self->business, item, sound));
  gtk_window_present (GTK_WINDOW (counter));
  gtk_test_widget_wait_for_draw (counter);
  return counter;
}

static void
test_counter_states (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  GtkWidget *counter;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  counter = open_counter (self, item, TRUE);
  told (self, item, "UPDATE link SET rev = 1, waiting = 0");
  g_assert_nonnull (ui_find_label (counter, "Scan with your phone's camera"));
  told (self, item, "UPDATE link SET last_failed = 1, attempts = 1");
  g_assert_nonnull (
    ui_find_label (counter, "The payment was declined. Nothing was charged. Scan again to pay another way."));
  g_assert_true (gtk_widget_get_mapped (ui_id (counter, "qr_view"))); /* it can be tried again */
  ui_picture (counter, "counter-declined");
  told (self, item, "UPDATE link SET paid = total, uses = 1, attempts = 2, last_failed = 0");
  g_assert_nonnull (ui_find_label (counter, "Paid"));
  gtk_window_close (GTK_WINDOW (counter));
}

static void
test_counter_closed (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  const char *ids[] = { NULL, NULL };
  GtkWidget *counter;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  ids[0] = cobro_link_item_get_id (item);
  counter = open_counter (self, item, FALSE);
  cobro_links_decide (self->links, ids, COBRO_DECISION_CANCELLED, "Link cancelled");
  wait_until (ui_find_label (counter, "This code cannot be paid now"));
  g_assert_nonnull (ui_find_label (counter, "Cancelled"));
  g_assert_false (gtk_widget_get_mapped (ui_id (counter, "qr_view"))); /* nobody scans what is over */
  ui_picture (counter, "counter-closed");
  gtk_window_close (GTK_WINDOW (counter));
}

/* Ctrl+N, the amount, Enter. */
static void
test_counter_next (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  GtkWidget *counter, *amount;
  CobroLinkItem *shown;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  counter = open_counter (self, item, FALSE);
  g_assert_true (ui_press (counter, GDK_KEY_n, GDK_CONTROL_MASK));
  ui_settle ();
  amount = ui_id (counter, "amount_row");
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (counter)), amount));
  g_assert_false (gtk_widget_get_sensitive (ui_id (counter, "done_button")));
  ui_picture (counter, "counter-next");

  /* Esc leaves the question, not the counter. */
  g_assert_true (ui_press (counter, GDK_KEY_Escape, 0));
  g_assert_nonnull (ui_find_label (counter, "€3.50"));
  g_assert_true (ui_press (counter, GDK_KEY_n, GDK_CONTROL_MASK));
  gtk_editable_set_text (GTK_EDITABLE (amount), "0");
  g_signal_emit_by_name (amount, "entry-activated");
  ui_settle ();
  g_assert_true (cobro_counter_window_get_item (COBRO_COUNTER_WINDOW (counter)) == item); /* nothing costs nothing */
  gtk_editable_set_text (GTK_EDITABLE (amount), "12.80");
  g_signal_emit_by_name (amount, "entry-activated");
  g_signal_emit_by_name (amount, "entry-activated"); /* Enter twice is one sale */
  wait_until (ui_find_label (counter, "€12.80"));
  shown = cobro_counter_window_get_item (COBRO_COUNTER_WINDOW (counter));
  g_assert_cmpstr (cobro_link_item_get_link (shown)->title, ==, "Tea");
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM link"), ==, 2);
  g_assert_true (gtk_widget_get_mapped (ui_id (counter, "qr_view")));
  g_assert_true (ui_press (counter, GDK_KEY_Escape, 0));
  ui_settle ();
}

/* Without a link: the first sale is asked for. */
static void
test_counter_first (UiFixture *self, gconstpointer data)
{
  GtkWidget *counter;

  pair_books (&self->books);
  counter = open_counter (self, NULL, FALSE);
  g_assert_null (cobro_counter_window_get_item (COBRO_COUNTER_WINDOW (counter)));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (counter, "amount_row")), "4.20");
  gtk_editable_set_text (GTK_EDITABLE (ui_id (counter, "title_row")), "Tea");
  g_signal_emit_by_name (ui_id (counter, "amount_row"), "entry-activated");
  wait_until (cobro_counter_window_get_item (COBRO_COUNTER_WINDOW (counter)));
  ui_settle ();
  g_assert_true (gtk_widget_get_mapped (ui_id (counter, "qr_view")));
  g_assert_nonnull (ui_find_label (counter, "Tea"));
  gtk_window_close (GTK_WINDOW (counter));
  ui_settle ();
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/share/link", test_link);
  add ("/share/invoice", test_invoice);
  add ("/share/menu", test_menu);
  add ("/share/no-portal", test_no_portal);
  add ("/share/drag", test_drag);
  add ("/share/print", test_print);
  add ("/share/pages", test_pages);
  add ("/counter/states", test_counter_states);
  add ("/counter/closed", test_counter_closed);
  add ("/counter/next", test_counter_next);
  add ("/counter/first", test_counter_first);
  return g_test_run ();
}
