/* src/wire/cobro-wire-webhook.c — what developers look at, as the relay writes it down.
 * Layer: wire. Any thread. */
#include "cobro-wire-webhook.h"

#include "cobro-wire-set.h"

#define EVENTS_MAX    64
#define SCOPES_MAX    64
#define ATTEMPTS_MAX  1000
#define PROVIDERS_MAX 64

/* Texts into *@field, which is freed before. */
static gboolean
set_texts (CobroWireObject *object, const char *key, gsize max, GStrv *field, GError **error)
{
  g_autoptr (GPtrArray) texts = NULL;
  GStrv found;

  if (!cobro_wire_get_texts (object, key, max, &texts, error))
    return FALSE;
  found = g_new0 (char *, texts->len + 1);
  for (guint i = 0; i < texts->len; i++)
    found[i] = g_strdup (texts->pdata[i]);
  g_strfreev (*field);
  *field = found;
  return TRUE;
}

CobroWebhookEndpoint *
cobro_wire_endpoint_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroWebhookEndpoint) endpoint = cobro_webhook_endpoint_new ();
  gboolean ok = cobro_wire_get_id_needed (object, "id", COBRO_ID_WEBHOOK, &endpoint->id, error) &&
                cobro_wire_get_text_needed (object, "url", cobro_wire_slot (&endpoint->url), error) &&
                set_texts (object, "events", EVENTS_MAX, &endpoint->events, error) &&
                cobro_wire_get_bool (object, "isActive", TRUE, &endpoint->is_active, error) &&
                cobro_wire_set_text (object, "disabledReason", &endpoint->disabled_reason, error) &&
                cobro_wire_get_time (object, "failingSince", &endpoint->failing_since, error) &&
                cobro_wire_get_time (object, "createdAt", &endpoint->created_at, error);

  return ok ? g_steal_pointer (&endpoint) : NULL;
}

static gboolean
parse_attempt (CobroWireObject *object, CobroWebhookAttempt *attempt, GError **error)
{
  return cobro_wire_get_int64 (object, "number", 0, &attempt->number, error) &&
         cobro_wire_get_time (object, "startedAt", &attempt->started_at, error) &&
         cobro_wire_get_int64 (object, "durationMs", 0, &attempt->duration_ms, error) &&
         cobro_wire_get_int64 (object, "status", 0, &attempt->status, error) &&
         cobro_wire_set_text (object, "error", &attempt->error, error) &&
         cobro_wire_set_text (object, "headers", &attempt->headers, error) &&
         cobro_wire_set_text (object, "answer", &attempt->answer, error);
}

static gboolean
parse_attempts (CobroWireObject *object, CobroWebhookDelivery *delivery, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;

  if (!cobro_wire_get_objects (object, "attempts", ATTEMPTS_MAX, &objects, error))
    return FALSE;
  for (guint i = 0; i < objects->len; i++)
    {
      CobroWebhookAttempt *attempt = cobro_webhook_attempt_new ();

      g_ptr_array_add (delivery->attempts, attempt);
      if (!parse_attempt (objects->pdata[i], attempt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_delivery_status (CobroWireObject *object, CobroDeliveryStatus *out_status, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "status", &name, error))
    return FALSE;
  return cobro_delivery_status_from_name (name, out_status) ||
         cobro_wire_refuse (object, "status", error, "unknown status \"%s\"", name);
}

CobroWebhookDelivery *
cobro_wire_delivery_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroWebhookDelivery) delivery = cobro_webhook_delivery_new ();
  gboolean ok = cobro_wire_get_id_needed (object, "id", COBRO_ID_DELIVERY, &delivery->id, error) &&
                cobro_wire_get_id (object, "endpointId", COBRO_ID_WEBHOOK, &delivery->endpoint_id, error) &&
                cobro_wire_set_text (object, "eventId", &delivery->event_id, error) &&
                cobro_wire_set_text (object, "eventType", &delivery->event_type, error) &&
                cobro_wire_get_int64 (object, "sequence", 0, &delivery->sequence, error) &&
                parse_delivery_status (object, &delivery->status, error) &&
                cobro_wire_get_int64 (object, "attemptCount", 0, &delivery->attempt_count, error) &&
                cobro_wire_get_time (object, "nextRetryAt", &delivery->next_retry_at, error) &&
                cobro_wire_get_int64 (object, "lastStatus", 0, &delivery->last_status, error) &&
                cobro_wire_set_text (object, "lastError", &delivery->last_error, error) &&
                cobro_wire_get_time (object, "createdAt", &delivery->created_at, error) &&
                cobro_wire_get_time (object, "updatedAt", &delivery->updated_at, error) &&
                parse_attempts (object, delivery, error);

  return ok ? g_steal_pointer (&delivery) : NULL;
}

