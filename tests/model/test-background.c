/* tests/model/test-background.c — being started at login, on a session bus of its own: by the portal, where there is
 * one, and else by an entry of our own that goes away again. Layer: tests. */
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gio.h>
#include <gio/gsettingsbackend.h>
#include "cobro-background.h"
#include "cobro-error.h"

#define PORTAL  "org.freedesktop.portal.Desktop"
#define OBJECT  "/org/freedesktop/portal/desktop"
#define PROGRAM "/opt/Ana's $hop 100%/bin/cobro"

static const char introspection[] = "<node><interface name='org.freedesktop.portal.Background'>"
                                    "<method name='RequestBackground'><arg type='s' direction='in'/>"
                                    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
                                    "</interface></node>";

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *connection;
  GSettings *settings;
  CobroBackground *background;
  gboolean allows; /* what the portal answers */
  guint asked;
  guint object, name;
  gboolean owned;
} Fixture;

/* ── The stand-in for the desktop's portal ── */

static void
on_asked_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
             const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree char *who = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *request = NULL;
  GVariantDict results;
  const char *token;

  self->asked++;
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  request = g_strdup_printf (OBJECT "/request/%s/%s", who, token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", request));
  g_variant_dict_init (&results, NULL);
  g_variant_dict_insert (&results, "background", "b", self->allows);
  g_variant_dict_insert (&results, "autostart", "b", self->allows);
  g_dbus_connection_emit_signal (connection, sender, request, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(u@a{sv})", 0, g_variant_dict_end (&results)), NULL);
}

static void
on_owned_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  ((Fixture *)user_data)->owned = TRUE;
}

static void
open_portal (Fixture *self, gboolean allows)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_asked_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError) error = NULL;

  self->allows = allows;
  self->object =
    g_dbus_connection_register_object (self->connection, OBJECT, node->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);
  self->name =
    g_bus_own_name_on_connection (self->connection, PORTAL, G_BUS_NAME_OWNER_FLAGS_NONE, on_owned_cb, NULL, self, NULL);
  while (!self->owned)
    g_main_context_iteration (NULL, TRUE);
}

/* ── The fixture ── */

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *schemas = NULL;
  g_autoptr (GSettingsBackend) memory = g_memory_settings_backend_new ();
  g_autoptr (GError) error = NULL;

  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (self->connection, FALSE);
  schemas = g_test_build_filename (G_TEST_BUILT, "..", "data", NULL);
  source = g_settings_schema_source_new_from_directory (schemas, NULL, TRUE, &error);
  g_assert_no_error (error);
  schema = g_settings_schema_source_lookup (source, COBRO_APP_ID, FALSE);
  self->settings = g_settings_new_full (schema, memory, NULL);
  self->background = cobro_background_new (self->settings, PROGRAM);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->name)
    {
      g_bus_unown_name (self->name);
      g_dbus_connection_unregister_object (self->connection, self->object);
    }
  g_clear_object (&self->background);
  g_clear_object (&self->settings);
  g_clear_object (&self->connection);
  g_test_dbus_stop (self->bus);
  g_clear_object (&self->bus);
}

static void
set_enabled (Fixture *self, gboolean enabled)
{
  cobro_background_set_enabled (self->background, enabled);
  while (cobro_background_get_busy (self->background))
    g_main_context_iteration (NULL, TRUE);
}

static char *
entry_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", COBRO_APP_ID ".desktop", NULL);
}

static gboolean
has_entry (void)
{
  g_autofree char *path = entry_path ();

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* ── The tests ── */

/* The entry starts this program, wherever it is installed, and every desktop can read it. */
static void
assert_entry (void)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *path = entry_path ();
  g_autofree char *command = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, &error));
  g_assert_no_error (error);
  command = g_key_file_get_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (command, ==, "\"/opt/Ana's \\$hop 100%%/bin/cobro\" --gapplication-service");
  g_assert_true (g_shell_parse_argv (command, NULL, &words, &error));
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_assert_cmpstr (words[1], ==, "--gapplication-service");
  g_assert_true (g_key_file_get_boolean (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_NO_DISPLAY, NULL));
}

static void
assert_validates (void)
{
  g_autofree char *path = entry_path ();
  const char *argv[] = { "desktop-file-validate", path, NULL };
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (
    g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (said, ==, "");
  g_assert_cmpint (status, ==, 0);
}

static void
test_no_portal (Fixture *self, gconstpointer data)
{
  g_assert_false (has_entry ());
  set_enabled (self, TRUE);
  g_assert_no_error (cobro_background_get_error (self->background));
  g_assert_true (cobro_background_get_enabled (self->background));
  assert_entry ();
  assert_validates ();

  set_enabled (self, FALSE);
  g_assert_no_error (cobro_background_get_error (self->background));
  g_assert_false (cobro_background_get_enabled (self->background));
  g_assert_false (has_entry ());
}

/* A folder that cannot be written: it is said, and nothing pretends. */
static void
test_no_room (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (folder, "a file", -1, &error));
  g_assert_no_error (error);
  set_enabled (self, TRUE);
  g_assert_nonnull (cobro_background_get_error (self->background));
  g_assert_false (cobro_background_get_enabled (self->background));
}

static void
test_allowed (Fixture *self, gconstpointer data)
{
  open_portal (self, TRUE);
  set_enabled (self, TRUE);
  g_assert_cmpuint (self->asked, ==, 1);
  g_assert_true (cobro_background_get_enabled (self->background));
  g_assert_false (has_entry ()); /* the portal writes its own */
  set_enabled (self, FALSE);
  g_assert_cmpuint (self->asked, ==, 2);
  g_assert_false (cobro_background_get_enabled (self->background));
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  open_portal (self, FALSE);
  set_enabled (self, TRUE);
  g_assert_error (cobro_background_get_error (self->background), COBRO_ERROR, COBRO_ERROR_FORBIDDEN);
  g_assert_false (cobro_background_get_enabled (self->background));
  g_assert_false (has_entry ());
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add ("/background/no-portal", test_no_portal);
  add ("/background/no-room", test_no_room);
  add ("/background/allowed", test_allowed);
  add ("/background/refused", test_refused);
  return g_test_run ();
}
