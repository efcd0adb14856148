/* tests/ui/native/test-dialogs.c — every dialog: first focus, Enter and Esc, what it writes, what it says when it
 * cannot. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-connect-dialog.h"
#include "cobro-counter-window.h"
#include "cobro-language-row.h"
#include "cobro-link-dialog.h"
#include "cobro-money-row.h"
#include "cobro-preferences-window.h"

static GtkWidget *
open_new_link (UiFixture *self)
{
  GtkWidget *dialog;

  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.new-link", NULL);
  ui_settle ();
  dialog = ui_toplevel ("New Link");
  gtk_test_widget_wait_for_draw (dialog);
  return dialog;
}

static void
type_into (gpointer dialog, const char *id, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, id)), text);
}

static gboolean
may_finish (GtkWidget *dialog)
{
  return gtk_widget_get_sensitive (ui_id (dialog, "done_button"));
}

static gboolean
is_open (const char *title)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (g_strcmp0 (gtk_window_get_title (at->data), title) == 0 && gtk_widget_get_visible (at->data))
      return TRUE;
  return FALSE;
}

/* Ctrl+N, type, Enter: the link is made and on the clipboard, before anybody was asked for a network.
 * proves: OPL-1 OPL-2 OPL-13 */
static void
test_new_link (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *copied = NULL;

  pair_books (&self->books);
  dialog = open_new_link (self);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (dialog)), ui_id (dialog, "title_row")));
  g_assert_false (may_finish (dialog));
  type_into (dialog, "title_row", "Coffee");
  g_assert_false (may_finish (dialog));
  type_into (dialog, "amount_row", "3,50");
  g_assert_true (may_finish (dialog));
  ui_picture (dialog, "new-link");

  gtk_widget_activate_default (dialog);
  wait_until (!is_open ("New Link"));
  wait_until (ui_find_label (self->window, "Coffee"));
  wait_until (ui_find_label (self->window, "Link copied; it can be paid once a relay is connected"));
  copied = ui_clipboard (self->window);
  g_assert_true (g_str_has_prefix (copied, "https://pay.example/pay/"));
  g_assert_cmpuint (strlen (copied), ==, strlen ("https://pay.example/pay/") + 64);
  g_assert_nonnull (ui_button (self->window, "Show QR"));
}

static void
test_incomplete (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog = open_new_link (self);

  type_into (dialog, "title_row", "Coffee");
  type_into (dialog, "amount_row", "twelve");
  g_assert_false (may_finish (dialog));
  g_assert_true (gtk_widget_get_visible (ui_id (dialog, "problem_label"))); /* it says why */
  gtk_widget_activate_default (dialog);                                     /* Enter does nothing */
  ui_settle ();
  g_assert_true (is_open ("New Link"));
  g_assert_true (ui_press (dialog, GDK_KEY_Escape, 0));
  wait_until (!is_open ("New Link"));
  g_assert_false (cobro_links_get_any (self->links));
}

/* What breaks a rule is named at its field, and nothing is lost. */
static void
test_refused_field (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog = open_new_link (self);

  type_into (dialog, "title_row", "Coffee");
  type_into (dialog, "amount_row", "3.50");
  type_into (dialog, "after_url_row", "http://example.com/insecure");
  gtk_widget_activate_default (dialog);
  wait_until (gtk_widget_get_visible (ui_id (dialog, "problem_label")));
  g_assert_true (is_open ("New Link"));
  g_assert_true (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (ui_id (dialog, "after_row"))));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (dialog, "title_row"))), ==, "Coffee");

  type_into (dialog, "after_url_row", "https://example.com/thanks");
  gtk_widget_activate_default (dialog);
  wait_until (!is_open ("New Link"));
}

/* proves: OPL-6 */
static void
test_options (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog = open_new_link (self);
  g_autoptr (CobroRowList) list = NULL;
  g_autoptr (CobroLinkItem) item = NULL;
  const CobroLink *link;

  type_into (dialog, "title_row", "Donation");
  gtk_switch_set_active (GTK_SWITCH (ui_id (dialog, "open_switch")), TRUE);
  g_assert_true (may_finish (dialog)); /* the customer chooses: no amount is needed */
  type_into (dialog, "minimum_row", "5");
  type_into (dialog, "description_row", "For the playground");
  type_into (dialog, "reference_row", "D-1");
  adw_combo_row_set_selected (ADW_COMBO_ROW (ui_id (dialog, "usage_row")), COBRO_USAGE_LIMITED);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (ui_id (dialog, "limit_spin")), 25);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (ui_id (dialog, "collect_email")), TRUE);
  cobro_language_row_set_tag (COBRO_LANGUAGE_ROW (ui_id (dialog, "language_row")), "de");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (ui_id (dialog, "options_row")), TRUE);
  ui_settle ();
  ui_picture (dialog, "new-link-options");
  gtk_widget_activate_default (dialog);
  wait_until (!is_open ("New Link"));

  list = cobro_links_list (self->links);
  item = g_list_model_get_item (G_LIST_MODEL (list), 0);
  link = cobro_link_item_get_link (item);
  g_assert_cmpint (link->pricing, ==, COBRO_PRICING_OPEN);
  g_assert_cmpint (cobro_money_minor (link->minimum), ==, 500);
  g_assert_false (cobro_money_is_set (link->preset));
  g_assert_cmpstr (link->description, ==, "For the playground");
  g_assert_cmpstr (link->reference, ==, "D-1");
  g_assert_cmpint (link->usage, ==, COBRO_USAGE_LIMITED);
  g_assert_cmpint (link->usage_limit, ==, 25);
  g_assert_cmpuint (link->collect, ==, COBRO_COLLECT_EMAIL);
  g_assert_cmpstr (link->locale, ==, "de");
}