CobroApiKey *
cobro_wire_api_key_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroApiKey) key = cobro_api_key_new ();
  gboolean ok = cobro_wire_get_text_needed (object, "id", cobro_wire_slot (&key->id), error) &&
                cobro_wire_set_text (object, "name", &key->name, error) &&
                set_texts (object, "scopes", SCOPES_MAX, &key->scopes, error) &&
                cobro_wire_set_text (object, "lastUsedOn", &key->last_used_on, error) &&
                cobro_wire_get_time (object, "createdAt", &key->created_at, error) &&
                cobro_wire_get_time (object, "expiresAt", &key->expires_at, error) &&
                cobro_wire_get_time (object, "revokedAt", &key->revoked_at, error);

  return ok ? g_steal_pointer (&key) : NULL;
}

CobroDevice *
cobro_wire_device_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroDevice) device = cobro_device_new ();
  gboolean ok = cobro_wire_get_text_needed (object, "id", cobro_wire_slot (&device->id), error) &&
                cobro_wire_set_text (object, "name", &device->name, error) &&
                cobro_wire_get_bool (object, "current", FALSE, &device->current, error) &&
                cobro_wire_set_text (object, "lastUsedOn", &device->last_used_on, error) &&
                cobro_wire_get_time (object, "pairedAt", &device->paired_at, error) &&
                cobro_wire_get_time (object, "revokedAt", &device->revoked_at, error);

  return ok ? g_steal_pointer (&device) : NULL;
}

/* ── The relay's state ──────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_provider (CobroWireObject *object, CobroRelayProvider *provider, GError **error)
{
  g_autofree char *breaker = NULL;

  if (!cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&provider->name), error) ||
      !cobro_wire_get_bool (object, "enabled", FALSE, &provider->enabled, error) ||
      !cobro_wire_get_text_needed (object, "breaker", &breaker, error) ||
      !cobro_wire_get_time (object, "retryAt", &provider->retry_at, error))
    return FALSE;
  return cobro_breaker_from_name (breaker, &provider->breaker) ||
         cobro_wire_refuse (object, "breaker", error, "unknown breaker \"%s\"", breaker);
}

static gboolean
parse_providers (CobroWireObject *object, CobroRelayState *state, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;

  if (!cobro_wire_get_objects (object, "providers", PROVIDERS_MAX, &objects, error))
    return FALSE;
  for (guint i = 0; i < objects->len; i++)
    {
      CobroRelayProvider *provider = cobro_relay_provider_new ();

      g_ptr_array_add (state->providers, provider);
      if (!parse_provider (objects->pdata[i], provider, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_queues (CobroWireObject *object, CobroRelayState *state, GError **error)
{
  g_autoptr (CobroWireObject) queues = NULL;

  if (!cobro_wire_get_object (object, "queues", &queues, error))
    return FALSE;
  if (queues == NULL)
    return cobro_wire_refuse (object, "queues", error, "is required");
  return cobro_wire_get_int64 (queues, "deliveries", 0, &state->deliveries, error) &&
         cobro_wire_get_int64 (queues, "deadLetters", 0, &state->dead_letters, error) &&
         cobro_wire_get_int64 (queues, "mails", 0, &state->mails, error) &&
         cobro_wire_get_int64 (queues, "payments", 0, &state->payments, error) &&
         cobro_wire_get_int64 (queues, "refunds", 0, &state->refunds, error) &&
         cobro_wire_get_int64 (queues, "inbox", 0, &state->inbox, error);
}

CobroRelayState *
cobro_wire_relay_state_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroRelayState) state = cobro_relay_state_new ();
  gboolean ok = cobro_wire_get_text_needed (object, "version", cobro_wire_slot (&state->version), error) &&
                cobro_wire_set_text (object, "database", &state->database, error) &&
                cobro_wire_get_time (object, "timestamp", &state->timestamp, error) &&
                cobro_wire_get_int64 (object, "uptime", 0, &state->uptime, error) &&
                cobro_wire_get_time (object, "lastBackupAt", &state->last_backup_at, error) &&
                parse_queues (object, state, error) && parse_providers (object, state, error);

  return ok ? g_steal_pointer (&state) : NULL;
}
