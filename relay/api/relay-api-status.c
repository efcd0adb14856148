/* relay/api/relay-api-status.c — how the relay is doing, as far as it concerns the merchant who asks: nothing of
 * anybody else's can be read from it. Layer: relay/api. Request threads. */
#include "config.h"
#include "cobro-wire.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-status-store.h"

/* What is asked of the books. */
typedef struct
{
  RelayStatusCounts counts;
  GPtrArray *providers; /* (element-type RelayStatusProvider) */
} Status;

static void
status_clear (Status *status)
{
  g_clear_pointer (&status->providers, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

static gboolean
read_status (RelayContext *ctx, const RelayScope *scope, Status *status, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);

  return reader != NULL && relay_status_count (reader->db, scope, &status->counts, error) &&
         (status->providers = relay_status_list_providers (reader->db, scope, error)) != NULL;
}

static const char *
breaker_of (const RelayStatusProvider *provider, CobroTime now)
{
  if (provider->opened == 0)
    return "closed";
  return provider->open_until > now ? "open" : "probing";
}

static void
write_provider (CobroWireWriter *writer, const RelayStatusProvider *provider, CobroTime now)
{
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "name", provider->provider);
  cobro_wire_put_bool (writer, "enabled", provider->enabled);
  cobro_wire_put_text (writer, "breaker", breaker_of (provider, now));
  cobro_wire_put_time (writer, "retryAt", provider->opened > 0 ? provider->open_until : 0);
  cobro_wire_put_time (writer, "changedAt", provider->changed_at);
  cobro_wire_end_object (writer);
}

static void
write_counts (CobroWireWriter *writer, const RelayStatusCounts *counts)
{
  cobro_wire_begin_object (writer, "queues");
  cobro_wire_put_int64 (writer, "deliveries", counts->deliveries);
  cobro_wire_put_int64 (writer, "deadLetters", counts->dead_letters);
  cobro_wire_put_int64 (writer, "mails", counts->mails);
  cobro_wire_put_int64 (writer, "payments", counts->payments);
  cobro_wire_put_int64 (writer, "refunds", counts->refunds);
  cobro_wire_put_int64 (writer, "inbox", counts->inbox);
  cobro_wire_end_object (writer);
}

static char *
write_status (RelayContext *ctx, const Status *status)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  CobroTime now = cobro_clock_now (ctx->clock);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "version", COBRO_VERSION);
  cobro_wire_put_time (writer, "timestamp", now);
  cobro_wire_put_int64 (writer, "uptime", (cobro_clock_monotonic (ctx->clock) - ctx->started) / COBRO_SECOND);
  cobro_wire_put_text (writer, "database", relay_store_is_shared (ctx->store) ? "postgresql" : "sqlite");
  cobro_wire_put_time (writer, "lastBackupAt", relay_status_last_copy (ctx->store));
  write_counts (writer, &status->counts);
  cobro_wire_begin_array (writer, "providers");
  for (guint i = 0; i < status->providers->len; i++)
    write_provider (writer, status->providers->pdata[i], now);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_status (gpointer context, RelayRequest *request)
{
  static const char *const no_query[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_auto (Status) status = { .providers = NULL };

  if (!relay_api_check_query (request, no_query, &error) || !read_status (ctx, &scope, &status, &error))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 200, write_status (ctx, &status));
}