/* A form that is opened and saved changes nothing that has no field in it. */
static void
test_edit (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = ui_fixture_create (self, "Tea", 350);
  g_autofree char *token = g_strdup (cobro_link_item_get_link (item)->token.text);
  GtkWidget *dialog;
  const CobroLink *link;

  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.edit", "s", cobro_link_item_get_id (item));
  wait_until (is_open ("Edit Link"));
  dialog = ui_toplevel ("Edit Link");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (dialog, "amount_row"))), ==, "3.50");
  type_into (dialog, "title_row", "Green tea");
  gtk_widget_activate_default (dialog);
  wait_until (!is_open ("Edit Link"));
  wait_until (ui_find_label (self->window, "Link changed"));

  link = cobro_link_item_get_link (item);
  g_assert_cmpstr (link->title, ==, "Green tea");
  g_assert_cmpstr (link->token.text, ==, token);
  g_assert_cmpint (cobro_money_minor (link->amount), ==, 350);
  g_assert_cmpint (link->expires_at, ==, 0);
}

static void
test_duplicate (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = ui_fixture_create (self, "Tea", 350);
  g_autoptr (CobroRowList) list = NULL;
  g_autoptr (CobroLinkItem) copy = NULL;

  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.duplicate", "s", cobro_link_item_get_id (item));
  wait_until (is_open ("Duplicate Link"));
  gtk_widget_activate_default (ui_toplevel ("Duplicate Link"));
  wait_until (!is_open ("Duplicate Link"));

  list = cobro_links_list (self->links);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (list)) == 2);
  copy = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_cmpstr (cobro_link_item_get_id (copy), !=, cobro_link_item_get_id (item));
  g_assert_cmpstr (cobro_link_item_get_link (copy)->token.text, !=, cobro_link_item_get_link (item)->token.text);
  g_assert_cmpstr (cobro_link_item_get_link (copy)->title, ==, "Tea");
}

/* ── Connecting ── */

static void
test_connect_nobody_there (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;

  ui_fixture_open (self);
  cobro_window_connect (self->window, NULL);
  dialog = ui_toplevel ("Connect a Relay");
  gtk_test_widget_wait_for_draw (dialog);
  g_assert_false (gtk_widget_get_sensitive (ui_id (dialog, "connect_button")));
  type_into (dialog, "address_row", "http://127.0.0.1:1");
  g_assert_false (gtk_widget_get_sensitive (ui_id (dialog, "connect_button")));
  type_into (dialog, "code_row", "AAAA-BBBB-CCCC-DDDD");
  g_assert_true (gtk_widget_get_sensitive (ui_id (dialog, "connect_button")));

  gtk_widget_activate_default (dialog);
  wait_until (gtk_widget_get_visible (ui_id (dialog, "problem_box")));
  g_assert_nonnull (ui_find_label (dialog, "Nothing Answers at This Address"));
  ui_picture (dialog, "connect-failed");
  ui_press (dialog, GDK_KEY_Escape, 0);
  wait_until (!is_open ("Connect a Relay"));
}

/* ── Counter ── */

static void
test_counter (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  GtkWidget *counter;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  counter = GTK_WIDGET (cobro_counter_window_new (GTK_WINDOW (self->window), self->links, self->business, item, FALSE));
  gtk_window_present (GTK_WINDOW (counter));
  gtk_test_widget_wait_for_draw (counter);
  g_assert_nonnull (ui_find_label (counter, "€3.50"));
  g_assert_null (ui_find_label (counter, "Paid"));
  ui_picture (counter, "counter");

  exec_in_books (&self->books, "UPDATE link SET paid = total, uses = 1, attempts = 1");
  {
    g_autoptr (GAsyncResult) result = NULL;

    cobro_links_load_async (self->links, cobro_link_item_get_id (item), NULL, on_result_cb, &result);
    g_object_unref (cobro_links_load_finish (self->links, wait_for_result (&result), NULL));
  }
  wait_until (ui_find_label (counter, "Paid"));
  g_assert_nonnull (ui_find_label (counter, "Thank you!"));
  ui_settle ();
  ui_picture (counter, "counter-paid");
  g_assert_true (ui_press (counter, GDK_KEY_Escape, 0));
  wait_until (!is_open ("Scan to Pay"));
}

