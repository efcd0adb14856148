/* tests/ui/native/test-developers.c — the place "Developers" while no relay can be reached: what is said, what is shown
 * of before, what is in the books, names for a screen reader, and that nothing stays behind. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-api-key-dialog.h"
#include "cobro-endpoint-dialog.h"
#include "cobro-event-dialog.h"
#include "cobro-event.h"

static const char endpoints[] =
  "{\"data\":[{\"id\":\"whk_01kae8w0zjt4m5v1c0y2x3b4n5\",\"url\":\"https://shop.example/hooks\",\"events\":[\"*\"],"
  "\"policy\":\"exponential\",\"isActive\":true,\"disabledReason\":null,\"failingSince\":null,\"livemode\":false,"
  "\"createdAt\":\"2026-11-01T09:30:00Z\",\"updatedAt\":\"2026-11-01T09:30:00Z\"},"
  "{\"id\":\"whk_01kae8w0zjt4m5v1c0y2x3b4n6\",\"url\":\"https://books.example/in\",\"events\":[\"payment.succeeded\"],"
  "\"policy\":\"linear\",\"isActive\":false,\"disabledReason\":\"gone\",\"failingSince\":null,\"livemode\":false,"
  "\"createdAt\":\"2026-11-01T09:30:00Z\",\"updatedAt\":\"2026-11-01T09:30:00Z\"}],\"pagination\":null}";
static const char keys[] =
  "{\"data\":[{\"id\":\"01kae8w0zj\",\"name\":\"Cash register\",\"scopes\":[\"links:rw\",\"payments:r\"],"
  "\"networks\":[],\"livemode\":false,\"createdBy\":\"operator\",\"createdAt\":\"2026-11-01T09:30:00Z\","
  "\"expiresAt\":\"2027-11-01T09:30:00Z\",\"lastUsedOn\":\"2026-11-20\",\"revokedAt\":null,\"successor\":null}],"
  "\"pagination\":null}";
static const char devices[] =
  "{\"data\":[{\"id\":\"dev_01kae8w0zjt4m5v1c0y2x3b4n5\",\"name\":\"Ana & Co, counter\",\"livemode\":false,"
  "\"current\":true,\"pairedAt\":\"2026-11-01T09:30:00Z\",\"lastUsedOn\":\"2026-11-21\",\"revokedAt\":null},"
  "{\"id\":\"dev_01kae8w0zjt4m5v1c0y2x3b4n6\",\"name\":\"Ana’s laptop\",\"livemode\":false,"
  "\"current\":false,\"pairedAt\":\"2026-10-02T09:30:00Z\",\"lastUsedOn\":\"2026-11-19\",\"revokedAt\":null},"
  "{\"id\":\"dev_01kae8w0zjt4m5v1c0y2x3b4n7\",\"name\":\"The old one\",\"livemode\":false,"
  "\"current\":false,\"pairedAt\":\"2025-10-02T09:30:00Z\",\"lastUsedOn\":null,"
  "\"revokedAt\":\"2026-01-02T09:30:00Z\"}],\"pagination\":null}";
static const char events[] =
  "INSERT INTO event (sequence, id, type, occurred_at, object_id, object, hash) VALUES "
  "(1, 'evt_1', 'link.created', 1790000000000000, 'link_1', '{\"title\":\"Tea\",\"amounts\":[1,2],\"none\":{}}', 'a'), "
  "(2, 'evt_2', 'payment.succeeded', 1790000100000000, 'pay_1', '{\"amount\":1250}', 'b'), "
  "(3, 'evt_3', 'star.exploded', 1790000200000000, 'star_1', '{}', 'c')";

static void
set_up (UiFixture *self, gconstpointer data)
{
  ui_fixture_set_up (self, data);
  pair_books (&self->books);
  ui_settle (); /* the connection has heard of it */
  g_assert_true (cobro_store_set_setting (self->books.store, "developers-endpoints", endpoints, NULL));
  g_assert_true (cobro_store_set_setting (self->books.store, "developers-keys", keys, NULL));
  g_assert_true (cobro_store_set_setting (self->books.store, "developers-devices", devices, NULL));
  exec_in_books (&self->books, events);
  g_clear_object (&self->developers);
  self->developers =
    cobro_developers_new (self->books.store, self->engine, self->connection, cobro_links_get_undo (self->links));
  ui_fixture_open (self);
}

static void
go (UiFixture *self, const char *view)
{
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "root_stack")), "main");
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack")), "developers");
  ui_settle ();
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ui_button (ui_page (self->window, "developers"), view)), TRUE);
  ui_settle ();
}

static gboolean
says (gpointer root, const char *text)
{
  return ui_find_label (root, text) != NULL;
}

