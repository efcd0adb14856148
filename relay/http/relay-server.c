/* relay/http/relay-server.c — puts the parts of the gate together.
 * Layer: relay/http. */
#include "relay-server.h"

#include <string.h>
#include "cobro-error.h"
#include "relay-connection.h"
#include "relay-dispatch.h"
#include "relay-listener.h"
#include "relay-reply-private.h"
#include "relay-server-private.h"

static void
set_defaults (RelayServerConfig *config)
{
  const struct
  {
    guint *value;
    guint fallback;
  } defaults[] = {
    { &config->listener_threads, 1 }, { &config->request_threads, 32 },   { &config->webhook_threads, 2 },
    { &config->queue_max, 1024 },     { &config->connections_max, 8192 }, { &config->connections_per_peer, 256 },
    { &config->head_ms, 10 * 1000 },  { &config->body_ms, 20 * 1000 },    { &config->write_ms, 20 * 1000 },
    { &config->idle_ms, 60 * 1000 },  { &config->request_ms, 25 * 1000 }, { &config->unix_mode, 0660 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (*defaults[i].value == 0)
      *defaults[i].value = defaults[i].fallback;
  if (g_str_has_prefix (config->listen, "unix:"))
    config->listener_threads = 1; /* unix sockets cannot share an address */
}

/* On a request thread. */
static void
run_job (gpointer data, RelayJob *job)
{
  RelayServer *server = data;

  job->reply = relay_dispatch_run (server, job->request);
  relay_listener_post_done (job->request->listener, job);
}

/* The first listener finds the port, the others share it. */
static gboolean
listen_everywhere (RelayServer *server, GError **error)
{
  guint n = server->config.listener_threads;
  const char *address = server->config.listen;

  for (guint i = 0; i < n; i++)
    {
      RelayListener *listener = relay_listener_new (server, address, n > 1, error);

      if (listener == NULL)
        return FALSE;
      g_ptr_array_add (server->listeners, listener);
      if (i == 0 && !g_str_has_prefix (address, "unix:"))
        address = listener->socket.url + strlen ("http://");
    }
  server->url = g_strdup (((RelayListener *)server->listeners->pdata[0])->socket.url);
  return TRUE;
}

static gboolean
compile (RelayServer *server, GError **error)
{
  const RelayServerConfig *config = &server->config;

  for (const RelayRoute *route = config->routes; route->method != NULL; route++)
    if (route->auth == RELAY_AUTH_KEY && config->authenticate == NULL)
      return cobro_error_set (error, COBRO_ERROR_CONFIG, "route %s needs a key, and nobody can check keys",
                              route->template);
  server->router = relay_router_new (config->routes, error);
  if (server->router == NULL)
    return FALSE;
  server->trust = relay_trust_new (config->trusted_proxies, error);
  return server->trust != NULL;
}

RelayServer *
relay_server_new (const RelayServerConfig *config, GError **error)
{
  g_autoptr (RelayServer) server = g_new0 (RelayServer, 1);

  g_return_val_if_fail (config->clock != NULL && config->random != NULL, NULL);

  server->config = *config;
  set_defaults (&server->config);
  server->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_listener_free);
  server->census.peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&server->census.lock);
  server->limits = relay_limits_new (config->random);
  server->pool = relay_pool_new (server->config.request_threads, server->config.webhook_threads,
                                 server->config.queue_max, run_job, server);
  if (!compile (server, error) || !listen_everywhere (server, error))
    return NULL;
  for (guint i = 0; i < server->listeners->len; i++)
    relay_listener_start (server->listeners->pdata[i]);
  return g_steal_pointer (&server);
}

const RelayServerConfig *
relay_server_get_config (RelayServer *server)
{
  return &server->config;
}

const char *
relay_server_get_url (RelayServer *server)
{
  return server->url;
}

void
relay_server_wake (RelayServer *server, const char *topic)
{
  if (!relay_wakes_note (&server->wakes, topic))
    return;
  for (guint i = 0; i < server->listeners->len; i++)
    relay_listener_post_wake (server->listeners->pdata[i], topic);
}

