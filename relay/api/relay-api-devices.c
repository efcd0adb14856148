/* relay/api/relay-api-devices.c — /v1/devices: paired desktops, listed and unpaired.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-merchant-store.h"

static void
write_device (CobroWireWriter *writer, const RelayRequest *request, const RelayDevice *device)
{
  g_autofree char *used = relay_api_dup_day (device->used_on);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", device->id.text);
  cobro_wire_put_text (writer, "name", device->name);
  cobro_wire_put_bool (writer, "livemode", device->livemode);
  cobro_wire_put_bool (writer, "current", g_strcmp0 (request->key_id, device->id.text) == 0);
  cobro_wire_put_time (writer, "pairedAt", device->paired_at);
  cobro_wire_put_text (writer, "lastUsedOn", used);
  cobro_wire_put_time (writer, "revokedAt", device->revoked_at);
  cobro_wire_end_object (writer);
}

/* (transfer full) (element-type RelayDevice) of the key's mode. */
static GPtrArray *
list (RelayContext *ctx, RelayRequest *request, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);
  GPtrArray *devices = reader != NULL ? relay_device_list (reader->db, &request->merchant_id, error) : NULL;

  for (guint i = devices != NULL ? devices->len : 0; i > 0; i--)
    if (((RelayDevice *)devices->pdata[i - 1])->livemode != request->livemode)
      g_ptr_array_remove_index (devices, i - 1);
  return devices;
}

RelayReply *
relay_api_devices_list (gpointer context, RelayRequest *request)
{
  static const char *const no_names[] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (!relay_api_check_query (request, no_names, &error) || !(devices = list (context, request, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < devices->len; i++)
    write_device (writer, request, devices->pdata[i]);
  cobro_wire_end_array (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

static RelayReply *
reply_device (RelayContext *ctx, RelayRequest *request, const char *id, GError **error)
{
  g_autoptr (GPtrArray) devices = list (ctx, request, error);

  for (guint i = 0; devices != NULL && i < devices->len; i++)
    if (g_str_equal (((RelayDevice *)devices->pdata[i])->id.text, id))
      {
        g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

        write_device (writer, request, devices->pdata[i]);
        return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
      }
  if (devices != NULL)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such device");
  return NULL;
}

RelayReply *
relay_api_devices_read (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  RelayReply *reply = reply_device (context, request, relay_request_param (request, "id"), &error);

  return reply != NULL ? reply : relay_reply_problem (request, error);
}

/* Which device ends. */
typedef struct
{
  RelayScope scope;
  CobroId id;
} End;

static gboolean
revoke_work (RelayTx *tx, gpointer data, GError **error)
{
  End *end = data;

  return relay_device_revoke (tx, &end->scope, &end->id, error);
}

RelayReply *
relay_api_devices_revoke (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  End end = { .scope = relay_api_scope (request) };
  g_autoptr (GError) error = NULL;
  RelayReply *reply;

  if (!cobro_id_parse (COBRO_ID_DEVICE, relay_request_param (request, "id"), &end.id, NULL))
    cobro_error_set (&error, COBRO_ERROR_NOT_FOUND, "no such device");
  if (error != NULL || !relay_api_check_no_body (request, &error) ||
      !relay_store_write_for (ctx->store, &end.scope.merchant_id, revoke_work, &end, &error) ||
      !(reply = reply_device (ctx, request, end.id.text, &error)))
    return relay_reply_problem (request, error);
  return reply;
}
