/* tests/ui/native/test-notifier.c — payments as notifications, on a session bus of their own with a stand-in for the
 * desktop that shows them: one for each link, several at once gathered, and taken back when somebody has looked.
 * Layer: tests. */
#include "config.h"

#include "cobro-notifier.h"

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *connection;
  GApplication *application;
  CobroNotifier *notifier;
  GString *action;  /* what a click on the newest one asks for */
  GPtrArray *shown; /* (element-type utf8) "id: title", "-id" for one that was taken back */
  guint object;
  guint name;
  gboolean owned;
} Fixture;

static const char introspection[] = "<node><interface name='org.gtk.Notifications'>"
                                    "<method name='AddNotification'><arg type='s' direction='in'/>"
                                    "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>"
                                    "<method name='RemoveNotification'><arg type='s' direction='in'/>"
                                    "<arg type='s' direction='in'/></method></interface></node>";

static void
on_method_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
              const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Fixture *self = user_data;
  const char *id, *title = "", *action = "";
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GVariant) details = NULL;

  g_variant_get_child (parameters, 1, "&s", &id);
  if (g_str_equal (method, "AddNotification"))
    {
      g_variant_get_child (parameters, 2, "@a{sv}", &details);
      g_variant_lookup (details, "title", "&s", &title);
      g_variant_lookup (details, "default-action", "&s", &action);
      target = g_variant_lookup_value (details, "default-action-target", G_VARIANT_TYPE_STRING);
      g_string_printf (self->action, "%s %s", action, target ? g_variant_get_string (target, NULL) : "");
      g_ptr_array_add (self->shown, g_strdup_printf ("%s: %s", id, title));
    }
  else
    g_ptr_array_add (self->shown, g_strdup_printf ("-%s", id));
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
on_owned_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  ((Fixture *)user_data)->owned = TRUE;
}

static void
wait_for (Fixture *self, guint n)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (self->shown->len < n && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  g_assert_cmpuint (self->shown->len, ==, n);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_method_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError) error = NULL;

  self->shown = g_ptr_array_new_with_free_func (g_free);
  self->action = g_string_new (NULL);
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (self->connection, FALSE);
  self->object = g_dbus_connection_register_object (self->connection, "/org/gtk/Notifications", node->interfaces[0],
                                                    &vtable, self, NULL, &error);
  g_assert_no_error (error);
  self->name = g_bus_own_name_on_connection (self->connection, "org.gtk.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE,
                                             on_owned_cb, NULL, self, NULL);
  while (!self->owned)
    g_main_context_iteration (NULL, TRUE);
  self->application = g_application_new ("app.cobro.Cobro.Test", G_APPLICATION_DEFAULT_FLAGS);
  g_assert_true (g_application_register (self->application, NULL, &error));
  self->notifier = cobro_notifier_new (self->application);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->notifier);
  g_clear_object (&self->application);
  g_bus_unown_name (self->name);
  g_dbus_connection_unregister_object (self->connection, self->object);
  g_clear_object (&self->connection);
  g_test_dbus_stop (self->bus);
  g_clear_object (&self->bus);
  g_ptr_array_unref (self->shown);
  g_string_free (self->action, TRUE);
}

static void
arrive (Fixture *self, const char *id)
{
  cobro_notifier_add (self->notifier, &(CobroArrival){ .id = id,
                                                       .action = "app.show-link",
                                                       .target = id,
                                                       .label = "Show Link",
                                                       .heading = "€12.00 Received",
                                                       .body = "Paid: Coffee" });
}

#define assert_shown(at, text) g_assert_cmpstr (self->shown->pdata[at], ==, text)

static void
test_one (Fixture *self, gconstpointer data)
{
  arrive (self, "link_1");
  arrive (self, "link_2");
  wait_for (self, 2);
  assert_shown (0, "link_1: €12.00 Received");
  assert_shown (1, "link_2: €12.00 Received");

  /* Again for the same thing: in the same place, counted. */
  arrive (self, "link_1");
  wait_for (self, 3);
  assert_shown (2, "link_1: 2 Payments Received");

  /* What was looked at is news again. */
  cobro_notifier_seen (self->notifier, "link_1");
  wait_for (self, 4);
  assert_shown (3, "-link_1");
  arrive (self, "link_1");
  wait_for (self, 5);
  assert_shown (4, "link_1: €12.00 Received");
}

static void
test_several (Fixture *self, gconstpointer data)
{
  const char *ids[] = { "link_1", "link_2", "link_3", "link_4", "link_5" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    arrive (self, ids[i]);
  wait_for (self, 1);
  assert_shown (0, "payments: 5 Payments Received");
  for (gsize i = 0; i < 4; i++)
    arrive (self, ids[i]);
  wait_for (self, 2);
  assert_shown (1, "payments: 9 Payments Received"); /* since somebody looked */
  cobro_notifier_seen (self->notifier, "payments");
  wait_for (self, 3);
  assert_shown (2, "-payments");
}

static void
trouble (Fixture *self, const char *key)
{
  cobro_notifier_add (self->notifier, &(CobroArrival){ .kind = COBRO_ARRIVAL_MATTER,
                                                       .id = "attention",
                                                       .action = "app.show-matter",
                                                       .target = key,
                                                       .label = "Needs Attention",
                                                       .heading = "Paid twice: €12.00",
                                                       .body = "Coffee" });
}

/* What needs attention has one notification, beside those of payments: the first leads to itself, several to all. */
static void
test_attention (Fixture *self, gconstpointer data)
{
  trouble (self, "6:pay_1");
  arrive (self, "link_1");
  wait_for (self, 2);
  assert_shown (0, "link_1: €12.00 Received");
  assert_shown (1, "attention: Paid twice: €12.00");
  g_assert_cmpstr (self->action->str, ==, "app.show-matter 6:pay_1");

  trouble (self, "6:pay_2");
  wait_for (self, 3);
  assert_shown (2, "attention: 2 Things Need Your Attention");
  g_assert_cmpstr (self->action->str, ==, "app.show-place attention");
  cobro_notifier_seen (self->notifier, "attention");
  wait_for (self, 4);
  assert_shown (3, "-attention");

  trouble (self, "6:pay_3");
  trouble (self, "6:pay_4@business-2");
  wait_for (self, 5);
  assert_shown (4, "attention: 2 Things Need Your Attention");
  g_assert_cmpstr (self->action->str, ==, "app.show-place attention@business-2"); /* the newest one's */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/notifier/one", Fixture, NULL, set_up, test_one, tear_down);
  g_test_add ("/notifier/several", Fixture, NULL, set_up, test_several, tear_down);
  g_test_add ("/notifier/attention", Fixture, NULL, set_up, test_attention, tear_down);
  return g_test_run ();
}