/* ── Preferences ── */

static void
test_preferences (UiFixture *self, gconstpointer data)
{
  GtkWidget *window, *page;

  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.preferences", NULL);
  window = ui_toplevel ("Preferences");
  gtk_test_widget_wait_for_draw (window);
  ui_picture (window, "preferences");

  page = ui_id (window, "business_page");
  type_into (page, "name_row", "Ana's Café");
  g_signal_emit_by_name (ui_id (page, "name_row"), "entry-activated");
  g_assert_cmpstr (cobro_business_get_merchant (self->business)->name, ==, "Ana's Café");

  /* What breaks a rule is said at once and not kept. */
  type_into (page, "website_row", "not an address");
  g_assert_true (gtk_widget_has_css_class (ui_id (page, "website_row"), "error"));
  g_signal_emit_by_name (ui_id (page, "website_row"), "entry-activated");
  g_assert_cmpstr (cobro_business_get_merchant (self->business)->website, ==, "");

  /* What was typed is kept by closing the window, too. */
  type_into (page, "city_row", "Madrid");
  gtk_window_close (GTK_WINDOW (window));
  g_assert_cmpstr (cobro_business_get_merchant (self->business)->seller.address.city, ==, "Madrid");
  ui_settle ();
}

/* Two computers of one business: this one's numbers begin with its own letters; what is no such beginning is refused.
 */
static void
test_number_prefix (UiFixture *self, gconstpointer data)
{
  GtkWidget *window, *page;

  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.preferences", NULL);
  window = ui_toplevel ("Preferences");
  gtk_test_widget_wait_for_draw (window);
  page = ui_id (window, "numbering_page");
  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  wait_until (ui_find_label (page, "The next one is INV-2023-00001"));
  type_into (page, "prefix_row", "B-");
  g_signal_emit_by_name (ui_id (page, "prefix_row"), "apply");
  wait_until (ui_find_label (page, "The next one is B-INV-2023-00001"));
  wait_until (ui_find_label (page, "The next one is B-CN-2023-00001"));
  type_into (page, "prefix_row", "no blanks!");
  g_signal_emit_by_name (ui_id (page, "prefix_row"), "apply");
  ui_settle ();
  g_assert_cmpint (count_in_books (&self->books, "SELECT count (*) AS n FROM setting WHERE name = 'number-prefix' AND "
                                                 "value = 'B-'"),
                   ==, 1);
  ui_picture (window, "preferences-numbers");
  gtk_window_close (GTK_WINDOW (window));
  ui_settle ();
}

/* ── All of them ── */

static void
test_finalized (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = ui_fixture_create (self, "Tea", 350);
  GtkWindow *parent;

  ui_fixture_open (self);
  parent = GTK_WINDOW (self->window);
  {
    GtkWindow *windows[] = {
      GTK_WINDOW (cobro_link_dialog_new (parent, self->links, self->business, COBRO_LINK_DIALOG_NEW, NULL)),
      GTK_WINDOW (cobro_link_dialog_new (parent, self->links, self->business, COBRO_LINK_DIALOG_EDIT, item)),
      GTK_WINDOW (cobro_connect_dialog_new (parent, self->connection, NULL, NULL)),
      GTK_WINDOW (cobro_counter_window_new (parent, self->links, self->business, item, TRUE)),
      GTK_WINDOW (cobro_preferences_window_new (parent, self->business, self->connection, self->providers)),
    };

    for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
      {
        g_object_add_weak_pointer (G_OBJECT (windows[i]), (gpointer *)&windows[i]);
        gtk_window_present (windows[i]);
        gtk_test_widget_wait_for_draw (GTK_WIDGET (windows[i]));
        gtk_window_close (windows[i]);
        wait_until (windows[i] == NULL);
      }
  }
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/dialogs/new-link", test_new_link);
  add ("/dialogs/incomplete", test_incomplete);
  add ("/dialogs/refused-field", test_refused_field);
  add ("/dialogs/options", test_options);
  add ("/dialogs/edit", test_edit);
  add ("/dialogs/duplicate", test_duplicate);
  add ("/dialogs/connect-nobody-there", test_connect_nobody_there);
  add ("/dialogs/counter", test_counter);
  add ("/dialogs/preferences", test_preferences);
  add ("/dialogs/number-prefix", test_number_prefix);
  add ("/dialogs/finalized", test_finalized);
  return g_test_run ();
}
