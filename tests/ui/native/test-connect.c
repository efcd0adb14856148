/* tests/ui/native/test-connect.c — connecting: links that anybody may send, and every way in which a relay or a keyring
 * can fail, each with the words that name the cause and the next step. Layer: tests. */
#include "config.h"

#include "../../sync/fake-relay.h"
#include "ui-fixture.h"

#include "test-keyring.h"

#define CODE "1A2B-3C4D-5E6F-7G8H"

typedef struct
{
  UiFixture ui;
  FakeRelay *relay;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  ui_fixture_set_up (&self->ui, data);
  self->relay = fake_relay_new (self->ui.books.clock, 7);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_fixture_tear_down (&self->ui, data);
  fake_relay_free (self->relay);
}

/* ── Links ── */

static char *
text_of (GtkWidget *dialog, const char *id)
{
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (ui_id (dialog, id))));
}

/* A link fills the dialog in and says where it leads; nothing is asked of that relay before the button is pressed. */
static void
test_link (Fixture *self, gconstpointer data)
{
  g_autofree char *link = NULL;
  g_autofree char *address = NULL;
  g_autofree char *code = NULL;
  GtkWidget *dialog;

  link = g_strdup_printf ("cobro://pair?relay=http%%3A%%2F%%2F%s&code=%s",
                          fake_relay_url (self->relay) + strlen ("http://"), fake_relay_new_code (self->relay));
  ui_fixture_open (&self->ui);
  cobro_window_connect (self->ui.window, link);
  dialog = ui_toplevel ("Connect a Relay");
  address = text_of (dialog, "address_row");
  code = text_of (dialog, "code_row");
  g_assert_cmpstr (address, ==, fake_relay_url (self->relay));
  g_assert_cmpuint (strlen (code), ==, strlen (CODE));
  g_assert_true (gtk_widget_get_visible (ui_id (dialog, "notice_label")));
  ui_settle ();
  ui_picture (dialog, "connect-by-link");
  g_assert_cmpint (cobro_connection_get_state (self->ui.connection), ==, COBRO_CONNECTION_NONE);
  g_assert_cmpuint (fake_relay_n_requests (self->relay, "/v1/healthz"), ==, 0);

  gtk_widget_activate (ui_id (dialog, "connect_button"));
  wait_until (cobro_connection_get_state (self->ui.connection) == COBRO_CONNECTION_ONLINE);
  g_assert_cmpstr (cobro_connection_get_address (self->ui.connection), ==, fake_relay_url (self->relay));
}

/* Books that are connected say so, and Enter does not replace that; a second link takes the first one's place. */
static void
test_link_of_a_stranger (Fixture *self, gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *address = NULL;

  pair_books (&self->ui.books);
  ui_fixture_open (&self->ui);
  cobro_window_connect (self->ui.window, "cobro://pair?relay=https%3A%2F%2Fone.example&code=" CODE);
  cobro_window_connect (self->ui.window, "cobro://pair?relay=https%3A%2F%2Fevil.example&code=" CODE);
  ui_settle ();
  dialog = ui_toplevel ("Connect a Relay");
  address = text_of (dialog, "address_row");
  g_assert_cmpstr (address, ==, "https://evil.example");
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (ui_id (dialog, "notice_label"))), "https://pay.example"));
  g_assert_null (gtk_window_get_default_widget (GTK_WINDOW (dialog)));
  ui_picture (dialog, "connect-by-strange-link");
  ui_press (dialog, GDK_KEY_Escape, 0);
  g_assert_cmpstr (cobro_connection_get_address (self->ui.connection), ==, "https://pay.example");
}

static gboolean
is_said (const char *part)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (ui_find_label (at->data, part))
      return TRUE;
  return FALSE;
}

static void
test_broken_link (Fixture *self, gconstpointer data)
{
  ui_fixture_open (&self->ui);
  cobro_window_connect (self->ui.window, "cobro://pair?relay=http%3A%2F%2Fpay.example&code=" CODE);
  ui_settle ();
  g_assert_true (is_said ("This Pairing Link Cannot Be Used"));
}

/* What is pasted into the address is taken apart. */
static void
test_pasted (Fixture *self, gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *address = NULL;
  g_autofree char *code = NULL;

  ui_fixture_open (&self->ui);
  cobro_window_connect (self->ui.window, NULL);
  dialog = ui_toplevel ("Connect a Relay");
  g_assert_false (gtk_widget_get_visible (ui_id (dialog, "notice_label")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "address_row")),
                         "cobro://pair?relay=https%3A%2F%2Fpay.example&code=1a2b3c4d5e6f7g8h");
  address = text_of (dialog, "address_row");
  code = text_of (dialog, "code_row");
  g_assert_cmpstr (address, ==, "https://pay.example");
  g_assert_cmpstr (code, ==, CODE);
}

/* ── What can be wrong ── */

static GtkWidget *
try_connect (Fixture *self, const char *address, const char *code)
{
  GtkWidget *dialog;

  cobro_window_connect (self->ui.window, NULL);
  dialog = ui_toplevel ("Connect a Relay");
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "address_row")), address);
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "code_row")), code);
  gtk_widget_activate (ui_id (dialog, "connect_button"));
  wait_until (gtk_widget_get_visible (ui_id (dialog, "problem_box")));
  return dialog;
}

/* @step: a part of what one should do. */
static void
fails (Fixture *self, const char *address, const char *code, const char *cause, const char *step)
{
  GtkWidget *dialog = try_connect (self, address, code);
  const char *text = gtk_label_get_text (GTK_LABEL (ui_id (dialog, "problem_label")));
  g_autofree char *picture = g_strdup_printf ("connect-%s", cause);

  g_test_message ("%s: %s", cause, text);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (ui_id (dialog, "problem_heading"))), ==, cause);
  g_assert_nonnull (strstr (text, step));
  ui_picture (dialog, g_strdelimit (picture, " ", '-'));
}

