/* tests/ui/native/test-walks.c — what a shop owner does every day, done with the keyboard alone, by somebody who hears
 * what a screen reader says at each step and sees nothing. Layer: tests. */
#include "config.h"

#include "../../sync/fake-relay.h"
#include "cobro-application.h"
#include "ui-keyboard.h"

/* What is said now. */
#define hear(window, words)                                                                                            \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *heard_ = ui_heard (window);                                                                       \
                                                                                                                       \
    g_assert_cmpstr (heard_, ==, words);                                                                               \
  }                                                                                                                    \
  G_STMT_END

/* Goes on with Tab until that is said; a whole round without it is a failure. */
static void
tab_to (gpointer window, const char *words)
{
  g_autofree char *heard = ui_heard (window);

  for (int i = 0; i < 60 && !g_str_equal (heard, words); i++)
    {
      ui_key (window, "Tab");
      g_free (heard);
      heard = ui_heard (window);
    }
  g_assert_cmpstr (heard, ==, words);
}

static void
open_window (UiFixture *self)
{
  cobro_application_add_keys (self->application);
  ui_fixture_open (self);
}

static gboolean
is_open (const char *title)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (g_strcmp0 (gtk_window_get_title (at->data), title) == 0 && gtk_widget_get_mapped (at->data))
      return TRUE;
  return FALSE;
}

static GtkWidget *
wait_for_window (const char *title)
{
  wait_until (is_open (title));
  ui_settle ();
  return ui_toplevel (title);
}

/* Ctrl+N, type, Enter: two steps, and the address is on the clipboard.
 * proves: OPL-2 OPL-13 */
static void
test_create (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *copied = NULL;

  pair_books (&self->books);
  open_window (self);
  ui_key (self->window, "ctrl+n");
  dialog = wait_for_window ("New Link");
  hear (dialog, "text-box: What Is It For?");
  ui_type (dialog, "Guitar lesson");
  ui_key (dialog, "Tab");
  hear (dialog, "text-box: Amount");
  ui_type (dialog, "35");
  ui_key (dialog, "Tab");
  hear (dialog, "button: Currency (USD)");
  ui_key (dialog, "shift+Tab");
  hear (dialog, "text-box: Amount");
  ui_key (dialog, "Return");
  wait_until (!is_open ("New Link"));
  wait_until (ui_find_label (self->window, "Link copied; it can be paid once a relay is connected"));
  copied = ui_clipboard (self->window);
  g_assert_true (g_str_has_prefix (copied, "https://pay.example/pay/"));
}

/* The code is on the screen with one step from a link's page, and Escape puts it away. */
static void
test_code (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  GtkWidget *counter;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  open_window (self);
  tab_to (self->window, "button: Show QR Code (Tea)");
  ui_key (self->window, "space");
  counter = wait_for_window ("Scan to Pay");
  g_assert_nonnull (ui_find_label (counter, "€3.50"));
  ui_key (counter, "Escape");
  wait_until (!is_open ("Scan to Pay"));

  cobro_window_show_link (self->window, cobro_link_item_get_id (item));
  wait_until (ui_find_label (self->window, "Can Be Paid"));
  ui_settle ();
  ui_key (self->window, "shift+ctrl+k");
  counter = wait_for_window ("Scan to Pay");
  ui_key (counter, "Escape");
  wait_until (!is_open ("Scan to Pay"));
}

/* Stopped in two steps from the menu, and Ctrl+Z takes it back. */
static void
test_stop (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  open_window (self);
  tab_to (self->window, "button: Copy Link (Tea)");
  ui_key (self->window, "Left");
  hear (self->window, "row: Tea, €3.50, Waiting to Upload, Nov 14, 2023");
  ui_key (self->window, "Return");
  wait_until (ui_find_label (self->window, "Can Be Paid"));
  ui_settle ();
  tab_to (self->window, "button: More Actions");
  ui_key (self->window, "space");
  ui_settle ();
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *heard = ui_heard (self->window);

      if (g_str_equal (heard, "menu-item: Pause"))
        break;
      ui_key (self->window, "Down");
    }
  hear (self->window, "menu-item: Pause");
  ui_key (self->window, "Return");
  wait_until (ui_find_label (self->window, "Link paused"));
  wait_until (cobro_link_item_get_view (item).status == COBRO_LINK_PAUSED);
  ui_key (self->window, "ctrl+z");
  wait_until (cobro_link_item_get_view (item).status == COBRO_LINK_OPEN);
}

/* Typing in a list looks for it, without a step before; Escape shows all again. */
static void
test_find (UiFixture *self, gconstpointer data)
{
  ui_fixture_fill (self);
  open_window (self);
  ui_key (self->window, "ctrl+f");
  ui_settle ();
  hear (self->window, "text-box: Title, reference or customer");
  ui_type (self->window, "guit");
  wait_until (ui_find_label (self->window, "1 link"));
  g_assert_nonnull (ui_find_label (self->window, "Guitar lesson"));
  ui_key (self->window, "Escape");
  wait_until (ui_find_label (self->window, "4 links"));
}

