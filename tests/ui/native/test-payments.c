/* tests/ui/native/test-payments.c — Preferences → Payments and a payment's refunds, while no relay can be reached: what
 * keys give away, what may be saved, what waits, names for a screen reader, and that nothing stays behind. Layer:
 * tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-payment-dialog.h"
#include "cobro-preferences-window.h"
#include "cobro-provider-dialog.h"
#include "cobro-rule-dialog.h"
#include "test-keyring.h"

#define SETTING(name, title, kind, required)                                                                           \
  "{\"name\":\"" name "\",\"title\":\"" title "\",\"help\":\"Begins with sk_\",\"kind\":\"" kind                       \
  "\",\"required\":" required ",\"default\":null,\"value\":null,\"isSet\":false,\"setAt\":null}"
#define PROVIDER(name, status, enabled, settings)                                                                      \
  "{\"name\":\"" name "\",\"title\":\"Card\",\"livemode\":false,\"testOnly\":false,\"methods\":[\"card\","             \
  "\"bank_transfer\"],\"currencies\":null,\"embeds\":true,\"enabled\":" enabled ",\"status\":\"" status                \
  "\",\"account\":\"ab\",\"webhookUrl\":\"https://pay.example/webhooks/" name                                          \
  "/ab\",\"webhookSecret\":{\"isSet\":true,"                                                                           \
  "\"setAt\":null,\"previousUntil\":null},\"position\":0,\"rules\":[],\"settings\":[" settings "]}"

static const char list[] = "{\"data\":[" PROVIDER (
  "stripe", "not_set_up", "false",
  SETTING ("secret-key", "Secret key", "secret", "true") "," SETTING (
    "publishable-key", "Publishable key", "text",
    "false") "," SETTING ("checkout", "Checkout", "text",
                          "false")) "," PROVIDER ("openpay", "ready", "true",
                                                  SETTING ("merchant-id", "Merchant ID", "text",
                                                           "false")) "," PROVIDER ("razorpay", "ready", "true",
                                                                                   SETTING ("key-id", "Key ID", "text",
                                                                                            "false")) "]}";

static void
set_up (UiFixture *self, gconstpointer data)
{
  ui_fixture_set_up (self, data);
  pair_books (&self->books);
  ui_settle (); /* the connection has heard of it */
  g_assert_true (cobro_store_set_setting (self->books.store, "providers", list, NULL));
  g_clear_object (&self->providers);
  self->providers = cobro_providers_new (self->books.store, self->engine, self->connection, self->keyring);
  ui_fixture_open (self);
}

static GtkWidget *
open_provider (UiFixture *self, const char *name, const char *title)
{
  GtkWindow *dialog = GTK_WINDOW (cobro_provider_dialog_new (GTK_WINDOW (self->window), self->providers,
                                                             cobro_providers_find (self->providers, name)));

  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  ui_settle ();
  return ui_toplevel (title);
}

static void
find_named (GtkWidget *widget, gpointer data)
{
  GtkWidget **found = data;

  if (GTK_IS_EDITABLE (widget) && g_strcmp0 (gtk_widget_get_name (widget), "secret-key") == 0)
    *found = widget;
}

static gboolean
says (GtkWidget *dialog, const char *sentence)
{
  return ui_find_label (dialog, sentence) != NULL;
}

/* proves: OPL-13 */
static void
test_pasting (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog = open_provider (self, "stripe", "Stripe");
  GtkWidget *entry = NULL, *save = ui_id (dialog, "save_button");

  ui_walk (dialog, find_named, &entry);
  g_assert_nonnull (entry);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (dialog)), entry));
  g_assert_false (gtk_widget_get_sensitive (save));
  gtk_editable_set_text (GTK_EDITABLE (entry), "sk_live_51N");
  g_assert_true (
    says (dialog, "This key moves real money, and you are in test mode. Paste the test key, or go live first."));
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  g_assert_false (gtk_widget_get_sensitive (save));
  gtk_editable_set_text (GTK_EDITABLE (entry), "rzp_test_1");
  g_assert_true (says (dialog, "This is a key of Razorpay, not of Stripe."));
  gtk_editable_set_text (GTK_EDITABLE (entry), "  sk_test_51N\n");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  g_assert_true (gtk_widget_get_sensitive (save));
  ui_picture (dialog, "provider");

  gtk_widget_activate_default (dialog);
  wait_until (says (dialog, "Waiting to Upload"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  g_assert_false (gtk_widget_get_sensitive (save));
}

/* A keyring that refuses is explained, and what was typed is still there. */
static void
test_keyring_refuses (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog = open_provider (self, "stripe", "Stripe");
  GtkWidget *entry = NULL;

  test_keyring_set_temper (self->keyring, TEST_KEYRING_LOCKED);
  ui_walk (dialog, find_named, &entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "sk_test_51N");
  gtk_widget_activate_default (dialog);
  wait_until (says (dialog, "The keyring is locked. Nothing was saved; what you typed is still here."));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "sk_test_51N");
  test_keyring_set_temper (self->keyring, TEST_KEYRING_WORKS);
}

