/* relay/api/relay-api-health.c — is the process alive, and can it work.
 * Layer: relay/api. healthz on the listener thread, readyz on request threads. */
#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-mail-store.h"

#define PROTOCOL 1 /* of src/sync/README.md */

RelayReply *
relay_api_healthz (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "status", "healthy");
  cobro_wire_put_time (writer, "timestamp", cobro_clock_now (ctx->clock));
  cobro_wire_put_int64 (writer, "uptime", (cobro_clock_monotonic (ctx->clock) - ctx->started) / COBRO_SECOND);
  cobro_wire_put_int64 (writer, "protocol", PROTOCOL);
  cobro_wire_put_bool (writer, "mail", relay_mail_is_wanted (ctx->store));
  cobro_wire_end_object (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

static gboolean
do_nothing (RelayTx *tx, gpointer data, GError **error)
{
  return TRUE;
}

/* Through the reader, and through the writer's queue, without keeping other relays from writing. */
RelayReply *
relay_api_readyz (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  gboolean stopping = g_atomic_int_get (&ctx->stopping) != 0;
  gboolean database = relay_store_ping (ctx->store, NULL);
  gboolean workers = !stopping && relay_store_write_queue (ctx->store, do_nothing, NULL, NULL);
  gboolean ready = database && workers;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", ready);
  cobro_wire_begin_object (writer, "data");
  cobro_wire_put_text (writer, "status", ready ? "ready" : stopping ? "stopping" : "not ready");
  cobro_wire_begin_object (writer, "checks");
  cobro_wire_put_text (writer, "database", database ? "ok" : "failed");
  cobro_wire_put_text (writer, "workers", workers ? "ok" : stopping ? "stopping" : "failed");
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return relay_reply_json_bare (request, ready ? 200 : 503, cobro_wire_writer_take (writer));
}
