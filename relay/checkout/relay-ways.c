/* relay/checkout/relay-ways.c — which ways to pay a link offers, and the provider accounts behind them; the payer's
 * key. Layer: relay/checkout. Any thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"

/* ── Accounts ───────────────────────────────────────────────────────────────────────────────────────────────── */

RelayAccount *
relay_checkout_read_account (RelayCheckout *self, RelayAccountRecord *record)
{
  RelayAccount *account = relay_account_new ();

  g_free (account->id);
  g_free (account->provider);
  g_clear_pointer (&account->settings, g_hash_table_unref);
  g_clear_pointer (&account->webhook_secrets, g_ptr_array_unref);
  account->id = g_steal_pointer (&record->id);
  account->provider = g_steal_pointer (&record->provider);
  account->livemode = record->livemode;
  account->settings = g_steal_pointer (&record->settings);
  account->webhook_secrets = g_steal_pointer (&record->webhook_secrets);
  if (record->old_secret_until != 0 && record->old_secret_until <= cobro_clock_now (self->clock) &&
      account->webhook_secrets->len > 1)
    g_ptr_array_set_size (account->webhook_secrets, 1);
  return account;
}

RelayAccount *
relay_checkout_open_account (RelayCheckout *self, CobroDb *db, const RelayScope *scope, const char *provider,
                             GError **error)
{
  g_autoptr (RelayAccountRecord) record = relay_account_find_for (self->store, db, scope, provider, error);

  return record != NULL ? relay_checkout_read_account (self, record) : NULL;
}

/* ── Ways ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static const RelayAccountRecord *
find_account (GPtrArray *accounts, const char *provider)
{
  for (guint i = 0; i < accounts->len; i++)
    {
      const RelayAccountRecord *account = accounts->pdata[i];

      if (account->enabled && g_str_equal (account->provider, provider))
        return account;
    }
  return NULL;
}

gboolean
relay_checkout_takes (const RelayAccountRecord *account, RelayProvider *provider, CobroMethods method,
                      CobroMoney amount)
{
  if (!relay_account_rules_allow (account->rules, method, amount))
    return FALSE;
  return cobro_money_is_zero (amount)
           ? relay_currencies_has (provider->class->currencies, cobro_money_currency (amount))
           : relay_provider_check_amount (provider, amount, NULL);
}

/* What @account's provider can do of what @link allows, one way for each method. */
static void
add_ways (RelayCheckout *self, const RelayAccountRecord *account, const CobroLink *link, CobroMoney amount,
          GPtrArray *ways)
{
  RelayProvider *provider = relay_providers_find (self->providers, account->provider);
  gboolean closed;

  if (provider == NULL || (provider->class->test_only && account->livemode))
    return;
  closed = relay_breakers_is_open (self->breakers, account->provider, account->id, NULL);
  for (guint bit = COBRO_METHOD_CARD; bit <= COBRO_METHOD_STORE; bit <<= 1)
    {
      RelayPageWay *way;

      if ((link->methods & provider->class->methods & bit) == 0 ||
          !relay_checkout_takes (account, provider, (CobroMethods)bit, amount))
        continue;
      way = g_new0 (RelayPageWay, 1);
      way->method = bit;
      way->gateway = g_strdup (account->provider);
      way->title = g_strdup (provider->class->title);
      way->available = !closed;
      g_ptr_array_add (ways, way);
    }
}

GPtrArray *
relay_checkout_list_ways (RelayCheckout *self, CobroDb *db, const CobroId *merchant_id, const CobroLink *link,
                          CobroMoney amount, GError **error)
{
  RelayScope scope = { *merchant_id, link->livemode };
  g_autoptr (GPtrArray) accounts = relay_account_list (NULL, db, &scope, error);
  g_autoptr (GPtrArray) ways = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_page_way_free);

  if (accounts == NULL)
    return NULL;
  if (!cobro_money_is_set (amount))
    amount = cobro_money_zero (link->currency);
  if (link->gateways->len == 0)
    for (guint i = 0; i < accounts->len; i++)
      if (((RelayAccountRecord *)accounts->pdata[i])->enabled)
        add_ways (self, accounts->pdata[i], link, amount, ways);
  for (guint i = 0; i < link->gateways->len; i++)
    {
      const RelayAccountRecord *account = find_account (accounts, link->gateways->pdata[i]);

      if (account != NULL)
        add_ways (self, account, link, amount, ways);
    }
  return g_steal_pointer (&ways);
}

/* ── The payer ──────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_payer_parse (const char *payer_key, CobroTokenHash *out_hash)
{
  CobroToken token;

  if (payer_key == NULL || !cobro_token_parse (payer_key, &token, NULL))
    return FALSE;
  *out_hash = cobro_token_hash (&token);
  return TRUE;
}

gint64
relay_payer_wait (CobroTime until, CobroTime now)
{
  return MAX (1, (until - now + COBRO_SECOND - 1) / COBRO_SECOND);
}