/* Those that are offered stand in front and can be moved: by a button or the keyboard. */
static void
test_order (UiFixture *self, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (
    cobro_preferences_window_new (GTK_WINDOW (self->window), self->business, self->connection, self->providers));
  GListModel *items = cobro_providers_get_list (self->providers);
  g_autoptr (CobroProviderItem) first = NULL;

  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (window),
                                           ADW_PREFERENCES_PAGE (ui_id (window, "providers_page")));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  g_assert_cmpuint (cobro_providers_get_n_offered (self->providers), ==, 2);
  wait_until (ui_find_label (window, "TEST MODE") != NULL);
  ui_picture (window, "payments");
  gtk_widget_grab_focus (
    GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_id (ui_id (window, "providers_page"), "list")), 1)));
  g_assert_true (ui_press (window, GDK_KEY_Up, GDK_ALT_MASK));
  ui_settle ();
  first = g_list_model_get_item (items, 0);
  g_assert_cmpstr (cobro_provider_item_get_provider (first)->name, ==, "razorpay");
}

/* ── Refunds ── */

static void
find_button (GtkWidget *widget, gpointer data)
{
  GtkWidget **found = data;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "_Take Back") == 0)
    *found = widget;
}

/* proves: OPF-2 OPL-13 */
static void
test_refund_waits (UiFixture *self, gconstpointer data)
{
  GtkWidget *payment, *refund, *take_back = NULL;
  CobroId id;

  ui_fixture_hear_payment (self, &id);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "payment.show", "s", id.text);
  ui_settle ();
  payment = ui_toplevel ("Payment");
  wait_until (gtk_widget_get_sensitive (ui_id (payment, "refund_button")));
  g_signal_emit_by_name (ui_id (payment, "refund_button"), "clicked");
  ui_settle ();
  refund = ui_toplevel ("Refund");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (refund, "amount_row"))), ==, "12.50");
  gtk_editable_set_text (GTK_EDITABLE (ui_id (refund, "amount_row")), "12.51");
  g_assert_false (gtk_widget_get_sensitive (ui_id (refund, "refund_button")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (refund, "amount_row")), "2.00");
  ui_picture (refund, "refund");
  g_signal_emit_by_name (ui_id (refund, "refund_button"), "clicked");
  g_signal_emit_by_name (ui_id (refund, "refund_button"), "clicked");
  wait_until (gtk_widget_get_mapped (ui_id (refund, "answer_box")));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count(*) AS n FROM refund_order WHERE amount = 200"), ==, 1);
  gtk_window_close (GTK_WINDOW (refund));

  wait_until (ui_find_label (payment, "€10.50 is left after refunds"));
  ui_picture (payment, "payment");
  ui_walk (payment, find_button, &take_back);
  g_assert_nonnull (take_back);
  g_signal_emit_by_name (take_back, "clicked");
  wait_until (!ui_find_label (payment, "€10.50 is left after refunds"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count(*) AS n FROM refund_order"), ==, 0);
}

/* ── All of them ── */

static void
test_finalized (UiFixture *self, gconstpointer data)
{
  CobroProviderItem *item = cobro_providers_find (self->providers, "stripe");
  GtkWindow *parent = GTK_WINDOW (self->window);
  CobroId id;

  ui_fixture_hear_payment (self, &id);
  {
    GtkWindow *windows[] = {
      GTK_WINDOW (cobro_provider_dialog_new (parent, self->providers, item)),
      GTK_WINDOW (cobro_rule_dialog_new (parent, cobro_provider_item_get_provider (item))),
      GTK_WINDOW (cobro_payment_dialog_new (parent, self->links, self->refunds, self->invoices, &id)),
      GTK_WINDOW (cobro_preferences_window_new (parent, self->business, self->connection, self->providers)),
    };

    for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
      {
        g_object_add_weak_pointer (G_OBJECT (windows[i]), (gpointer *)&windows[i]);
        gtk_window_present (windows[i]);
        gtk_test_widget_wait_for_draw (GTK_WIDGET (windows[i]));
        ui_settle ();
        gtk_window_close (windows[i]);
        wait_until (windows[i] == NULL);
      }
  }
}

#define add(path, func) g_test_add (path, UiFixture, NULL, set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/payments/pasting", test_pasting);
  add ("/payments/keyring-refuses", test_keyring_refuses);
  add ("/payments/order", test_order);
  add ("/payments/refund-waits", test_refund_waits);
  add ("/payments/finalized", test_finalized);
  return g_test_run ();
}