/* What was known is shown, and it is said that it is from before. */
static void
test_known (UiFixture *self, gconstpointer data)
{
  go (self, "Webhooks");
  g_assert_true (says (self->window, "The relay cannot be reached. This is how it stood when it last could."));
  g_assert_true (says (self->window, "https://shop.example/hooks"));
  g_assert_true (says (self->window, "All events"));
  g_assert_true (says (self->window, "1 kind of event · Switched off: the receiver answered that it is gone (410)"));
  g_assert_false (gtk_widget_is_sensitive (ui_button (self->window, "New Endpoint…")));
  ui_picture (self->window, "developers-offline");

  go (self, "API Keys");
  g_assert_true (says (self->window, "Cash register"));
  g_assert_true (says (self->window, "Links, Read Payments\nLast used Nov 20, 2026 · until Nov 1, 2027"));
  ui_picture (self->window, "developers-keys-offline");
}

/* The paired computers: the one that one sits at is marked, and only others can be revoked. */
static void
test_devices (UiFixture *self, gconstpointer data)
{
  GtkWidget *row;

  go (self, "Computers");
  g_assert_true (says (self->window, "Ana & Co, counter"));
  g_assert_true (says (self->window, "Paired Oct 2, 2026 · Last used Nov 19, 2026"));
  g_assert_true (says (self->window, "Paired Oct 2, 2025 · Never used"));
  row = gtk_widget_get_ancestor (ui_find_label (self->window, "Ana & Co, counter"), ADW_TYPE_ACTION_ROW);
  g_assert_nonnull (ui_find_label (row, "This Computer"));
  g_assert_null (ui_find_label (row, "Revoke…"));
  row = gtk_widget_get_ancestor (ui_find_label (self->window, "The old one"), ADW_TYPE_ACTION_ROW);
  g_assert_null (ui_find_label (row, "Revoke…"));
  row = gtk_widget_get_ancestor (ui_find_label (self->window, "Ana’s laptop"), ADW_TYPE_ACTION_ROW);
  g_assert_nonnull (ui_find_label (row, "Revoke…"));
  ui_picture (self->window, "developers-computers");
}

/* What was never told is not invented. */
static void
test_unknown (UiFixture *self, gconstpointer data)
{
  static const char *const views[] = { "Deliveries", "Retry Centre", "Relay Health" };

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    {
      go (self, views[i]);
      g_assert_true (says (self->window, "The Relay Cannot Be Reached"));
    }
  ui_picture (self->window, "developers-unknown");
}

/* Without a relay the way to one is offered. */
static void
test_unpaired (UiFixture *self, gconstpointer data)
{
  ui_fixture_open (self);
  go (self, "Webhooks");
  g_assert_true (says (self->window, "No Relay Yet"));
  g_assert_true (gtk_widget_is_sensitive (ui_button (self->window, "Connect a Relay…")));
  go (self, "Live Events");
  g_assert_true (says (self->window, "No Such Events Yet"));
  ui_picture (self->window, "developers-unpaired");
}

static GtkDropDown *
find_chooser (UiFixture *self)
{
  GtkWidget *bar = gtk_widget_get_parent (
    ui_find_label (self->window, "The relay cannot be reached: nothing new arrives until it answers"));

  return GTK_DROP_DOWN (gtk_widget_get_first_child (bar));
}

/* Events are in the books: newest first, also of kinds that this program does not know; one kind alone. */
static void
test_events (UiFixture *self, gconstpointer data)
{
  CobroEventType type;

  go (self, "Live Events");
  wait_until (says (self->window, "star.exploded"));
  g_assert_true (says (self->window, "link.created"));
  g_assert_true (says (self->window, "payment.succeeded"));
  ui_picture (self->window, "developers-events");

  g_assert_true (cobro_event_type_from_name ("link.created", &type));
  gtk_drop_down_set_selected (find_chooser (self), type + 1);
  wait_until (!says (self->window, "star.exploded"));
  g_assert_true (says (self->window, "link.created"));
  gtk_drop_down_set_selected (find_chooser (self), 0);
  wait_until (says (self->window, "star.exploded"));
}