static void
drop_jobs (RelayJob *job)
{
  while (job != NULL)
    {
      g_autofree RelayJob *one = job;

      job = job->next;
      g_clear_pointer (&one->reply, relay_reply_free);
      relay_request_free (one->request);
      relay_connection_free (one->owner); /* closed already: the listener has ended */
    }
}

void
relay_server_stop (RelayServer *server, guint ms)
{
  if (server->stopped)
    return;
  server->stopped = TRUE;
  for (guint i = 0; i < server->listeners->len; i++)
    relay_listener_stop (server->listeners->pdata[i], ms);
  for (guint i = 0; i < server->listeners->len; i++)
    relay_listener_join (server->listeners->pdata[i]);
  drop_jobs (relay_pool_stop (server->pool));
  for (guint i = 0; i < server->listeners->len; i++)
    drop_jobs (g_steal_pointer (&((RelayListener *)server->listeners->pdata[i])->done));
}

void
relay_server_free (RelayServer *server)
{
  relay_server_stop (server, 0);
  g_ptr_array_unref (server->listeners);
  relay_pool_free (server->pool);
  relay_limits_free (server->limits);
  g_clear_pointer (&server->router, relay_router_free);
  g_clear_pointer (&server->trust, relay_trust_free);
  g_hash_table_unref (server->census.peers);
  g_mutex_clear (&server->census.lock);
  g_free (server->url);
  g_free (server);
}

/* ── Census ──────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_server_admit (RelayServer *server, const char *peer, gboolean counted)
{
  RelayCensus *census = &server->census;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&census->lock);
  guint here = counted ? GPOINTER_TO_UINT (g_hash_table_lookup (census->peers, peer)) : 0;

  if (census->total >= server->config.connections_max || here >= server->config.connections_per_peer)
    return FALSE;
  census->total++;
  if (counted)
    g_hash_table_insert (census->peers, g_strdup (peer), GUINT_TO_POINTER (here + 1));
  return TRUE;
}

void
relay_server_dismiss (RelayServer *server, const char *peer, gboolean counted)
{
  RelayCensus *census = &server->census;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&census->lock);
  guint here;

  census->total--;
  if (!counted)
    return;
  here = GPOINTER_TO_UINT (g_hash_table_lookup (census->peers, peer));
  if (here > 1)
    g_hash_table_insert (census->peers, g_strdup (peer), GUINT_TO_POINTER (here - 1));
  else
    g_hash_table_remove (census->peers, peer);
}

RelayServerLoad
relay_server_load (RelayServer *server)
{
  RelayServerLoad load = { 0 };

  relay_pool_count (server->pool, &load.requests, &load.webhooks);
  g_mutex_lock (&server->census.lock);
  load.connections = server->census.total;
  g_mutex_unlock (&server->census.lock);
  return load;
}

/* ── Access log ──────────────────────────────────────────────────────────────────────────────────── */

char *
relay_access_to_json (const RelayAccess *access, CobroTime now)
{
  g_autoptr (CobroWireWriter) json = cobro_wire_writer_new ();
  char trace[RELAY_TRACE_ID_SIZE];

  cobro_wire_begin_object (json, NULL);
  cobro_wire_put_time (json, "time", now);
  cobro_wire_put_text (json, "event", "request");
  cobro_wire_put_text (json, "requestId", access->id);
  if (relay_trace_id_of (&access->trace, trace))
    cobro_wire_put_text (json, "trace", trace);
  cobro_wire_put_text (json, "method", access->method);
  cobro_wire_put_text (json, "route", access->route);
  cobro_wire_put_text (json, "peer", access->peer);
  if (access->merchant[0] != '\0')
    cobro_wire_put_text (json, "merchant", access->merchant);
  cobro_wire_put_int64 (json, "status", access->status);
  cobro_wire_put_int64 (json, "bytes", access->bytes);
  cobro_wire_put_int64 (json, "microseconds", access->duration_us);
  if (access->one_of > 1)
    cobro_wire_put_int64 (json, "oneOf", access->one_of);
  cobro_wire_end_object (json);
  return cobro_wire_writer_take (json);
}