/* From the first page to the relay's answer; what is wrong is said in words. */
static void
test_connect (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;

  open_window (self);
  tab_to (self->window, "list-item: Connect a Relay (The server that takes the payments)");
  ui_key (self->window, "Return");
  dialog = wait_for_window ("Connect a Relay");
  hear (dialog, "text-box: Relay Address or Pairing Link");
  ui_type (dialog, "http://127.0.0.1:1");
  ui_key (dialog, "Tab");
  hear (dialog, "text-box: Pairing Code");
  ui_type (dialog, "AAAA-BBBB-CCCC-DDDD");
  ui_key (dialog, "Return");
  wait_until (ui_find_label (dialog, "Nothing Answers at This Address"));
  ui_settle ();
  ui_key (dialog, "Escape");
  wait_until (!is_open ("Connect a Relay"));
}

/* The same where a relay answers: the dialog goes by itself, and the header says that all is well. */
static void
test_pair (UiFixture *self, gconstpointer data)
{
  FakeRelay *relay = fake_relay_new (self->books.clock, 7);
  GtkWidget *dialog;

  open_window (self);
  tab_to (self->window, "list-item: Connect a Relay (The server that takes the payments)");
  ui_key (self->window, "Return");
  dialog = wait_for_window ("Connect a Relay");
  ui_type (dialog, fake_relay_url (relay));
  ui_key (dialog, "Tab");
  ui_type (dialog, fake_relay_new_code (relay));
  ui_key (dialog, "Return");
  wait_until (!is_open ("Connect a Relay"));
  wait_until (cobro_connection_get_state (self->connection) == COBRO_CONNECTION_ONLINE);
  g_assert_cmpstr (cobro_connection_get_address (self->connection), ==, fake_relay_url (relay));
  ui_settle ();
  tab_to (self->window, "button: Up to Date");
  cobro_connection_stop (self->connection);
  fake_relay_free (relay);
}

static void
be_a_shop (UiFixture *self)
{
  g_autoptr (CobroMerchant) merchant = cobro_business_dup_merchant (self->business);
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->currency, "AUD");
  cobro_link_set_text (&merchant->seller.name, "The Vacuum Shop Pty Ltd");
  cobro_link_set_text (&merchant->seller.address.country, "AU");
  cobro_business_set_merchant (self->business, merchant, &error);
  g_assert_no_error (error);
  store_fixture_settle (&self->books);
}

/* Ctrl+Enter, and Enter in the question. */
static void
send_it (UiFixture *self, const char *number)
{
  GtkWidget *question;

  ui_key (self->window, "ctrl+Return");
  question = wait_for_window ("Send the Invoice?");
  hear (question, "button: Send");
  ui_key (question, "Return");
  wait_until (ui_find_label (self->window, number));
  ui_settle ();
}

/* An invoice for somebody new, the same again, and the money for it, which came by bank.
 * proves: INV-1 INV-10 */
static void
test_invoice (UiFixture *self, gconstpointer data)
{
  GtkWidget *record;

  be_a_shop (self);
  open_window (self);
  ui_key (self->window, "shift+ctrl+n");
  ui_settle ();
  hear (self->window, "text-box: Customer");
  ui_type (self->window, "Jane Doe");
  ui_key (self->window, "Tab");
  hear (self->window, "text-box: E-Mail");
  ui_type (self->window, "jane@example.com");
  tab_to (self->window, "text-box: Description");
  ui_type (self->window, "Vacuum cleaner service");
  tab_to (self->window, "text-box: Price");
  ui_type (self->window, "75");
  send_it (self, "Invoice INV-2023-00001");

  ui_key (self->window, "ctrl+u");
  wait_until (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack"))),
                         "invoice-editor") == 0);
  ui_settle ();
  send_it (self, "Invoice INV-2023-00002");

  ui_key (self->window, "alt+p");
  record = wait_for_window ("Record Payment");
  hear (record, "text-box: Amount That Came");
  ui_key (record, "Return");
  wait_until (ui_find_label (self->window, "Recorded; the invoice is paid"));
  tab_to (self->window, "button: Close"); /* what was said can be put away */
}

/* Two steps from a payment to its refund: Refund…, Refund; the amount stands there.
 * proves: OPF-2 */
static void
test_refund (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  GtkWidget *payment, *refund;
  CobroId id;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_hear_payment (self, &id);
  open_window (self);
  tab_to (self->window, "list-item: Payments");
  ui_key (self->window, "Return");
  ui_settle ();
  tab_to (self->window, "row: €12.50, stripe, Received, Nov 21, 2026");
  ui_key (self->window, "Return");
  payment = wait_for_window ("Payment");
  wait_until (gtk_widget_get_sensitive (ui_id (payment, "refund_button")));
  tab_to (payment, "button: Refund…");
  ui_key (payment, "space");
  refund = wait_for_window ("Refund");
  hear (refund, "text-box: Amount to Give Back");
  tab_to (refund, "button: Refund");
  ui_key (refund, "space");
  wait_until (gtk_widget_get_mapped (ui_id (refund, "answer_box")));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count(*) AS n FROM refund_order WHERE amount = 1250"), ==, 1);
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/walks/create", test_create);
  add ("/walks/code", test_code);
  add ("/walks/stop", test_stop);
  add ("/walks/find", test_find);
  add ("/walks/connect", test_connect);
  add ("/walks/pair", test_pair);
  add ("/walks/invoice", test_invoice);
  add ("/walks/refund", test_refund);
  return g_test_run ();
}
