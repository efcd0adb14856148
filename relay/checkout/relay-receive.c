/* relay/checkout/relay-receive.c — a provider's webhook comes in: verified over its raw bytes, then stored as it is;
 * what it says is read and applied by the workers (relay-inbox-apply.c). Layer: relay/checkout. Request threads; the
 * transaction runs on the writer's. */
#include "relay-checkout-private.h"

#include "cobro-error.h"
#include "relay-alarm.h"
#include "relay-inbox-store.h"
#include "relay-log.h"
#include "relay-metrics.h"

#define EVENT_ID_MAX  255
#define REFUSED_PAUSE (10 * COBRO_SECOND) /* between two lines of the log about refused webhooks */

/* One webhook on its way into the inbox. */
typedef struct
{
  const RelayOpenAccount *opened;
  const char *event_id;
  GBytes *raw;
  const char *notice; /* (nullable) what it tells the merchant */
  gint64 row;         /* (out) 0: it is there already */
} Arrival;

/* The provider's own name for the event; what has none is known by its bytes. */
static char *
name_event (const char *said, GBytes *raw)
{
  g_autofree char *sum = NULL;

  if (said != NULL && *said != '\0' && strlen (said) <= EVENT_ID_MAX)
    return g_strdup (said);
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, raw);
  return g_strconcat ("sha256:", sum, NULL);
}

static gboolean
store_arrival (RelayTx *tx, gpointer data, GError **error)
{
  Arrival *arrival = data;
  const RelayAccount *account = arrival->opened->account;

  return relay_inbox_insert (tx, &arrival->opened->merchant_id, account->provider, account->id, account->livemode,
                             arrival->event_id, arrival->raw, NULL, &arrival->row, error) &&
         (arrival->notice == NULL ||
          relay_account_set_notice (tx, &arrival->opened->merchant_id, account->id, arrival->notice, error));
}

/* One line in a while, without anything of what was sent. */
static void
note_refused (RelayCheckout *self, const RelayAccount *account)
{
  gint64 now = cobro_clock_monotonic (self->clock);
  g_autofree char *line = NULL;

  g_mutex_lock (&self->lock);
  self->refused++;
  if (self->refused_told == 0 || now - self->refused_told >= REFUSED_PAUSE)
    {
      line =
        g_strdup_printf ("%u refused, the last for %s account %.8s", self->refused, account->provider, account->id);
      self->refused = 0;
      self->refused_told = now;
    }
  g_mutex_unlock (&self->lock);
  if (line != NULL)
    relay_log_notice ("webhook signature", line, cobro_clock_now (self->clock));
}

/* Why it is not let in, as the provider may know it. */
static gboolean
refuse (RelayCheckout *self, const RelayAccount *account, GError *take_failure, GError **error)
{
  relay_count (RELAY_METRIC_INBOX, account->provider, "refused");
  if (g_error_matches (take_failure, COBRO_ERROR, COBRO_ERROR_CONFIG))
    relay_alarm ("webhook_not_configured", "%s account %s gets webhooks and has no secret to check them with",
                 account->provider, account->id);
  else
    note_refused (self, account);
  g_propagate_error (error, take_failure);
  return FALSE;
}

gboolean
relay_checkout_receive (RelayCheckout *self, const char *provider_name, const char *account_id, GHashTable *headers,
                        GBytes *raw, GError **error)
{
  RelayProvider *provider = relay_providers_find (self->providers, provider_name);
  g_autoptr (RelayOpenAccount) opened = NULL;
  g_autofree char *said = NULL;
  g_autofree char *event_id = NULL;
  g_autofree char *notice = NULL;
  Arrival arrival = { .raw = raw };
  GError *failure = NULL;

  if (provider == NULL)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such account");
  if (!(opened = relay_accounts_get (self, provider_name, account_id, error)))
    return FALSE;
  if (!relay_provider_verify (provider, opened->account, headers, raw, cobro_clock_now (self->clock), &said, &failure))
    return refuse (self, opened->account, failure, error);
  arrival.opened = opened;
  arrival.event_id = event_id = name_event (said, raw);
  arrival.notice = notice = relay_provider_tell (provider, opened->account, raw);
  if (!relay_store_write_for (self->store, &opened->merchant_id, store_arrival, &arrival, error))
    {
      relay_count (RELAY_METRIC_INBOX, provider_name, "not_stored");
      return FALSE;
    }
  relay_count (RELAY_METRIC_INBOX, provider_name, arrival.row != 0 ? "stored" : "duplicate");
  if (arrival.row != 0)
    relay_janitor_wake (self);
  return TRUE;
}
