/* relay/delivery/relay-health.c — answers judged; the breaker of an endpoint.
 * Layer: relay/delivery. Any thread. The breaker belongs to the endpoint and not to its host: hosts are shared by
 * strangers, and what one merchant's receiver does must not hold up another's. */
#include "relay-health.h"

#include "cobro-net-retry.h"
#include "relay-schedule.h"

#define OPEN_FIRST  (30 * COBRO_SECOND)
#define OPEN_MAX    (15 * COBRO_MINUTE)
#define OPEN_JITTER 20
#define SLOW_LEAST  COBRO_SECOND
#define SLOW_USUAL  (5 * COBRO_SECOND)
#define SLOW_MOST   COBRO_MINUTE

static gboolean
is_delivered (const RelayPostResult *result)
{
  return result->status >= 200 && result->status <= 299;
}

/* The receiver is down, not just unhappy with this message. */
static gboolean
is_down (const RelayPostResult *result)
{
  return result->status == 0 || result->status == 429 || result->status >= 500;
}

static gboolean
wants_rest (const RelayPostResult *result)
{
  return result->status == 429 || (result->status >= 502 && result->status <= 504);
}

static void
pause_for (RelayEndpoint *endpoint, CobroTime until)
{
  endpoint->pause_until = MAX (endpoint->pause_until, until);
}

static void
open_breaker (RelayEndpoint *endpoint, CobroTime now, CobroRandom *random)
{
  gint64 rest = OPEN_FIRST;

  for (guint i = 0; i < endpoint->opened && rest < OPEN_MAX; i++)
    rest *= 2;
  endpoint->opened++;
  pause_for (endpoint, now + cobro_net_retry_spread (MIN (rest, OPEN_MAX), OPEN_JITTER, random));
}

/* While the breaker is open, answers to what was sent before it opened do not keep it open for longer. */
static void
count_failure (RelayEndpoint *endpoint, const RelayPostResult *result, gint64 retry_after, CobroTime now,
               CobroRandom *random)
{
  gboolean resting = now < endpoint->pause_until;

  if (endpoint->failing_since == 0)
    endpoint->failing_since = now;
  if (wants_rest (result))
    pause_for (endpoint, now + (retry_after < 0 ? SLOW_USUAL : CLAMP (retry_after, SLOW_LEAST, SLOW_MOST)));
  if (!is_down (result))
    {
      endpoint->failures = endpoint->opened = 0;
      return;
    }
  endpoint->failures++;
  if (endpoint->opened > 0 ? !resting : endpoint->failures >= RELAY_HEALTH_TRIPS)
    open_breaker (endpoint, now, random);
}

static guint
count_success (RelayEndpoint *endpoint)
{
  guint effects = endpoint->opened > 0 ? RELAY_HEALTH_HURRY | RELAY_HEALTH_RECOVERED : 0;

  endpoint->failures = endpoint->opened = 0;
  endpoint->failing_since = endpoint->pause_until = 0;
  return effects;
}

static guint
disable (RelayEndpoint *endpoint, RelayDelivery *delivery, const char *reason)
{
  endpoint->is_active = FALSE;
  g_free (endpoint->disabled_reason);
  endpoint->disabled_reason = g_strdup (reason);
  delivery->state = RELAY_DELIVERY_EXHAUSTED;
  return RELAY_HEALTH_DISABLE;
}

static guint
plan_retry (const RelayEndpoint *endpoint, RelayDelivery *delivery, gint64 retry_after, CobroTime now,
            CobroRandom *random)
{
  delivery->next_at =
    relay_schedule_next (endpoint->policy, delivery->step, retry_after, delivery->began_at, now, random);
  delivery->state = delivery->next_at != 0 ? RELAY_DELIVERY_RETRY : RELAY_DELIVERY_EXHAUSTED;
  return delivery->next_at != 0 ? 0 : RELAY_HEALTH_EXHAUSTED;
}

guint
relay_health_apply (RelayEndpoint *endpoint, RelayDelivery *delivery, const RelayPostResult *result, CobroTime now,
                    CobroRandom *random)
{
  gint64 retry_after = relay_schedule_parse_retry_after (result->retry_after, now);

  delivery->tries++;
  delivery->next_at = 0;
  delivery->last_status = result->status;
  g_free (delivery->last_error);
  delivery->last_error = g_strdup (result->error);
  if (is_delivered (result))
    {
      delivery->state = RELAY_DELIVERY_DELIVERED;
      return count_success (endpoint);
    }
  delivery->step++;
  count_failure (endpoint, result, retry_after, now, random);
  if (result->status == RELAY_HEALTH_GONE)
    return disable (endpoint, delivery, "gone");
  if (now - endpoint->failing_since >= RELAY_HEALTH_PATIENCE)
    return disable (endpoint, delivery, "failing");
  return plan_retry (endpoint, delivery, retry_after, now, random);
}