static void
test_relay_fails (Fixture *self, gconstpointer data)
{
  const char *url = fake_relay_url (self->relay);
  g_autofree char *code = g_strdup (fake_relay_new_code (self->relay));
  g_autofree char *https = g_strconcat ("https", url + strlen ("http"), NULL);

  ui_fixture_open (&self->ui);
  fails (self, "pay.invalid", code, "No Relay Has This Address", "Check the address letter by letter");
  fails (self, "http://127.0.0.1:1", code, "Nothing Answers at This Address", "that the relay runs");
  fails (self, https, code, "The Certificate Is Not Trusted", "ask whoever runs the relay to renew its certificate");
  fake_relay_set_mood (self->relay, FAKE_NONSENSE);
  fails (self, url, code, "Something Else Answers There", "Check the address");
  fake_relay_set_mood (self->relay, FAKE_OLD);
  fails (self, url, code, "The Relay Has Another Version", "update it");
  fake_relay_set_mood (self->relay, FAKE_FINE);
  fake_relay_set_health (self->relay, FIXTURE_NOW + COBRO_HOUR, 1);
  fails (self, url, code, "The Clocks Differ", "clock and time zone");
  fake_relay_set_health (self->relay, 0, 2);
  fails (self, url, code, "The Relay Has Another Version", "Update Cobro");
  fake_relay_set_health (self->relay, 0, 1);
  fails (self, url, "ZZZZ-ZZZZ-ZZZZ-ZZZZ", "The Code Was Not Accepted", "Let the relay show a new one");
  fails (self, url, "1A2B", "The Code Was Not Accepted", "too short");
  g_assert_cmpint (cobro_connection_get_state (self->ui.connection), ==, COBRO_CONNECTION_NONE);
}

/* Something that takes the question and never answers. */
static void
test_relay_slow (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u", port);

  g_assert_cmpuint (port, !=, 0);
  ui_fixture_open (&self->ui);
  fails (self, address, CODE, "The Relay Is Too Slow to Answer", "Wait a minute");
}

static const struct
{
  TestKeyringTemper temper;
  const char *cause;
  const char *step;
} tempers[] = {
  { TEST_KEYRING_LOCKED, "The Keyring Is Locked", "Unlock it" },
  { TEST_KEYRING_ABSENT, "There Is No Keyring", "Install one" },
  { TEST_KEYRING_REFUSES, "The Keyring Refuses", "Allow Cobro to use it" },
};

/* A key that cannot be kept: connected until one leaves, and told why. */
static void
test_keyring_keeps_nothing (Fixture *self, gconstpointer data)
{
  ui_fixture_open (&self->ui);
  for (gsize i = 0; i < G_N_ELEMENTS (tempers); i++)
    {
      test_keyring_set_temper (self->ui.keyring, tempers[i].temper);
      fails (self, fake_relay_url (self->relay), fake_relay_new_code (self->relay), tempers[i].cause, tempers[i].step);
      g_assert_null (test_keyring_peek (self->ui.keyring, fake_relay_url (self->relay)));
    }
}

static char *
said_by_the_line (Fixture *self)
{
  return g_strdup (gtk_label_get_text (GTK_LABEL (ui_id (ui_id (self->ui.window, "sync_button"), "detail"))));
}

/* A key that cannot be had at the start: the header says why and what to do, and trying again takes it up. */
static void
test_keyring_gives_nothing (Fixture *self, gconstpointer data)
{
  ui_fixture_open (&self->ui);
  cobro_window_connect (self->ui.window, NULL);
  gtk_editable_set_text (GTK_EDITABLE (ui_id (ui_toplevel ("Connect a Relay"), "address_row")),
                         fake_relay_url (self->relay));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (ui_toplevel ("Connect a Relay"), "code_row")),
                         fake_relay_new_code (self->relay));
  gtk_widget_activate (ui_id (ui_toplevel ("Connect a Relay"), "connect_button"));
  wait_until (cobro_connection_get_state (self->ui.connection) == COBRO_CONNECTION_ONLINE);
  for (gsize i = 0; i < G_N_ELEMENTS (tempers); i++)
    {
      g_autofree char *said = NULL;

      test_keyring_set_temper (self->ui.keyring, tempers[i].temper);
      cobro_connection_resume (self->ui.connection);
      wait_until (cobro_connection_get_state (self->ui.connection) == COBRO_CONNECTION_LOCKED);
      said = said_by_the_line (self);
      g_assert_nonnull (strstr (said, tempers[i].cause));
      g_assert_nonnull (strstr (said, tempers[i].step));
      g_assert_nonnull (strstr (said, "Links that were live stay payable"));
    }
  test_keyring_set_temper (self->ui.keyring, TEST_KEYRING_WORKS);
  cobro_connection_sync_now (self->ui.connection);
  wait_until (cobro_connection_get_state (self->ui.connection) == COBRO_CONNECTION_ONLINE);
}

#define connect_test(path, func) g_test_add ("/connect/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  connect_test ("link", test_link);
  connect_test ("link-of-a-stranger", test_link_of_a_stranger);
  connect_test ("broken-link", test_broken_link);
  connect_test ("pasted", test_pasted);
  connect_test ("relay-fails", test_relay_fails);
  connect_test ("relay-slow", test_relay_slow);
  connect_test ("keyring-keeps-nothing", test_keyring_keeps_nothing);
  connect_test ("keyring-gives-nothing", test_keyring_gives_nothing);
  return g_test_run ();
}
