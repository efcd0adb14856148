/* relay/checkout/relay-receive.c — a provider's webhook comes in: verified over its raw bytes before anything is
 * parsed, then stored; what it says is applied by the workers (relay-inbox-apply.c). Layer: relay/checkout. Request
 * threads; the transaction runs on the writer's. */
#include "relay-checkout-private.h"

#include "cobro-error.h"
#include "relay-inbox-store.h"

/* One webhook on its way into the inbox. */
typedef struct
{
  CobroId merchant_id;
  const RelayAccount *account;
  char *event_id;
  GBytes *raw;
  GPtrArray *facts;
  gint64 row; /* (out) 0: it is there already */
} Arrival;

static RelayAccount *
find_account (RelayCheckout *self, const char *provider, const char *account, CobroId *out_merchant, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  g_autoptr (RelayAccountRecord) record = NULL;

  if (reader == NULL || !(record = relay_account_find (self->store, reader->db, provider, account, error)))
    return NULL;
  *out_merchant = record->merchant_id;
  return relay_checkout_read_account (record);
}

/* The provider's own name for the event; what has none is known by its bytes. */
static char *
name_event (GPtrArray *facts, GBytes *raw)
{
  g_autofree char *sum = NULL;

  if (facts->len > 0)
    return g_strdup (((CobroFact *)facts->pdata[0])->event_id);
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, raw);
  return g_strconcat ("sha256:", sum, NULL);
}

static gboolean
store_arrival (RelayTx *tx, gpointer data, GError **error)
{
  Arrival *arrival = data;
  const RelayAccount *account = arrival->account;

  return relay_inbox_insert (tx, &arrival->merchant_id, account->provider, account->id, account->livemode,
                             arrival->event_id, arrival->raw, arrival->facts, &arrival->row, error);
}

static gboolean
store_facts (RelayCheckout *self, Arrival *arrival, GError **error)
{
  g_autofree char *event_id = name_event (arrival->facts, arrival->raw);

  arrival->event_id = event_id;
  if (!relay_store_write (self->store, store_arrival, arrival, error))
    return FALSE;
  if (arrival->row != 0)
    relay_janitor_wake (self);
  return TRUE;
}

gboolean
relay_checkout_receive (RelayCheckout *self, const char *provider_name, const char *account_id, GHashTable *headers,
                        GBytes *raw, GError **error)
{
  RelayProvider *provider = relay_providers_find (self->providers, provider_name);
  g_autoptr (RelayAccount) account = NULL;
  g_autoptr (GPtrArray) facts = NULL;
  g_autoptr (GError) failure = NULL;
  Arrival arrival = { .raw = raw };

  if (provider == NULL)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such account");
  if (!(account = find_account (self, provider_name, account_id, &arrival.merchant_id, error)))
    return FALSE;
  facts = relay_provider_webhook (provider, account, headers, raw, cobro_clock_now (self->clock), &failure);
  if (facts == NULL && g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_CONFIG))
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "webhooks of this account are not configured");
  if (facts == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  arrival.account = account;
  arrival.facts = facts;
  return store_facts (self, &arrival, error);
}
