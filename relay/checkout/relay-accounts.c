/* relay/checkout/relay-accounts.c — provider accounts with their secrets opened, kept for a second: a webhook costs
 * neither a query nor an unsealing. Layer: relay/checkout. Any thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"

#define KEPT COBRO_SECOND /* what another relay has changed is known here after that */

static void
clear (gpointer data)
{
  RelayOpenAccount *opened = data;

  relay_account_free (opened->account);
}

void
relay_open_account_unref (RelayOpenAccount *opened)
{
  g_atomic_rc_box_release_full (opened, clear);
}

static RelayOpenAccount *
find (RelayCheckout *self, const char *key)
{
  RelayOpenAccount *opened;

  g_mutex_lock (&self->lock);
  opened = g_hash_table_lookup (self->accounts, key);
  if (opened != NULL && opened->until > cobro_clock_monotonic (self->clock))
    g_atomic_rc_box_acquire (opened);
  else
    opened = NULL;
  g_mutex_unlock (&self->lock);
  return opened;
}

static void
keep (RelayCheckout *self, const char *key, RelayOpenAccount *opened)
{
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->accounts, g_strdup (key), g_atomic_rc_box_acquire (opened));
  g_mutex_unlock (&self->lock);
}

void
relay_accounts_forget (RelayCheckout *self)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->accounts);
  g_mutex_unlock (&self->lock);
}

RelayOpenAccount *
relay_accounts_get (RelayCheckout *self, const char *provider, const char *id, GError **error)
{
  g_autofree char *key = g_strconcat (provider, "/", id, NULL);
  RelayOpenAccount *opened = find (self, key);
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayAccountRecord) record = NULL;

  if (opened != NULL)
    return opened;
  if (!(reader = relay_store_read (self->store, error)) ||
      !(record = relay_account_find (self->store, reader->db, provider, id, error)))
    return NULL;
  opened = g_atomic_rc_box_new0 (RelayOpenAccount);
  opened->merchant_id = record->merchant_id;
  opened->enabled = record->enabled;
  opened->until = cobro_clock_monotonic (self->clock) + KEPT;
  opened->account = relay_checkout_read_account (self, record);
  keep (self, key, opened);
  return opened;
}
