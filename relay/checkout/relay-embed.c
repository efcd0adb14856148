/* relay/checkout/relay-embed.c — cards taken by the provider's script on a page of ours: which accounts want that, and
 * what the script is told. Layer: relay/checkout. Any thread. */
#include "relay-checkout-private.h"

#include <string.h>

#include "cobro-error.h"

#define MODE_SETTING "checkout"
#define MODE_EMBED   "embedded"

/* The account of @way, when its merchant wants the card on our page; NULL otherwise, and when it cannot be opened: then
 * the provider's own page it is. */
static RelayAccount *
open_embedding (RelayCheckout *self, CobroDb *db, const RelayScope *scope, const RelayPageWay *way)
{
  RelayProvider *provider = relay_providers_find (self->providers, way->gateway);
  g_autoptr (RelayAccount) account = NULL;

  if (provider == NULL || !provider->class->embeds || way->method != COBRO_METHOD_CARD)
    return NULL;
  account = relay_checkout_open_account (self, db, scope, way->gateway, NULL);
  if (account == NULL || g_strcmp0 (g_hash_table_lookup (account->settings, MODE_SETTING), MODE_EMBED) != 0)
    return NULL;
  return g_steal_pointer (&account);
}

void
relay_embed_mark_ways (RelayCheckout *self, CobroDb *db, const RelayScope *scope, GPtrArray *ways)
{
  for (guint i = 0; i < ways->len; i++)
    {
      RelayPageWay *way = ways->pdata[i];
      RelayProvider *provider = relay_providers_find (self->providers, way->gateway);
      g_autoptr (RelayAccount) account = open_embedding (self, db, scope, way);

      way->embedded = account != NULL;
      way->by_token = way->embedded && provider->class->token_key != NULL;
      way->needs = provider != NULL ? provider->class->needs : 0;
    }
}

const RelayPageWay *
relay_embed_find_way (const RelayPage *page, const char *gateway)
{
  for (guint i = 0; i < page->ways->len; i++)
    {
      const RelayPageWay *way = page->ways->pdata[i];

      if (way->embedded && way->available && strcmp (way->gateway, gateway) == 0)
        return way;
    }
  return NULL;
}

/* From now on the sum is what this payer pays, whatever the link leaves open. */
static void
fix_amount (RelayPage *page, CobroMoney amount)
{
  page->due = amount;
  page->choose_amount = page->choose_quantities = FALSE;
}

static void
set_setting (char **field, const RelayAccount *account, const char *name)
{
  const char *value = name != NULL ? g_hash_table_lookup (account->settings, name) : NULL;

  cobro_link_set_text (field, value != NULL ? value : "");
}

gboolean
relay_embed_ask_token (RelayCheckout *self, CobroDb *db, const RelayScope *scope, RelayPage *page,
                       const RelayPageWay *way, CobroMoney amount)
{
  RelayProvider *provider = relay_providers_find (self->providers, way->gateway);
  g_autoptr (RelayAccount) account = open_embedding (self, db, scope, way);

  if (account == NULL)
    return FALSE;
  page->embed = relay_page_embed_new (way->gateway, way->title);
  page->embed->by_token = TRUE;
  set_setting (&page->embed->key, account, provider->class->token_key);
  set_setting (&page->embed->account, account, provider->class->token_account);
  page->state = RELAY_PAGE_EMBEDDED;
  fix_amount (page, amount);
  return TRUE;
}

/* In the unit in which the provider's script wants it; "" when it cannot be said so. */
static char *
amount_text (RelayProvider *provider, CobroMoney amount)
{
  gint64 units;

  return relay_currencies_to_provider (provider->class->currencies, amount, &units, NULL)
           ? g_strdup_printf ("%" G_GINT64_FORMAT, units)
           : g_strdup ("");
}

gboolean
relay_embed_go_on (RelayCheckout *self, RelayPage *page, const RelayPaymentRecord *own, const char *payer_key,
                   GError **error)
{
  RelayProvider *provider = relay_providers_find (self->providers, own->payment->gateway);
  RelayPaymentSecrets secrets;

  if (provider == NULL)
    return TRUE;
  if (!relay_payment_get_secrets (self->store, own, &secrets, error))
    return FALSE;
  page->embed = relay_page_embed_new (provider->class->name, provider->class->title);
  page->embed->is_begun = TRUE;
  cobro_link_set_text (&page->embed->secret, secrets.client_secret);
  cobro_link_set_text (&page->embed->key, secrets.publishable_key);
  cobro_link_set_text (&page->embed->account, secrets.connected_account);
  relay_payment_secrets_clear (&secrets);
  g_free (page->embed->amount);
  page->embed->amount = amount_text (provider, own->payment->amount);
  g_free (page->embed->back);
  page->embed->back = g_strdup_printf ("/pay/%s/back/%s", page->token, payer_key);
  page->state = RELAY_PAGE_EMBEDDED;
  fix_amount (page, own->payment->amount);
  return TRUE;
}

void
relay_embed_offer (RelayPage *page, const RelayPageWay *way)
{
  page->embed = relay_page_embed_new (way->gateway, way->title);
  page->state = RELAY_PAGE_EMBEDDED;
}
