/* src/sync/cobro-sync-errand.c — a decision brought before the relay.
 * Layer: sync. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-relay-exchange.h"
#include "cobro-sync-errand.h"

/* A provider that gives money back takes its time. */
#define PATIENT_MS 60000

static gboolean
ask (CobroRelayClient *client, const char *method, char *take_path, const char *body, GCancellable *cancellable,
     GError **error)
{
  g_autofree char *path = take_path;
  CobroRelayAsk what = {
    .method = method, .path = path, .body = body, .deadline_ms = PATIENT_MS, .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX
  };
  g_autoptr (CobroWireObject) data = cobro_relay_exchange_data (client, &what, cancellable, error);

  return data != NULL;
}

static gboolean
resolve (CobroRelayClient *client, const char *payment_id, const char *action, GCancellable *cancellable,
         GError **error)
{
  g_autofree char *body = g_strdup_printf ("{\"action\":\"%s\"}", action);

  return ask (client, "POST", g_strdup_printf ("/v1/payments/%s/resolve", payment_id), body, cancellable, error);
}

/* On again, and everything that it missed. */
static gboolean
enable (CobroRelayClient *client, const char *endpoint_id, GCancellable *cancellable, GError **error)
{
  g_autofree char *body = g_strdup_printf ("{\"endpointId\":\"%s\",\"status\":\"abandoned\"}", endpoint_id);

  return ask (client, "PATCH", g_strdup_printf ("/v1/webhook-endpoints/%s", endpoint_id), "{\"isActive\":true}",
              cancellable, error) &&
         ask (client, "POST", g_strdup ("/v1/deliveries/replay"), body, cancellable, error);
}

static gboolean
run (CobroRelayClient *client, const CobroAttentionErrand *errand, GCancellable *cancellable, GError **error)
{
  switch (errand->way)
    {
    case COBRO_WAY_ACCEPT:
      return resolve (client, errand->target, "accept", cancellable, error);
    case COBRO_WAY_RETURN:
      return resolve (client, errand->target, "refund", cancellable, error);
    case COBRO_WAY_RELEASE:
      return resolve (client, errand->target, "release", cancellable, error);
    case COBRO_WAY_REPLAY:
      return ask (client, "POST", g_strdup_printf ("/v1/deliveries/%s/retry", errand->target), NULL, cancellable,
                  error);
    case COBRO_WAY_ENABLE:
      return enable (client, errand->target, cancellable, error);
    case COBRO_WAY_DISMISS:
    case COBRO_WAY_REFUND:
    case COBRO_WAY_KEEP:
    case COBRO_WAY_CREDIT:
    case COBRO_WAY_ANSWERED:
    case COBRO_WAY_CLOSE:
    case COBRO_WAY_REMIND:
    case COBRO_WAY_COPY:
    case COBRO_WAY_SEND:
    case COBRO_WAY_MINE:
    case COBRO_WAY_THEIRS:
    case COBRO_WAY_AGAIN:
      break;
    }
  return cobro_error_set (error, COBRO_ERROR_STATE, "the relay is not asked for this");
}

/* The relay said no: it will say the same again. */
static gboolean
is_final (const GError *failure)
{
  return g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_STATE) ||
         g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) ||
         g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_INVALID) ||
         g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_EXISTS) ||
         g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_GONE) ||
         g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_FORBIDDEN);
}

gboolean
cobro_sync_errand_once (CobroStore *store, CobroRelayClient *client, const CobroAttentionErrand *errand,
                        GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (run (client, errand, cancellable, &failure))
    return cobro_attention_store_settle (store, errand, NULL, error);
  if (is_final (failure))
    return cobro_attention_store_settle (store, errand, failure->message, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
