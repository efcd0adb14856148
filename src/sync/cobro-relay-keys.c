/* src/sync/cobro-relay-keys.c — API keys and paired computers.
 * Layer: sync. */
#include "config.h"
#include "cobro-relay-keys.h"
#include "cobro-relay-exchange.h"
#include "cobro-wire-webhook.h"

typedef gpointer (*Parse) (CobroWireObject *object, GError **error);

GPtrArray *
cobro_relay_keys_read (const char *text, char **out_next, GError **error)
{
  return cobro_relay_read_records (text, (Parse)cobro_wire_api_key_parse, (GDestroyNotify)cobro_api_key_unref, out_next,
                                   error);
}

static char *
write_wish (const char *name, const char *const *scopes)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "name", name);
  cobro_wire_begin_array (writer, "scopes");
  for (guint i = 0; scopes[i] != NULL; i++)
    cobro_wire_put_text (writer, NULL, scopes[i]);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

char *
cobro_relay_keys_make (CobroRelayClient *client, const char *name, const char *const *scopes, GCancellable *cancellable,
                       GError **error)
{
  g_autofree char *body = write_wish (name, scopes);
  CobroRelayAsk what = { .method = "POST",
                         .path = "/v1/api-keys",
                         .body = body,
                         .deadline_ms = COBRO_RELAY_DEADLINE_MS,
                         .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX };
  g_autoptr (CobroWireObject) data = cobro_relay_exchange_data (client, &what, cancellable, error);
  char *text = NULL;
  GError *failure = NULL;

  if (data != NULL && !cobro_wire_get_text_needed (data, "key", &text, &failure))
    cobro_relay_misshapen (error, failure);
  return text;
}

static gboolean
end_access (CobroRelayClient *client, const char *collection, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strconcat (collection, escaped, NULL);
  CobroRelayAsk what = {
    .method = "DELETE", .path = path, .deadline_ms = COBRO_RELAY_DEADLINE_MS, .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX
  };
  g_autoptr (CobroWireObject) json = cobro_relay_exchange (client, &what, cancellable, error);

  return json != NULL;
}

gboolean
cobro_relay_keys_revoke (CobroRelayClient *client, const char *id, GCancellable *cancellable, GError **error)
{
  return end_access (client, "/v1/api-keys/", id, cancellable, error);
}

GPtrArray *
cobro_relay_keys_read_devices (const char *text, char **out_next, GError **error)
{
  return cobro_relay_read_records (text, (Parse)cobro_wire_device_parse, (GDestroyNotify)cobro_device_unref, out_next,
                                   error);
}

gboolean
cobro_relay_keys_revoke_device (CobroRelayClient *client, const char *id, GCancellable *cancellable, GError **error)
{
  return end_access (client, "/v1/devices/", id, cancellable, error);
}
