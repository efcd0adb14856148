/* src/model/cobro-portal.c — requests to portals: org.freedesktop.portal.Request says how they are answered.
 * Layer: model. Main thread. */
#include "cobro-portal.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "cobro-error.h"

#define BUS_NAME     "org.freedesktop.portal.Desktop"
#define OBJECT       "/org/freedesktop/portal/desktop"
#define PREFIX       "org.freedesktop.portal."
#define SANDBOX_FILE "/.flatpak-info"

typedef struct
{
  char *interface;
  char *method;
  GVariant *options;
  int file;
  GDBusConnection *bus;
  char *path; /* where the answer will come from */
  guint subscription;
  gulong cancelled;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  if (request->subscription)
    g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);
  if (request->file >= 0)
    close (request->file);
  g_clear_object (&request->bus);
  g_variant_unref (request->options);
  g_free (request->interface);
  g_free (request->method);
  g_free (request->path);
  g_free (request);
}

/* An answer is given once: a signal that comes later finds nobody. */
static void
end (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (request->subscription)
    g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);
  request->subscription = 0;
  if (request->cancelled)
    g_signal_handler_disconnect (cancellable, request->cancelled);
  request->cancelled = 0;
}

static void
on_response_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                GVariant *parameters, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  g_autoptr (GVariant) results = NULL;
  guint32 response;

  end (task);
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == 0)
    g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify)g_variant_unref);
  else if (response == 1)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  else
    g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_FORBIDDEN, "the system did not allow it");
  g_object_unref (user_data); /* the waiting's */
}

static void
listen (GTask *task, const char *path)
{
  Request *request = g_task_get_task_data (task);

  if (request->subscription)
    g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);
  g_free (request->path);
  request->path = g_strdup (path);
  request->subscription =
    g_dbus_connection_signal_subscribe (request->bus, BUS_NAME, PREFIX "Request", "Response", path, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_response_cb, task, NULL);
}

static void
give_up (GTask *task, const GError *error)
{
  end (task);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE, "this desktop has no portal for it (%s)",
                             error->message);
  g_object_unref (task);
}

static void
on_called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result, &error);
  const char *path;

  if (g_task_get_completed (task) || !request->subscription)
    return;
  if (!reply)
    return give_up (task, error);

  /* Portals before 0.9 chose the path by themselves. */
  g_variant_get (reply, "(&o)", &path);
  if (!g_str_equal (path, request->path))
    listen (task, path);
}

static void
on_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;
  Request *request = g_task_get_task_data (task);

  /* Not end(): a handler cannot be disconnected while it runs. */
  if (request->subscription)
    g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);
  request->subscription = 0;
  request->cancelled = 0;
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);
}

static void
call (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *token = g_strdelimit (g_strconcat ("cobro_", id, NULL), "-", '_');
  g_autofree char *sender = g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (request->bus) + 1), ".", '_');
  g_autofree char *path = g_strdup_printf (OBJECT "/request/%s/%s", sender, token);
  g_autofree char *interface = g_strconcat (PREFIX, request->interface, NULL);
  g_autoptr (GUnixFDList) files = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, request->options);
  g_variant_dict_insert (&dict, "handle_token", "s", token);
  if (request->file >= 0)
    {
      GVariant *handle = g_variant_new_handle (0);

      files = g_unix_fd_list_new_from_array (&request->file, 1);
      request->file = -1;
      g_variant_dict_insert_value (&dict, "attachment_fds", g_variant_new_array (G_VARIANT_TYPE_HANDLE, &handle, 1));
    }
  listen (task, path);
  if (cancellable)
    request->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled_cb), task);
  g_dbus_connection_call_with_unix_fd_list (request->bus, BUS_NAME, OBJECT, interface, request->method,
                                            g_variant_new ("(s@a{sv})", "", g_variant_dict_end (&dict)),
                                            G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, files, NULL,
                                            on_called_cb, g_object_ref (task));
}

static void
on_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data; /* kept until it is answered */
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  request->bus = g_bus_get_finish (result, &error);
  if (request->bus)
    call (task);
  else
    give_up (task, error);
}

void
cobro_portal_request_async (const char *interface, const char *method, GVariant *options, int take_file,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  *request = (Request){ .interface = g_strdup (interface),
                        .method = g_strdup (method),
                        .options = g_variant_ref_sink (options),
                        .file = take_file };
  g_task_set_task_data (task, request, request_free);
  g_task_set_source_tag (task, cobro_portal_request_async);
  g_bus_get (G_BUS_TYPE_SESSION, cancellable, on_bus_cb, task);
}

GVariant *
cobro_portal_request_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
cobro_portal_is_sandboxed (void)
{
  return g_file_test (SANDBOX_FILE, G_FILE_TEST_EXISTS);
}