/* One event as JSON that can be copied. */
static void
test_event (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroRowList) list = cobro_events_list (self->events);
  g_autoptr (CobroEventEntry) entry = NULL;
  g_autofree char *copied = NULL;
  GtkWindow *dialog;

  wait_until (g_list_model_get_n_items (G_LIST_MODEL (list)) == 3);
  entry = g_list_model_get_item (G_LIST_MODEL (list), 2);
  wait_until (cobro_row_item_is_filled (COBRO_ROW_ITEM (entry)));
  dialog = GTK_WINDOW (cobro_event_dialog_new (GTK_WINDOW (self->window), entry));
  gtk_window_present (dialog);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  ui_picture (dialog, "developers-event");
  gtk_widget_activate (ui_button (dialog, "Copy"));
  wait_until (ui_find_label (dialog, "Copied"));
  copied = ui_clipboard (dialog);
  g_assert_cmpstr (copied, ==,
                   "{\n  \"id\": \"evt_1\",\n  \"sequence\": 1,\n  \"type\": \"link.created\",\n"
                   "  \"occurredAt\": \"2026-09-21T14:13:20Z\",\n  \"object\": {\n    \"title\": \"Tea\",\n"
                   "    \"amounts\": [\n      1,\n      2\n    ],\n    \"none\": {}\n  }\n}");
}

static void
collect_checks (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_CHECK_BUTTON (widget))
    g_ptr_array_add (data, widget);
}

/* A key needs a name and something that it may; an endpoint an address and some events. */
static void
test_forms (UiFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new ();
  GtkWidget *key = GTK_WIDGET (cobro_api_key_dialog_new (GTK_WINDOW (self->window), self->developers));
  GtkWidget *endpoint = GTK_WIDGET (cobro_endpoint_dialog_new (GTK_WINDOW (self->window), self->developers, NULL));

  gtk_window_present (GTK_WINDOW (key));
  ui_settle ();
  gtk_editable_set_text (GTK_EDITABLE (ui_id (key, "name_row")), "  ");
  ui_walk (key, collect_checks, checks);
  gtk_check_button_set_active (checks->pdata[0], TRUE);
  g_assert_false (gtk_widget_get_sensitive (ui_id (key, "make_button")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (key, "name_row")), "Shop");
  g_assert_true (gtk_widget_get_sensitive (ui_id (key, "make_button")));
  gtk_check_button_set_active (checks->pdata[0], FALSE);
  g_assert_false (gtk_widget_get_sensitive (ui_id (key, "make_button")));
  ui_picture (key, "developers-new-key");
  gtk_window_destroy (GTK_WINDOW (key));

  gtk_window_present (GTK_WINDOW (endpoint));
  ui_settle ();
  g_assert_false (gtk_widget_get_sensitive (ui_id (endpoint, "save_button")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (endpoint, "url_row")), "https://shop.example");
  g_assert_true (gtk_widget_get_sensitive (ui_id (endpoint, "save_button")));
  gtk_switch_set_active (GTK_SWITCH (ui_id (endpoint, "all_switch")), FALSE);
  g_assert_false (gtk_widget_get_sensitive (ui_id (endpoint, "save_button")));
  ui_picture (endpoint, "developers-new-endpoint");
  gtk_widget_activate_default (endpoint);
  gtk_switch_set_active (GTK_SWITCH (ui_id (endpoint, "all_switch")), TRUE);
  gtk_widget_activate_default (endpoint); /* no relay answers: it says so, and what was typed is still there */
  wait_until (gtk_widget_get_visible (ui_id (endpoint, "problem_label")));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_id (endpoint, "url_row"))), ==, "https://shop.example");
}

/* With little room. */
static void
test_narrow (UiFixture *self, gconstpointer data)
{
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 640);
  ui_settle ();
  go (self, "Webhooks");
  ui_picture (self->window, "developers-360");
  go (self, "API Keys");
  ui_picture (self->window, "developers-keys-360");
  go (self, "Computers");
  ui_picture (self->window, "developers-computers-360");
  go (self, "Live Events");
  wait_until (says (self->window, "link.created"));
  ui_picture (self->window, "developers-events-360");
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (self->window)), <=, 360);
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  g_test_add ("/developers/known", UiFixture, NULL, set_up, test_known, ui_fixture_tear_down);
  g_test_add ("/developers/computers", UiFixture, NULL, set_up, test_devices, ui_fixture_tear_down);
  g_test_add ("/developers/unknown", UiFixture, NULL, set_up, test_unknown, ui_fixture_tear_down);
  g_test_add ("/developers/unpaired", UiFixture, NULL, ui_fixture_set_up, test_unpaired, ui_fixture_tear_down);
  g_test_add ("/developers/events", UiFixture, NULL, set_up, test_events, ui_fixture_tear_down);
  g_test_add ("/developers/event", UiFixture, NULL, set_up, test_event, ui_fixture_tear_down);
  g_test_add ("/developers/forms", UiFixture, NULL, set_up, test_forms, ui_fixture_tear_down);
  g_test_add ("/developers/narrow", UiFixture, NULL, set_up, test_narrow, ui_fixture_tear_down);
  return g_test_run ();
}
