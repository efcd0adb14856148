/* src/core/cobro-webhook.c — endpoints, deliveries, tries.
 * Layer: core. */
#include "cobro-webhook.h"

#include "cobro-names.h"

static const char *const status_names[] = {
  [COBRO_DELIVERY_PENDING] = "pending",
  [COBRO_DELIVERY_DELIVERED] = "delivered",
  [COBRO_DELIVERY_FAILED] = "failed",
  [COBRO_DELIVERY_ABANDONED] = "abandoned",
};

COBRO_DEFINE_NAMES (CobroDeliveryStatus, cobro_delivery_status, status_names)

/* ── Endpoints ──────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroWebhookEndpoint *
cobro_webhook_endpoint_new (void)
{
  CobroWebhookEndpoint *endpoint = g_new0 (CobroWebhookEndpoint, 1);

  endpoint->ref_count = 1;
  endpoint->url = g_strdup ("");
  endpoint->events = g_new0 (char *, 1);
  endpoint->disabled_reason = g_strdup ("");
  return endpoint;
}

CobroWebhookEndpoint *
cobro_webhook_endpoint_ref (CobroWebhookEndpoint *endpoint)
{
  g_atomic_int_inc (&endpoint->ref_count);
  return endpoint;
}

void
cobro_webhook_endpoint_unref (CobroWebhookEndpoint *endpoint)
{
  if (endpoint == NULL || !g_atomic_int_dec_and_test (&endpoint->ref_count))
    return;
  g_free (endpoint->url);
  g_strfreev (endpoint->events);
  g_free (endpoint->disabled_reason);
  g_free (endpoint);
}

gboolean
cobro_webhook_endpoint_wants_all (const CobroWebhookEndpoint *endpoint)
{
  return endpoint->events[0] == NULL || g_strv_contains ((const char *const *)endpoint->events, "*");
}

/* ── Deliveries ─────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroWebhookAttempt *
cobro_webhook_attempt_new (void)
{
  CobroWebhookAttempt *attempt = g_new0 (CobroWebhookAttempt, 1);

  attempt->error = g_strdup ("");
  attempt->headers = g_strdup ("");
  attempt->answer = g_strdup ("");
  return attempt;
}

void
cobro_webhook_attempt_free (CobroWebhookAttempt *attempt)
{
  if (attempt == NULL)
    return;
  g_free (attempt->error);
  g_free (attempt->headers);
  g_free (attempt->answer);
  g_free (attempt);
}

CobroWebhookDelivery *
cobro_webhook_delivery_new (void)
{
  CobroWebhookDelivery *delivery = g_new0 (CobroWebhookDelivery, 1);

  delivery->ref_count = 1;
  delivery->event_id = g_strdup ("");
  delivery->event_type = g_strdup ("");
  delivery->last_error = g_strdup ("");
  delivery->attempts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_webhook_attempt_free);
  return delivery;
}

CobroWebhookDelivery *
cobro_webhook_delivery_ref (CobroWebhookDelivery *delivery)
{
  g_atomic_int_inc (&delivery->ref_count);
  return delivery;
}

void
cobro_webhook_delivery_unref (CobroWebhookDelivery *delivery)
{
  if (delivery == NULL || !g_atomic_int_dec_and_test (&delivery->ref_count))
    return;
  g_free (delivery->event_id);
  g_free (delivery->event_type);
  g_free (delivery->last_error);
  g_ptr_array_unref (delivery->attempts);
  g_free (delivery);
}
